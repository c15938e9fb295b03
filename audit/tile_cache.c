#include "audit/tile_cache.h"
#include "base/locked.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_SLOTS 4096
#define UPPER_SLOTS 256

/* The nodes of a tile: first its hashes, then those of each height after the one below. */
struct tree {
	unsigned level, n;
	uint64_t index;
	struct sha256
		nodes[2 * TILE_WIDTH]; /* only nodes over complete subtrees of the first n hashes */
};

struct tile_cache {
	pthread_mutex_t mutex;
	struct tree *entries[ENTRY_SLOTS], *upper[UPPER_SLOTS];
};

struct tile_cache *tile_cache_new(void)
{
	struct tile_cache *c = mem_new(sizeof(*c));

	pthread_mutex_init(&c->mutex, NULL);
	return c;
}

void tile_cache_free(struct tile_cache *c)
{
	if (!c)
		return;
	for (size_t i = 0; i < ENTRY_SLOTS; i++)
		free(c->entries[i]);
	for (size_t i = 0; i < UPPER_SLOTS; i++)
		free(c->upper[i]);
	pthread_mutex_destroy(&c->mutex);
	free(c);
}

static size_t place(unsigned height, uint64_t at)
{
	return 2 * TILE_WIDTH - ((2 * TILE_WIDTH) >> height) + (size_t)at;
}

/* The place of a tile in the cache, if it is there; neighbouring tiles get neighbouring places. */
static struct tree **slot_of(struct tile_cache *c, unsigned level, uint64_t index)
{
	return level == 0 ? &c->entries[index % ENTRY_SLOTS]
	                  : &c->upper[(index + level * 61) % UPPER_SLOTS];
}

static bool find(struct tile_cache *c, unsigned level, uint64_t index, unsigned n, unsigned height,
	uint64_t at, struct sha256 *out)
{
	const struct tree *kept;
	bool found;

	LOCKED(&c->mutex);
	kept = *slot_of(c, level, index);
	found = kept && kept->level == level && kept->index == index && kept->n == n;
	if (found)
		*out = kept->nodes[place(height, at)];
	return found;
}

/* Takes ownership of `t`. */
static void keep(struct tile_cache *c, struct tree *t)
{
	struct tree **slot, *old;

	pthread_mutex_lock(&c->mutex);
	slot = slot_of(c, t->level, t->index);
	old = *slot;
	*slot = t;
	pthread_mutex_unlock(&c->mutex);
	free(old);
}

static void add_up(struct tree *t)
{
	for (unsigned h = 1; h <= TILE_HEIGHT; h++)
		for (unsigned i = 0; i < t->n >> h; i++)
			t->nodes[place(h, i)] = merkle_node(
				&t->nodes[place(h - 1, 2 * i)], &t->nodes[place(h - 1, 2 * i + 1)]);
}

static enum err read_tree(
	const struct store *store, unsigned level, uint64_t index, unsigned n, struct tree **out)
{
	AUTO(buf) bytes = BUF(TILE_BYTES);
	struct tree *t;

	TRY(store->ops->tile(store->self, level, index, &bytes));
	ENSURE(bytes.len >= n * SHA256, ERR_CORRUPT, "tile %u/%llu is too short", level,
		(unsigned long long)index);
	*out = t = mem_resize(NULL, sizeof(*t));
	t->level = level;
	t->n = n;
	t->index = index;
	memcpy(t->nodes, bytes.data, n * SHA256);
	add_up(t);
	return OK;
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	struct tile_cache_view *v = arg;
	unsigned height = level % TILE_HEIGHT, n = 0;
	uint64_t tile, first = index << height; /* of the tile level's hashes under this node */
	struct tree *t = NULL;

	level /= TILE_HEIGHT;
	tile = first / TILE_WIDTH;
	first %= TILE_WIDTH;
	if (level < TILE_LEVELS)
		n = tile_width_at(v->size, level, tile);
	ENSURE(n >= first + ((uint64_t)1 << height), ERR_NOT_FOUND,
		"a tree of %llu leaves has no such node", (unsigned long long)v->size);
	if (find(v->cache, level, tile, n, height, first >> height, out))
		return OK;
	TRY(read_tree(v->store, level, tile, n, &t));
	*out = t->nodes[place(height, first >> height)];
	keep(v->cache, t);
	return OK;
}

struct nodes tile_cache_nodes(struct tile_cache_view *view)
{
	return (struct nodes){.get = node_of, .arg = view};
}
