/* The order of a write, step by step. At each step the comment says what a crash right after
 * it leaves behind. */
#include "registry/writer.h"

#include "base/crypto.h"
#include "registry/log_key.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NEWEST_STANDARD, ERASED, SYSTEM_OF, PREDECESSORS };
static const struct sql sql[] = {
	[NEWEST_STANDARD] = {"writer.newest_standard",
		"SELECT version, sha256 FROM standard ORDER BY version DESC LIMIT 1",
		"walks the primary key backwards and stops at the first"},
	[ERASED] = {"writer.erased",
		"SELECT 1 FROM content_state WHERE sha256 = ?1 AND erased_entry IS NOT NULL"},
	[SYSTEM_OF] = {"writer.system_of", "SELECT system FROM feedback WHERE id = ?1"},
	[PREDECESSORS] = {"writer.predecessors", "SELECT slug FROM system WHERE successor = ?1"},
};
const struct sql_table writer_sql = SQL_TABLE(sql);

struct tx {
	struct reg *reg;
};

struct state *tx_state(struct tx *tx)
{
	return &tx->reg->state;
}

const struct env *tx_env(struct tx *tx)
{
	return &tx->reg->env;
}

static void touch(struct touched *t, const char *kind, const char *id)
{
	if (t->n == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->subjects = mem_resize(t->subjects, t->room * sizeof(*t->subjects));
	}
	t->subjects[t->n++] = mem_printf("%s/%s", kind, id);
}

static void touched_cut(struct touched *t, size_t n)
{
	while (t->n > n)
		free(t->subjects[--t->n]);
}

void touched_done(struct touched *t)
{
	touched_cut(t, 0);
	free(t->subjects);
	*t = (struct touched){0};
}

/* The systems that a query names for an event. */
static enum err touch_found(struct reg *reg, const struct sql *query, const struct event *ev)
{
	AUTO(rows) rows = {0};

	TRY(db_query(reg->db, query, BIND(text(ev->subject)), &rows));
	while (rows_next(&rows))
		touch(&reg->touched, "system", rows_text(&rows, 0));
	return rows_end(&rows);
}

/* All whose pages show this event: its subject, the system that a question is about, the
 * successor of a retired one, and those that name this one as theirs. */
static enum err touch_all(struct reg *reg, const struct event *ev)
{
	const char *kind = ev->type->subject;

	touch(&reg->touched, kind, ev->subject);
	if (strcmp(kind, "feedback") == 0)
		TRY(touch_found(reg, &sql[SYSTEM_OF], ev));
	if (strcmp(kind, "system") == 0)
		TRY(touch_found(reg, &sql[PREDECESSORS], ev));
	if (event_str(ev, "successor"))
		touch(&reg->touched, "system", event_str(ev, "successor"));
	if (strcmp(kind, "standard") == 0)
		reg->touched.standard = true;
	if (strcmp(kind, "log") == 0)
		reg->touched.keys = true;
	return OK;
}

/* The content's bytes must be what the event says; stored, they must read back the same. */
static enum err store_content(struct reg *reg, const struct event *ev, const void *data, size_t len)
{
	struct sha256 said, is = sha256_of(data, len), again;
	AUTO(buf) back = BUF(CONTENT_MAX);
	int64_t one;

	TRY(sha256_from_hex(ev->sha256, &said));
	ENSURE(sha256_equal(&said, &is) && (int64_t)len == ev->content_size, ERR_INVALID,
		"the content that came with this event is not the one it names");
	ENSURE(db_int(reg->db, &sql[ERASED], BIND(text(ev->sha256)), &one) == ERR_NOT_FOUND,
		ERR_GONE, "this very content was erased from the register; it cannot come back");
	TRY(reg->log.store.ops->put_content(reg->log.store.self, &is, data, len));
	TRY(reg->log.store.ops->content(reg->log.store.self, &is, &back));
	again = sha256_of(buf_text(&back), back.len);
	ENSURE(sha256_equal(&again, &is), ERR_CORRUPT,
		"a content reads back other than it was written");
	return OK;
}

/* Steps 1 to 3 for one event: form, who may, check, append, fold. In the transaction: a crash
 * leaves nothing. */
