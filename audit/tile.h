/* tile.h - the names and shapes of tiles (C2SP tlog-tiles).
 *
 * A tile of level L and index N holds up to 256 hashes; hash i of it is the node of
 * tree level 8 * L and index N * 256 + i. Entry bundles are tiles of entries. */
#pragma once
#include "base/buf.h"
#include "base/sha256.h"

#define TILE_WIDTH 256
#define TILE_HEIGHT 8
#define TILE_BYTES (TILE_WIDTH * SHA256)
#define TILE_LEVELS 8 /* 64 bits of size, 8 a level */
#define ENTRY_MAX 65535

struct tile {
	bool entries;   /* an entry bundle; `level` is then 0 */
	unsigned level; /* 0 to 63 in a path; nothing is ever stored above 7 */
	uint64_t index;
	unsigned width; /* 1 to 255 of a partial tile, 256 of a full one */
};

/* Parses the rest of an address after "tile/": "0/x001/x234/067.p/7", "entries/005". ERR_NOT_FOUND
 * for anything but a tile's canonical path. */
MUST_CHECK enum err tile_parse(const char *path, struct tile *out);
/* The inverse. */
void tile_path(const struct tile *tile, struct buf *out);
/* The number of hashes (or entries) of the tile (level, index) in a tree of `size`: 0 to 256. */
unsigned tile_width_at(uint64_t size, unsigned level, uint64_t index);

/* Entry bundles: for each entry a big-endian uint16 length, then its bytes. */
MUST_CHECK enum err bundle_add(struct buf *out, const void *entry, size_t len);
/* Takes one entry from the front of `*rest`; ERR_CORRUPT if it is truncated. */
struct bytes {
	const uint8_t *data;
	size_t len;
};
MUST_CHECK enum err bundle_next(struct bytes *rest, struct bytes *entry);
