#include "registry/event/search.h"

#include <stdlib.h>
#include <string.h>

/* FTS5 removes a row of an external-content index only if it gets the values that were indexed. */
#define INDEX(table, from, columns, of) \
	"INSERT INTO " table " (rowid, " columns ") SELECT id, " columns " FROM " from " WHERE " of
#define UNINDEX(table, from, columns, of)                                                     \
	"INSERT INTO " table " (" table ", rowid, " columns ") SELECT 'delete', id, " columns \
	" FROM " from " WHERE " of
#define HEAD "search_head", "search_text", "name, tags, summary, facets", "system = ?1"
#define BODY \
	"search_body", "search_text", "name, tags, summary, rest, not_for, facets", "system = ?1"
#define ASKED "search_asked", "search_question", "asked", "id = ?1"
#define CALLED "search_called", "search_department", "name", "slug = ?1"
#define EXPAND(macro, ...) macro(__VA_ARGS__)

/* Each is one token, so that it is looked up and not put together from many: behind a mark of its
 * kind and before "0e", with what would part it, or end it, written out. The query's side is
 * registry/query/search.c. */
#define TOKEN(mark, value)                                                              \
	"'" mark "' || replace(replace(replace(" value ", '0', '00'), '-', '0m'), '_'," \
	" '0u') || '0e'"
#define FACETS                                                                \
	" (SELECT " TOKEN("fd", "s.department") " || ' ' || " TOKEN("fs",     \
		"CASE WHEN s.state IN ('suspended', 'retired') THEN s.state"  \
		" ELSE coalesce(s.status, '') END") " || ' ' || " TOKEN("fr", \
		"coalesce(s.risk, '')") " FROM system s WHERE s.slug = ?1)"
/* Retired systems sort behind all others, whether the office or the record retired them. */
#define PLACE                                                                          \
	" ?2 - iif((SELECT 'retired' IN (state, status) FROM system WHERE slug = ?1)," \
	" 1099511627776, 0)"

SQL(HEAD_IN, "search.head_in", EXPAND(INDEX, HEAD));
SQL(HEAD_OUT, "search.head_out", EXPAND(UNINDEX, HEAD));
SQL(BODY_IN, "search.body_in", EXPAND(INDEX, BODY));
SQL(BODY_OUT, "search.body_out", EXPAND(UNINDEX, BODY));
SQL(ASKED_IN, "search.asked_in", EXPAND(INDEX, ASKED));
SQL(ASKED_OUT, "search.asked_out", EXPAND(UNINDEX, ASKED));
SQL(CALLED_IN, "search.called_in", EXPAND(INDEX, CALLED));
SQL(CALLED_OUT, "search.called_out", EXPAND(UNINDEX, CALLED));
SQL(PLACE_OF, "search.place_of", "SELECT id FROM search_text WHERE system = ?1");
SQL(ADD, "search.add",
	"INSERT INTO search_text (id, system, name, tags, summary, rest, not_for, facets)"
	" VALUES (" PLACE ", ?1, ?3, ?4, ?5, ?6, ?7, " FACETS ")");
SQL(REMOVE, "search.remove", "DELETE FROM search_text WHERE system = ?1");
SQL(MOVE, "search.move",
	"UPDATE search_text SET id = " PLACE ", facets = " FACETS " WHERE system = ?1");
SQL(QUESTION, "search.question",
	"SELECT entry, system, coalesce(masked, sha256), state = 'published' AND"
	" withdrawn_entry IS NULL AND erased_entry IS NULL FROM feedback WHERE id = ?1");
SQL(ANSWERS, "search.answers",
	"SELECT sha256 FROM answer WHERE feedback = ?1 AND NOT personal ORDER BY entry");
SQL(ADD_QUESTION, "search.add_question",
	"INSERT INTO search_question (id, system, asked) VALUES (?1, ?2, ?3)");
SQL(REMOVE_QUESTION, "search.remove_question", "DELETE FROM search_question WHERE id = ?1");
SQL(LOSES, "search.question_loses",
	"SELECT 1 FROM search_question WHERE id = ?1 AND"
	" substr(?2, 1, length(asked)) <> asked");
SQL(WITH_CONTENT, "search.with_content",
	"SELECT id FROM feedback WHERE sha256 = ?1 UNION SELECT id FROM feedback WHERE"
	" masked = ?1 UNION SELECT feedback FROM answer WHERE sha256 = ?1");
