#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

static _Thread_local char offender[12];

bool text_is_utf8(const char *s, size_t len)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

	while (len) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n;

		if (*p < 0x80) { /* the usual case */
			p++;
			len--;
			continue;
		}
		n = utf8proc_iterate(p, (utf8proc_ssize_t)len, &c);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

bool text_is_ascii(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] >= 0x80)
			return false;
	return true;
}

int text_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t text_length(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

size_t text_prefix(const char *s, size_t chars)
{
	const char *p = s;

	while (*p && chars--) {
		p++;
		while (((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
	return (size_t)(p - s);
}

/* Forbidden in entries of a log of any age. */
static bool is_never_allowed(utf8proc_int32_t c, bool lines)
{
	if (c == '\n' || c == '\t')
		return !lines;
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
		return true;
	/* Bidirectional controls make a text look different from what it is. */
	if (c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069))
		return true;
	if (c == 0xfeff || c == 0x2028 || c == 0x2029)
		return true;
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* These show nothing, no script needs them, and programs read them: tags can write a whole second
 * text. (The flags of England, Scotland and Wales need tags, but no record needs these flags.) */
static bool is_hidden(utf8proc_int32_t c)
{
	return c == 0x180e || (c >= 0x206a && c <= 0x206f) || (c >= 0xfff9 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

static bool is_forbidden(utf8proc_int32_t c, bool lines)
{
	return is_never_allowed(c, lines) || is_hidden(c);
}

/* Skips printable ASCII and Hangul syllables, the bulk of our texts: they are allowed and unchanged
 * by normal form C. */
static const utf8proc_uint8_t *skip_common(const utf8proc_uint8_t *p)
{
	for (;;) {
		if (*p >= 0x20 && *p < 0x7f) {
			p++;
		} else if (*p >= 0xea && *p <= 0xed && (p[1] & 0xc0) == 0x80 &&
			   (p[2] & 0xc0) == 0x80) {
			unsigned c = (*p & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);

			if (c < 0xac00 || c > 0xd7a3)
				return p;
			p += 3;
		} else {
			return p;
		}
	}
}

bool text_is_common(const char *s, size_t len)
{
	return (const char *)skip_common((const utf8proc_uint8_t *)s) == s + len;
}

static const char *first_of(const char *s, bool lines, bool (*is)(utf8proc_int32_t, bool))
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

	for (p = skip_common(p); *p; p = skip_common(p)) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0 || is(c, lines)) {
			snprintf(offender, sizeof(offender), "U+%04X",
				n <= 0 ? 0xfffdU : (unsigned)c);
			return offender;
		}
		p += n;
	}
	return NULL;
}

const char *text_forbidden(const char *s, bool lines)
{
	return first_of(s, lines, is_forbidden);
}

const char *text_forbidden_in_log(const char *s, bool lines)
{
	return first_of(s, lines, is_never_allowed);
}

char *text_shown(const char *s, bool lines)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	AUTO(buf) out = BUF(8 * strlen(s) + 1);

	while (*p) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0)
			buf_puts(&out, "<U+FFFD>");
		else if (is_forbidden(c, lines))
			buf_printf(&out, "<U+%04X>", (unsigned)c);
		else
			buf_add(&out, p, (size_t)n);
		p += n > 0 ? n : 1;
	}
	return buf_take(&out);
}

/* Letters and symbols by category, but invisible. */
static bool is_filler(utf8proc_int32_t c)
{
	return c == 0x115f || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xffa0;
}

/* Unicode's property Default_Ignorable_Code_Point. utf8proc marks assigned characters only;
 * browsers show nothing for the others of these ranges, either. */
static bool is_ignorable(utf8proc_int32_t c)
{
	return utf8proc_get_property(c)->ignorable || c == 0x2065 || (c >= 0xfff0 && c <= 0xfffb) ||
	       (c >= 0xe0000 && c <= 0xe0fff);
}

static bool is_seen(utf8proc_int32_t c)
{
	switch (utf8proc_category(c)) {
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CN:
		return false;
	default:
		return !is_filler(c);
	}
}

/* Takes them out first: what they kept apart may combine. */
char *text_seen(const char *s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	AUTO(buf) out = BUF(strlen(s) + 1);

	while (*p) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0 || (!is_ignorable(c) && !is_filler(c)))
			buf_add(&out, p, n > 0 ? (size_t)n : 1);
		p += n > 0 ? n : 1;
	}
	return text_folded(buf_text(&out));
}