static enum err add_entry(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index)
{
	struct reg *reg = tx->reg;
	AUTO(event) ev = {0};

	TRY(event_parse(entry, len, &ev));
	ev.index = log_next(&reg->log);
	TRY(state_identify(&reg->state, entry, len, &ev));
	ENSURE((ev.sha256 != NULL) == (content_len > 0), ERR_INVALID,
		ev.sha256 ? "%s: its content is missing" : "%s carries no content", ev.type->name);
	if (ev.sha256)
		TRY(event_read_content(&ev, content, content_len));
	TRY(state_check(&reg->state, entry, len, &ev));
	if (ev.sha256) {
		TRY(store_content(reg, &ev, content, content_len));
		if (ev.content)
			state_remember(&reg->state, ev.sha256, ev.content);
	}
	TRY(log_append(&reg->log, entry, len));
	TRY(state_fold(&reg->state, &ev));
	TRY(touch_all(reg, &ev));
	if (index)
		*index = ev.index;
	return OK;
}

enum err tx_add_signed(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index)
{
	AUTO(event) ev = {0};
	int64_t now = env_now(&tx->reg->env);

	TRY(event_parse(entry, len, &ev));
	ENSURE(ev.department, ERR_DENIED,
		"%s by %s cannot be sent in: departments sign what they send", ev.type->name,
		ev.by);
	ENSURE(ev.time <= now + TIME_SLACK && ev.time >= now - TIME_SLACK, ERR_INVALID,
		"it was signed at %s, more than %d seconds from this register's time: set the "
		"clock, "
		"or sign again",
		ev.at, TIME_SLACK);
	return add_entry(tx, entry, len, content, content_len, index);
}

/* Time never goes back, whatever the machine's clock does. */
static enum err time_now(struct tx *tx, char out[TIME_TEXT])
{
	char now[TIME_TEXT];
	uint64_t size;

	time_text(env_now(&tx->reg->env), now);
	TRY(state_folded(&tx->reg->state, &size, out));
	if (strcmp(now, out) > 0)
		memcpy(out, now, TIME_TEXT);
	return OK;
}

static const struct event_type *type_named(const char *name)
{
	for (size_t i = 0; i < event_types_n; i++)
		if (strcmp(event_types[i].name, name) == 0)
			return &event_types[i];
	abort(); /* a draft of a type that is not in the table is our own mistake */
}

static void add_salt(struct tx *tx, json_t *content)
{
	uint8_t salt[16];
	char hex[33];

	env_random(&tx->reg->env, salt, sizeof(salt));
	hex_text(salt, sizeof(salt), hex);
	json_put(content, "salt", json_text(hex));
}

/* Prints the content and names it in the event. */
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
	const struct event_type *type = type_named(d->type);
	AUTO(buf) content = BUF(MIB), line = BUF(EVENT_LINE_MAX);
	char at[TIME_TEXT];
	int64_t after;

	TRY(time_now(tx, at));
	TRY(state_after(&tx->reg->state, type->subject, d->subject, &after));
	if (d->members)
		json_object_update(event, d->members);
	json_put(event, "type", json_text(d->type));
	json_put(event, "by", json_text(d->by));
	json_put(event, "at", json_text(at));
	json_put(event, "after", json_integer(after));
	json_put(event, type->subject, json_text(d->subject));
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

/* The set is read again when another is in force, also within the transaction that changed it;
 * after a rollback the names differ once more. */
static enum err ready_to_judge(struct tx *tx)
{
	struct reg *reg = tx->reg;

	if (!reg->judge)
		reg->judge = judge_new(reg_program());
	return policies_refresh(reg->db, &reg->log.store, &reg->policies);
}

enum err tx_judge(struct tx *tx, const json_t *record, json_t **out)
{
	struct reg *reg = tx->reg;

	TRY(ready_to_judge(tx));
	*out = NULL;
	return reg->policies.n ? judge_record(reg->judge, &reg->policies, record, out) : OK;
}

enum err tx_try_policy(struct tx *tx, const struct in_force *p, size_t *n)
{
	struct judge *judge = judge_new(reg_program()); /* its own: what it keeps is of a trial */
	enum err e = judge_cases(judge, p, n);

