/* patience.h - how long the database may be read for one answer, and whether anybody waits for it.
 *
 * An answer has READ_MS from when its request came, waiting for a thread included; what takes
 * longer is answered 503 with Retry-After. A client that closed its connection, or its side of it,
 * is gone: as nginx sees it, too. libmicrohttpd does not look at a connection that it suspended, so
 * its socket is asked here. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#define READ_MS 10000

struct patience {
	int64_t until; /* by the monotonic clock, milliseconds */
	int fd;        /* the client's socket; -1: none to ask */
	bool ended;    /* it was asked, and said so */
};
void patience_begin(struct patience *p, int ms, int fd);
/* Is it over? Of a `struct patience`, as db_watch() asks. */
bool patience_over(void *p);
