/* The order of a write:
 *   1 parse an entry and find whose key signed it       add_entry() in tx.c
 *   2 check its signature, and that it may happen now   the same
 *   3 append it, fold it, and COMMIT with its batch     the same, and commit()
 *   4 have the tree signed                              writer_sign()
 *   5 store the checkpoint, and show it to readers      writer_sign(), writer_show()
 * The comment at each step says what a crash after it leaves. The next start mends that:
 * model_take() and recover(), called in register.c. If only the signer failed, sign_late() tries
 * again. */
#include "registry/write/writer.h"
#include "base/journal.h"
#include "base/locked.h"

#include "registry/event/log_key.h"
#include "registry/write/model.h"

#include <stdlib.h>
#include <time.h>

SQL(NEWEST_STANDARD, "writer.newest_standard",
	"SELECT version, sha256 FROM standard ORDER BY version DESC LIMIT 1",
	"walks the primary key backwards and stops at the first");

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

/* Runs a job in its own savepoint, so that a refused job leaves no trace. */
static enum err run_one(struct tx *tx, struct job *job)
{
	struct reg *reg = tx->reg;
	const struct store *store = &reg->log.store;
	uint64_t next = log_next(&reg->log);
	size_t touched = reg->touched.n;
	unsigned touches = reg->touched.touches;
	const char *before;

	TRY(store->ops->mark(store->self));
	tx->problems = job->problems;
	tx->judging = job->judging;
	tx->at[0] = '\0';
	before = err_speak(job->lang);
	job->err = job->run(tx, job);
	err_speak(before);
	if (job->err == OK)
		return store->ops->keep(store->self);
	refuse(job, job->err);
	state_remember(&reg->state, NULL, NULL); /* the cache may have undone state */
	store->ops->undo(store->self);
	log_forget(&reg->log, next);
	touched_cut(&reg->touched, touched, touches);
	/* The disk or the database failed: nothing of this batch can be kept. */
	return err_kind(job->err)->ours ? job->err : OK;
}

static enum err build_proof(struct reg *reg, struct path *out)
{
	struct nodes nodes = log_nodes(&reg->log.store);

	return merkle_consistency(&nodes, signer_mark(reg->signer)->size, reg->log.size, out);
}

/* The signer must hold each key that signs the log: a verifier that knows only a missing one would
 * find no signature. */
enum err writer_check_keys(struct reg *reg)
{
	const struct log_keys *keys = reg_keys(reg);

	for (size_t i = 0; i < keys->n; i++)
		ENSURE(log_keys_have(signer_keys(reg->signer), &keys->key[i]), ERR_CORRUPT,
			"%s does not hold the key %02x%02x%02x%02x, which signs this log by its own "
			"entries. Nothing will be signed: put the newest copy of that file back",
			REG_KEY, keys->key[i].id[0], keys->key[i].id[1], keys->key[i].id[2],
			keys->key[i].id[3]);
	return OK;
}

enum err writer_sign(struct reg *reg)
{
	const struct store *store = &reg->log.store;
	struct sha256 root = log_root(&reg->log);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct path proof = {0};
	enum err e;

	TRY(writer_may_go_on(reg));
	TRY(signer_ready(reg->signer)); /* a restarted signer may have a newer mark */
	TRY(writer_check_keys(reg));
	ENSURE(reg->log.size >= signer_mark(reg->signer)->size, ERR_CORRUPT,
		"the database has %llu entries, but %llu were signed before. It is an older copy, "
		"perhaps a restored backup. Nothing will be signed: put the newest database back, or "
		"fetch the missing entries from a mirror",
		(unsigned long long)reg->log.size,
		(unsigned long long)signer_mark(reg->signer)->size);
	TRY(build_proof(reg, &proof));
	/* Step 4. A crash after it leaves a signature that nobody saw; the start signs again. */
	e = signer_sign(reg->signer, reg->log.size, &root, &proof, &note);
	ENSURE(e != ERR_FALSE, ERR_CORRUPT,
		"the database's history is not the one that was signed before (%s). Nothing will be "
		"signed: put the right database back, or fetch the entries from a mirror",
		err_why());
	TRY(e);
	/* Step 5. It need not be durable: the start makes the same note again. */
	return store->ops->put_checkpoint(store->self, reg->log.size, buf_text(&note));
}

/* `why`: the reason, if `is`. */
static void set_unsigned(struct reg *reg, bool is, const char *why)
{
	if (is && !reg->health.unsigned_)
		journal("what was just written is in the log, but cannot be signed (%s). Until it is, "
			"readers see the state before, and nothing more is taken. Another try is made "
			"every second; if no line says that it is signed, start the server again",
			why);
	else if (!is && reg->health.unsigned_)
		journal("all of the log is signed again");
	LOCKED(&reg->mutex);
	reg->health.unsigned_ = is;
	reg->health.signer_starts = signer_starts(reg->signer);
}

