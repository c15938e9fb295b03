#include "registry/query_parts.h"

#include "audit/store_sqlite.h"
#include "audit/tile.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* The status that a reader sees: what the office did to a system wins over what its record
 * says of itself. */
#define STATUS "CASE WHEN s.state IN ('suspended', 'retired') THEN s.state ELSE s.status END"
#define REVIEW_DUE QUERY_REVIEW_DUE
#define SYSTEM_COLUMNS                                                                    \
	" s.slug, s.department, d.about AS \"department_name:name\", s.state, s.version," \
	" s.name AS \"name:json\", s.summary AS \"summary:json\", " STATUS " AS status,"  \
	" s.risk, s.first_at, s.changed_at, s.level, s.duties, s.duties_met," REVIEW_DUE  \
	" AS review_due, s.required, s.filled, s.withheld"
#define SYSTEM_FILTER                                                                        \
	" FROM system s JOIN department d ON d.slug = s.department WHERE s.version > 0"      \
	" AND (?1 IS NULL OR NOT EXISTS"                                                     \
	" (SELECT 1 FROM json_each(?1) w WHERE instr(coalesce(s.search, ''), w.value) = 0))" \
	" AND (?2 IS NULL OR s.department = ?2) AND (?3 IS NULL OR " STATUS " = ?3)"         \
	" AND (?4 IS NULL OR s.risk = ?4)"                                                   \
	" AND (?5 IS NULL OR" REVIEW_DUE " >= ?5) AND (?6 IS NULL OR" REVIEW_DUE " < ?6)"
#define SEARCH_SCANS "a search reads every system; 10,000 of them take a few milliseconds"
#define QUESTION_COLUMNS                                                                \
	" f.id, f.system, f.at, f.entry, f.state, f.sha256 AS \"sha256\", f.sha256 AS " \
	"\"content:content\","                                                          \
	" f.reason AS \"reason:reason\""

