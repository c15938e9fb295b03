#include "base/env.h"
#include "base/zone.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static void a_zone_is_known_by_its_exact_name(void **state)
{
	static const char *const known[] = {"Asia/Seoul", "UTC", "ROK", "Etc/GMT-9",
		"America/New_York", "America/Argentina/Buenos_Aires", "America/Port-au-Prince",
		"EST5EDT"};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++) {
		assert_true(zone_is_name(known[i]));
		assert_int_equal(OK, zone_check(known[i]));
	}
}

static void any_other_text_is_no_zone(void **state)
{
	static const char *const other[] = {"", "KST", "Seoul", "Asia", "Asia/", "/Asia/Seoul",
		"Asia//Seoul", "../../etc/passwd", "Asia/../Asia/Seoul", "./UTC", ":Asia/Seoul",
		"Asia/Seoul ", " UTC", "Asia/Seoul\n", "tzdata.zi", "zone.tab", "posix/Asia/Seoul",
		"right/Asia/Seoul", "localtime", "posixrules", "Factory", "+09:00", "9", "KST-9",
		"아시아/서울",
		"Asia/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul/Seoul"};

	(void)state;
	for (size_t i = 0; i < COUNT(other); i++)
		assert_int_equal(ERR_INVALID, zone_check(other[i]));
}

static void a_name_in_the_wrong_case_is_answered_with_the_right_one(void **state)
{
	static const char *const wrong[] = {"Asia/seoul", "asia/Seoul", "ASIA/SEOUL"};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(ERR_INVALID, zone_check(wrong[i]));
		assert_non_null(strstr(err_why(), "write Asia/Seoul"));
	}
}

static void a_machine_without_zones_is_told_which_package_it_lacks(void **state)
{
	(void)state;
	setenv("TZDIR", "/nonexistent", 1);
	assert_int_equal(ERR_NOT_FOUND, zone_check("Asia/Seoul"));
	assert_non_null(strstr(err_why(), "tzdata"));
	unsetenv("TZDIR");
}

static void a_zone_that_is_not_known_leaves_utc_and_says_so(void **state)
{
	char name[ZONE_MAX + 1];
	time_t at = 0;
	struct tm tm;

	(void)state;
	assert_int_equal(OK, zone_use("Asia/Seoul"));
	zone_name(name);
	assert_string_equal("Asia/Seoul", name);
	assert_int_equal(9, localtime_r(&at, &tm)->tm_hour);
	assert_int_equal(ERR_INVALID, zone_use("KST"));
	assert_int_equal(0, localtime_r(&at, &tm)->tm_hour);
	assert_string_equal("UTC", getenv("TZ"));
	zone_name(name);
	assert_string_equal("UTC", name);
}

static void days_are_those_of_the_zone_also_where_the_clocks_change(void **state)
{
	char day[DAY_TEXT];
	int64_t end;

	(void)state;
	assert_int_equal(OK, zone_use("Asia/Seoul"));
	zone_day(1772290799, 0, day); /* a second before midnight there, 14:59:59 UTC */
	assert_string_equal("2026-02-28", day);
	zone_day(1772290799, 1, day);
	assert_string_equal("2026-03-01", day);
	assert_int_equal(OK, zone_use("Europe/Amsterdam"));
	zone_day(1774742340, 1, day); /* 2026-03-29 00:59 there, the night that lacks an hour */
	assert_string_equal("2026-03-30", day);
	assert_int_equal(OK, time_day_end("2026-03-28", &end));
	assert_int_equal(1774742340 - 59 * 60, end);
	assert_int_equal(OK, time_day_end("2026-03-29", &end));
	assert_int_equal(1774742340 - 59 * 60 + 23 * 3600, end);
	assert_int_equal(OK, zone_use("UTC"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_zone_is_known_by_its_exact_name),
		cmocka_unit_test(any_other_text_is_no_zone),
		cmocka_unit_test(a_name_in_the_wrong_case_is_answered_with_the_right_one),
		cmocka_unit_test(a_machine_without_zones_is_told_which_package_it_lacks),
		cmocka_unit_test(days_are_those_of_the_zone_also_where_the_clocks_change),
		cmocka_unit_test(a_zone_that_is_not_known_leaves_utc_and_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
