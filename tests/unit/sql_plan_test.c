#include "audit/store_sqlite.h"
#include "audit/witness_state.h"
#include "base/embed.h"
#include "cli/cli.h"
#include "registry/event/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

EMBED(test_private_schema, "registry/write/private.sql");
EMBED(test_model_schema, "registry/write/model.sql");
EMBED(test_people_schema, "registry/people/people.sql"); /* of a database of its own */
EMBED(test_sheet_schema, "registry/profile/sheet.sql");  /* likewise */

/* A temporary table of verifications (registry/verify/verify_replay.c). */
#define MISSING                                                                       \
	"CREATE TEMP TABLE missing (sha256 TEXT PRIMARY KEY, entry INTEGER NOT NULL," \
	" gone INTEGER NOT NULL) STRICT"

/* The table that one verification leaves for the next (registry/verify/verify_since.c). */
#define KEPT                                                                 \
	"CREATE TEMP TABLE kept (size INTEGER NOT NULL, root BLOB NOT NULL," \
	" full_at TEXT NOT NULL) STRICT"

/* Defined in main.c, which is not in the archive. */
const struct command commands[] = {{0}};
const size_t commands_n = 0;

static const struct sql_table *const *tables;
static size_t tables_n;

/* All tables, empty and without ANALYZE, so that plans are those of a new register. */
static int make_tables(void **state)
{
	struct db *db = NULL;

	tables = sql_tables(&tables_n);
	assert_true(tables_n > 40); /* the whole archive is linked: see the Makefile */
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &db));
	assert_int_equal(OK, store_sqlite_create(db));
	assert_int_equal(OK, witness_state_create(db));
	assert_int_equal(OK, state_create(db));
	assert_int_equal(OK, db_exec(db, embed_test_private_schema));
	assert_int_equal(OK, db_exec(db, embed_test_model_schema));
	assert_int_equal(OK, db_exec(db, embed_test_people_schema));
	assert_int_equal(OK, db_exec(db, embed_test_sheet_schema));
	assert_int_equal(OK, db_exec(db, MISSING));
	assert_int_equal(OK, db_exec(db, KEPT));
	*state = db;
	return 0;
}

static int drop_tables(void **state)
{
	db_free(*state);
	return 0;
}

/* "SCAN x" reads all of x. A scan by an index reads in its order and ends at a LIMIT. Values of a
 * parameter (json_each), single rows and subqueries, whose steps are in the plan too, are no
 * tables. */
static bool scans(const char *step)
{
	return strncmp(step, "SCAN ", 5) == 0 && !strstr(step, " USING ") &&
	       !strstr(step, "VIRTUAL TABLE") && !strstr(step, "CONSTANT ROW") &&
	       !strstr(step, "(subquery-");
}

