#include "registry/verify/verify_parts.h"

#include "registry/event/fold.h"
#include "registry/event/lists.h"
#include "registry/event/logged.h"
#include "registry/write/register.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SQL(MISS, "verify.miss",
	"INSERT INTO missing (sha256, entry, gone) VALUES (?1, ?2, ?3)"
	" ON CONFLICT DO NOTHING");
SQL(FOUND, "verify.found", "DELETE FROM missing WHERE sha256 = ?1");
SQL(WANTED, "verify.wanted",
	"SELECT m.sha256, c.size FROM missing m JOIN content_state c ON c.sha256 = m.sha256"
	" WHERE c.erased_entry IS NULL AND c.public ORDER BY m.entry",
	"few are missing");
SQL(ERASED_SINCE, "verify.erased_since",
	"SELECT sha256, erased_entry FROM content_state WHERE erased_entry >= ?1"
	" AND sha256 NOT IN (SELECT sha256 FROM missing)",
	"asked once, at the end of a verification");
SQL(SYSTEMS, "verify.systems", "SELECT DISTINCT system FROM filing WHERE sha256 = ?1");
SQL(STANDARD, "verify.standard", "SELECT sha256 FROM standard ORDER BY version DESC LIMIT 1",
	"walks the primary key backwards and stops at the first");
SQL(ERASED_BEFORE, "verify.erased_before",
	"SELECT erased_entry FROM content_state"
	" WHERE sha256 = ?1 AND erased_entry IS NOT NULL");
SQL(SERVED, "verify.served",
	"SELECT sha256, erased_entry FROM content_state WHERE erased_entry IS NOT NULL"
	" AND sha256 NOT IN (SELECT sha256 FROM missing) ORDER BY erased_entry LIMIT 1",
	"asked once, at the end of a verification");
SQL(LOST, "verify.lost",
	"SELECT m.sha256, m.entry, m.gone FROM missing m JOIN content_state c"
	" ON c.sha256 = m.sha256 WHERE c.erased_entry IS NULL AND (m.gone OR c.public)"
	" ORDER BY m.entry LIMIT 1",
	"asked once, at the end of a verification");
SQL(CONTENTS, "verify.contents",
	"SELECT count(*), count(erased_entry), (SELECT count(*) FROM missing m JOIN"
	" content_state c ON c.sha256 = m.sha256 WHERE c.erased_entry IS NULL)"
	" FROM content_state",
	"asked once, at the end of a verification");
SQL(COUNTS, "verify.counts",
	"SELECT (SELECT count(*) FROM system WHERE version > 0),"
	" (SELECT count(*) FROM department), (SELECT count(*) FROM feedback)",
	"asked once, at the end of a verification");

/* Contents that events name and the source does not give. */
#define MISSING_TABLE                                                                          \
	"CREATE TEMP TABLE IF NOT EXISTS missing (sha256 TEXT PRIMARY KEY, entry INTEGER NOT " \
	"NULL,"                                                                                \
	" gone INTEGER NOT NULL) STRICT"

enum err verify_found(enum err e, const char *fmt, ...)
{
	char place[ERR_WHY_MAX / 2];
	va_list ap;

	if (e == OK || e == ERR_SYSTEM || e == ERR_BUSY)
		return e;
	va_start(ap, fmt);
	vsnprintf(place, sizeof(place), err_text(fmt), ap);
	va_end(ap);
	return fail(ERR_FALSE, "%s: %s", place, err_why());
}

/* --- the store for checks and folds: the source's contents, read-only --- */

static enum err read_content(void *self, const struct sha256 *hash, struct buf *out)
{
	const struct source *source = self;
	enum err e = source->ops->content(source->self, hash, out);
	struct sha256 is;

	if (e == ERR_GONE || e == ERR_DENIED)
		return ERR_NOT_FOUND;
	TRY(e);
	is = sha256_of(buf_text(out), out->len);
	ENSURE(sha256_equal(&is, hash), ERR_FALSE, "its bytes have another SHA-256");
	return OK;
}

/* The fold erases the content of a content.erased event; here that happened long ago, or
 * replay_contents() detects that it did not. */
static enum err erase_nothing(void *self, const struct sha256 *hash)
{
	return OK;
}

static const struct store_ops read_only = {
	.content = read_content,
	.erase_content = erase_nothing,
};

static enum err take_standard(struct replay *r)
{
	struct standard *standard = NULL;

	TRY(standard_load(buf_text(&r->bytes), r->bytes.len, &standard));
	standard_free(r->standard);
	r->standard = standard;
	r->state.standard = standard;
	return OK;
}

