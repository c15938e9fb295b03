/* Copies entries into the mirror, one transaction per batch. */
#include "registry/verify/mirror_parts.h"

#include "audit/store_sqlite.h"
#include "registry/event/log_key.h"
#include "registry/write/model.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define BATCH_TILES 2 /* bundles of entries in one transaction */
#define BUNDLE_MAX (TILE_WIDTH * (2 + (size_t)ENTRY_MAX))

SQL(ERASED, "mirror.erased",
	"SELECT 1 FROM content_state WHERE sha256 = ?1 AND erased_entry IS NOT NULL");
SQL(LIST_MISSING, "mirror.list_missing",
	"INSERT INTO missing (sha256, entry, gone)"
	" SELECT sha256, 0, 0 FROM content_state WHERE erased_entry IS NULL"
	" AND sha256 NOT IN (SELECT lower(hex(sha256)) FROM content) ON CONFLICT DO "
	"NOTHING",
	"asked once, when a mirror starts");

/* --- contents --- */

static bool is_stopping(const struct mirror_options *o)
{
	return o->stopping && o->stopping(o->arg);
}

static void moved(const struct mirror_options *o)
{
	if (o->moved)
		o->moved(o->arg);
}

/* The server answers but is too busy for this content, so the others need not wait. */
static bool answers(const struct keeper *k)
{
	AUTO(buf) note = BUF(NOTE_MAX);

	return !is_stopping(k->options) && k->remote->ops->checkpoint(k->remote->self, &note) == OK;
}

static enum err fetch_content(struct keeper *k, const struct sha256 *hash, struct buf *out)
{
	enum err e = k->remote->ops->content(k->remote->self, hash, out);
	AUTOFREE char *why = mem_text(err_why());
	struct sha256 is;

	if (e == ERR_BUSY && answers(k)) {
		k->busy = true;
		e = ERR_NOT_FOUND;
	}
	if (e == ERR_SYSTEM || e == ERR_BUSY || e == ERR_DENIED || e == ERR_NOT_FOUND)
		return fail(e, "%s", why);
	is = sha256_of(buf_text(out), out->len);
	if (e == OK && sha256_equal(&is, hash)) {
		moved(k->options);
		return k->store.ops->put_content(k->store.self, hash, out->data, out->len);
	}
	/* Wrong bytes count as missing. */
	buf_clear(out);
	return fail(ERR_GONE, "it is not given");
}

static enum err keep_content(void *self, const struct sha256 *hash, struct buf *out)
{
	struct keeper *k = self;
	char hex[SHA256_HEX];
	int64_t one;
	enum err e = k->store.ops->content(k->store.self, hash, out);

	if (e != ERR_NOT_FOUND)
		return e;
	sha256_hex(hash, hex);
	e = db_int(k->db, ERASED, BIND(text(hex)), &one);
	ENSURE(e != OK, ERR_GONE, "it was erased"); /* an erased content never returns */
	return e == ERR_NOT_FOUND ? fetch_content(k, hash, out) : e;
}

static enum err fold_content(void *self, const struct sha256 *hash, struct buf *out)
{
	enum err e = keep_content(self, hash, out);

	return e == ERR_GONE || e == ERR_DENIED ? ERR_NOT_FOUND : e;
}

static enum err erase_content(void *self, const struct sha256 *hash)
{
	struct keeper *k = self;

	return k->store.ops->erase_content(k->store.self, hash);
}

static const struct source_ops keeper_source = {.content = keep_content};
static const struct store_ops keeper_store = {
	.content = fold_content, .erase_content = erase_content};

/* --- entries --- */

struct take {
	struct mirror *m;
	struct reg *reg;
	struct tile_reader *tiles;
	const struct buf *note;
	struct keeper keeper;
	struct source kept;
	struct replay replay;
	struct buf bundle;
};

static void take_done(struct take *t)
{
	replay_done(&t->replay);
	buf_done(&t->bundle);
}

static enum err take_entry(struct take *t, const struct bytes *entry, const struct sha256 *signed_)
{
	uint64_t index = log_next(&t->reg->log);
	struct sha256 leaf = merkle_leaf(entry->data, entry->len);

	ENSURE(!is_stopping(&t->m->options), ERR_BUSY, "stopped on the way");
	ENSURE(sha256_equal(&leaf, signed_), ERR_FALSE,
		"entry %" PRIu64 " is not the one that was signed", index);
	TRY(replay_entry(&t->replay, index, entry->data, entry->len));
	moved(&t->m->options);
	return log_append(&t->reg->log, entry->data, entry->len);
}

static enum err read_bundle(struct take *t, const struct tile *tile)
{
	const struct source *source = t->tiles->source;
	AUTO(buf) name = BUF(KIB);

	buf_clear(&t->bundle);
	tile_path(tile, &name);
	return verify_found(
		source->ops->tile(source->self, tile, &t->bundle), "tile %s", buf_text(&name));
}

