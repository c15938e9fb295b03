/* tile_cache.h - tiles with all nodes between their hashes and their root, kept for proofs.
 *
 * A proof takes a node of every height: without this a tile is read, and half of it hashed, once
 * for each. The first `n` hashes of a tile never change as a log grows, so what is kept is never
 * stale, and is found by level, index and n. One cache belongs to one log; several threads may
 * use it. A tile takes 16 KiB; full, that is 68 MiB, and holds every tile of a log of a million
 * entries. */
#pragma once
#include "audit/merkle.h"
#include "audit/store.h"
#include "audit/tile.h"

struct tile_cache;
struct tile_cache *tile_cache_new(void);
void tile_cache_free(struct tile_cache *c);

/* What nodes are read from: a snapshot with at least `size` entries, of one thread. */
struct tile_cache_view {
	struct tile_cache *cache;
	const struct store *store;
	uint64_t size;
};
/* For proofs about a tree of `size`; borrows the view. */
struct nodes tile_cache_nodes(struct tile_cache_view *view);
