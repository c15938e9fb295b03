#include "registry/profile/sheet.h"

#include "base/crypto.h"
#include "base/embed.h"
#include "base/sha256.h"
#include "base/text.h"
#include "registry/profile/departments.h"
#include "registry/profile/sheet_own.h"

#include <stdlib.h>
#include <string.h>

#define ROW_TEXT_MAX (256 * MIB) /* a row is no longer than its file */
#define NAME_CHARS 60            /* of a row's name */
#define HINT_MAX 60              /* of an address made from a name */
#define KEY_BYTES 200 /* a longer key is replaced by its hash: an event's line has little room */
#define HASH_BYTES 16 /* enough to tell the rows of a file apart */

SQL(SAME, "sheet.same", "SELECT line FROM sheet_row WHERE hash = ?1 AND same_as IS NULL LIMIT 1");
SQL(ADD, "sheet.add",
	"INSERT INTO sheet_row (line, hash, name, same_as, first, other, own, content, made)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
SQL(NEXT, "sheet.next",
	"SELECT line, name, same_as, key, key IS NOT first, made FROM sheet_row"
	" WHERE line > ?1 ORDER BY line LIMIT 1");
EMBED(sheet_schema, "registry/profile/sheet.sql");

/* --- the file --- */

/* The columns of our own format outside the record: the register that imports fills them in anew.
 */
static void find_filled_in(struct sheet *s, const struct standard *standard)
{
	const json_t *export = json_object_get(profile_about(s->profile), "export");

	if (!standard || !json_is_true(json_object_get(export, "whole")))
		return;
	json_each (json_object_get(export, "columns"), column) {
		const char *name = json_string_value(column);
		AUTOFREE char *of = mem_bytes(name, strcspn(name, "."));
		const struct field *field = standard_field(standard, of);

		if (!field || field->automatic)
			json_put(s->filled_in, name, json_true());
	}
}

/* The database is in a temporary file or in memory. Nobody else uses it, so it is never committed.
 */
static enum err begin(
	struct sheet *s, struct profile *p, const struct standard *standard, const char *db)
{
	*s = (struct sheet){.profile = p,
		.labels = labels_open(p, standard),
		.said = json_object(),
		.departments = json_object(),
		.filled_in = json_object()};
	lost_begin(&s->lost, p);
	find_filled_in(s, standard);
	TRY(db_open(db, DB_WRITE, &s->db));
	TRY(db_exec(s->db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF"));
	TRY(db_exec(s->db, embed_sheet_schema));
	return db_exec(s->db, "BEGIN");
}

static enum err keep_columns(void *arg, const json_t *columns)
{
	struct sheet *s = arg;

	s->file.columns = json_deep_copy(columns);
	return OK;
}

static enum err keep_row(void *arg, json_t *entry)
{
	json_push(((struct sheet *)arg)->file.rows, entry);
	return OK;
}

enum err sheet_read(struct sheet *s, struct profile *p, const struct standard *standard,
	const char *text, size_t len, char separator)
{
	const struct profile_take take = {s, keep_columns, keep_row};

	TRY(begin(s, p, standard, ":memory:"));
	s->file.rows = json_array();
	TRY(profile_read(p, text, len, separator, &take));
	return s->labels ? labels_apply(s->labels, &s->file, s->said) : OK;
}

/* A file that is read in parts. */
struct reading {
	struct sheet *sheet;
	const struct sheet_file *file;
	bool checked;
};

static enum err check_once(struct reading *g)
{
	if (g->checked)
		return OK;
	g->checked = true;
	return g->file->check(g->file->arg);
}

static enum err read_columns(void *arg, const json_t *columns)
{
	struct reading *g = arg;
	struct sheet *s = g->sheet;

	s->file.columns = json_deep_copy(columns);
	return s->labels ? labels_header(s->labels, &s->file, s->said) : OK;
}

static enum err read_row(void *arg, json_t *row)
{
	json_auto_t *entry = row;
	struct reading *g = arg;
	struct sheet *s = g->sheet;

	if (s->labels && !labels_row(s->labels, entry, s->said))
		return OK;
	if (json_array_size(s->file.rows) == 0)
		json_array_append(s->file.rows, entry);
	TRY(check_once(g));
	TRY(sheet_take(s, entry));
	if (s->rows % 64 == 0)
		g->file->progress(g->file->arg, s->rows);
	return OK;
}

enum err sheet_read_file(struct sheet *s, struct profile *p, const struct standard *standard,
	const struct sheet_file *file)
{
	struct reading g = {.sheet = s, .file = file};
	const struct profile_take take = {&g, read_columns, read_row};

	TRY(begin(s, p, standard, "")); /* SQLite's name for a temporary file */
	s->file.rows = json_array();
	TRY(profile_read_file(p, file->path, file->charset, file->separator, &take));
	return check_once(&g);
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
	json_decref(s->departments);
	json_decref(s->filled_in);
	lost_done(&s->lost);
	db_free(s->db);
	*s = (struct sheet){0};
}

/* --- a row comes in --- */

/* A row before its key is settled. */
struct taken {
	int64_t line, same_as;
	struct sha256 hash;
	char *name, *first, *other, *content;
	bool own;
	json_t *made;
};

static void taken_done(struct taken *t)
{
	free(t->name);
	free(t->first);
	free(t->other);
	free(t->content);
	json_decref(t->made);
}

static enum err find_same(struct sheet *s, const json_t *row, struct taken *t)
{
	AUTO(buf) text = BUF(ROW_TEXT_MAX);
	enum err e;

	json_canonical(row, &text);
	t->hash = sha256_of(buf_text(&text), text.len);
	e = db_int(s->db, SAME, BIND(blob(t->hash.bytes, HASH_BYTES)), &t->same_as);
	return e == ERR_NOT_FOUND ? OK : e;
}

char *sheet_short_key(const char *key)
{
	struct sha256 hash;
	char hex[SHA256_HEX];

	if (strlen(key) <= KEY_BYTES)
		return mem_text(key);
	hash = sha256_of(key, strlen(key));
	sha256_hex(&hash, hex);
	return mem_printf("sha256:%s", hex);
}

void sheet_content(const json_t *record, char out[SHA256_HEX])
{
	AUTO(buf) text = BUF(ROW_TEXT_MAX);
	struct sha256 hash;

	json_canonical(record, &text);
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, out);
}

/* The name of a row for people: its key, or else the first cell that is not empty. */
static void name_row(struct taken *t, const char *name)
{
	if (!name || !*name)
		return;
	free(t->name);
	t->name = mem_bytes(name, text_prefix(name, NAME_CHARS));
	t->name[strcspn(t->name, "\r\n")] = '\0';
}

static const char *first_cell(const struct sheet *s, const json_t *row)
{
	json_each (s->file.columns, column) {
		const char *cell = json_str(row, json_string_value(column));

		if (cell && *cell)
			return cell;
	}
	return NULL;
}

/* Nobody can tell which system a row is if some of its words are in doubt, if it has more or fewer
 * cells than the header, or if the map fails on it. */
static enum err map_row(struct sheet *s, const json_t *entry, json_t **out)
{
	const json_t *cells = json_object_get(entry, "cells");
	const char *why = json_str(entry, "why");
	enum err e = why ? fail(ERR_INVALID, "%s", why) : OK;

	if (!why && json_object_get(entry, "quote"))
		e = fail(ERR_INVALID,
			"a quote stands where none may be: put the whole cell in quotes and write each "
			"quote within it twice, or leave it out");
	if (cells && e == OK)
		e = fail(ERR_INVALID,
			"the row has %lld cells, and the header has %zu: add the cells that it lacks, or put "
			"quotes around a text with a separator in it",
			(long long)json_integer_value(cells), json_array_size(s->file.columns));
	if (e == OK)
		e = profile_map(s->profile, json_object_get(entry, "row"), out);
	s->nameless += e != OK;
	return e;
}

static void take_keys(struct taken *t, const json_t *mapped)
{
	const char *key = json_str(mapped, "key"), *other = json_str(mapped, "key_if_repeated");

	t->first = key && *key ? sheet_short_key(key) : NULL;
	t->other = t->first ? mem_text(other ? other : key) : NULL;
	name_row(t, key);
}

/* A row that is no record takes its key, too, so that its system is not retired. */
static enum err take_mapped(struct sheet *s, struct taken *t, const json_t *mapped)
{
	json_auto_t *none = json_object();
	json_t *kept, *department;
	char content[SHA256_HEX];

	take_keys(t, mapped);
	s->nameless += !t->first;
	if (json_object_get(mapped, "error")) {
		json_put(
			t->made, "error", labels_reword(s->said, json_object_get(mapped, "error")));
		return OK;
	}
	ENSURE(t->first, ERR_INVALID, "the profile gave no key for this row");
	t->own = json_is_object(json_object_get(mapped, "of"));
	/* In our own export the register names the department, so there is nothing to check. */
	department = json_deep_copy(json_object_get(mapped, "department"));
	kept = json_copy((json_t *)mapped);
	json_put(kept, "department", department);
	json_put(t->made, "map", kept);
	TRY(departments_take(t->own ? none : s->departments, t->line, department));
	sheet_content(json_object_get(mapped, "record"), content);
	t->content = mem_text(content);
	s->records++;
	return OK;
}

static enum err add(struct sheet *s, const struct taken *t)
{
	AUTO(buf) made = BUF(ROW_TEXT_MAX);

	json_canonical(t->made, &made);
	s->rows++;
	return db_run(s->db, ADD,
		BIND(num(t->line), blob(t->hash.bytes, HASH_BYTES), text(t->name),
			t->same_as ? num(t->same_as) : text(NULL), text(t->first), text(t->other),
			num(t->own), text(t->content), text(buf_text(&made))));
}

enum err sheet_take(struct sheet *s, const json_t *entry)
{
	const json_t *row = json_object_get(entry, "row");
	AUTO(taken) t = {.line = json_num(entry, "line"), .made = json_object()};
	json_auto_t *mapped = NULL;
	enum err e;

	name_row(&t, first_cell(s, row));
	TRY(find_same(s, row, &t));
	if (t.same_as)
		return add(s, &t);
	e = map_row(s, entry, &mapped);
	if (e == OK)
		e = take_mapped(s, &t, mapped);
	if (e == OK && t.content)
		lost_look(&s->lost, t.line, row, mapped, s->filled_in);
	if (e != OK) {
		json_object_clear(t.made);
		json_put(t.made, "why", json_text(err_why()));
	}
	return add(s, &t);
}

enum err sheet_refuse(struct sheet *s, const json_t *entry, const char *why)
{
	const json_t *row = json_object_get(entry, "row");
	AUTO(taken) t = {.line = json_num(entry, "line"), .made = json_make("{s:s}", "why", why)};

	name_row(&t, first_cell(s, row));
	s->nameless++;
	return add(s, &t);
}

/* --- a row goes out --- */

/* The address that the profile wishes, or else one made from the record's name. */
static bool wished_slug(const json_t *mapped, const char *member, char out[SLUG_MAX + 1])
{
	const char *hint = json_str(mapped, member);
	const json_t *record = json_object_get(mapped, "record");

	if (!hint || !*hint)
		return departments_slug_of(json_object_get(record, "name"), HINT_MAX, out);
	return snprintf(out, SLUG_MAX + 1, "%s", hint) <= SLUG_MAX;
}

/* `member`: of the map's output. Appends the key's hash unless the source's own number makes the
 * wished address unique; shortens the wish if the hash needs room. */
static json_t *choose_slug(const json_t *mapped, const char *member, const char *key, bool repeated)
{
	AUTOFREE char *slug = NULL;
	char wish[SLUG_MAX + 1], hex[9];
	struct sha256 hash;
	size_t len;

	if (!wished_slug(mapped, member, wish))
		return json_text(json_str(mapped, member));
	if (json_str(mapped, "id") && !repeated)
		return json_text(wish);
	hash = sha256_of(key, strlen(key));
	hex_text(hash.bytes, 4, hex);
	for (len = strlen(wish); len > SLUG_MAX - strlen(hex) - 1 || (len && wish[len - 1] == '-');)
		len--;
	slug = mem_printf("%.*s-%s", (int)len, wish, hex);
	return json_text(slug);
}

/* `key` identifies the row; `repeated` if the map gave another one. */
static void put_mapped(const json_t *mapped, const char *key, bool repeated, json_t *out)
{
	json_t *dropped = json_object_get(mapped, "dropped");

	if (dropped)
		json_put(out, "dropped", json_incref(dropped));
	/* In our own export every address is there once: a copied row would become a second page.
	 */
	if (repeated && json_is_object(json_object_get(mapped, "of"))) {
		(void)fail(ERR_CONFLICT,
			"another row of this file is \"%s\" as well: keep one of them; for a new system "
			"leave id and register empty",
			json_str(json_object_get(mapped, "of"), "system"));
		json_put(out, "why", json_text(err_why()));
		return;
	}
	json_put(out, "mapped",
		json_make("{s:O,s:s,s:o,s:O?,s:O?,s:O*,s:O*}", "line", json_object_get(out, "line"),
			"key", key, "slug", choose_slug(mapped, "slug_hint", key, repeated),
			"department", json_object_get(mapped, "department"), "record",
			json_object_get(mapped, "record"), "of", json_object_get(mapped, "of"),
			"state", json_object_get(mapped, "state")));
	/* The address that an earlier program would have made: a draft may have it. */
	if (json_str(mapped, "slug_before"))
		json_put(json_object_get(out, "mapped"), "before",
			choose_slug(mapped, "slug_before", key, repeated));
}

enum err sheet_next(struct sheet *s, int64_t *line, json_t **result)
{
	json_auto_t *out = json_object(), *made = NULL;
	AUTO(rows) row = {0};
	const char *text;

	TRY(db_one(s->db, NEXT, BIND(num(*line)), &row));
	*line = rows_int(&row, 0);
	json_put(out, "line", json_integer((json_int_t)*line));
	if (!rows_null(&row, 1))
		json_put(out, "name", json_text(rows_text(&row, 1)));
	if (!rows_null(&row, 2))
		json_put(out, "same_as", json_integer((json_int_t)rows_int(&row, 2)));
	text = rows_text(&row, 5);
	TRY(json_read(text, strlen(text), ROW_TEXT_MAX, RULES_LOOSE, &made));
	if (json_object_get(made, "map"))
		put_mapped(
			json_object_get(made, "map"), rows_text(&row, 3), rows_int(&row, 4), out);
	else
		json_object_update(out, made);
	*result = TAKE(out);
	return OK;
}
