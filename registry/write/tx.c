/* Work within a transaction: checks, appends and folds events, and judges records. writer.c begins
 * and ends the transactions. */
#include "base/crypto.h"
#include "registry/event/logged.h"
#include "registry/write/writer.h"

#include <stdlib.h>
#include <string.h>

SQL(ERASED, "tx.erased",
	"SELECT 1 FROM content_state WHERE sha256 = ?1 AND erased_entry IS NOT NULL");
/* The event's system, or the question's, and the systems that name it as their successor.
 * An id of a question is never a slug: it has 32 random digits. */
SQL(SHOWN_ON, "tx.shown_on",
	"SELECT slug FROM system WHERE slug = ?1 UNION ALL SELECT slug FROM system WHERE successor = ?1"
	" UNION ALL SELECT system FROM feedback WHERE id = ?1 AND system IS NOT NULL");

struct state *tx_state(struct tx *tx)
{
	return &tx->reg->state;
}

const struct env *tx_env(struct tx *tx)
{
	return &tx->reg->env;
}

static void touch_system(struct touched *t, const char *slug)
{
	if (t->n == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->systems = mem_resize(t->systems, t->room * sizeof(*t->systems));
	}
	t->systems[t->n++] = mem_text(slug);
}

void touched_cut(struct touched *t, size_t n, unsigned touches)
{
	while (t->n > n)
		free(t->systems[--t->n]);
	t->touches = touches;
}

void touched_done(struct touched *t)
{
	touched_cut(t, 0, 0);
	free(t->systems);
	*t = (struct touched){0};
}

/* Marks all systems whose pages show this event as changed. */
static enum err touch(struct reg *reg, const struct event *ev)
{
	AUTO(rows) rows = {0};

	reg->touched.touches |= ev->type->subject->touches;
	if (!(ev->type->subject->touches & TOUCHES_SYSTEMS))
		return OK;
	if (event_str(ev, "successor"))
		touch_system(&reg->touched, event_str(ev, "successor"));
	TRY(db_query(reg->db, SHOWN_ON, BIND(text(ev->subject)), &rows));
	while (rows_next(&rows))
		touch_system(&reg->touched, rows_text(&rows, 0));
	return rows_end(&rows);
}

/* The bytes of the content must match the event and must read back unchanged from the store. */
static enum err store_content(struct reg *reg, const struct event *ev, const void *data, size_t len)
{
	struct sha256 said, is = sha256_of(data, len), again;
	AUTO(buf) back = BUF(CONTENT_MAX);
	int64_t one;

	TRY(sha256_from_hex(ev->sha256, &said));
	ENSURE(sha256_equal(&said, &is) && (int64_t)len == ev->content_size, ERR_INVALID,
		"the content that came with this event is not the one it names");
	ENSURE(db_int(reg->db, ERASED, BIND(text(ev->sha256)), &one) == ERR_NOT_FOUND, ERR_GONE,
		"this very content was erased from the register; it cannot come back");
	TRY(reg->log.store.ops->put_content(reg->log.store.self, &is, data, len));
	TRY(reg->log.store.ops->content(reg->log.store.self, &is, &back));
	again = sha256_of(buf_text(&back), back.len);
	ENSURE(sha256_equal(&again, &is), ERR_CORRUPT,
		"a content read back from the database differs from what was written: check the disk");
	return OK;
}

/* Steps 1 to 3 for one event: form, permission, check, append, fold. A crash within the transaction
 * leaves nothing. */
static enum err add_entry(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index)
{
	struct reg *reg = tx->reg;
	AUTO(event) ev = {0};

	TRY(event_parse(entry, len, &ev));
	TRY(event_check_entry(entry, len, &ev));
	TRY(event_check_marks(&ev));
	ev.index = log_next(&reg->log);
	TRY(state_identify(&reg->state, entry, len, &ev));
	ENSURE((ev.sha256 != NULL) == (content_len > 0), ERR_INVALID,
		ev.sha256 ? "%s: its content is missing" : "%s carries no content", ev.type->name);
	if (ev.sha256)
		TRY(event_read_content(&ev, content, content_len, RULES_EXACT));
	ev.problems = tx->problems;
	TRY(state_check(&reg->state, entry, len, &ev));
	TRY(event_check_content(&ev));
	if (ev.sha256) {
		TRY(store_content(reg, &ev, content, content_len));
		if (ev.content)
			state_remember(&reg->state, ev.sha256, ev.content);
	}
	TRY(log_append(&reg->log, entry, len));
	TRY(state_fold(&reg->state, &ev));
	TRY(touch(reg, &ev));
	if (index)
		*index = ev.index;
	return OK;
}

