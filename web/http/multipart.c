#include "web/http/multipart.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

#define TYPE "multipart/form-data"
#define MALFORMED "the form with its file came in malformed or cut off: send it again"

bool multipart_is(const char *type)
{
	return type && strncasecmp(type, TYPE, strlen(TYPE)) == 0 &&
	       strchr("; \t", type[strlen(TYPE)]);
}

/* Reads the value of a parameter at `s`, quoted or not; false if it is missing or too long. */
static bool read_value(const char *s, char *out, size_t room)
{
	const char *end;

	if (*s == '"')
		end = strchr(++s, '"');
	else
		end = s + strcspn(s, "; \t");
	if (!end || end == s || (size_t)(end - s) >= room)
		return false;
	memcpy(out, s, (size_t)(end - s));
	out[end - s] = '\0';
	return true;
}

enum err multipart_open(const char *type, const char *body, size_t len, struct multipart *out)
{
	const char *at = multipart_is(type) ? strcasestr(type, "boundary=") : NULL;
	size_t n;

	*out = (struct multipart){.at = body, .end = body + len, .boundary = "--"};
	ENSURE(at && read_value(at + strlen("boundary="), out->boundary + 2,
			     sizeof(out->boundary) - 2),
		ERR_INVALID, MALFORMED);
	n = strlen(out->boundary);
	ENSURE(len >= n && memcmp(body, out->boundary, n) == 0, ERR_INVALID, MALFORMED);
	out->at += n;
	return OK;
}

/* --- a part's head --- */

static int hex_of(char c)
{
	const char *digits = "0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

/* Decodes what browsers write for a quote and for line ends; there are no other escapes. A name is
 * one line. */
static void unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		int high = *s == '%' ? hex_of(s[1]) : -1, low = high < 0 ? -1 : hex_of(s[2]);
		int c = low < 0 ? -1 : high * 16 + low;

		if (c == '"' || c == '\r' || c == '\n') {
			*to++ = c == '"' ? '"' : ' ';
			s += 2;
		} else {
			*to++ = (unsigned char)*s < ' ' ? ' ' : *s;
		}
	}
	*to = '\0';
}

/* `name="…"` of a Content-Disposition, as one line of text. A quote ends it, because browsers
 * escape quotes inside. A longer one is truncated at a character. */
static bool parameter(const char *line, size_t len, const char *name, char out[MULTIPART_NAME + 1])
{
	size_t n = strlen(name);

	for (const char *p = line; (size_t)(p - line) + n + 4 <= len; p++) {
		const char *value = p + n + 3, *end;
		size_t room = len - (size_t)(value - line), size;

		if ((p[0] != ' ' && p[0] != ';') || strncasecmp(p + 1, name, n) != 0 ||
			memcmp(p + 1 + n, "=\"", 2) != 0)
			continue;
		end = memchr(value, '"', room);
		if (!end || memchr(value, '\0', (size_t)(end - value)) ||
			!text_is_utf8(value, (size_t)(end - value)))
			return false;
		size = (size_t)(end - value);
		size = size > MULTIPART_NAME ? MULTIPART_NAME : size;
		while (size && size < (size_t)(end - value) && (value[size] & 0xc0) == 0x80)
			size--;
		memcpy(out, value, size);
		out[size] = '\0';
		unescape(out);
		return true;
	}
	return false;
}

static const char *line_end(const char *s, const char *end)
{
	return memmem(s, (size_t)(end - s), "\r\n", 2);
}

/* Some browsers used to send a whole path. */
static void name_alone(char *file)
{
	char *slash = strrchr(file, '/'), *back = strrchr(file, '\\');
	char *last = slash > back ? slash : back;

	if (last)
		memmove(file, last + 1, strlen(last + 1) + 1);
}

/* Parses from the line after the boundary to the empty line, and moves past that. */
static enum err read_head(struct multipart *m, struct part *out)
{
	static const char disposition[] = "Content-Disposition: form-data";
	bool named = false;

	for (;;) {
		const char *end = line_end(m->at, m->end);
		size_t len = end ? (size_t)(end - m->at) : 0;

		ENSURE(end, ERR_INVALID, MALFORMED);
		if (!len)
			break;
		if (len > sizeof(disposition) &&
			strncasecmp(m->at, disposition, sizeof(disposition) - 1) == 0) {
			named = parameter(m->at, len, "name", out->name);
			out->is_file = parameter(m->at, len, "filename", out->file);
			name_alone(out->file);
		}
		m->at = end + 2;
	}
	m->at += 2;
	ENSURE(named && *out->name, ERR_INVALID, MALFORMED);
	return OK;
}

/* --- parts --- */

/* The line end before the next boundary. */
static const char *data_end(const struct multipart *m)
{
	const char *p = m->at;

	while ((p = memmem(p, (size_t)(m->end - p), m->boundary, strlen(m->boundary)))) {
		if (p - m->at >= 2 && p[-2] == '\r' && p[-1] == '\n')
			return p - 2;
		p++;
	}
	return NULL;
}

enum err multipart_next(struct multipart *m, struct part *out, bool *more)
{
	const char *end;

	*out = (struct part){.data = ""};
	*more = false;
	if (m->end - m->at >= 2 && memcmp(m->at, "--", 2) == 0)
		return OK;
	ENSURE(m->end - m->at >= 2 && memcmp(m->at, "\r\n", 2) == 0, ERR_INVALID, MALFORMED);
	ENSURE(m->parts++ < MULTIPART_PARTS, ERR_TOO_LARGE, "the form has more than %d inputs",
		MULTIPART_PARTS);
	m->at += 2;
	TRY(read_head(m, out));
	end = data_end(m);
	ENSURE(end, ERR_INVALID, MALFORMED);
	out->data = m->at;
	out->len = (size_t)(end - m->at);
	m->at = end + 2 + strlen(m->boundary);
	*more = true;
	return OK;
}
