#include "audit/signer_spawner.h"

#include "audit/keyholder.h"
#include "base/buf.h"
#include "base/child.h"
#include "base/crypto.h"
#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int spawner = -1; /* our end; set once, before any thread starts */
static pid_t spawner_pid;

struct answer {
	pid_t pid;
	int error; /* errno; 0 if the descriptor is attached */
};

enum err signer_spawn(const char *program, const char *key_path, const char *mark_path,
	uint64_t least, pid_t *pid, int *fd)
{
	char name[] = "gaya", command[] = "signer";
	AUTOFREE char *known = mem_printf("%" PRIu64, least);
	char *const argv[] = {name, command, (char *)key_path, (char *)mark_path, known, NULL};

	return child_start(program, argv, environ, "the signer", pid, fd);
}

/* --- in the spawner --- */

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

/* Each received byte requests a new signer; any failure ends this process. */
static _Noreturn void run_spawner(
	int fd, const char *program, const char *key_path, const char *mark_path)
{
	static const struct sandbox lock = {.does = SANDBOX_STARTS | SANDBOX_KILLS};
	unsigned holds;
	int mark = open(mark_path, O_RDONLY | O_CLOEXEC);
	struct checkpoint known = {0};
	pid_t signer = 0;
	char asked;

	signal(SIGTERM, SIG_IGN); /* signals go to all processes: the server decides */
	signal(SIGINT, SIG_IGN);
	sandbox_private();
	if (sandbox_enter(&lock, &holds) != OK) {
		fprintf(stderr, "gaya: %s\n", err_why());
		_exit(1); /* the server notices that we are gone */
	}
	while (read(fd, &asked, 1) == 1) {
		struct answer answer = {0};
		struct checkpoint now;
		int end = -1;
		bool told;

		child_end(TAKE(signer)); /* a signer syncs its mark before it answers */
		if (mark >= 0 && keyholder_read_mark(mark, &now) == OK && now.size > known.size)
			known = now;
		errno = 0;
		if (signer_spawn(program, key_path, mark_path, known.size, &signer, &end) != OK)
			answer.error = errno ? errno : EIO;
		answer.pid = signer;
		told = send_answer(fd, &answer, end);
		if (end >= 0)
			close(end);
		if (!told)
			break;
	}
	child_end(signer);
	_exit(0);
}

/* --- in the server --- */

static void forget_passphrase(void)
{
	char *text = getenv("GAYA_PASSPHRASE");

	if (text)
		crypto_wipe(text, strlen(text)); /* also in /proc/self/environ */
	unsetenv("GAYA_PASSPHRASE");
	unsetenv("GAYA_PASSPHRASE_FILE");
}

enum err signer_spawner_start(const char *program, const char *key_path, const char *mark_path)
{
	int pair[2];
	pid_t pid;

	ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, ERR_SYSTEM,
		"no socket for the signer: %s", err_os(errno));
	pid = fork();
	if (pid == 0) {
		dup2(pair[1], CHILD_FD); /* no close-on-exec: a signer gets its end there */
		close_range(CHILD_FD + 1, ~0U, 0);
		fcntl(CHILD_FD, F_SETFD, FD_CLOEXEC);
		run_spawner(CHILD_FD, program, key_path, mark_path);
	}
	close(pair[1]);
	if (pid < 0) {
		close(pair[0]);
		return fail(ERR_SYSTEM, "no process for the signer: %s", err_os(errno));
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
		err_os(answer.error));
	ENSURE(m.msg_controllen >= CMSG_LEN(sizeof(int)) && control.header.cmsg_type == SCM_RIGHTS,
		ERR_SYSTEM, "the signer came without a socket");
	memcpy(fd, CMSG_DATA(&control.header), sizeof(*fd));
	*pid = answer.pid;
	return OK;
}