enum err tx_add_signed(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index)
{
	AUTO(event) ev = {0};
	int64_t now;

	TRY(event_parse(entry, len, &ev));
	TRY(writer_now(tx->reg, &now));
	ENSURE(event_is_signed(&ev), ERR_DENIED,
		"%s by %s cannot be sent in: departments and people sign what they send",
		ev.type->name, ev.by);
	ENSURE(ev.time <= now + TIME_SLACK && ev.time >= now - TIME_SLACK, ERR_INVALID,
		"it was signed at %s, more than %d seconds from this register's time: set the "
		"clock, "
		"or sign again",
		ev.at, TIME_SLACK);
	return add_entry(tx, entry, len, content, content_len, index);
}

/* Time in the log never goes back, even if the machine's clock does so slightly. */
static enum err time_now(struct tx *tx, char out[TIME_TEXT])
{
	char now[TIME_TEXT];
	uint64_t size;
	int64_t at;

	TRY(writer_now(tx->reg, &at));
	time_text(at, now);
	TRY(state_folded(&tx->reg->state, &size, out));
	if (strcmp(now, out) > 0)
		memcpy(out, now, TIME_TEXT);
	return OK;
}

/* The time of the next entry is the time by which its record was judged, so that midnight cannot
 * come between. */
static enum err time_of_next(struct tx *tx, char out[TIME_TEXT])
{
	char folded[TIME_TEXT];
	uint64_t size;

	TRY(state_folded(&tx->reg->state, &size, folded));
	if (!tx->at[0] || strcmp(tx->at, folded) < 0)
		return time_now(tx, out);
	memcpy(out, tx->at, TIME_TEXT);
	return OK;
}

static void add_salt(struct tx *tx, json_t *content)
{
	uint8_t salt[16];
	char hex[33];

	env_random(&tx->reg->env, salt, sizeof(salt));
	hex_text(salt, sizeof(salt), hex);
	json_put(content, "salt", json_text(hex));
}

/* Prints the content and puts its name into the event. */
static void attach_content(struct tx *tx, const struct event_type *type, struct draft *d,
	json_t *event, struct buf *out)
{
	struct sha256 hash;
	char hex[SHA256_HEX];

	if (type->salted)
		add_salt(tx, d->content);
	json_canonical(d->content, out);
	hash = sha256_of(buf_text(out), out->len);
	sha256_hex(&hash, hex);
	json_put(event, "content",
		json_make("{s:s,s:I,s:s}", "sha256", hex, "size", (json_int_t)out->len, "type",
			"application/json"));
}

static enum err add_draft(struct tx *tx, struct draft *d, json_t *event, uint64_t *index)
{
	const struct event_type *type = event_type_named(d->type);
	AUTO(buf) content = BUF(MIB), line = BUF(EVENT_LINE_MAX);
	char at[TIME_TEXT];
	int64_t after;

	TRY(time_of_next(tx, at));
	TRY(state_after(&tx->reg->state, type->subject->name, d->subject, &after));
	/* Before any check, so that the checked text is the stored text. */
	json_settle(d->content);
	json_settle(d->members);
	if (d->members)
		json_object_update(event, d->members);
	json_put(event, "type", json_text(d->type));
	json_put(event, "by", json_text(d->by));
	json_put(event, "at", json_text(at));
	json_put(event, "after", json_integer(after));
	json_put(event, type->subject->name, json_text(d->subject));
	if (d->content)
		attach_content(tx, type, d, event, &content);
	json_canonical(event, &line);
	buf_putc(&line, '\n');
	TRY(buf_check(&line, "an event"));
	TRY(buf_check(&content, "a content"));
	return add_entry(tx, line.data, line.len, content.data, content.len, index);
}

enum err tx_add(struct tx *tx, struct draft draft, uint64_t *index)
{
	json_t *event = json_object();
	enum err e = add_draft(tx, &draft, event, index);