/* The newest standard of an existing read model. */
static enum err load_standard(struct replay *r)
{
	AUTO(rows) row = {0};
	struct sha256 hash;
	enum err e = db_one(r->db, STANDARD, BIND_NONE, &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(sha256_from_hex(rows_text(&row, 0), &hash));
	buf_clear(&r->bytes);
	e = r->state.store.ops->content(r->state.store.self, &hash, &r->bytes);
	ENSURE(e != ERR_NOT_FOUND, ERR_FALSE, "content %s, the standard, is missing",
		rows_text(&row, 0));
	TRY(verify_found(e, "content %s, the standard", rows_text(&row, 0)));
	return take_standard(r);
}

enum err replay_resume(const struct source *source, const char *origin, struct db *db,
	const struct store *store, struct replay *r)
{
	*r = (struct replay){
		.source = source, .origin = origin, .db = db, .bytes = BUF(CONTENT_MAX)};
	r->state = (struct state){.db = db, .store = {&read_only, (void *)source}, .replays = true};
	if (store)
		r->state.store = *store;
	TRY(db_exec(db, MISSING_TABLE));
	return load_standard(r);
}

enum err replay_open(const struct source *source, const char *origin, struct replay *r)
{
	struct db *db = NULL;
	char *lists = NULL;
	enum err e;

	TRY(scratch_open(&db));
	e = state_create_for_folds(db);
	if (e == OK)
		e = lists_put_off(db, &lists);
	if (e == OK)
		e = replay_resume(source, origin, db, NULL, r);
	r->db = db;
	r->own = true;
	r->lists = lists;
	r->state.unindexed = true;
	r->memory = memory_new(db);
	r->state.ledger = memory_ledger(r->memory);
	return e;
}

void replay_done(struct replay *r)
{
	standard_free(r->standard);
	free(r->lists);
	policies_done(&r->policies);
	judge_free(r->judge);
	state_done(&r->state);
	if (r->own)
		db_free(r->db);
	memory_free(r->memory);
	buf_done(&r->bytes);
}

/* Whether an entry erased it, or it is not public yet, is known only after the replay. But an
 * erased content must not return. */
static enum err miss(struct replay *r, const struct event *ev, enum err how)
{
	AUTOFREE char *why = mem_text(err_why());
	int64_t erased;
	enum err e;

	r->ungiven = r->ungiven || how == ERR_NOT_FOUND;
	r->withheld = how == ERR_NOT_FOUND && !event_may_erase(ev->type);
	ENSURE(!r->withheld, ERR_FALSE, "content %s, which is never erased, is not given (%s)",
		ev->sha256, why);
	ENSURE(event_may_erase(ev->type), ERR_FALSE,
		"content %s is missing, and what %s speaks of is never erased", ev->sha256,
		ev->type->name);
	e = db_int(r->db, ERASED_BEFORE, BIND(text(ev->sha256)), &erased);

	ENSURE(e != OK, ERR_FALSE, "it speaks of content %s, which entry %" PRId64 " had erased",
		ev->sha256, erased);
	if (e != ERR_NOT_FOUND)
		return e;
	return db_run(
		r->db, MISS, BIND(text(ev->sha256), num((int64_t)ev->index), num(how == ERR_GONE)));
}

static enum err check_bytes(
	const struct event *ev, const struct sha256 *said, const struct buf *bytes)
{
	struct sha256 is = sha256_of(buf_text(bytes), bytes->len);

	ENSURE(sha256_equal(said, &is), ERR_FALSE, "its bytes have another SHA-256");
	ENSURE((int64_t)bytes->len == ev->content_size, ERR_FALSE, "it has %zu bytes, not %lld",
		bytes->len, (long long)ev->content_size);
	return OK;
}

static enum err take_content(struct replay *r, struct event *ev)
{
	struct sha256 said;
	enum err e;

	TRY(sha256_from_hex(ev->sha256, &said));
	buf_clear(&r->bytes);
	e = r->source->ops->content(r->source->self, &said, &r->bytes);
	if (e == ERR_GONE || e == ERR_DENIED || e == ERR_NOT_FOUND)
		return miss(r, ev, e);
	if (e == OK)
		e = check_bytes(ev, &said, &r->bytes);
	TRY(verify_found(e, "content %s", ev->sha256));
	TRY(event_read_content(ev, buf_text(&r->bytes), r->bytes.len, RULES_STRICT));
	if (ev->content)
		state_remember(&r->state, ev->sha256, ev->content);
	return OK;
}

/* Does what the fold would have done if the content had been there. */
static enum err refresh(struct replay *r, const char *sha256)
{
	AUTO(rows) rows = {0};