SQL(ADD_DEPARTMENT, "search.add_department",
	"INSERT INTO search_department (id, slug, name) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (slug) DO UPDATE SET name = excluded.name");
#define SET(table, option, value) \
	"INSERT INTO " table " (" table ", rank) VALUES ('" option "', " value ")"
SQL(BODY_PILE, "search.body_pile", SET("search_body", "automerge", "0"));
SQL(BODY_HEAP, "search.body_heap", SET("search_body", "crisismerge", "1999"));
SQL(BODY_MERGE, "search.body_merge", SET("search_body", "automerge", "4"));
SQL(BODY_CRISIS, "search.body_crisis", SET("search_body", "crisismerge", "16"));
SQL(HEAD_ALL, "search.head_all", "INSERT INTO search_head (search_head) VALUES ('rebuild')");
SQL(BODY_ALL, "search.body_all", "INSERT INTO search_body (search_body) VALUES ('rebuild')");
SQL(ASKED_ALL, "search.asked_all", "INSERT INTO search_asked (search_asked) VALUES ('rebuild')");
SQL(CALLED_ALL, "search.called_all",
	"INSERT INTO search_called (search_called) VALUES ('rebuild')");
SQL(HEAD_CLEAN, "search.head_clean", "INSERT INTO search_head (search_head) VALUES ('optimize')");
SQL(BODY_CLEAN, "search.body_clean", "INSERT INTO search_body (search_body) VALUES ('optimize')");
SQL(ASKED_CLEAN, "search.asked_clean",
	"INSERT INTO search_asked (search_asked) VALUES ('optimize')");

/* --- the texts of a record --- */

/* "ko", "pt-BR": the key of a text per language, not a member of an object. */
static bool is_language(const char *key)
{
	return strlen(key) == 2 || (strlen(key) > 3 && key[2] == '-');
}

/* Codes, days, addresses and values of lists are for programs. A value with a space, a capital or
 * another script is for people, such as a model's name; so is the name of a policy
 * (kr-ai-basic-act). */
static bool is_for_people(const char *s)
{
	bool plain = (*s >= '0' && *s <= '9') || !strchr(s, '-');

	if (strncmp(s, "http", 4) == 0 || (strchr(s, '@') && !strchr(s, ' ')))
		return false;
	for (; *s; s++)
		plain = plain && *s > ' ' && (*s < 'A' || *s > 'Z');
	return !plain;
}

static void add_texts(const json_t *value, bool text, struct buf *out)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_string(value) && (text || is_for_people(json_string_value(value)))) {
		buf_puts(out, json_string_value(value));
		buf_putc(out, '\n');
	}
	json_array_foreach (value, i, item)
		add_texts(item, text, out);
	json_object_foreach ((json_t *)value, key, item)
		add_texts(item, is_language(key), out);
}

/* --- labels of coded values --- */

/* The page shows a label for a code. "none" says that there is nothing of it, and whoever searches
 * for it should not find that; status and risk are filters, not texts. */
static bool is_labelled(const struct field *f, const char *value)
{
	return value && strcmp(value, "none") != 0 && strcmp(f->name, "status") != 0 &&
	       strcmp(f->name, "risk_category") != 0;
}

/* A field that people ask about first is found by its own name, too: "Personal data: identified".
 */
static void add_label(
	const struct field *f, const json_t *label, bool named, const char *lang, struct buf *out)
{
	const char *text = json_str(label, lang),
		   *name = named ? json_str(json_object_get(f->json, "label"), lang) : NULL;

	if (text)
		buf_printf(out, "%s%s%s\n", name ? name : "", name ? ": " : "", text);
}

static void add_value(const struct field *f, const char *value, bool named, struct buf *out)
{
	const json_t *one, *label, *text;
	const char *lang;
	size_t i;

	json_array_foreach (json_object_get(f->json, "values"), i, one) {
		const char *code = json_str(one, "value");

		if (!code || strcmp(code, value) != 0)
			continue;
		label = json_object_get(one, "label");
		json_object_foreach ((json_t *)label, lang, text)
			add_label(f, label, named, lang, out);
	}
}

