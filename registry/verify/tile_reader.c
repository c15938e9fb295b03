#include "registry/verify/tile_reader.h"

#include "registry/verify/verify_parts.h"

#include <string.h>

/* Reads the first `n` hashes of a tile that has `now` entries at the source. */
static enum err read_tile(const struct source *source, unsigned level, uint64_t index, uint64_t now,
	unsigned n, struct sha256 *out)
{
	/* At its present width: a narrower one may have been dropped. */
	const struct tile tile = {
		.level = level, .index = index, .width = tile_width_at(now, level, index)};
	AUTO(buf) bytes = BUF(TILE_BYTES), name = BUF(KIB);
	enum err e = source->ops->tile(source->self, &tile, &bytes);

	tile_path(&tile, &name);
	if (e == OK && bytes.len != tile.width * SHA256)
		e = fail(ERR_FALSE, "it has %zu bytes; %u hashes have %u", bytes.len, tile.width,
			tile.width * SHA256);
	TRY(verify_found(e, "tile %s", buf_text(&name)));
	memcpy(out, bytes.data, n * SHA256);
	return OK;
}

static uint64_t edge_index(uint64_t size, unsigned level)
{
	return level == TILE_LEVELS - 1 ? 0 : size >> (TILE_HEIGHT * (level + 1));
}

enum err edges_read(
	const struct source *source, uint64_t size, uint64_t now, struct edge edges[TILE_LEVELS])
{
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		uint64_t index = edge_index(size, level);
		struct edge *edge = &edges[level];

		edge->n = tile_width_at(size, level, index) % TILE_WIDTH;
		if (edge->n)
			TRY(read_tile(source, level, index, now, edge->n, edge->hash));
	}
	return OK;
}

enum err tile_reader_open(
	const struct source *source, const struct checkpoint *cp, struct tile_reader *out)
{
	struct frontier f;
	struct sha256 root;

	*out = (struct tile_reader){.source = source, .cp = *cp};
	TRY(edges_read(source, cp->size, cp->size, out->edges));
	f = edges_frontier(out->edges);
	root = frontier_root(&f);
	ENSURE(sha256_equal(&root, &cp->root), ERR_FALSE,
		"the tiles do not give the root that is signed");
	return OK;
}

static enum err read_full(struct tile_reader *t, unsigned level, uint64_t index)
{
	const struct sha256 *above;
	struct sha256 root;

	t->full[level].good = false;
	TRY(read_tile(t->source, level, index, t->cp.size, TILE_WIDTH, t->full[level].hash));
	root = merkle_root(t->full[level].hash, TILE_WIDTH);
	TRY(tile_reader_get(t, level + 1, index / TILE_WIDTH, &above));
	ENSURE(sha256_equal(&root, &above[index % TILE_WIDTH]), ERR_FALSE,
		"the hashes of tile %u/%llu do not give the one in the tile above", level,
		(unsigned long long)index);
	t->full[level].index = index;
	t->full[level].good = true;
	return OK;
}

enum err tile_reader_get(
	struct tile_reader *t, unsigned level, uint64_t index, const struct sha256 **out)
{
	ENSURE(level < TILE_LEVELS && tile_width_at(t->cp.size, level, index), ERR_FALSE,
		"no log of this size has tile %u/%llu", level, (unsigned long long)index);
	if (index == edge_index(t->cp.size, level)) {
		*out = t->edges[level].hash;
		return OK;
	}
	if (!t->full[level].good || t->full[level].index != index)
		TRY(read_full(t, level, index));
	*out = t->full[level].hash;
	return OK;
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	unsigned above = level % TILE_HEIGHT;
	uint64_t first = index << above; /* of the tile level's hashes under this node */
	const struct sha256 *hashes;

	TRY(tile_reader_get(arg, level / TILE_HEIGHT, first / TILE_WIDTH, &hashes));
	*out = merkle_root(hashes + first % TILE_WIDTH, (uint64_t)1 << above);
	return OK;
}

struct nodes tile_reader_nodes(struct tile_reader *t)
{
	return (struct nodes){.get = node_of, .arg = t};
}
