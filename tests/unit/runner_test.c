/* Misbehaving programs, in a separate process: $GAYA's, or the program built with this test. */
#include "base/runner.h"
#include "base/runner_wire.h"
#include "tests/unit/program.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define FOREVER "def f: f; f"
/* One array larger than the memory limit: refused at once, however slowly a busy machine would fill
 * it. */
#define HUGE_TEXT "[] | .[33000000] = 1 | length"

static char *program; /* gaya */

static struct runner *runner_on(const char *input)
{
	struct runner *r = runner_new(program);
	json_auto_t *value = json_loads(input, JSON_DECODE_ANY, NULL);

	assert_non_null(value);
	runner_input(r, value);
	return r;
}

static void runs(struct runner *r, const char *name, const char *outputs)
{
	json_auto_t *got = NULL, *want = json_loads(outputs, JSON_DECODE_ANY, NULL);
	AUTO(buf) text = BUF(MIB);

	if (runner_run(r, name, &got) != OK)
		fail_msg("%s: %s", name, err_why());
	json_canonical(got, &text);
	if (!json_equal(got, want))
		fail_msg("%s gives %s", name, buf_text(&text));
}

static void fails(struct runner *r, const char *name, enum err e, const char *why)
{
	json_t *got = NULL;

	assert_int_equal(e, runner_run(r, name, &got));
	assert_null(got);
	if (!strstr(err_why(), why) || !strstr(err_why(), name))
		fail_msg("%s is said to be: %s", name, err_why());
}

static void programs_run_on_the_input_and_again_on_another(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");
	json_auto_t *other = json_loads("{\"a\": 20}", 0, NULL);

	(void)state;
	runner_add(r, "one.jq", ".a + 1");
	runner_add(r, "two.jq", ".a, .b");
	runs(r, "one.jq", "[2]");
	runs(r, "two.jq", "[1, null]");
	runner_input(r, other);
	runs(r, "one.jq", "[21]");
	runs(r, "two.jq", "[20, null]");
	runner_free(r);
}

static void a_name_that_is_known_keeps_its_program(void **state)
{
	struct runner *r = runner_on("1");

	(void)state;
	runner_add(r, "one.jq", "1");
	runner_add(r, "one.jq", "2");
	runs(r, "one.jq", "[1]");
	runner_free(r);
}

static void a_program_that_runs_for_ever_is_stopped_and_named_and_the_next_question_works(
	void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	runner_add(r, "loop.jq", FOREVER);
	runner_add(r, "good.jq", ".a");
	runs(r, "good.jq", "[1]");
	fails(r, "loop.jq", ERR_TOO_LARGE, "was stopped: it ran for more than 1 second");
	runs(r, "good.jq", "[1]");
	runner_free(r);
}

static void a_program_that_fills_the_memory_is_stopped_and_named_and_the_next_question_works(
	void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	runner_add(r, "huge.jq", HUGE_TEXT);
	runner_add(r, "good.jq", ".a");
	runs(r, "good.jq", "[1]");
	fails(r, "huge.jq", ERR_TOO_LARGE, "was stopped: it took more than 512 MiB of memory");
	runs(r, "good.jq", "[1]");
	runner_free(r);
}

static void after_three_stops_in_a_row_a_program_is_not_run_again_and_others_are(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	runner_add(r, "huge.jq", HUGE_TEXT);
	runner_add(r, "good.jq", ".a");
	for (int i = 0; i < RUNNER_STRIKES; i++) {
		fails(r, "huge.jq", ERR_TOO_LARGE, "was stopped: ");
		runs(r, "good.jq", "[1]");
	}
	fails(r, "huge.jq", ERR_TOO_LARGE, "was stopped 3 times in a row, and is not run again");
	runs(r, "good.jq", "[1]");
	runner_free(r);
}

static void a_success_in_between_forgives(void **state)
{
	struct runner *r = runner_new(program);
	json_auto_t *bad = json_true(), *good = json_false();

	(void)state;
	runner_add(r, "moody.jq", "if . then " HUGE_TEXT " else 7 end");
	for (int round = 0; round < 2; round++) {
		runner_input(r, bad);
		for (int i = 0; i < RUNNER_STRIKES - 1; i++)
			fails(r, "moody.jq", ERR_TOO_LARGE, "was stopped: ");
		runner_input(r, good);
		runs(r, "moody.jq", "[7]");
	}
	runner_free(r);
}

