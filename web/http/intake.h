/* intake.h - the bodies of requests on their way in, under one budget.
 *
 * A body has room set aside for as many bytes as its head announces, before any of them is read,
 * and keeps it until its request is answered. Where there is no room left, those that had some time
 * and come slowly give way, the slowest first; if none does, the request is told to come back, and
 * what it sends is read and dropped. Large bodies may not take the last quarter: that is for
 * citizens' questions. A large one goes to a file without a name, so that a client that takes its
 * time holds no memory. */
#pragma once
#include "registry/write/register.h"

#define INTAKE_BYTES (128 * MIB)     /* the budget, where no other is given */
#define INTAKE_LARGE_FROM (64 * KIB) /* bytes: more than a form may have */

struct intake;
/* `bytes`: the budget; 0 for the usual one. `grace_ms`: the time that each body has before it may
 * be ended for another; 0: INTAKE_GRACE_MS. */
struct intake *intake_new(const struct reg *reg, size_t bytes, unsigned grace_ms);
#define INTAKE_GRACE_MS 10000u
#define INTAKE_PACE (128 * KIB) /* bytes a second; below that one is slow */
void intake_free(struct intake *in);

/* One body; all zeroes is one that has no bytes and no room. */
struct body {
	struct intake *intake;
	struct buf small;
	size_t room; /* set aside */
	size_t max;
	int fd; /* of a large one's file */
	bool large;
	bool over; /* more came than `max` */
	size_t len;
	char *mapped;
	enum err err; /* of the disk */
	struct body_sender {
		struct wire *wire;
		bool program;     /* reads JSON */
		const char *lang; /* of languages.h: what it reads */
	} sender;
	_Atomic bool gave_way;
	struct body *next; /* of the intake's, guarded by it */
};
/* Sets room aside for `expected` bytes; up to `max` are taken. ERR_BUSY: there is none. It stays
 * where it is until body_done(). */
MUST_CHECK enum err body_begin(
	struct body *b, struct intake *in, struct body_sender sender, size_t expected, size_t max);
void body_add(struct body *b, const char *data, size_t len);
/* All of it, with a NUL behind it, as long as the body lives. ERR_SYSTEM: the disk failed. */
MUST_CHECK enum err body_text(struct body *b, const char **out);
void body_done(struct body *b);

struct intake_health {
	size_t bytes, max; /* set aside now, and at most */
	uint64_t refused;  /* for want of room, since the start */
};
struct intake_health intake_health(struct intake *in);