enum {
	REGISTER,
	COUNTS,
	RISKS,
	ANSWER_DAYS,
	SYSTEMS,
	SYSTEMS_N,
	SYSTEM,
	PREDECESSORS,
	LATEST_FILING,
	VERSION,
	ERASED,
	MILESTONES,
	AS_OF,
	AS_OF_VERSION,
	LATEST,
	DEPARTMENTS,
	DEPARTMENT,
	DEPARTMENT_KEYS,
	FEEDBACK_N,
	QUESTIONS,
	QUESTION,
	ANSWERS,
	CONTENT,
	FILE_STATE,
	FILE_BY,
	FILE_VERSION,
	POLICIES,
	POLICY,
	JUDGEMENT
};
static const struct sql sql[] = {
	[REGISTER] = {"query.register",
		"SELECT r.origin, r.about AS \"about:json\", r.opened_at, f.size AS entries, f.at"
		" FROM register r JOIN folded f ON f.one = r.one WHERE r.one = 1"},
	[COUNTS] = {"query.counts",
		"SELECT (SELECT count(*) FROM system WHERE version > 0) AS systems,"
		" (SELECT count(*) FROM system WHERE state = 'suspended') AS suspended,"
		" (SELECT count(*) FROM system WHERE state = 'retired') AS retired,"
		" (SELECT count(DISTINCT department) FROM system WHERE version > 0) AS departments,"
		" (SELECT count(*) FROM feedback) AS feedback,"
		" (SELECT count(*) FROM feedback WHERE answered_at IS NOT NULL) AS answered,"
		" (SELECT count(*) FROM feedback WHERE state = 'published' AND answered_at IS NULL)"
		" AS waiting,"
		" (SELECT count(*) FROM feedback WHERE state = 'withheld' AND answered_at IS NULL)"
		" AS withheld,"
		" (SELECT count(*) FROM feedback WHERE state = 'received' AND answered_at IS NULL)"
		" AS undecided",
		"counts of all; the page that shows them is cached"},
	[RISKS] = {"query.risks",
		"SELECT coalesce(risk, 'none') AS risk, count(*) AS n FROM system"
		" WHERE version > 0 GROUP BY 1",
		"counts of all; the page that shows them is cached"},
	[ANSWER_DAYS] = {"query.answer_days",
		"SELECT julianday(answered_at) - julianday(at) FROM feedback WHERE answered_at IS NOT NULL"
		" ORDER BY 1 LIMIT 1 OFFSET (SELECT count(*) / 2 FROM feedback"
		" WHERE answered_at IS NOT NULL)",
		"the median over all; the page that shows it is cached"},
	[SYSTEMS] = {"query.systems",
		"SELECT" SYSTEM_COLUMNS SYSTEM_FILTER
		" ORDER BY s.changed_at DESC, s.slug LIMIT ?7 OFFSET ?8",
		SEARCH_SCANS},
	[SYSTEMS_N] = {"query.systems_n", "SELECT count(*)" SYSTEM_FILTER, SEARCH_SCANS},
	[SYSTEM] = {"query.system",
		"SELECT" SYSTEM_COLUMNS ", s.successor, s.reason AS \"reason:reason\", s.source,"
		" (SELECT max(at) FROM milestone m WHERE m.system = s.slug AND m.version IS NULL) AS since"
		" FROM system s JOIN department d ON d.slug = s.department"
		" WHERE s.slug = ?1 AND s.version > 0"},
	[PREDECESSORS] = {"query.predecessors",
		"SELECT slug FROM system WHERE successor = ?1 ORDER BY slug"},
	[LATEST_FILING] = {"query.latest_filing",
		"SELECT entry, at, outcome, reason AS \"reason:reason\" FROM filing"
		" WHERE system = ?1 ORDER BY entry DESC LIMIT 1"},
	[VERSION] = {"query.version",
		"SELECT v.n, v.at, v.entry, v.filing, f.at AS filed_at, f.department,"
		" f.signer IS NOT NULL AS \"signed:bool\", k.granted_entry AS key_entry,"
		" v.sha256, v.standard,"
		" v.sha256 AS \"record:record\""
		" FROM version v JOIN filing f ON f.entry = v.filing"
		" LEFT JOIN department_key k ON k.vkey = f.signer WHERE v.system = ?1 AND v.n ="
		" iif(?2 > 0, ?2, (SELECT version FROM system WHERE slug = ?1))"},
	[ERASED] = {"query.erased", "SELECT erased_entry AS entry FROM content_state"
				    " WHERE sha256 = ?1 AND erased_entry IS NOT NULL"},
	[MILESTONES] = {"query.milestones",
		"SELECT type, at, entry, version, state, successor, reason AS \"reason:reason\""
		" FROM milestone WHERE system = ?1 ORDER BY entry DESC"},
	[AS_OF] = {"query.as_of",
		"SELECT state, reason AS \"reason:reason\", at AS since, successor FROM milestone"
		" WHERE system = ?1 AND at < ?2 ORDER BY entry DESC LIMIT 1"},
	[AS_OF_VERSION] = {"query.as_of_version",
		"SELECT max(n) FROM version WHERE system = ?1 AND at < ?2 HAVING max(n) > 0"},
	[LATEST] = {"query.latest",
		"SELECT m.type, m.at, m.entry, m.version, m.state, m.system AS slug,"
		" s.name AS \"name:json\" FROM milestone m JOIN system s ON s.slug = m.system"
		" ORDER BY m.entry DESC LIMIT ?1",
		"walks the newest milestones backwards and stops after the limit"},
	[DEPARTMENTS] = {"query.departments",
		"SELECT d.slug, d.about AS \"name:name\", count(s.slug) AS systems FROM department d"
		" LEFT JOIN system s ON s.department = d.slug AND s.version > 0"
		" GROUP BY d.slug ORDER BY d.slug",
		"lists all departments; the page is cached"},
	[DEPARTMENT] = {"query.department",
		"SELECT slug, about AS \"name:name\", about AS \"about:about\", at AS added_at"
		" FROM department WHERE slug = ?1"},
	[DEPARTMENT_KEYS] = {"query.department_keys", "SELECT vkey, granted_entry, revoked_entry "
						      "FROM department_key WHERE department = ?1"
						      " ORDER BY granted_entry"},
	[FEEDBACK_N] = {"query.feedback_n",
		"SELECT count(*) AS received, coalesce(sum(state = 'published'), 0) AS published,"
		" coalesce(sum(state = 'withheld'), 0) AS withheld,"
		" coalesce(sum(state = 'received'), 0) AS unpublished FROM feedback WHERE system = "
		"?1"},
	[QUESTIONS] = {"query.questions",
		"SELECT" QUESTION_COLUMNS
		" FROM feedback f WHERE f.system = ?1 AND f.state = 'published'"
		" ORDER BY f.entry DESC"},
	[QUESTION] = {"query.question",
		"SELECT" QUESTION_COLUMNS ", s.name AS \"name_of_system:json\" FROM feedback f"
		" JOIN system s ON s.slug = f.system WHERE f.id = ?1"},
	[ANSWERS] = {"query.answers",
		"SELECT by, at, entry, sha256 AS \"text:text\" FROM answer WHERE feedback = ?1"
		" ORDER BY entry"},
	[POLICIES] = {"query.policies",
		"SELECT id, version, sha256, about AS \"about:json\", entry, at, until_entry,"
		" reason AS \"reason:reason\" FROM policy WHERE ?1 IS NULL OR id = ?1"
		" ORDER BY id, version DESC",
		"a register has a handful of policies"},
	[POLICY] = {"query.policy", "SELECT id, version, sha256, about AS \"about:json\", entry, "
				    "at, until_entry FROM policy"
				    " WHERE id = ?1 AND version = ?2"},
	[JUDGEMENT] = {"query.judgement",
		"SELECT j.entry, j.at, j.sha256 AS \"judgement:content\", j.changes AS "
		"\"changes:json\","
		" j.sha256, s.judged_by <> (SELECT coalesce(max(key), '') FROM policy_set)"
		" AND s.state <> 'retired' AS \"stale:bool\""
		" FROM judgement j JOIN system s ON s.slug = j.system"
		" WHERE j.system = ?1 AND j.version = ?2 AND (?3 IS NULL OR j.at < ?3)"
		" ORDER BY j.entry DESC LIMIT 1"},
	[CONTENT] = {"query.content",
		"SELECT public, erased_entry, type, size FROM content_state WHERE sha256 = ?1"},
	[FILE_STATE] = {"query.file",
		"SELECT sha256, type, size, public AS \"public:bool\", erased_entry FROM content_state"
		" WHERE sha256 = ?1 AND EXISTS (SELECT 1 FROM attachment WHERE sha256 = ?1)"},
	[FILE_BY] = {"query.file_by",
		"SELECT department, entry, at FROM attachment WHERE sha256 = ?1 ORDER BY entry"},
	[FILE_VERSION] = {"query.file_version",
		"SELECT max(n) FROM version_file WHERE sha256 = ?1 AND system = ?2"
		" HAVING max(n) > 0"},
};
const struct sql_table query_sql = SQL_TABLE(sql);

