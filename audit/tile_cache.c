#include "audit/tile_cache.h"

#include "audit/tile.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* A tile's nodes by height; those of one height end where the next begin. */
#define NODES (2 * TILE_WIDTH - 1)

struct tree {
	unsigned level, n;
	uint64_t index;
	struct sha256 nodes[NODES]; /* those that stand over whole subtrees of the first n */
};

struct tile_cache {
	pthread_mutex_t mutex;
	struct tree *slots[TILE_CACHE_SLOTS];
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
	for (size_t i = 0; i < TILE_CACHE_SLOTS; i++)
		free(c->slots[i]);
	pthread_mutex_destroy(&c->mutex);
	free(c);
}

static size_t place(unsigned height, uint64_t at)
{
	return 2 * TILE_WIDTH - (2 * TILE_WIDTH >> height) + (size_t)at;
}

static void add_up(struct tree *t)
{
	for (unsigned h = 1; h <= TILE_HEIGHT; h++)
		for (unsigned i = 0; i < t->n >> h; i++)
			t->nodes[place(h, i)] = merkle_node(
				&t->nodes[place(h - 1, 2 * i)], &t->nodes[place(h - 1, 2 * i + 1)]);
}

static enum err read_tree(const struct store *store, struct tree *t)
{
	AUTO(buf) bytes = BUF(TILE_BYTES);

	TRY(store->ops->tile(store->self, t->level, t->index, &bytes));
	ENSURE(bytes.len >= t->n * SHA256, ERR_CORRUPT, "tile %u/%llu is too short", t->level,
		(unsigned long long)t->index);
	memcpy(t->nodes, bytes.data, t->n * SHA256);
	add_up(t);
	return OK;
}

/* Where a tile is kept, if it is: its neighbours are beside it. */
static struct tree **slot_of(struct tile_cache *c, const struct tree *t)
{
	size_t half = TILE_CACHE_SLOTS / 2, at = (size_t)(t->index + t->level * 61) % half;

	return &c->slots[t->level == 0 ? at : half + at];
}

static bool find(struct tile_cache *c, const struct tree *wanted, size_t node, struct sha256 *out)
{
	const struct tree *kept;
	bool found;

	pthread_mutex_lock(&c->mutex);
	kept = *slot_of(c, wanted);
	found = kept && kept->level == wanted->level && kept->index == wanted->index &&
	        kept->n == wanted->n;
	if (found)
		*out = kept->nodes[node];
	pthread_mutex_unlock(&c->mutex);
	return found;
}

/* Takes over `t`. */
static void keep(struct tile_cache *c, struct tree *t)
{
	struct tree **slot, *old;

	pthread_mutex_lock(&c->mutex);
	slot = slot_of(c, t);
	old = *slot;
	*slot = t;
	pthread_mutex_unlock(&c->mutex);
	free(old);
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	const struct tile_cache_view *v = arg;
	unsigned height = level % TILE_HEIGHT;
	uint64_t first = index << height; /* of the tile level's hashes under this node */
	struct tree wanted, *t;
	size_t node = place(height, index % (TILE_WIDTH >> height));
	enum err e;

	wanted.level = level / TILE_HEIGHT;
	wanted.index = first / TILE_WIDTH;
	wanted.n =
		wanted.level < TILE_LEVELS ? tile_width_at(v->size, wanted.level, wanted.index) : 0;
	ENSURE(wanted.n >= first % TILE_WIDTH + ((uint64_t)1 << height), ERR_NOT_FOUND,
		"a tree of %llu leaves has no such node", (unsigned long long)v->size);
	if (find(v->cache, &wanted, node, out))
		return OK;
	t = mem_resize(NULL, sizeof(*t));
	t->level = wanted.level;
	t->index = wanted.index;
	t->n = wanted.n;
	e = read_tree(v->store, t);
	if (e != OK) {
		free(t);
		return e;
	}
	*out = t->nodes[node];
	keep(v->cache, t);
	return OK;
}

struct nodes tile_cache_nodes(const struct tile_cache_view *view)
{
	return (struct nodes){.get = node_of, .arg = (void *)view};
}