	(void)tx;
	e = e == OK ? OK : fail(e == ERR_SYSTEM ? e : ERR_INVALID, "%s", err_why());
	judge_free(judge);
	return e;
}

enum err tx_judge_filing(struct tx *tx, const json_t *record)
{
	json_auto_t *judgement = NULL, *sound = NULL, *own = json_array();
	json_t *problems = tx->reg->state.problems ? tx->reg->state.problems : own;
	size_t before = json_array_size(problems);

	if (!judgement_sound(record, problems, &sound))
		return OK; /* it is refused for that */
	TRY(tx_judge(tx, sound, &judgement));
	if (judgement)
		judgement_check(&tx->reg->policies, sound, judgement, problems);
	ENSURE(json_array_size(problems) == before, ERR_INVALID,
		"the record breaks %zu rules of the policies in force",
		json_array_size(problems) - before);
	return OK;
}

static void refuse(struct job *job, enum err e)
{
	job->err = e;
	snprintf(job->why, sizeof(job->why), "%s", err_why());
}

static void refuse_all(struct job *jobs, enum err e)
{
	for (struct job *job = jobs; job; job = job->next)
		if (job->err == OK)
			refuse(job, e);
}

/* One job in a savepoint of its own, so that a refused one leaves no trace. */
static enum err run_one(struct tx *tx, struct job *job)
{
	struct reg *reg = tx->reg;
	const struct store *store = &reg->log.store;
	uint64_t next = log_next(&reg->log);

	TRY(store->ops->mark(store->self));
	reg->state.problems = job->problems;
	job->err = job->run(tx, job);
	reg->state.problems = NULL;
	if (job->err == OK)
		return store->ops->keep(store->self);
	refuse(job, job->err);
	state_remember(&reg->state, NULL, NULL); /* it may be of what is undone */
	store->ops->undo(store->self);
	log_forget(&reg->log, next);
	/* The disk or the database itself failed: nothing of this batch can be kept. */
	return err_kind(job->err)->ours ? job->err : OK;
}

static enum err build_proof(struct reg *reg, struct path *out)
{
	struct nodes nodes = log_nodes(&reg->log.store);

	return merkle_consistency(&nodes, signer_mark(reg->signer)->size, reg->log.size, out);
}

/* A signature that lacks a key of the log's would be none for whoever knows that key. */
static enum err check_keys_held(struct reg *reg)
{
	const struct log_keys *keys = reg_keys(reg);

	for (size_t i = 0; i < keys->n; i++)
		ENSURE(log_keys_have(signer_keys(reg->signer), &keys->key[i]), ERR_CORRUPT,
			"%s does not hold the key %02x%02x%02x%02x, which signs this log by its "
		        "own "
			"entries. Nothing will be signed: put the newest copy of that file back",
			REG_KEY, keys->key[i].id[0], keys->key[i].id[1], keys->key[i].id[2],
			keys->key[i].id[3]);
	return OK;
}

enum err tx_reload_signer(struct tx *tx, struct log_keys *out)
{
	struct reg *reg = tx->reg;

	TRY(signer_reload(reg->signer));
	TRY(check_keys_held(reg));
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

enum err writer_sign(struct reg *reg)
{
	const struct store *store = &reg->log.store;
	struct sha256 root = log_root(&reg->log);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct path proof = {0};
	enum err e;

