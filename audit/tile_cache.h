/* tile_cache.h - caches tiles with all nodes between their hashes and their root, for proofs.
 *
 * A proof takes a node of every height: without the cache, each costs reading a tile and hashing
 * half of it. The first `n` hashes of a tile never change as a log grows, so cached tiles, keyed by
 * level, index and n, are never stale. One cache belongs to one log; several threads may use it. A
 * tile takes 16 KiB; a full cache takes 68 MiB and holds every tile of a log of a million entries.
 */
#pragma once
#include "audit/merkle.h"
#include "audit/store.h"
#include "audit/tile.h"

struct tile_cache;
struct tile_cache *tile_cache_new(void);
void tile_cache_free(struct tile_cache *c);

/* The source of nodes: a snapshot with at least `size` entries, used by one thread. */
struct tile_cache_view {
	struct tile_cache *cache;
	const struct store *store;
	uint64_t size;
};
/* For proofs about a tree of `size`; borrows the view. */
struct nodes tile_cache_nodes(struct tile_cache_view *view);
