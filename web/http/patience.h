/* patience.h - limits how long the database is read for one answer, and detects that the client is
 * gone.
 *
 * An answer has READ_MS from the arrival of its request, including the wait for a thread; after
 * that the request gets a 503 with Retry-After. A client that closed its connection, or its side of
 * it, is gone, as for nginx. libmicrohttpd does not watch a suspended connection, so this module
 * checks the socket. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define READ_MS 10000

struct patience {
	int64_t until; /* by the monotonic clock, milliseconds */
	int fd;        /* the client's socket; -1: none */
	bool ended;    /* found to be over */
};
void patience_begin(struct patience *p, int ms, int fd);
/* Is it over? `p` is a `struct patience`; a callback for db_watch(). */
bool patience_over(void *p);
