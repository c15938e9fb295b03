/* josa.h - Korean particles, chosen by the sound that the word before them ends in.
 *
 * A sentence of ours writes both forms, as people do where they do not know the word: "은(는)",
 * "이(가)", "을(를)", "과(와)", "(으)로", "(이)라고". josa_mark() marks them before values are put
 * in, so that the same letters within a value, which is someone else's text, stay as they are. */
#pragma once
#include <stddef.h>

#define JOSA_MARK '\x02' /* text holds no control characters (text.h) */

/* A copy with a mark before each notation; the caller frees. */
char *josa_mark(const char *sentence);
/* Puts a particle for each marked notation, and takes the marks away; in place, as that is never
 * longer. Where nobody can know how the word is read, the notation stays. */
void josa_resolve(char *s);
/* The particle for the notation that `s` begins with, after the text before it; NULL where there is
 * none or it is not known. `*len`: bytes of the notation, 0 where `s` begins with none. */
const char *josa_choose(
	const char *before, size_t before_len, const char *s, size_t s_len, size_t *len);
