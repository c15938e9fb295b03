/* Duties that are assigned to a person, which are only in people.db. */
#include "registry/people/given.h"

#include "base/crypto.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char dir[64];
static struct people *p;
static struct account minji, jiho;
static const struct duty_name notice = {"kiosk", "ai-act", "krp.30"},
			      submit = {"kiosk", "ai-act", "krp.30.submit"};

static void add(const char *login, struct account *out)
{
	assert_int_equal(OK, people_draft(login, login, "a@city.example", "ko", out));
	assert_int_equal(OK, people_add(p, out, NULL));
}

static int setup(void **state)
{
	AUTOFREE char *database = NULL;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/gaya-given.XXXXXX");
	assert_non_null(mkdtemp(dir));
	database = file_in(dir, REG_DATABASE);
	assert_int_equal(OK, file_write(database, "", 0, 0600));
	if (people_open(&(struct people_options){.dir = dir, .env = &env_real}, &p) != OK)
		fail_msg("%s", err_why());
	add("minji", &minji);
	add("jiho", &jiho);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	people_close(p);
	return file_remove_dir(dir) == OK ? 0 : -1;
}

/* The days of an account's duties, "2026-12-01 2026-12-05". */
static void assert_days(const struct account *of, const char *expected)
{
	AUTO(buf) days = BUF(KIB);
	json_auto_t *list = NULL;
	const json_t *one;
	size_t i;

	assert_int_equal(OK, given_list(p, of->id, &list));
	json_array_foreach (list, i, one)
		buf_printf(&days, "%s%s", i ? " " : "", json_str(one, "day"));
	assert_string_equal(buf_text(&days), expected);
}

static void a_duty_is_given_moved_and_taken_back(void **state)
{
	json_auto_t *found = NULL;

	(void)state;
	assert_int_equal(OK, given_set(p, &notice, minji.id, "2026-12-05", jiho.id));
	assert_int_equal(OK, given_set(p, &submit, minji.id, "2026-12-01", jiho.id));
	assert_days(&minji, "2026-12-01 2026-12-05");
	assert_int_equal(OK, given_find(p, &notice, &found));
	assert_string_equal("minji", json_str(found, "name"));
	assert_int_equal(OK, given_set(p, &notice, jiho.id, "2026-12-09", minji.id));
	assert_days(&minji, "2026-12-01");
	assert_days(&jiho, "2026-12-09");
	assert_int_equal(OK, given_take(p, &notice));
	assert_int_equal(OK, given_take(p, &notice));
	assert_days(&jiho, "");
	json_decref(found);
	assert_int_equal(ERR_NOT_FOUND, given_find(p, &notice, &found));
	found = NULL;
}

static void a_duty_is_given_to_an_account_that_is_there_with_a_day_that_is_one(void **state)
{
	(void)state;
	assert_int_equal(ERR_NOT_FOUND,
		given_set(p, &notice, "0123456789abcdef0123456789abcdef", "2026-12-05", jiho.id));
	assert_int_equal(ERR_INVALID, given_set(p, &notice, minji.id, "2026-02-30", jiho.id));
	assert_int_equal(ERR_INVALID, given_set(p, &notice, minji.id, "", jiho.id));
}

static void with_an_account_go_the_duties_that_it_had(void **state)
{
	json_auto_t *found = NULL;

	(void)state;
	assert_int_equal(OK, given_set(p, &notice, minji.id, "2026-12-05", jiho.id));
	assert_int_equal(OK, people_remove(p, minji.id));
	assert_int_equal(ERR_NOT_FOUND, given_find(p, &notice, &found));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_duty_is_given_moved_and_taken_back),
		TEST(a_duty_is_given_to_an_account_that_is_there_with_a_day_that_is_one),
		TEST(with_an_account_go_the_duties_that_it_had),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
