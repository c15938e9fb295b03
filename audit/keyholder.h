/* keyholder.h - the log key, and the one promise it keeps: never to sign a second history.
 *
 * While the key is being changed there are two, in one file, a line each, the oldest first; both
 * sign, under one mark.
 *
 * The keyholder trusts nothing but its own high-water mark, a small file of its own that must
 * not be in the database's backups. It signs a tree only with a proof that the tree extends
 * the marked one, and the mark is durable before the signature leaves. It runs in the signer
 * process (signer_process.h); who wants a signature asks through signer.h. */
#pragma once
#include "audit/key_statement.h"

struct keyholder;
/* Makes `key_path` and `mark_path` (at the empty tree); ERR_CONFLICT where one exists. */
MUST_CHECK enum err keyholder_create(const char *key_path, const char *mark_path,
	const char *origin, const uint8_t seed[ED25519_SEED], const struct buf *passphrase);
/* The passphrase is needed where the key file is sealed by one (Argon2id); empty without.
 * ERR_DENIED for a wrong one. ERR_CORRUPT with what to do when key or mark is missing or
 * damaged. */
MUST_CHECK enum err keyholder_open(const char *key_path, const char *mark_path,
	const struct buf *passphrase, struct keyholder **out);
/* The public halves of what a key file holds, which needs no mark. Fails as keyholder_open(). */
MUST_CHECK enum err keyholder_public(
	const char *key_path, const struct buf *passphrase, struct log_keys *out);
/* Makes a mark that was lost: at the tree of `at`, which must not be smaller than any that was
 * signed. ERR_CONFLICT where one exists. */
MUST_CHECK enum err keyholder_make_mark(const char *mark_path, const struct checkpoint *at);
/* The mark in an open mark file, for who keeps watch over it. ERR_CORRUPT. */
MUST_CHECK enum err keyholder_read_mark(int fd, struct checkpoint *out);
/* ERR_CORRUPT where its mark is smaller than one that was seen before: a mark never goes back, and
 * with an older one in its place a second history could be signed. */
MUST_CHECK enum err keyholder_at_least(const struct keyholder *s, uint64_t size);
void keyholder_free(struct keyholder *s);
const struct log_keys *keyholder_keys(const struct keyholder *s);
/* The largest tree that was signed. */
const struct checkpoint *keyholder_mark(const struct keyholder *s);
/* Signs the tree (size, root), given the consistency proof from the mark. Appends the note.
 * ERR_FALSE when the proof does not hold or the tree is smaller than the mark: then nothing
 * is signed, ever. ERR_SYSTEM when the mark could not be stored: nothing was signed. */
MUST_CHECK enum err keyholder_sign(struct keyholder *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);

/* The rest is for who changes the keys, with the passphrase, beside a signer or without one: the
 * signer process is never asked for it, so that nobody who took over the server gets it.
 *
 * The statement, at the mark and so of nothing that was not signed before, that from here on the
 * keys of the file sign, but for `without` (NULL: all of them). All of them sign it. */
MUST_CHECK enum err keyholder_state(
	const struct keyholder *s, const struct vkey *without, struct buf *note);
/* Adds a second key to the file, sealed as the first is; takes one out of it. The file is the old
 * one or the new one after a crash. ERR_CONFLICT where there are two, or none would be left. */
MUST_CHECK enum err keyholder_add(
	const char *key_path, const uint8_t seed[ED25519_SEED], const struct buf *passphrase);
MUST_CHECK enum err keyholder_drop(
	const char *key_path, const struct vkey *without, const struct buf *passphrase);
