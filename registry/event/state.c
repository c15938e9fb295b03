#include "registry/event/state.h"

#include "base/embed.h"
#include "base/security.h"
#include "base/sha256.h"
#include "registry/event/fold.h"
#include "registry/event/incident.h"
#include "registry/event/person.h"
#include "registry/event/search.h"

#include <pthread.h>
#include <string.h>

EMBED(registry_schema, "registry/event/schema.sql");

SQL(ADD_CONTENT, "state.add_content",
	"INSERT INTO content_state (sha256, type, size, public, erasable) VALUES (?1, ?2, "
	"?3, ?4, ?5)"
	" ON CONFLICT DO UPDATE SET public = max(public, excluded.public),"
	" erasable = min(erasable, excluded.erasable)");
SQL(OPEN_CONTENT, "state.open_content", "UPDATE content_state SET public = ?2 WHERE sha256 = ?1");
SQL(USER_VERSION, "state.user_version", "PRAGMA user_version");
SQL(STANDARD, "state.standard", "SELECT sha256 FROM standard ORDER BY version DESC LIMIT 1",
	"walks the primary key backwards and stops at the first");
SQL(DROPS, "state.drops",
	"SELECT 'DROP TABLE ' || name FROM sqlite_schema WHERE type = 'table'"
	" AND name NOT IN (" STATE_OTHER_TABLES ") AND name NOT LIKE 'sqlite_%'"
	/* Dropping an FTS5 index drops its own tables, too. */
	" AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"
	" ORDER BY rowid DESC",
	"the schema is a small table, read when rebuilding");

/* Most of what a system's change costs are the indexes on it. */
SQL(FOR_PAGES, "state.for_pages",
	"SELECT 'DROP INDEX ' || name FROM sqlite_schema WHERE type = 'index' AND name IN ("
	"'system_published', 'system_changed', 'system_contact', 'system_successor',"
	" 'system_attention', 'system_attention_of', 'system_filing', 'system_filing_of',"
	" 'system_returned', 'system_returned_of', 'system_review', 'system_review_of',"
	" 'system_duty', 'system_duty_of', 'system_judged_by', 'filing_department',"
	" 'milestone_department', 'due_unmet_of', 'feedback_state', 'feedback_decided',"
	" 'feedback_decided_of', 'feedback_joined', 'feedback_joined_of', 'feedback_open',"
	" 'feedback_open_of', 'answer_department')",
	"the schema is a small table, read when verifying");

/* The schema's name: the read model of another version of this program has another. */
int64_t state_schema(void)
{
	struct sha256 hash = sha256_of(embed_registry_schema, embed_registry_schema_len());

	return (hash.bytes[0] & 0x7f) << 24 | hash.bytes[1] << 16 | hash.bytes[2] << 8 |
	       hash.bytes[3];
}

enum err state_create(struct db *db)
{
	AUTOFREE char *version = mem_printf("PRAGMA user_version=%lld", (long long)state_schema());

	TRY(db_exec(db, embed_registry_schema));
	return db_exec(db, version);
}

enum err state_is_current(struct db *db, bool *out)
{
	int64_t version;

	TRY(db_int(db, USER_VERSION, BIND_NONE, &version));
	*out = version == state_schema();
	return OK;
}

static enum err run_each(struct db *db, const struct sql *statements)
{
	AUTO(buf) script = BUF(16 * KIB);
	AUTO(rows) rows = {0};

	TRY(db_query(db, statements, BIND_NONE, &rows));
	while (rows_next(&rows))
		buf_printf(&script, "%s;", rows_text(&rows, 0));
	TRY(rows_end(&rows));
	rows_done(&rows);
	return db_exec(db, buf_text(&script));
}

/* The newest first: dropping a table that others name (REFERENCES) would empty it row by row. */
enum err state_drop(struct db *db)
{
	return run_each(db, DROPS);
}

enum err state_for_folds(struct db *db)
{
	return run_each(db, FOR_PAGES);
}

/* SQLite takes several times as long to create the tables as to read them back, so a process
 * creates them once. An image without bytes: that failed. */
struct empty {
	pthread_once_t once;
	struct buf image;
};
static struct empty for_all = {PTHREAD_ONCE_INIT, BUF(4 * MIB)};
static struct empty for_folds = {PTHREAD_ONCE_INIT, BUF(4 * MIB)};

