/* In processes of their own, for what is given up stays given up. The signer is this very program,
 * started again as `<program> signer <key> <mark>`. */
#include "registry/confine.h"

#include "audit/keyholder.h"
#include "audit/signer_process.h"
#include "audit/signer_spawner.h"
#include "audit/signer_wire.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/register.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSPHRASE "a phrase of seven words, or nearly so"
#define SELF "/proc/self/exe"

static char dir[64], phrase_path[80];

static int make_register(void **state)
{
	json_auto_t *about = json_pack("{s:{s:s},s:[s],s:s}", "name", "ko", "시험", "languages",
		"ko", "timezone", "UTC");
	AUTO(buf) standard = BUF(MIB);

	(void)state;
	crypto_init();
	snprintf(dir, sizeof(dir), "/tmp/gaya-confine-%d", getpid());
	snprintf(phrase_path, sizeof(phrase_path), "%s.phrase", dir);
	assert_int_equal(OK, file_create(phrase_path, PASSPHRASE, strlen(PASSPHRASE), 0600));
	assert_int_equal(OK, file_read("tests/vectors/standard-small.json", &standard));
	if (reg_create(&(struct reg_opening){dir, "confine.example/log", about, buf_text(&standard),
		    standard.len, &env_real}) != OK)
		fail_msg("%s", err_why());
	return 0;
}

static int remove_register(void **state)
{
	AUTOFREE char *command = mem_printf("rm -rf %s %s", dir, phrase_path);

	(void)state;
	return system(command);
}

