#include "base/charset.h"

#include "base/text.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

static const struct name {
	const char *name;
	enum charset charset;
} names[] = {{"utf-8", CHARSET_UTF8}, {"windows-1252", CHARSET_WINDOWS_1252},
	{"cp949", CHARSET_CP949}, {"utf8", CHARSET_UTF8}, {"cp1252", CHARSET_WINDOWS_1252},
	{"euc-kr", CHARSET_CP949}, {"uhc", CHARSET_CP949}};
static const char *const titles[] = {[CHARSET_UTF8] = "UTF-8",
	[CHARSET_WINDOWS_1252] = "Windows-1252",
	[CHARSET_CP949] = "CP949"};

/* 0x80 to 0x9f of Windows-1252; higher bytes are their own code points. 0: unassigned. */
static const uint16_t high[32] = {0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6,
	0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178};

enum err charset_find(const char *name, enum charset *out)
{
	for (size_t i = 0; i < COUNT(names); i++)
		if (strcasecmp(names[i].name, name) == 0) {
			*out = names[i].charset;
			return OK;
		}
	return fail(ERR_INVALID,
		"there is no encoding \"%s\" here: there are utf-8, windows-1252 and cp949", name);
}

/* The bytes of the well-formed character at the start (RFC 3629 section 4); 0 for none. */
static size_t character(const unsigned char *s, size_t len)
{
	static const struct form {
		unsigned char first, last, low, top; /* of byte 1; of byte 2 */
		size_t bytes;
	} forms[] = {{0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3}, {0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};

	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < COUNT(forms); i++) {
		const struct form *f = &forms[i];

		if (s[0] < f->first || s[0] > f->last)
			continue;
		if (len < f->bytes || s[1] < f->low || s[1] > f->top)
			return 0;
		for (size_t n = 2; n < f->bytes; n++)
			if ((s[n] & 0xc0) != 0x80)
				return 0;
		return f->bytes;
	}
	return 0;
}

/* The number of bytes before the first that is not UTF-8. */
static size_t well_formed(const char *text, size_t len)
{
	size_t at = 0, n;

	while (at < len && (n = character((const unsigned char *)text + at, len - at)))
		at += n;
	return at;
}

static enum err wrong_byte(enum charset charset, const char *text, size_t at, size_t lines)
{
	size_t line = 1 + lines, start = 0;

	for (size_t i = 0; i < at; i++)
		if (text[i] == '\n' || (text[i] == '\r' && text[i + 1] != '\n')) {
			line++;
			start = i + 1;
		}
	return fail(ERR_INVALID, "line %zu, byte %zu: 0x%02X is not %s", line, at - start + 1,
		(unsigned char)text[at], titles[charset]);
}

/* Files that offices send in place of text: the first bytes, other contents, and the name. */
static const struct format {
	const char *magic;
	size_t magic_len;
	const char *holds; /* "": any contents */
	size_t holds_len;
	const char *is;
} formats[] = {
#define BYTES(s) s, sizeof(s) - 1
	{BYTES("PK\x03\x04"), BYTES("xl/"), "an Excel file (.xlsx)"},
	{BYTES("PK\x03\x04"), BYTES("hwp+zip"), "a Hangul file (.hwpx)"},
	{BYTES("PK\x03\x04"), BYTES("opendocument"), "an OpenDocument file (.ods)"},
	{BYTES("PK\x03\x04"), BYTES(""), "a ZIP or an Excel file (.xlsx)"},
	{BYTES("\xd0\xcf\x11\xe0"), BYTES("W\0o\0r\0k\0b\0o\0o\0k"), "an Excel file (.xls)"},
	{BYTES("\xd0\xcf\x11\xe0"), BYTES("H\0w\0p\0S\0u\0m"), "a Hangul file (.hwp)"},
	{BYTES("\xd0\xcf\x11\xe0"), BYTES(""), "an Excel or a Hangul file (.xls, .hwp)"},
	{BYTES("%PDF-"), BYTES(""), "a PDF file"},
};

static enum err check_format(const char *text, size_t len)
{
	for (size_t i = 0; i < COUNT(formats); i++) {
		const struct format *f = &formats[i];

		if (len < f->magic_len || memcmp(text, f->magic, f->magic_len) != 0 ||
			(f->holds_len && !memmem(text, len, f->holds, f->holds_len)))
			continue;
		return fail(ERR_INVALID,
			"it is %s, not text: save it in Excel with \"Save as\", file type \"CSV UTF-8 "
			"(comma delimited)\"; paste a table of a document into Excel first",
			err_text(f->is));
	}
	return OK;
}

static enum err check_wide(const char *text, size_t len)
{
	bool marked =
		len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0);

	if (!marked && !memchr(text, '\0', len < 4 ? len : 4))
		return OK;
	return fail(ERR_INVALID,
		"it is UTF-16 or UTF-32: save it again as UTF-8 (not as Excel's \"Unicode Text\", but "
		"as \"CSV UTF-8\")");
}

static enum err decode_cp949(const char *text, size_t len, size_t lines, struct buf *out);

/* Hangul that is valid to the last byte is almost certainly CP949. */
static bool reads_as_cp949(const char *text, size_t len)
{
	AUTO(buf) out = BUF(4 * len + 4);

	return decode_cp949(text, len, 0, &out) == OK &&
	       strpbrk(buf_text(&out), "\xea\xeb\xec\xed");
}

static enum err not_utf8(const char *text, size_t len, size_t at, size_t lines)
{
	bool korean = reads_as_cp949(text, len);
	enum err e = wrong_byte(CHARSET_UTF8, text, at, lines);
	AUTOFREE char *why = mem_text(err_why());

