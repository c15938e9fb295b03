#include "registry/verify/mirror_parts.h"

#include "audit/store_sqlite.h"
#include "base/fetch.h"
#include "base/file.h"
#include "registry/event/log_key.h"
#include "registry/write/private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#define KEYS_MAX (4 * MIB) /* the original's data on its keys: hundreds of changes */
#define ROUNDS 3           /* of one sync, if the original changes meanwhile */

static const char *const names[] = {
	[FINDING_GOOD] = "good",
	[FINDING_FORK] = "fork",
	[FINDING_ROLLBACK] = "rollback",
	[FINDING_MISSING] = "missing_content",
	[FINDING_UNCOSIGNED] = "uncosigned",
	[FINDING_FALSE] = "false",
	[FINDING_AWAY] = "away",
};

const char *finding_name(enum finding finding)
{
	return names[finding];
}

struct reg *mirror_reg(struct mirror *m)
{
	return m->reg && m->reg->snapshots ? m->reg : NULL;
}

const struct vkey *mirror_vkey(const struct mirror *m)
{
	return &m->key;
}

bool mirror_key_on_trust(const struct mirror *m)
{
	return m->key_on_trust;
}

/* --- the folder --- */

static enum err write_file(const struct mirror *m)
{
	AUTOFREE char *path = file_in(m->dir, REG_MIRROR);
	json_auto_t *value = json_make("{s:s,s:I}", "url", m->url, "seen", (json_int_t)m->seen);
	AUTO(buf) text = BUF(16 * KIB);

	json_pretty(value, &text);
	TRY(buf_check(&text, path));
	return file_write(path, text.data, text.len, 0644);
}

/* Refuses a folder that has a register in it. */
static enum err open_folder(struct mirror *m)
{
	AUTOFREE char *path = file_in(m->dir, REG_MIRROR), *db = file_in(m->dir, REG_DATABASE);
	AUTO(buf) text = BUF(16 * KIB);
	json_auto_t *value = NULL;

	TRY(file_make_dir(m->dir, 0700));
	if (!file_exists(path)) {
		ENSURE(!file_exists(db), ERR_CONFLICT,
			"%s holds a register that is no mirror: name another folder", m->dir);
		return write_file(m);
	}
	TRY(file_read(path, &text));
	ENSURE(json_read(buf_text(&text), text.len, text.max, RULES_LOOSE, &value) == OK,
		ERR_CORRUPT, "%s is damaged: %s", path, err_why());
	m->seen = json_num(value, "seen");
	return OK;
}

static enum err ask_key(struct mirror *m, struct buf *text)
{
	struct source remote = {0};
	enum err e;

	TRY(source_url(m->url, m->options.stopping, m->options.arg, &remote));
	e = remote.ops->vkey(remote.self, text);
	source_done(&remote);
	return e;
}

/* Stores the first key, which was given or is trusted on first use. */
static enum err pin_key(struct mirror *m, const char *path)
{
	AUTO(buf) text = BUF(KIB);

	if (m->options.key)
		buf_puts(&text, m->options.key);
	else
		TRY(ask_key(m, &text));
	m->key_on_trust = !m->options.key;
	TRY(vkey_parse(buf_text(&text), &m->key));
	ENSURE(m->key.type == KEY_ED25519, ERR_INVALID,
		"the key %s is a witness's: name the log's own", m->key.name);
	buf_putc(&text, '\n');
	return file_write(path, text.data, text.len, 0644);
}

static enum err choose_key(struct mirror *m)
{
	AUTOFREE char *path = file_in(m->dir, REG_VKEY);
	AUTO(buf) text = BUF(KIB);

	if (!file_exists(path))
		return pin_key(m, path);
	TRY(file_read(path, &text));
	while (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = '\0';
	return vkey_parse(buf_text(&text), &m->key);
}

/* Also accepts a given key from which the log changed to the present one. */
static enum err check_named(const struct mirror *m)
{
	AUTO(buf) is = BUF(KIB);
	struct vkey named;
	bool known;