bool text_is_visible(const char *s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

	while (*p) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0)
			return false;
		if (is_seen(c))
			return true;
		p += n;
	}
	return false;
}

void text_join_lines(char *s)
{
	char *to = s;

	for (; *s; s++)
		if (*s != '\r')
			*to++ = *s;
		else if (s[1] != '\n')
			*to++ = '\n';
	*to = '\0';
}

char *text_trimmed(const char *s)
{
	size_t len;

	s += strspn(s, " \t\n");
	len = strlen(s);
	while (len && strchr(" \t\n", s[len - 1]))
		len--;
	return mem_bytes(s, len);
}

char *text_typed(const char *s)
{
	AUTOFREE char *lines = mem_text(s ? s : ""), *trimmed = NULL;

	text_join_lines(lines);
	trimmed = text_trimmed(lines);
	return text_is_stream_safe(trimmed) ? text_nfc(trimmed) : TAKE(trimmed);
}

/* --- normal forms --- */

#define PARTS 32 /* most code points of one decomposition; U+FDFA has 18 */

static unsigned class_of(utf8proc_int32_t c)
{
	return utf8proc_get_property(c)->combining_class;
}

/* Insertion sort, the cheapest for the usual few. */
static void order_few(utf8proc_int32_t *c, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		utf8proc_int32_t one = c[i];
		size_t at = i;

		for (; at && class_of(c[at - 1]) > class_of(one); at--)
			c[at] = c[at - 1];
		c[at] = one;
	}
}

/* Counting sort: linear in the length of the run, not quadratic. */
static void order_many(utf8proc_int32_t *c, size_t n)
{
	AUTOFREE utf8proc_int32_t *copy = mem_new(n * sizeof(*copy));
	size_t starts[257] = {0};

	memcpy(copy, c, n * sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		starts[class_of(copy[i]) + 1]++;
	for (size_t i = 1; i < COUNT(starts); i++)
		starts[i] += starts[i - 1];
	for (size_t i = 0; i < n; i++)
		c[starts[class_of(copy[i])]++] = copy[i];
}

/* Canonical ordering (Unicode 3.11, D109): sorts each run of combining marks by class, stably.
 * utf8proc only swaps neighbours, which takes minutes for a run of 1 MiB. */
static void order_marks(utf8proc_int32_t *c, size_t n)
{
	for (size_t from = 0, to; from < n; from = to + 1) {
		for (to = from; to < n && class_of(c[to]); to++)
			;
		(to - from <= TEXT_MARKS ? order_few : order_many)(c + from, to - from);
	}
}

/* All code points, decomposed; NULL for invalid text. */
static utf8proc_int32_t *apart(const char *s, utf8proc_option_t options, size_t *n)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;
	size_t room = strlen(s) + PARTS + 1;
	utf8proc_int32_t *out = mem_new(room * sizeof(*out)), c;
	int boundary = 0;

	for (*n = 0; *p;) {
		utf8proc_ssize_t step = utf8proc_iterate(p, -1, &c), parts = -1;

		if (*n + PARTS + 1 > room) {
			room *= 2;
			out = mem_resize(out, room * sizeof(*out));
		}
		if (step > 0)
			parts = utf8proc_decompose_char(c, out + *n, PARTS, options, &boundary);
		if (parts < 0 || parts > PARTS) {
			free(out);
			return NULL;
		}
		p += step;
		*n += (size_t)parts;
	}
	return out;
}

