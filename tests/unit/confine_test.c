/* Each test runs in its own process, because confinement is permanent. The signer is this program,
 * started again as `<program> signer <key> <mark>`. */
#include "registry/write/confine.h"

#include "audit/keyholder.h"
#include "audit/signer_process.h"
#include "audit/signer_spawner.h"
#include "audit/signer_wire.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/webauthn.h"
#include "registry/write/register.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSPHRASE "a phrase of seven words, or nearly so"
#define SELF "/proc/self/exe"

static char dir[64], phrase_path[80];

static int make_register(void **state)
{
	json_auto_t *about = json_pack(
		"{s:{s:s},s:[s],s:s}", "name", "ko", "시험", "languages", "ko", "timezone", "UTC");
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

/* A confined process may not signal others, so it asks the test to do it. */
static int outside = -1;

static void end_from_outside(pid_t pid)
{
	char done;

	(void)!write(outside, &pid, sizeof(pid));
	(void)!read(outside, &done, 1);
}

static void end_all_asked(int fd)
{
	pid_t pid;

	while (read(fd, &pid, sizeof(pid)) == sizeof(pid)) {
		kill(pid, SIGKILL);
		(void)!write(fd, "d", 1);
	}
}

/* As on a kernel without Landlock. */
static bool older_kernel;

static void forbid_landlock(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);

	(void)seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(landlock_create_ruleset), 0);
	if (seccomp_load(ctx) != 0)
		_exit(3);
	seccomp_release(ctx);
}

/* Runs `body` confined. Returns the number of the failure; 77: this kernel has no Landlock, or this
 * build no filter of system calls. */
static int confined(int (*body)(struct reg *reg, pid_t signer))
{
	int pair[2] = {-1, -1}, made = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
	pid_t pid = fork(), spawner;
	const struct confine confine = {.dir = dir, .program = SELF};
	struct confined c = {0};
	struct reg *reg = NULL;
	int status;

	assert_int_equal(0, made);
	close(pair[pid == 0 ? 0 : 1]);
	outside = pair[1];
	if (pid > 0) {
		end_all_asked(pair[0]);
		close(pair[0]);
		waitpid(pid, &status, 0);
		return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	}
	reg_signer_program(SELF);
	if (older_kernel)
		forbid_landlock();
	if (confine_server(&confine, &c) != OK)
		_exit(1);
	spawner = child_of(getpid());
	if (!(c.holds & (older_kernel ? SANDBOX_CALLS : SANDBOX_FILES)))
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
		print_message("skipped: not enforced by this kernel, or this build\n");
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
	/* The library that checks passkeys is loaded at the first one. */
	if (webauthn_ready() != OK)
		return 24;
	return opens(REG_DATABASE, O_RDWR) && opens(REG_VKEY, O_RDONLY) ? 0 : 23;
}

static void a_servers_process_opens_neither_key_nor_passphrase(void **state)
{
	(void)state;
	setenv("GAYA_PASSPHRASE_FILE", phrase_path, 1);
	assert_confined(open_all);
	unsetenv("GAYA_PASSPHRASE_FILE");
}

/* Requesting another signer ends the register's own; then the new one dies too. */
static int kill_and_write(struct reg *reg, pid_t spawner)
{
	unsigned starts = reg_health(reg).signer_starts;
	pid_t pid = 0;
	int fd = -1;

	(void)spawner;
	if (!write_one(reg) || signer_spawner_ask(&pid, &fd) != OK || pid <= 0)
		return 30;
	close(fd);
	if (kill(pid, SIGKILL) == 0)
		return 33;
	end_from_outside(pid);
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
	if (kill(spawner, SIGKILL) == 0)
		return 51;
	end_from_outside(spawner);
	usleep(200000);
	return write_one(reg) ? 50 : 0; /* refused, and nothing hangs */
}

static void without_the_process_that_starts_it_nothing_is_signed(void **state)
{
	(void)state;
	assert_confined(kill_spawner);
}

/* --- an attacker who runs code in the server's process --- */

static bool moves(const char *from, const char *to)
{
	AUTOFREE char *a = file_in(dir, from), *b = file_in(dir, to);

	return rename(a, b) == 0;
}

/* The bytes of a mark for the empty tree, made where the attacker may create files. */
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

/* A new signer's reply to a greeting, which stays open in `*fd`. */
static enum wire_type greeted(int *fd)
{
	const struct wire hello = {.type = WIRE_HELLO};
	AUTO(buf) bytes = BUF(WIRE_MAX);
	struct wire answer;
	pid_t pid;

	if (signer_spawner_ask(&pid, fd) != OK)
		return 0;
	(void)!wire_send(*fd, &hello); /* one that refuses may be gone after its reply */
	return wire_receive(*fd, &bytes, &answer) == OK ? answer.type : 0;
}