	if (!m->options.key)
		return OK;
	TRY(vkey_parse(m->options.key, &named));
	TRY(log_key_known(m->reg->db, &named, &known));
	vkey_text(&m->key, &is);
	ENSURE(known || vkey_same(&named, &m->key), ERR_CONFLICT,
		"%s is a mirror of the log of another key, %s", m->dir, buf_text(&is));
	return OK;
}

/* All tables in one transaction: a crash leaves none of them. */
static enum err create_tables(struct db *db)
{
	uint64_t size;
	struct store store = store_sqlite(db);

	if (store.ops->size(store.self, &size) == OK)
		return OK;
	TRY(db_exec(db, "BEGIN IMMEDIATE"));
	TRY(store_sqlite_create(db));
	TRY(private_create(db));
	return db_exec(db, "COMMIT");
}

static enum err open_database(struct mirror *m)
{
	AUTOFREE char *path = file_in(m->dir, REG_DATABASE);
	struct db *db = NULL;
	enum err e;

	TRY(db_open(path, DB_WRITE, &db));
	chmod(path, 0600);
	e = create_tables(db);
	db_free(db);
	return e;
}

static enum err open_all(struct mirror *m)
{
	TRY(open_folder(m));
	TRY(choose_key(m));
	TRY(open_database(m));
	TRY(reg_open_replica(m->dir, m->url, &m->key, &env_real, &m->reg));
	return check_named(m);
}

enum err mirror_open(const struct mirror_options *o, struct mirror **out)
{
	struct mirror *m = mem_new(sizeof(*m));
	enum err e;

	m->options = *o;
	m->url = source_base_of(o->url);
	m->dir = mem_text(o->dir);
	e = open_all(m);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		mirror_close(m);
		return e;
	}
	*out = m;
	return OK;
}

static void drop_connection(struct mirror *m)
{
	fetch_free(TAKE(m->fetch));
}

void mirror_close(struct mirror *m)
{
	if (!m)
		return;
	drop_connection(m);
	reg_close(m->reg);
	quorum_done(&m->quorum);
	free(m->url);
	free(m->dir);
	free(m);
}

/* --- is it the same history? --- */

/* Proof of a fork must not get lost: keeps the first such note, with only the log's signature. */
static enum err found_fork(struct mirror *m, const struct buf *note, uint64_t size)
{
	AUTOFREE char *path = file_in(m->dir, MIRROR_FORK);
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	AUTO(buf) text = BUF(NOTE_MAX);

	m->result->finding = FINDING_FORK;
	TRY(note_parse(buf_text(note), note->len, parsed));
	buf_add(&text, parsed->text, parsed->text_len);
	buf_putc(&text, '\n');
	note_keep(parsed, &m->by, &text);
	if (!file_exists(path))
		TRY(file_write(path, text.data, text.len, 0644));
	return fail(ERR_FALSE,
		"fork: the first %" PRIu64 " entries are not those that were taken over. %s and "
		"the checkpoint kept here prove that the key signed two histories",
		size, path);
}

/* For a tree that is complete here, the note alone decides. */
static enum err check_known(struct mirror *m, const struct checkpoint *cp, const struct buf *note)
{
	struct nodes nodes = log_nodes(&m->reg->log.store);
	struct sha256 root;

	TRY(merkle_root_of(&nodes, cp->size, &root));
	if (!sha256_equal(&root, &cp->root))
		return found_fork(m, note, cp->size);
	if (cp->size == m->reg->log.size)
		return OK;
	m->result->finding = FINDING_ROLLBACK;
	return fail(ERR_FALSE,
		"rollback: the original shows %" PRIu64 " entries, but %" PRIu64
		" were taken over from it",
		cp->size, m->reg->log.size);
}

static enum err check_extends(struct mirror *m, struct tile_reader *t, const struct buf *note)
{
	struct nodes nodes = tile_reader_nodes(t);
	struct sha256 here = log_root(&m->reg->log), there;

