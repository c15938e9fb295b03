/* tile_reader.h - the hashes of a log that is elsewhere, none of which is used before it has
 * proved itself: the right edge gives the signed root, every full tile its hash in the tile above.
 * So each leaf hash that comes out is one that the checkpoint's signature covers. */
#pragma once
#include "audit/checkpoint.h"
#include "audit/log.h"
#include "registry/verify/source.h"

/* The right edge of a tree of `size`, read from the tiles of one of `now` entries. It proves
 * itself by edges_frontier(). ERR_FALSE where a tile is not what it must be. */
MUST_CHECK enum err edges_read(
	const struct source *source, uint64_t size, uint64_t now, struct edge edges[TILE_LEVELS]);

struct tile_reader {
	const struct source *source;
	struct checkpoint cp;
	struct edge edges[TILE_LEVELS];
	struct { /* the full tile of each level that was read last */
		bool good;
		uint64_t index;
		struct sha256 hash[TILE_WIDTH];
	} full[TILE_LEVELS];
};
/* ERR_FALSE: the tiles do not give the checkpoint's root. Nothing to free. */
MUST_CHECK enum err tile_reader_open(
	const struct source *source, const struct checkpoint *cp, struct tile_reader *out);
/* The hashes of a tile; good until the next call for the same level. */
MUST_CHECK enum err tile_reader_get(
	struct tile_reader *t, unsigned level, uint64_t index, const struct sha256 **out);
/* For merkle_root_of() and its like. */
struct nodes tile_reader_nodes(struct tile_reader *t);