/* After a rollback, memory must match the disk. A COMMIT that failed may be on the disk anyway; its
 * entries then wait for their signature, as after a crash. Returns whether the state on the disk
 * may be shown. */
static bool reload(struct reg *reg)
{
	const struct store *store = &reg->log.store;
	struct store same = *store;
	bool kept;

	store->ops->rollback(store->self);
	state_remember(&reg->state, NULL, NULL);
	log_done(&reg->log);
	if (log_open(same, &reg->log) != OK)
		abort(); /* the database cannot be read any more; a start finds out why */
	kept = reg->log.size > signer_mark(reg->signer)->size;
	if (kept) {
		reg->touched.committed = reg->touched.n;
		set_unsigned(reg, true, "its COMMIT failed, but reached the disk");
	}
	touched_cut(&reg->touched, reg->touched.committed, reg->touched.touches);
	return !kept;
}

#define LOG_STEP (4 * MIB)
#define DRAIN_MS 500

/* The write-ahead log restarts only when no reader uses what is in it. Under load some reader is
 * always in the middle of a page. If the log has grown long for that reason, new reads wait for a
 * moment until those end, and again each time it has grown by LOG_STEP. */
void writer_show(struct reg *reg)
{
	bool drains = db_log_size(reg->db) >= reg->drain_from, all;

	if (drains)
		snapshots_drain(reg->snapshots, DRAIN_MS);
	snapshots_gate_open(reg->snapshots, true);
	if (drains)
		reg->drain_from = db_log_size(reg->db) + (int64_t)LOG_STEP;
	/* Their marks would keep the log growing. Another process may hold one file's log, as a
	 * verification does: the other one begins anew all the same. */
	if (db_fold_log(reg->db, &all)) {
		snapshots_gate_open(reg->snapshots, true);
		if (all)
			reg->drain_from = LOG_LONG;
	}
	if (drains)
		snapshots_lend(reg->snapshots);
}

/* Steps 3 (the end) to 5, while readers stay at their state. */
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
	/* A crash here leaves durable entries without a checkpoint: nobody has seen them, and the
	 * next start signs them. A batch may also have no entry (a sealed address was erased). */
	if (reg->log.size > signer_mark(reg->signer)->size)
		e = writer_sign(reg);
	if (e == ERR_BUSY) /* the signer died during this request; a new one may sign it */
		e = writer_sign(reg);
	set_unsigned(reg, e != OK, err_why());
	if (e == OK)
		writer_show(reg);
	else
		snapshots_gate_open(reg->snapshots, false);
	ENSURE(e == OK, ERR_BUSY,
		"the entry is stored but not signed yet (%s); it will be signed automatically",
		err_why());
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
	reg->health.wal = db_log_size(reg->db);
	pthread_mutex_unlock(&reg->mutex);
	if (changed)
		changed(arg, changes);
}

/* Everything committed is now signed and may be shown. */
static void announce(struct reg *reg)
{
	struct touched *t = &reg->touched;
	struct changes changes = {t->touches, (const char *const *)t->systems, t->n};

	if (t->touches & TOUCHES_STANDARD && writer_load_standard(reg) != OK)
		abort(); /* it was loaded successfully when it was checked */
	if (t->touches & TOUCHES_LOG_KEYS && writer_load_keys(reg) != OK)
		abort(); /* they were parsed successfully when checked */
	writer_tell(reg, &changes);
	touched_cut(t, 0, 0);
	t->committed = 0;
}

/* An earlier batch that is still unsigned comes first: nothing is added to it before. */
static enum err sign_late(struct reg *reg)
{
	if (!reg->health.unsigned_)
		return OK;
	/* If the disk was full between the two files' COMMITs, the read model is behind. */
	TRY(model_catch_up(&reg->state, &reg->log));
	ENSURE(writer_sign(reg) == OK, ERR_BUSY,
		"earlier entries are not signed yet (%s); try again in a moment", err_why());
	set_unsigned(reg, false, NULL);
	writer_show(reg);
	announce(reg);
	return OK;
}

static enum err run_batch(struct reg *reg, struct tx *tx, struct job *jobs)
{
	const struct store *store = &reg->log.store;
	enum err e;

	TRY(writer_may_go_on(reg)); /* these may have waited since an earlier batch */
	TRY(sign_late(reg));
	e = store->ops->begin(store->self);
	for (struct job *job = jobs; job && e == OK; job = job->next)
		e = run_one(tx, job);
	if (e == OK)
		e = log_settle(&reg->log);
	if (e == OK)
		e = model_mark(reg->db, &reg->log);
	if (e != OK) {
		reload(reg);
		return e;
	}
	e = commit(reg);
	for (struct job *job = jobs; job; job = job->next)
		job->kept = reg->health.unsigned_ && job->err == OK;
	TRY(e);
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

/* --- a new read model --- */

/* The last entries are folded by the only thread that can add any. Readers move from one model to
 * the other as from one state to the next. If anything fails, the old model stays. */
static enum err take_model(struct reg *reg, const char *path)
{
	(void)!db_detach(reg->db); /* there may be none attached */
	TRY(db_attach(reg->db, path));
	return model_catch_up(&reg->state, &reg->log);
}

static enum err swap_model(struct reg *reg, const struct swap *swap)
{
	AUTOFREE char *old = NULL;
	enum err e;