/* The rest of the bundle that contains the next entry. */
static enum err take_bundle(struct take *t)
{
	uint64_t next = log_next(&t->reg->log), index = next / TILE_WIDTH;
	const struct tile tile = {.entries = true,
		.index = index,
		.width = tile_width_at(t->tiles->cp.size, 0, index)};
	const struct sha256 *leaves;
	struct bytes rest, entry;

	TRY(tile_reader_get(t->tiles, 0, index, &leaves));
	TRY(read_bundle(t, &tile));
	rest = (struct bytes){(const uint8_t *)buf_text(&t->bundle), t->bundle.len};
	for (unsigned i = 0; i < tile.width; i++) {
		ENSURE(bundle_next(&rest, &entry) == OK, ERR_FALSE,
			"the bundle of entries from %" PRIu64 " on: %s", index * TILE_WIDTH,
			err_why());
		if (index * TILE_WIDTH + i >= next)
			TRY(take_entry(t, &entry, &leaves[i]));
	}
	ENSURE(rest.len == 0, ERR_FALSE,
		"the bundle of entries from %" PRIu64 " on is longer than its %u entries",
		index * TILE_WIDTH, tile.width);
	return OK;
}

/* The signatures must be by the keys that sign according to these entries, to which the known key
 * led: a key's statement outside of the log is not enough. */
static enum err check_keys(struct take *t)
{
	AUTOFREE struct note *note = mem_new(sizeof(*note));
	struct nodes nodes = log_nodes(&t->reg->log.store);
	struct vkey newest;

	TRY(note_parse(buf_text(t->note), t->note->len, note));
	TRY(log_keys_check_trees(t->reg->db, &nodes));
	return log_keys_follow(t->reg->db, &t->m->key, note, &newest);
}

/* --- the checkpoint --- */

/* The note with only the signatures of the log's keys and the policy's witnesses. All others are
 * unknown, and the original could add any number of them. */
static enum err split_note(struct take *t, struct buf *note, struct buf *lines)
{
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	struct log_keys keys;

	TRY(note_parse(buf_text(t->note), t->note->len, parsed));
	TRY(log_keys_active(t->reg->db, &keys));
	if (!keys.n)
		keys = (struct log_keys){1, {t->m->key}};
	buf_add(note, parsed->text, parsed->text_len);
	buf_putc(note, '\n');
	for (size_t i = 0; i < keys.n; i++)
		note_keep(parsed, &keys.key[i], note);
	if (t->m->options.policy)
		tlog_policy_lines(t->m->options.policy, parsed, lines);
	return OK;
}

/* Also keeps the newest checkpoint with a quorum, if it is an older one. */
static enum err put_cosigned(struct take *t, const struct buf *note, const struct buf *lines)
{
	const struct store *store = &t->reg->log.store;
	const struct quorum *q = &t->m->quorum;
	uint64_t size = t->tiles->cp.size;

	if (!t->m->options.policy)
		return OK;
	if (q->checkpoint.size < size)
		TRY(store->ops->put_cosigned(store->self, q->checkpoint.size, buf_text(&q->note),
			buf_text(&q->lines), true));
	return store->ops->put_cosigned(
		store->self, size, buf_text(note), buf_text(lines), q->checkpoint.size == size);
}

static enum err put_checkpoint(struct take *t)
{
	const struct store *store = &t->reg->log.store;
	AUTO(buf) note = BUF(NOTE_MAX), lines = BUF(NOTE_MAX);

	TRY(split_note(t, &note, &lines));
	TRY(put_cosigned(t, &note, &lines));
	return store->ops->put_checkpoint(store->self, t->tiles->cp.size, buf_text(&note));
}

/* The same checkpoints are here: the newest with its cosignatures, and the newest with a quorum. */
static bool has_checkpoint(struct take *t)
{
	const struct store *store = &t->reg->log.store;
	const struct quorum *q = &t->m->quorum;
	AUTO(buf) note = BUF(NOTE_MAX), lines = BUF(NOTE_MAX), here = BUF(2 * NOTE_MAX);
	uint64_t size;

	if (split_note(t, &note, &lines) != OK)
		return false;
	if (!t->m->options.policy)
		return store->ops->checkpoint(store->self, &here) == OK &&
		       strcmp(buf_text(&here), buf_text(&note)) == 0;
	buf_add(&note, lines.data, lines.len);
	if (log_checkpoint(store, &here, &size) != OK ||
		strcmp(buf_text(&here), buf_text(&note)) != 0)
		return false;
	buf_clear(&here);
	buf_clear(&note);
	buf_puts(&note, buf_text(&q->note));
	buf_puts(&note, buf_text(&q->lines));
	return store->ops->cosigned(store->self, &here) == OK &&
	       strcmp(buf_text(&here), buf_text(&note)) == 0;
}

/* Ends the last batch: contents that its entries made public, and the checkpoint. */
static enum err complete(struct take *t)
{
	struct sha256 root = log_root(&t->reg->log);

	ENSURE(sha256_equal(&root, &t->tiles->cp.root), ERR_CORRUPT,
		"what was taken over does not give the signed root");
	TRY(check_keys(t));
	TRY(replay_ask_again(&t->replay));
	return put_checkpoint(t);
}