	if (!m->reg->log.size)
		return OK;
	TRY(merkle_root_of(&nodes, m->reg->log.size, &there));
	return sha256_equal(&here, &there) ? OK : found_fork(m, note, m->reg->log.size);
}

/* The original may have changed its key: signatures of the known key lead to the present one. When
 * the entries arrive, the log must say the same. */
static enum err open_handed_on(struct mirror *m, const struct source *remote,
	const struct buf *note, struct checkpoint *out)
{
	AUTO(buf) text = BUF(KEYS_MAX);
	json_auto_t *told = NULL;
	struct vkey key = m->key;
	enum err e = remote->ops->keys(remote->self, &text);

	if (e == ERR_SYSTEM || e == ERR_BUSY)
		return e;
	if (e != OK || json_read(buf_text(&text), text.len, KEYS_MAX, RULES_LOOSE, &told) != OK)
		return ERR_NOT_FOUND;
	TRY(log_keys_lead(json_object_get(told, "changes"), &key));
	m->by = key;
	return checkpoint_open(buf_text(note), note->len, &key, out);
}

/* Finally tries earlier keys of the log. A checkpoint of such a key is not followed, but proves
 * that the original was restored from a backup from before the change. */
static enum err open_note(struct mirror *m, const struct source *remote, const struct buf *note,
	struct checkpoint *out)
{
	enum err e;

	m->by = m->key;
	e = checkpoint_open(buf_text(note), note->len, &m->key, out);
	if (e == ERR_NOT_FOUND)
		e = open_handed_on(m, remote, note, out);
	if (e == ERR_NOT_FOUND)
		e = log_keys_open(m->reg->db, buf_text(note), note->len, &m->by, out);
	return e;
}

static enum err read_checkpoint(
	struct mirror *m, const struct source *remote, struct buf *note, struct checkpoint *out)
{
	enum err e;

	buf_clear(note);
	TRY(remote->ops->checkpoint(remote->self, note));
	e = open_note(m, remote, note, out);
	if (e == ERR_SYSTEM || e == ERR_BUSY)
		return e;
	ENSURE(e == OK, ERR_FALSE, "the checkpoint: %s",
		e == ERR_NOT_FOUND ? err_text("it is not signed by the log's key") : err_why());
	ENSURE(out->size > 0, ERR_FALSE, "the checkpoint is of an empty log");
	return OK;
}

/* --- who has cosigned it? --- */

static enum err find_quorum(struct mirror *m, const struct checkpoint *cp, const struct buf *note,
	const struct buf *cosigned)
{
	const struct log_keys keys = {vkey_same(&m->key, &m->by) ? 1 : 2, {m->key, m->by}};
	struct quorum *q = &m->quorum;

	quorum_done(q);
	*q = (struct quorum){0};
	TRY(quorum_find(m->options.policy, &keys, cp, note, cosigned, q));
	m->result->cosigned = q->checkpoint.size;
	m->result->cosigned_at = q->verdict.since;
	return OK;
}

/* An original that is frozen, or shows this tree only to us, has no witness for it. */
static enum err check_fresh(struct mirror *m)
{
	const struct quorum *q = &m->quorum;
	int64_t age = env_now(&env_real) - q->verdict.since;
	AUTO(buf) missing = BUF(16 * KIB);

	m->result->finding = FINDING_UNCOSIGNED;
	tlog_policy_names(m->options.policy, &q->verdict, false, &missing);
	ENSURE(q->checkpoint.size, ERR_FALSE,
		"uncosigned: not enough witnesses cosigned it: %s did not", buf_text(&missing));
	ENSURE(!q->verdict.since || age <= m->options.fresh, ERR_FALSE,
		"uncosigned: the newest that enough witnesses cosigned is of %" PRIu64
		" entries, and that was %" PRId64 " seconds ago",
		q->checkpoint.size, age);
	m->result->finding = FINDING_GOOD;
	return OK;
}

