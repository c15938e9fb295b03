#include "registry/profile/results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MANY 300

static struct sha256 key_of(int i)
{
	return sha256_of(&i, sizeof(i));
}

/* Rows as an export writes them: one has none, and one holds every byte. */
static struct results *make(void)
{
	FILE *file = tmpfile();
	struct results *r;

	assert_non_null(file);
	r = results_new(file);
	for (int i = 0; i < MANY; i++) {
		json_auto_t *told = json_make("{s:i}", "n", i);
		struct sha256 key = key_of(i);
		AUTO(buf) row = BUF(KIB);

		for (int k = 0; k < i; k++)
			buf_putc(&row, (char)k);
		results_add(r, &key, &row, told);
	}
	assert_int_equal(OK, results_done(r));
	return r;
}

static void what_was_made_of_an_input_is_found_by_it(void **state)
{
	struct results *r = make();

	(void)state;
	for (int i = MANY - 1; i >= 0; i--) {
		struct sha256 key = key_of(i);
		AUTO(buf) row = BUF(KIB);
		json_auto_t *told = results_find(r, &key, &row);

		assert_int_equal(i, json_num(told, "n"));
		assert_int_equal(i, row.len);
		assert_true(!i || row.data[i - 1] == (char)(i - 1));
	}
	assert_int_equal(MANY, results_found(r));
	results_free(r);
}

static void another_input_finds_nothing_and_leaves_the_row_alone(void **state)
{
	struct results *r = make();
	struct sha256 key = key_of(-1);
	AUTO(buf) row = BUF(KIB);

	(void)state;
	assert_null(results_find(r, &key, &row));
	assert_null(results_find(NULL, &key, &row));
	assert_int_equal(0, row.len);
	assert_int_equal(0, results_found(r));
	results_free(r);
	results_free(NULL);
}

static void none_is_no_error(void **state)
{
	struct results *r = results_new(tmpfile());
	struct sha256 key = key_of(0);
	AUTO(buf) row = BUF(KIB);

	(void)state;
	assert_int_equal(OK, results_done(r));
	assert_null(results_find(r, &key, &row));
	results_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_made_of_an_input_is_found_by_it),
		cmocka_unit_test(another_input_finds_nothing_and_leaves_the_row_alone),
		cmocka_unit_test(none_is_no_error),
	};
	return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
