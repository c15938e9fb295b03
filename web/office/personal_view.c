#include "web/office/personal_view.h"

#include "base/personal.h"

#include <string.h>

/* Is this place between marks already? */
static bool is_marked(const char *text, const char *at, struct mask_marks marks)
{
	const char *open = marks.open ? strstr(text, marks.open) : NULL;

	while (open && open < at) {
		const char *close = strstr(open, marks.close);

		if (!close || close > at)
			return true;
		open = strstr(close, marks.open);
	}
	return false;
}

/* --- what is public already --- */

static bool stands_in_text(const struct personal *found, const char *text)
{
	const char *next = text;
	struct personal one;

	for (; personal_find(text, next, &one); next = one.at + one.len)
		if (personal_is_same(found, &one))
			return true;
	return false;
}

/* In a text of this value, at any depth. */
static bool stands_in(const struct personal *found, const json_t *value)
{
	if (json_is_string(value))
		return stands_in_text(found, json_string_value(value));
	json_each (value, one)
		if (stands_in(found, one))
			return true;
	json_members (value, key, one)
		if (stands_in(found, one))
			return true;
	return false;
}

/* --- the view --- */

static void add_piece(json_t *pieces, const char *from, const char *to, bool mark)
{
	AUTOFREE char *text = mem_bytes(from, (size_t)(to - from));

	if (to > from)
		json_push(pieces, json_make("{s:s,s:b}", "text", text, "mark", mark));
}

static void add_kind(const struct request *rq, json_t *kinds, const char *kind)
{
	AUTOFREE char *key = mem_printf("personal_%s", kind);
	const char *name = message(rq, key);

	json_each (kinds, one)
		if (strcmp(json_str(one, "kind"), name) == 0)
			return;
	json_push(
		kinds, json_make("{s:s,s:b}", "kind", name, "further", json_array_size(kinds) > 0));
}

static void add_marked(
	struct buf *marked, const struct personal *found, const struct mask_marks *marks)
{
	if (!marks->open) {
		buf_puts(marked, MASK);
		return;
	}
	buf_puts(marked, marks->open);
	buf_add(marked, found->at, found->len);
	buf_puts(marked, marks->close);
}

json_t *personal_pointed(const struct request *rq, const struct personal_look *look)
{
	const char *text = look->text, *from = text, *next = text;
	AUTO(buf) marked = BUF(MIB);
	json_t *pieces = json_array(), *kinds = json_array();
	struct personal found;

	for (; personal_find(text, next, &found); next = found.at + found.len) {
		if (is_marked(text, found.at, look->marks) || stands_in(&found, look->published))
			continue;
		add_piece(pieces, from, found.at, false);
		buf_add(&marked, from, (size_t)(found.at - from));
		from = found.at + found.len;
		add_piece(pieces, found.at, from, true);
		add_kind(rq, kinds, found.kind);
		add_marked(&marked, &found, &look->marks);
	}
	add_piece(pieces, from, from + strlen(from), false);
	buf_puts(&marked, from);
	if (!json_array_size(kinds)) {
		json_decref(pieces);
		json_decref(kinds);
		return json_null();
	}
	return json_make(
		"{s:o,s:o,s:s}", "pieces", pieces, "kinds", kinds, "marked", buf_text(&marked));
}
