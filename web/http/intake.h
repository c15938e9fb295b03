/* intake.h - incoming request bodies, under one memory budget.
 *
 * Each body reserves as many bytes as its head announces before any is read, until its request is
 * answered. If no room is left, slow bodies past their grace time give way, the slowest first; if
 * there are none, the client is told to retry, and its body is read and dropped. Large bodies may
 * not use the last quarter, which is kept for citizens' questions. A large body goes to a file
 * without a name, so that a slow client holds no memory. */
#pragma once
#include "registry/write/register.h"

#define INTAKE_BYTES (128 * MIB)     /* the default budget */
#define INTAKE_LARGE_FROM (64 * KIB) /* bytes; above the size of any form */

struct intake;
/* `bytes`: the budget; 0 for the usual one. `grace_ms`: the time before a body may be ended in
 * favour of another; 0: INTAKE_GRACE_MS. */
struct intake *intake_new(const struct reg *reg, size_t bytes, unsigned grace_ms);
#define INTAKE_GRACE_MS 10000u
#define INTAKE_PACE (128 * KIB) /* bytes a second; a slower body counts as slow */
void intake_free(struct intake *in);

/* One body; all zeroes is an empty one without room. */
struct body {
	struct intake *intake;
	struct buf small;
	size_t room; /* set aside */
	size_t max;
	int fd; /* of a large one's file */
	bool large;
	bool over; /* more than `max` bytes came */
	size_t len;
	char *mapped;
	enum err err; /* of the disk */
	struct body_sender {
		struct wire *wire;
		bool program;     /* reads JSON */
		const char *lang; /* the client's language (languages.h) */
	} sender;
	_Atomic bool gave_way;
	struct body *next; /* in the intake's list, guarded by it */
};
/* Reserves room for `expected` bytes; up to `max` are taken. ERR_BUSY: no room. The struct must not
 * move until body_done(). */
MUST_CHECK enum err body_begin(
	struct body *b, struct intake *in, struct body_sender sender, size_t expected, size_t max);
void body_add(struct body *b, const char *data, size_t len);
/* The whole body, NUL-terminated, valid as long as the body. ERR_SYSTEM: the disk failed. */
MUST_CHECK enum err body_text(struct body *b, const char **out);
void body_done(struct body *b);

struct intake_health {
	size_t bytes, max; /* reserved now, and the budget */
	uint64_t refused;  /* for lack of room, since the start */
};
struct intake_health intake_health(struct intake *in);
