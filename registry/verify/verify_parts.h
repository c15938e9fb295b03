/* verify_parts.h - the inside of a verification, shared by verify*.c alone. */
#pragma once
#include "audit/key_statement.h"
#include "audit/log.h"
#include "registry/event/state.h"
#include "registry/policy/judgement.h"
#include "registry/verify/memory.h"
#include "registry/verify/source.h"
#include "registry/verify/verify.h"

/* Adds the place to a finding; passes on other errors, such as an unreachable source, unchanged. */
MUST_CHECK enum err verify_found(enum err e, const char *fmt, ...) PRINTF(2, 3);

/* --- verify_tree.c: entries and tiles against the signed root --- */

struct tree {
	const struct source *source;
	const struct checkpoint *signed_; /* the checkpoint that they must give */
	uint64_t old_size;                /* the root at this size is recorded on the way */
	struct sha256 old_root;
	struct frontier entries; /* over the hashes of the entries */
	struct frontier stored;  /* over the hashes in the tiles */
	struct edge edges[TILE_LEVELS];
	bool differs;   /* a tile does not match the entries; then */
	uint64_t entry; /* is the first entry that differs, */
	bool by_hash;   /* by its hash, and not because a tile is missing, */
	char why[512];  /* with this reason */
};
/* Continues from a tree of `old_size` that was checked before and had this root: reads its right
 * edge from the source's tiles and checks that it gives that root. ERR_FALSE, reporting a fork, if
 * it does not. */
MUST_CHECK enum err tree_resume(struct tree *t, const struct sha256 *old_root);
/* Adds the leaf hashes of the next bundle, from its first entry: 256, or fewer in the last one. */
MUST_CHECK enum err tree_add(struct tree *t, const struct sha256 *leaves, unsigned n);
/* Gives the verdict once all are added. */
MUST_CHECK enum err tree_end(struct tree *t);

/* --- verify_replay.c: the rules, by folding every entry again --- */

struct replay {
	const struct source *source;
	const char *origin;
	struct db *db; /* the read model as it should be: scratch, or the caller's */
	bool own;      /* `db` is freed with this */
	char *lists;   /* what lists_make() needs before `db` is compared; NULL: they are there */
	struct memory
		*memory; /* of a scratch model: the tables that `db` does not hold; else NULL */
	struct state state;
	struct standard *standard;
	struct buf bytes; /* of one content, reused */
	uint64_t signatures;
	struct policies policies; /* in force at the last replayed entry */
	struct judge *judge;
	struct sig_pool
		*pool;   /* verifies signatures in parallel with the replay; NULL: nothing does */
	uint64_t judged; /* records judged again */
	unsigned standards; /* adopted by entries */
	bool ungiven;       /* a content was neither provided nor refused (source.h) */
	bool withheld;      /* that content is needed to replay any later entry */
};
MUST_CHECK enum err replay_open(const struct source *source, const char *origin, struct replay *r);
/* Continues in a read model that the caller keeps, made from all entries so far. `store` is the
 * store that folds use; NULL: the source's contents, read-only. No content counts as missing yet.
 */
MUST_CHECK enum err replay_resume(const struct source *source, const char *origin, struct db *db,
	const struct store *store, struct replay *r);
void replay_done(struct replay *r);
/* ERR_FALSE, naming the entry, if it breaks a rule. */
MUST_CHECK enum err replay_entry(struct replay *r, uint64_t index, const void *entry, size_t len);
/* Requests again the contents that were missing when their entries were replayed and are public
 * now. */
MUST_CHECK enum err replay_ask_again(struct replay *r);
/* The number of contents that the log makes public and that are still missing; `*first` gets the
 * SHA-256 of the first (hexadecimal; "" for none). */
MUST_CHECK enum err replay_lacks(struct replay *r, uint64_t *n, char first[SHA256_HEX]);
/* Requests the contents of earlier entries that entries from `from` on erased: they must be gone.
 */
MUST_CHECK enum err replay_ask_erased(struct replay *r, uint64_t from);
/* Checks, after all entries are replayed, that exactly the erased contents are missing. */
MUST_CHECK enum err replay_contents(struct replay *r);
MUST_CHECK enum err replay_count(struct replay *r, struct verified *out);

/* --- verify_since.c: the replay's read model, kept from one verification to the next --- */

struct since {
	bool resumed;            /* it matches the remembered checkpoint */
	char full_at[TIME_TEXT]; /* when all entries from the first on were last checked */
};
/* Opens the model file, and the replay in it, in a transaction that since_keep() ends. The replay
 * starts empty if the file is new or does not match `old` (NULL: nothing is remembered). */
MUST_CHECK enum err since_open(const char *path, const struct checkpoint *old,
	const struct source *source, const char *origin, struct replay *r, struct since *out);
MUST_CHECK enum err since_keep(
	struct replay *r, const struct checkpoint *cp, const struct since *since);

/* --- verify_policy.c: the witnesses' cosignatures --- */

/* A given policy must list the log's key, or a predecessor or successor of it according to `model`;
 * a listed key counts as given. */
MUST_CHECK enum err policy_check_keys(
	const struct verify *v, struct db *model, struct verified *out);
/* The newest checkpoint with a quorum. It lags behind the newest checkpoint when writes come faster
 * than witnesses answer. */
struct quorum {
	struct checkpoint checkpoint;  /* `size` 0: none */
	struct policy_verdict verdict; /* its verdict; without one, that of the newest checkpoint */
	struct buf note,
		lines; /* the note with only the log's signature lines; the witnesses' lines */
};
void quorum_done(struct quorum *q);
/* Reads the source's newest checkpoint with a quorum by its own policy; "" if it has none. Call it
 * before reading the newest checkpoint, or this one may be newer. */
MUST_CHECK enum err quorum_ask(const struct source *source, struct buf *cosigned);
/* Judges the newest checkpoint, then the one from quorum_ask(); each must be signed by one of these
 * keys of the log. The caller checks that one is a prefix of the other. ERR_FALSE for a wrong
 * cosignature. */
MUST_CHECK enum err quorum_find(const struct tlog_policy *policy, const struct log_keys *keys,
	const struct checkpoint *newest, const struct buf *note, const struct buf *cosigned,
	struct quorum *out);

/* --- verify_model.c: a folder's database, beside the log itself --- */

/* A look at the read model alone, by a thread, while entries are replayed: whether its file is
 * sound and its index of search finds each text. Until model_check() nobody else may use the
 * source's connection to it. NULL if there is none, or no thread. */
struct model_look;
struct model_look *model_look_begin(const struct source *is);
void model_look_free(struct model_look *look);
/* Compares a folder's files with the log of `size` entries, `contents` of whose contents are
 * present, and with the replay's read model. `look` may be NULL. `*old`: another version of
 * this program made the folder's, so the two were not compared; nor are they if it has none. */
MUST_CHECK enum err model_check(const struct source *is, const struct replay *r, uint64_t size,
	uint64_t contents, struct model_look *look, bool *old);