static json_t *loaded(const char *json)
{
	json_t *value = json ? json_loads(json, JSON_DECODE_ANY, NULL) : NULL;

	return value ? value : json_null();
}

/* A member of a content's JSON; null where the content was erased. */
static json_t *content_member(struct db *db, const char *hex, const char *member)
{
	struct store store = store_sqlite(db);
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	json_t *content, *value;

	if (!hex || sha256_from_hex(hex, &hash) != OK ||
		store.ops->content(store.self, &hash, &bytes) != OK)
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

/* A cell as the part of its column's name after ":" says. */
static json_t *cell(struct db *db, struct rows *rows, int col, const char *kind)
{
	const char *s;

	if (rows_null(rows, col))
		return json_null();
	if (!kind)
		return rows_is_int(rows, col) ? json_integer(rows_int(rows, col))
		                              : json_text(rows_text(rows, col));
	s = rows_text(rows, col);
	if (strcmp(kind, "json") == 0)
		return loaded(s);
	if (strcmp(kind, "bool") == 0)
		return json_boolean(rows_int(rows, col));
	if (strcmp(kind, "name") == 0 || strcmp(kind, "about") == 0)
		return member_of(s, kind);
	return content_member(db, s, strcmp(kind, "content") == 0 ? NULL : kind);
}

static json_t *row_object(struct db *db, struct rows *rows)
{
	json_t *object = json_object();

	for (int col = 0; col < rows_width(rows); col++) {
		const char *name = rows_name(rows, col), *kind = strchr(name, ':');
		AUTOFREE char *key = mem_bytes(name, kind ? (size_t)(kind - name) : strlen(name));

		json_put(object, key, cell(db, rows, col, kind ? kind + 1 : NULL));
	}
	return object;
}

static enum err one(struct db *db, const struct sql *query, const struct val *args, json_t **out)
{
	AUTO(rows) row = {0};

	TRY(db_one(db, query, args, &row));
	*out = row_object(db, &row);
	return OK;
}

static enum err all(struct db *db, const struct sql *query, const struct val *args, json_t **out)
{
	AUTO(rows) rows = {0};
	json_t *list = json_array();
	enum err e = db_query(db, query, args, &rows);

	while (e == OK && rows_next(&rows))
		json_push(list, row_object(db, &rows));
	if (e == OK)
		e = rows_end(&rows);
	if (e != OK) {
		json_decref(list);
		return e;
	}
	*out = list;
	return OK;
}

enum err query_row(struct db *db, const struct sql *query, const struct val *args, json_t **out)
{
	return one(db, query, args, out);
}

enum err query_rows(struct db *db, const struct sql *query, const struct val *args, json_t **out)
{
	return all(db, query, args, out);
}

enum err query_register(struct db *db, json_t **out)
{
	return one(db, &sql[REGISTER], BIND_NONE, out);
}

static enum err add_risks(struct db *db, json_t *counts)
{
	AUTO(rows) rows = {0};
	json_t *risks = json_object();

	json_put(counts, "risk", risks);
	TRY(db_query(db, &sql[RISKS], BIND_NONE, &rows));
	while (rows_next(&rows))
		json_put(risks, rows_text(&rows, 0), json_integer(rows_int(&rows, 1)));
	return rows_end(&rows);
}

enum err query_counts(struct db *db, json_t **out)
{
	json_auto_t *counts = NULL;
	int64_t days;
	enum err e;

	TRY(one(db, &sql[COUNTS], BIND_NONE, &counts));
	TRY(add_risks(db, counts));
	e = db_int(db, &sql[ANSWER_DAYS], BIND_NONE, &days);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	json_put(counts, "answer_days", e == OK ? json_integer(days) : json_null());
	*out = TAKE(counts);
	return OK;
}

/* The words of a search as a JSON list, folded like the column; NULL for none. */
static char *word_list(const char *words)
{
	AUTOFREE char *folded = words ? text_folded(words) : NULL;
	json_auto_t *list = json_array();
	AUTO(buf) out = BUF(64 * KIB);
	char *rest = NULL;

	for (char *w = folded ? strtok_r(folded, " \t\n", &rest) : NULL; w;
		w = strtok_r(NULL, " \t\n", &rest))
		json_push(list, json_text(w));
	if (!json_array_size(list))
		return NULL;
	json_canonical(list, &out);
	return buf_take(&out);
}

enum err query_systems(struct db *db, const struct system_filter *filter, json_t **out)
{
	AUTOFREE char *words = word_list(filter->words);
	const struct val args[] = {text(words), text(filter->department), text(filter->status),
		text(filter->risk), text(filter->due_from), text(filter->due_before),
		num(filter->limit), num(filter->offset), {0}};
	const struct val counted[] = {args[0], args[1], args[2], args[3], args[4], args[5], {0}};
	json_t *systems;
	int64_t total;

	TRY(db_int(db, &sql[SYSTEMS_N], counted, &total));
	TRY(all(db, &sql[SYSTEMS], args, &systems));
	*out = json_make("{s:I,s:o}", "total", (json_int_t)total, "systems", systems);
	return OK;
}

enum err query_system(struct db *db, const char *slug, json_t **out)
{
	json_auto_t *system = NULL;
	AUTO(rows) rows = {0};
	json_t *before = json_array();

	if (one(db, &sql[SYSTEM], BIND(text(slug)), &system) != OK) {
		json_decref(before);
		return fail(ERR_NOT_FOUND, "there is no published system \"%s\"", slug);
	}
	json_put(system, "predecessors", before);
	TRY(db_query(db, &sql[PREDECESSORS], BIND(text(slug)), &rows));
	while (rows_next(&rows))
		json_push(before, json_text(rows_text(&rows, 0)));
	TRY(rows_end(&rows));
	*out = TAKE(system);
	return OK;
}

enum err query_latest_filing(struct db *db, const char *slug, json_t **out)
{
	return one(db, &sql[LATEST_FILING], BIND(text(slug)), out);
}

/* Why a content was erased, as the entry that says so has it; null where that is not to be had. */
static json_t *erasure_reason(struct db *db, int64_t entry)
{
	struct store store = store_sqlite(db);
	AUTO(buf) bytes = BUF(ENTRY_MAX);
	json_auto_t *event = NULL;

	if (store.ops->entry(store.self, (uint64_t)entry, &bytes) != OK)
		return json_null();
	event = loaded(buf_text(&bytes));
	return content_member(db, json_str(json_object_get(event, "content"), "sha256"), "reason");
}

enum err query_version(struct db *db, const char *slug, int64_t n, json_t **out)
{
	json_auto_t *version = NULL;
	json_t *erased = NULL;
	enum err e = one(db, &sql[VERSION], BIND(text(slug), num(n)), &version);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "\"%s\" has no version %lld", slug, (long long)n);
	TRY(e);
	e = one(db, &sql[ERASED], BIND(text(json_str(version, "sha256"))), &erased);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (e == OK)
		json_put(erased, "reason", erasure_reason(db, json_num(erased, "entry")));
	json_put(version, "erased", e == OK ? erased : json_null());
	*out = TAKE(version);
	return OK;
}

