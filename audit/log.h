/* log.h - an append-only Merkle log over a store: bytes in, proofs out.
 *
 * The writer's `struct log` knows the right edge of the tree. Entries are appended inside the
 * caller's transaction; log_settle() hashes what was appended into tiles before the commit.
 * After a rollback the log is loaded again with log_open(). Readers need only the store. */
#pragma once
#include "audit/merkle.h"
#include "audit/store.h"
#include "audit/tile.h"

struct edge {
	struct sha256 hash[TILE_WIDTH];
	unsigned n; /* 0 to 255: a full tile starts an empty one */
};
/* The same tree as its perfect subtrees: its root, and what it grows on from. */
struct frontier edges_frontier(const struct edge edges[TILE_LEVELS]);

struct log {
	struct store store;
	uint64_t size; /* settled: what the tiles cover */
	struct edge edges[TILE_LEVELS];
	struct sha256 *waiting; /* leaf hashes appended since */
	size_t waiting_n, waiting_room;
};
MUST_CHECK enum err log_open(struct store store, struct log *out);
void log_done(struct log *log);

/* Entries so far, settled or not: the index that the next one gets. */
uint64_t log_next(const struct log *log);
/* Stores an entry. ERR_TOO_LARGE over ENTRY_MAX. */
MUST_CHECK enum err log_append(struct log *log, const void *entry, size_t len);
/* Forgets what was appended from `next` on, which the store has undone. */
void log_forget(struct log *log, uint64_t next);
/* Reads back all that was appended, and writes its tiles. ERR_CORRUPT: the store did not keep
 * what it was given, and nothing may be committed. */
MUST_CHECK enum err log_settle(struct log *log);
/* The root over everything settled. */
struct sha256 log_root(const struct log *log);

/* The newest checkpoint, with the cosignatures that it has; ERR_NOT_FOUND before the first. */
MUST_CHECK enum err log_checkpoint(const struct store *store, struct buf *note, uint64_t *size);
/* Node hashes out of a store's tiles, for merkle_inclusion() and its like. */
struct nodes log_nodes(const struct store *store);
/* A tile as a tree of `size` has it: hashes or an entry bundle; ERR_NOT_FOUND beyond it. */
MUST_CHECK enum err log_tile(
	const struct store *store, const struct tile *tile, uint64_t size, struct buf *out);
