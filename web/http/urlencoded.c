#include "web/http/urlencoded.h"

#include "base/text.h"

#include <string.h>

char *urlencoded_text(const char *s, size_t len, bool plus)
{
	AUTO(buf) out = BUF(len);

	if (memchr(s, '\0', len))
		return NULL;
	for (size_t i = 0; i < len; i++) {
		int high, low;

		if (s[i] != '%') {
			buf_putc(&out, plus && s[i] == '+' ? ' ' : s[i]);
			continue;
		}
		high = i + 1 < len ? text_hex_digit(s[i + 1]) : -1;
		low = i + 2 < len ? text_hex_digit(s[i + 2]) : -1;
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return NULL;
		buf_putc(&out, (char)(high << 4 | low));
		i += 2;
	}
	if (!text_is_utf8(buf_text(&out), out.len))
		return NULL;
	return buf_take(&out);
}

bool urlencoded_next(const char **at, const char *end, struct urlencoded_pair *out)
{
	const char *s = *at, *stop, *equals;

	while (s < end && *s == '&')
		s++;
	if (s == end) {
		*at = end;
		return false;
	}
	stop = memchr(s, '&', (size_t)(end - s));
	stop = stop ? stop : end;
	equals = memchr(s, '=', (size_t)(stop - s));
	out->name = s;
	out->name_len = (size_t)((equals ? equals : stop) - s);
	out->value = equals ? equals + 1 : stop;
	out->value_len = (size_t)(stop - out->value);
	*at = stop;
	return true;
}
