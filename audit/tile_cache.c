#include "audit/tile_cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ENTRY_SLOTS 4096
#define UPPER_SLOTS 256
/* Nodes of less height over entries are not kept: seven hashes make them again. */
#define ENTRY_FROM 3

/* A tile's nodes from height `from` on, by height; those of one end where the next begin. */
struct tree {
	unsigned level, n, from;
	uint64_t index;
	struct sha256 nodes[]; /* those that stand over whole subtrees of the first n */
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

static unsigned from_of(unsigned level)
{
	return level == 0 ? ENTRY_FROM : 0;
}

static size_t place(unsigned from, unsigned height, uint64_t at)
{
	size_t twice = (2 * TILE_WIDTH) >> from;

	return twice - (twice >> (height - from)) + (size_t)at;
}

/* Where a tile is kept, if it is: its neighbours are beside it. */
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

	if (height < from_of(level))
		return false;
	pthread_mutex_lock(&c->mutex);
	kept = *slot_of(c, level, index);
	found = kept && kept->level == level && kept->index == index && kept->n == n;
	if (found)
		*out = kept->nodes[place(kept->from, height, at)];
	pthread_mutex_unlock(&c->mutex);
	return found;
}

/* Takes over `t`. */
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

/* The tree over what the view has read. */
static struct tree *add_up(const struct tile_cache_view *v)
{
	unsigned from = from_of(v->level);
	size_t nodes = ((2 * TILE_WIDTH) >> from) - 1;
	struct tree *t = mem_resize(NULL, sizeof(*t) + nodes * sizeof(*t->nodes));

	*t = (struct tree){.level = v->level, .n = v->n, .from = from, .index = v->index};
	for (unsigned i = 0; i < v->n >> from; i++)
		t->nodes[i] = merkle_root(v->hashes + ((size_t)i << from), (uint64_t)1 << from);
	for (unsigned h = from + 1; h <= TILE_HEIGHT; h++)
		for (unsigned i = 0; i < v->n >> h; i++)
			t->nodes[place(from, h, i)] =
				merkle_node(&t->nodes[place(from, h - 1, 2 * i)],
					&t->nodes[place(from, h - 1, 2 * i + 1)]);
	return t;
}

static enum err read_tile(struct tile_cache_view *v, unsigned level, uint64_t index, unsigned n)
{
	AUTO(buf) bytes = BUF(TILE_BYTES);

	if (v->n == n && v->level == level && v->index == index)
		return OK;
	TRY(v->store->ops->tile(v->store->self, level, index, &bytes));
	ENSURE(bytes.len >= n * SHA256, ERR_CORRUPT, "tile %u/%llu is too short", level,
		(unsigned long long)index);
	memcpy(v->hashes, bytes.data, n * SHA256);
	v->level = level;
	v->index = index;
	v->n = n;
	return OK;
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	struct tile_cache_view *v = arg;
	unsigned height = level % TILE_HEIGHT, n = 0;
	uint64_t tile, first = index << height; /* of the tile level's hashes under this node */
	struct tree *t;

	level /= TILE_HEIGHT;
	tile = first / TILE_WIDTH;
	first %= TILE_WIDTH;
	if (level < TILE_LEVELS)
		n = tile_width_at(v->size, level, tile);
	ENSURE(n >= first + ((uint64_t)1 << height), ERR_NOT_FOUND,
		"a tree of %llu leaves has no such node", (unsigned long long)v->size);
	if (find(v->cache, level, tile, n, height, first >> height, out))
		return OK;
	TRY(read_tile(v, level, tile, n));
	if (height < from_of(level)) {
		*out = merkle_root(v->hashes + first, (uint64_t)1 << height);
		return OK;
	}
	t = add_up(v);
	*out = t->nodes[place(t->from, height, first >> height)];
	keep(v->cache, t);
	return OK;
}

struct nodes tile_cache_nodes(struct tile_cache_view *view)
{
	return (struct nodes){.get = node_of, .arg = view};
}