	if (korean)
		return fail(e,
			"%s. It reads as CP949, in which Korean spreadsheets save \"CSV\" and \"Text\": "
			"say so (--encoding cp949), or save it again as UTF-8",
			why);
	return fail(e, "%s. If the file is in Windows-1252 or CP949, say so (--encoding)", why);
}

static enum err decode_utf8(const char *text, size_t len, size_t lines, struct buf *out)
{
	size_t fine = well_formed(text, len), mark = 0;

	if (fine < len)
		return not_utf8(text, len, fine, lines);
	if (!lines && len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		mark = 3;
	buf_add(out, text + mark, len - mark);
	return OK;
}

static void add_code_point(unsigned c, struct buf *out)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
	} else if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		buf_putc(out, (char)(0xe0 | c >> 12));
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		buf_putc(out, (char)(0x80 | (c & 0x3f)));
	}
}

static enum err decode_windows_1252(const char *text, size_t len, size_t lines, struct buf *out)
{
	for (size_t i = 0; i < len; i++) {
		unsigned c = (unsigned char)text[i];

		if (c >= 0x80 && c < 0xa0)
			c = high[c - 0x80];
		if (!c && text[i])
			return wrong_byte(CHARSET_WINDOWS_1252, text, i, lines);
		add_code_point(c, out);
	}
	return OK;
}

static enum err convert(iconv_t cd, const char *text, size_t len, size_t lines, struct buf *out)
{
	char room[16 * KIB], *from = (char *)(uintptr_t)text;
	size_t left = len;

	while (left) {
		char *to = room;
		size_t space = sizeof(room);
		size_t rc = iconv(cd, &from, &left, &to, &space);

		buf_add(out, room, sizeof(room) - space);
		/* glibc may take the first byte of a character that is cut off at the end. */
		if (rc == (size_t)-1 && errno != E2BIG)
			return wrong_byte(CHARSET_CP949, text, left ? len - left : len - 1, lines);
	}
	return OK;
}

static enum err decode_cp949(const char *text, size_t len, size_t lines, struct buf *out)
{
	iconv_t cd = iconv_open("UTF-8", "CP949");
	enum err e;

	ENSURE(cd != (iconv_t)-1, ERR_SYSTEM, "this machine's C library knows no CP949");
	e = convert(cd, text, len, lines, out);
	iconv_close(cd);
	return e;
}

/* --- declared and actual encodings --- */

/* Pairs of non-ASCII bytes, as CP949 pairs them. */
struct pairs {
	size_t hangul; /* among the 2,350 syllables that make up nearly all Korean text */
	size_t letter; /* from 0xc0 on, with an ASCII letter: rare syllables, or accents */
	size_t other;
};

static struct pairs count_pairs(const char *text, size_t len)
{
	const unsigned char *u = (const unsigned char *)text;
	struct pairs n = {0};

	for (size_t i = 0; i < len; i++) {
		unsigned next = i + 1 < len ? u[i + 1] : 0;

		if (u[i] < 0x80)
			continue;
		if (next >= 0xa1 && u[i] >= 0xb0 && u[i] <= 0xc8)
			n.hangul++;
		else if (next < 0x80 && u[i] >= 0xc0)
			n.letter++;
		else
			n.other++;
		i += next != 0;
	}
	return n;
}

/* Some syllables of the text, as evidence for people. */
static char *syllables(const char *korean)
{
	size_t from = strcspn(korean, "\xea\xeb\xec\xed"), n = 0;

	while (n < 15 && korean[from + n] && strchr("\xea\xeb\xec\xed", korean[from + n]))
		n += 3;
	return mem_bytes(korean + from, n);
}

/* Korean text decodes to accented letters, two for each syllable: no language has such words. */
static enum err check_not_korean(const char *text, size_t len)
{
	struct pairs n = count_pairs(text, len);
	AUTO(buf) korean = BUF(4 * len + 4);
	AUTOFREE char *shown = NULL;

	if (n.hangul < 2 || n.hangul < 4 * (n.letter + n.other) ||
		decode_cp949(text, len, 0, &korean) != OK)
		return OK;
	shown = syllables(buf_text(&korean));
	return fail(ERR_INVALID,
		"the file is CP949 (it contains \"%s\") and would be misread as Windows-1252: use "
		"--encoding cp949",
		shown);
}

/* A letter with an accent and the ASCII letter after it decode to a rare syllable: without other
 * syllables the text is not Korean. */
static enum err check_not_western(const char *text, size_t len)
{
	struct pairs n = count_pairs(text, len);

	ENSURE(!n.letter || n.hangul || n.other, ERR_INVALID,
		"the file is Windows-1252 and would be misread as CP949: use --encoding windows-1252");
	return OK;
}

enum err charset_decode_part(
	enum charset from, const char *text, size_t len, size_t lines, struct buf *out)
{
	if (from == CHARSET_UTF8)
		return decode_utf8(text, len, lines, out);
	/* Text in the other two encodings is practically never valid UTF-8 by chance. */
	if (!text_is_ascii(text, len) && well_formed(text, len) == len)
		return fail(ERR_INVALID,
			"the file is UTF-8 and would be misread as %s: leave out --encoding",
			titles[from]);
	if (from == CHARSET_WINDOWS_1252) {
		TRY(check_not_korean(text, len));
		return decode_windows_1252(text, len, lines, out);
	}
	TRY(decode_cp949(text, len, lines, out));
	return check_not_western(text, len);
}

enum err charset_decode(enum charset from, const char *text, size_t len, struct buf *out)
{
	TRY(charset_check_start(text, len));
	return charset_decode_part(from, text, len, 0, out);
}

enum err charset_check_start(const char *text, size_t len)
{
	TRY(check_format(text, len));
	return check_wide(text, len);
}
