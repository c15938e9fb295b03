#include "registry/people/slow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define FREE 5 /* failures of a login that delay nothing */

static struct slow *slow;
static struct slow_key keys[2];

static int setup(void **state)
{
	(void)state;
	slow = slow_new();
	keys[0] = slow_key(slow, SLOW_LOGIN, "minji", 5);
	keys[1] = slow_key(slow, SLOW_NETWORK, "here", 4);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	slow_free(slow);
	return 0;
}

/* Begins attempts until one has to wait; returns how many began. */
static unsigned begin(int64_t now, int64_t *wait)
{
	unsigned n = 0;

	while (n < 100 && slow_take(slow, keys, 2, now, wait) == OK)
		n++;
	return n;
}

static bool says_failed(void)
{
	return strstr(err_why(), "failed") != NULL;
}

static void sign_ins_at_once_come_back_in_a_second_and_none_is_said_to_have_failed(void **state)
{
	int64_t wait;
	unsigned n = begin(1000, &wait);

	(void)state;
	assert_int_equal(FREE + 1, n);
	assert_int_equal(1, wait);
	assert_false(says_failed());
	while (n--)
		slow_succeeded(slow, keys, 2);
	assert_int_equal(FREE + 1, begin(1000, &wait));
}

static void wrong_guesses_at_once_are_as_many_as_one_after_the_other(void **state)
{
	int64_t wait;
	unsigned n = begin(1000, &wait);

	(void)state;
	assert_int_equal(FREE + 1, n);
	while (n--)
		slow_failed(slow, keys, 2);
	assert_int_equal(0, begin(1000, &wait));
	assert_int_equal(2, wait);
	assert_true(says_failed());
	/* After each delay one guess is let in, however many come at once. */
	for (int64_t now = 1002, i = 0; i < 4; i++, now += wait) {
		assert_int_equal(1, begin(now, &wait));
		slow_failed(slow, keys, 2);
		assert_int_equal(0, begin(now, &wait));
		assert_int_equal(4 << i, wait);
	}
}

static void success_beside_guesses_does_not_let_more_of_them_in(void **state)
{
	int64_t wait;
	unsigned n = begin(1000, &wait);

	(void)state;
	slow_succeeded(slow, keys, 2);
	assert_int_equal(1, begin(1000, &wait));
	while (n--)
		slow_failed(slow, keys, 2);
	assert_int_equal(0, begin(1000, &wait));
	assert_true(says_failed());
}

static void attempt_that_was_not_decided_leaves_nothing(void **state)
{
	int64_t wait;

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		assert_int_equal(OK, slow_take(slow, keys, 2, 1000, &wait));
		slow_undo(slow, keys, 2);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(sign_ins_at_once_come_back_in_a_second_and_none_is_said_to_have_failed),
		TEST(wrong_guesses_at_once_are_as_many_as_one_after_the_other),
		TEST(success_beside_guesses_does_not_let_more_of_them_in),
		TEST(attempt_that_was_not_decided_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
