/* standard_file.c - the file of a standard, with errors that give the line. */
#include "base/file.h"
#include "registry/standard/standard_parts.h"

#include <stdlib.h>
#include <string.h>

/* The text was parsed as JSON before, so the following functions only navigate it. */

static const char *spaces(const char *s)
{
	return s + strspn(s, " \t\r\n");
}

static const char *after_string(const char *s)
{
	for (s++; *s && *s != '"'; s++)
		s += *s == '\\' && s[1];
	return *s ? s + 1 : s;
}

static const char *after_value(const char *s)
{
	unsigned depth = 0;

	do {
		if (*s == '"') {
			s = after_string(s);
			continue;
		}
		depth += *s == '{' || *s == '[';
		depth -= (*s == '}' || *s == ']') && depth;
		s++;
	} while (*s && (depth || !strchr(",]}", *s)));
	return s;
}

/* The key of an object's member, or NULL. */
static const char *key_in(const char *object, const char *name, size_t len)
{
	const char *s = *object == '{' ? spaces(object + 1) : "";

	while (*s == '"') {
		const char *end = after_string(s);

		if ((size_t)(end - s) == len + 2 && strncmp(s + 1, name, len) == 0)
			return s;
		s = spaces(after_value(spaces(strchr(end, ':') + 1)));
		s = *s == ',' ? spaces(s + 1) : s;
	}
	return NULL;
}

static const char *value_of(const char *key)
{
	return spaces(strchr(after_string(key), ':') + 1);
}

static const char *item_in(const char *list, size_t n)
{
	const char *s = *list == '[' ? spaces(list + 1) : "";

	while (*s && *s != ']' && n--) {
		s = spaces(after_value(s));
		s = *s == ',' ? spaces(s + 1) : s;
	}
	return *s && *s != ']' ? s : NULL;
}

/* One step along "fields[3] (goal).item"; false at its end, or if there is no such place. */
static bool step(const char **at, const char **place)
{
	size_t len = strspn(*place, "abcdefghijklmnopqrstuvwxyz0123456789_");
	const char *next = NULL;

	if (strncmp(*place, " (", 2) == 0 && strchr(*place, ')')) {
		*place = strchr(*place, ')') + 1;
		return true;
	}
	if (**place == '.') {
		++*place;
		return true;
	}
	if (**place == '[') {
		next = item_in(*at, strtoul(*place + 1, NULL, 10));
		len = strcspn(*place, "]") + 1;
	} else if (len) {
		next = key_in(*at, *place, len);
		next = next ? value_of(next) : NULL;
	}
	*place += next ? len : 0;
	*at = next ? next : *at;
	return next != NULL;
}

/* The place that the sentence `why` means: the first member it names, or the place before it. */
static const char *pointed_at(const char *text, const char *why)
{
	const char *at = spaces(text), *place = why, *quote, *key;

	while (step(&at, &place))
		;
	quote = strchr(place, '"');
	key = quote ? key_in(at, quote + 1, strcspn(quote + 1, "\"")) : NULL;
	return key ? key : at;
}

static unsigned line_of(const char *text, const char *at)
{
	unsigned line = 1;

	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

/* Only broken rules need a line; json_read() reports its own. */
static enum err tell_line(const char *name, const char *text, size_t len)
{
	json_t *json = NULL;
	char why[ERR_WHY_MAX];

	snprintf(why, sizeof(why), "%s", err_why());
	if (json_read(text, len, STANDARD_MAX, RULES_STRICT, &json) != OK)
		return fail(ERR_INVALID, "%s: %s", name, why);
	json_decref(json);
	return fail(
		ERR_INVALID, "%s: line %u: %s", name, line_of(text, pointed_at(text, why)), why);
}

enum err standard_load_named(const char *name, const char *text, size_t len, struct standard **out)
{
	enum err e = standard_load(text, len, out);

	return e == ERR_INVALID ? tell_line(name, text, len) : e;
}

enum err standard_load_file(const char *path, struct buf *text, struct standard **out)
{
	TRY(file_read(path, text));
	return standard_load_named(path, buf_text(text), text->len, out);
}
