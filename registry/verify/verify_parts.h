/* verify_parts.h - the inside of a verification, shared by verify*.c alone. */
#pragma once
#include "audit/key_statement.h"
#include "audit/log.h"
#include "registry/event/state.h"
#include "registry/policy/judgement.h"
#include "registry/verify/memory.h"
#include "registry/verify/source.h"
#include "registry/verify/verify.h"

/* A finding names its place; what only says that nothing could be asked stays what it is. */
MUST_CHECK enum err verify_found(enum err e, const char *fmt, ...) PRINTF(2, 3);

/* --- verify_tree.c: entries and tiles against the signed root --- */

struct tree {
	const struct source *source;
	const struct checkpoint *signed_; /* what they must lead to */
	uint64_t old_size;                /* on the way, the root at this size is taken down */
	struct sha256 old_root;
	struct frontier entries; /* over what the entries hash to */
	struct frontier stored;  /* over what the tiles say that they hash to */
	struct edge edges[TILE_LEVELS];
	bool differs;   /* a tile was not as the entries have it; then */
	uint64_t entry; /* is the first that differs, */
	bool by_hash;   /* by its hash, and not for want of a tile, */
	char why[512];  /* as this says */
};
/* Goes on from a tree of `old_size` that was checked before and had this root: the right edge of
 * it is read from the source's tiles, and proves itself by giving that root. ERR_FALSE with a
 * fork's reason where it does not. */
MUST_CHECK enum err tree_resume(struct tree *t, const struct sha256 *old_root);
/* The leaf hashes of the next bundle, from its first entry on: 256, or fewer in the last one. */
MUST_CHECK enum err tree_add(struct tree *t, const struct sha256 *leaves, unsigned n);
/* The verdict once all are added. */
MUST_CHECK enum err tree_end(struct tree *t);

/* --- verify_replay.c: the rules, by folding every entry again --- */

struct replay {
	const struct source *source;
	const char *origin;
	struct db *db;         /* the read model as it should be: scratch, or the caller's */
	bool own;              /* `db` is freed with this */
	struct memory *memory; /* of a scratch model: what `db` does not hold; else NULL */
	struct state state;
	struct standard *standard;
	struct buf bytes; /* of one content, used again and again */
	uint64_t signatures;
	struct policies policies; /* in force, as of the entry that was replayed last */
	struct judge *judge;
	struct sig_pool *pool; /* where signatures are verified behind the replay; NULL: nowhere */
	uint64_t judged;       /* records that were judged again */
	unsigned standards;    /* that entries adopted */
	bool ungiven;          /* a content was neither given nor refused (source.h) */
	bool withheld;         /* one without which no entry after it can be replayed */
};
MUST_CHECK enum err replay_open(const struct source *source, const char *origin, struct replay *r);
/* Goes on in a read model that the caller keeps, made from all entries so far. `store` is what
 * folds see; NULL: the source's contents, and nothing to write. Nothing is missing yet. */
MUST_CHECK enum err replay_resume(const struct source *source, const char *origin, struct db *db,
	const struct store *store, struct replay *r);
void replay_done(struct replay *r);
/* ERR_FALSE, naming the entry, where it breaks a rule. */
MUST_CHECK enum err replay_entry(struct replay *r, uint64_t index, const void *entry, size_t len);
/* Asks again for what was missing when its entry was replayed, and is public by now. */
MUST_CHECK enum err replay_ask_again(struct replay *r);
/* How many contents are public by the log and still missing; `*first` gets the SHA-256 of the
 * first of them (hexadecimal; "" for none). */
MUST_CHECK enum err replay_lacks(struct replay *r, uint64_t *n, char first[SHA256_HEX]);
/* Asks for what entries from `from` on erased, and earlier ones spoke of: it must be gone. */
MUST_CHECK enum err replay_ask_erased(struct replay *r, uint64_t from);
/* Once all are replayed: what is missing was erased, what was erased is missing. */
MUST_CHECK enum err replay_contents(struct replay *r);
MUST_CHECK enum err replay_count(struct replay *r, struct verified *out);

/* --- verify_since.c: the replay's read model, kept from one verification to the next --- */

struct since {
	bool resumed;            /* it stands where the remembered checkpoint does */
	char full_at[TIME_TEXT]; /* when all entries from the first on were last checked */
};
/* Opens the file that keeps it, and the replay in it, in a transaction that since_keep() ends;
 * an empty one where the file is new, or is not of `old` (NULL: nothing is remembered). */
MUST_CHECK enum err since_open(const char *path, const struct checkpoint *old,
	const struct source *source, const char *origin, struct replay *r, struct since *out);
MUST_CHECK enum err since_keep(
	struct replay *r, const struct checkpoint *cp, const struct since *since);

/* --- verify_policy.c: the witnesses' cosignatures --- */

/* A policy that was given must list the key, or one that the log was handed on from or to, as
 * `model` has them; to be listed is to be named. */
MUST_CHECK enum err policy_check_keys(
	const struct verify *v, struct db *model, struct verified *out);
/* The newest checkpoint with a quorum. Writes may come faster than witnesses answer: then it lags
 * behind the newest of all. */
struct quorum {
	struct checkpoint checkpoint;  /* `size` 0: there is none */
	struct policy_verdict verdict; /* of it; where there is none, of the newest of all */
	struct buf note, lines;        /* the note with the log's lines alone; the witnesses' */
};
void quorum_done(struct quorum *q);
/* Asks the source for the newest that has one by its own policy; "" where it has none. To be asked
 * before the newest of all, or it may be newer than that. */
MUST_CHECK enum err quorum_ask(const struct source *source, struct buf *cosigned);
/* Judges the newest and then what quorum_ask() gave, signed by one of these keys of the log. That
 * the one is the beginning of the other is for the caller to check. ERR_FALSE for a wrong
 * cosignature. */
MUST_CHECK enum err quorum_find(const struct tlog_policy *policy, const struct log_keys *keys,
	const struct checkpoint *newest, const struct buf *note, const struct buf *cosigned,
	struct quorum *out);

/* --- verify_model.c: a folder's database, beside the log itself --- */

/* The replay made the read model anew from `size` entries, `contents` of whose are there. `*old`:
 * another version of this program made the folder's, so that the two were not compared. */
MUST_CHECK enum err model_check(
	struct db *is, const struct replay *r, uint64_t size, uint64_t contents, bool *old);