enum err query_policies(struct db *db, const char *id, json_t **out)
{
	return all(db, &sql[POLICIES], BIND(text(id)), out);
}

enum err query_policy(struct db *db, const char *id, int64_t version, json_t **out)
{
	return one(db, &sql[POLICY], BIND(text(id), num(version)), out);
}

enum err query_judgement(
	struct db *db, const char *slug, int64_t version, const char *before, json_t **out)
{
	return one(db, &sql[JUDGEMENT], BIND(text(slug), num(version), text(before)), out);
}

enum err query_milestones(struct db *db, const char *slug, json_t **out)
{
	return all(db, &sql[MILESTONES], BIND(text(slug)), out);
}

enum err query_as_of(struct db *db, const char *slug, const char *before, json_t **out)
{
	json_auto_t *state = NULL;
	int64_t n;
	enum err e = db_int(db, &sql[AS_OF_VERSION], BIND(text(slug), text(before)), &n);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "\"%s\" was not published before %s", slug,
		before);
	TRY(e);
	TRY(one(db, &sql[AS_OF], BIND(text(slug), text(before)), &state));
	json_put(state, "version", json_integer(n));
	*out = TAKE(state);
	return OK;
}

enum err query_latest(struct db *db, int64_t limit, json_t **out)
{
	return all(db, &sql[LATEST], BIND(num(limit)), out);
}