	TRY(signer_ready(reg->signer)); /* one that was started again may have a newer mark */
	TRY(check_keys_held(reg));
	ENSURE(reg->log.size >= signer_mark(reg->signer)->size, ERR_CORRUPT,
		"the database has %llu entries, but %llu were signed before. It is an older copy, "
		"perhaps a restored backup. Nothing will be signed: put the newest database back, "
		"or "
		"fetch the missing entries from a mirror",
		(unsigned long long)reg->log.size,
		(unsigned long long)signer_mark(reg->signer)->size);
	TRY(build_proof(reg, &proof));
	/* Step 4. A crash after it leaves a signature that nobody saw: the start signs again. */
	e = signer_sign(reg->signer, reg->log.size, &root, &proof, &note);
	ENSURE(e != ERR_FALSE, ERR_CORRUPT,
		"the database's history is not the one that was signed before (%s). Nothing will "
		"be "
		"signed: put the right database back, or fetch the entries from a mirror",
		err_why());
	TRY(e);
	/* Step 5. Not durable by itself, and need not be: the start makes the same note again. */
	return store->ops->put_checkpoint(store->self, reg->log.size, buf_text(&note));
}

static void set_unsigned(struct reg *reg, bool is)
{
	pthread_mutex_lock(&reg->mutex);
	reg->health.unsigned_ = is;
	reg->health.signer_starts = signer_starts(reg->signer);
	pthread_mutex_unlock(&reg->mutex);
}

/* After a rollback memory must say what the disk says. A COMMIT that failed may be on the disk all
 * the same: then what it holds waits for its signature, as after a crash. Says whether what is
 * there may be shown. */
static bool reload(struct reg *reg)
{
	const struct store *store = &reg->log.store;
	struct store same = *store;
	bool kept;

	store->ops->rollback(store->self);
	state_remember(&reg->state, NULL, NULL);
	log_done(&reg->log);
	if (log_open(same, &reg->log) != OK)
		abort(); /* the database cannot be read any more: starting again is the way to know
		          */
	kept = reg->log.size > signer_mark(reg->signer)->size;
	if (kept) {
		reg->touched.committed = reg->touched.n;
		set_unsigned(reg, true);
	}
	touched_cut(&reg->touched, reg->touched.committed);
	return !kept;
}

/* Steps 3 (the end) to 5, with the readers held where they are. */
static enum err commit(struct reg *reg)
{
	const struct store *store = &reg->log.store;
	enum err e;

	snapshots_gate_close(reg->snapshots);
	e = store->ops->commit(store->self);
	if (e != OK) {
		snapshots_gate_open(reg->snapshots, reload(reg));
		return e;
	}
	reg->touched.committed = reg->touched.n;
	/* A crash here leaves durable entries without a checkpoint: nobody was told, and the
	 * next start signs them. A batch may also hold no entry (a sealed address was erased). */
	if (reg->log.size > signer_mark(reg->signer)->size)
		e = writer_sign(reg);
	if (e == ERR_BUSY) /* the signer died under this very request: one that is new may do it */
		e = writer_sign(reg);
	set_unsigned(reg, e != OK);
	snapshots_gate_open(reg->snapshots, e == OK);
	ENSURE(e == OK, ERR_BUSY, "it is kept, but could not be signed yet (%s)", err_why());
	return OK;
}

void writer_tell(struct reg *reg, const struct changes *changes)
{
	void (*changed)(void *, const struct changes *);
	void *arg;

	pthread_mutex_lock(&reg->mutex);
	changed = reg->changed;
	arg = reg->changed_arg;
	reg->health.size = reg->log.size;
	reg->health.commits++;
	pthread_mutex_unlock(&reg->mutex);
	if (changed)
		changed(arg, changes);
}

/* All that is committed is signed now, and may be shown. */
static void announce(struct reg *reg)
{
	struct touched *t = &reg->touched;
	struct changes changes = {(const char *const *)t->subjects, t->n};

	if (t->standard && writer_load_standard(reg) != OK)
		abort(); /* it was loaded once when it was checked */
	if (t->keys && writer_load_keys(reg) != OK)
		abort(); /* they were parsed when they were checked */
	writer_tell(reg, &changes);
	touched_cut(t, 0);
	t->committed = 0;
	t->standard = t->keys = false;
}

/* What an earlier batch left unsigned comes first: nothing is built on it until then. */
static enum err sign_late(struct reg *reg)
{
	if (!reg->health.unsigned_)
		return OK;
	ENSURE(writer_sign(reg) == OK, ERR_BUSY, "what came before is not signed yet (%s)",
		err_why());
	set_unsigned(reg, false);
	snapshots_gate_open(reg->snapshots, true);
	announce(reg);
	return OK;
}

static enum err run_batch(struct reg *reg, struct tx *tx, struct job *jobs)
{
	const struct store *store = &reg->log.store;
	enum err e;

