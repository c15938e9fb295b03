/* Checks and changes of a text without parsing it. */
#include "base/markdown_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define EXCERPT_CHARS 60

/* Can this text only parse to harmless nodes? Only "<" begins HTML, only "<" and "[" a link or
 * picture. A block opens only in the columns of marks and spaces before a line's words, at most one
 * level per column and one more for an item without words; emphasis takes two marks per level; a
 * paragraph and its text make two. */
bool markdown_is_plain(const char *text)
{
	size_t column = 0, widest = 0, marks = 0;
	bool before_words = true;

	for (const char *p = text; *p; p++) {
		if (*p == '<' || *p == '[')
			return false;
		marks += *p == '*' || *p == '_';
		if (*p == '\n' || *p == '\r') {
			column = 0;
			before_words = true;
		} else if (before_words && strchr(" \t>-+*0123456789.)", *p)) {
			column += *p == '\t' ? 4 : 1;
			widest = column > widest ? column : widest;
		} else {
			before_words = false;
		}
	}
	return widest + marks / 2 + 3 <= MARKDOWN_NESTING;
}

/* Entities can put line breaks into any text, and so new blocks into the output. */
static void flatten(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			*s = ' ';
}

void markdown_cut(const char *from, char excerpt[256])
{
	size_t len = from ? text_prefix(from, EXCERPT_CHARS) : 0;

	if (!excerpt)
		return;
	/* Invalid UTF-8 may have "characters" of any length. */
	if (len > 255)
		len = 255;
	if (len)
		memcpy(excerpt, from, len);
	excerpt[len] = '\0';
	flatten(excerpt);
}

char *markdown_clean(const char *s)
{
	AUTO(buf) out = BUF(SIZE_MAX / 2);
	char *flat = mem_text(s);

	flatten(flat);
	if (!text_forbidden_in_log(flat, false))
		return flat;
	for (const char *p = flat; *p;) {
		size_t len = text_prefix(p, 1);
		AUTOFREE char *one = mem_bytes(p, len);

		buf_puts(&out, text_forbidden_in_log(one, false) ? "\ufffd" : one);
		p += len;
	}
	free(flat);
	return buf_take(&out);
}

/* --- emphasis next to letters of languages without spaces --- */

/* Letters of Chinese, Japanese and Korean, without marks such as 「 or 。 */
static const struct range {
	uint32_t from, to;
} letters[] = {
	{0x1100, 0x11ff},   /* Hangul Jamo */
	{0x3005, 0x3007},   /* 々〆〇 */
	{0x3041, 0x3096},   /* Hiragana */
	{0x30a1, 0x30fa},   /* Katakana */
	{0x30fc, 0x30ff},   /* its iteration and length marks */
	{0x3105, 0x318e},   /* Bopomofo, Hangul compatibility Jamo */
	{0x31a0, 0x31bf},   /* Bopomofo, extended */
	{0x31f0, 0x31ff},   /* Katakana, extended */
	{0x3400, 0x4dbf},   /* Han, extension A */
	{0x4e00, 0x9fff},   /* Han */
	{0xa960, 0xa97c},   /* Hangul Jamo, extended A */
	{0xac00, 0xd7fb},   /* Hangul */
	{0xf900, 0xfaff},   /* Han, compatibility */
	{0xff66, 0xffdc},   /* half-width Katakana and Hangul */
	{0x20000, 0x3ffff}, /* Han, further extensions */
};

/* The character at `s`, if it is valid UTF-8; otherwise some number. */
static uint32_t code_at(const char *s, const char *end)
{
	const unsigned char *p = (const unsigned char *)s;
	const size_t n = *p < 0xc0 ? 1 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;
	uint32_t code = n == 1 ? *p : *p & (0x7fu >> n);

	for (size_t i = 1; i < n && s + i < end; i++)
		code = code << 6 | (p[i] & 0x3f);
	return code;
}

static const char *char_before(const char *s, const char *start)
{
	do
		s--;
	while (s > start && ((unsigned char)*s & 0xc0) == 0x80);
	return s;
}

static bool is_cjk(const char *s, const char *end)
{
	const uint32_t code = code_at(s, end);

	for (size_t i = 0; code >= letters[0].from && i < COUNT(letters); i++)
		if (code >= letters[i].from && code <= letters[i].to)
			return true;
	return false;
}

/* Word separators, ASCII letters and digits, and the ends of the text need no joiner. */
static bool is_mark(const char *s, const char *end)
{
	return !strchr(" \t\r\n", *s) && !(*s >= '0' && *s <= '9') && !(*s >= 'a' && *s <= 'z') &&
	       !(*s >= 'A' && *s <= 'Z') && !is_cjk(s, end);
}

/* In CommonMark "**" ends emphasis after a mark only before a space or another mark, and begins it
 * before a mark only after one, so in languages with attached words ("**AI(인공지능)**은") the
 * stars stay visible. This inserts a letter next to the mark, which changes cmark's decision. In
 * code, links and escapes the joiner only becomes part of the text, and is removed again. */
char *markdown_joined(const char *text, size_t len)
{
	const char *end = text + len, *run, *from = text;
	AUTO(buf) out = BUF(SIZE_MAX / 2);

	if (!memchr(text, '*', len) || memmem(text, len, MARKDOWN_JOINER, strlen(MARKDOWN_JOINER)))
		return NULL;
	for (const char *p = text; p < end;) {
		if (*p == '\\' && p + 1 < end) {
			p += 2; /* an escaped star is an ordinary mark */
			continue;
		}
		if (*p != '*') {
			p++;
			continue;
		}
		run = p;
		while (p < end && *p == '*')
			p++;
		if (run == text || p == end)
			continue;
		const char *before = char_before(run, text);
		const bool joins_before = is_cjk(p, end) && is_mark(before, end);
		const bool joins_after = is_cjk(before, end) && is_mark(p, end);

		if (!joins_before && !joins_after)
			continue;
		buf_add(&out, from, (size_t)((joins_before ? run : p) - from));
		buf_puts(&out, MARKDOWN_JOINER);
		from = joins_before ? run : p;
	}
	if (from == text)
		return NULL;
	buf_add(&out, from, (size_t)(end - from));
	return buf_take(&out);
}