enum err query_departments(struct db *db, json_t **out)
{
	return all(db, &sql[DEPARTMENTS], BIND_NONE, out);
}

enum err query_department(struct db *db, const char *slug, json_t **out)
{
	json_auto_t *department = NULL;
	json_t *keys;

	TRY(one(db, &sql[DEPARTMENT], BIND(text(slug)), &department));
	TRY(all(db, &sql[DEPARTMENT_KEYS], BIND(text(slug)), &keys));
	json_put(department, "keys", keys);
	*out = TAKE(department);
	return OK;
}

/* Spreads a question's content over it, and adds the answers. */
static enum err complete_question(struct db *db, json_t *question)
{
	json_t *content = json_object_get(question, "content"), *answers;
	bool erased = !json_is_object(content);
	static const char *const members[] = {"text", "lang", "name"};

	for (size_t i = 0; i < COUNT(members); i++) {
		json_t *value = json_object_get(content, members[i]);

		json_put(question, members[i], value ? json_incref(value) : json_null());
	}
	json_put(question, "erased", json_boolean(erased));
	json_object_del(question, "content");
	TRY(all(db, &sql[ANSWERS], BIND(text(json_str(question, "id"))), &answers));
	json_put(question, "answers", answers);
	return OK;
}

enum err query_feedback_counts(struct db *db, const char *slug, json_t **out)
{
	return one(db, &sql[FEEDBACK_N], BIND(text(slug)), out);
}

