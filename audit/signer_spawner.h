/* signer_spawner.h - starts the signer for a server that can no longer read the key.
 *
 * A small process, forked before the server gives up its rights to files
 * (registry/write/confine.h): it keeps those rights and the environment, and does one thing: when
 * asked, it ends the current signer and starts a new one. It keeps the mark file open from the
 * beginning and starts no signer with a smaller mark, even if the file's name was replaced since.
 * It ends with the server, and its signer with it. */
#pragma once
#include "base/err.h"

#include <sys/types.h>

/* Starts `<program> signer <key> <mark> <least>` with one end of a socket pair as descriptor 3 and
 * no other inherited descriptor. `*fd` is the other end; `least` the largest known mark. */
MUST_CHECK enum err signer_spawn(const char *program, const char *key_path, const char *mark_path,
	uint64_t least, pid_t *pid, int *fd);

/* Forks the spawner; call it before any thread starts. From here on it starts every signer of this
 * process (signer_spawner_ask). The passphrase is wiped from this process's environment. */
MUST_CHECK enum err signer_spawner_start(
	const char *program, const char *key_path, const char *mark_path);
/* Does this process have a spawner? */
bool signer_spawner_is(void);
/* Starts a new signer. ERR_SYSTEM if it cannot be started or the spawner is gone. */
MUST_CHECK enum err signer_spawner_ask(pid_t *pid, int *fd);
