#include "registry/profile/days.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *text, const char *month, const char *day)
{
	char out[DAYS_TEXT];

	assert_string_equal(month, days_read(text, true, out) ? out : "");
	assert_string_equal(day, days_read(text, false, out) ? out : "");
}

static void month_is_read_in_each_of_its_forms(void **state)
{
	static const char *const texts[] = {"2026-09", "2026.09", "2026. 9.", "2026.9", "2026/09",
		"2026년 9월", "2026년9월", " 2026 . 9 . "};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		expect(texts[i], "2026-09", "");
}

static void day_is_read_in_each_of_its_forms_and_a_month_from_its_first(void **state)
{
	expect("2027.6.30", "", "2027-06-30");
	expect("2027. 6. 30.", "", "2027-06-30");
	expect("2027/06/30", "", "2027-06-30");
	expect("2027-06-30 0:00", "", "2027-06-30");
	expect("2027년 6월 30일", "", "2027-06-30");
	expect("2026-09-01", "2026-09", "2026-09-01");
	expect("2026년 9월 1일 00:00:00", "2026-09", "2026-09-01");
}

static void what_may_mean_something_else_is_not_read(void **state)
{
	static const char *const texts[] = {"", "2026", "2026.1", "26.9.1", "Sep-26", "9/1/2026",
		"2026-13", "2027-06-31", "2026-09-01 13:20", "2026-09-0", "2026-00", "2026-09-",
		"2026.09/01", "202609", "20260901", "2026-09-010:00", "2026년 9월 1일쯤",
		"2026-09 x", "2026-09-01 0:00 x", "99999999999999999999"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		expect(texts[i], "", "");
}

static void number_by_which_excel_keeps_a_day_is_recognised(void **state)
{
	static const char *const none[] = {
		"", "2026", "9999", "73051", "463570", "46357.5", "4635x"};
	char out[DAYS_TEXT];

	assert_true(days_numbered("46357", out));
	assert_string_equal("2026-12-01", out);
	assert_true(days_numbered("25569", out));
	assert_string_equal("1970-01-01", out);
	assert_true(days_numbered("10000", out));
	assert_string_equal("1927-05-18", out);
	assert_true(days_numbered("73050", out));
	assert_string_equal("2099-12-31", out);
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_false(days_numbered(none[i], out));
}

static void month_that_excel_changed_is_recognised(void **state)
{
	assert_true(days_changed("Sep-26"));
	assert_true(days_changed("dec-30"));
	assert_false(days_changed("Sep"));
	assert_false(days_changed("Sep-2026"));
	assert_false(days_changed("2026-09"));
	assert_false(days_changed("Sept26"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(month_is_read_in_each_of_its_forms),
		cmocka_unit_test(day_is_read_in_each_of_its_forms_and_a_month_from_its_first),
		cmocka_unit_test(what_may_mean_something_else_is_not_read),
		cmocka_unit_test(number_by_which_excel_keeps_a_day_is_recognised),
		cmocka_unit_test(month_that_excel_changed_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