enum err query_feedback(struct db *db, const char *slug, json_t **out)
{
	json_auto_t *feedback = NULL;
	json_t *questions, *question;
	size_t i;

	TRY(query_feedback_counts(db, slug, &feedback));
	TRY(all(db, &sql[QUESTIONS], BIND(text(slug)), &questions));
	json_put(feedback, "questions", questions);
	json_array_foreach(questions, i, question) TRY(complete_question(db, question));
	*out = TAKE(feedback);
	return OK;
}

enum err query_question(struct db *db, const char *id, json_t **out)
{
	json_auto_t *question = NULL;
	enum err e = one(db, &sql[QUESTION], BIND(text(id)), &question);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no such receipt");
	TRY(e);
	TRY(complete_question(db, question));
	*out = TAKE(question);
	return OK;
}

enum err query_content_state(struct db *db, const char *hex, int64_t *size, char type[64])
{
	AUTO(rows) row = {0};
	struct sha256 hash;
	enum err e;

	ENSURE(sha256_from_hex(hex, &hash) == OK, ERR_NOT_FOUND, "not the SHA-256 of a content");
	e = db_one(db, &sql[CONTENT], BIND(text(hex)), &row);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "the log speaks of no content %s", hex);
	TRY(e);
	ENSURE(rows_null(&row, 1), ERR_GONE, "erased; entry %lld says why",
		(long long)rows_int(&row, 1));
	ENSURE(rows_int(&row, 0), ERR_DENIED, "this content is not published");
	snprintf(type, 64, "%s", rows_text(&row, 2));
	*size = rows_int(&row, 3);
	return OK;
}

enum err query_content(struct db *db, const char *hex, struct buf *bytes, char type[64])
{
	struct store store = store_sqlite(db);
	struct sha256 hash;
	int64_t size;

	TRY(query_content_state(db, hex, &size, type));
	TRY(sha256_from_hex(hex, &hash));
	return store.ops->content(store.self, &hash, bytes);
}

enum err query_file(struct db *db, const char *hex, json_t **out)
{
	json_auto_t *file = NULL;
	json_t *by = NULL;
	enum err e = one(db, &sql[FILE_STATE], BIND(text(hex)), &file);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no file %.64s was attached", hex);
	TRY(e);
	TRY(all(db, &sql[FILE_BY], BIND(text(hex)), &by));
	json_put(file, "attached", by);
	json_put(file, "reason",
		json_is_integer(json_object_get(file, "erased_entry"))
			? erasure_reason(db, json_num(file, "erased_entry"))
			: json_null());
	*out = TAKE(file);
	return OK;
}

enum err query_file_version(struct db *db, const char *slug, const char *hex, int64_t *n)
{
	enum err e = db_int(db, &sql[FILE_VERSION], BIND(text(hex), text(slug)), n);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no published version of \"%s\" names this file",
		slug);
	return e;
}
