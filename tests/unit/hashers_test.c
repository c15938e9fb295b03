/* Passwords are hashed in processes that let readers go first, or by the caller where they are gone
 * or stuck. */
#include "registry/people/hashers.h"

#include "base/buf.h"
#include "tests/unit/program.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSWORD "four ducks on a tram"

static char *program; /* gaya */

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct hashers *started(void)
{
	struct hashers *h = NULL;

	assert_int_equal(OK, hashers_start(program, HASHERS_MS, &h));
	return h;
}

/* Their process numbers, as the kernel lists this process's children; how many. */
static size_t processes(pid_t pid[8])
{
	AUTOFREE char *path = mem_printf("/proc/self/task/%d/children", getpid());
	FILE *list = fopen(path, "r");
	size_t n = 0;

	assert_non_null(list);
	while (n < 8 && fscanf(list, "%d", &pid[n]) == 1)
		n++;
	fclose(list);
	return n;
}

static void a_password_is_hashed_and_known_again(void **state)
{
	struct hashers *h = started();
	struct hashed made = {0}, same = {0}, other = {0};

	(void)state;
	assert_true(hashers_ask(h, NULL, PASSWORD, &made));
	assert_false(made.failed);
	assert_true(hashers_ask(h, made.made, PASSWORD, &same));
	assert_true(same.matches && !same.old && !same.failed);
	assert_true(hashers_ask(h, made.made, "four ducks on a train", &other));
	assert_false(other.matches);
	hashers_end(h);
}

static void an_older_hash_is_told_to_be_old(void **state)
{
	static const char old[] = "$argon2id$v=19$m=8,t=1,p=1$Z2F5YSBub2JvZHkncw$"
				  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	struct hashers *h = started();
	struct hashed answer = {0};

	(void)state;
	assert_true(hashers_ask(h, old, PASSWORD, &answer));
	assert_true(answer.old && !answer.matches);
	hashers_end(h);
}

static void they_run_at_a_low_priority_and_under_a_filter(void **state)
{
	const int own = getpriority(PRIO_PROCESS, 0); /* nobody can raise it */
	struct hashers *h = started();
	struct hashed answer;
	pid_t pid[8];
	size_t n = processes(pid);

	(void)state;
	assert_int_equal(hashers_count(h), n);
	assert_true(hashers_ask(h, NULL, PASSWORD, &answer)); /* the first is locked by now */
	assert_int_equal(
		own > HASHERS_NICE ? own : HASHERS_NICE, getpriority(PRIO_PROCESS, pid[0]));
	{
		AUTOFREE char *path = mem_printf("/proc/%d/status", pid[0]);
		FILE *status = fopen(path, "r");
		bool filtered = false;
		char line[200];

		assert_non_null(status);
		while (fgets(line, sizeof(line), status))
			filtered |= strcmp(line, "Seccomp:\t2\n") == 0;
		fclose(status);
		assert_true(filtered);
	}
	hashers_end(h);
}

static void one_that_was_killed_is_asked_no_more_and_the_others_answer(void **state)
{
	struct hashers *h = started();
	struct hashed answer;
	pid_t pid[8];
	size_t n = processes(pid);

	(void)state;
	kill(pid[0], SIGKILL);
	assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	assert_true(hashers_ask(h, NULL, PASSWORD, &answer));
	for (size_t i = 1; i < n; i++)
		kill(pid[i], SIGKILL);
	for (size_t i = 1; i < n; i++)
		assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	hashers_end(h);
}

/* All of them are stopped. */
static struct hashers *stuck(pid_t pid[8], size_t *n)
{
	struct hashers *h = NULL;

	assert_int_equal(OK, hashers_start(program, 50, &h));
	*n = processes(pid);
	assert_int_equal(hashers_count(h), *n);
	for (size_t i = 0; i < *n; i++) {
		kill(pid[i], SIGSTOP);
		assert_int_equal(pid[i], waitpid(pid[i], NULL, WUNTRACED));
	}
	return h;
}

static void one_that_does_not_answer_is_asked_once_and_the_caller_hashes(void **state)
{
	struct hashed answer;
	pid_t pid[8];
	size_t n;
	struct hashers *h = stuck(pid, &n);
	int64_t began;

	(void)state;
	for (size_t i = 0; i < n; i++)
		assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	began = now_ms();
	for (size_t i = 0; i < 1000; i++) /* nobody waits for them a second time */
		assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	assert_true(now_ms() - began < 1000 * 50);
	hashers_end(h); /* which waits for no stopped process */
	assert_int_equal(0, processes(pid));
}

static void one_that_was_late_is_asked_again_once_it_has_answered(void **state)
{
	struct hashed answer = {0};
	pid_t pid[8];
	size_t n;
	struct hashers *h = stuck(pid, &n);

	(void)state;
	assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	kill(pid[0], SIGCONT);
	for (size_t i = 1; i < n; i++)
		kill(pid[i], SIGKILL);
	for (size_t i = 1; i < n; i++)
		assert_false(hashers_ask(h, NULL, PASSWORD, &answer));
	while (!hashers_ask(h, "$argon2id$no hash", PASSWORD, &answer))
		usleep(1000);
	assert_false(
		answer.matches || *answer.made); /* the answer to this question, not the old one */
	hashers_end(h);
}

static void what_is_too_long_for_a_question_is_not_asked(void **state)
{
	AUTOFREE char *password = mem_new(HASHERS_PASSWORD + 1);
	struct hashers *h = started();
	struct hashed answer;

	(void)state;
	memset(password, 'a', HASHERS_PASSWORD);
	assert_false(hashers_ask(h, NULL, password, &answer));
	password[HASHERS_PASSWORD - 1] = '\0';
	assert_true(hashers_ask(h, NULL, password, &answer));
	hashers_end(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_hashed_and_known_again),
		cmocka_unit_test(an_older_hash_is_told_to_be_old),
		cmocka_unit_test(they_run_at_a_low_priority_and_under_a_filter),
		cmocka_unit_test(one_that_was_killed_is_asked_no_more_and_the_others_answer),
		cmocka_unit_test(one_that_does_not_answer_is_asked_once_and_the_caller_hashes),
		cmocka_unit_test(one_that_was_late_is_asked_again_once_it_has_answered),
		cmocka_unit_test(what_is_too_long_for_a_question_is_not_asked),
	};
	int failed;

	program = program_path("hashers_test");
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	free(program);
	return failed;
}