	TRY(sign_late(reg));
	e = store->ops->begin(store->self);
	for (struct job *job = jobs; job && e == OK; job = job->next)
		e = run_one(tx, job);
	if (e == OK)
		e = log_settle(&reg->log);
	if (e != OK) {
		reload(reg);
		return e;
	}
	TRY(commit(reg));
	announce(reg);
	return OK;
}

void writer_batch(struct reg *reg, struct job *jobs)
{
	struct tx tx = {.reg = reg};
	enum err e = run_batch(reg, &tx, jobs);

	if (e != OK)
		refuse_all(jobs, e);
}

/* Sleeps until there is work. While entries are unsigned, no longer than a second. */
static void wait_for_work(struct reg *reg)
{
	struct timespec until;

	if (!reg->health.unsigned_) {
		pthread_cond_wait(&reg->work, &reg->mutex);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	pthread_cond_timedwait(&reg->work, &reg->mutex, &until);
}

/* Takes what waits, up to a batch; none when it is time to look after what is unsigned.
 * False when the register closes and nothing is left. */
static bool take_batch(struct reg *reg, struct job **jobs)
{
	struct job **end;
	size_t n = 0;
	bool more;

	pthread_mutex_lock(&reg->mutex);
	if (!reg->first && !reg->closing)
		wait_for_work(reg);
	*jobs = reg->first;
	for (end = jobs; *end && n < BATCH_MAX; end = &(*end)->next)
		n++;
	reg->first = *end;
	*end = NULL;
	if (!reg->first)
		reg->last = &reg->first;
	reg->queued -= n;
	more = *jobs || !reg->closing;
	pthread_mutex_unlock(&reg->mutex);
	return more;
}

void *writer_thread(void *arg)
{
	struct reg *reg = arg;
	struct job *jobs, *next;

	while (take_batch(reg, &jobs)) {
		if (jobs)
			writer_batch(reg, jobs);
		else
			(void)!sign_late(reg); /* it will be tried again */
		for (struct job *job = jobs; job; job = next) {
			next = job->next; /* done() may free the job */
			job->done(job);
		}
	}
	return NULL;
}

enum err writer_load_standard(struct reg *reg)
{
	AUTO(rows) row = {0};
	AUTO(buf) bytes = BUF(MIB);
	struct standards *newest;
	struct sha256 hash;
	enum err e = db_one(reg->db, &sql[NEWEST_STANDARD], BIND_NONE, &row);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(sha256_from_hex(rows_text(&row, 1), &hash));
	TRY(reg->log.store.ops->content(reg->log.store.self, &hash, &bytes));
	newest = mem_new(sizeof(*newest));
	e = standard_load(buf_text(&bytes), bytes.len, &newest->standard);
	if (e != OK) {
		free(newest);
		return e;
	}
	pthread_mutex_lock(&reg->mutex);
	newest->older = reg->standards;
	reg->standards = newest;
	reg->state.standard = newest->standard;
	pthread_mutex_unlock(&reg->mutex);
	return OK;
}

static bool same_keys(const struct log_keys *a, const struct log_keys *b)
{
	bool same = a->n == b->n;

	for (size_t i = 0; same && i < a->n; i++)
		same = vkey_same(&a->key[i], &b->key[i]);
	return same;
}

enum err writer_load_keys(struct reg *reg)
{
	struct key_list *newest = mem_new(sizeof(*newest));
	enum err e = log_keys_active(reg->db, &newest->keys);

	if (e != OK) {
		free(newest);
		return e;
	}
	/* The first key is in no entry. A second one in the file may wait for its own. */
	if (!newest->keys.n) {
		newest->keys.n = 1;
		newest->keys.key[0] = reg->original ? reg->vkey : signer_keys(reg->signer)->key[0];
	}
	if (reg->keys && same_keys(&reg->keys->keys, &newest->keys)) {
		free(newest);
		return OK;
	}
	pthread_mutex_lock(&reg->mutex);
	newest->older = reg->keys;
	reg->keys = newest;
	pthread_mutex_unlock(&reg->mutex);
	return OK;
}