/* The only child that this process has; it is dead when this returns. */
static pid_t killed_judge(void)
{
	siginfo_t info = {0};
	char path[64];
	FILE *file;
	int pid = 0;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(1, fscanf(file, "%d", &pid));
	fclose(file);
	assert_int_equal(0, kill(pid, SIGKILL));
	assert_int_equal(0, waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT));
	return pid;
}

static void a_judge_that_somebody_killed_is_no_programs_fault(void **state)
{
	struct runner *r = runner_on("1");

	(void)state;
	runner_add(r, "a.jq", ". + 10");
	for (int i = 0; i <= RUNNER_STRIKES; i++) {
		runs(r, "a.jq", "[11]");
		assert_true(killed_judge() > 0);
	}
	runs(r, "a.jq", "[11]");
	runner_free(r);
}

static void what_is_expected_next_changes_no_answer(void **state)
{
	struct runner *r = runner_on("1");
	json_auto_t *two = json_integer(2);

	(void)state;
	runner_add(r, "a.jq", ". + 10");
	runner_add(r, "b.jq", ". + 20");
	runner_add(r, "huge.jq", HUGE_TEXT);
	runner_expect(r, "b.jq");
	runs(r, "a.jq", "[11]");
	runs(r, "b.jq", "[21]");
	runner_expect(r, "b.jq"); /* and is not asked */
	runs(r, "a.jq", "[11]");
	runs(r, "a.jq", "[11]");
	runner_expect(r, "b.jq"); /* and is asked on another input */
	runs(r, "a.jq", "[11]");
	runner_input(r, two);
	runs(r, "b.jq", "[22]");
	runner_expect(r, "b.jq");
	runs(r, "b.jq", "[22]");
	runner_expect(r, "huge.jq"); /* ends in the background */
	runs(r, "a.jq", "[12]");
	runs(r, "b.jq", "[22]");
	runner_expect(r, "b.jq"); /* behind one that is stopped */
	fails(r, "huge.jq", ERR_TOO_LARGE, "was stopped: ");
	runs(r, "b.jq", "[22]");
	runner_expect(r, "huge.jq");
	runs(r, "a.jq", "[12]");
	fails(r, "huge.jq", ERR_TOO_LARGE, "was stopped: ");
	runner_expect(r, "huge.jq"); /* no more */
	runs(r, "a.jq", "[12]");
	fails(r, "huge.jq", ERR_TOO_LARGE, "is not run again");
	runs(r, "b.jq", "[22]");
	runner_free(r);
}

static void what_jq_says_of_a_mistake_is_kept(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	runner_add(r, "wrong.jq", ".a | error(\"not like this\")");
	runner_add(r, "type.jq", ".a.b");
	runner_add(r, "syntax.jq", "if . then");
	runner_add(r, "good.jq", ".a");
	for (int i = 0; i < RUNNER_STRIKES + 1; i++) { /* a mistake is no strike */
		fails(r, "wrong.jq", ERR_INVALID, "not like this");
		fails(r, "type.jq", ERR_INVALID, "Cannot index number with string \"b\"");
		fails(r, "syntax.jq", ERR_INVALID, "syntax error");
	}
	runs(r, "good.jq", "[1]");
	runner_free(r);
}

static void join(struct runner *r, const char *name, const char *text)
{
	runner_add(r, name, text);
	runner_join(r, name);
}

static void programs_that_are_joined_answer_as_each_would_alone(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");
	json_auto_t *other = json_loads("{\"a\": 20}", 0, NULL);

	(void)state;
	join(r, "one.jq", "def f: .a; f + 1");
	join(r, "two.jq", "def f: .b; .a, f");
	join(r, "loop.jq", "if .a == 20 then def f: f; f else . end");
	join(r, "wrong.jq", "error(\"no\")");
	runner_expect(r, "two.jq");
	runs(r, "one.jq", "[2]");
	runs(r, "two.jq", "[1, null]");
	fails(r, "wrong.jq", ERR_INVALID, "no");
	runner_input(r, other);
	fails(r, "loop.jq", ERR_TOO_LARGE, "was stopped: ");
	runs(r, "one.jq", "[21]");
	join(r, "late.jq", ".a - 1");
	runs(r, "late.jq", "[19]");
	assert_true(killed_judge() > 0);
	runs(r, "two.jq", "[20, null]");
	runner_free(r);
}

static void of_joined_programs_one_that_does_not_compile_says_so_and_the_others_run(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	join(r, "one.jq", ".a");
	join(r, "syntax.jq", "if . then");
	join(r, "two.jq", ".a + 1");
	runs(r, "one.jq", "[1]");
	fails(r, "syntax.jq", ERR_INVALID, "syntax error");
	runs(r, "two.jq", "[2]");
	runner_free(r);
}

