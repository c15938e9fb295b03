#include "registry/verify/verify_parts.h"

#include "registry/event/lists.h"

#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHOLE "a verification compares whole tables"

SQL(SCHEMA, "verify.schema",
	"SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND NOT"
	" (type = 'table' AND name IN (" STATE_OTHER_TABLES ")) ORDER BY type, name",
	"the schema is a small table");
SQL(STRAY, "verify.stray",
	"SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' AND NOT"
	" (type = 'table' AND name IN (" STATE_OTHER_TABLES ")) LIMIT 1",
	"the schema is a small table");
SQL(FOLDED, "verify.folded", "SELECT size FROM folded WHERE one = 1");
/* Each table of the read model, with a query that reads it by its primary key. */
SQL(TABLES, "verify.tables",
	"SELECT name, 'SELECT * FROM ' || name || ' ORDER BY ' ||"
	" (SELECT group_concat(name) FROM pragma_table_info(s.name) WHERE pk > 0)"
	" FROM pragma_table_list s WHERE schema = 'main' AND type = 'table'"
	" AND name NOT LIKE 'sqlite_%' AND name NOT IN (" STATE_OTHER_TABLES ")"
	" ORDER BY name",
	"the schema is a small table");
SQL(INTEGRITY, "verify.integrity", "PRAGMA integrity_check(1)", WHOLE);
SQL(STRUCTURE, "verify.structure", "PRAGMA quick_check(1)", WHOLE);
/* Skips `entry`, which has no index, and `department_key`, checked by memory_compare(). */
SQL(INDEXES, "verify.indexes",
	"SELECT c.integrity_check FROM pragma_table_list s, pragma_integrity_check(s.name) c"
	" WHERE s.schema = 'main' AND s.type IN ('table', 'shadow') AND s.name NOT IN ('entry', 'department_key')"
	" AND c.integrity_check <> 'ok' LIMIT 1",
	WHOLE);
SQL(SIGNED, "verify.signed", "SELECT size FROM checkpoint WHERE one = 1");
SQL(STRAY_ENTRY, "verify.stray_entry",
	"SELECT idx FROM entry WHERE idx < 0"
	" UNION ALL SELECT idx FROM entry WHERE idx >= ?1 LIMIT 1");
SQL(STRAY_TILE, "verify.stray_tile",
	"SELECT level, idx FROM tile WHERE idx < 0"
	" OR idx >= ((?1 >> (8 * level)) + 255) / 256 OR level NOT BETWEEN 0 AND 7 LIMIT 1",
	WHOLE);
SQL(CONTENTS_N, "verify.contents_n", "SELECT count(*) FROM content", WHOLE);
SQL(CONTENTS, "verify.content_names", "SELECT lower(hex(sha256)) FROM content ORDER BY sha256",
	WHOLE);
/* The texts behind the search indexes are compared like tables. For each index this checks only
 * that it finds each text by its first word, including quotes; gaya verify reports this limit.
 * FTS5's own check would need a writer. */
#define LOST(index, from, column)                                                                \
	"SELECT '" index "', id FROM " from " t WHERE t." column " GLOB '[0-9A-Za-z가-힣]*'"   \
	" AND NOT EXISTS (SELECT 1 FROM " index "('" column " : \"' || replace(substr(t." column \
	", 1, instr(replace(t." column ", char(10), ' ') || ' ', ' ') - 1), '\"',"               \
	" '\"\"') || '\"') f WHERE f.rowid = t.id)"
SQL(NOT_FOUND, "verify.not_found",
	LOST("search_head", "search_text", "name") " UNION ALL " LOST(
		"search_body", "search_text", "name") " UNION ALL " LOST("search_body",
		"search_text", "rest") " UNION ALL " LOST("search_asked", "search_question",
		"asked") " UNION ALL " LOST("search_called", "search_department",
		"name") " LIMIT 1",
	WHOLE);
SQL(KNOWN, "verify.known", "SELECT 1 FROM content_state WHERE sha256 = ?1");

static bool same_value(struct rows *a, struct rows *b, int col)
{
	size_t a_len, b_len;
	const void *a_data, *b_data;

	if (rows_null(a, col) || rows_null(b, col))
		return rows_null(a, col) && rows_null(b, col);
	if (rows_is_int(a, col) || rows_is_int(b, col))
		return rows_is_int(a, col) && rows_is_int(b, col) &&
		       rows_int(a, col) == rows_int(b, col);
	a_data = rows_blob(a, col, &a_len);
	b_data = rows_blob(b, col, &b_len);
	return a_len == b_len && memcmp(a_data, b_data, a_len) == 0;
}

static const char *shown(struct rows *row, int col)
{
	const char *s = col < rows_width(row) ? rows_text(row, col) : NULL;

	return s ? s : "nothing";
}

/* The first two columns identify a row in every table. */
static enum err row_differs(struct rows *is, struct rows *should, int col)
{
	return fail(ERR_FALSE,
		"table %s, row \"%.80s\" (\"%.80s\"): %s is \"%.80s\", but the "
		"entries make it \"%.80s\"",
		is->sql->name, shown(should, 0), shown(should, 1), rows_name(should, col),
		shown(is, col), shown(should, col));
}