	json_decref(event);
	json_decref(draft.members);
	json_decref(draft.content);
	return e;
}

void tx_touch(struct tx *tx, enum touches what)
{
	tx->reg->touched.touches |= what;
}

void tx_problems(struct tx *tx, json_t *problems)
{
	tx->problems = problems;
}

enum err tx_part(struct tx *tx, bool keep, enum err (*run)(struct tx *tx, void *arg), void *arg)
{
	struct reg *reg = tx->reg;
	const struct store *store = &reg->log.store;
	uint64_t next = log_next(&reg->log);
	size_t touched = reg->touched.n;
	unsigned touches = reg->touched.touches;
	enum err e;

	TRY(store->ops->mark(store->self));
	e = run(tx, arg);
	if (e == OK && keep)
		return store->ops->keep(store->self);
	state_remember(&reg->state, NULL, NULL); /* the cache may have undone state */
	store->ops->undo(store->self);
	log_forget(&reg->log, next);
	touched_cut(&reg->touched, touched, touches);
	return e;
}

/* Reads the set again if another one is in force, also within the transaction that changed it.
 * After a rollback the names differ again. */
static enum err ready_to_judge(struct tx *tx)
{
	struct snapshot snap = state_snapshot(&tx->reg->state);

	return policies_refresh(&snap, &tx->reg->policies);
}

/* Judges by the policies that ready_to_judge() loaded. */
static enum err judge(
	struct tx *tx, const json_t *record, const struct judge_with *with, json_t **out)
{
	const struct policies *policies = &tx->reg->policies;
	struct judge *judge;
	enum err e;

	if (tx->judging && !tx->judging->within)
		return judging_ask(tx->judging, policies->key, record, with, out);
	judge = judge_new(reg_program());
	e = judge_with(judge, policies, record, with, out);
	judge_free(judge);
	return e;
}

enum err tx_judge(
	struct tx *tx, const char *system, const json_t *record, const json_t *before, json_t **out)
{
	const struct policies *policies = &tx->reg->policies;
	struct logged_of of = {.system = system, .at = tx->at};
	json_auto_t *given = NULL;

	TRY(ready_to_judge(tx));
	*out = NULL;
	if (!policies->n)
		return OK;
	TRY(time_now(tx, tx->at));
	TRY(logged_given(&tx->reg->state, &of, record, policies, &given));
	return judge(tx, record, &(struct judge_with){.given = given, .before = before}, out);
}

bool tx_runs_again(const struct tx *tx)
{
	return tx->judging && tx->judging->waits;
}

enum err tx_judge_filing(struct tx *tx, const json_t *record)
{
	json_auto_t *judgement = NULL, *sound = NULL;
	json_auto_t *problems = tx->problems ? json_incref(tx->problems) : json_array();
	size_t before = json_array_size(problems), broken;

	if (!judgement_sound(record, problems, &sound))
		return OK; /* the event is refused for that */
	TRY(ready_to_judge(tx));
	if (tx->reg->policies.n)
		TRY(judge(tx, sound, &(struct judge_with){0}, &judgement));
	if (judgement)
		judgement_check(&tx->reg->policies, sound, judgement, problems);
	judgement_check_names(&tx->reg->policies, sound, problems);
	broken = json_array_size(problems) - before;
	ENSURE(!broken, ERR_INVALID,
		broken == 1
			? "the record breaks %zu rule of the policies in force; nothing was filed"
			: "the record breaks %zu rules of the policies in force; nothing was filed",
		broken);
	return OK;
}

enum err tx_reload_signer(struct tx *tx, struct log_keys *out)
{
	struct reg *reg = tx->reg;

	TRY(signer_reload(reg->signer));
	TRY(writer_check_keys(reg));
	*out = *signer_keys(reg->signer);
	return OK;
}

enum err tx_root(struct tx *tx, uint64_t size, struct sha256 *out)
{
	const struct log *log = &tx->reg->log;
	struct nodes nodes = log_nodes(&log->store);

	ENSURE(size > 0 && size <= log->size, ERR_INVALID, "the log has %llu entries, not %llu",
		(unsigned long long)log->size, (unsigned long long)size);
	return merkle_root_of(&nodes, size, out);
}

const struct log_keys *tx_keys(struct tx *tx)
{
	return reg_keys(tx->reg);
}