void markdown_part(char *s)
{
	const size_t n = strlen(MARKDOWN_JOINER);
	char *to = s;

	while (*s) {
		if (strncmp(s, MARKDOWN_JOINER, n) == 0)
			s += n;
		else
			*to++ = *s++;
	}
	*to = '\0';
}

void markdown_lines_break(const char *text, struct buf *out)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\n' && p > text && p[-1] != '\n' && p[1] != '\n' && p[1])
			buf_puts(out, "  ");
		buf_putc(out, *p);
	}
}

/* The length of digits that a "." or ")" would turn into a list. */
static size_t number_before_mark(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && (s[n] == '.' || s[n] == ')') ? n : 0;
}

static bool is_prose_line(const char *line, size_t len)
{
	return len && !strchr(" -+=~", line[0]) && line[len - 1] != ' ' &&
	       !number_before_mark(line) && strcspn(line, "\\`*_[]<>&#!\t\r\n") == len;
}

/* Does the text consist of plain paragraphs, as most do? cmark would write them back unchanged, at
 * many times the cost. */
bool markdown_is_prose(const char *text)
{
	size_t len;

	for (const char *line = text; is_prose_line(line, len = strcspn(line, "\n"));) {
		line += len;
		if (!*line)
			return !text_forbidden_in_log(text, true);
		line += line[1] == '\n' ? 2 : 1;
	}
	return false;
}

/* Writes the white space and marks that have a meaning only at the start of a line. */
static const char *escape_start(const char *s, struct buf *out)
{
	size_t digits;

	s += strspn(s, " \t");
	digits = number_before_mark(s);
	if (digits) {
		buf_add(out, s, digits);
		s += digits;
	}
	if (digits || (*s && strchr("-+=", *s))) {
		buf_putc(out, '\\');
		buf_putc(out, *s++);
	}
	return s;
}

void markdown_escape(const char *text, struct buf *out)
{
	const char *s = escape_start(text, out);

	while (*s) {
		if (*s == '\n' || *s == '\r') {
			buf_putc(out, '\n');
			s = escape_start(s + 1, out);
			continue;
		}
		if (strchr("\\`*_[]<>&#~!|", *s))
			buf_putc(out, '\\');
		buf_putc(out, *s++);
	}
}

/* --- the words of a line --- */

/* Where the words begin, after the marks of blocks. A number stays: a reader sees it, too. */
static size_t words_start(const char *line, size_t len)
{
	size_t at = 0, mark;

	for (;;) {
		while (at < len && (line[at] == ' ' || line[at] == '\t'))
			at++;
		mark = at;
		while (mark < len && mark - at < 6 && line[mark] == '#')
			mark++;
		if (mark == at && at < len && strchr("-+*>", line[at]))
			mark++;
		if (mark == at || (mark < len && line[mark] != ' ' && line[mark - 1] != '>'))
			return at;
		at = mark;
	}
}

static size_t run_at(const char *line, size_t len, size_t at)
{
	size_t n = 1;

	while (at + n < len && line[at + n] == line[at])
		n++;
	return n;
}

/* The run of the same length that ends what the one at `at` begins; `len` for none. */
static size_t partner_of(const char *line, size_t len, size_t at, size_t n)
{
	bool code = line[at] == '`';

	if (at + n == len || (!code && line[at + n] == ' '))
		return len;
	for (size_t to = at + n; to < len; to++) {
		size_t m;

		if (line[to] != line[at] || (!code && line[to - 1] == '\\'))
			continue;
		m = run_at(line, len, to);
		if (m == n && (code || line[to - 1] != ' '))
			return to;
		to += m - 1;
	}
	return len;
}

/* The "](" of a link whose words begin at `at`, and the ")" that ends it. */
static bool link_at(const char *line, size_t len, size_t at, size_t *turn, size_t *end)
{
	const char *to = memmem(line + at, len - at, "](", 2), *close;

	close = to ? memchr(to, ')', len - (size_t)(to - line)) : NULL;
	if (!close)
		return false;
	*turn = (size_t)(to - line);
	*end = (size_t)(close - line);
	return true;
}

static void set_markup(bool markup[], size_t from, size_t n)
{
	memset(markup + from, true, n * sizeof(*markup));
}

void markdown_markup(const char *line, size_t len, bool markup[])
{
	size_t start = words_start(line, len), n, turn, end;

	set_markup(markup, 0, start);
	memset(markup + start, false, (len - start) * sizeof(*markup));
	for (size_t at = start; at < len; at += n) {
		n = 1;
		if (markup[at])
			continue;
		if (line[at] == '\\' && at + 1 < len &&
			strchr("\\`*_[]<>#~!|-+.()\"&", line[at + 1])) {
			set_markup(markup, at, 1);
			n = 2;
		} else if (line[at] == '*' || line[at] == '`') {
			n = run_at(line, len, at);
			end = partner_of(line, len, at, n);
			if (end == len)
				continue;
			set_markup(markup, at, n);
			set_markup(markup, end, n);
			if (line[at] == '`')
				n = end - at;
		} else if (line[at] == '[' && link_at(line, len, at, &turn, &end)) {
			set_markup(markup, at, 1);
			set_markup(markup, turn, end + 1 - turn);
		}
	}
}
