#include "audit/log.h"
#include "audit/store_sqlite.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct db *db;
static struct log log_;

static int open_log(void **state)
{
	(void)state;
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &db));
	assert_int_equal(OK, store_sqlite_create(db));
	assert_int_equal(OK, log_open(store_sqlite(db), &log_));
	return 0;
}

static int close_log(void **state)
{
	(void)state;
	log_done(&log_);
	db_free(db);
	return 0;
}

static void append_three(void)
{
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(OK, log_append(&log_, &i, sizeof(i)));
}

static void what_was_appended_is_settled_as_it_was_given(void **state)
{
	(void)state;
	append_three();
	assert_int_equal(3, log_next(&log_));
	assert_int_equal(OK, log_settle(&log_));
	append_three();
	assert_int_equal(OK, log_settle(&log_));
	assert_int_equal(6, log_.size);
}

static void an_entry_that_reads_back_otherwise_is_not_settled(void **state)
{
	(void)state;
	append_three();
	assert_int_equal(OK, db_exec(db, "UPDATE entry SET bytes = x'01020304' WHERE idx = 1"));
	assert_int_equal(ERR_CORRUPT, log_settle(&log_));
	assert_non_null(strstr(err_why(), "entry 1, read back from the database, differs"));
}

static void an_entry_that_does_not_read_back_is_not_settled(void **state)
{
	(void)state;
	append_three();
	assert_int_equal(OK, db_exec(db, "DELETE FROM entry WHERE idx = 2"));
	assert_int_equal(ERR_CORRUPT, log_settle(&log_));
	assert_non_null(strstr(err_why(), "entry 2 does not read back"));
	assert_int_equal(OK, db_exec(db, "DELETE FROM entry WHERE idx = 0"));
	assert_int_equal(ERR_CORRUPT, log_settle(&log_));
}

static void what_the_store_has_undone_is_not_asked_for(void **state)
{
	(void)state;
	append_three();
	assert_int_equal(OK, db_exec(db, "DELETE FROM entry WHERE idx > 0"));
	log_forget(&log_, 1);
	assert_int_equal(OK, log_settle(&log_));
	assert_int_equal(1, log_.size);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_was_appended_is_settled_as_it_was_given, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			an_entry_that_reads_back_otherwise_is_not_settled, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			an_entry_that_does_not_read_back_is_not_settled, open_log, close_log),
		cmocka_unit_test_setup_teardown(
			what_the_store_has_undone_is_not_asked_for, open_log, close_log),
	};
	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