/* A million instructions take more than seconds, or the memory. */
static void of_joined_programs_one_that_cannot_be_compiled_in_time_stops_no_other(void **state)
{
	AUTO(buf) endless = BUF(8 * MIB);
	struct runner *r = runner_on("{\"a\": 1}");

	(void)state;
	if (getenv("GAYA_SHORT"))
		skip();
	while (endless.len < 7 * MIB)
		buf_puts(&endless, "1,");
	buf_puts(&endless, "1");
	join(r, "endless.jq", buf_text(&endless));
	join(r, "one.jq", ".a");
	for (int i = 0; i < RUNNER_STRIKES + 1; i++)
		runs(r, "one.jq", "[1]");
	fails(r, "endless.jq", ERR_TOO_LARGE, "was stopped: ");
	runs(r, "one.jq", "[1]");
	runner_free(r);
}

static void what_our_json_may_not_hold_is_refused(void **state)
{
	struct runner *r = runner_on("{\"a\": 1}");
	json_t *got = NULL;

	(void)state;
	runner_add(r, "real.jq", ".a / 3");
	runner_add(r, "control.jq", "\"a\\u0007\"");
	assert_int_equal(ERR_INVALID, runner_run(r, "real.jq", &got));
	assert_int_equal(ERR_INVALID, runner_run(r, "control.jq", &got));
	assert_null(got);
	runner_free(r);
}

static void an_input_that_is_too_large_is_refused_and_is_no_programs_fault(void **state)
{
	struct runner *r = runner_on("1");
	json_t *large = json_array(), *small = json_integer(1), *got = NULL;

	(void)state;
	for (int i = 0; i < 17; i++) {
		AUTOFREE char *text = mem_new(MIB);

		memset(text, 'x', MIB - 1);
		json_push(large, json_text(text));
	}
	runner_add(r, "good.jq", "length");
	runner_input(r, large);
	for (int i = 0; i < RUNNER_STRIKES + 1; i++) {
		assert_int_equal(ERR_TOO_LARGE, runner_run(r, "good.jq", &got));
		assert_null(strstr(err_why(), "stopped"));
	}
	runner_input(r, small);
	runs(r, "good.jq", "[1]");
	json_decref(large);
	json_decref(small);
	runner_free(r);
}

static void an_input_that_programs_cannot_hold_exactly_fails_and_the_next_question_works(
	void **state)
{
	struct runner *r = runner_on("{\"n\": 9007199254740993}");
	json_auto_t *other = json_integer(3);

	(void)state;
	runner_add(r, "good.jq", ".");
	for (int i = 0; i < RUNNER_STRIKES + 1; i++)
		fails(r, "good.jq", ERR_INVALID, "too large for a program to hold exactly");
	runner_input(r, other);
	runs(r, "good.jq", "[3]");
	runner_free(r);
}

static void an_answer_that_is_too_large_is_refused_and_the_next_question_works(void **state)
{
	struct runner *r = runner_on("1");

	(void)state;
	runner_add(r, "long.jq", "[range(100000)]");
	runner_add(r, "good.jq", ".");
	fails(r, "long.jq", ERR_INVALID, "long.jq");
	runs(r, "good.jq", "[1]");
	runner_free(r);
}

static void a_program_sees_no_file_no_environment_and_no_clock(void **state)
{
	static const char *const programs[] = {"env", "$ENV | length", "now", "input",
		"import \"a\" as a; 1", "include \"a\"; 1", "input_filename", "halt"};
	struct runner *r = runner_on("1");
	json_t *got = NULL;

	(void)state;
	setenv("SECRET", "x", 1);
	for (size_t i = 0; i < COUNT(programs); i++) {
		runner_add(r, programs[i], programs[i]);
		if (strncmp(programs[i], "$ENV", 4) == 0)
			runs(r, programs[i], "[0]");
		else
			assert_int_equal(ERR_INVALID, runner_run(r, programs[i], &got));
	}
	runner_free(r);
}

static void without_a_process_the_answers_are_the_same(void **state)
{
	struct runner *r = runner_new(NULL);
	json_auto_t *input = json_integer(4);

	(void)state;
	runner_input(r, input);
	runner_add(r, "one.jq", "., . + 1");
	runner_add(r, "wrong.jq", "error(\"no\")");
	runner_add(r, "long.jq", "[range(100000)]");
	runs(r, "one.jq", "[4, 5]");
	fails(r, "wrong.jq", ERR_INVALID, "no");
	fails(r, "long.jq", ERR_INVALID, "long.jq");
	runner_free(r);
}

