/* log.h - an append-only Merkle log over a store: bytes in, proofs out.
 *
 * The writer's `struct log` knows the right edge of the tree. Entries are appended inside the
 * caller's transaction; log_settle() hashes them into tiles before the commit. After a rollback,
 * load the log again with log_open(). Readers need only the store. */
#pragma once
#include "audit/merkle.h"
#include "audit/store.h"
#include "audit/tile.h"

struct edge {
	struct sha256 hash[TILE_WIDTH];
	unsigned n; /* 0 to 255: a full tile starts an empty one */
};
/* The same tree as its perfect subtrees, which give its root and can be extended. */
struct frontier edges_frontier(const struct edge edges[TILE_LEVELS]);

struct log {
	struct store store;
	uint64_t size; /* settled entries: those that the tiles cover */
	struct edge edges[TILE_LEVELS];
	struct sha256 *waiting; /* leaf hashes appended since */
	size_t waiting_n, waiting_room;
};
MUST_CHECK enum err log_open(struct store store, struct log *out);
void log_done(struct log *log);

/* The number of entries, settled or not, which is the index of the next one. */
uint64_t log_next(const struct log *log);
/* Stores an entry. ERR_TOO_LARGE over ENTRY_MAX. */
MUST_CHECK enum err log_append(struct log *log, const void *entry, size_t len);
/* Forgets the entries from index `next` on, after the store has undone them. */
void log_forget(struct log *log, uint64_t next);
/* Reads back the appended entries and writes their tiles. ERR_CORRUPT: the store did not keep them
 * correctly, and nothing may be committed. */
MUST_CHECK enum err log_settle(struct log *log);
/* The root over everything settled. */
struct sha256 log_root(const struct log *log);

/* The newest checkpoint with its cosignatures; ERR_NOT_FOUND before the first. */
MUST_CHECK enum err log_checkpoint(const struct store *store, struct buf *note, uint64_t *size);
/* Reads node hashes from a store's tiles; for merkle_inclusion() and similar functions. */
struct nodes log_nodes(const struct store *store);
/* A tile of the tree of `size`: hashes or an entry bundle; ERR_NOT_FOUND beyond the tree. */
MUST_CHECK enum err log_tile(
	const struct store *store, const struct tile *tile, uint64_t size, struct buf *out);
