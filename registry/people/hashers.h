/* hashers.h - processes that hash passwords for a server, one for each place of the turnstile.
 *
 * A hash fills 19 MiB. In a thread of the server it would take the lock of the server's address
 * space for each of them, and if that thread gives way to others while it holds the lock, readers
 * wait for it all the same. A process has an address space of its own, and leaves the processor to
 * all others that want it. It can do nothing but compute (base/sandbox.h). */
#pragma once
#include "base/crypto.h"

#define HASHERS_PASSWORD 4096 /* bytes with the NUL; a longer password fits into no question */

struct hashers;
/* Starts `program hash` for each. They end with this process. ERR_SYSTEM where a process cannot be
 * had. */
MUST_CHECK enum err hashers_start(const char *program, struct hashers **out);
void hashers_end(struct hashers *h);
/* How many passwords they hash at the same time. */
unsigned hashers_count(const struct hashers *h);

struct hashed {
	char made[PASSWORD_HASH]; /* where there was no hash to compare with */
	bool matches, old;        /* as password_verify() gives */
	bool failed;              /* there was no memory for it */
};
/* Compares with `hash`, or makes one where it is NULL. Any thread. False if no process can answer:
 * the caller hashes for itself. */
bool hashers_ask(struct hashers *h, const char *hash, const char *password, struct hashed *out);

/* The process's side: answers on `fd` until it is closed. Does not return. */
_Noreturn void hasher_process(int fd);
