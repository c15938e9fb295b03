/* child.h - runs one of our programs as a child process at the other end of a socket. */
#pragma once
#include "base/err.h"

#include <sys/types.h>

#define CHILD_FD 3 /* the child's end; it has no other descriptor above standard error */

/* Starts `program` with no signal blocked or ignored, and with the environment `env` alone; NULL
 * for none: then the program sees no passphrase of the operator, and no setting changes what it
 * does. ERR_SYSTEM, naming `what` ("the signer"); errno says why. */
MUST_CHECK enum err child_start(const char *program, char *const argv[], char *const env[],
	const char *what, pid_t *pid, int *fd);
/* Kills the child unless it has ended, waits for it and returns the status of waitpid(); 0 if there
 * is no process. Close its socket first: if the sandbox forbids kill() (an older kernel cannot
 * allow it only for children), the child ends when its socket closes. A child that has not ended
 * after ten seconds is abandoned. */
int child_end(pid_t pid);