static void add_labels(const struct field *f, const json_t *value, bool named, struct buf *out)
{
	const json_t *item;
	size_t i;

	if (json_is_string(value) && is_labelled(f, json_string_value(value)))
		add_value(f, json_string_value(value), named, out);
	json_array_foreach (value, i, item)
		if (f->item)
			add_labels(f->item, item, false, out);
	for (i = 0; i < f->members_n && json_is_object(value); i++)
		add_labels(&f->members[i], json_object_get(value, f->members[i].name), false, out);
}

static bool is_asked_first(const json_t *asked_first, const char *field)
{
	const json_t *one;
	size_t i;

	json_array_foreach (asked_first, i, one) {
		const char *name = json_str(one, "field");

		if (name && strcmp(name, field) == 0)
			return true;
	}
	return false;
}

/* By the standard in force when the entry is folded, as the page has it. */
static enum err read_labels(struct state *st, const json_t *record, struct buf *out)
{
	const struct standard *standard;
	const struct field *fields;
	const json_t *asked_first;
	size_t n;

	TRY(state_standard(st, &standard));
	if (!standard || !record)
		return OK;
	asked_first = standard_asked_first(standard);
	fields = standard_fields(standard, &n);
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(record, fields[i].name);
		bool named = json_is_string(value) && is_asked_first(asked_first, fields[i].name);

		if (value)
			add_labels(&fields[i], value, named, out);
	}
	return OK;
}

struct texts {
	struct buf name, tags, summary, rest, not_for;
};

static void texts_done(struct texts *t)
{
	buf_done(&t->name);
	buf_done(&t->tags);
	buf_done(&t->summary);
	buf_done(&t->rest);
	buf_done(&t->not_for);
}

static void read_texts(const json_t *record, const char *slug, struct texts *t)
{
	const struct {
		const char *field;
		struct buf *to;
	} places[] = {{"name", &t->name}, {"category", &t->tags}, {"tags", &t->tags},
		{"description_short", &t->summary}, {"out_of_scope", &t->not_for}};
	const char *field;
	json_t *value;

	json_object_foreach ((json_t *)record, field, value) {
		struct buf *to = &t->rest;

		for (size_t i = 0; i < COUNT(places); i++)
			to = strcmp(field, places[i].field) == 0 ? places[i].to : to;
		add_texts(value, to != &t->rest, to);
	}
	if (record)
		buf_puts(&t->rest, slug);
}

/* --- systems --- */

/* A rebuild makes all indexes at its end; a verification needs none. */
static enum err unindex(struct state *st, const char *slug)
{
	if (st->unindexed)
		return OK;
	TRY(db_run(st->db, HEAD_OUT, BIND(text(slug))));
	return db_run(st->db, BODY_OUT, BIND(text(slug)));
}

static enum err index_again(struct state *st, const char *slug)
{
	if (st->unindexed)
		return OK;
	TRY(db_run(st->db, HEAD_IN, BIND(text(slug))));
	return db_run(st->db, BODY_IN, BIND(text(slug)));
}

/* Its present place in lists; -1 if it is not indexed yet. */
static enum err place_of(struct state *st, const char *slug, int64_t *out)
{
	enum err e = db_int(st->db, PLACE_OF, BIND(text(slug)), out);

	if (e == ERR_NOT_FOUND)
		*out = -1;
	else if (e == OK && *out < 0)
		*out += SEARCH_RETIRED;
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err search_system(struct state *st, const char *slug, const json_t *record, int64_t entry)
{
	struct texts t = {BUF(MIB), BUF(MIB), BUF(MIB), BUF(MIB), BUF(MIB)};
	enum err e = entry >= 0 ? OK : place_of(st, slug, &entry);

	if (e != OK || entry < 0) /* nothing of it is public */
		return e;
	read_texts(record, slug, &t);
	buf_putc(&t.rest, '\n');
	e = read_labels(st, record, &t.rest);
	if (e == OK)
		e = unindex(st, slug);
	if (e == OK)
		e = db_run(st->db, REMOVE, BIND(text(slug)));
	if (e == OK)
		e = db_run(st->db, ADD,
			BIND(text(slug), num(entry), text(buf_text(&t.name)),
				text(buf_text(&t.tags)), text(buf_text(&t.summary)),
				text(buf_text(&t.rest)), text(buf_text(&t.not_for))));
	if (e == OK)
		e = index_again(st, slug);
	texts_done(&t);
	return e;
}

enum err search_system_state(struct state *st, const char *slug, int64_t entry)
{
	TRY(unindex(st, slug));
	TRY(db_run(st->db, MOVE, BIND(text(slug), num(entry))));
	return index_again(st, slug);
}

/* --- departments --- */

enum err search_department(struct state *st, const struct event *ev)
{
	AUTO(buf) name = BUF(64 * KIB);

