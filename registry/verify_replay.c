#include "registry/verify_parts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { MISS, ERASED_BEFORE, SERVED, LOST, CONTENTS, COUNTS };
static const struct sql sql[] = {
	[MISS] = {"verify.miss", "INSERT INTO missing (sha256, entry, gone) VALUES (?1, ?2, ?3)"
				 " ON CONFLICT DO NOTHING"},
	[ERASED_BEFORE] = {"verify.erased_before",
		"SELECT erased_entry FROM content_state"
		" WHERE sha256 = ?1 AND erased_entry IS NOT NULL"},
	[SERVED] = {"verify.served",
		"SELECT sha256, erased_entry FROM content_state WHERE erased_entry IS NOT NULL"
		" AND sha256 NOT IN (SELECT sha256 FROM missing) ORDER BY erased_entry LIMIT 1",
		"asked once, at the end of a verification"},
	[LOST] = {"verify.lost",
		"SELECT m.sha256, m.entry, m.gone FROM missing m JOIN content_state c"
		" ON c.sha256 = m.sha256 WHERE c.erased_entry IS NULL AND (m.gone OR c.public)"
		" ORDER BY m.entry LIMIT 1",
		"asked once, at the end of a verification"},
	[CONTENTS] = {"verify.contents",
		"SELECT count(*), count(erased_entry), (SELECT count(*) FROM missing m JOIN"
		" content_state c ON c.sha256 = m.sha256 WHERE c.erased_entry IS NULL)"
		" FROM content_state",
		"asked once, at the end of a verification"},
	[COUNTS] = {"verify.counts",
		"SELECT (SELECT count(*) FROM system WHERE version > 0),"
		" (SELECT count(*) FROM department), (SELECT count(*) FROM feedback)",
		"asked once, at the end of a verification"},
};
const struct sql_table verify_replay_sql = SQL_TABLE(sql);

/* What events speak of and the source does not give. */
#define MISSING_TABLE                                                                 \
	"CREATE TEMP TABLE missing (sha256 TEXT PRIMARY KEY, entry INTEGER NOT NULL," \
	" gone INTEGER NOT NULL) STRICT"

enum err verify_found(enum err e, const char *fmt, ...)
{
	char place[256];
	va_list ap;

	if (e == OK || e == ERR_SYSTEM || e == ERR_BUSY)
		return e;
	va_start(ap, fmt);
	vsnprintf(place, sizeof(place), fmt, ap);
	va_end(ap);
	return fail(ERR_FALSE, "%s: %s", place, err_why());
}

/* --- the store that checks and folds see: the source's contents, and nothing to write --- */

static enum err read_content(void *self, const struct sha256 *hash, struct buf *out)
{
	const struct source *source = self;
	enum err e = source->ops->content(source->self, hash, out);

	return e == ERR_GONE || e == ERR_DENIED ? ERR_NOT_FOUND : e;
}

/* The fold erases what a content.erased event names; here that was done long ago, or it is
 * found out by replay_contents(). */
static enum err erase_nothing(void *self, const struct sha256 *hash)
{
	(void)self;
	(void)hash;
	return OK;
}

static const struct store_ops read_only = {
	.content = read_content,
	.erase_content = erase_nothing,
};

enum err replay_open(const struct source *source, const char *origin, struct replay *r)
{
	*r = (struct replay){.source = source, .origin = origin, .bytes = BUF(MIB)};
	TRY(scratch_open(&r->db));
	TRY(state_create(r->db));
	TRY(db_exec(r->db, MISSING_TABLE));
	r->state = (struct state){.db = r->db, .store = {&read_only, (void *)source}};
	return OK;
}

void replay_done(struct replay *r)
{
	standard_free(r->standard);
	state_done(&r->state);
	db_free(r->db);
	buf_done(&r->bytes);
}

static enum err take_standard(struct replay *r)
{
	struct standard *standard = NULL;

	TRY(standard_load(buf_text(&r->bytes), r->bytes.len, &standard));
	standard_free(r->standard);
	r->standard = standard;
	r->state.standard = standard;
	return OK;
}

/* Whether an entry erased it, or it is not public yet, shows only once all are replayed. But
 * nothing that was erased comes back. */
static enum err miss(struct replay *r, const struct event *ev, bool gone)
{
	int64_t erased;
	enum err e = db_int(r->db, &sql[ERASED_BEFORE], BIND(text(ev->sha256)), &erased);

	ENSURE(e != OK, ERR_FALSE, "it speaks of content %s, which entry %" PRId64 " had erased",
		ev->sha256, erased);
	if (e != ERR_NOT_FOUND)
		return e;
	return db_run(
		r->db, &sql[MISS], BIND(text(ev->sha256), num((int64_t)ev->index), num(gone)));
}

static enum err check_bytes(
	const struct event *ev, const struct sha256 *said, const struct buf *bytes)
{
	struct sha256 is = sha256_of(buf_text(bytes), bytes->len);

	ENSURE(sha256_equal(said, &is), ERR_FALSE, "its bytes have another SHA-256");
	ENSURE((int64_t)bytes->len == json_num(ev->content_of, "size"), ERR_FALSE,
		"it has %zu bytes, not %lld", bytes->len,
		(long long)json_num(ev->content_of, "size"));
	return OK;
}

static enum err take_content(struct replay *r, struct event *ev)
{
	struct sha256 said;
	enum err e;

	TRY(sha256_from_hex(ev->sha256, &said));
	buf_clear(&r->bytes);
	e = r->source->ops->content(r->source->self, &said, &r->bytes);
	if (e == ERR_GONE || e == ERR_DENIED)
		return miss(r, ev, e == ERR_GONE);
	if (e == OK)
		e = check_bytes(ev, &said, &r->bytes);
	TRY(verify_found(e, "content %s", ev->sha256));
	TRY(json_read(buf_text(&r->bytes), r->bytes.len, ev->type->content_max, RULES_STRICT,
		&ev->content));
	state_remember(&r->state, ev->sha256, ev->content);
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

static enum err replay_event(struct replay *r, struct event *ev, const void *entry, size_t len)
{
	if (ev->index == 0)
		TRY(check_first(r, ev));
	TRY(state_identify(&r->state, entry, len, ev));
	if (ev->sha256)
		TRY(take_content(r, ev));
	TRY(state_check(&r->state, entry, len, ev));
	r->signatures += ev->department != NULL;
	TRY(state_fold(&r->state, ev));
	if (strcmp(ev->type->subject, "standard") == 0)
		TRY(take_standard(r));
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
	enum err e = db_one(r->db, &sql[SERVED], BIND_NONE, &row);

	ENSURE(e != OK, ERR_FALSE, "content %s was erased by entry %lld, and is still there",
		rows_text(&row, 0), (long long)rows_int(&row, 1));
	return e == ERR_NOT_FOUND ? OK : e;
}

enum err replay_contents(struct replay *r)
{
	AUTO(rows) row = {0};
	enum err e = db_one(r->db, &sql[LOST], BIND_NONE, &row);

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

	TRY(db_one(r->db, &sql[CONTENTS], BIND_NONE, &contents));
	out->erased = (uint64_t)rows_int(&contents, 1);
	out->hidden = (uint64_t)rows_int(&contents, 2);
	out->contents = (uint64_t)rows_int(&contents, 0) - out->erased - out->hidden;
	TRY(db_one(r->db, &sql[COUNTS], BIND_NONE, &counts));
	out->systems = (uint64_t)rows_int(&counts, 0);
	out->departments = (uint64_t)rows_int(&counts, 1);
	out->questions = (uint64_t)rows_int(&counts, 2);
	return OK;
}
