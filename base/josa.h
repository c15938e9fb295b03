/* josa.h - chooses Korean particles by the final sound of the word before them.
 *
 * The program's sentences contain both forms, as Korean writers do for an unknown word: "은(는)",
 * "이(가)", "을(를)", "과(와)", "(으)로", "(이)라고". josa_mark() marks them before values are
 * inserted, so that the same letters within a value stay as they are. */
#pragma once
#include <stddef.h>

#define JOSA_MARK '\x02' /* text holds no control characters (text.h) */

/* A copy with a mark before each notation; the caller frees. */
char *josa_mark(const char *sentence);
/* Replaces each marked notation by a particle and removes the marks, in place: the result is never
 * longer. The notation stays if the word's pronunciation is not known. */
void josa_resolve(char *s);
/* The particle for the notation at the start of `s`, given the text before it; NULL if there is no
 * notation or the sound is not known. `*len`: bytes of the notation, 0 for none. */
const char *josa_choose(
	const char *before, size_t before_len, const char *s, size_t s_len, size_t *len);
