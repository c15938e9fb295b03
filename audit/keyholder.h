/* keyholder.h - the log key, and the one promise it keeps: never to sign a second history.
 *
 * The keyholder trusts nothing but its own high-water mark, a small file of its own that must
 * not be in the database's backups. It signs a tree only with a proof that the tree extends
 * the marked one, and the mark is durable before the signature leaves. It runs in the signer
 * process (signer_process.h); who wants a signature asks through signer.h. */
#pragma once
#include "audit/checkpoint.h"

struct keyholder;
/* Makes `key_path` and `mark_path` (at the empty tree); ERR_CONFLICT where one exists. */
MUST_CHECK enum err keyholder_create(const char *key_path, const char *mark_path, const char *origin,
	const uint8_t seed[ED25519_SEED], const struct buf *passphrase);
/* The passphrase is needed where the key file is sealed by one (Argon2id); empty without.
 * ERR_DENIED for a wrong one. ERR_CORRUPT with what to do when key or mark is missing or damaged. */
MUST_CHECK enum err keyholder_open(const char *key_path, const char *mark_path,
	const struct buf *passphrase, struct keyholder **out);
/* The passphrase of this run: the text of the file that GAYA_PASSPHRASE_FILE names, else
 * GAYA_PASSPHRASE; empty without either. */
MUST_CHECK enum err keyholder_passphrase(struct buf *out);
void keyholder_free(struct keyholder *s);
const struct vkey *keyholder_vkey(const struct keyholder *s);
/* The largest tree that was signed. */
const struct checkpoint *keyholder_mark(const struct keyholder *s);
/* Signs the tree (size, root), given the consistency proof from the mark. Appends the note.
 * ERR_FALSE when the proof does not hold or the tree is smaller than the mark: then nothing
 * is signed, ever. ERR_SYSTEM when the mark could not be stored: nothing was signed. */
MUST_CHECK enum err keyholder_sign(struct keyholder *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
