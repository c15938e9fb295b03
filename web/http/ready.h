/* ready.h - an answer that needs no work, sent without libmicrohttpd.
 *
 * libmicrohttpd parses a head, clears 24 KiB and makes a new head for each answer, which takes
 * longer than sending a cached page. The gate has checked the request's head anyway. */
#pragma once
#include "base/err.h"

/* With status 200. */
struct ready {
	const char *head, *body; /* header lines except Date, with the empty line that ends them */
	size_t head_len, body_len;
	void *held; /* keeps both in memory until its owner releases it */
	size_t sent;
};
/* The largest that is sent so: what the system takes at once for a usual line. */
#define READY_MAX (64 * KIB)

/* Sends as much as the socket takes at once, perhaps nothing. False if the connection is broken. */
bool ready_send(struct ready *r, int fd);
bool ready_is_sent(const struct ready *r);