static enum err compare_row(struct rows *is, struct rows *should)
{
	ENSURE(rows_width(is) == rows_width(should), ERR_FALSE,
		"table %s has %d columns, not %d: it was made by another version of this "
		"program, or changed",
		is->sql->name, rows_width(is), rows_width(should));
	for (int col = 0; col < rows_width(should); col++)
		if (!same_value(is, should, col))
			return row_differs(is, should, col);
	return OK;
}

static enum err compare(const struct sql *table, struct db *is_db, struct db *should_db)
{
	AUTO(rows) is = {0}, should = {0};

	TRY(db_query_once(is_db, table, &is));
	TRY(db_query_once(should_db, table, &should));
	for (;;) {
		bool has_is = rows_next(&is), has_should = rows_next(&should);

		TRY(rows_end(&is));
		TRY(rows_end(&should));
		ENSURE(has_is || !has_should, ERR_FALSE,
			"table %s lacks the row \"%.80s\" (\"%.80s\"), which the entries make",
			table->name, shown(&should, 0), shown(&should, 1));
		ENSURE(!has_is || has_should, ERR_FALSE,
			"table %s has the row \"%.80s\" (\"%.80s\"), which no entry makes",
			table->name, shown(&is, 0), shown(&is, 1));
		if (!has_is)
			return OK;
		TRY(compare_row(&is, &should));
	}
}

/* An index that was changed alone gives wrong answers from correct tables. */
static enum err check_integrity(struct db *is, const struct sql *pragma)
{
	AUTO(rows) row = {0};

	TRY(db_one(is, pragma, BIND_NONE, &row));
	ENSURE(strcmp(rows_text(&row, 0), "ok") == 0, ERR_FALSE, "the database is damaged: %s",
		rows_text(&row, 0));
	return OK;
}

static enum err check_strays(struct db *is, uint64_t size)
{
	AUTO(rows) entry = {0}, tile = {0};
	int64_t covered = -1;
	enum err e;

	e = db_one(is, STRAY_ENTRY, BIND(num((int64_t)size)), &entry);
	ENSURE(e != OK, ERR_FALSE,
		"entry %lld is not covered by the checkpoint: nobody signed it. Where a server "
		"crashed a moment ago, start it again, and verify then",
		(long long)rows_int(&entry, 0));
	if (e == ERR_NOT_FOUND)
		e = db_one(is, STRAY_TILE, BIND(num((int64_t)size)), &tile);
	ENSURE(e != OK, ERR_FALSE, "tile %lld/%lld is there, but no log of this size has it",
		(long long)rows_int(&tile, 0), (long long)rows_int(&tile, 1));
	if (e != ERR_NOT_FOUND)
		return e;
	TRY(db_int(is, SIGNED, BIND_NONE, &covered));
	ENSURE(covered == (int64_t)size, ERR_FALSE,
		"the table checkpoint says %" PRId64 " entries, but its note says %" PRIu64,
		covered, size);
	return OK;
}

static enum err check_stray_contents(struct db *is, struct db *should, uint64_t contents)
{
	AUTO(rows) rows = {0};
	int64_t n, one;

	TRY(db_int(is, CONTENTS_N, BIND_NONE, &n));
	if (n == (int64_t)contents)
		return OK;
	TRY(db_query(is, CONTENTS, BIND_NONE, &rows));
	while (rows_next(&rows))
		ENSURE(db_int(should, KNOWN, BIND(text(rows_text(&rows, 0))), &one) !=
				ERR_NOT_FOUND,
			ERR_FALSE, "content %s is there, but no entry speaks of it",
			rows_text(&rows, 0));
	TRY(rows_end(&rows));
	return fail(ERR_FALSE, "%lld contents are there, but the entries speak of %" PRIu64,
		(long long)n, contents);
}

/* Does the replay keep this table in memory? */
static bool is_remembered(const struct sql *table)
{
	return strcmp(table->name, "folded") == 0 || strcmp(table->name, "subject") == 0 ||
	       strcmp(table->name, "department_key") == 0;
}

/* Compares the tables that the replay keeps in memory, or all others. */
static enum err compare_tables(struct db *is, const struct replay *r, bool remembered)
{
	AUTO(rows) tables = {0};

	TRY(db_query(r->db, TABLES, BIND_NONE, &tables));
	while (rows_next(&tables)) {
		struct sql table = {rows_text(&tables, 0), rows_text(&tables, 1), WHOLE};

		if ((r->memory && is_remembered(&table)) == remembered)
			TRY(compare(&table, is, r->db));
	}
	return rows_end(&tables);
}

/* The usual case needs no rows of a second database. On a difference, the memory is written to
 * tables and compared like others, to find it. */
static enum err check_remembered(struct db *is, const struct replay *r)
{
	bool same;

	TRY(memory_compare(r->memory, is, &same));
	if (same)
		return OK;
	TRY(memory_store(r->memory, r->db));
	TRY(compare_tables(is, r, true));
	TRY(check_integrity(is, INTEGRITY));
	return fail(
		ERR_FALSE, "a table or an index of department_key is not what the entries make");
}

