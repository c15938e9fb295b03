#include "registry/backup/restore.h"
#include "registry/write/contact_key.h"

#include "audit/keyholder.h"
#include "audit/store_sqlite.h"
#include "base/file.h"
#include "base/languages.h"
#include "registry/backup/backup.h"
#include "registry/event/log_key.h"
#include "registry/query/query_parts.h"
#include "registry/verify/mirror.h"
#include "registry/verify/source.h"
#include "registry/verify/verify.h"
#include "registry/write/model.h"
#include "registry/write/register.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEYS_MAX (4 * MIB)

SQL(LOST, "restore.lost",
	"SELECT sha256 FROM content_state WHERE erased_entry IS NULL"
	" AND sha256 NOT IN (SELECT lower(hex(sha256)) FROM content)",
	"asked once, when a register is restored");

struct restore {
	struct restore_options o;
	char *stage; /* the temporary folder in which it is made */
	int lock;
	bool made_dir, done;
	struct log_keys keys;   /* of the key file */
	struct vkey own;        /* verifies the backup: its own log.vkey, if it has one */
	struct db *db;          /* of the stage; read-only */
	struct checkpoint tree; /* everything that is here */
	uint64_t backup;        /* entries of the backup */
	json_t *known_by;
	uint64_t largest;
	const char *largest_at; /* borrowed from `known_by` */
};

const char *restore_folder(const struct restore *r)
{
	return r->stage;
}

uint64_t restore_size(const struct restore *r)
{
	return r->tree.size;
}

/* --- the folder --- */

/* Files that an interrupted restore has already moved; before the mark there is nothing else. */
static enum err clear(const struct restore *r)
{
	AUTOFREE char *database = file_in(r->o.dir, REG_DATABASE);
	AUTOFREE char *people = file_in(r->o.dir, REG_PEOPLE);

	remove(database);
	remove(people);
	TRY(model_remove(r->o.dir));
	for (size_t i = 0; i < folder_files_n; i++) {
		AUTOFREE char *path = file_in(r->o.dir, folder_files[i].name);

		remove(path);
	}
	return file_remove_dir(r->stage);
}

static enum err check_free(const struct restore *r)
{
	AUTOFREE char *database = file_in(r->o.dir, REG_DATABASE),
		      *mark = file_in(r->o.dir, REG_MARK), *people = file_in(r->o.dir, REG_PEOPLE);

	ENSURE(!file_exists(mark), ERR_CONFLICT,
		"%s holds a register, with its mark: start it. To restore another, name a new folder",
		r->o.dir);
	if (file_exists(r->stage))
		return clear(r);
	ENSURE(!file_exists(database), ERR_CONFLICT,
		"%s holds a register without its mark. Move it aside, and restore from there: mv %s "
		"%s.old; gaya restore --from %s.old --data %s …",
		r->o.dir, r->o.dir, r->o.dir, r->o.dir, r->o.dir);
	ENSURE(!file_exists(people), ERR_CONFLICT,
		"%s is there already: name a folder that is empty, or none yet", people);
	for (size_t i = 0; i < folder_files_n; i++) {
		AUTOFREE char *path = file_in(r->o.dir, folder_files[i].name);

		ENSURE(!file_exists(path), ERR_CONFLICT,
			"%s is there already: name a folder that is empty, or none yet", path);
	}
	return OK;
}

static enum err make_folder(struct restore *r)
{
	AUTOFREE char *lock = file_in(r->o.dir, REG_LOCK);

	r->made_dir = !file_exists(r->o.dir);
	TRY(file_make_dir(r->o.dir, 0700));
	TRY(file_lock(lock, &r->lock));
	TRY(check_free(r));
	return file_make_dir(r->stage, 0700);
}

static enum err copy_key(struct restore *r)
{
	AUTOFREE char *target = file_in(r->stage, REG_KEY);
	AUTO(buf) bytes = BUF(16 * KIB);
	enum err e = OK;

