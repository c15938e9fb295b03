/* Indexes that are made while a build folds have the words of the texts, and no others. */
#include "audit/store_sqlite.h"
#include "base/file.h"
#include "registry/event/search.h"
#include "registry/event/search_build.h"
#include "registry/event/state.h"
#include "tests/unit/small_register.h"

#define SYSTEMS 300
static char dir[64], model[80], words[80];

enum { SYSTEM, FOUND, INSTANCES };
static const struct sql sql[] = {
	[SYSTEM] = {"test.system",
		"INSERT INTO system (slug, department, state, version, source_stays, first_at,"
		" changed_at, name, summary) VALUES (?1, 'parks', 'published', 1, 0, '', '', '{}', '{}')"},
	[FOUND] = {"test.found", "SELECT count(*) FROM search_body(?1)"},
	[INSTANCES] = {"test.instances", "SELECT count(*) FROM vocabulary WHERE term = ?1"},
};

/* Fails unless the index agrees with the table of texts. */
#define CHECK                                                                        \
	"INSERT INTO search_head (search_head, rank) VALUES ('integrity-check', 1);" \
	"INSERT INTO search_body (search_body, rank) VALUES ('integrity-check', 1);"

static void append(struct state *st, uint64_t index, const char *slug)
{
	AUTOFREE char *line =
		mem_printf("{\"system\":\"%s\",\"type\":\"system.published\"}\n", slug);

	must(st->store.ops->append(st->store.self, index, line, strlen(line)));
}

static struct state make(int n)
{
	struct state st = {.unindexed = true};

	must(db_open(model, DB_BUILD, &st.db));
	must(store_sqlite_create(st.db));
	must(state_create(st.db));
	must(db_exec(st.db, "PRAGMA foreign_keys = OFF"));
	st.store = store_sqlite(st.db);
	for (int i = 0; i < n; i++) {
		AUTOFREE char *slug = mem_printf("system-%d", i);

		append(&st, (uint64_t)i, slug);
		must(db_run(st.db, &sql[SYSTEM], BIND(text(slug))));
	}
	return st;
}

static void publish(struct state *st, int i, const char *name)
{
	AUTOFREE char *slug = mem_printf("system-%d", i);
	json_auto_t *record = json_make("{s:{s:s}}", "name", "en", name);
	const struct event ev = {.index = (uint64_t)i, .subject = slug};

	must(search_system(st, slug, record, i + 1));
	must(search_build_folded(st, &ev));
}

static void finish(struct state *st, struct search_build *b)
{
	must(search_build_rest(st));
	must(search_build_take(b, st->db));
	search_build_free(b);
	assert_false(file_exists(words));
	db_free(st->db); /* FTS5 has kept in memory what the copying replaced */
	must(db_open(model, DB_WRITE, &st->db));
	must(db_exec(st->db, CHECK));
}

static void drop(struct state *st)
{
	db_free(st->db);
	assert_int_equal(0, remove(model));
}

static int64_t count(const struct state *st, int what, const char *word)
{
	int64_t n;

	must(db_int(st->db, &sql[what], BIND(text(word)), &n));
	return n;
}

static void each_system_is_found(void **state)
{
	struct state st = make(SYSTEMS);
	struct search_build *b;

	(void)state;
	must(search_build_start(&st, words, &b));
	for (int i = 0; i < SYSTEMS; i++)
		publish(&st, i, i % 3 ? "An oak" : "A birch");
	finish(&st, b);
	assert_int_equal(SYSTEMS / 3, count(&st, FOUND, "birch"));
	assert_int_equal(SYSTEMS - SYSTEMS / 3, count(&st, FOUND, "oak"));
	drop(&st);
}

/* An erasure, or an entry that was added after the look through the log. */
static void a_row_that_changes_after_its_last_entry_leaves_no_word(void **state)
{
	struct state st = make(SYSTEMS);
	struct search_build *b;

	(void)state;
	must(search_build_start(&st, words, &b));
	publish(&st, 0, "A secret");
	publish(&st, 1, "An oak");
	must(search_system(&st, "system-0", NULL, -1));
	must(search_system_state(&st, "system-1", SYSTEMS));
	finish(&st, b);
	assert_int_equal(1, count(&st, FOUND, "oak"));
	must(db_exec(st.db, "CREATE VIRTUAL TABLE vocabulary USING fts5vocab (search_body, row)"));
	assert_int_equal(1, count(&st, INSTANCES, "oak"));
	assert_int_equal(0, count(&st, INSTANCES, "secret"));
	drop(&st);
}

static void a_row_whose_last_entry_is_not_seen_is_indexed_at_the_end(void **state)
{
	struct state st = make(SYSTEMS);
	json_auto_t *record = json_make("{s:{s:s}}", "name", "en", "An oak");
	struct search_build *b;

	(void)state;
	must(search_build_start(&st, words, &b));
	must(search_system(&st, "system-7", record, 8));
	finish(&st, b);
	assert_int_equal(1, count(&st, FOUND, "oak"));
	drop(&st);
}

static void a_build_that_is_given_up_leaves_no_file(void **state)
{
	struct state st = make(SYSTEMS);
	struct search_build *b;

	(void)state;
	must(search_build_start(&st, words, &b));
	for (int i = 0; i < SYSTEMS; i++)
		publish(&st, i, "An oak");
	search_build_free(b);
	assert_false(file_exists(words));
	drop(&st);
}

static void a_file_that_cannot_be_written_ends_the_build(void **state)
{
	struct state st = make(1);
	struct search_build *b;

	(void)state;
	must(search_build_start(&st, words, &b));
	search_build_free(b);
	assert_int_equal(ERR_NOT_FOUND, search_build_start(&st, "/no/such/folder/1.db-words", &b));
	search_build_free(b);
	drop(&st);
}

static int make_folder(void **state)
{
	(void)state;
	temp_dir(dir);
	snprintf(model, sizeof(model), "%s/1.db", dir);
	snprintf(words, sizeof(words), "%s/1.db-words", dir);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_system_is_found),
		cmocka_unit_test(a_row_that_changes_after_its_last_entry_leaves_no_word),
		cmocka_unit_test(a_row_whose_last_entry_is_not_seen_is_indexed_at_the_end),
		cmocka_unit_test(a_build_that_is_given_up_leaves_no_file),
		cmocka_unit_test(a_file_that_cannot_be_written_ends_the_build),
	};
	return cmocka_run_group_tests_name("search_build", tests, make_folder, remove_folder);
}