/* Reports each statement that does not pass, and fails once for all. */
static void each_statement(struct db *db, bool (*passes)(struct db *db, const struct sql *sql))
{
	bool all = true;

	for (size_t t = 0; t < tables_n; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			all = passes(db, &tables[t]->sql[i]) && all;
	assert_true(all);
}

static bool compiles(struct db *db, const struct sql *sql)
{
	AUTO(buf) plan = BUF(64 * KIB);

	if (sql->name && sql->text && db_plan(db, sql, &plan) == OK)
		return true;
	print_error("%s\n", sql->name && sql->text ? err_why() : "a statement is empty");
	return false;
}

static void every_statement_compiles(void **state)
{
	each_statement(*state, compiles);
}

static bool looks_up(struct db *db, const struct sql *sql)
{
	AUTO(buf) plan = BUF(64 * KIB);
	char *rest = NULL, *step;
	bool fine = true;

	assert_int_equal(OK, db_plan(db, sql, &plan));
	step = plan.len ? strtok_r(plan.data, "\n", &rest) : NULL;
	for (; step; step = strtok_r(NULL, "\n", &rest))
		if (scans(step) && !sql->scans) {
			print_error("%s: %s, and it does not say why it may\n", sql->name, step);
			fine = false;
		}
	return fine;
}

static void no_statement_reads_a_whole_table_unless_it_says_why(void **state)
{
	each_statement(*state, looks_up);
}

/* Of the rooms whose statements a verification runs, by how their statements' names begin. Pages'
 * statements on the same subjects need the indexes no more than these. */
static bool folds_or_checks(const struct sql *sql)
{
	static const char *const rooms[] = {"adoption.", "attachment.", "consultation.",
		"declaration.", "department.", "erasure.", "feedback.", "incident.", "judged.",
		"kpi.", "ledger.", "log_key.", "logged.", "memory.", "opening.", "person.",
		"policies.", "rules.", "services.", "settings.", "state.", "system.", "verify."};

	for (size_t i = 0; i < COUNT(rooms); i++)
		if (strncmp(sql->name, rooms[i], strlen(rooms[i])) == 0)
			return true;
	return false;
}

static bool needs_no_dropped_index(struct db *db, const struct sql *sql)
{
	return !folds_or_checks(sql) || looks_up(db, sql);
}

static void a_verification_reads_no_whole_table_without_the_indexes_for_pages(void **state)
{
	struct db *db = NULL;
	void *all = NULL;

	(void)state;
	assert_int_equal(0, make_tables(&all));
	db = all;
	assert_int_equal(OK, state_for_folds(db));
	each_statement(db, needs_no_dropped_index);
	db_free(db);
}

static void names_differ(const struct sql *sql, size_t table)
{
	for (size_t t = table; t < tables_n; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			if (&tables[t]->sql[i] != sql)
				assert_string_not_equal(sql->name, tables[t]->sql[i].name);
}

static void every_statement_has_a_name_of_its_own(void **state)
{
	for (size_t t = 0; t < tables_n; t++)
		for (size_t i = 0; i < tables[t]->n; i++)
			names_differ(&tables[t]->sql[i], t);
}

static void a_whole_read_of_a_table_is_noticed(void **state)
{
	const struct sql whole = {"test.whole", "SELECT count(*) FROM system WHERE risk = ?1"};
	AUTO(buf) plan = BUF(KIB);

	assert_int_equal(OK, db_plan(*state, &whole, &plan));
	assert_true(scans(buf_text(&plan)));
}

/* A table that others refer to is emptied row by row before a drop, and each row is looked up in
 * theirs: a rebuild of 50,000 systems never ended. */
static void a_drop_takes_each_table_before_those_it_names(void **state)
{
	const struct sql references = {"test.references",
		"SELECT c.name || ' names ' || f.\"table\" FROM sqlite_schema c,"
		" pragma_foreign_key_list(c.name) f JOIN sqlite_schema p ON p.name = f.\"table\""
		" WHERE c.type = 'table' AND p.rowid > c.rowid"};
	AUTO(rows) later = {0};

	assert_int_equal(OK, db_query(*state, &references, BIND_NONE, &later));
	while (rows_next(&later))
		fail_msg("%s, which comes later in schema.sql", rows_text(&later, 0));
	assert_int_equal(OK, rows_end(&later));
}

/* A new database whose tables were made so, as text; from the second time on they are copied. */
static char *tables_made_by(enum err (*create)(struct db *db), const char *begin)
{
	const struct sql schema = {"test.schema",
		"SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema ORDER BY rowid)"};
	AUTO(rows) row = {0};
	struct db *db = NULL;
	bool current = false;
	char *text;

	assert_int_equal(OK, db_open("", DB_WRITE, &db));
	assert_int_equal(OK, db_exec(db, begin));
	assert_int_equal(OK, create(db));
	assert_int_equal(OK, state_is_current(db, &current));
	assert_true(current);
	assert_int_equal(OK, db_one(db, &schema, BIND_NONE, &row));
	text = rows_dup(&row, 0);
	rows_done(&row);
	db_free(db);
	return text;
}

static enum err create_then_drop(struct db *db)
{
	TRY(state_create(db));
	return state_for_folds(db);
}

static void copied_tables_are_those_that_are_created_one_by_one(void **state)
{
	AUTOFREE char *all = tables_made_by(state_create, "");
	AUTOFREE char *folded = tables_made_by(create_then_drop, "");

	(void)state;
	assert_string_not_equal(all, folded);
	for (int i = 0; i < 4; i++) {
		const char *begin = i % 2 ? "BEGIN" : "";
		AUTOFREE char *all_again = tables_made_by(state_create_alone, begin);
		AUTOFREE char *folded_again = tables_made_by(state_create_for_folds, begin);

		assert_string_equal(all, all_again);
		assert_string_equal(folded, folded_again);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_statement_compiles),
		cmocka_unit_test(no_statement_reads_a_whole_table_unless_it_says_why),
		cmocka_unit_test(a_verification_reads_no_whole_table_without_the_indexes_for_pages),
		cmocka_unit_test(every_statement_has_a_name_of_its_own),
		cmocka_unit_test(a_whole_read_of_a_table_is_noticed),
		cmocka_unit_test(a_drop_takes_each_table_before_those_it_names),
		cmocka_unit_test(copied_tables_are_those_that_are_created_one_by_one),
	};
	return cmocka_run_group_tests_name("sql_plan", tests, make_tables, drop_tables);
}