	if (r->o.key)
		e = file_read(r->o.key, &bytes);
	if (e == OK && r->o.key)
		e = file_write(target, bytes.data, bytes.len, 0600);
	if (bytes.data)
		crypto_wipe(bytes.data, bytes.cap);
	TRY(e);
	ENSURE(file_exists(target), ERR_NOT_FOUND,
		"%s holds no %s: name your copy of it with --log-key FILE", r->o.from, REG_KEY);
	return keyholder_public(target, r->o.passphrase, &r->keys);
}

static enum err copy_database(const struct restore *r)
{
	AUTOFREE char *source = file_in(r->o.from, REG_DATABASE);
	AUTOFREE char *target = file_in(r->stage, REG_DATABASE);
	struct db *db = NULL;
	enum err e;

	ENSURE(file_exists(source), ERR_NOT_FOUND, "%s holds no backup: %s is missing", r->o.from,
		REG_DATABASE);
	TRY(db_open(source, DB_READ, &db));
	e = db_copy(db, target);
	db_free(db);
	return e;
}

static enum err text_in(const char *dir, const char *name, const char *data, size_t len)
{
	AUTOFREE char *path = file_in(dir, name);

	return file_write(path, data, len, 0600);
}

/* A mirror has no contact key and no address sealed for it, but no server starts without the
 * key. */
static enum err make_contact_key(const struct restore *r)
{
	AUTOFREE char *key = file_in(r->stage, REG_CONTACT_KEY);
	AUTOFREE char *public = file_in(r->stage, REG_CONTACT_PUBLIC);

	return file_exists(key) || file_exists(public)
	               ? OK
	               : contact_key_create(r->stage, r->o.passphrase);
}

static enum err copy_all(struct restore *r)
{
	AUTOFREE char *vkey = file_in(r->stage, REG_VKEY);
	AUTO(buf) text = BUF(KIB);

	TRY(copy_database(r));
	TRY(backup_copy_files(r->o.from, r->stage, true));
	TRY(backup_copy_people(r->o.from, r->stage));
	TRY(copy_key(r));
	TRY(make_contact_key(r));
	if (file_exists(vkey)) {
		TRY(file_read(vkey, &text));
		while (text.len && text.data[text.len - 1] == '\n')
			text.data[--text.len] = '\0';
		return vkey_parse(buf_text(&text), &r->own);
	}
	r->own = r->keys.key[0];
	vkey_text(&r->own, &text);
	buf_putc(&text, '\n');
	return file_write(vkey, text.data, text.len, 0644);
}

/* A mirror never has contents that are not public. */
static enum err copy_mirror(const struct restore *r)
{
	AUTOFREE char *source = file_in(r->o.from, REG_MIRROR);
	AUTO(buf) bytes = BUF(16 * KIB);

	if (!file_exists(source))
		return OK;
	TRY(file_read(source, &bytes));
	return text_in(r->stage, REG_MIRROR, bytes.data, bytes.len);
}

static void no_mirror(const struct restore *r)
{
	AUTOFREE char *path = file_in(r->stage, REG_MIRROR);

	remove(path);
}

/* The read model is built from the entries, and then everything is verified. */
static enum err verify(const struct restore *r)
{
	const struct verify v = {.where = r->stage};
	struct verified is;
	uint64_t entries;
	enum err e;

	TRY(reg_repair(r->stage, r->o.env, &entries));
	TRY(copy_mirror(r));
	e = verify_register(&v, &is);
	no_mirror(r);
	ENSURE(e != ERR_FALSE, ERR_FALSE, "the backup is not what its key signed: %s", err_why());
	return e;
}

/* Entries without a checkpoint count too, because a start signs them. */
static enum err look(struct restore *r)
{
	AUTOFREE char *path = file_in(r->stage, REG_DATABASE);
	struct store store;
	struct log log;