	TRY(attachments_open(&r->state, sha256));
	TRY(db_query(r->db, SYSTEMS, BIND(text(sha256)), &rows));
	while (rows_next(&rows))
		TRY(system_refresh(&r->state, rows_text(&rows, 0)));
	return rows_end(&rows);
}

static enum err ask_again(struct replay *r, const char *sha256, int64_t size, bool *found)
{
	struct sha256 said;
	enum err e;

	TRY(sha256_from_hex(sha256, &said));
	buf_clear(&r->bytes);
	e = r->state.store.ops->content(r->state.store.self, &said, &r->bytes);
	if (e == ERR_NOT_FOUND)
		return OK;
	if (e == OK && (int64_t)r->bytes.len != size)
		e = fail(ERR_FALSE, "it has %zu bytes, not %" PRId64, r->bytes.len, size);
	TRY(verify_found(e, "content %s", sha256));
	TRY(db_run(r->db, FOUND, BIND(text(sha256))));
	*found = true;
	return refresh(r, sha256);
}

/* Pairs of a SHA-256 and a number, listed before any is handled, because that changes the table
 * being read. */
static enum err list(struct replay *r, const struct sql *query, const struct val *args, json_t *out)
{
	AUTO(rows) rows = {0};

	TRY(db_query(r->db, query, args, &rows));
	while (rows_next(&rows))
		json_push(out, json_make("{s:s,s:I}", "sha256", rows_text(&rows, 0), "n",
				       (json_int_t)rows_int(&rows, 1)));
	return rows_end(&rows);
}

static enum err ask_for_all(struct replay *r, bool *found)
{
	json_auto_t *wanted = json_array();

	*found = false;
	TRY(list(r, WANTED, BIND_NONE, wanted));
	json_each (wanted, one)
		TRY(ask_again(r, json_str(one, "sha256"), json_num(one, "n"), found));
	return OK;
}

enum err replay_ask_again(struct replay *r)
{
	bool found = true;

	while (found) /* a record that is found names more files */
		TRY(ask_for_all(r, &found));
	return OK;
}

enum err replay_lacks(struct replay *r, uint64_t *n, char first[SHA256_HEX])
{
	json_auto_t *lacking = json_array();

	TRY(list(r, WANTED, BIND_NONE, lacking));
	*n = json_array_size(lacking);
	snprintf(first, SHA256_HEX, "%s", *n ? json_str(json_array_get(lacking, 0), "sha256") : "");
	return OK;
}

static enum err ask_erased(struct replay *r, const char *sha256, int64_t entry)
{
	struct sha256 hash;
	enum err e;

	TRY(sha256_from_hex(sha256, &hash));
	buf_clear(&r->bytes);
	e = r->source->ops->content(r->source->self, &hash, &r->bytes);
	if (e == ERR_GONE || e == ERR_DENIED || e == ERR_NOT_FOUND)
		return db_run(r->db, MISS, BIND(text(sha256), num(entry), num(1)));
	return verify_found(e, "content %s", sha256);
}

enum err replay_ask_erased(struct replay *r, uint64_t from)
{
	json_auto_t *erased = json_array();

	TRY(list(r, ERASED_SINCE, BIND(num((int64_t)from)), erased));
	json_each (erased, one)
		TRY(ask_erased(r, json_str(one, "sha256"), json_num(one, "n")));
	return OK;
}

static enum err check_first(const struct replay *r, const struct event *ev)
{
	ENSURE(strcmp(ev->type->name, "register.opened") == 0, ERR_FALSE,
		"a log begins with register.opened, not with %s", ev->type->name);
	ENSURE(strcmp(ev->subject, r->origin) == 0, ERR_FALSE,
		"it opens the register %s, but the checkpoint is of %s", ev->subject, r->origin);
	return OK;
}

static bool has_failed(const json_t *judgement)
{
	json_each (json_object_get(judgement, "policies"), one) {
		if (json_str(one, "failed"))
			return true;
	}
	return false;
}

/* An earlier record was erased after this judgement, so the days that its policies received are
 * lost: the result is accepted there, and the rest is compared. */
static void pass_over_given(const json_t *given, const json_t *said, json_t *judgement)
{
	json_t *list = json_object_get(judgement, "policies");

	json_each_at (list, i, one) {
		json_t *other = json_array_get(json_object_get(said, "policies"), i);

		if (other && json_object_get(given, json_str(one, "policy")))
			json_array_set(list, i, other);
	}
	json_put(judgement, "level", json_incref(json_object_get(said, "level")));
	if (json_object_get(said, "review_months"))
		json_put(judgement, "review_months",
			json_incref(json_object_get(said, "review_months")));
	else
		json_object_del(judgement, "review_months");
}

static enum err judge_as_then(
	struct replay *r, const struct event *ev, const json_t *record, json_t **out)
{
	const struct snapshot snap = state_snapshot(&r->state);
	struct logged_of of = {.system = ev->subject};
	json_auto_t *given = NULL;

