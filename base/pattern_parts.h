/* pattern_parts.h - the compiled pattern and its parser, only for pattern.c and pattern_set.c. */
#pragma once
#include "base/buf.h"
#include "base/pattern.h"

#define PATTERN_END UINT32_MAX /* the end of the text */

enum op { OP_SET, OP_SPLIT, OP_JUMP, OP_START, OP_END, OP_MATCH };

struct step {
	enum op op;
	uint32_t a, b; /* set: its ranges, from a up to b; split or jump: the targets */
	bool not ;     /* the complement of the set */
};

struct range {
	uint32_t from, to;
};

struct pattern {
	struct step *steps;
	size_t n;
	struct range
		*ranges; /* of each set: in order, without overlap; copies of a set share them */
	size_t ranges_n, ranges_room;
};

struct reader {
	const char *text, *at;
	struct pattern *p;
	unsigned depth;
};

/* --- pattern.c --- */

/* ERR_INVALID with the reader's position. */
MUST_CHECK enum err pattern_refuse(const struct reader *r, const char *why);
/* The next code point, or PATTERN_END. */
uint32_t pattern_take(struct reader *r);
/* Adds a step. ERR_INVALID if there are PATTERN_STEPS already. */
MUST_CHECK enum err pattern_emit(struct reader *r, struct step step);

/* --- pattern_set.c: each parses what its name says, and adds a step for it --- */

MUST_CHECK enum err set_one(struct reader *r, uint32_t c); /* this character */
MUST_CHECK enum err set_any(struct reader *r);             /* ".", anything but a line end */
MUST_CHECK enum err set_class(struct reader *r);           /* "[…]", after its [ */
MUST_CHECK enum err set_escape(struct reader *r);          /* \d and so on, after its backslash */