	add_texts(json_object_get(ev->content, "name"), true, &name);
	if (!st->unindexed)
		TRY(db_run(st->db, CALLED_OUT, BIND(text(ev->subject))));
	TRY(db_run(st->db, ADD_DEPARTMENT,
		BIND(num((int64_t)ev->index), text(ev->subject), text(buf_text(&name)))));
	return st->unindexed ? OK : db_run(st->db, CALLED_IN, BIND(text(ev->subject)));
}

/* --- questions --- */

static enum err add_content(struct state *st, const char *sha256, struct buf *out)
{
	json_auto_t *content = NULL;

	TRY(state_content(st, sha256, &content));
	add_texts(json_object_get(content, "text"), true, out);
	return OK;
}

static enum err add_answers(struct state *st, const char *id, struct buf *out)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, ANSWERS, BIND(text(id)), &rows));
	while (rows_next(&rows))
		TRY(add_content(st, rows_text(&rows, 0), out));
	return rows_end(&rows);
}

static enum err replace_question(
	struct state *st, int64_t entry, const char *system, const char *asked)
{
	if (!st->unindexed)
		TRY(db_run(st->db, ASKED_OUT, BIND(num(entry))));
	TRY(db_run(st->db, REMOVE_QUESTION, BIND(num(entry))));
	if (!*asked)
		return OK;
	TRY(db_run(st->db, ADD_QUESTION, BIND(num(entry), text(system), text(asked))));
	return st->unindexed ? OK : db_run(st->db, ASKED_IN, BIND(num(entry)));
}

/* A withdrawn, withheld or masked question must leave no word in the index. An answer only adds
 * words. */
static enum err put_question(struct state *st, int64_t entry, const char *system, const char *asked)
{
	int64_t one;
	enum err loses = db_int(st->db, LOSES, BIND(num(entry), text(asked)), &one);

	if (loses != ERR_NOT_FOUND)
		TRY(loses);
	TRY(replace_question(st, entry, system, asked));
	return loses == OK && !st->unindexed ? db_run(st->db, ASKED_CLEAN, BIND_NONE) : OK;
}

enum err search_question(struct state *st, const char *id)
{
	AUTO(buf) asked = BUF(8 * MIB);
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, QUESTION, BIND(text(id)), &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	if (rows_null(&row, 1)) /* about no particular system */
		return OK;
	if (rows_int(&row, 3)) {
		TRY(add_content(st, rows_text(&row, 2), &asked));
		TRY(add_answers(st, id, &asked));
	}
	return put_question(st, rows_int(&row, 0), rows_text(&row, 1), buf_text(&asked));
}

/* --- all --- */

enum err search_erased(struct state *st, const char *sha256)
{
	static const struct sql *const clean[] = {HEAD_CLEAN, BODY_CLEAN, ASKED_CLEAN};
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, WITH_CONTENT, BIND(text(sha256)), &rows));
	while (rows_next(&rows))
		TRY(search_question(st, rows_text(&rows, 0)));
	TRY(rows_end(&rows));
	for (size_t i = 0; i < COUNT(clean) && !st->unindexed; i++)
		TRY(db_run(st->db, clean[i], BIND_NONE));
	return OK;
}

/* A search looks its words up in each piece of an index, so that these end as one. The pieces of
 * the large index are merged only once all are written: FTS5 would merge them several times, and
 * leave as much free space in the file as the index takes. */
enum err search_index(struct state *st)
{
	static const struct sql *const all[] = {BODY_PILE, BODY_HEAP, HEAD_ALL, BODY_ALL, ASKED_ALL,
		CALLED_ALL, HEAD_CLEAN, BODY_CLEAN, ASKED_CLEAN, BODY_MERGE, BODY_CRISIS};

	for (size_t i = 0; i < COUNT(all); i++)
		TRY(db_run(st->db, all[i], BIND_NONE));
	return OK;
}
