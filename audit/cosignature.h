/* cosignature.h - C2SP tlog-cosignature, Ed25519: what a witness says of a checkpoint.
 *
 * "At this time this is the largest consistent tree that I saw of this origin." One line of the
 * checkpoint's note, over its whole text and a time. A witness's verifier key is of type 0x04;
 * one of type 0x01 is taken as the same key, as other implementations do. */
#pragma once
#include "audit/note.h"

/* The verifier key of type 0x04 that a given one of either type stands for. */
struct vkey cosignature_vkey(const struct vkey *given);
/* Appends the line of `key` over a checkpoint's text, at `time`: POSIX seconds, over 0. */
void cosignature_add(
	const struct skey *key, int64_t time, const char *text, size_t len, struct buf *out);
/* OK when a line of `key` (of either type) is there and every such line verifies; `*time` is the
 * latest of theirs. ERR_NOT_FOUND when none is there, ERR_FALSE when one does not verify. */
MUST_CHECK enum err cosignature_verify(
	const struct note *note, const struct vkey *key, int64_t *time);
/* Appends the latest line of `key` that is in the note. Verify first: here it is only copied. */
void cosignature_copy(const struct note *note, const struct vkey *key, struct buf *out);
