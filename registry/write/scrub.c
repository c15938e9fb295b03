#include "registry/write/scrub.h"

#include "audit/log.h"
#include "base/periodic.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define THINGS 32
#define PAUSE_MS 1000
#define BYTES (16 * MIB) /* of contents: large files end a step before THINGS does */

SQL(NEXT_CONTENT, "scrub.next_content",
	"SELECT sha256, bytes FROM content WHERE sha256 > ?1 ORDER BY sha256 LIMIT 1");

struct scrub {
	struct reg *reg;
	struct scrub_options options;
	struct reg_scrub at;
	bool contents;       /* this pass has read all entries */
	struct sha256 after; /* the last content that was read */
	bool any_after;
	size_t read; /* bytes of contents read in this step */
	struct periodic *steps;
};

/* --- an entry and the tiles above it --- */

static enum err read_tile(
	const struct store *store, unsigned level, uint64_t index, unsigned n, struct sha256 *out)
{
	AUTO(buf) bytes = BUF(TILE_BYTES);

	TRY(store->ops->tile(store->self, level, index, &bytes));
	ENSURE(bytes.len >= n * SHA256, ERR_CORRUPT, "tile %u/%" PRIu64 " is cut off", level,
		index);
	memcpy(out, bytes.data, n * SHA256);
	return OK;
}

/* A full tile's root is a hash of the next level; if that fills a tile, checks that, too. */
static enum err check_above(const struct store *store, uint64_t index)
{
	struct sha256 tile[TILE_WIDTH], above[TILE_WIDTH], root;

	for (unsigned level = 0; level + 1 < TILE_LEVELS; level++) {
		unsigned at = index % TILE_WIDTH;

		TRY(read_tile(store, level, index, TILE_WIDTH, tile));
		TRY(read_tile(store, level + 1, index / TILE_WIDTH, at + 1, above));
		root = merkle_root(tile, TILE_WIDTH);
		ENSURE(sha256_equal(&root, &above[at]), ERR_CORRUPT,
			"tile %u/%" PRIu64 " does not give the hash above it", level, index);
		if (at + 1 < TILE_WIDTH)
			break;
		index /= TILE_WIDTH;
	}
	return OK;
}

static enum err check_entry(const struct store *store, uint64_t index)
{
	unsigned at = index % TILE_WIDTH;
	struct sha256 tile[TILE_WIDTH], leaf;
	AUTO(buf) entry = BUF(ENTRY_MAX);

	TRY(store->ops->entry(store->self, index, &entry));
	leaf = merkle_leaf(buf_text(&entry), entry.len);
	TRY(read_tile(store, 0, index / TILE_WIDTH, at + 1, tile));
	ENSURE(sha256_equal(&leaf, &tile[at]), ERR_CORRUPT, "it is not what its leaf hash is over");
	return at + 1 < TILE_WIDTH ? OK : check_above(store, index / TILE_WIDTH);
}

/* --- after the last entry: contents --- */

static enum err check_root(const struct store *store, const struct buf *note)
{
	struct nodes nodes = log_nodes(store);
	struct checkpoint cp;
	struct note parsed;
	struct sha256 root;

	TRY(note_parse(buf_text(note), note->len, &parsed));
	TRY(checkpoint_parse(parsed.text, parsed.text_len, &cp));
	TRY(merkle_root_of(&nodes, cp.size, &root));
	ENSURE(sha256_equal(&root, &cp.root), ERR_CORRUPT, "the tiles do not give it");
	return OK;
}

/* ERR_NOT_FOUND after the last. */
static enum err check_content(struct scrub *s, const struct snapshot *snap)
{
	AUTO(rows) row = {0};
	const void *name, *bytes;
	struct sha256 is;
	size_t len;

	TRY(db_one(snap->model, NEXT_CONTENT, BIND(blob(s->after.bytes, s->any_after ? SHA256 : 0)),
		&row));
	name = rows_blob(&row, 0, &len);
	ENSURE(len == SHA256, ERR_SYSTEM,
		"a content's name is no SHA-256"); /* and the pass cannot continue after it */
	memcpy(s->after.bytes, name, SHA256);
	s->any_after = true;
	bytes = rows_blob(&row, 1, &len);
	s->read += len;
	is = sha256_of(bytes, len);
	ENSURE(sha256_equal(&is, &s->after), ERR_CORRUPT, "its bytes have another SHA-256");
	return OK;
}

/* --- the steps --- */

static void found(struct scrub *s, const char *what, const char *name)
{
	AUTOFREE char *why = mem_printf("%s %s: %s", what, name, err_why());

	s->at.faults++;
	if (s->options.fault)
		s->options.fault(s->options.arg, why);
}

static void step_entry(struct scrub *s, const struct store *store)
{
	char name[32];

	snprintf(name, sizeof(name), "%" PRIu64, s->at.entries);
	if (check_entry(store, s->at.entries) != OK)
		found(s, "entry", name);
	s->at.entries++;
}

static void end_pass(struct scrub *s)
{
	s->at.passes++;
	s->at.entries = s->at.contents = 0;
	s->contents = s->any_after = false;
}

static void step_content(struct scrub *s, const struct snapshot *snap)
{
	enum err e = check_content(s, snap);
	char hex[SHA256_HEX];

	sha256_hex(&s->after, hex);
	if (e != OK && e != ERR_NOT_FOUND)
		found(s, "content", hex);
	s->at.contents++;
	if (e == ERR_NOT_FOUND || e == ERR_SYSTEM)
		end_pass(s);
}

/* Uses one snapshot only for this step, so that other readers do not wait longer. */
static void step(struct scrub *s, const struct snapshot *snap)
{
	const struct store *store = &snap->log;
	AUTO(buf) note = BUF(NOTE_MAX);
	uint64_t size;

	if (log_checkpoint(store, &note, &size) != OK) {
		found(s, "the", "checkpoint");
		return;
	}
	s->read = 0;
	for (unsigned i = 0; i < s->options.things && s->read < BYTES; i++) {
		if (s->contents) {
			step_content(s, snap);
		} else if (s->at.entries < size) {
			step_entry(s, store);
		} else {
			if (check_root(store, &note) != OK)
				found(s, "the", "signed root");
			s->contents = true;
		}
	}
}

static unsigned act(void *arg)
{
	struct scrub *s = arg;
	const struct snapshot *snap;

	if (reg_read(s->reg, &snap) == OK) { /* if not, it will be signed soon */
		step(s, snap);
		reg_read_done(s->reg, snap);
		reg_set_scrub(s->reg, &s->at);
	}
	return s->options.pause_ms;
}

enum err scrub_start(struct reg *reg, const struct scrub_options *options, struct scrub **out)
{
	struct scrub *s = mem_new(sizeof(*s));
	enum err e;

	s->reg = reg;
	s->options = *options;
	s->options.things = options->things ? options->things : THINGS;
	s->options.pause_ms = options->pause_ms ? options->pause_ms : PAUSE_MS;
	e = periodic_start(act, s, s->options.pause_ms, &s->steps);
	if (e == OK)
		*out = s;
	else
		free(s);
	return e;
}

void scrub_stop(struct scrub *s)
{
	if (!s)
		return;
	periodic_stop(s->steps);
	free(s);
}
