/* checkpoint.h - C2SP tlog-checkpoint: a log's statement of its size and root, as the text of a
 * note. */
#pragma once
#include "audit/merkle.h"
#include "audit/note.h"

struct checkpoint {
	char origin[KEY_NAME_MAX + 1];
	uint64_t size;
	struct sha256 root;
};

/* Appends the note's text: origin, size and root, one per line. */
void checkpoint_text(const struct checkpoint *cp, struct buf *out);
/* Reads the text (extension lines are allowed and ignored). ERR_INVALID names the rule. */
MUST_CHECK enum err checkpoint_parse(const char *text, size_t len, struct checkpoint *out);
/* Parses a whole signed checkpoint and verifies the signature of `key`; the origin must be the
 * key's name. ERR_INVALID, ERR_NOT_FOUND (not signed by `key`) or ERR_FALSE. */
MUST_CHECK enum err checkpoint_open(
	const char *note, size_t len, const struct vkey *key, struct checkpoint *out);

/* A line of a checkpoint, a proof or a witness's answer, borrowed from the text; `len` excludes the
 * newline. */
struct line {
	const char *s;
	size_t len;
};
/* Takes the first line off `*rest`; ERR_INVALID if no newline is left. */
MUST_CHECK enum err line_next(struct line *rest, struct line *out);
/* A decimal below 2^64, no leading zero, or ERR_INVALID. */
MUST_CHECK enum err line_number(struct line line, uint64_t *out);
/* The base64 of one hash, or ERR_INVALID. */
MUST_CHECK enum err line_hash(struct line line, struct sha256 *out);
