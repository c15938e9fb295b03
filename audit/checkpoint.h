/* checkpoint.h - C2SP tlog-checkpoint: what a log says of itself, as the text of a note. */
#pragma once
#include "audit/merkle.h"
#include "audit/note.h"

struct checkpoint {
	char origin[KEY_NAME_MAX + 1];
	uint64_t size;
	struct sha256 root;
};

/* The note's text: origin, size, root, a line each. */
void checkpoint_text(const struct checkpoint *cp, struct buf *out);
/* Reads the text (extension lines are allowed and passed over). ERR_INVALID with the rule. */
MUST_CHECK enum err checkpoint_parse(const char *text, size_t len, struct checkpoint *out);
/* Parses a whole signed checkpoint and verifies the line of `key`; the origin must be
 * the key's name. ERR_INVALID, ERR_NOT_FOUND (not signed by it) or ERR_FALSE. */
MUST_CHECK enum err checkpoint_open(
	const char *note, size_t len, const struct vkey *key, struct checkpoint *out);

/* The lines that checkpoints, proofs and what witnesses say are made of. A line is
 * borrowed from its text and does not count its newline. */
struct line {
	const char *s;
	size_t len;
};
/* Takes the first line off `*rest`; ERR_INVALID where no newline is left. */
MUST_CHECK enum err line_next(struct line *rest, struct line *out);
/* A decimal below 2^64, no leading zero, or ERR_INVALID. */
MUST_CHECK enum err line_number(struct line line, uint64_t *out);
/* The base64 of one hash, or ERR_INVALID. */
MUST_CHECK enum err line_hash(struct line line, struct sha256 *out);