static enum err check_quorum(
	struct mirror *m, struct tile_reader *t, const struct buf *note, const struct buf *cosigned)
{
	const struct checkpoint *cp = &m->quorum.checkpoint;
	struct nodes nodes = tile_reader_nodes(t);
	struct sha256 root;

	if (!m->options.policy)
		return OK;
	TRY(find_quorum(m, &t->cp, note, cosigned));
	TRY(check_fresh(m));
	TRY(merkle_root_of(&nodes, cp->size, &root));
	return sha256_equal(&root, &cp->root) ? OK : found_fork(m, &m->quorum.note, cp->size);
}

/* --- a sync --- */

static enum err take_over(struct mirror *m, const struct source *remote,
	const struct checkpoint *cp, const struct buf *note, const struct buf *cosigned)
{
	AUTOFREE struct tile_reader *t = mem_new(sizeof(*t));

	if (cp->size <= m->reg->log.size)
		TRY(check_known(m, cp, note));
	TRY(tile_reader_open(remote, cp, t));
	TRY(check_extends(m, t, note));
	TRY(check_quorum(m, t, note, cosigned));
	return mirror_take(m, t, note);
}

static enum err read_notes(struct mirror *m, const struct source *remote, struct buf *cosigned,
	struct buf *note, struct checkpoint *out)
{
	buf_clear(cosigned);
	if (m->options.policy)
		TRY(quorum_ask(remote, cosigned));
	return read_checkpoint(m, remote, note, out);
}

/* A content may be missing because an entry after our checkpoint erased it. Then we first sync up
 * to that entry. */
static enum err follow(struct mirror *m, const struct source *remote)
{
	AUTO(buf) note = BUF(NOTE_MAX), cosigned = BUF(NOTE_MAX);
	struct checkpoint cp, newer;

	TRY(read_notes(m, remote, &cosigned, &note, &cp));
	for (int i = 0;; i++) {
		enum err e = take_over(m, remote, &cp, &note, &cosigned);
		AUTOFREE char *why = mem_text(err_why());

		if (e != ERR_GONE)
			return e;
		TRY(read_notes(m, remote, &cosigned, &note, &newer));
		if (newer.size <= cp.size || i == ROUNDS)
			return fail(ERR_GONE, "%s", why);
		cp = newer;
	}
}

/* Errors that reveal nothing about the original: it did not answer, or space ran out here. */
static bool is_away(enum err e)
{
	return e == ERR_SYSTEM || e == ERR_BUSY || e == ERR_NOT_FOUND || e == ERR_CORRUPT ||
	       e == ERR_FULL;
}

static enum err judge(struct mirror *m, enum err e)
{
	struct mirrored *result = m->result;

	if (e == OK)
		return OK;
	snprintf(result->why, sizeof(result->why), "%s", err_why());
	if (e == ERR_GONE)
		result->finding = FINDING_MISSING;
	else if (is_away(e))
		result->finding = FINDING_AWAY;
	else if (result->finding == FINDING_GOOD)
		result->finding = FINDING_FALSE;
	if (e == ERR_NOT_FOUND)
		e = ERR_SYSTEM; /* it answers but shows no log, which counts as no answer */
	return fail(result->finding == FINDING_AWAY ? e : ERR_FALSE, "%s", result->why);
}

static enum err keep_seen(struct mirror *m, enum err e)
{
	if (e == OK)
		e = mirror_follow_key(m);
	if (e == OK) {
		m->seen = env_now(&env_real);
		e = write_file(m);
	}
	m->result->seen = m->seen;
	m->result->size = m->reg->snapshots ? m->reg->health.size : 0;
	return e;
}

enum err mirror_sync(struct mirror *m, struct mirrored *out)
{
	struct source remote = {0};
	enum err e;

	*out = (struct mirrored){0};
	m->result = out;
	e = source_url_over(m->url, &m->fetch, m->options.stopping, m->options.arg, &remote);
	if (e == OK)
		e = follow(m, &remote);
	source_done(&remote);
	e = judge(m, e);
	if (e != OK)
		drop_connection(m);
	return keep_seen(m, e);
}
