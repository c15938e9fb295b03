#include "registry/verify/tile_reader.h"
#include "registry/verify/verify_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Records the first place where tiles and entries differ. Only the end shows which of the two leads
 * to the signed root. */
static void PRINTF(4, 5) differ(struct tree *t, uint64_t entry, bool by_hash, const char *fmt, ...)
{
	va_list ap;

	if (t->differs)
		return;
	t->differs = true;
	t->entry = entry;
	t->by_hash = by_hash;
	va_start(ap, fmt);
	vsnprintf(t->why, sizeof(t->why), err_text(fmt), ap);
	va_end(ap);
}

/* `root`: for a full tile, that of its entries, which is the tile's own if the bytes are equal. */
static void keep_stored(struct tree *t, const struct tile *tile, const struct sha256 *should,
	const struct sha256 *root, const struct buf *bytes)
{
	/* The beginning of a tile that was started before is already counted. */
	unsigned first = (unsigned)(t->stored.size % TILE_WIDTH);
	struct sha256 hash;

	if (root && tile->level == 0 && first == 0 &&
		memcmp(bytes->data, should, bytes->len) == 0) {
		frontier_add_node(&t->stored, TILE_HEIGHT, root);
		return;
	}
	for (unsigned i = first; tile->level == 0 && i < tile->width; i++) {
		memcpy(hash.bytes, bytes->data + i * SHA256, SHA256);
		frontier_add(&t->stored, &hash);
	}
}

static void compare(struct tree *t, const struct tile *tile, const struct sha256 *should,
	const struct buf *is, const char *name)
{
	uint64_t span = (uint64_t)1 << (TILE_HEIGHT * tile->level), first;

	for (unsigned i = 0; i < tile->width; i++) {
		if (memcmp(is->data + i * SHA256, should[i].bytes, SHA256) == 0)
			continue;
		first = (tile->index * TILE_WIDTH + i) * span;
		differ(t, first, true,
			"tile %s: hash %u is not the one that the entries from %" PRIu64 " on give",
			name, i, first);
		return;
	}
}

static enum err check_tile(struct tree *t, unsigned level, uint64_t index, const struct edge *edge,
	const struct sha256 *root)
{
	const struct tile tile = {.level = level, .index = index, .width = edge->n};
	uint64_t first = index * TILE_WIDTH << (TILE_HEIGHT * level);
	AUTO(buf) bytes = BUF(TILE_BYTES), name = BUF(KIB);
	enum err e = t->source->ops->tile(t->source->self, &tile, &bytes);

	tile_path(&tile, &name);
	if (e == ERR_FALSE || e == ERR_TOO_LARGE || e == ERR_CORRUPT) {
		differ(t, first, false, "tile %s: %s", buf_text(&name), err_why());
		return OK;
	}
	TRY(e);
	if (bytes.len != edge->n * SHA256) {
		differ(t, first, false, "tile %s has %zu bytes; %u hashes have %u", buf_text(&name),
			bytes.len, edge->n, edge->n * SHA256);
		return OK;
	}
	keep_stored(t, &tile, edge->hash, root, &bytes);
	compare(t, &tile, edge->hash, &bytes, buf_text(&name));
	return OK;
}

/* The root of a full tile is a hash of the level above, which may become full too. `root` is that
 * of the tile of level 0. */
static enum err add_up(struct tree *t, uint64_t index, struct sha256 root)
{
	for (unsigned level = 0; level < TILE_LEVELS; level++, index /= TILE_WIDTH) {
		struct edge *edge = &t->edges[level], *above = edge + 1;

		if (edge->n < TILE_WIDTH)
			return OK;
		if (level > 0)
			root = merkle_root(edge->hash, TILE_WIDTH);
		TRY(check_tile(t, level, index, edge, &root));
		if (level + 1 < TILE_LEVELS)
			above->hash[above->n++] = root;
		edge->n = 0;
	}
	return OK;
}

static void reach(struct tree *t)
{
	if (t->entries.size == t->old_size)
		t->old_root = frontier_root(&t->entries);
}

enum err tree_resume(struct tree *t, const struct sha256 *old_root)
{
	TRY(edges_read(t->source, t->old_size, t->signed_->size, t->edges));
	t->entries = t->stored = edges_frontier(t->edges);
	t->old_root = frontier_root(&t->entries);
	ENSURE(sha256_equal(&t->old_root, old_root), ERR_FALSE,
		"fork: the tiles do not give the root that the first %" PRIu64 " entries had when "
		"they were last verified. Keep the state file: where these tiles give the root that "
		"is signed now, it proves that the key signed two histories",
		t->old_size);
	return OK;
}

/* Entries that a bundle repeats must be the same as before. */
static enum err check_repeated(const struct tree *t, const struct sha256 *leaves, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		ENSURE(sha256_equal(&leaves[i], &t->edges[0].hash[i]), ERR_FALSE,
			"entry %" PRIu64 " is not the one that was there when it was last verified",
			t->entries.size - n + i);
	return OK;
}

/* Adds leaf by leaf, because the root at `old_size` may be among them. */
static void add_each(struct tree *t, const struct sha256 *leaves, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		reach(t);
		frontier_add(&t->entries, &leaves[i]);
	}
	reach(t);
}

enum err tree_add(struct tree *t, const struct sha256 *leaves, unsigned n)
{
	uint64_t first = t->entries.size, index = first / TILE_WIDTH;
	unsigned repeated = (unsigned)(first % TILE_WIDTH);
	bool whole = n == TILE_WIDTH && repeated == 0, within;
	struct sha256 root;

	TRY(check_repeated(t, leaves, repeated));
	memcpy(t->edges[0].hash, leaves, n * sizeof(*leaves));
	t->edges[0].n = n;
	within = t->old_size > first && t->old_size < first + TILE_WIDTH;
	if (n == TILE_WIDTH)
		root = merkle_root(leaves, TILE_WIDTH);
	if (whole && !within) {
		/* Computes the tile's root once, not once for each tree that contains it. */
		reach(t);
		frontier_add_node(&t->entries, TILE_HEIGHT, &root);
		reach(t);
	} else {
		add_each(t, leaves + repeated, n - repeated);
	}
	if (n < TILE_WIDTH)
		return check_tile(t, 0, index, &t->edges[0], NULL);
	return add_up(t, index, root);
}

enum err tree_end(struct tree *t)
{
	struct sha256 root = frontier_root(&t->entries), stored;

	for (unsigned level = 1; level < TILE_LEVELS; level++) {
		uint64_t index = level == TILE_LEVELS - 1
		                         ? 0
		                         : t->entries.size >> (TILE_HEIGHT * (level + 1));

		if (t->edges[level].n)
			TRY(check_tile(t, level, index, &t->edges[level], NULL));
	}
	if (sha256_equal(&root, &t->signed_->root)) {
		ENSURE(!t->differs, ERR_FALSE, "%s, and the entries are the signed ones", t->why);
		return OK;
	}
	ENSURE(t->differs, ERR_FALSE,
		"the %" PRIu64
		" entries and all tiles agree, but do not give the root that was signed",
		t->entries.size);
	stored = frontier_root(&t->stored);
	ENSURE(!t->by_hash || !sha256_equal(&stored, &t->signed_->root), ERR_FALSE,
		"entry %" PRIu64 " is not the one that was signed: its hash is not the one in the "
		"tiles, and those give the signed root",
		t->entry);
	return fail(ERR_FALSE,
		"the entries do not give the root that was signed, nor do the tiles: %s", t->why);
}
