/* The reasons that end a read: its time limit, its client, the callback. */
#include "web/http/patience.h"

#include "base/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { ENDLESS, ONE };
static const struct sql sql[] = {
	[ENDLESS] = {"test.endless",
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"},
	[ONE] = {"test.one", "SELECT 1"},
};

static bool third_time(void *arg)
{
	return ++*(int *)arg == 3;
}

static void a_statement_without_end_is_ended_by_who_is_asked_and_the_connection_goes_on(
	void **state)
{
	int asked = 0;
	int64_t one;
	struct db *db;

	(void)state;
	assert_int_equal(OK, db_open(":memory:", DB_READ, &db));
	db_watch(db, third_time, &asked);
	assert_int_equal(ERR_BUSY, db_int(db, &sql[ENDLESS], BIND_NONE, &one));
	assert_int_equal(3, asked);
	db_watch(db, NULL, NULL);
	assert_int_equal(OK, db_int(db, &sql[ONE], BIND_NONE, &one));
	assert_int_equal(3, asked);
	db_free(db);
}

static void patience_ends_with_its_time(void **state)
{
	struct patience p;

	(void)state;
	patience_begin(&p, 3600 * 1000, -1);
	assert_false(patience_over(&p));
	patience_begin(&p, -1, -1);
	assert_true(patience_over(&p) && p.ended);
}

static void patience_ends_when_its_client_is_gone(void **state)
{
	struct patience p;
	int ends[2];

	(void)state;
	for (int half = 0; half < 2; half++) {
		assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
		patience_begin(&p, 3600 * 1000, ends[0]);
		assert_int_equal(3, write(ends[1], "GET", 3)); /* the next request is no end */
		assert_false(patience_over(&p));
		if (half)
			shutdown(ends[1], SHUT_WR);
		else
			close(ends[1]);
		assert_true(patience_over(&p));
		close(ends[0]);
		if (half)
			close(ends[1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_statement_without_end_is_ended_by_who_is_asked_and_the_connection_goes_on),
		cmocka_unit_test(patience_ends_with_its_time),
		cmocka_unit_test(patience_ends_when_its_client_is_gone),
	};

	return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
