/* framing.h - finds where a request begins and ends, strictly by RFC 9112.
 *
 * A proxy in front of this server must never disagree with it about the end of a request, or bytes
 * that one takes for a body would be another client's request to the other. So nothing is guessed
 * or repaired: a line end, a header and a length have one valid form each, and anything else is a
 * fault that ends the connection. It works on bytes and reads no socket. */
#pragma once
#include "base/err.h"

#define HEAD_MAX (12 * KIB) /* bytes of a request's first line and headers */
#define HEAD_LINES 100

struct fault {
	int status;
	const char *why; /* English, a key of cli/ko.json */
};

/* A connection's position; all zeroes before its first request. */
struct framing {
	enum { AT_HEAD, AT_CHUNK, AT_CHUNK_END, AT_LAST_END } at;
	unsigned heads; /* valid heads so far */
};
/* The number of bytes from `data` on that are valid and may be passed on. A head counts once it is
 * complete, together with the body that it announces, so the number may exceed `len`. `*fault` gets
 * the fault of the bytes that follow, or NULL if they are only incomplete. */
uint64_t framing_pass(struct framing *f, const char *data, size_t len, const struct fault **fault);

/* A header line, without the blanks around its value. */
struct header {
	const char *name, *value;
	size_t name_len, value_len;
};
/* Does the header have this name? In any case, as names are compared. */
bool header_is(const struct header *h, const char *name);
/* The next header of a valid head; `*at` begins behind the first line and moves on. False at the
 * empty line. */
bool header_next(const char **at, struct header *out);
