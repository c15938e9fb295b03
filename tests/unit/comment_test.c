/* Comments on fields of a record, which are only in people.db. */
#include "registry/people/comment.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define JIHO "0123456789abcdef0123456789abcdef"
#define MINJI "fedcba9876543210fedcba9876543210"

static char dir[64];
static struct people *p;

static int setup(void **state)
{
	AUTOFREE char *database = NULL;

	snprintf(dir, sizeof(dir), "/tmp/gaya-comment.XXXXXX");
	assert_non_null(mkdtemp(dir));
	database = file_in(dir, REG_DATABASE);
	assert_int_equal(OK, file_write(database, "", 0, 0600));
	if (people_open(&(struct people_options){.dir = dir, .env = &env_real}, &p) != OK)
		fail_msg("%s", err_why());
	return 0;
}

static int teardown(void **state)
{
	people_close(p);
	return file_remove_dir(dir) == OK ? 0 : -1;
}

static enum err write_one(const char *department, const char *text)
{
	return comment_add(
		p, &(struct comment){"kiosk", department, "goal", JIHO, text, .filing = 17});
}

static enum err close_one(
	const char *department, const char *field, int64_t id, const char *account)
{
	return comment_close(p, &(struct comment){"kiosk", department, field, account}, id);
}

static void a_comment_stands_at_its_field_until_it_is_closed(void **state)
{
	json_auto_t *list = NULL, *after = NULL;
	const json_t *one;

	assert_int_equal(OK, write_one("tax", "목적을 한 문장으로 적어 주십시오."));
	assert_int_equal(OK, comment_list(p, "kiosk", "tax", &list));
	assert_int_equal(1, json_array_size(list));
	one = json_array_get(list, 0);
	assert_string_equal("goal", json_str(one, "field"));
	assert_int_equal(17, json_num(one, "filing"));
	assert_string_equal(JIHO, json_str(one, "account"));
	assert_true(json_is_null(json_object_get(one, "closed")));
	assert_int_equal(OK, close_one("tax", "goal", json_num(one, "id"), MINJI));
	assert_int_equal(OK, close_one("tax", "goal", json_num(one, "id"), JIHO));
	assert_int_equal(OK, comment_list(p, "kiosk", "tax", &after));
	assert_string_equal(MINJI, json_str(json_array_get(after, 0), "closed_by"));
}

static void another_department_reads_and_closes_none(void **state)
{
	json_auto_t *list = NULL, *own = NULL;

	assert_int_equal(OK, write_one("tax", "무엇을 자동으로 정합니까?"));
	assert_int_equal(OK, comment_list(p, "kiosk", "water", &list));
	assert_int_equal(0, json_array_size(list));
	assert_int_equal(OK, comment_list(p, "kiosk", "tax", &own));
	assert_int_equal(ERR_NOT_FOUND,
		close_one("water", "goal", json_num(json_array_get(own, 0), "id"), MINJI));
}

static void a_comment_is_closed_at_its_own_field_alone(void **state)
{
	json_auto_t *list = NULL, *after = NULL;
	int64_t id;

	assert_int_equal(OK, write_one("tax", "무엇을 자동으로 정합니까?"));
	assert_int_equal(OK, comment_list(p, "kiosk", "tax", &list));
	id = json_num(json_array_get(list, 0), "id");
	assert_int_equal(ERR_NOT_FOUND, close_one("tax", "name", id, MINJI));
	assert_int_equal(ERR_NOT_FOUND, close_one("tax", "goal\r\nLocation: x", id, MINJI));
	assert_int_equal(OK, comment_list(p, "kiosk", "tax", &after));
	assert_true(json_is_null(json_object_get(json_array_get(after, 0), "closed")));
}

static void a_comment_says_something_that_shows(void **state)
{
	AUTOFREE char *big = NULL;
	AUTO(buf) text = BUF(64 * KIB);

	for (int i = 0; i <= COMMENT_MAX; i++)
		buf_puts(&text, "가");
	big = buf_take(&text);
	assert_int_equal(ERR_INVALID, write_one("tax", ""));
	assert_int_equal(ERR_INVALID, write_one("tax", " \n\t"));
	assert_int_equal(ERR_INVALID, write_one("tax", big));
	assert_int_equal(ERR_INVALID, write_one("tax", "가\u202e나"));
	assert_int_equal(OK, write_one("tax", big + 3));
}

static void comments_are_bounded(void **state)
{
	for (int i = 0; i < COMMENTS_MAX; i++)
		assert_int_equal(OK, write_one("tax", "가"));
	assert_int_equal(ERR_LIMITED, write_one("tax", "나"));
	assert_int_equal(OK, write_one("water", "나"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_comment_stands_at_its_field_until_it_is_closed, setup, teardown),
		cmocka_unit_test_setup_teardown(
			another_department_reads_and_closes_none, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_comment_says_something_that_shows, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_comment_is_closed_at_its_own_field_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(comments_are_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
