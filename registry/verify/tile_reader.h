/* tile_reader.h - reads hashes of a remote log and verifies each before use: the right edge must
 * give the signed root, and every full tile its hash in the tile above. So the checkpoint's
 * signature covers each leaf hash that it returns. */
#pragma once
#include "audit/checkpoint.h"
#include "audit/log.h"
#include "registry/verify/source.h"

/* Reads the right edge of a tree of `size` from the tiles of a tree of `now` entries. The caller
 * verifies it by edges_frontier(). ERR_FALSE if a tile is malformed. */
MUST_CHECK enum err edges_read(
	const struct source *source, uint64_t size, uint64_t now, struct edge edges[TILE_LEVELS]);

struct tile_reader {
	const struct source *source;
	struct checkpoint cp;
	struct edge edges[TILE_LEVELS];
	struct { /* the last full tile read at each level */
		bool good;
		uint64_t index;
		struct sha256 hash[TILE_WIDTH];
	} full[TILE_LEVELS];
};
/* ERR_FALSE: the tiles do not give the checkpoint's root. Nothing to free. */
MUST_CHECK enum err tile_reader_open(
	const struct source *source, const struct checkpoint *cp, struct tile_reader *out);
/* The hashes of a tile; valid until the next call for the same level. */
MUST_CHECK enum err tile_reader_get(
	struct tile_reader *t, unsigned level, uint64_t index, const struct sha256 **out);
/* For merkle_root_of() and similar functions. */
struct nodes tile_reader_nodes(struct tile_reader *t);
