/* child.h - a program of ours as a process of its own, at the other end of a socket. */
#pragma once
#include "base/err.h"

#include <sys/types.h>

#define CHILD_FD 3 /* the child's end; it has no other descriptor above standard error */

/* Starts `program` with no signal blocked or ignored, and with the environment `env` alone.
 * ERR_SYSTEM, naming `what` ("the signer"); errno says why. */
MUST_CHECK enum err child_start(const char *program, char *const argv[], char *const env[],
	const char *what, pid_t *pid, int *fd);
/* Kills it, unless it ended by itself, and waits: the status of waitpid(). 0 for no process. Close
 * its socket before: where a sandbox forbids to kill (an older kernel cannot allow it for a child
 * alone), it ends by that, and one that does not within ten seconds is left behind. */
int child_end(pid_t pid);