static void make_image(enum err (*create)(struct db *db), struct buf *out)
{
	struct db *db = NULL;

	if (db_open(":memory:", DB_WRITE, &db) != OK)
		return;
	if (create(db) != OK || db_image(db, out) != OK)
		buf_done(out);
	db_free(db);
}

static void make_for_all(void)
{
	make_image(state_create, &for_all.image);
}

enum err state_create_alone(struct db *db)
{
	pthread_once(&for_all.once, make_for_all);
	return for_all.image.len ? db_take_image(db, &for_all.image) : state_create(db);
}

static enum err create_for_folds(struct db *db)
{
	TRY(state_create_alone(db));
	return state_for_folds(db);
}

static void make_for_folds(void)
{
	make_image(create_for_folds, &for_folds.image);
}

enum err state_create_for_folds(struct db *db)
{
	pthread_once(&for_folds.once, make_for_folds);
	return for_folds.image.len ? db_take_image(db, &for_folds.image) : create_for_folds(db);
}

static struct ledger ledger(const struct state *st)
{
	return st->ledger.ops ? st->ledger : ledger_in_tables(st->db);
}

enum err state_after(struct state *st, const char *kind, const char *id, int64_t *out)
{
	struct ledger l = ledger(st);

	return l.ops->after(l.self, kind, id, out);
}

enum err state_folded(struct state *st, uint64_t *size, char at[TIME_TEXT])
{
	struct ledger l = ledger(st);

	return l.ops->folded(l.self, size, at);
}

enum err state_origin(struct state *st, char out[KEY_NAME_MAX + 1])
{
	struct ledger l = ledger(st);

	return l.ops->origin(l.self, out);
}

enum err state_granted(struct state *st, const char *vkey, struct granted *out)
{
	struct ledger l = ledger(st);

	return l.ops->key(l.self, vkey, out);
}

enum err state_grant(struct state *st, const struct event *ev)
{
	struct ledger l = ledger(st);

	return l.ops->grant(
		l.self, event_str(ev, "key"), &ev->vkey, ev->subject, (int64_t)ev->index);
}

enum err state_revoke(struct state *st, const struct event *ev)
{
	struct ledger l = ledger(st);

	return l.ops->revoke(l.self, event_str(ev, "key"), (int64_t)ev->index);
}

void state_remember(struct state *st, const char *sha256, const json_t *value)
{
	for (size_t i = 0; !value && i < STATE_KEPT; i++)
		json_decref(TAKE(st->kept[i].value));
	if (!value)
		return;
	st->next = (st->next + 1) % STATE_KEPT;
	json_decref(st->kept[st->next].value);
	st->kept[st->next].value = json_incref((json_t *)value);
	snprintf(st->kept[st->next].sha256, sizeof(st->kept[0].sha256), "%s", sha256);
}

struct state state_of(const struct snapshot *snap)
{
	return (struct state){.db = snap->model, .store = snap->log};
}

struct snapshot state_snapshot(const struct state *st)
{
	return (struct snapshot){.model = st->db, .log = st->store};
}

void state_done(struct state *st)
{
	state_remember(st, NULL, NULL);
	standard_free(TAKE(st->counted_by));
	st->counted_sha256[0] = '\0';
}

enum err state_content(struct state *st, const char *sha256, json_t **out)
{
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	enum err e;

	for (size_t i = 0; i < STATE_KEPT; i++)
		if (st->kept[i].value && strcmp(st->kept[i].sha256, sha256) == 0) {
			*out = json_incref(st->kept[i].value);
			return OK;
		}
	TRY(sha256_from_hex(sha256, &hash));
	e = st->store.ops->content(st->store.self, &hash, &bytes);
	if (e == ERR_NOT_FOUND) {
		*out = NULL;
		return OK;
	}
	TRY(e);
	TRY(json_read(buf_text(&bytes), bytes.len, MIB, RULES_STRICT, out));
	state_remember(st, sha256, *out);
	return OK;
}

/* A standard that this program cannot read counts nothing: a fold must not fail. */
static enum err load_standard(struct state *st, const char *sha256)
{
	AUTO(buf) bytes = BUF(MIB);
	json_auto_t *content = NULL;