	if (!r->judge)
		r->judge = judge_new(reg_program());
	TRY(policies_refresh(&snap, &r->policies));
	TRY(logged_given(&r->state, &of, record, &r->policies, &given));
	TRY(judge_with(r->judge, &r->policies, record, &(struct judge_with){.given = given}, out));
	if (of.unsure && !json_equal(*out, ev->content))
		pass_over_given(given, ev->content, *out);
	return OK;
}

/* Runs the policies' programs again to check the register's judgement. A judgement that says that a
 * program was stopped claims nothing, and its page says so. */
static enum err check_judged(struct replay *r, const struct event *ev)
{
	json_auto_t *record = NULL, *judgement = NULL;

	if (!ev->content || has_failed(ev->content))
		return OK;
	TRY(system_record(&r->state, ev->subject, &record));
	if (!record)
		return OK;
	TRY(judge_as_then(r, ev, record, &judgement));
	ENSURE(json_equal(judgement, ev->content), ERR_FALSE,
		"the policies in force derive another level, or give other reasons or duties, than it "
		"says (level %s, it says %s)",
		json_str(judgement, "level") ? json_str(judgement, "level") : "none",
		json_str(ev->content, "level") ? json_str(ev->content, "level") : "none");
	r->judged++;
	return OK;
}

static enum err replay_event(struct replay *r, struct event *ev, const void *entry, size_t len)
{
	if (ev->index == 0)
		TRY(check_first(r, ev));
	TRY(state_identify(&r->state, entry, len, ev));
	if (ev->sha256)
		TRY(take_content(r, ev));
	ev->pool = r->pool;
	TRY(state_check(&r->state, entry, len, ev));
	r->signatures += event_is_signed(ev);
	TRY(state_fold(&r->state, ev));
	if (strcmp(ev->type->name, "system.published") == 0 ||
		strcmp(ev->type->name, "system.judged") == 0)
		TRY(check_judged(r, ev));
	if (ev->type->subject->touches & TOUCHES_STANDARD) {
		TRY(take_standard(r));
		r->standards++;
	}
	return OK;
}

enum err replay_entry(struct replay *r, uint64_t index, const void *entry, size_t len)
{
	AUTO(event) ev = {0};
	enum err e = event_parse(entry, len, &ev);

	ev.index = index;
	if (e == OK)
		e = replay_event(r, &ev, entry, len);
	return verify_found(e, "entry %" PRIu64, index);
}

static enum err check_served(struct replay *r)
{
	AUTO(rows) row = {0};
	enum err e = db_one(r->db, SERVED, BIND_NONE, &row);

	ENSURE(e != OK, ERR_FALSE, "content %s was erased by entry %lld, and is still there",
		rows_text(&row, 0), (long long)rows_int(&row, 1));
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err replay_contents(struct replay *r)
{
	AUTO(rows) row = {0};
	enum err e = db_one(r->db, LOST, BIND_NONE, &row);

	ENSURE(e != OK, ERR_FALSE,
		rows_int(&row, 2)
			? "content %s, of entry %lld, is gone, and no entry erased it"
			: "content %s, of entry %lld, is public by the log, but is kept back",
		rows_text(&row, 0), (long long)rows_int(&row, 1));
	return e == ERR_NOT_FOUND ? check_served(r) : e;
}

enum err replay_count(struct replay *r, struct verified *out)
{
	AUTO(rows) contents = {0}, counts = {0};

	TRY(db_one(r->db, CONTENTS, BIND_NONE, &contents));
	out->erased = (uint64_t)rows_int(&contents, 1);
	out->hidden = (uint64_t)rows_int(&contents, 2);
	out->contents = (uint64_t)rows_int(&contents, 0) - out->erased - out->hidden;
	TRY(db_one(r->db, COUNTS, BIND_NONE, &counts));
	out->systems = (uint64_t)rows_int(&counts, 0);
	out->departments = (uint64_t)rows_int(&counts, 1);
	out->questions = (uint64_t)rows_int(&counts, 2);
	return OK;
}
