/* text.h - the only door to utf8proc: what counts as text, and how long it is. */
#pragma once
#include "base/buf.h"

bool text_is_utf8(const char *s, size_t len); /* well-formed, RFC 3629; NUL is allowed */
/* Does the text show anything? Spaces, combining marks without a base and blank fillers (U+3164,
 * U+2800, U+200B …) show nothing. */
bool text_is_visible(const char *s);
bool text_is_ascii(const char *s, size_t len);
/* The value of a hexadecimal digit of either case; -1 for any other character. */
int text_hex_digit(char c);
/* Code points of well-formed UTF-8: what a limit in "characters" counts. */
size_t text_length(const char *s);
/* Checks for forbidden characters: controls (C0, DEL, C1) other than, with `lines`, "\n" and "\t";
 * bidirectional controls; noncharacters; invisible characters that no script needs. NULL if there
 * are none, else the first, as "U+202E" in static memory of this thread. */
const char *text_forbidden(const char *s, bool lines);
/* The same for entries that a log already holds, in which the last of these are allowed. */
const char *text_forbidden_in_log(const char *s, bool lines);
/* Only printable ASCII and Hangul syllables: nothing forbids them, and they are in normal form C.
 */
bool text_is_common(const char *s, size_t len);
/* Around a part of a text that is marked for a reader; text_forbidden() keeps them out of what is
 * stored. */
#define TEXT_MARK '\1'
#define TEXT_UNMARK '\2'
/* `s` for a terminal or the journal: characters that text_forbidden() refuses, and bytes that are
 * not UTF-8, are written out as "<U+202E>"; the caller frees. */
char *text_shown(const char *s, bool lines);
/* The most combining marks in a row in an incoming text. No language needs more, and software that
 * decomposes text, here or at a reader, may take quadratic time on them. */
#define TEXT_MARKS 30
/* Unicode's Stream-Safe Text Format (UAX #15, section 13): no normal form of the text has more. */
bool text_is_stream_safe(const char *s);
/* Normalisation form C, the form of every stored text; the caller frees. `s` is well-formed. Takes
 * linear time for any input. */
char *text_nfc(const char *s);
/* Normalisation form D: marks separate from their letters, as some other systems store it. */
char *text_nfd(const char *s);
/* Quick check: true if `s` is in normalisation form C; false if not known. */
bool text_settled(const char *s);
/* Line ends as the register keeps them: CR LF, which browsers send for every line end, and a lone
 * CR become "\n", in place. */
void text_join_lines(char *s);
/* A copy without spaces, tabs and line ends around; the caller frees. */
char *text_trimmed(const char *s);
/* Typed text in the form that the register stores: lines joined, trimmed, in normalisation form C,
 * unless the text is not stream-safe, which its check reports. NULL is "". The caller frees. */
char *text_typed(const char *s);
/* For comparing what people see: text_folded() without the characters that show nothing, whether
 * between letters (Unicode's default-ignorable ones) or alone (blank fillers); the caller frees. */
char *text_seen(const char *s);
/* For comparing in search: NFKC, case folded, accents kept; the caller frees. */
char *text_folded(const char *s);
/* Bytes of the longest prefix of `s` of at most `chars` code points. */
size_t text_prefix(const char *s, size_t chars);
/* The kind of a code point for searches: it ends a run of words; it is a space; it is part of a
 * word between spaces (a letter, a digit); or it is a syllable or an ideograph, which are searched
 * in pairs, because words of these scripts are not always separated by spaces. */
enum text_sort { TEXT_BREAK, TEXT_SPACE, TEXT_LETTER, TEXT_SYLLABLE };
/* For text_sort() alone. */
enum text_sort text_sort_of_any(const char *s, size_t len, size_t *step);
extern const unsigned char text_sorts_of_ascii[128];

/* Precomposed Hangul: three bytes, from U+AC00 (EA B0 80) to U+D7A3 (ED 9E A3). */
static inline bool text_is_hangul(const char *s, size_t len)
{
	const unsigned char *b = (const unsigned char *)s;
	unsigned c;

	if (len < 3 || b[0] < 0xea || b[0] > 0xed || (b[1] & 0xc0) != 0x80 || (b[2] & 0xc0) != 0x80)
		return false;
	c = (b[0] & 0x0fu) << 12 | (b[1] & 0x3fu) << 6 | (b[2] & 0x3fu);
	return c >= 0xac00 && c <= 0xd7a3;
}

/* The kind of the first code point of `len` bytes, at least one; `*step` gets its length. Nearly
 * all of a text is ASCII or Hangul, which needs no table of Unicode. */
static inline enum text_sort text_sort(const char *s, size_t len, size_t *step)
{
	unsigned char c = (unsigned char)*s;

	if (c < 0x80) {
		*step = 1;
		return (enum text_sort)text_sorts_of_ascii[c];
	}
	*step = 3;
	return text_is_hangul(s, len) ? TEXT_SYLLABLE : text_sort_of_any(s, len, step);
}