	db_free(r->db);
	r->db = NULL;
	TRY(db_open(path, DB_READ, &r->db));
	TRY(model_attach(r->db, r->stage));
	store = store_sqlite(r->db);
	TRY(log_open(store, &log));
	r->tree.size = log.size;
	r->tree.root = log_root(&log);
	log_done(&log);
	ENSURE(r->tree.size, ERR_NOT_FOUND, "the backup holds no entry");
	return OK;
}

static enum err open_all(struct restore *r)
{
	TRY(make_folder(r));
	TRY(copy_all(r));
	TRY(verify(r));
	TRY(look(r));
	r->backup = r->tree.size;
	return OK;
}

enum err restore_open(const struct restore_options *o, struct restore **out)
{
	struct restore *r = mem_new(sizeof(*r));
	enum err e;

	r->o = *o;
	r->lock = -1;
	r->stage = file_in(o->dir, REG_RESTORING);
	r->known_by = json_array();
	e = open_all(r);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		restore_close(r);
		return e;
	}
	*out = r;
	return OK;
}

void restore_close(struct restore *r)
{
	AUTOFREE char *lock = NULL;

	if (!r)
		return;
	lock = file_in(r->o.dir, REG_LOCK);
	db_free(r->db);
	if (!r->done && r->lock >= 0)
		(void)!file_remove_dir(r->stage);
	if (!r->done && r->made_dir && r->lock >= 0) {
		remove(lock);
		rmdir(r->o.dir);
	}
	if (r->lock >= 0)
		close(r->lock);
	json_decref(r->known_by);
	free(r->stage);
	free(r);
}

/* --- what others saw --- */

uint64_t restore_seen(const struct restore *r, const char **where)
{
	*where = r->largest_at;
	return r->largest;
}

void restore_forget_seen(struct restore *r)
{
	json_array_clear(r->known_by);
	r->largest = 0;
	r->largest_at = NULL;
}

static void see(struct restore *r, const char *kind, const char *where, uint64_t size)
{
	json_t *one =
		json_make("{s:s,s:s,s:I}", "kind", kind, "where", where, "size", (json_int_t)size);

	json_push(r->known_by, one);
	if (size < r->largest || !size)
		return;
	r->largest = size;
	r->largest_at = json_str(one, "where");
}

void restore_see_witness(struct restore *r, const char *name, uint64_t size)
{
	see(r, "witness", name, size);
}

/* A smaller tree must be the beginning of ours. For a larger one the entries decide later. */
static enum err take(
	struct restore *r, const char *kind, const char *where, const struct checkpoint *cp)
{
	struct store store = store_sqlite(r->db);
	struct nodes nodes = log_nodes(&store);
	struct sha256 root = merkle_empty();

	if (cp->size && cp->size <= r->tree.size)
		TRY(merkle_root_of(&nodes, cp->size, &root));
	ENSURE(cp->size > r->tree.size || sha256_equal(&root, &cp->root), ERR_CORRUPT,
		"%s has another history than the backup: its first %" PRIu64
		" entries are others. One of the two was not this register; nothing was restored",
		where, cp->size);
	see(r, kind, where, cp->size);
	return OK;
}

/* The file of gaya verify --state has two lines before the note (verify.c): the key, and a time. */
static struct line note_in(const char *text, size_t len)
{
	static const char verified[] = "verified ";
	struct line rest = {text, len}, all = rest, line;
	struct vkey key;
	AUTOFREE char *first = NULL;

	if (line_next(&rest, &line) != OK)
		return all;
	first = mem_bytes(line.s, line.len);
	if (vkey_parse(first, &key) != OK)
		return all;
	all = rest;
	if (line_next(&rest, &line) == OK && line.len > strlen(verified) &&
		memcmp(line.s, verified, strlen(verified)) == 0)
		return rest;
	return all;
}

static enum err open_known(
	const struct restore *r, const char *note, size_t len, struct checkpoint *out)
{
	enum err e = checkpoint_open(note, len, &r->own, out);

	return e == ERR_NOT_FOUND ? log_keys_open_held(r->db, &r->keys, note, len, out) : e;
}