	TRY(state_content(st, sha256, &content));
	standard_free(TAKE(st->counted_by));
	snprintf(st->counted_sha256, sizeof(st->counted_sha256), "%s", sha256);
	if (!content)
		return OK;
	st->counted_by = standard_loaded(sha256);
	if (st->counted_by)
		return OK;
	json_canonical(content, &bytes);
	if (standard_load(buf_text(&bytes), bytes.len, &st->counted_by) != OK)
		st->counted_by = NULL;
	return OK;
}

enum err state_standard(struct state *st, const struct standard **out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, STANDARD, BIND_NONE, &row);

	*out = NULL;
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	if (strcmp(rows_text(&row, 0), st->counted_sha256) != 0)
		TRY(load_standard(st, rows_text(&row, 0)));
	*out = st->counted_by;
	return OK;
}

enum err state_open_content(struct state *st, const char *sha256, bool open)
{
	return db_run(st->db, OPEN_CONTENT, BIND(text(sha256), num(open)));
}

static bool signed_by(const struct note *note, const struct vkey *key)
{
	for (size_t i = 0; i < note->sigs_n; i++) {
		const struct note_sig *sig = &note->sigs[i];

		if (sig->name_len == strlen(key->name) &&
			memcmp(sig->name, key->name, sig->name_len) == 0 &&
			memcmp(sig->id, key->id, sizeof(key->id)) == 0)
			return true;
	}
	return false;
}

/* The first of the department's keys, in the order of their grants, that signed and may sign, and
 * whether a key signed that may not do so any more. */
struct signers {
	const struct note *note;
	char *signer;
	bool revoked;
};

static bool try_key(void *arg, const struct vkey *key, bool revoked)
{
	struct signers *s = arg;
	AUTO(buf) vkey = BUF(KIB);

	if (!signed_by(s->note, key))
		return true;
	if (revoked) {
		s->revoked = true;
		return true;
	}
	vkey_text(key, &vkey);
	s->signer = buf_take(&vkey);
	return false;
}

/* A refused entry is journaled when it is submitted, but not when a verifier reads it from a
 * log. */
static void refused(const struct state *st, enum security kind)
{
	if (!st->replays)
		security_event(kind);
}

static enum err find_signer(
	struct state *st, const struct note *note, const char *department, struct event *ev)
{
	struct ledger l = ledger(st);
	struct signers signers = {.note = note};

	TRY(l.ops->keys(l.self, department, try_key, &signers));
	ev->signer = signers.signer;
	if (!ev->signer)
		refused(st, signers.revoked ? SECURITY_REVOKED_KEY : SECURITY_SIGNATURE);
	ENSURE(ev->signer || !signers.revoked, ERR_DENIED,
		"the key that signed this was revoked for department %s: ask the office for a new "
		"one",
		department);
	ENSURE(ev->signer, ERR_DENIED,
		"no key that was granted to department %s signed this: check the key file, or ask the "
		"office to grant its key",
		department);
	return OK;
}

/* The office's own department also has keys of other people. */
static enum err find_person(struct state *st, const struct note *note, struct event *ev)
{
	struct person named, signer;
	enum err e = person_find(st, ev->signed_by, &named);

	if (e == ERR_NOT_FOUND)
		refused(st, SECURITY_SIGNATURE);
	ENSURE(e != ERR_NOT_FOUND, ERR_DENIED, "nobody was appointed by the id %s", ev->signed_by);
	TRY(e);
	TRY(find_signer(st, note, named.department, ev));
	TRY(person_of_key(st, ev->signer, &signer));
	if (strcmp(signer.id, named.id) != 0)
		refused(st, SECURITY_SIGNATURE);
	ENSURE(strcmp(signer.id, named.id) == 0, ERR_DENIED,
		"the key that signed this is not one of the person %.8s…, who is named in it",
		named.id);
	return OK;
}

enum err state_identify(struct state *st, const void *entry, size_t len, struct event *ev)
{
	AUTOFREE struct note *note = NULL;

	if (!event_is_signed(ev))
		return OK;
	note = mem_new(sizeof(*note));
	TRY(note_parse(entry, len, note));
	return ev->department ? find_signer(st, note, ev->department, ev)
	                      : find_person(st, note, ev);
}

