#include "registry/profile/sheet.h"

#include "base/crypto.h"
#include "base/sha256.h"
#include "base/text.h"
#include "registry/profile/departments.h"

#include <stdlib.h>
#include <string.h>

#define ROW_TEXT_MAX (256 * MIB) /* a row is no longer than its file */
#define NAME_CHARS 60            /* of what a row is called */
#define HINT_MAX 60              /* of an address that is made of a name */
#define KEY_BYTES 200 /* a longer key stands as its hash: an event's line has little room */

enum err sheet_read(struct sheet *s, struct profile *p, const struct standard *standard,
	const char *text, size_t len, char separator)
{
	*s = (struct sheet){.profile = p,
		.labels = labels_open(p, standard),
		.said = json_object(),
		.seen = json_object(),
		.keys = json_object(),
		.departments = json_object(),
		.names = json_object()};
	TRY(profile_rows(p, text, len, separator, &s->file));
	return s->labels ? labels_apply(s->labels, &s->file, s->said) : OK;
}

json_t *sheet_lacks(struct sheet *s)
{
	if (s->labels && labels_may_lack(s->labels, &s->file, s->said))
		return json_array();
	return profile_lacks(s->profile, &s->file);
}

void sheet_done(struct sheet *s)
{
	profile_rows_done(&s->file);
	labels_free(s->labels);
	json_decref(s->said);
	json_decref(s->seen);
	json_decref(s->keys);
	json_decref(s->departments);
	json_decref(s->names);
	*s = (struct sheet){0};
}

/* --- a row --- */

/* The line of an earlier row that is the same in every column; 0 for none. */
static int64_t same_as(struct sheet *s, const json_t *row, int64_t line)
{
	AUTO(buf) text = BUF(ROW_TEXT_MAX);
	char hex[SHA256_HEX];
	struct sha256 hash;
	int64_t first;

	json_canonical(row, &text);
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, hex);
	first = json_num(s->seen, hex);
	if (!first)
		json_put(s->seen, hex, json_integer(line));
	return first;
}

static bool take_key(struct sheet *s, const char *key)
{
	if (json_object_get(s->keys, key))
		return false;
	json_put(s->keys, key, json_true());
	return true;
}

static char *short_key(const char *key)
{
	struct sha256 hash;
	char hex[SHA256_HEX];

	if (strlen(key) <= KEY_BYTES)
		return mem_text(key);
	hash = sha256_of(key, strlen(key));
	sha256_hex(&hash, hex);
	return mem_printf("sha256:%s", hex);
}

/* The key by which the row is known from one import to the next (policies/profiles/
 * us-federal-2025/README.md, "Keys and repeats"); NULL where the map could not tell it. */
static char *choose_key(struct sheet *s, const json_t *mapped, bool *repeated)
{
	const char *key = json_str(mapped, "key"), *other = json_str(mapped, "key_if_repeated");
	AUTOFREE char *first = key && *key ? short_key(key) : NULL;

	*repeated = false;
	if (!first || take_key(s, first))
		return TAKE(first);
	*repeated = true;
	for (int n = 1;; n++) {
		AUTOFREE char *numbered = n > 1 ? mem_printf("%s#%d", other ? other : key, n)
		                                : mem_text(other ? other : key);
		AUTOFREE char *next = short_key(numbered);

		if (take_key(s, next))
			return TAKE(next);
	}
}

/* The profile's readable wish, else the record's name as an address. */
static bool wished_slug(const json_t *mapped, char out[SLUG_MAX + 1])
{
	const char *hint = json_str(mapped, "slug_hint");
	const json_t *record = json_object_get(mapped, "record");

	if (!hint)
		return departments_slug_of(json_object_get(record, "name"), HINT_MAX, out);
	return snprintf(out, SLUG_MAX + 1, "%s", hint) <= SLUG_MAX;
}

/* Where the source's own number does not make it the only one, with the key's hash behind it, for
 * which there must be room. NULL for none. */
static json_t *choose_slug(const json_t *mapped, const char *key, bool repeated)
{
	AUTOFREE char *slug = NULL;
	char wish[SLUG_MAX + 1], hex[9];
	struct sha256 hash;
	size_t len;

	if (!wished_slug(mapped, wish))
		return json_text(json_str(mapped, "slug_hint"));
	if (json_str(mapped, "id") && !repeated)
		return json_text(wish);
	hash = sha256_of(key, strlen(key));
	hex_text(hash.bytes, 4, hex);
	for (len = strlen(wish); len > SLUG_MAX - strlen(hex) - 1 || (len && wish[len - 1] == '-');)
		len--;
	slug = mem_printf("%.*s-%s", (int)len, wish, hex);
	return json_text(slug);
}

