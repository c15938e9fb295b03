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
MUST_CHECK enum err checkpoint_open(const char *note, size_t len, const struct vkey *key,
	struct checkpoint *out);
