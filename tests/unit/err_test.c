#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka's */

static void the_reason_is_kept_until_the_next(void **state)
{
	assert_int_equal(ERR_DENIED, fail(ERR_DENIED, "%s may not", "she"));
	assert_string_equal("she may not", err_why());
	assert_int_equal(ERR_SYSTEM, fail(ERR_SYSTEM, "so: %s", err_why()));
	assert_string_equal("so: she may not", err_why());
}

static void a_quotation_that_is_cut_within_a_character_is_still_text(void **state)
{
	for (int cut = 0; cut < 12; cut++) {
		(void)fail(ERR_INVALID, "the text \"%.*s\" is wrong", cut, "a가나\U0001f600");
		assert_true(text_is_utf8(err_why(), strlen(err_why())));
	}
	(void)fail(ERR_INVALID, "\"%.3s\"", "a가");
	assert_string_equal("\"a?\?\"", err_why());
}

static void a_reason_that_is_too_long_ends_with_a_whole_character(void **state)
{
	char text[2001] = "";

	for (int before = 0; before < 3; before++) {
		memset(text, 'x', (size_t)before);
		text[before] = '\0';
		while (strlen(text) < sizeof(text) - 4)
			strcat(text, "가");
		(void)fail(ERR_INVALID, "%s", text);
		assert_true(text_is_utf8(err_why(), strlen(err_why())));
		assert_true(strlen(err_why()) > 500);
	}
}

static void what_would_steer_a_terminal_is_taken_out(void **state)
{
	(void)fail(ERR_INVALID, "%s", "a\033[2Jb\a\x7f\nc\xff");
	assert_string_equal("a?[2Jb?\?\nc?", err_why());
}

static void kinds_have_exit_statuses_of_their_own(void **state)
{
	for (int a = OK; a < ERR_KINDS; a++)
		for (int b = OK; b < a; b++)
			assert_int_not_equal(
				err_kind((enum err)a)->exit, err_kind((enum err)b)->exit);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reason_is_kept_until_the_next),
		cmocka_unit_test(a_quotation_that_is_cut_within_a_character_is_still_text),
		cmocka_unit_test(a_reason_that_is_too_long_ends_with_a_whole_character),
		cmocka_unit_test(what_would_steer_a_terminal_is_taken_out),
		cmocka_unit_test(kinds_have_exit_statuses_of_their_own),
	};
	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
