/* keyholder.h - holds the log key and never signs a second history.
 *
 * During a key change the file has two keys, one per line, the oldest first; both sign, under one
 * mark.
 *
 * The keyholder trusts only its own high-water mark, a small file that must not be in the
 * database's backups. It signs a tree only with a proof that it extends the marked tree, and makes
 * the mark durable before it returns the signature. It runs in the signer process
 * (signer_process.h); clients use signer.h. */
#pragma once
#include "audit/key_statement.h"

struct keyholder;
/* Makes `key_path` and `mark_path` (at the empty tree); ERR_CONFLICT if either exists. */
MUST_CHECK enum err keyholder_create(const char *key_path, const char *mark_path,
	const char *origin, const uint8_t seed[ED25519_SEED], const struct buf *passphrase);
/* `passphrase` opens a sealed key file (Argon2id); empty for an unsealed one. ERR_DENIED for a
 * wrong one. ERR_CORRUPT, with advice, if key or mark is missing or damaged. */
MUST_CHECK enum err keyholder_open(const char *key_path, const char *mark_path,
	const struct buf *passphrase, struct keyholder **out);
/* The public keys of a key file; needs no mark. Fails like keyholder_open(). */
MUST_CHECK enum err keyholder_public(
	const char *key_path, const struct buf *passphrase, struct log_keys *out);
/* Makes a new mark after the old one was lost, at the tree of `at`, which must not be smaller than
 * any signed tree. ERR_CONFLICT if a mark exists. */
MUST_CHECK enum err keyholder_make_mark(const char *mark_path, const struct checkpoint *at);
/* Reads the mark from an open mark file, for the spawner's check. ERR_CORRUPT. */
MUST_CHECK enum err keyholder_read_mark(int fd, struct checkpoint *out);
/* ERR_CORRUPT if the mark is smaller than `size`, the largest seen before: a mark never goes back,
 * and an older mark put in its place would allow a second history. */
MUST_CHECK enum err keyholder_at_least(const struct keyholder *s, uint64_t size);
void keyholder_free(struct keyholder *s);
const struct log_keys *keyholder_keys(const struct keyholder *s);
/* The largest signed tree. */
const struct checkpoint *keyholder_mark(const struct keyholder *s);
/* Signs the tree (size, root), given the consistency proof from the mark, and appends the note.
 * ERR_FALSE if the proof is wrong or the tree is smaller than the mark: such a tree is never
 * signed. ERR_SYSTEM if the mark cannot be stored: nothing was signed. */
MUST_CHECK enum err keyholder_sign(struct keyholder *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);

/* The rest is for the command that changes keys, which has the passphrase and runs whether or not a
 * signer does. The signer process offers none of it, so an attacker who takes over the server
 * cannot use it. keyholder_state() appends the statement that from here on the keys of the file
 * sign, except `without` (NULL: all of them). It is made at the mark, so it covers only what was
 * already signed, and all keys of the file sign it. */
MUST_CHECK enum err keyholder_state(
	const struct keyholder *s, const struct vkey *without, struct buf *note);
/* Adds a second key to the file, sealed as the first is; removes one. After a crash the file is
 * either the old one or the new. ERR_CONFLICT if there are two already, or if none would be left.
 */
MUST_CHECK enum err keyholder_add(
	const char *key_path, const uint8_t seed[ED25519_SEED], const struct buf *passphrase);
MUST_CHECK enum err keyholder_drop(
	const char *key_path, const struct vkey *without, const struct buf *passphrase);