enum err state_check_signature(
	struct state *st, const void *entry, size_t len, const struct event *ev)
{
	char origin[KEY_NAME_MAX + 1];
	struct vkey key;
	enum err e;

	if (!event_is_signed(ev))
		return OK;
	TRY(state_origin(st, origin));
	TRY(vkey_parse(ev->signer, &key));
	e = event_verify(entry, len, ev, origin, &key);
	if (e == ERR_DENIED)
		refused(st, SECURITY_SIGNATURE);
	return e;
}

static enum err check_after(struct state *st, const struct event *ev)
{
	int64_t latest;

	TRY(state_after(st, ev->type->subject->name, ev->subject, &latest));
	ENSURE(ev->after == latest, ERR_CONFLICT,
		"%s \"%s\" changed meanwhile: this was made after entry %lld, but the latest is %lld. "
		"Look at what changed and send it again",
		ev->type->subject->name, ev->subject, (long long)ev->after, (long long)latest);
	return OK;
}

static enum err check_salt(const struct event *ev)
{
	const char *salt = json_str(ev->content, "salt");

	ENSURE(json_is_object(ev->content), ERR_INVALID, "%s: the content must be a JSON object",
		ev->type->name);
	ENSURE(!ev->type->salted ||
			(salt && strlen(salt) == 32 && strspn(salt, "0123456789abcdef") == 32),
		ERR_INVALID, "%s: the content's \"salt\" must be 32 random hexadecimal digits",
		ev->type->name);
	return OK;
}

enum err state_check(struct state *st, const void *entry, size_t len, const struct event *ev)
{
	char latest[TIME_TEXT];
	struct person signer;
	uint64_t size;
	enum err e;

	TRY(state_check_signature(st, entry, len, ev));
	TRY(check_after(st, ev));
	TRY(state_folded(st, &size, latest));
	TRY(event_time_check(ev, latest));
	if (ev->content)
		TRY(check_salt(ev));
	e = person_may_sign(st, ev, &signer);
	if (e == OK)
		e = ev->type->check(st, ev);
	if (e == ERR_DENIED && event_is_signed(ev) && !st->replays)
		security_event(SECURITY_RIGHTS);
	return e;
}

enum err state_also_after(
	struct state *st, const char *kind, const char *id, const struct event *ev)
{
	struct ledger l = ledger(st);

	return l.ops->set_after(l.self, kind, id, (int64_t)ev->index);
}

/* Nobody reads a question yet, and later events may change it. */
static enum err refresh_search(struct state *st, const struct event *ev)
{
	if (strcmp(ev->type->subject->name, "feedback") == 0 &&
		strcmp(ev->type->name, "feedback.received") != 0)
		return search_question(st, ev->subject);
	return OK;
}

enum err state_fold(struct state *st, const struct event *ev)
{
	struct ledger l = ledger(st);

	if (ev->sha256)
		TRY(db_run(st->db, ADD_CONTENT,
			BIND(text(ev->sha256), text(ev->media_type), num(ev->content_size),
				num(ev->type->public_content), num(event_may_erase(ev->type)))));
	TRY(incidents_open(st, ev->at));
	TRY(ev->type->fold(st, ev));
	TRY(person_signed_fold(st, ev));
	TRY(refresh_search(st, ev));
	TRY(state_also_after(st, ev->type->subject->name, ev->subject, ev));
	return l.ops->set_folded(l.self, ev->index + 1, ev->at);
}

static enum err fold_entry(void *arg, uint64_t index, const void *entry, size_t len)
{
	struct state *st = arg;
	AUTO(event) ev = {0};

	TRY(event_parse(entry, len, &ev));
	ev.index = index;
	TRY(state_identify(st, entry, len, &ev));
	if (ev.sha256 && !ev.type->media)
		TRY(state_content(st, ev.sha256, &ev.content));
	return state_fold(st, &ev);
}

enum err state_fold_on(struct state *st, uint64_t size)
{
	char at[TIME_TEXT];
	uint64_t folded;

	TRY(state_folded(st, &folded, at));
	return st->store.ops->entries(st->store.self, folded, size, fold_entry, st);
}