static void a_program_file_that_is_not_there_is_our_fault_and_no_programs(void **state)
{
	struct runner *r = runner_new("/nonexistent/gaya");
	json_auto_t *input = json_integer(4);
	json_t *got = NULL;

	(void)state;
	runner_input(r, input);
	runner_add(r, "one.jq", "1");
	for (int i = 0; i < RUNNER_STRIKES + 1; i++)
		assert_int_equal(ERR_SYSTEM, runner_run(r, "one.jq", &got));
	runner_free(r);
}

/* --- the child, driven by hand --- */

struct child {
	pid_t pid;
	int fd;
};

extern char **environ;

static struct child child_start(void)
{
	char name[] = "gaya", command[] = "judge";
	char *const argv[] = {name, command, NULL};
	posix_spawn_file_actions_t actions;
	struct child c;
	int pair[2];

	assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], 3);
	assert_int_equal(0, posix_spawn(&c.pid, program, &actions, NULL, argv, environ));
	posix_spawn_file_actions_destroy(&actions);
	close(pair[1]);
	c.fd = pair[0];
	return c;
}

/* It must have ended by itself, without an error. */
static void child_ends(struct child *c)
{
	int status = -1;

	assert_int_equal(c->pid, waitpid(c->pid, &status, 0));
	close(c->fd);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("the judge ended with %x", (unsigned)status);
}

static void half_a_message_and_the_end_is_the_end_of_the_judge(void **state)
{
	uint32_t size = 100;
	struct child c = child_start();

	(void)state;
	assert_int_equal(sizeof(size), write(c.fd, &size, sizeof(size)));
	assert_int_equal(3, write(c.fd, "Aab", 3));
	shutdown(c.fd, SHUT_WR);
	child_ends(&c);
}

static void a_message_of_a_wrong_length_or_kind_is_the_end_of_the_judge(void **state)
{
	static const struct {
		uint32_t size;
		char kind;
	} bad[] = {{0, 'A'}, {RUNNER_FRAME + 1, 'A'}, {UINT32_MAX, 'R'}, {1, 'Z'}, {1, 'D'}};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct child c = child_start();

		assert_int_equal(4, write(c.fd, &bad[i].size, 4));
		(void)!write(c.fd, &bad[i].kind, 1);
		child_ends(&c);
	}
}

static void says(const struct child *c, char kind, const char *text)
{
	AUTO(buf) answer = BUF(RUNNER_FRAME);
	char is = 0;

	assert_int_equal(OK, runner_receive(c->fd, &is, &answer));
	assert_int_equal(kind, is);
	if (!strstr(buf_text(&answer), text))
		fail_msg("the judge says %s", buf_text(&answer));
}

static void a_run_without_input_or_of_an_unknown_program_fails_and_no_more(void **state)
{
	struct child c = child_start();

	(void)state;
	assert_int_equal(OK, runner_send(c.fd, RUNNER_RUN, "p", 1));
	says(&c, RUNNER_FAILED, "no such program");
	assert_int_equal(OK, runner_send(c.fd, RUNNER_ADD, "p\0. + 1", 7));
	assert_int_equal(OK, runner_send(c.fd, RUNNER_RUN, "p", 1));
	says(&c, RUNNER_FAILED, "no input");
	assert_int_equal(OK, runner_send(c.fd, RUNNER_INPUT, "\x01", 1));
	assert_int_equal(OK, runner_send(c.fd, RUNNER_RUN, "p", 1));
	says(&c, RUNNER_DONE, "\x81\x02"); /* [2] */
	shutdown(c.fd, SHUT_WR);
	child_ends(&c);
}

/* --- the process's rights: a copy of this one confines itself in the same way --- */

static void sandboxed_child(int result)
{
	struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(80)};
	char ok[8];
	int n = 0, fd;

	fd = open("/etc/hostname", O_RDONLY);
	ok[n++] = fd < 0 ? '.' : 'f';
	fd = openat(AT_FDCWD, "/tmp/gaya-judge-was-here", O_CREAT | O_WRONLY, 0600);
	ok[n++] = fd < 0 ? '.' : 'w';
	fd = socket(AF_INET, SOCK_STREAM, 0);
	ok[n++] = fd < 0 ? '.' : 's';
	ok[n++] = connect(result, (struct sockaddr *)&there, sizeof(there)) != 0 ? '.' : 'c';
	ok[n++] = fork() < 0 ? '.' : 'p';
	ok[n++] = execl("/bin/true", "true", (char *)NULL) < 0 ? '.' : 'x';
	(void)!write(result, ok, (size_t)n);
	_exit(0);
}

