/* Rows as JSON values; the name of a column tells how to convert its cells. */
#include "registry/query/query_parts.h"

#include "audit/tile.h"
#include "base/json_parse.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static json_t *loaded(const char *json)
{
	json_t *value = json ? json_parse(json, strlen(json)) : NULL;

	if (json && !value) /* jansson takes what is odd */
		value = json_loads(json, JSON_DECODE_ANY, NULL);
	return value ? value : json_null();
}

/* A member of a content's JSON; null if the content was erased. */
static json_t *content_member(const struct snapshot *snap, const char *hex, const char *member)
{
	const struct store *store = &snap->log;
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	json_t *content, *value;

	if (!hex || sha256_from_hex(hex, &hash) != OK ||
		store->ops->content(store->self, &hash, &bytes) != OK)
		return json_null();
	content = loaded(buf_text(&bytes));
	value = member ? json_incref(json_object_get(content, member)) : json_incref(content);
	json_decref(content);
	return value ? value : json_null();
}

static json_t *member_of(const char *json, const char *member)
{
	json_t *value = loaded(json), *one = json_incref(json_object_get(value, member));

	json_decref(value);
	return one ? one : json_null();
}

json_t *query_text(const char *s)
{
	size_t len = s ? strlen(s) : 0;
	AUTOFREE char *shown = NULL;
	json_t *value;

	if (s && !text_is_utf8(s, len))
		shown = text_shown(s, true);
	if (!s || shown)
		return json_text(shown);
	value = json_stringn_nocheck(s, len);
	return value ? value : json_null();
}

/* Converts a cell as the part of its column's name after ":" says. */
static json_t *cell(const struct snapshot *snap, struct rows *rows, int col, const char *kind)
{
	const char *s;

	if (rows_null(rows, col))
		return json_null();
	if (!kind)
		return rows_is_int(rows, col) ? json_integer(rows_int(rows, col))
		                              : query_text(rows_text(rows, col));
	s = rows_text(rows, col);
	if (strcmp(kind, "json") == 0)
		return loaded(s);
	if (strcmp(kind, "bool") == 0)
		return json_boolean(rows_int(rows, col));
	if (strcmp(kind, "name") == 0 || strcmp(kind, "about") == 0)
		return member_of(s, kind);
	return content_member(snap, s, strcmp(kind, "content") == 0 ? NULL : kind);
}

static json_t *row_object(const struct snapshot *snap, struct rows *rows)
{
	json_t *object = json_object();

	for (int col = 0; col < rows_width(rows); col++) {
		const char *name = rows_name(rows, col), *kind = strchr(name, ':');
		size_t len = kind ? (size_t)(kind - name) : strlen(name);
		json_t *value = cell(snap, rows, col, kind ? kind + 1 : NULL);

		if (json_object_setn_new_nocheck(object, name, len, value) != 0)
			abort(); /* out of memory: the names are the program's own */
	}
	return object;
}

enum err query_row(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out)
{
	AUTO(rows) row = {0};

	TRY(db_one(snap->model, query, args, &row));
	*out = row_object(snap, &row);
	return OK;
}

enum err query_rows(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out)
{
	AUTO(rows) rows = {0};
	json_auto_t *list = json_array();

	TRY(db_query(snap->model, query, args, &rows));
	while (rows_next(&rows))
		json_push(list, row_object(snap, &rows));
	TRY(rows_end(&rows));
	*out = TAKE(list);
	return OK;
}

json_t *query_erasure_reason(const struct snapshot *snap, int64_t entry)
{
	const struct store *store = &snap->log;
	AUTO(buf) bytes = BUF(ENTRY_MAX);
	json_auto_t *event = NULL;

	if (store->ops->entry(store->self, (uint64_t)entry, &bytes) != OK)
		return json_null();
	event = loaded(buf_text(&bytes));
	return content_member(
		snap, json_str(json_object_get(event, "content"), "sha256"), "reason");
}
