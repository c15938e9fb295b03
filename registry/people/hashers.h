/* hashers.h - processes that hash passwords for a server, one for each place of the turnstile.
 *
 * A hash fills 19 MiB. A thread of the server would lock the server's address space to map that
 * memory, and if it yields the processor while it holds the lock, readers must wait. A process has
 * its own address space, and yields the processor to all others. It can only compute
 * (base/sandbox.h). */
#pragma once
#include "base/crypto.h"

#define HASHERS_PASSWORD 4096 /* bytes with the NUL; a longer password fits into no request */

struct hashers;
/* Starts `program hash` for each place. They end with this process. ERR_SYSTEM if a process cannot
 * be started. */
MUST_CHECK enum err hashers_start(const char *program, struct hashers **out);
void hashers_end(struct hashers *h);
/* The number of passwords that they hash at the same time. */
unsigned hashers_count(const struct hashers *h);

struct hashed {
	char made[PASSWORD_HASH]; /* if there was no hash to compare with */
	bool matches, old;        /* from password_verify() */
	bool failed;              /* out of memory */
};
/* Compares with `hash`, or makes a hash if that is NULL. Any thread may call it. False if no
 * process can answer: then the caller hashes by itself. */
bool hashers_ask(struct hashers *h, const char *hash, const char *password, struct hashed *out);

/* The process's side: answers on `fd` until it is closed. Does not return. */
_Noreturn void hasher_process(int fd);
