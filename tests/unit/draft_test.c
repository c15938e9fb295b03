#include "registry/people/draft.h"

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

static int setup(void **state)
{
	AUTOFREE char *database = NULL;

	snprintf(dir, sizeof(dir), "/tmp/gaya-draft.XXXXXX");
	assert_non_null(mkdtemp(dir));
	database = file_in(dir, REG_DATABASE); /* a folder without one is no register's */
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

static struct record_draft draft_of(const char *department, const char *system, const char *name)
{
	struct record_draft d = {.by = "0123456789abcdef0123456789abcdef", .version = 3};

	snprintf(d.department, sizeof(d.department), "%s", department);
	snprintf(d.system, sizeof(d.system), "%s", system);
	d.record = json_make("{s:{s:s}}", "name", "ko", name);
	return d;
}

static const char *name_in(const struct record_draft *d)
{
	return json_str(json_object_get(d->record, "name"), "ko");
}

static void a_draft_is_kept_as_it_was_written(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "물\u202e\001wrong");
	AUTO(record_draft) got = {0};

	assert_int_equal(OK, draft_new(p, &made));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &got));
	assert_int_equal(1, got.revision);
	assert_int_equal(3, got.version);
	assert_string_equal("tax-bot", got.system);
	assert_string_equal(made.by, got.by);
	assert_string_equal("물\u202e\001wrong", name_in(&got));
}

static void a_draft_outlives_the_server(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "물");
	AUTO(record_draft) got = {0};

	assert_int_equal(OK, draft_new(p, &made));
	people_close(p);
	assert_int_equal(
		OK, people_open(&(struct people_options){.dir = dir, .env = &env_real}, &p));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &got));
}

static void another_department_finds_nothing(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "물");
	AUTO(record_draft) got = {0};
	AUTO(record_draft) other = draft_of("water", "x", "y");
	AUTO(record_draft) theirs = {0};
	json_auto_t *list = NULL;

	assert_int_equal(OK, draft_new(p, &made));
	assert_int_equal(ERR_NOT_FOUND, draft_get(p, "water", made.id, &got));
	memcpy(other.id, made.id, sizeof(other.id));
	other.revision = 1;
	assert_int_equal(ERR_NOT_FOUND, draft_save(p, &other, &theirs));
	assert_int_equal(ERR_NOT_FOUND, draft_discard(p, "water", made.id, 1));
	assert_int_equal(OK, draft_list(p, "water", -1, &list));
	assert_int_equal(0, json_array_size(list));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &got));
	assert_string_equal("물", name_in(&got));
}

static void two_who_save_at_once_lose_nothing(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "처음");
	AUTO(record_draft) first = {0};
	AUTO(record_draft) second = {0};
	AUTO(record_draft) theirs = {0};

	assert_int_equal(OK, draft_new(p, &made));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &first));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &second));
	json_put(json_object_get(first.record, "name"), "ko", json_text("하나"));
	json_put(json_object_get(second.record, "name"), "ko", json_text("둘"));
	assert_int_equal(OK, draft_save(p, &first, &theirs));
	assert_int_equal(2, first.revision);
	assert_int_equal(ERR_CONFLICT, draft_save(p, &second, &theirs));
	assert_string_equal("하나", name_in(&theirs));
	assert_int_equal(2, theirs.revision);
	assert_int_equal(ERR_CONFLICT, draft_discard(p, "tax", made.id, 1));
	second.revision = theirs.revision; /* who has seen both, chooses */
	record_draft_done(&theirs);
	assert_int_equal(OK, draft_save(p, &second, &theirs));
	assert_int_equal(3, second.revision);
}

static void to_save_what_is_there_already_is_no_conflict(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "처음");
	AUTO(record_draft) theirs = {0};

	assert_int_equal(OK, draft_new(p, &made));
	made.revision = 7;
	assert_int_equal(OK, draft_save(p, &made, &theirs));
	assert_int_equal(1, made.revision);
}

