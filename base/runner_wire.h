/* runner_wire.h - messages between runner.c and runner_process.c: a length of four bytes (in native
 * byte order, as both ends are one program), a letter, and length - 1 bytes. */
#pragma once
#include "base/buf.h"

#define RUNNER_FRAME (16 * MIB)

enum {
	RUNNER_ADD = 'A',    /* name, NUL, program */
	RUNNER_JOIN = 'J',   /* compile together what was added and not compiled */
	RUNNER_INPUT = 'I',  /* CBOR */
	RUNNER_RUN = 'R',    /* name */
	RUNNER_DONE = 'D',   /* CBOR: the array of outputs */
	RUNNER_FAILED = 'F', /* why */
};
MUST_CHECK enum err runner_send(int fd, char kind, const void *data, size_t len);
/* ERR_NOT_FOUND if the other side is gone; `data` gets the bytes after the letter. */
MUST_CHECK enum err runner_receive(int fd, char *kind, struct buf *data);
