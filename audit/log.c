#include "audit/log.h"

#include "audit/checkpoint.h"

#include <stdlib.h>
#include <string.h>

static enum err load_edge(struct log *log, unsigned level)
{
	struct edge *edge = &log->edges[level];
	uint64_t index = level == TILE_LEVELS - 1 ? 0 : log->size >> (TILE_HEIGHT * (level + 1));
	AUTO(buf) bytes = BUF(TILE_BYTES);

	edge->n = tile_width_at(log->size, level, index);
	if (edge->n == 0 || edge->n == TILE_WIDTH) {
		edge->n = 0;
		return OK;
	}
	TRY(log->store.ops->tile(log->store.self, level, index, &bytes));
	ENSURE(bytes.len >= edge->n * SHA256, ERR_CORRUPT, "tile %u/%llu is too short", level,
		(unsigned long long)index);
	memcpy(edge->hash, bytes.data, edge->n * SHA256);
	return OK;
}

enum err log_open(struct store store, struct log *out)
{
	struct log *log = mem_new(sizeof(*log));
	enum err e;

	log->store = store;
	e = store.ops->size(store.self, &log->size);
	for (unsigned level = 0; e == OK && level < TILE_LEVELS; level++)
		e = load_edge(log, level);
	if (e == OK)
		*out = *log;
	free(log);
	return e;
}

void log_done(struct log *log)
{
	free(log->waiting);
	*log = (struct log){0};
}

uint64_t log_next(const struct log *log)
{
	return log->size + log->waiting_n;
}

struct reading {
	const struct log *log;
	uint64_t next;
};

/* The bytes in the store are the ones that will be hashed. A bit that flipped on the way is found
 * here, before anything is signed (such a bit ended the log Yeti 2022). */
static enum err read_one(void *arg, uint64_t index, const void *entry, size_t len)
{
	struct reading *reading = arg;
	struct sha256 hash = merkle_leaf(entry, len);

	ENSURE(index == reading->next &&
			sha256_equal(&hash, &reading->log->waiting[index - reading->log->size]),
		ERR_CORRUPT,
		"entry %llu, read back from the database, differs from what was written: check the disk",
		(unsigned long long)reading->next);
	reading->next++;
	return OK;
}

/* Reads all appended entries in one walk: a query for each would cost as much as writing it. */
static enum err read_back(const struct log *log)
{
	struct reading reading = {log, log->size};

	TRY(log->store.ops->entries(log->store.self, log->size, log_next(log), read_one, &reading));
	ENSURE(reading.next == log_next(log), ERR_CORRUPT, "entry %llu does not read back",
		(unsigned long long)reading.next);
	return OK;
}

enum err log_append(struct log *log, const void *entry, size_t len)
{
	struct sha256 leaf = merkle_leaf(entry, len);
	uint64_t index = log_next(log);

	ENSURE(len <= ENTRY_MAX, ERR_TOO_LARGE, "an entry of %zu bytes; the limit is %d", len,
		ENTRY_MAX);
	TRY(log->store.ops->append(log->store.self, index, entry, len));
	if (log->waiting_n == log->waiting_room) {
		log->waiting_room = log->waiting_room ? log->waiting_room * 2 : 256;
		log->waiting = mem_resize(log->waiting, log->waiting_room * sizeof(*log->waiting));
	}
	log->waiting[log->waiting_n++] = leaf;
	return OK;
}

void log_forget(struct log *log, uint64_t next)
{
	if (next >= log->size && next < log_next(log))
		log->waiting_n = (size_t)(next - log->size);
}

static enum err put_edge(struct log *log, unsigned level, uint64_t covered)
{
	const struct edge *edge = &log->edges[level];

	/* The tree has `covered` hashes of this level; the edge holds the last of them. */
	return log->store.ops->put_tile(
		log->store.self, level, (covered - 1) / TILE_WIDTH, edge->hash, edge->n * SHA256);
}

/* Adds a hash to the right edge; a full tile is stored, and its root moves up. */
static enum err add_hash(struct log *log, unsigned level, uint64_t index, struct sha256 hash)
{
	for (; level < TILE_LEVELS; level++, index /= TILE_WIDTH) {
		struct edge *edge = &log->edges[level];

		edge->hash[edge->n++] = hash;
		if (edge->n < TILE_WIDTH)
			return OK;
		TRY(put_edge(log, level, index + 1));
		hash = merkle_root(edge->hash, TILE_WIDTH);
		edge->n = 0;
	}
	return OK;
}