	TRY(sign_late(reg));
	if (model_path(reg->dir, &old) != OK)
		old = NULL; /* somebody removed the files */
	snapshots_gate_close(reg->snapshots);
	state_remember(&reg->state, NULL, NULL);
	e = take_model(reg, swap->built);
	if (e == OK)
		e = model_place(reg->dir, swap->built);
	if (e == OK) {
		snapshots_take_model(reg->snapshots, swap->built);
		pthread_mutex_lock(&reg->mutex);
		reg->health.models++; /* before a reader moves to it */
		pthread_mutex_unlock(&reg->mutex);
	} else {
		e = fail(e, "%s", err_why());
		if (!old || take_model(reg, old) != OK)
			abort(); /* a start makes one from the log */
		(void)!model_keep_only(reg->dir, old);
	}
	snapshots_gate_open(reg->snapshots, true);
	TRY(e);
	(void)!model_keep_only(reg->dir, swap->built); /* else the next start removes the old one */
	writer_tell(reg, &(struct changes){.touches = TOUCHES_ALL});
	return OK;
}

static void try_swap(struct reg *reg, struct swap *swap)
{
	enum err e = swap_model(reg, swap);

	LOCKED(&reg->mutex);
	swap->err = e;
	if (e != OK)
		snprintf(swap->why, sizeof(swap->why), "%s", err_why());
	swap->done = true;
	reg->swap = NULL;
	pthread_cond_broadcast(&reg->swapped);
}

enum err writer_swap(struct reg *reg, struct swap *swap)
{
	LOCKED(&reg->mutex);
	if (reg->closing) {
		swap->done = true;
		swap->err = ERR_BUSY;
		snprintf(swap->why, sizeof(swap->why), "%s",
			err_text("the read model is not made again: the register closes"));
	} else {
		reg->swap = swap;
		pthread_cond_signal(&reg->work);
	}
	while (!swap->done)
		pthread_cond_wait(&reg->swapped, &reg->mutex);
	return swap->err == OK ? OK : fail(swap->err, "%s", swap->why);
}

/* --- the thread --- */

/* Sleeps until there is work, but at most a second while entries are unsigned. */
static void wait_for_work(struct reg *reg)
{
	struct timespec until;

	if (!reg->health.unsigned_) {
		pthread_cond_wait(&reg->work, &reg->mutex);
		return;
	}
	until = monotonic_in(1000);
	pthread_cond_clockwait(&reg->work, &reg->mutex, CLOCK_MONOTONIC, &until);
}

struct work {
	struct job *jobs;  /* at most a batch; NULL when it is time to sign what is unsigned */
	struct swap *swap; /* or NULL */
};

/* False if the register is closing and nothing is left. */
static bool take_work(struct reg *reg, struct work *work)
{
	struct job **end;
	size_t n = 0;

	LOCKED(&reg->mutex);
	if (!reg->first && !reg->swap && !reg->closing)
		wait_for_work(reg);
	work->swap = reg->swap;
	work->jobs = reg->first;
	for (end = &work->jobs; *end && n < BATCH_MAX; end = &(*end)->next)
		n++;
	reg->first = *end;
	*end = NULL;
	if (!reg->first)
		reg->last = &reg->first;
	reg->queued -= n;
	return work->jobs || work->swap || !reg->closing;
}

void *writer_thread(void *arg)
{
	struct reg *reg = arg;
	struct work work;
	struct job *next;

	while (take_work(reg, &work)) {
		if (work.swap)
			try_swap(reg, work.swap);
		if (work.jobs)
			writer_batch(reg, work.jobs);
		else if (!work.swap)
			(void)!sign_late(reg); /* it will be retried */
		for (struct job *job = work.jobs; job; job = next) {
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
	enum err e = db_one(reg->db, NEWEST_STANDARD, BIND_NONE, &row);

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
	LOCKED(&reg->mutex);
	newest->older = reg->standards;
	reg->standards = newest;
	reg->state.standard = newest->standard;
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
	/* The first key has no entry. A second key in the file may not be announced yet. */
	if (!newest->keys.n) {
		newest->keys.n = 1;
		newest->keys.key[0] = reg->original ? reg->vkey : signer_keys(reg->signer)->key[0];
	}
	if (reg->keys && same_keys(&reg->keys->keys, &newest->keys)) {
		free(newest);
		return OK;
	}
	LOCKED(&reg->mutex);
	newest->older = reg->keys;
	reg->keys = newest;
	return OK;
}