/* Equivalent to PRAGMA integrity_check of the whole file, which looks up every row in each index;
 * for `department_key`, which may be most of a file, check_remembered() knows this already. */
static enum err check_file(struct db *is)
{
	AUTO(rows) row = {0};
	enum err e;

	TRY(check_integrity(is, STRUCTURE));
	e = db_one(is, INDEXES, BIND_NONE, &row);
	ENSURE(e != OK, ERR_FALSE, "the database is damaged: %s", rows_text(&row, 0));
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err check_search(struct db *is)
{
	AUTO(rows) row = {0};
	enum err e = db_one(is, NOT_FOUND, BIND_NONE, &row);

	ENSURE(e != OK, ERR_FALSE,
		"%s does not find row %lld by its own words: make the read model again with gaya rebuild",
		rows_text(&row, 0), (long long)rows_int(&row, 1));
	return e == ERR_NOT_FOUND ? OK : e;
}

/* --- a look meanwhile --- */

struct finding {
	enum err e;
	char why[ERR_WHY_MAX];
};

struct model_look {
	struct db *is;
	const char *language;
	pthread_t thread;
	bool ended;
	struct finding search, file;
};

static struct finding finding(enum err e)
{
	struct finding f = {.e = e};

	if (e != OK)
		snprintf(f.why, sizeof(f.why), "%s", err_why());
	return f;
}

static enum err found(const struct finding *f)
{
	return f->e == OK ? OK : fail(f->e, "%s", f->why);
}

static void *look_at(void *arg)
{
	struct model_look *look = arg;

	err_speak(look->language);
	look->search = finding(check_search(look->is));
	look->file = finding(check_file(look->is));
	return NULL;
}

/* Signals stay with the calling thread. */
struct model_look *model_look_begin(const struct source *is)
{
	struct model_look *look;
	sigset_t all, before;
	bool begun;

	if (!is->model || is->model == is->db)
		return NULL;
	look = mem_new(sizeof(*look));
	look->is = is->model;
	look->language = err_language();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	begun = pthread_create(&look->thread, NULL, look_at, look) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!begun)
		mem_free(&look);
	return look;
}

static void end_look(struct model_look *look)
{
	if (!look || look->ended)
		return;
	pthread_join(look->thread, NULL);
	look->ended = true;
}

void model_look_free(struct model_look *look)
{
	end_look(look);
	free(look);
}

/* The log's file: nothing lies in it but the log, and what is in no log. */
static enum err check_log_file(struct db *log)
{
	AUTO(rows) row = {0};
	enum err e = db_one(log, STRAY, BIND_NONE, &row);

	ENSURE(e != OK, ERR_FALSE, "the %s \"%.80s\" is none that this program makes",
		rows_text(&row, 0), rows_text(&row, 1));
	if (e != ERR_NOT_FOUND)
		return e;
	return check_integrity(log, INTEGRITY);
}

/* After a crash it may be behind the log, until the next start. */
static enum err check_folded(struct db *model, uint64_t size)
{
	int64_t folded;

	TRY(db_int(model, FOLDED, BIND_NONE, &folded));
	ENSURE(folded >= (int64_t)size, ERR_FALSE,
		"it has %" PRId64 " of the log's %" PRIu64
		" entries. Where a server crashed a moment ago, start it again, and verify then",
		folded, size);
	return OK;
}

/* The replay's own read model lacks some indexes (state_for_folds()). */
static enum err check_schema(struct db *is)
{
	struct db *empty = NULL;
	enum err e;

	TRY(scratch_open(&empty));
	e = state_create_alone(empty);
	if (e == OK)
		e = compare(SCHEMA, is, empty);
	db_free(empty);
	return e;
}

static enum err check_tables(struct db *is, const struct replay *r, const struct model_look *look)
{
	if (r->lists)
		TRY(lists_make(r->db, r->lists));
	TRY(verify_found(check_schema(is), "the read model's schema"));
	if (r->memory)
		TRY(verify_found(check_remembered(is, r), "the read model"));
	TRY(verify_found(compare_tables(is, r, false), "the read model"));
	TRY(verify_found(look ? found(&look->search) : check_search(is), "the index of search"));
	return verify_found(look        ? found(&look->file)
			    : r->memory ? check_file(is)
					: check_integrity(is, INTEGRITY),
		"the database file");
}

enum err model_check(const struct source *is, const struct replay *r, uint64_t size,
	uint64_t contents, struct model_look *look, bool *old)
{
	bool current = false;

	end_look(look);
	TRY(verify_found(check_strays(is->db, size), "the log's own tables"));
	TRY(verify_found(check_stray_contents(is->db, r->db, contents), "the log's own tables"));
	if (is->model != is->db)
		TRY(verify_found(check_log_file(is->db), "the database file"));
	if (is->model)
		TRY(state_is_current(is->model, &current));
	*old = is->model && !current;
	if (!is->model)
		return OK;
	if (!current)
		return verify_found(check_integrity(is->model, INTEGRITY), "the database file");
	TRY(verify_found(check_folded(is->model, size), "the read model"));
	return check_tables(is->model, r, look);
}
