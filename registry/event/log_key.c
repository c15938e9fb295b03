#include "registry/event/log_key.h"

#include "registry/event/fold.h"

#include <inttypes.h>
#include <string.h>

#define FEW "a row for each change of keys"

SQL(ACTIVE, "log_key.active",
	"SELECT vkey FROM log_key WHERE retired_entry IS NULL"
	" ORDER BY coalesce(added_entry, -1)",
	FEW);
SQL(KNOWN, "log_key.known", "SELECT 1 FROM log_key WHERE vkey = ?1");
SQL(ALL, "log_key.all",
	"SELECT vkey, added_entry, retired_entry FROM log_key"
	" ORDER BY coalesce(added_entry, -1)",
	FEW);
SQL(CHANGES, "log_key.changes",
	"SELECT c.entry, c.vkey, k.added_entry = c.entry, c.size, c.root, c.sha256, c.at"
	" FROM log_key_change c JOIN log_key k ON k.vkey = c.vkey ORDER BY c.entry",
	FEW);
SQL(KEEP_FIRST, "log_key.keep_first",
	"INSERT INTO log_key (vkey) VALUES (?1) ON CONFLICT DO NOTHING");
SQL(ADD, "log_key.add", "INSERT INTO log_key (vkey, added_entry) VALUES (?1, ?2)");
SQL(RETIRE, "log_key.retire", "UPDATE log_key SET retired_entry = ?2 WHERE vkey = ?1");
SQL(CHANGE, "log_key.change",
	"INSERT INTO log_key_change (entry, vkey, size, root, sha256, at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

enum err log_keys_active(struct db *model, struct log_keys *out)
{
	struct log_keys keys = {0};
	AUTO(rows) rows = {0};

	TRY(db_query(model, ACTIVE, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		ENSURE(keys.n < LOG_KEYS_MAX, ERR_CORRUPT, "the log has over %d keys at once",
			LOG_KEYS_MAX);
		TRY(vkey_parse(rows_text(&rows, 0), &keys.key[keys.n++]));
	}
	TRY(rows_end(&rows));
	*out = keys;
	return OK;
}

static enum err known_text(struct db *model, const char *vkey, bool *out)
{
	int64_t one;
	enum err e = db_int(model, KNOWN, BIND(text(vkey)), &one);

	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err log_key_known(struct db *model, const struct vkey *key, bool *out)
{
	AUTO(buf) vkey = BUF(KIB);

	vkey_text(key, &vkey);
	return known_text(model, buf_text(&vkey), out);
}

/* --- following the keys --- */

static enum err must_have_signed(const struct note *checkpoint, const struct vkey *key)
{
	enum err e = note_verify(checkpoint, key);

	ENSURE(e != ERR_NOT_FOUND, ERR_FALSE,
		"the checkpoint is not signed by the key of %s (%02x%02x%02x%02x), which signs by "
		"the log's own entries",
		key->name, key->id[0], key->id[1], key->id[2], key->id[3]);
	return e;
}

enum err log_keys_follow(struct db *model, const struct vkey *known, const struct note *checkpoint,
	struct vkey *newest)
{
	struct log_keys keys;
	bool is_known;
	enum err e;

	TRY(log_keys_active(model, &keys));
	if (!keys.n) {
		e = note_verify(checkpoint, known);
		ENSURE(e != ERR_NOT_FOUND, ERR_FALSE,
			"the checkpoint is not signed by the key of %s, and no entry hands the log "
			"on from that key to another",
			known->name);
		*newest = *known;
		return e;
	}
	TRY(log_key_known(model, known, &is_known));
	ENSURE(is_known, ERR_FALSE,
		"the log's own entries name other keys than the known one of %s, and none that it "
		"handed the log on to",
		known->name);
	for (size_t i = 0; i < keys.n; i++)
		TRY(must_have_signed(checkpoint, &keys.key[i]));
	*newest = keys.key[keys.n - 1];
	return OK;
}

enum err log_keys_check_trees(struct db *model, const struct nodes *nodes)
{
	AUTO(rows) rows = {0};

	TRY(db_query(model, CHANGES, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		struct sha256 said, is;

		TRY(sha256_from_hex(rows_text(&rows, 4), &said));
		TRY(merkle_root_of(nodes, (uint64_t)rows_int(&rows, 3), &is));
		ENSURE(sha256_equal(&said, &is), ERR_FALSE,
			"entry %" PRId64
			": the keys stated another beginning of the log: the first "
			"%" PRId64 " entries had another root",
			rows_int(&rows, 0), rows_int(&rows, 3));
	}
	return rows_end(&rows);
}

enum err log_keys_lead(const json_t *list, struct vkey *key)
{
	json_each (list, one) {
		const char *note = json_str(one, "statement");
		struct key_statement s;

		if (!note || key_statement_open(note, strlen(note), key, &s) != OK)
			continue; /* of other keys, before or after this one */
		if (!log_keys_have(&s.keys, key))
			*key = s.keys.key[s.keys.n - 1];
	}
	return OK;
}

enum err log_keys_open(
	struct db *model, const char *note, size_t len, struct vkey *by, struct checkpoint *out)
{
	AUTO(rows) rows = {0};

	TRY(db_query(model, ALL, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		struct vkey key;

		TRY(vkey_parse(rows_text(&rows, 0), &key));
		if (checkpoint_open(note, len, &key, out) != OK)
			continue;
		*by = key;
		return OK;
	}
	TRY(rows_end(&rows));
	return fail(ERR_NOT_FOUND, "no key that the log ever had signed it");
}

enum err log_keys_open_held(struct db *model, const struct log_keys *held, const char *note,
	size_t len, struct checkpoint *out)
{
	enum err e = ERR_NOT_FOUND;
	struct vkey by;

	for (size_t i = 0; i < held->n && e == ERR_NOT_FOUND; i++)
		e = checkpoint_open(note, len, &held->key[i], out);
	return e == ERR_NOT_FOUND ? log_keys_open(model, note, len, &by, out) : e;
}

/* --- reporting the keys --- */

static json_t *entry_or_null(struct rows *row, int col)
{
	return rows_null(row, col) ? json_null() : json_integer((json_int_t)rows_int(row, col));
}

enum err log_keys_json(const struct snapshot *snap, json_t **out)
{
	json_auto_t *answer = json_make("{s:[],s:[]}", "keys", "changes");
	AUTO(rows) keys = {0}, changes = {0};

	TRY(db_query(snap->model, ALL, BIND_NONE, &keys));
	while (rows_next(&keys))
		json_push(json_object_get(answer, "keys"),
			json_make("{s:s,s:o,s:o}", "vkey", rows_text(&keys, 0), "added",
				entry_or_null(&keys, 1), "retired", entry_or_null(&keys, 2)));
	TRY(rows_end(&keys));
	TRY(db_query(snap->model, CHANGES, BIND_NONE, &changes));
	while (rows_next(&changes))
		json_push(json_object_get(answer, "changes"),
			json_make("{s:I,s:s,s:s,s:s,s:s}", "entry",
				(json_int_t)rows_int(&changes, 0), "type",
				rows_int(&changes, 2) ? "log.key_added" : "log.key_retired", "key",
				rows_text(&changes, 1), "content", rows_text(&changes, 5), "at",
				rows_text(&changes, 6)));
	TRY(rows_end(&changes));
	*out = TAKE(answer);
	return OK;
}

/* --- checks and folds --- */

/* The keys that an event names, by the members of its type. */
struct change {
	struct vkey key, other; /* `other`: the key that stays */
	struct log_keys before; /* as the log states them */
};

static enum err read_change(
	struct state *st, const struct event *ev, const char *other, struct change *out)
{
	char origin[KEY_NAME_MAX + 1];

	TRY(state_origin(st, origin));
	ENSURE(strcmp(ev->subject, origin) == 0, ERR_INVALID, "this is the log %s, not %s", origin,
		ev->subject);
	TRY(vkey_parse(event_str(ev, "key"), &out->key));
	TRY(vkey_parse(event_str(ev, other), &out->other));
	ENSURE(out->key.type == KEY_ED25519 && out->other.type == KEY_ED25519 &&
			strcmp(out->key.name, origin) == 0 && strcmp(out->other.name, origin) == 0,
		ERR_INVALID, "the keys of this log are Ed25519 keys named %s", origin);
	ENSURE(!vkey_same(&out->key, &out->other), ERR_INVALID, "these are one key");
	return log_keys_active(st->db, &out->before);
}

/* Both keys must sign the same statement, about a tree that is older than this entry. */
static enum err read_statement(
	const struct event *ev, const struct change *c, struct key_statement *out)
{
	const char *note = json_str(ev->content, "statement");
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));

	ENSURE(note && json_object_size(ev->content) == 1, ERR_INVALID,
		"%s: the content must be {\"statement\": …}", ev->type->name);
	TRY(key_statement_parse(note, strlen(note), out, parsed));
	ENSURE(strcmp(out->checkpoint.origin, ev->subject) == 0, ERR_INVALID,
		"the statement is of the log %s", out->checkpoint.origin);
	ENSURE(out->checkpoint.size > 0 && out->checkpoint.size <= ev->index, ERR_INVALID,
		"the statement is of %" PRIu64 " entries, but this one is entry %" PRIu64,
		out->checkpoint.size, ev->index);
	ENSURE(note_verify(parsed, &c->key) == OK && note_verify(parsed, &c->other) == OK,
		ERR_DENIED, "the statement is not signed by both keys: %s", err_why());
	return OK;
}

static bool states(
	const struct key_statement *s, const struct vkey *first, const struct vkey *second)
{
	return s->keys.n == (second ? 2 : 1) && vkey_same(&s->keys.key[0], first) &&
	       (!second || vkey_same(&s->keys.key[1], second));
}

enum err log_key_added_check(struct state *st, const struct event *ev)
{
	struct change c;
	struct key_statement s;
	bool known;

	TRY(read_change(st, ev, "beside", &c));
	TRY(log_key_known(st->db, &c.key, &known));
	ENSURE(!known, ERR_CONFLICT, "this key was added before; a retired key never comes back");
	ENSURE(c.before.n < 2, ERR_CONFLICT, "two keys sign already: end one of them first");
	ENSURE(!c.before.n || vkey_same(&c.before.key[0], &c.other), ERR_CONFLICT,
		"\"beside\" is not the key that signs");
	if (!ev->content)
		return OK;
	TRY(read_statement(ev, &c, &s));
	ENSURE(states(&s, &c.other, &c.key), ERR_INVALID,
		"the statement does not say that both keys sign");
	return OK;
}

/* The retiring key's last statement must cover the newest announcement. */
static enum err check_covers(struct state *st, const struct key_statement *s)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, CHANGES, BIND_NONE, &rows));
	while (rows_next(&rows))
		ENSURE(rows_int(&rows, 0) < (int64_t)s->checkpoint.size, ERR_INVALID,
			"the statement is of %" PRIu64
			" entries, which do not hold the announcement, entry %" PRId64,
			s->checkpoint.size, rows_int(&rows, 0));
	return rows_end(&rows);
}