static bool opens(const char *name, int how)
{
	AUTOFREE char *path = name[0] == '/' ? mem_text(name) : file_in(dir, name);
	int fd = open(path, how | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static enum err add_department(struct tx *tx, struct job *job)
{
	(void)job;
	return tx_add(tx,
		(struct draft){"department.added", "office", "water", NULL,
			json_pack("{s:{s:s,s:s}}", "name", "ko", "물", "en", "Water")},
		NULL);
}

static bool write_one(struct reg *reg)
{
	struct job job = {.run = add_department};

	return reg_do(reg, &job) == OK;
}

static pid_t child_of(pid_t pid)
{
	AUTOFREE char *path = mem_printf("/proc/%d/task/%d/children", pid, pid);
	AUTO(buf) children = BUF(KIB);

	return file_read(path, &children) == OK ? atoi(buf_text(&children)) : 0;
}

/* Runs `body` confined. Its number is what went wrong; 77: this kernel has no Landlock. */
static int confined(int (*body)(struct reg *reg, pid_t signer))
{
	pid_t pid = fork(), spawner;
	struct confined c = {0};
	struct reg *reg = NULL;
	int status;

	if (pid > 0) {
		waitpid(pid, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	reg_signer_program(SELF);
	if (confine_server(dir, SELF, NULL, &c) != OK)
		_exit(1);
	spawner = child_of(getpid());
	if (!c.enforced)
		_exit(77);
	if (reg_open(dir, &env_real, &reg) != OK) {
		fprintf(stderr, "%s\n", err_why());
		_exit(2);
	}
	status = body(reg, spawner);
	reg_close(reg);
	confined_done(&c);
	_exit(status);
}

static void assert_confined(int (*body)(struct reg *reg, pid_t spawner))
{
	int status = confined(body);

	if (status == 77) {
		print_message("skipped: this kernel has no Landlock\n");
		skip();
	}
	assert_int_equal(0, status);
}

static int open_all(struct reg *reg, pid_t spawner)
{
	static const char *const closed[] = {
		REG_KEY, REG_MARK, REG_CONTACT_KEY, "/etc/passwd", "/etc/shadow", "/tmp"};
	AUTOFREE char *key_by_proc = mem_printf("/proc/%d/root%s/" REG_KEY, spawner, dir);
	AUTOFREE char *memory = mem_printf("/proc/%d/mem", spawner);
	AUTOFREE char *environment = mem_printf("/proc/%d/environ", spawner);
	char name[] = "gaya";
	char *const argv[] = {name, NULL};

	(void)reg;
	for (size_t i = 0; i < COUNT(closed); i++)
		if (opens(closed[i], O_RDONLY))
			return 10 + (int)i;
	if (opens(phrase_path, O_RDONLY) || opens(key_by_proc, O_RDONLY) || opens(memory, O_RDWR) ||
		opens(environment, O_RDONLY))
		return 20;
	if (opens(REG_KEY, O_WRONLY) || opens(REG_KEY, O_WRONLY | O_TRUNC))
		return 21;
	if (execv("/bin/true", argv) == 0 || errno != EACCES)
		return 22;
	return opens(REG_DATABASE, O_RDWR) && opens(REG_VKEY, O_RDONLY) ? 0 : 23;
}

static void a_servers_process_opens_neither_key_nor_passphrase(void **state)
{
	(void)state;
	setenv("GAYA_PASSPHRASE_FILE", phrase_path, 1);
	assert_confined(open_all);
	unsetenv("GAYA_PASSPHRASE_FILE");
}

/* Asking for another one ends the one that the register has; then that one dies, too. */
static int kill_and_write(struct reg *reg, pid_t spawner)
{
	unsigned starts = reg_health(reg).signer_starts;
	pid_t pid = 0;
	int fd = -1;

	(void)spawner;
	if (!write_one(reg) || signer_spawner_ask(&pid, &fd) != OK || pid <= 0)
		return 30;
	close(fd);
	kill(pid, SIGKILL);
	if (!write_one(reg))
		return 31;
	return reg_health(reg).signer_starts == starts + 1 ? 0 : 32;
}

static void a_signer_that_dies_is_started_again_all_the_same(void **state)
{
	(void)state;
	assert_confined(kill_and_write);
}

static int look_for_phrase(struct reg *reg, pid_t spawner)
{
	AUTO(buf) environment = BUF(MIB);

	(void)reg;
	(void)spawner;
	if (file_read("/proc/self/environ", &environment) != OK)
		return 40;
	return getenv("GAYA_PASSPHRASE") ||
	       memmem(environment.data, environment.len, PASSPHRASE, strlen(PASSPHRASE));
}

static void a_passphrase_in_the_environment_is_wiped_from_the_server(void **state)
{
	(void)state;
	setenv("GAYA_PASSPHRASE", PASSPHRASE, 1);
	assert_confined(look_for_phrase);
	unsetenv("GAYA_PASSPHRASE");
}

static int kill_spawner(struct reg *reg, pid_t spawner)
{
	kill(spawner, SIGKILL);
	usleep(200000);
	return write_one(reg) ? 50 : 0; /* refused, and nothing hangs */
}

static void without_the_process_that_starts_it_nothing_is_signed(void **state)
{
	(void)state;
	assert_confined(kill_spawner);
}

/* --- who runs code in the server's process --- */

static bool moves(const char *from, const char *to)
{
	AUTOFREE char *a = file_in(dir, from), *b = file_in(dir, to);

	return rename(a, b) == 0;
}

/* The bytes of a mark at the empty tree, made where the attacker may make files. */
static bool write_empty_mark(const char *into)
{
	const struct checkpoint empty = {.root = merkle_empty()};
	AUTOFREE char *made = file_in(dir, REG_TMP "/mark"), *path = file_in(dir, into);
	AUTO(buf) bytes = BUF(4 * KIB);
	int fd;

	if (keyholder_make_mark(made, &empty) != OK || file_read(made, &bytes) != OK)
		return false;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd >= 0 && pwrite(fd, bytes.data, bytes.len, 0) == (ssize_t)bytes.len &&
	       ftruncate(fd, (off_t)bytes.len) == 0 && close(fd) == 0;
}

/* What a new signer says when it is greeted; its reply stays open in `*fd`. */
static enum wire_type greeted(int *fd)
{
	const struct wire hello = {.type = WIRE_HELLO};
	AUTO(buf) bytes = BUF(WIRE_MAX);
	struct wire answer;
	pid_t pid;

	if (signer_spawner_ask(&pid, fd) != OK || wire_send(*fd, &hello) != OK ||
		wire_receive(*fd, &bytes, &answer) != OK)
		return 0;
	return answer.type;
}

/* Whether a new signer signs a tree of seven entries that nobody ever made. */
static bool signs_made_up_tree(void)
{
	struct wire sign = {.type = WIRE_SIGN, .size = 7}, answer;
	AUTO(buf) bytes = BUF(WIRE_MAX);
	int fd;

	memset(sign.root.bytes, 0x66, SHA256);
	return greeted(&fd) == WIRE_IS && wire_send(fd, &sign) == OK && wire_receive(fd, &bytes, &answer) == OK &&
	       answer.type == WIRE_NOTE;
}

static int put_empty_mark_in_place(struct reg *reg, pid_t spawner)
{
	(void)reg;
	(void)spawner;
	if (!write_empty_mark(REG_LOCK))
		return 60;
	if (moves(REG_MARK, "away") && moves(REG_LOCK, REG_MARK) && signs_made_up_tree())
		return 61;
	if (moves(REG_MARK, REG_TMP "/away") && moves(REG_TMP "/mark", REG_MARK))
		return 62;
	return signs_made_up_tree() ? 63 : 0;
}

static void who_runs_code_in_the_server_gets_no_second_history_signed(void **state)
{
	(void)state;
	assert_confined(put_empty_mark_in_place);
}

static int touch_all(struct reg *reg, pid_t spawner)
{
	static const char *const names[] = {REG_KEY, REG_MARK, REG_CONTACT_KEY};
	AUTOFREE char *other = file_in(dir, "other"), *kept = file_in(dir, REG_TMP "/kept");

	(void)reg;
	(void)spawner;
	for (size_t i = 0; i < COUNT(names); i++) {
		AUTOFREE char *path = file_in(dir, names[i]);

		if (unlink(path) == 0 || rename(path, other) == 0 || rename(path, kept) == 0)
			return 80;
		if (link(path, kept) == 0 || rename(dir, other) == 0)
			return 81;
	}
	if (mkdir(other, 0700) == 0 || symlink(REG_KEY, other) == 0 || creat(other, 0600) >= 0)
		return 82;
	return write_one(reg) ? 0 : 83;
}

static void who_runs_code_in_the_server_neither_removes_nor_renames_key_and_mark(void **state)
{
	(void)state;
	assert_confined(touch_all);
}

/* Somebody with every right to the folder swaps the mark while a spawner runs. */
static int swap_mark(void)
{
	AUTOFREE char *key = file_in(dir, REG_KEY), *mark = file_in(dir, REG_MARK);
	int fd;

	if (signer_spawner_start(SELF, key, mark) != OK || greeted(&fd) != WIRE_IS)
		return 70;
	if (!moves(REG_MARK, "away") || greeted(&fd) != WIRE_REFUSED)
		return 71;
	if (keyholder_make_mark(mark, &(struct checkpoint){.root = merkle_empty()}) != OK ||
		greeted(&fd) != WIRE_REFUSED || signs_made_up_tree())
		return 72;
	return moves("away", REG_MARK) && greeted(&fd) == WIRE_IS ? 0 : 73;
}

static void a_signer_refuses_a_mark_that_is_gone_or_smaller_than_one_known(void **state)
{
	pid_t pid = fork();
	int status;

	(void)state;
	if (pid == 0)
		_exit(swap_mark());
	waitpid(pid, &status, 0);
	assert_int_equal(0, status);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_servers_process_opens_neither_key_nor_passphrase),
		cmocka_unit_test(a_signer_that_dies_is_started_again_all_the_same),
		cmocka_unit_test(a_passphrase_in_the_environment_is_wiped_from_the_server),
		cmocka_unit_test(without_the_process_that_starts_it_nothing_is_signed),
		cmocka_unit_test(who_runs_code_in_the_server_gets_no_second_history_signed),
		cmocka_unit_test(
			who_runs_code_in_the_server_neither_removes_nor_renames_key_and_mark),
		cmocka_unit_test(a_signer_refuses_a_mark_that_is_gone_or_smaller_than_one_known),
	};

	crypto_init();
	if (argc == 5 && strcmp(argv[1], "signer") == 0)
		return signer_process(3, argv[2], argv[3], strtoull(argv[4], NULL, 10));
	return cmocka_run_group_tests_name("confine", tests, make_register, remove_register);
}
