/* proof.h - C2SP tlog-proof: one entry's inclusion proof, with the checkpoint it leads to.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra <base64>            (optional; Gaya's receipts carry their entry and content here)
 *     index <decimal>
 *     <base64 hash>             (a line each, the leaf's sibling first)
 *                               (an empty line)
 *     <signed checkpoint>
 */
#pragma once
#include "audit/checkpoint.h"

#define PROOF_EXTRA_MAX (256 * KIB)

struct proof {
	struct buf extra; /* decoded; empty if the proof has none */
	bool has_extra;
	uint64_t index;
	struct path path;
	struct buf checkpoint; /* the signed note */
};
void proof_done(struct proof *p);
void proof_text(const struct proof *p, struct buf *out);
MUST_CHECK enum err proof_parse(const char *text, size_t len, struct proof *out);
/* Checks that the entry with this leaf hash is in the tree that `key` signed: OK or ERR_FALSE. */
MUST_CHECK enum err proof_check(
	const struct proof *p, const struct sha256 *leaf, const struct vkey *key);
