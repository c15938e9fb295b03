/* signer_wire.h - the messages between the register and its signer process.
 *
 * A message is a header of four bytes (version, type, length of the rest, big endian) and its rest.
 * Lengths are checked before the rest is read; a message that is not exactly one of these closes
 * the connection. */
#pragma once
#include "audit/checkpoint.h"

#define WIRE_VERSION 1
#define WIRE_HEADER 4
#define WIRE_MAX (8 * KIB) /* bytes of the rest; a note with two signatures needs far less */

enum wire_type {
	WIRE_HELLO = 1,      /* empty */
	WIRE_SIGN = 2,       /* size, root, consistency proof from the mark */
	WIRE_IS = 0x81,      /* to HELLO: mark (size, root), verifier keys as text, one per line */
	WIRE_NOTE = 0x82,    /* to SIGN: the signed note */
	WIRE_REFUSED = 0xff, /* to either: a byte of enum err, and why */
};
struct wire {
	enum wire_type type;
	uint64_t size; /* SIGN, IS */
	struct sha256 root;
	struct path path; /* SIGN */
	enum err code;    /* REFUSED */
	const char *
		text; /* IS: verifier keys; NOTE: the note; REFUSED: why. Not NUL-ended; borrowed */
	size_t text_len;
};
/* Sends a whole message; receives one, with its bytes in `bytes`. ERR_NOT_FOUND at the end of the
 * connection. */
MUST_CHECK enum err wire_send(int fd, const struct wire *m);
MUST_CHECK enum err wire_receive(int fd, struct buf *bytes, struct wire *out);