enum err log_key_retired_check(struct state *st, const struct event *ev)
{
	struct change c;
	struct key_statement s;

	TRY(read_change(st, ev, "next", &c));
	ENSURE(c.before.n == 2 && log_keys_have(&c.before, &c.key) &&
			log_keys_have(&c.before, &c.other),
		ERR_CONFLICT, "these are not the two keys that sign");
	if (!ev->content)
		return OK;
	TRY(read_statement(ev, &c, &s));
	ENSURE(states(&s, &c.other, NULL), ERR_INVALID,
		"the statement does not say that the other key signs alone");
	return check_covers(st, &s);
}

/* Total: an unreadable statement is stored with an empty tree, which the check of the trees
 * reports. */
static enum err keep_change(struct state *st, const struct event *ev)
{
	const char *note = json_str(ev->content, "statement");
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	struct key_statement s = {0};
	char root[SHA256_HEX];

	if (!note || key_statement_parse(note, strlen(note), &s, parsed) != OK)
		s = (struct key_statement){0};
	sha256_hex(&s.checkpoint.root, root);
	return db_run(st->db, CHANGE,
		BIND(num((int64_t)ev->index), text(event_str(ev, "key")),
			num((int64_t)s.checkpoint.size), text(root), text(ev->sha256),
			text(ev->at)));
}

enum err log_key_added_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, KEEP_FIRST, BIND(text(event_str(ev, "beside")))));
	TRY(db_run(st->db, ADD, BIND(text(event_str(ev, "key")), num((int64_t)ev->index))));
	return keep_change(st, ev);
}

enum err log_key_retired_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, RETIRE, BIND(text(event_str(ev, "key")), num((int64_t)ev->index))));
	return keep_change(st, ev);
}