static void a_system_has_one_draft_in_a_department(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "물");
	AUTO(record_draft) again = draft_of("tax", "tax-bot", "다시");
	AUTO(record_draft) bad = draft_of("tax", "Tax bot", "물");

	assert_int_equal(OK, draft_new(p, &made));
	assert_int_equal(ERR_CONFLICT, draft_new(p, &again));
	assert_string_equal(made.id, again.id);
	assert_int_equal(ERR_INVALID, draft_new(p, &bad));
	assert_int_equal(OK, draft_discard(p, "tax", made.id, 1));
	assert_int_equal(OK, draft_new(p, &again));
	assert_string_not_equal(made.id, again.id);
}

static void a_draft_that_is_over_begins_again_as_itself_from_a_version(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "tax-bot", "처음");
	AUTO(record_draft) again = draft_of("tax", "tax-bot", "공개된 것");
	AUTO(record_draft) got = {0};

	assert_int_equal(OK, draft_new(p, &made));
	again.version = 4;
	again.revision = 2;
	snprintf(again.id, sizeof(again.id), "%s", made.id);
	assert_int_equal(ERR_CONFLICT, draft_again(p, &again)); /* somebody writes in it */
	again.revision = 1;
	assert_int_equal(OK, draft_again(p, &again));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &got));
	assert_int_equal(4, got.version);
	assert_int_equal(2, got.revision);
	assert_string_equal("공개된 것", name_in(&got));
}

static void drafts_are_bounded(void **state)
{
	AUTO(record_draft) large = draft_of("tax", "large", "");
	AUTOFREE char *text = mem_new(DRAFT_RECORD_MAX + 1);
	AUTO(record_draft) theirs = {0};

	memset(text, 'x', DRAFT_RECORD_MAX);
	json_put(json_object_get(large.record, "name"), "ko", json_text(text));
	assert_int_equal(ERR_TOO_LARGE, draft_new(p, &large));
	for (int i = 0; i < DRAFTS_MAX; i++) {
		AUTOFREE char *system = mem_printf("s%d", i);
		AUTO(record_draft) one = draft_of("tax", system, "x");

		assert_int_equal(OK, draft_new(p, &one));
		if (i > 0)
			continue;
		json_put(json_object_get(one.record, "name"), "ko", json_text(text));
		assert_int_equal(ERR_TOO_LARGE, draft_save(p, &one, &theirs));
	}
	AUTO(record_draft) more = draft_of("tax", "more", "x");
	AUTO(record_draft) other = draft_of("water", "more", "x");

	assert_int_equal(ERR_LIMITED, draft_new(p, &more));
	assert_int_equal(OK, draft_new(p, &other));
}

static void a_draft_says_of_which_row_of_which_file_it_began(void **state)
{
	AUTO(record_draft) made = draft_of("tax", "from-a-file", "세금"), got = {0}, plain = {0};
	json_auto_t *list = NULL;

	made.line = 12;
	snprintf(made.file, sizeof(made.file), "세금 %s.csv", "기록");
	assert_int_equal(OK, draft_new(p, &made));
	assert_int_equal(OK, draft_get(p, "tax", made.id, &got));
	assert_int_equal(12, got.line);
	assert_string_equal("세금 기록.csv", got.file);
	assert_int_equal(OK, draft_list(p, "tax", -1, &list));
	assert_string_equal("세금 기록.csv", json_str(json_array_get(list, 0), "file"));
	assert_int_equal(OK, draft_discard(p, "tax", made.id, 1));
	plain = draft_of("tax", "from-a-file", "세금");
	assert_int_equal(OK, draft_new(p, &plain));
	record_draft_done(&got);
	assert_int_equal(OK, draft_get(p, "tax", plain.id, &got));
	assert_int_equal(0, got.line);
	assert_string_equal("", got.file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_draft_is_kept_as_it_was_written, setup, teardown),
		cmocka_unit_test_setup_teardown(a_draft_outlives_the_server, setup, teardown),
		cmocka_unit_test_setup_teardown(another_department_finds_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(two_who_save_at_once_lose_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			to_save_what_is_there_already_is_no_conflict, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_system_has_one_draft_in_a_department, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_draft_says_of_which_row_of_which_file_it_began, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_draft_that_is_over_begins_again_as_itself_from_a_version, setup,
			teardown),
		cmocka_unit_test_setup_teardown(drafts_are_bounded, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
