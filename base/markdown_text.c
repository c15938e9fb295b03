/* What can be told of a text, and done to it, without parsing it. */
#include "base/markdown_parts.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define EXCERPT_CHARS 60

/* What a link may lead to: any other scheme could run or fetch what nobody has checked. */
static const char *const schemes[] = {"http:", "https:", "mailto:", "tel:"};

bool markdown_url_is_safe(const char *url)
{
	if (*url == '/' || *url == '#')
		return true;
	for (size_t i = 0; i < COUNT(schemes); i++)
		if (strncasecmp(url, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

/* May what parses out of this text be anything but fine? Only "<" begins HTML, only "<" and "["
 * a link or a picture. A block opens only within the columns of marks and spaces before a
 * line's words, at most a level a column and one more for an item without words; emphasis takes
 * two marks a level; a paragraph and its text make two. */
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

/* Entities can put line breaks into any text, and with them new blocks into what is written. */
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
	/* Text that is not UTF-8 may have "characters" of any length. */
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
	if (!text_forbidden(flat, false))
		return flat;
	for (const char *p = flat; *p;) {
		size_t len = text_prefix(p, 1);
		AUTOFREE char *one = mem_bytes(p, len);

		buf_puts(&out, text_forbidden(one, false) ? "\ufffd" : one);
		p += len;
	}
	free(flat);
	return buf_take(&out);
}

/* Of a line, the length of digits that a "." or ")" would make into a list. */
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

/* Paragraphs of words and nothing else, as most texts are: cmark would write them back just as
 * they are, at many times the cost. */
bool markdown_is_prose(const char *text)
{
	size_t len;

	for (const char *line = text; is_prose_line(line, len = strcspn(line, "\n"));) {
		line += len;
		if (!*line)
			return !text_forbidden(text, true);
		line += line[1] == '\n' ? 2 : 1;
	}
	return false;
}

/* The white space and the marks that mean something only before a line's words. */
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