static char *mapped(const char *s, utf8proc_option_t options)
{
	size_t n;
	utf8proc_int32_t *c = apart(s, options, &n);

	if (!c)
		return mem_text(s);
	order_marks(c, n);
	if (utf8proc_reencode(c, (utf8proc_ssize_t)n, options) < 0) {
		free(c);
		return mem_text(s);
	}
	return (char *)c; /* the text replaced the code points in place */
}

/* Continues a run of `run` marks with the decomposition of `c`. */
static bool passes(utf8proc_int32_t c, size_t *run)
{
	utf8proc_int32_t parts[PARTS];
	int boundary = 0;
	utf8proc_ssize_t n = utf8proc_decompose_char(
		c, parts, PARTS, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &boundary);

	for (utf8proc_ssize_t i = 0; i < n && i < PARTS; i++) {
		*run = class_of(parts[i]) ? *run + 1 : 0;
		if (*run > TEXT_MARKS)
			return false;
	}
	return true;
}

bool text_is_stream_safe(const char *s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s, *at;
	size_t run = 0;

	for (at = skip_common(p); *at; at = skip_common(p)) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(at, -1, &c);

		run = at == p ? run : 0;
		if (n > 0 && !passes(c, &run))
			return false;
		p = at + (n > 0 ? n : 1);
	}
	return true;
}

/* Code points that normal form C leaves unchanged next to each other: Latin without combining
 * marks, general punctuation, Han, Hangul syllables. (UAX #15: all are NFC_QC=Yes, and none
 * combines with another.) */
static bool is_settled(utf8proc_int32_t c)
{
	return c < 0x300 || (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x3029) ||
	       (c >= 0x4e00 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7a3);
}

bool text_settled(const char *s)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

	for (p = skip_common(p); *p; p = skip_common(p)) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0 || !is_settled(c))
			return false;
		p += n;
	}
	return true;
}

char *text_nfc(const char *s)
{
	/* utf8proc decomposes and composes every text, which most do not need. */
	if (text_settled(s))
		return mem_text(s);
	return mapped(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

char *text_folded(const char *s)
{
	return mapped(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}

char *text_nfd(const char *s)
{
	return mapped(s, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
}

/* Hangul syllables, Han ideographs, kana. */
static bool is_syllable(utf8proc_int32_t c)
{
	return (c >= 0xac00 && c <= 0xd7a3) || (c >= 0x4e00 && c <= 0x9fff) ||
	       (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x3041 && c <= 0x30ff && c != 0x30fb) ||
	       (c >= 0xf900 && c <= 0xfaff);
}

static bool is_letter(utf8proc_int32_t c)
{
	utf8proc_category_t category = utf8proc_category(c);

	return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
	       (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME) ||
	       (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

/* Letters and digits, a space and a tab; all others are TEXT_BREAK. */
const unsigned char text_sorts_of_ascii[128] = {
	[' '] = TEXT_SPACE,
	['\t'] = TEXT_SPACE,
	['0' ... '9'] = TEXT_LETTER,
	['A' ... 'Z'] = TEXT_LETTER,
	['a' ... 'z'] = TEXT_LETTER,
};

enum text_sort text_sort_of_any(const char *s, size_t len, size_t *step)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n =
		utf8proc_iterate((const utf8proc_uint8_t *)s, (utf8proc_ssize_t)len, &c);

	*step = n > 0 ? (size_t)n : 1;
	if (n <= 0)
		return TEXT_BREAK;
	if (is_syllable(c))
		return TEXT_SYLLABLE;
	if (c == ' ' || c == '\t' || c == 0xa0 || c == 0x3000)
		return TEXT_SPACE;
	return is_letter(c) ? TEXT_LETTER : TEXT_BREAK;
}
