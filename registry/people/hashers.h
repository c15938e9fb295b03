/* hashers.h - processes that hash passwords for a server, one for each place of the turnstile.
 *
 * A hash fills 7 MiB. A thread of the server would lock the server's address space to map that
 * memory, and if it yields the processor while it holds the lock, readers must wait. A process has
 * its own address space. It runs at a low priority, but still gets a share of a processor that is
 * busy with other work. It can only compute (base/sandbox.h). */
#pragma once
#include "base/crypto.h"

#define HASHERS_PASSWORD 4096 /* bytes with the NUL; a longer password fits into no request */
#define HASHERS_NICE 10       /* the same as for exports */
/* How long an answer is awaited. With TURNSTILE_WAIT before it, a third or more of a request's time
 * (READ_MS) remains for the thread that hashes instead. */
#define HASHERS_MS 3000

struct hashers;
/* Starts `program hash` for each place. They end with this process. One that does not answer within
 * `ms` is not asked until it has. ERR_SYSTEM if a process cannot be
 * started. */
MUST_CHECK enum err hashers_start(const char *program, unsigned ms, struct hashers **out);
void hashers_end(struct hashers *h);
/* The number of passwords that they hash at the same time. */
unsigned hashers_count(const struct hashers *h);

struct hashed {
	char made[PASSWORD_HASH]; /* if there was no hash to compare with */
	bool matches, old;        /* from password_verify() */
	bool failed;              /* out of memory */
};
/* Compares with `hash`, or makes a hash if that is NULL. Any thread may call it. False if no
 * process can answer, or the one that was asked did not: then the caller hashes by itself. */
bool hashers_ask(struct hashers *h, const char *hash, const char *password, struct hashed *out);

/* The process's side: answers on `fd` until it is closed. Does not return. */
_Noreturn void hasher_process(int fd);
