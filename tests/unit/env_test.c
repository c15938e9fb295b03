#include "base/env.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Against the C library: an odd number of seconds apart, from 1970 to 2500, and before. */
static void a_time_is_read_as_it_is_printed(void **state)
{
	char text[TIME_TEXT];
	int64_t again;

	(void)state;
	for (int64_t at = -40000000000; at < 16725225600; at += 86400 * 3 + 4567) {
		time_text(at, text);
		assert_int_equal(OK, time_parse(text, &again));
		assert_true(at == again);
	}
}

static void a_time_that_does_not_exist_is_refused(void **state)
{
	static const char *const texts[] = {"", "2026-11-22", "2026-11-22T12:00:00",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-04-31T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T23:59:60Z",
		"2026-01-01T00:00:00Zx", "2026-1-01T00:00:00Z", "+026-01-01T00:00:00Z",
		"2026-01-01 00:00:00Z", "2026-01-01T00:00:0\xd9\xa1Z"};
	int64_t at;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_int_equal(ERR_INVALID, time_parse(texts[i], &at));
	assert_int_equal(OK, time_parse("2000-02-29T23:59:59Z", &at));
	assert_int_equal(951868799, at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_time_is_read_as_it_is_printed),
		cmocka_unit_test(a_time_that_does_not_exist_is_refused),
	};
	return cmocka_run_group_tests_name("env", tests, NULL, NULL);
}