/* What people know a row by: its key, else the first cell in which anything is. */
static void name_row(struct sheet *s, int64_t line, const char *name)
{
	AUTOFREE char *at = mem_printf("%lld", (long long)line);
	AUTOFREE char *shown = NULL;

	if (!name || !*name)
		return;
	shown = mem_bytes(name, text_prefix(name, NAME_CHARS));
	shown[strcspn(shown, "\r\n")] = '\0';
	json_put(s->names, at, json_text(shown));
}

static const char *first_cell(const struct sheet *s, const json_t *row)
{
	const json_t *column;
	size_t i;

	json_array_foreach (s->file.columns, i, column) {
		const char *cell = json_str(row, json_string_value(column));

		if (cell && *cell)
			return cell;
	}
	return NULL;
}

/* A row that is no record takes its key all the same, so that it retires nothing. Repeated, it
 * may be any of those with that key. */
static void take_unmapped(struct sheet *s, int64_t line, const json_t *mapped, json_t *out)
{
	bool repeated;
	AUTOFREE char *key = choose_key(s, mapped, &repeated);

	name_row(s, line, json_str(mapped, "key"));
	s->nameless += !key || repeated;
	json_put(out, "error", labels_reword(s->said, json_object_get(mapped, "error")));
}

static void put_mapped(const json_t *mapped, const char *key, bool repeated, json_t *out)
{
	json_t *dropped = json_object_get(mapped, "dropped");

	if (dropped)
		json_put(out, "dropped", json_incref(dropped));
	json_put(out, "mapped",
		json_make("{s:O,s:s,s:o,s:O?,s:O?,s:O*}", "line", json_object_get(out, "line"),
			"key", key, "slug", choose_slug(mapped, key, repeated), "department",
			json_object_get(mapped, "department"), "record",
			json_object_get(mapped, "record"), "of",
			repeated ? NULL : json_object_get(mapped, "of")));
}

static enum err take_mapped(struct sheet *s, int64_t line, const json_t *mapped, json_t *out)
{
	json_auto_t *none = json_object();
	bool repeated;
	AUTOFREE char *key = choose_key(s, mapped, &repeated);

	name_row(s, line, json_str(mapped, "key"));
	s->nameless += !key;
	ENSURE(key, ERR_INVALID, "the profile gave no key for this row");
	/* In our own export every address stands once: a copied row would be a second page. */
	ENSURE(!repeated || !json_is_object(json_object_get(mapped, "of")), ERR_CONFLICT,
		"another row of this file is \"%s\" as well: keep one of them; for a new system leave "
		"id and register empty",
		json_str(json_object_get(mapped, "of"), "system"));
	/* What our own export says of a department, its register says. */
	TRY(departments_take(json_is_object(json_object_get(mapped, "of")) ? none : s->departments,
		line, json_object_get(mapped, "department")));
	put_mapped(mapped, key, repeated, out);
	return OK;
}

/* With words in doubt, of another number of cells than the header has, or of which the map makes
 * nothing: then nobody can tell which system it is. */
static enum err map_row(struct sheet *s, const json_t *entry, json_t **out)
{
	const json_t *cells = json_object_get(entry, "cells");
	const char *why = json_str(entry, "why");
	enum err e = why ? fail(ERR_INVALID, "%s", why) : OK;

	if (cells && !why)
		e = fail(ERR_INVALID,
			"it has %lld cells, and the header has %zu: add the cells that it lacks, or put "
			"quotes around a text with a separator in it",
			(long long)json_integer_value(cells), json_array_size(s->file.columns));
	if (e == OK)
		e = profile_map(s->profile, json_object_get(entry, "row"), out);
	s->nameless += e != OK;
	return e;
}

json_t *sheet_row(struct sheet *s, const json_t *entry)
{
	const json_t *row = json_object_get(entry, "row");
	int64_t line = json_num(entry, "line"), first = same_as(s, row, line);
	json_t *out = json_make("{s:I}", "line", (json_int_t)line);
	json_auto_t *mapped = NULL;
	enum err e;

	name_row(s, line, first_cell(s, row));
	if (first) {
		json_put(out, "same_as", json_integer(first));
		return out;
	}
	e = map_row(s, entry, &mapped);
	if (e == OK && json_object_get(mapped, "error"))
		take_unmapped(s, line, mapped, out);
	else if (e == OK)
		e = take_mapped(s, line, mapped, out);
	if (e != OK)
		json_put(out, "why", json_text(err_why()));
	return out;
}

const char *sheet_name(const struct sheet *s, int64_t line)
{
	AUTOFREE char *at = mem_printf("%lld", (long long)line);

	return json_str(s->names, at);
}
