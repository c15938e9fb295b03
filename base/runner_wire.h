/* runner_wire.h - what runner.c and runner_process.c say to each other: a length of four bytes
 * (the machine's own order: both ends are one program), a letter, and that many bytes less one. */
#pragma once
#include "base/buf.h"

#define RUNNER_FRAME (16 * MIB)

enum {
	RUNNER_ADD = 'A',    /* name, NUL, program */
	RUNNER_INPUT = 'I',  /* CBOR */
	RUNNER_RUN = 'R',    /* name */
	RUNNER_DONE = 'D',   /* CBOR: the array of outputs */
	RUNNER_FAILED = 'F', /* why */
};
MUST_CHECK enum err runner_send(int fd, char kind, const void *data, size_t len);
/* ERR_NOT_FOUND where the other side is gone; `data` gets what follows the letter. */
MUST_CHECK enum err runner_receive(int fd, char *kind, struct buf *data);
