#include "base/child.h"

#include "base/buf.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int spawn(
	const char *program, char *const argv[], char *const env[], int its_end, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none, defaults;
	int rc;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, its_end, CHILD_FD);
	posix_spawn_file_actions_addclosefrom_np(&actions, CHILD_FD + 1);
	posix_spawnattr_init(&attr);
	sigemptyset(&none);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGTERM);
	sigaddset(&defaults, SIGINT);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(pid, program, &actions, &attr, argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return rc;
}

/* Only a sanitized program reads these options, to limit itself; others ignore them. */
static char *sanitizer_options(void)
{
	const char *options = getenv("ASAN_OPTIONS");

	return options ? mem_printf("ASAN_OPTIONS=%s", options) : NULL;
}

enum err child_start(const char *program, char *const argv[], char *const env[], const char *what,
	pid_t *pid, int *fd)
{
	AUTOFREE char *options = sanitizer_options();
	char *const none[] = {options, NULL};
	int pair[2], rc;

	ENSURE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0, ERR_SYSTEM,
		"no socket for %s: %s", what, err_os(errno));
	rc = spawn(program, argv, env ? env : none, pair[1], pid);
	close(pair[1]);
	if (rc != 0) {
		*pid = 0;
		close(pair[0]);
		errno = rc;
		return fail(ERR_SYSTEM, "%s cannot be started: %s", what, err_os(rc));
	}
	*fd = pair[0];
	return OK;
}

static int wait_a_while(pid_t pid)
{
	const struct timespec nap = {.tv_nsec = 10 * 1000000L};
	int status = 0;

	for (int i = 0; i < 1000 && waitpid(pid, &status, WNOHANG) == 0; i++)
		nanosleep(&nap, NULL);
	return status;
}

int child_end(pid_t pid)
{
	int status = 0;

	if (pid <= 0)
		return 0;
	if (kill(pid, SIGKILL) != 0 && errno != ESRCH)
		return wait_a_while(pid);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}
