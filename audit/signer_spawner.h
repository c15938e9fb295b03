/* signer_spawner.h - starts the signer for a server that can no longer read the key.
 *
 * A small process, forked before the server gives up its rights to files
 * (registry/write/confine.h): it keeps those rights and the environment, and does one thing, which
 * is to start the signer anew when asked, ending the one before. It holds the mark open from the
 * beginning, and no signer starts with a smaller one, whatever became of the file's name since. It
 * ends when the server does, and its signer with it. */
#pragma once
#include "base/err.h"

#include <sys/types.h>

/* `<program> signer <key> <mark> <least>` with one end of a socket pair as descriptor 3 and no
 * other of ours. `*fd` gets the other end. `least`: the largest mark that is known of. */
MUST_CHECK enum err signer_spawn(const char *program, const char *key_path, const char *mark_path,
	uint64_t least, pid_t *pid, int *fd);

/* Forks the spawner; call it before any thread starts. From here on every signer of this process
 * comes from it (signer_spawner_ask), and the passphrase is wiped from this process's
 * environment. */
MUST_CHECK enum err signer_spawner_start(
	const char *program, const char *key_path, const char *mark_path);
/* Whether this process has one. */
bool signer_spawner_is(void);
/* A new signer. ERR_SYSTEM where it cannot be started, or the spawner is gone. */
MUST_CHECK enum err signer_spawner_ask(pid_t *pid, int *fd);
/* Ends it; for tests. */
void signer_spawner_stop(void);
