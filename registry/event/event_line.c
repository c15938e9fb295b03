#include "registry/event/event_line.h"

#include <stdlib.h>
#include <string.h>

void event_line_done(struct event_line *l)
{
	free(l->copy);
	json_decref(l->tree);
	*l = (struct event_line){0};
}

/* --- the scanner: a cursor over a copy that ends in a NUL --- */

/* Bytes that stand for themselves in a text: printable ASCII except quotes and backslashes. */
static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static bool take(char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* Starts after the opening quote. A NUL replaces the closing one. */
static bool scan_text(char **at, const char **out)
{
	char *p = *at;

	while (is_plain((uint8_t)*p))
		p++;
	if (*p != '"')
		return false;
	*out = *at;
	*p = '\0';
	*at = p + 1;
	return true;
}

/* A number as jansson prints it: no "-0", no leading zero, and too few digits to overflow. */
static bool scan_number(char **at, int64_t *out)
{
	bool negative = take(at, '-');
	const char *first = *at;
	int64_t n = 0;

	for (; **at >= '0' && **at <= '9' && *at - first < 18; ++*at)
		n = n * 10 + (**at - '0');
	if (*at == first || (*first == '0' && (*at - first > 1 || negative)))
		return false;
	*out = negative ? -n : n;
	return **at == ',' || **at == '}';
}

/* Names contain no space, are sorted by their bytes, and are unique. */
static bool scan_name(char **at, const char *previous, const char **out)
{
	if (!take(at, '"') || !scan_text(at, out) || !take(at, ':'))
		return false;
	return **out && !strchr(*out, ' ') && (!previous || strcmp(previous, *out) < 0);
}

static bool scan_value(char **at, struct line_value *out)
{
	*out = (struct line_value){0};
	return take(at, '"') ? scan_text(at, &out->text) : scan_number(at, &out->number);
}

/* The rest of a non-empty object after its "{". `inner` receives an object inside it; NULL: none is
 * allowed. */
static bool scan_object(char **at, struct line_member *members, unsigned *n, unsigned room,
	struct event_line *inner)
{
	const char *name = NULL;

	for (*n = 0; *n < room;) {
		if (!scan_name(at, name, &name))
			return false;
		if (**at == '{' && inner && !inner->inner) {
			inner->inner = name;
			++*at;
			if (!scan_object(at, inner->members, &inner->n, LINE_MEMBERS, NULL))
				return false;
		} else {
			members[*n].name = name;
			if (!scan_value(at, &members[(*n)++].value))
				return false;
		}
		if (take(at, '}'))
			return true;
		if (!take(at, ','))
			return false;
	}
	return false;
}

static bool scan(char *copy, size_t len, struct event_line *out)
{
	struct event_line inner = {0};
	char *at = copy;

	if (!take(&at, '{') ||
		!scan_object(&at, out->members, &out->outer_n, LINE_MEMBERS, &inner) ||
		at != copy + len || out->outer_n + inner.n > LINE_MEMBERS)
		return false;
	memcpy(out->members + out->outer_n, inner.members, inner.n * sizeof(*inner.members));
	out->n = out->outer_n + inner.n;
	out->inner = inner.inner;
	return true;
}

bool event_line_scan(const char *data, size_t len, struct event_line *out)
{
	AUTO(event_line) l = {.copy = mem_bytes(data, len)};

	if (!scan(l.copy, len, &l))
		return false;
	*out = TAKE(l);
	return true;
}

/* --- the other way: parse to a tree, print it canonically, compare --- */

static enum err read_tree(const char *data, size_t len, size_t max, struct event_line *out)
{
	AUTO(event_line) l = {0};
	AUTO(buf) again = BUF(2 * max);

	TRY(json_read(data, len, max, RULES_STRICT, &l.tree));
	ENSURE(json_is_object(l.tree), ERR_INVALID, "an event must be a JSON object");
	json_canonical(l.tree, &again);
	ENSURE(again.len == len && memcmp(again.data, data, len) == 0, ERR_INVALID,
		"an event must be canonical: sorted members, no white space, texts in normal form C");
	*out = TAKE(l);
	return OK;
}

enum err event_line_read(const char *data, size_t len, size_t max, struct event_line *out)
{
	if (len <= max && event_line_scan(data, len, out))
		return OK;
	return read_tree(data, len, max, out);
}

size_t event_line_size(const struct event_line *l)
{
	return l->tree ? json_object_size(l->tree) : l->outer_n + (l->inner != NULL);
}

static bool is_inner(const struct event_line *l, const char *name)
{
	return l->inner && strcmp(l->inner, name) == 0;
}

bool event_line_has(const struct event_line *l, const char *name)
{
	struct line_value v;

	if (l->tree)
		return json_object_get(l->tree, name) != NULL;
	return is_inner(l, name) || event_line_get(l, NULL, name, &v);
}

static bool get_of_tree(
	const struct event_line *l, const char *of, const char *name, struct line_value *out)
{
	const json_t *object = of ? json_object_get(l->tree, of) : l->tree;
	const json_t *value = json_object_get(object, name);

	*out = (struct line_value){json_string_value(value), json_integer_value(value)};
	return json_is_string(value) || json_is_integer(value);
}

bool event_line_get(
	const struct event_line *l, const char *of, const char *name, struct line_value *out)
{
	unsigned first = of ? l->outer_n : 0, end = of ? l->n : l->outer_n;

	if (l->tree)
		return get_of_tree(l, of, name, out);
	if (of && !is_inner(l, of))
		return false;
	for (unsigned i = first; i < end; i++)
		if (strcmp(l->members[i].name, name) == 0) {
			*out = l->members[i].value;
			return true;
		}
	return false;
}

size_t event_line_size_of(const struct event_line *l, const char *of)
{
	if (l->tree)
		return json_object_size(json_object_get(l->tree, of));
	return is_inner(l, of) ? l->n - l->outer_n : 0;
}
