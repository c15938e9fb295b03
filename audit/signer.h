/* signer.h - the log key, and the one promise it keeps: never to sign a second history.
 *
 * The signer trusts nothing but its own high-water mark, a small file of its own that must
 * not be in the database's backups. It signs a tree only with a proof that the tree extends
 * the marked one, and the mark is durable before the signature leaves. The interface is
 * what a process of its own would answer: bytes in, bytes out. */
#pragma once
#include "audit/checkpoint.h"

struct signer;
/* Makes `key_path` and `mark_path` (at the empty tree); ERR_CONFLICT where one exists. */
MUST_CHECK enum err signer_create(const char *key_path, const char *mark_path, const char *origin,
	const uint8_t seed[ED25519_SEED]);
/* ERR_CORRUPT with what to do when key or mark is missing or damaged. */
MUST_CHECK enum err signer_open(const char *key_path, const char *mark_path, struct signer **out);
void signer_free(struct signer *s);
const struct vkey *signer_vkey(const struct signer *s);
/* The largest tree that was signed. */
const struct checkpoint *signer_mark(const struct signer *s);
/* Signs the tree (size, root), given the consistency proof from the mark. Appends the note.
 * ERR_FALSE when the proof does not hold or the tree is smaller than the mark: then nothing
 * is signed, ever. ERR_SYSTEM when the mark could not be stored: nothing was signed. */
MUST_CHECK enum err signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
