/* tile_cache.h - tiles with all nodes between their hashes and their root, kept for proofs.
 *
 * A proof takes a node of every height: without this a tile is read, and half of it hashed, once
 * for each. The first `n` hashes of a tile never change as a log grows, so what is kept is never
 * stale, and is found by level, index and n. One cache belongs to one log; several threads may
 * use it. It takes 16 KiB for each of TILE_CACHE_SLOTS tiles that were asked for. */
#pragma once
#include "audit/merkle.h"
#include "audit/store.h"

/* Half of them for the tiles over entries, of which there are most; the others hold the rest of
 * a log of 16 million entries. */
#define TILE_CACHE_SLOTS 512

struct tile_cache;
struct tile_cache *tile_cache_new(void);
void tile_cache_free(struct tile_cache *c);

/* What nodes are read from: a snapshot with at least `size` entries. */
struct tile_cache_view {
	struct tile_cache *cache;
	const struct store *store;
	uint64_t size;
};
/* For proofs about a tree of `size`; borrows the view. */
struct nodes tile_cache_nodes(const struct tile_cache_view *view);
