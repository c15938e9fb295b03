/* text.h - the only door to utf8proc: what counts as text, and how long it is. */
#pragma once
#include "base/buf.h"

bool text_is_utf8(const char *s, size_t len); /* well-formed, RFC 3629; NUL is allowed */
/* Does a reader see anything of it? Not of spaces, marks that combine with nothing, and fillers
 * that only look like nothing (U+3164, U+2800, U+200B …). */
bool text_is_visible(const char *s);
/* Code points of well-formed UTF-8: what a limit in "characters" counts. */
size_t text_length(const char *s);
/* What a text may hold: no control character (C0, DEL, C1) but, where `lines`, "\n" and
 * "\t"; no bidirectional control, no noncharacter. NULL, or the first offender named as
 * "U+202E" in static memory of this thread. */
const char *text_forbidden(const char *s, bool lines);
/* For a terminal or a line of a journal: `s` with all that text_forbidden() refuses, and what is no
 * UTF-8, written out as "<U+202E>"; the caller frees. */
char *text_shown(const char *s, bool lines);
/* Combining marks in a row, at the most, in a text that comes in. More of them are no writing of
 * any language; what takes texts apart, here or at a reader's, may take a time that is their
 * square. */
#define TEXT_MARKS 30
/* Unicode's Stream-Safe Text Format (UAX #15, section 13): in no normal form has it more. */
bool text_is_stream_safe(const char *s);
/* Normalisation form C, as every stored text has it; the caller frees. `s` is well-formed. Takes a
 * time that is proportional to its length, whatever it holds. */
char *text_nfc(const char *s);
/* Normalisation form D: marks apart from their letters, as other systems may keep it. */
char *text_nfd(const char *s);
/* Has it that form, as far as a quick look tells? False: not known. */
bool text_settled(const char *s);
/* For comparing in search: NFKC, case folded, accents kept; the caller frees. */
char *text_folded(const char *s);
/* Bytes of the longest prefix of `s` of at most `chars` code points. */
size_t text_prefix(const char *s, size_t chars);