static enum err fill(struct take *t)
{
	uint64_t size = t->tiles->cp.size;

	for (unsigned i = 0; i < BATCH_TILES && log_next(&t->reg->log) < size; i++)
		TRY(take_bundle(t));
	TRY(log_settle(&t->reg->log));
	TRY(model_mark(t->reg->db, &t->reg->log));
	return t->reg->log.size == size ? complete(t) : OK;
}

/* --- the state that readers see --- */

static void announce(struct reg *reg)
{
	const struct changes changes = {.touches = TOUCHES_ALL};

	writer_tell(reg, &changes);
}

static enum err show(struct take *t)
{
	struct reg *reg = t->reg;

	if (t->replay.standards || !reg_standard(reg))
		TRY(writer_load_standard(reg));
	t->replay.standards = 0;
	TRY(writer_load_keys(reg));
	if (reg->snapshots)
		writer_show(reg);
	else
		TRY(reg_open_snapshots(reg));
	announce(reg);
	return OK;
}

/* Readers stay at the old state until the last batch. A crash before the commit leaves nothing of
 * the batch, one after it all of it. */
static enum err commit(struct take *t)
{
	const struct store *store = &t->reg->log.store;
	bool whole = t->reg->log.size == t->tiles->cp.size;
	enum err e;

	if (t->reg->snapshots)
		snapshots_gate_close(t->reg->snapshots);
	e = store->ops->commit(store->self);
	if (e == OK && whole)
		return show(t);
	if (t->reg->snapshots)
		snapshots_gate_open(t->reg->snapshots, false);
	return e;
}

/* Memory must agree with the disk, even if a failed COMMIT is on it, in one file or in both: then
 * the next sync shows it. */
static void reload(struct reg *reg)
{
	const struct store same = reg->log.store;

	same.ops->rollback(same.self);
	log_done(&reg->log);
	if (log_open(same, &reg->log) != OK)
		abort(); /* the database is unreadable: only a restart can tell its state */
}

static enum err take_batch(struct take *t)
{
	const struct store *store = &t->reg->log.store;
	uint64_t before = t->reg->log.size;
	enum err e;

	TRY(model_catch_up(&t->reg->state, &t->reg->log));
	TRY(store->ops->begin(store->self));
	e = fill(t);
	if (e == OK)
		e = commit(t);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		reload(t->reg);
		return e;
	}
	t->m->result->taken += t->reg->log.size - before;
	return OK;
}

static enum err take_all(struct take *t)
{
	const struct mirror_options *o = &t->m->options;
	uint64_t size = t->tiles->cp.size;

	do {
		ENSURE(!is_stopping(o), ERR_BUSY, "stopped on the way");
		TRY(take_batch(t));
		if (o->progress)
			o->progress(o->arg, t->reg->log.size, size);
	} while (t->reg->log.size < size);
	return OK;
}

static enum err start(struct take *t)
{
	struct mirror *m = t->m;
	struct store store = {&keeper_store, &t->keeper};

	TRY(replay_resume(&t->kept, m->key.name, t->reg->db, &store, &t->replay));
	if (!m->knows_missing)
		TRY(db_run(t->reg->db, LIST_MISSING, BIND_NONE));
	m->knows_missing = true;
	return OK;
}

enum err mirror_follow_key(struct mirror *m)
{
	const struct vkey *newest = reg_vkey(m->reg);

	if (vkey_same(newest, &m->key))
		return OK;
	TRY(reg_write_vkey(m->reg));
	m->key = *newest;
	return OK;
}

/* Nothing to do: no new entry, the note is here and shown, no content is missing. */
static bool idle(struct take *t)
{
	char first[SHA256_HEX];
	uint64_t lacking;

	return t->reg->log.size == t->tiles->cp.size && t->reg->snapshots &&
	       t->reg->health.size == t->reg->log.size && has_checkpoint(t) &&
	       replay_lacks(&t->replay, &lacking, first) == OK && lacking == 0;
}

enum err mirror_take(struct mirror *m, struct tile_reader *tiles, const struct buf *note)
{
	struct take t = {.m = m,
		.reg = m->reg,
		.tiles = tiles,
		.note = note,
		.keeper = {m->reg->db, store_sqlite(m->reg->db), tiles->source, &m->options},
		.bundle = BUF(BUNDLE_MAX)};
	char first[SHA256_HEX];
	enum err e;

	t.kept = (struct source){.ops = &keeper_source, .self = &t.keeper};
	e = start(&t);
	if (e == OK && !idle(&t))
		e = take_all(&t);
	if (e == OK)
		e = replay_lacks(&t.replay, &m->result->missing, first);
	if (e == OK && m->result->missing)
		e = fail(ERR_GONE, "content %s is public by the log, but is not given", first);
	else if (e == ERR_FALSE && t.replay.withheld)
		e = fail(ERR_GONE, "%s", err_why());
	if (e == ERR_GONE && t.keeper.busy)
		e = fail(ERR_BUSY, "%s", err_why());
	take_done(&t);
	return e;
}