enum err restore_see_file(struct restore *r, const char *path, uint64_t *size)
{
	AUTO(buf) text = BUF(NOTE_MAX);
	struct checkpoint cp;
	struct line note;
	enum err e;

	TRY(file_read(path, &text));
	note = note_in(buf_text(&text), text.len);
	e = open_known(r, note.s, note.len, &cp);
	ENSURE(e != ERR_NOT_FOUND, ERR_FALSE,
		"%s: the checkpoint is signed by no key that the backup or the key file knows. If the "
		"log's key was changed since, name a mirror (--mirror), which leads to the new one",
		path);
	ENSURE(e == OK, e, "%s is neither a checkpoint nor what gaya verify --state keeps: %s",
		path, err_why());
	TRY(take(r, "checkpoint", path, &cp));
	*size = cp.size;
	return OK;
}

/* Accepts a known key, or one to which the log changed after the backup. */
static enum err open_note(struct restore *r, const struct source *source, const struct buf *note,
	struct checkpoint *out)
{
	enum err e = open_known(r, buf_text(note), note->len, out);
	AUTO(buf) text = BUF(KEYS_MAX);
	json_auto_t *told = NULL;
	struct vkey key = r->own;

	if (e != ERR_NOT_FOUND || source->ops->keys(source->self, &text) != OK ||
		json_read(buf_text(&text), text.len, KEYS_MAX, RULES_LOOSE, &told) != OK)
		return e;
	TRY(log_keys_lead(json_object_get(told, "changes"), &key));
	return checkpoint_open(buf_text(note), note->len, &key, out);
}

static enum err ask(struct restore *r, const struct source *source, struct checkpoint *out)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	enum err e;

	TRY(source->ops->checkpoint(source->self, &note));
	e = open_note(r, source, &note, out);
	ENSURE(e == OK || e == ERR_SYSTEM || e == ERR_BUSY, ERR_FALSE,
		"its checkpoint is not signed by a key of this log");
	return e;
}

enum err restore_see_url(struct restore *r, const char *url, uint64_t *size)
{
	struct source source = {0};
	struct checkpoint cp;
	enum err e = source_url(url, NULL, NULL, &source);

	if (e == OK)
		e = ask(r, &source, &cp);
	source_done(&source);
	ENSURE(e == OK, e, "%s: %s", url, err_why());
	TRY(take(r, "mirror", url, &cp));
	*size = cp.size;
	return OK;
}

/* --- the entries that are missing --- */

static enum err follow(struct restore *r, const char *url)
{
	const struct mirror_options o = {.url = url, .dir = r->stage};
	json_auto_t *what = json_make("{s:s,s:i}", "url", url, "seen", 0);
	AUTO(buf) text = BUF(16 * KIB);
	struct mirror *m = NULL;
	struct mirrored result;
	enum err e;

	json_pretty(what, &text);
	TRY(text_in(r->stage, REG_MIRROR, text.data, text.len));
	TRY(mirror_open(&o, &m));
	e = mirror_sync(m, &result);
	mirror_close(m);
	return e == OK ? OK : fail(e, "%s: %s", url, result.why);
}

enum err restore_fetch(struct restore *r, const char *url)
{
	enum err e;

	db_free(TAKE(r->db));
	e = follow(r, url);
	no_mirror(r);
	TRY(e);
	return look(r);
}

/* --- completion --- */

/* The key file must hold this log's keys; otherwise another log would continue in its name. */
static enum err check_keys(struct restore *r)
{
	struct store store = store_sqlite(r->db);
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	AUTO(buf) note = BUF(NOTE_MAX);
	struct vkey newest;
	enum err e;

	TRY(store.ops->checkpoint(store.self, &note));
	TRY(note_parse(buf_text(&note), note.len, parsed));
	e = log_keys_follow(r->db, &r->keys.key[0], parsed, &newest);
	ENSURE(e != ERR_FALSE, ERR_CONFLICT,
		"%s is not the key of this log: name the newest copy of it with --log-key FILE",
		r->o.key ? r->o.key : REG_KEY);
	return e;
}