enum err log_settle(struct log *log)
{
	uint64_t before = log->size;

	TRY(read_back(log));
	for (size_t i = 0; i < log->waiting_n; i++)
		TRY(add_hash(log, 0, log->size++, log->waiting[i]));
	log->waiting_n = 0;
	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		uint64_t covered = log->size >> (TILE_HEIGHT * level);

		if (covered != before >> (TILE_HEIGHT * level) && log->edges[level].n)
			TRY(put_edge(log, level, covered));
	}
	return OK;
}

/* Splits each level's edge by the bits of its width, from left to right. */
struct frontier edges_frontier(const struct edge edges[TILE_LEVELS])
{
	struct frontier f = {0};

	for (unsigned level = 0; level < TILE_LEVELS; level++) {
		unsigned at = 0;

		for (unsigned h = TILE_HEIGHT; h-- > 0;) {
			if (!(edges[level].n >> h & 1))
				continue;
			f.roots[level * TILE_HEIGHT + h] =
				merkle_root(edges[level].hash + at, (uint64_t)1 << h);
			at += 1U << h;
		}
		f.size |= (uint64_t)edges[level].n << (level * TILE_HEIGHT);
	}
	return f;
}

struct sha256 log_root(const struct log *log)
{
	struct frontier f = edges_frontier(log->edges);

	return frontier_root(&f);
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	const struct store *store = arg;
	unsigned tile_level = level / TILE_HEIGHT, above = level % TILE_HEIGHT;
	uint64_t first = index << above; /* the first of the tile level's hashes under this node */
	size_t at = first % TILE_WIDTH, span = (size_t)1 << above;
	AUTO(buf) bytes = BUF(TILE_BYTES);
	struct sha256 hashes[TILE_WIDTH];

	TRY(store->ops->tile(store->self, tile_level, first / TILE_WIDTH, &bytes));
	ENSURE(bytes.len >= (at + span) * SHA256, ERR_CORRUPT, "tile %u/%llu is too short",
		tile_level, (unsigned long long)(first / TILE_WIDTH));
	memcpy(hashes, bytes.data + at * SHA256, span * SHA256);
	*out = merkle_root(hashes, span);
	return OK;
}

struct nodes log_nodes(const struct store *store)
{
	return (struct nodes){.get = node_of, .arg = (void *)store};
}

enum err log_checkpoint(const struct store *store, struct buf *note, uint64_t *size)
{
	struct line rest, origin, number;
	enum err e;

	TRY(store->ops->checkpoint(store->self, note));
	/* The program made this note, and every proof needs it, so only the size is read. */
	rest = (struct line){buf_text(note), note->len};
	TRY(line_next(&rest, &origin));
	TRY(line_next(&rest, &number));
	TRY(line_number(number, size));
	e = store->ops->cosignatures(store->self, *size, note);
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err add_to_bundle(void *arg, uint64_t index, const void *entry, size_t len)
{
	return bundle_add(arg, entry, len);
}

enum err log_tile(
	const struct store *store, const struct tile *tile, uint64_t size, struct buf *out)
{
	unsigned level = tile->entries ? 0 : tile->level;
	unsigned width = level < TILE_LEVELS ? tile_width_at(size, level, tile->index) : 0;
	uint64_t first = tile->index * TILE_WIDTH;
	AUTO(buf) bytes = BUF(TILE_BYTES);

	ENSURE(width >= tile->width, ERR_NOT_FOUND, "a tile beyond the log's %llu entries",
		(unsigned long long)size);
	if (tile->entries)
		return store->ops->entries(
			store->self, first, first + tile->width, add_to_bundle, out);
	TRY(store->ops->tile(store->self, level, tile->index, &bytes));
	ENSURE(bytes.len >= tile->width * SHA256, ERR_CORRUPT, "a stored tile is too short");
	buf_add(out, bytes.data, tile->width * SHA256);
	return buf_check(out, "a tile");
}
