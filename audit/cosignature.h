/* cosignature.h - C2SP tlog-cosignature, Ed25519: a witness's signature on a checkpoint.
 *
 * It states that, at the given time, this is the largest consistent tree that the witness has seen
 * of this origin. It is one line of the note and covers the note's text and the time. A witness's
 * verifier key has type 0x04; type 0x01 is accepted as the same key, as in other implementations.
 */
#pragma once
#include "audit/note.h"

/* The type 0x04 form of a verifier key of either type. */
struct vkey cosignature_vkey(const struct vkey *given);
/* Appends the line of `key` over a checkpoint's text, at `time` (POSIX seconds, above 0). */
void cosignature_add(
	const struct skey *key, int64_t time, const char *text, size_t len, struct buf *out);
/* OK if there is a line of `key` (of either type) and every such line verifies; `*time` is their
 * latest time. ERR_NOT_FOUND if there is none, ERR_FALSE if one does not verify. */
MUST_CHECK enum err cosignature_verify(
	const struct note *note, const struct vkey *key, int64_t *time);
/* Appends the note's latest line of `key` without verifying it: verify first. */
void cosignature_copy(const struct note *note, const struct vkey *key, struct buf *out);
