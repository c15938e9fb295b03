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

		if (*p < 0x80) { /* most of most texts */
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

static bool is_forbidden(utf8proc_int32_t c, bool lines)
{
	if (c == '\n' || c == '\t')
		return !lines;
	if (c < 0x20 || (c >= 0x7f && c <= 0x9f))
		return true;
	/* Marks that reorder what stands beside them: text would read other than it is. */
	if (c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
		(c >= 0x2066 && c <= 0x2069))
		return true;
	if (c == 0xfeff || c == 0x2028 || c == 0x2029)
		return true;
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* Past printable ASCII and Hangul syllables, of which most texts here are made: nothing forbids
 * them, and normal form C leaves them alone. */
static const utf8proc_uint8_t *skip_common(const utf8proc_uint8_t *p)
{
	for (;;) {
		if (*p >= 0x20 && *p < 0x7f) {
			p++;
		} else if (*p >= 0xea && *p <= 0xed && (p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
			unsigned c = (*p & 0xfu) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);

			if (c < 0xac00 || c > 0xd7a3)
				return p;
			p += 3;
		} else {
			return p;
		}
	}
}

const char *text_forbidden(const char *s, bool lines)
{
	const utf8proc_uint8_t *p = (const utf8proc_uint8_t *)s;

	for (p = skip_common(p); *p; p = skip_common(p)) {
		utf8proc_int32_t c;
		utf8proc_ssize_t n = utf8proc_iterate(p, -1, &c);

		if (n <= 0 || is_forbidden(c, lines)) {
			snprintf(offender, sizeof(offender), "U+%04X",
				n <= 0 ? 0xfffdU : (unsigned)c);
			return offender;
		}
		p += n;
	}
	return NULL;
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

/* Letters and symbols by their category, and drawn as nothing. */
static bool is_filler(utf8proc_int32_t c)
{
	return c == 0x115f || c == 0x1160 || c == 0x2800 || c == 0x3164 || c == 0xffa0;
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

static char *mapped(const char *s, utf8proc_option_t options)
{
	utf8proc_uint8_t *out = NULL;

	if (utf8proc_map((const utf8proc_uint8_t *)s, 0, &out, UTF8PROC_NULLTERM | options) < 0) {
		free(out);
		return mem_text(s);
	}
	return (char *)out;
}

/* Code points that normal form C leaves alone whatever stands beside them, as long as only
 * such stand there: Latin without combining marks, general punctuation, Han, Hangul syllables.
 * (UAX #15: all are NFC_QC=Yes, none combines with another of them.) */
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
	/* utf8proc takes every text apart and puts it together again; most need neither. */
	if (text_settled(s))
		return mem_text(s);
	return mapped(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

char *text_folded(const char *s)
{
	return mapped(s, UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD);
}