struct job_restored {
	struct job job;
	struct restore *r;
	const json_t *reason;
	json_t *lost; /* SHA-256s */
	uint64_t entry;
};

static enum err list_lost(struct restore *r, json_t *list)
{
	AUTO(rows) rows = {0};

	TRY(db_query(r->db, LOST, BIND_NONE, &rows));
	while (rows_next(&rows))
		json_push(list, query_text(rows_text(&rows, 0)));
	return rows_end(&rows);
}

static json_t *about(const struct job_restored *j)
{
	json_t *about = json_make("{s:O,s:I}", "known_by", j->r->known_by, "lost",
		(json_int_t)json_array_size(j->lost));

	/* The log must not reveal where an operator keeps files. */
	json_each (j->r->known_by, one) {
		if (strcmp(json_str(one, "kind"), "checkpoint") == 0)
			json_object_del(one, "where");
	}
	if (j->reason)
		json_put(about, "reason", json_deep_copy(j->reason));
	return about;
}

static enum err add_entries(struct tx *tx, struct job *job)
{
	struct job_restored *j = (struct job_restored *)job;
	json_t *members = json_make("{s:I}", "backup", (json_int_t)j->r->backup);

	if (j->r->largest)
		json_put(members, "seen", json_integer((json_int_t)j->r->largest));
	TRY(tx_add(tx,
		(struct draft){.type = "register.restored",
			.by = "office",
			.subject = j->r->keys.key[0].name,
			.members = members,
			.content = about(j)},
		&j->entry));
	json_each (j->lost, one) {
		TRY(tx_add(tx,
			(struct draft){.type = "content.erased",
				.by = "office",
				.subject = json_string_value(one),
				.content = json_make("{s:o}", "reason",
					language_texts(
						"Lost when the register was restored from a backup."))},
			NULL));
	}
	return OK;
}

static enum err go_on(struct restore *r, struct job_restored *job)
{
	AUTOFREE char *mark = file_in(r->stage, REG_MARK);
	struct reg *reg = NULL;
	enum err e;

	TRY(keyholder_make_mark(mark, &r->tree));
	db_free(TAKE(r->db)); /* or the database keeps its two companion files when it is closed */
	TRY(reg_open(r->stage, r->o.env, &reg));
	e = reg_do(reg, &job->job);
	reg_close(reg);
	return e;
}

static enum err move_up(const struct restore *r, const char *name)
{
	AUTOFREE char *from = file_in(r->stage, name), *to = file_in(r->o.dir, name);

	return file_exists(from) ? file_move(from, to) : OK;
}

/* A crash in between leaves a folder without a mark, with which nothing starts, and in which the
 * same restore begins again. A crash after the mark leaves a whole register and an empty folder. */
static enum err move_all(struct restore *r)
{
	TRY(move_up(r, REG_DATABASE));
	TRY(model_remove(r->o.dir)); /* of who removed only the database */
	TRY(move_up(r, REG_MODEL));
	for (size_t i = 0; i < folder_files_n; i++)
		TRY(move_up(r, folder_files[i].name));
	TRY(move_up(r, REG_PEOPLE));
	TRY(move_up(r, REG_MARK));
	r->done = true;
	return file_remove_dir(r->stage);
}

enum err restore_finish(struct restore *r, const json_t *reason, struct restored *out)
{
	json_auto_t *lost = json_array();
	struct job_restored job = {.job.run = add_entries, .r = r, .reason = reason, .lost = lost};

	ENSURE(r->largest <= r->tree.size, ERR_CORRUPT, "entries are missing");
	TRY(check_keys(r));
	TRY(list_lost(r, lost));
	*out = (struct restored){.backup = r->backup,
		.fetched = r->tree.size - r->backup,
		.lost = json_array_size(lost)};
	TRY(go_on(r, &job));
	out->entry = job.entry;
	return move_all(r);
}
