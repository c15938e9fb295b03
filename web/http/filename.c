#include "web/http/filename.h"

#include "base/text.h"

#include <string.h>

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '_' || c == '.';
}

char *filename_of(const char *title, const char *ending)
{
	AUTO(buf) out = BUF(8 * KIB);
	size_t len = text_prefix(title, FILENAME_CHARS);

	if (text_forbidden(title, true))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		char c = title[i];

		/* No name begins with a dot or a space, or has two in a row. */
		if ((c == '.' || c == ' ') && (!out.len || strchr(". ", out.data[out.len - 1])))
			continue;
		buf_putc(&out, c == '\n' || c == '\t' || strchr("/\\:*?\"<>|%;'`$&", c) ? '_' : c);
	}
	while (out.len && strchr(". ", out.data[out.len - 1]))
		out.data[--out.len] = '\0';
	if (!out.len)
		return NULL;
	buf_puts(&out, ending);
	return buf_take(&out);
}

char *filename_disposition(const char *name, const char *plain)
{
	AUTO(buf) out = BUF(32 * KIB);

	buf_puts(&out, "attachment; filename=\"");
	for (const char *s = plain ? plain : name; *s; s++)
		buf_putc(&out, is_plain(*s) ? *s : '_');
	buf_putc(&out, '"');
	if (plain) {
		buf_puts(&out, "; filename*=UTF-8''");
		for (; *name; name++)
			if (is_plain(*name))
				buf_putc(&out, *name);
			else
				buf_printf(&out, "%%%02X", (unsigned char)*name);
	}
	return buf_take(&out);
}
