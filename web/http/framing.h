/* framing.h - where a request begins and ends, held to the letter of RFC 9112.
 *
 * Whoever stands before this server must never find another end of a request than it does: what one
 * of them takes for a body the other would take for a request of somebody else. So nothing is
 * guessed and nothing mended: one way to write a line's end, a header, a length; all else is a
 * fault, which ends the connection. Bytes in, verdict out: it reads no socket. */
#pragma once
#include "base/err.h"

#define HEAD_MAX (12 * KIB) /* bytes of a request's first line and headers */
#define HEAD_LINES 100

struct fault {
	int status;
	const char *why; /* English, a key of cli/ko.json */
};

/* Where a connection stands; all zeroes is before its first request. */
struct framing {
	enum { AT_HEAD, AT_CHUNK, AT_CHUNK_END, AT_LAST_END } at;
	unsigned heads; /* that were in order */
};
/* How many bytes, from `data` on, are in order and may be handed on. A head counts when all of it
 * is there, and then the body that it announces counts with it: the number may be larger than
 * `len`. `*fault` gets what is wrong with what follows, or NULL: then it is only not complete
 * yet. */
uint64_t framing_pass(struct framing *f, const char *data, size_t len, const struct fault **fault);
