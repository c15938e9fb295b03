/* Reports of attacks: each kind at once, then once a minute, and never fewer than happened. */
#include "base/buf.h"
#include "base/security.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int64_t now = 1000;
static char lines[20][400];
static size_t lines_n;

static int64_t clock_now(void)
{
	return now;
}

static void hear(const char *line)
{
	assert_true(lines_n < COUNT(lines));
	snprintf(lines[lines_n++], sizeof(lines[0]), "%s", line);
}

static void assert_told(size_t n, const char *start)
{
	assert_int_equal(lines_n, n);
	if (n && strncmp(lines[n - 1], start, strlen(start)) != 0)
		fail_msg("\"%s\" does not begin with \"%s\"", lines[n - 1], start);
}

static void one_is_told_at_once_and_more_of_its_minute_together(void **state)
{
	(void)state;
	security_event(SECURITY_LIMITED);
	assert_told(1, "security: kind=limited count=1: ");
	for (int i = 0; i < 2975; i++)
		security_event(SECURITY_LIMITED);
	assert_told(1, "");
	security_tell(false);
	assert_told(1, "");
	now += 60;
	security_tell(false);
	assert_told(2, "security: kind=limited count=2975: ");
	security_tell(true);
	assert_told(2, ""); /* nothing is left to tell */
	security_event(SECURITY_LIMITED);
	assert_told(2, "");
	security_tell(true);
	assert_told(3, "security: kind=limited count=1: ");
	assert_int_equal(security_count(SECURITY_LIMITED), 2977);
}

static void kinds_do_not_wait_for_each_other(void **state)
{
	(void)state;
	lines_n = 0;
	for (unsigned kind = 0; kind < SECURITY_KINDS; kind++)
		if (kind != SECURITY_LIMITED) {
			security_event(kind);
			security_event(kind);
		}
	assert_told(SECURITY_KINDS - 1, "security: kind=");
	for (unsigned kind = 0; kind < SECURITY_KINDS; kind++) {
		assert_non_null(security_kinds[kind].name);
		assert_non_null(security_kinds[kind].about);
		assert_int_equal(strspn(security_kinds[kind].name, "abcdefghijklmnopqrstuvwxyz_"),
			strlen(security_kinds[kind].name));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_is_told_at_once_and_more_of_its_minute_together),
		cmocka_unit_test(kinds_do_not_wait_for_each_other),
	};

	security_test(clock_now, hear);
	return cmocka_run_group_tests_name("security", tests, NULL, NULL);
}
