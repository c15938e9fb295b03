#include "audit/signer_spawner.h"

#include "base/buf.h"
#include "base/crypto.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

#define CHILD_FD 3

static int spawner = -1; /* our end; set once, before any thread */
static pid_t spawner_pid;

struct answer {
	pid_t pid;
	int error; /* errno; 0: the descriptor comes with it */
};

enum err signer_spawn(
	const char *program, const char *key_path, const char *mark_path, pid_t *pid, int *fd)
{
	char name[] = "gaya", command[] = "signer";
	char *const argv[] = {name, command, (char *)key_path, (char *)mark_path, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int pair[2], rc;

	ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, ERR_SYSTEM,
		"no socket for the signer: %s", strerror(errno));
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, pair[1], CHILD_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, CHILD_FD + 1);
	posix_spawnattr_init(&attr);
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGTERM);
	sigaddset(&defaults, SIGINT);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(pid, program, &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	close(pair[1]);
	if (rc != 0) {
		close(pair[0]);
		errno = rc;
		return fail(ERR_SYSTEM, "the signer cannot be started: %s", strerror(rc));
	}
	*fd = pair[0];
	return OK;
}

/* --- the spawner's side --- */

static void end_signer(pid_t pid)
{
	if (pid <= 0)
		return;
	kill(pid, SIGKILL); /* its mark is synced before it answers */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static bool send_answer(int to, const struct answer *answer, int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec bytes = {(void *)answer, sizeof(*answer)};
	struct msghdr m = {.msg_iov = &bytes, .msg_iovlen = 1};

	if (answer->error == 0) {
		m.msg_control = control.room;
		m.msg_controllen = sizeof(control.room);
		control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)),
			.cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS};
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	}
	return sendmsg(to, &m, MSG_NOSIGNAL) == (ssize_t)sizeof(*answer);
}

/* Every byte that comes asks for a new signer; whatever else goes wrong ends this process. */
static _Noreturn void run_spawner(
	int fd, const char *program, const char *key_path, const char *mark_path)
{
	pid_t signer = 0;
	char asked;

	signal(SIGTERM, SIG_IGN); /* a terminal and systemd tell all: the server decides when */
	signal(SIGINT, SIG_IGN);
	sandbox_private();
	while (read(fd, &asked, 1) == 1) {
		struct answer answer = {0};
		int end = -1;
		bool told;

		end_signer(signer);
		signer = 0;
		errno = 0;
		if (signer_spawn(program, key_path, mark_path, &signer, &end) != OK)
			answer.error = errno ? errno : EIO;
		answer.pid = signer;
		told = send_answer(fd, &answer, end);
		if (end >= 0)
			close(end);
		if (!told)
			break;
	}
	end_signer(signer);
	_exit(0);
}

/* --- the server's side --- */

static void forget_passphrase(void)
{
	char *text = getenv("GAYA_PASSPHRASE");

	if (text)
		crypto_wipe(text, strlen(text)); /* where /proc/self/environ shows it, too */
	unsetenv("GAYA_PASSPHRASE");
	unsetenv("GAYA_PASSPHRASE_FILE");
}

enum err signer_spawner_start(const char *program, const char *key_path, const char *mark_path)
{
	int pair[2];
	pid_t pid;

	ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, ERR_SYSTEM,
		"no socket for the signer: %s", strerror(errno));
	pid = fork();
	if (pid == 0) {
		dup2(pair[1], CHILD_FD); /* without close-on-exec: a signer gets its own there */
		close_range(CHILD_FD + 1, ~0U, 0);
		fcntl(CHILD_FD, F_SETFD, FD_CLOEXEC);
		run_spawner(CHILD_FD, program, key_path, mark_path);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return fail(ERR_SYSTEM, "no process for the signer: %s", strerror(errno));
	}
	spawner = pair[0];
	spawner_pid = pid;
	forget_passphrase();
	return OK;
}

bool signer_spawner_is(void)
{
	return spawner >= 0;
}

enum err signer_spawner_ask(pid_t *pid, int *fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct answer answer;
	struct iovec bytes = {&answer, sizeof(answer)};
	struct msghdr m = {.msg_iov = &bytes,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room)};

	ENSURE(send(spawner, "s", 1, MSG_NOSIGNAL) == 1 &&
			recvmsg(spawner, &m, MSG_CMSG_CLOEXEC) == (ssize_t)sizeof(answer),
		ERR_SYSTEM, "the process that starts the signer is gone: start gaya serve again");
	ENSURE(answer.error == 0, ERR_SYSTEM, "the signer cannot be started: %s",
		strerror(answer.error));
	ENSURE(m.msg_controllen >= CMSG_LEN(sizeof(int)) && control.header.cmsg_type == SCM_RIGHTS,
		ERR_SYSTEM, "the signer came without a socket");
	memcpy(fd, CMSG_DATA(&control.header), sizeof(*fd));
	*pid = answer.pid;
	return OK;
}

void signer_spawner_stop(void)
{
	if (spawner < 0)
		return;
	close(spawner);
	spawner = -1;
	while (waitpid(spawner_pid, NULL, 0) < 0 && errno == EINTR)
		;
}
