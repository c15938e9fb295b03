/* A path that names a tile is that tile's only path; a bundle that is split and joined is the same
 * bundle. */
#include "audit/tile.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_path(const char *path)
{
	AUTO(buf) again = BUF(128);
	struct tile tile;

	if (tile_parse(path, &tile) != OK)
		return;
	assert(tile.width >= 1 && tile.width <= TILE_WIDTH && tile.level <= 63);
	assert(!tile.entries || tile.level == 0);
	tile_path(&tile, &again);
	assert(strcmp(buf_text(&again), path) == 0);
}

static void fuzz_bundle(const uint8_t *data, size_t size)
{
	AUTO(buf) again = BUF(size);
	struct bytes rest = {data, size}, entry;
	size_t taken;

	while (rest.len > 0 && bundle_next(&rest, &entry) == OK)
		assert(bundle_add(&again, entry.data, entry.len) == OK);
	taken = size - rest.len;
	assert(again.len == taken);
	assert(taken == 0 || memcmp(again.data, data, taken) == 0);
}

/* The first bytes as a size, a level and an index: the widths along a level add up. */
static void fuzz_width(const uint8_t *data, size_t size)
{
	uint64_t tree = 0, at = 0, nodes;
	unsigned width, level;

	if (size < 2 * sizeof(uint64_t) + 1)
		return;
	memcpy(&tree, data, sizeof(tree));
	memcpy(&at, data + sizeof(tree), sizeof(at));
	level = data[2 * sizeof(uint64_t)] % 64;
	width = tile_width_at(tree, level, at);
	nodes = level < 8 ? tree >> 8 * level : 0;
	assert(width <= TILE_WIDTH);
	if (width > 0)
		assert(at <= nodes / 256 && at * 256 + (width - 1) < nodes);
	if (width < TILE_WIDTH)
		assert(at > nodes / 256 || at * 256 + width >= nodes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *path = mem_bytes(data, size);

	fuzz_path(path);
	fuzz_bundle(data, size);
	fuzz_width(data, size);
	return 0;
}