/* Does a new signer sign an invented tree of seven entries? */
static bool signs_made_up_tree(void)
{
	struct wire sign = {.type = WIRE_SIGN, .size = 7}, answer;
	AUTO(buf) bytes = BUF(WIRE_MAX);
	int fd;

	memset(sign.root.bytes, 0x66, SHA256);
	return greeted(&fd) == WIRE_IS && wire_send(fd, &sign) == OK &&
	       wire_receive(fd, &bytes, &answer) == OK && answer.type == WIRE_NOTE;
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

/* A build with a sanitizer has no seccomp filter. */
static bool filtered(void)
{
	AUTO(buf) status = BUF(64 * KIB);

	return file_read("/proc/self/status", &status) == OK &&
	       strstr(buf_text(&status), "Seccomp:\t2");
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
		if (truncate(path, 0) == 0)
			return 84;
		if (filtered() && (chmod(path, 0) == 0 || utimensat(AT_FDCWD, path, NULL, 0) == 0))
			return 85;
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

/* Somebody else's servers: one on a port of this machine, one on a Unix socket with an abstract
 * name. */
static unsigned foreign_port;
static const struct sockaddr_un foreign = {
	.sun_family = AF_UNIX, .sun_path = "\0gaya-confine-test"};

static int serve_elsewhere(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
	    local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t len = sizeof(at);

	assert_int_equal(0, bind(tcp, (struct sockaddr *)&at, sizeof(at)));
	assert_int_equal(0, listen(tcp, 4));
	assert_int_equal(0, getsockname(tcp, (struct sockaddr *)&at, &len));
	foreign_port = at.sin_port;
	assert_int_equal(0, bind(local, (const struct sockaddr *)&foreign, sizeof(foreign)));
	assert_int_equal(0, listen(local, 4));
	return tcp; /* the other stays open until the test program ends */
}

static int reach_out(struct reg *reg, pid_t spawner)
{
	const struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = (in_port_t)foreign_port,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), local, pair[2];

	(void)reg;
	if (connect(tcp, (const struct sockaddr *)&at, sizeof(at)) == 0)
		return 90;
	local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (local >= 0 && connect(local, (const struct sockaddr *)&foreign, sizeof(foreign)) == 0)
		return 91;
	if (filtered() && socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0)
		return 99; /* it has no witnesses, whose names it would look up */
	if (filtered() && socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0)
		return 92; /* one end of it could be reconnected */
	if (kill(getppid(), SIGCONT) == 0 || kill(spawner, SIGCONT) == 0)
		return 93;
	return (filtered() && unshare(CLONE_NEWUSER) == 0) || setuid(1) == 0 ? 94 : 0;
}

static void a_servers_process_reaches_no_other_port_socket_or_process(void **state)
{
	int tcp = serve_elsewhere(), status = confined(reach_out);

	(void)state;
	close(tcp);
	if (status == 90) /* kernels before 6.7 do not restrict connections to ports */
		skip();
	assert_int_equal(0, status);
}

/* --- a mirror and a witness: each has one folder --- */

/* In its own process: the number of the failure, 0 for none, 1 if the kernel cannot enforce it. */
static int look_around(const char *folder, unsigned does)
{
	struct sandbox s = {.does = does};
	AUTOFREE char *own = file_in(folder, "own"), *renamed = file_in(folder, "renamed"),
		      *key = file_in(dir, REG_KEY), *made = file_in(dir, "made");
	AUTO(buf) bytes = BUF(KIB);
	unsigned holds;

	if (confine_to_folder(folder, &s, &holds) != OK)
		return 110;
	if (!(holds & SANDBOX_FILES))
		return 1;
	if (file_write(own, "x", 1, 0600) != OK || file_read(own, &bytes) != OK)
		return 111;
	if (does & SANDBOX_RENAMES && rename(own, renamed) != 0)
		return 112;
	if (open(key, O_RDONLY | O_CLOEXEC) >= 0 ||
		open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 ||
		open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0)
		return 113;
	if (open(made, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) >= 0 || rename(key, renamed) == 0)
		return 114;
	if (!(does & SANDBOX_CONNECTS) && open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC) >= 0)
		return 115;
	return filtered() && !(does & SANDBOX_CONNECTS) && socket(AF_INET, SOCK_DGRAM, 0) >= 0 ? 116
	                                                                                       : 0;
}

static void a_process_with_one_folder_opens_no_other(void **state)
{
	static const unsigned kinds[] = {
		SANDBOX_LISTENS | SANDBOX_RENAMES, /* and what a witness lacks */
		SANDBOX_LISTENS | SANDBOX_CONNECTS | SANDBOX_STARTS | SANDBOX_RENAMES};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char folder[] = "/tmp/gaya.XXXXXX";
		AUTOFREE char *renamed = NULL;
		int status;
		pid_t pid;

		assert_non_null(mkdtemp(folder));
		renamed = file_in(folder, "renamed"); /* each leaves one there */
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(look_around(folder, kinds[i]));
		assert_int_equal(pid, waitpid(pid, &status, 0));
		unlink(renamed);
		rmdir(folder);
		assert_true(WIFEXITED(status));
		if (WEXITSTATUS(status) == 1)
			skip();
		assert_int_equal(0, WEXITSTATUS(status));
	}
}

static int reach_without_landlock(struct reg *reg, pid_t spawner)
{
	AUTOFREE char *key = file_in(dir, REG_KEY);

	if (socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0)
		return 95;
	if (kill(getppid(), SIGCONT) == 0 || kill(spawner, SIGCONT) == 0)
		return 96;
	if (truncate(key, 0) == 0 || chmod(key, 0) == 0 || rename(key, "/tmp/key") == 0)
		return 97;
	return write_one(reg) ? 0 : 98;
}

static void without_landlock_a_servers_process_signals_itself_only(void **state)
{
	(void)state;
	older_kernel = true;
	assert_confined(reach_without_landlock);
	older_kernel = false;
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
		cmocka_unit_test(a_servers_process_reaches_no_other_port_socket_or_process),
		cmocka_unit_test(a_process_with_one_folder_opens_no_other),
		cmocka_unit_test(without_landlock_a_servers_process_signals_itself_only),
		cmocka_unit_test(a_signer_refuses_a_mark_that_is_gone_or_smaller_than_one_known),
	};

	crypto_init();
	if (argc == 5 && strcmp(argv[1], "signer") == 0)
		return signer_process(3, argv[2], argv[3], strtoull(argv[4], NULL, 10));
	return cmocka_run_group_tests_name("confine", tests, make_register, remove_register);
}