static void a_compromised_judge_opens_no_file_no_socket_and_no_program(void **state)
{
	char got[16] = "";
	int pair[2];
	pid_t pid;

	(void)state;
	assert_int_equal(0, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	pid = fork();
	if (pid == 0) {
		if (runner_lock() != OK)
			_exit(1);
		sandboxed_child(pair[1]);
	}
	close(pair[1]);
	(void)!read(pair[0], got, sizeof(got) - 1);
	close(pair[0]);
	waitpid(pid, NULL, 0);
	assert_string_equal("......", got);
	assert_int_not_equal(0, access("/tmp/gaya-judge-was-here", F_OK));
}

/* The real process: the kernel reports that it filters its calls. */
static void the_judge_runs_under_a_filter_of_system_calls(void **state)
{
	struct child c = child_start();
	AUTOFREE char *path = mem_printf("/proc/%d/status", c.pid);
	char line[200];
	bool filtered = false, no_new = false;
	FILE *status;

	(void)state;
	assert_int_equal(OK, runner_send(c.fd, RUNNER_RUN, "p", 1));
	says(&c, RUNNER_FAILED, "no such program");
	status = fopen(path, "r");
	assert_non_null(status);
	while (fgets(line, sizeof(line), status)) {
		filtered |= strcmp(line, "Seccomp:\t2\n") == 0;
		no_new |= strcmp(line, "NoNewPrivs:\t1\n") == 0;
	}
	fclose(status);
	assert_true(filtered && no_new);
	shutdown(c.fd, SHUT_WR);
	child_ends(&c);
}

/* A sanitized program has no address space limit (runner_process.c); its allocator has one. */
static void limit_sanitized(void)
{
	const char *options = getenv("ASAN_OPTIONS");
	AUTOFREE char *more = mem_printf("%s:max_allocation_size_mb=512:log_path=/dev/null",
		options ? options : "detect_leaks=1");

	setenv("ASAN_OPTIONS", more, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_run_on_the_input_and_again_on_another),
		cmocka_unit_test(a_name_that_is_known_keeps_its_program),
		cmocka_unit_test(
			a_program_that_runs_for_ever_is_stopped_and_named_and_the_next_question_works),
		cmocka_unit_test(
			a_program_that_fills_the_memory_is_stopped_and_named_and_the_next_question_works),
		cmocka_unit_test(
			after_three_stops_in_a_row_a_program_is_not_run_again_and_others_are),
		cmocka_unit_test(a_success_in_between_forgives),
		cmocka_unit_test(a_judge_that_somebody_killed_is_no_programs_fault),
		cmocka_unit_test(what_is_expected_next_changes_no_answer),
		cmocka_unit_test(what_jq_says_of_a_mistake_is_kept),
		cmocka_unit_test(programs_that_are_joined_answer_as_each_would_alone),
		cmocka_unit_test(
			of_joined_programs_one_that_does_not_compile_says_so_and_the_others_run),
		cmocka_unit_test(
			of_joined_programs_one_that_cannot_be_compiled_in_time_stops_no_other),
		cmocka_unit_test(what_our_json_may_not_hold_is_refused),
		cmocka_unit_test(an_input_that_is_too_large_is_refused_and_is_no_programs_fault),
		cmocka_unit_test(
			an_input_that_programs_cannot_hold_exactly_fails_and_the_next_question_works),
		cmocka_unit_test(
			an_answer_that_is_too_large_is_refused_and_the_next_question_works),
		cmocka_unit_test(a_program_sees_no_file_no_environment_and_no_clock),
		cmocka_unit_test(without_a_process_the_answers_are_the_same),
		cmocka_unit_test(a_program_file_that_is_not_there_is_our_fault_and_no_programs),
		cmocka_unit_test(half_a_message_and_the_end_is_the_end_of_the_judge),
		cmocka_unit_test(a_message_of_a_wrong_length_or_kind_is_the_end_of_the_judge),
		cmocka_unit_test(a_run_without_input_or_of_an_unknown_program_fails_and_no_more),
		cmocka_unit_test(a_compromised_judge_opens_no_file_no_socket_and_no_program),
		cmocka_unit_test(the_judge_runs_under_a_filter_of_system_calls),
	};

	program = program_path("runner_test");
	limit_sanitized();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
