/* verify_parts.h - the inside of a verification, shared by verify*.c alone. */
#pragma once
#include "audit/log.h"
#include "registry/source.h"
#include "registry/state.h"
#include "registry/verify.h"

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
	char why[256];  /* as this says */
};
/* The leaf hashes of the next bundle: 256, or fewer in the last one. */
MUST_CHECK enum err tree_add(struct tree *t, const struct sha256 *leaves, unsigned n);
/* The verdict once all are added. */
MUST_CHECK enum err tree_end(struct tree *t);

/* --- verify_replay.c: the rules, by folding every entry again --- */

struct replay {
	const struct source *source;
	const char *origin;
	struct db *db; /* scratch: the read model as it should be */
	struct state state;
	struct standard *standard;
	struct buf bytes; /* of one content, used again and again */
	uint64_t signatures;
};
MUST_CHECK enum err replay_open(const struct source *source, const char *origin, struct replay *r);
void replay_done(struct replay *r);
MUST_CHECK enum err replay_entry(struct replay *r, uint64_t index, const void *entry, size_t len);
/* Once all are replayed: what is missing was erased, what was erased is missing. */
MUST_CHECK enum err replay_contents(struct replay *r);
MUST_CHECK enum err replay_count(struct replay *r, struct verified *out);

/* --- verify_model.c: a folder's database, beside the log itself --- */

/* `should` holds the read model made anew from `size` entries, `contents` of whose are there. */
MUST_CHECK enum err model_check(struct db *is, struct db *should, uint64_t size, uint64_t contents);
