#include "web/witness/witnesses.h"
#include "base/locked.h"

#include "audit/cosignature.h"
#include "base/env.h"
#include "base/file.h"
#include "base/journal.h"
#include "registry/event/log_key.h"
#include "web/witness/witness_client.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_MS 30000             /* checks for news this often even without being told */
#define BACKOFF_FIRST_MS 1000     /* doubled after each failure in a row, */
#define BACKOFF_MOST_MS 300000    /* up to this */
#define RENEW_MS (30 * 60 * 1000) /* requests a new cosignature at this age */
#define LINE_MAX_BYTES KIB

struct peer {
	struct witnesses *all;
	const struct policy_witness *is;
	struct fetch *fetch;
	pthread_t thread;
	bool started;
	uint64_t known; /* its size, for the next request; used only by its thread */

	bool asked;       /* asked in this round, without an answer yet */
	struct buf line;  /* its cosignature under `status.size`, */
	int64_t answered; /* received at this time, by the monotonic clock */
	unsigned failing; /* times in a row */
	int64_t not_before;
	struct witness_status status;
};

struct witnesses {
	struct reg *reg;
	struct tlog_policy *policy;
	pthread_t thread;
	bool started;

	struct cosign_request
		rq;      /* of the round; the coordinator's, and unchanged while peers are open */
	struct buf note; /* its bytes */
	size_t stored;   /* lines under it that are in the database, */
	bool stored_met; /* whether they make a quorum, */
	bool renewed;    /* and whether some were renewed since */

	pthread_mutex_t mutex; /* guards everything below, and the peers */
	pthread_cond_t news;   /* for the coordinator: wake-ups, answers, closing */
	pthread_cond_t begun;  /* for the peers: a new round, closing */
	bool wanted, closing;
	unsigned open; /* peers without an answer */
	struct peer peers[POLICY_WITNESSES];
};

/* --- what a request needs of the log; called by peers, without the mutex --- */

static enum err prove(void *arg, uint64_t old_size, uint64_t new_size, struct path *out)
{
	struct witnesses *w = arg;
	struct nodes nodes;
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(w->reg, &snap));
	nodes = log_nodes(&snap->log);
	e = merkle_consistency(&nodes, old_size, new_size, out);
	reg_read_done(w->reg, snap);
	return e;
}

/* The size that is served: nobody can have given a witness more. */
static uint64_t newest(void *arg)
{
	struct witnesses *w = arg;
	AUTO(buf) note = BUF(NOTE_MAX);
	uint64_t size = UINT64_MAX;
	const struct snapshot *snap;

	if (reg_read(w->reg, &snap) != OK)
		return size; /* unknown, which is no alarm */
	if (log_checkpoint(&snap->log, &note, &size) != OK)
		size = UINT64_MAX;
	reg_read_done(w->reg, snap);
	return size;
}

/* --- a witness's thread --- */

/* Is this a checkpoint of a different tree, signed by our own key? */
static enum err is_other(
	const struct snapshot *snap, struct reg *reg, const struct buf *note, struct checkpoint *cp)
{
	const struct store *store = &snap->log;
	struct nodes nodes = log_nodes(store);
	AUTO(buf) ours = BUF(NOTE_MAX);
	struct sha256 root;
	uint64_t size;

	TRY(log_keys_open_held(snap->model, reg_keys(reg), buf_text(note), note->len, cp));
	TRY(log_checkpoint(&snap->log, &ours, &size));
	if (cp->size > size)
		return OK;
	TRY(merkle_root_of(&nodes, cp->size, &root));
	return sha256_equal(&root, &cp->root) ? ERR_NOT_FOUND : OK;
}

/* A witness that says it has seen more only makes a claim, and a lie must not block writes. But the
 * checkpoint that it shows to monitors is proof if our key signed it. Reads that one before ours,
 * which may grow meanwhile. */
static void look_for_proof(struct peer *p)
{
	struct reg *reg = p->all->reg;
	AUTOFREE char *said = mem_text(err_why()), *why = NULL;
	AUTO(buf) note = BUF(NOTE_MAX);
	struct checkpoint cp = {0};
	const struct snapshot *snap;
	enum err e = witness_latest(p->fetch, p->is->url, p->all->rq.cp.origin, &note);

	if (e == OK)
		e = reg_read(reg, &snap);
	if (e == OK) {
		e = is_other(snap, reg, &note, &cp);
		reg_read_done(reg, snap);
	}
	if (e == OK && !p->status.proved) {
		why = mem_printf(
			"witness %s has a checkpoint of %" PRIu64
			" entries that this log's key signed, and they are not in this register",
			p->is->key.name, cp.size);
		journal("ALARM: %s. Nothing more is written or signed until this server is "
			"started again: read docs/operate.md first. The proof:",
			why);
		journal_text(buf_text(&note));
		p->status.proved = cp.size ? cp.size : 1;
		reg_halt(reg, why);
	}
	(void)!fail(ERR_FALSE, "%s", said);
}

static void failed(struct peer *p, enum err e)
{
	int64_t wait = BACKOFF_FIRST_MS << (p->failing < 10 ? p->failing : 10);

	if (e == ERR_FALSE && !p->status.alarm && !p->status.proved)
		journal("ALARM: witness %s: %s. It shows no checkpoint that proves it: ask whoever "
			"runs it, and compare with the other witnesses",
			p->is->name, err_why());
	else if (p->failing == 0)
		journal("witness %s does not cosign: %s", p->is->name, err_why());
	p->status.alarm = p->status.alarm || e == ERR_FALSE;
	p->status.failures++;
	p->failing++;
	p->not_before = monotonic_ms() + (wait < BACKOFF_MOST_MS ? wait : BACKOFF_MOST_MS);
}

static void cosigned(struct peer *p, const struct buf *line, int64_t time)
{
	if (p->failing)
		journal("witness %s cosigns again", p->is->name);
	p->failing = 0;
	p->answered = monotonic_ms();
	p->all->renewed = true;
	p->status.alarm = false;
	p->status.size = p->all->rq.cp.size;
	p->status.time = time;
	buf_clear(&p->line);
	buf_add(&p->line, line->data, line->len);
}

static void ask(struct peer *p)
{
	struct witnesses *w = p->all;
	AUTO(buf) line = BUF(LINE_MAX_BYTES);
	int64_t time = 0;
	enum err e;

	pthread_mutex_unlock(&w->mutex);
	e = witness_ask(p->fetch, p->is->url, &p->is->key, &w->rq, &p->known, &line, &time);
	if (e == ERR_FALSE)
		look_for_proof(p);
	pthread_mutex_lock(&w->mutex);
	if (e == OK)
		cosigned(p, &line, time);
	else
		failed(p, e);
	p->asked = false;
	w->open--;
	pthread_cond_signal(&w->news);
}

static void *run_peer(void *arg)
{
	struct peer *p = arg;
	struct witnesses *w = p->all;

	LOCKED(&w->mutex);
	while (!w->closing)
		if (p->asked)
			ask(p);
		else
			pthread_cond_wait(&w->begun, &w->mutex);
	return NULL;
}

/* --- rounds: all of it by the coordinator's thread --- */

/* The time of a cosignature from an earlier run. The witness's clock may be wrong, so the result is
 * never in the future, and never so old that the request would be repeated for ever. */
static int64_t came(int64_t time)
{
	int64_t age = (env_now(&env_real) - time) * 1000;

	return monotonic_ms() - (age < 0 ? 0 : age > RENEW_MS ? RENEW_MS : age);
}

/* Cosignatures stored by an earlier run or round need not be requested again. */
static void adopt(struct witnesses *w, const struct note *served)
{
	bool has[POLICY_WITNESSES] = {0};

	w->stored = 0;
	for (size_t i = 0; i < w->policy->witnesses_n; i++) {
		struct peer *p = &w->peers[i];
		int64_t time;

		if (!p->is->checkable || cosignature_verify(served, &p->is->key, &time) != OK)
			continue;
		has[i] = true;
		w->stored++;
		if (p->status.size == w->rq.cp.size)
			continue;
		p->status.size = w->rq.cp.size;
		p->status.time = time;
		p->answered = came(time);
		buf_clear(&p->line);
		cosignature_copy(served, &p->is->key, &p->line);
	}
	w->stored_met = tlog_policy_met(w->policy, has);
}

static enum err read_newest(struct witnesses *w, const struct snapshot *snap, struct buf *served)
{
	const struct store *store = &snap->log;
	uint64_t size;

	buf_clear(&w->note);
	TRY(store->ops->checkpoint(store->self, &w->note));
	TRY(note_parse(buf_text(&w->note), w->note.len, &w->rq.note));
	TRY(checkpoint_parse(w->rq.note.text, w->rq.note.text_len, &w->rq.cp));
	w->rq.signed_text = buf_text(&w->note);
	w->rq.signed_len = w->note.len;
	return log_checkpoint(&snap->log, served, &size);
}

/* Without the mutex: the writer's thread must never wait for a reader's connection. */
static enum err look(struct witnesses *w)
{
	AUTO(buf) served = BUF(NOTE_MAX);
	struct note parsed;
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(w->reg, &snap));
	e = read_newest(w, snap, &served);
	reg_read_done(w->reg, snap);
	TRY(e);
	TRY(note_parse(buf_text(&served), served.len, &parsed));
	LOCKED(&w->mutex);
	adopt(w, &parsed);
	return OK;
}

/* It has no cosignature at this size, or one to renew; repeating it gives a new time. */
static bool lacks(const struct witnesses *w, const struct peer *p)
{
	return p->started &&
	       (p->status.size != w->rq.cp.size || monotonic_ms() - p->answered >= RENEW_MS);
}

/* Asks those without a recent cosignature whose back-off is over. */
static void begin_round(struct witnesses *w)
{
	int64_t now = monotonic_ms();

	for (size_t i = 0; i < w->policy->witnesses_n && w->rq.cp.size > 0; i++) {
		struct peer *p = &w->peers[i];

		if (!lacks(w, p) || p->not_before > now)
			continue;
		p->asked = true;
		w->open++;
	}
	pthread_cond_broadcast(&w->begun);
}

/* The lines under the round's checkpoint, and whether they make a quorum. */
static size_t gather(const struct witnesses *w, struct buf *lines, bool *met)
{
	bool has[POLICY_WITNESSES] = {0};
	size_t n = 0;

	for (size_t i = 0; i < w->policy->witnesses_n; i++) {
		const struct peer *p = &w->peers[i];

		has[i] = p->status.size == w->rq.cp.size && p->line.len;
		if (!has[i])
			continue;
		n++;
		if (lines)
			buf_add(lines, p->line.data, p->line.len);
	}
	*met = tlog_policy_met(w->policy, has);
	return n;
}

struct job_cosigned {
	struct job job;
	uint64_t size;
	const char *note;
	struct buf lines;
	bool met;
};

static enum err put_cosigned(struct tx *tx, struct job *job)
{
	const struct job_cosigned *c = (const struct job_cosigned *)job;
	const struct store *store = &tx_state(tx)->store;

	tx_touch(tx, TOUCHES_COSIGNATURES);
	return store->ops->put_cosigned(store->self, c->size, c->note, buf_text(&c->lines), c->met);
}

/* The round's bytes do not change meanwhile, because only this thread starts rounds. */
static void keep(struct witnesses *w)
{
	struct job_cosigned c = {.job.run = put_cosigned,
		.size = w->rq.cp.size,
		.note = buf_text(&w->note),
		.lines = BUF(POLICY_WITNESSES * LINE_MAX_BYTES)};

	w->stored = gather(w, &c.lines, &c.met);
	w->stored_met = c.met;
	w->renewed = false;
	pthread_mutex_unlock(&w->mutex);
	/* After a failure the next look finds fewer lines than there are, and tries again. */
	if (reg_do(w->reg, &c.job) != OK && !reg_health(w->reg).halted)
		journal("cosignatures were not stored: %s", err_why());
	pthread_mutex_lock(&w->mutex);
	buf_done(&c.lines);
}

/* Is there something to store now? Lines are stored once they make a quorum, and later ones when
 * the last witness has answered. */
static bool is_time_to_keep(const struct witnesses *w)
{
	bool met;

	return (gather(w, NULL, &met) > w->stored || w->renewed) &&
	       (!w->open || (met && !w->stored_met));
}

static void run_round(struct witnesses *w)
{
	while (!w->closing && (w->open || is_time_to_keep(w)))
		if (is_time_to_keep(w))
			keep(w);
		else
			pthread_cond_wait(&w->news, &w->mutex);
}

/* Sleeps until somebody wakes us, or a failed witness may be asked again. */
static void sleep_on(struct witnesses *w)
{
	int64_t now = monotonic_ms(), until = now + LOOK_MS;
	struct timespec at;

	for (size_t i = 0; i < w->policy->witnesses_n; i++)
		if (lacks(w, &w->peers[i]) && w->peers[i].not_before < until)
			until = w->peers[i].not_before;
	if (until < now + 10)
		until = now + 10; /* the error may repeat at once */
	at = (struct timespec){until / 1000, until % 1000 * 1000000};
	while (!w->wanted && !w->closing)
		if (pthread_cond_timedwait(&w->news, &w->mutex, &at) == ETIMEDOUT)
			return;
}

static void *coordinate(void *arg)
{
	struct witnesses *w = arg;
	enum err e;

	pthread_mutex_lock(&w->mutex);
	while (!w->closing) {
		w->wanted = false;
		pthread_mutex_unlock(&w->mutex);
		e = look(w);
		pthread_mutex_lock(&w->mutex);
		if (e == OK) {
			begin_round(w);
			run_round(w);
		}
		sleep_on(w);
	}
	pthread_mutex_unlock(&w->mutex);
	return NULL;
}

/* --- start and stop --- */

static enum err start_peer(struct witnesses *w, size_t i)
{
	struct peer *p = &w->peers[i];

	p->all = w;
	p->is = &w->policy->witnesses[i];
	p->line = BUF(LINE_MAX_BYTES);
	/* Others may have its cosignature: its address or format is unknown to us. */
	if (!p->is->url || !p->is->checkable)
		return OK;
	TRY(fetch_open(&p->fetch));
	fetch_named(
		p->fetch, p->is->url); /* named by the operator in the folder's witness.policy */
	ENSURE(pthread_create(&p->thread, NULL, run_peer, p) == 0, ERR_SYSTEM,
		"no thread for a witness");
	p->started = true;
	return OK;
}

/* By any of its keys, while two sign. */
static bool lists_log(const struct witnesses *w)
{
	const struct log_keys *keys = reg_keys(w->reg);

	for (size_t i = 0; i < keys->n; i++)
		if (tlog_policy_lists(w->policy, &keys->key[i]))
			return true;
	return false;
}

static enum err start(struct witnesses *w)
{
	ENSURE(lists_log(w), ERR_INVALID, "%s/%s is about other logs: list this log's key or none",
		reg_dir(w->reg), REG_POLICY);
	for (size_t i = 0; i < w->policy->witnesses_n; i++)
		TRY(start_peer(w, i));
	ENSURE(pthread_create(&w->thread, NULL, coordinate, w) == 0, ERR_SYSTEM,
		"no thread for the witnesses");
	w->started = true;
	return OK;
}

enum err witnesses_start(struct reg *reg, struct witnesses **out)
{
	AUTOFREE char *path = file_in(reg_dir(reg), REG_POLICY);
	struct tlog_policy *policy = NULL;
	pthread_condattr_t clock;
	struct witnesses *w;
	enum err e;

	*out = NULL;
	if (!file_exists(path))
		return OK;
	TRY(tlog_policy_read(path, &policy));
	w = mem_new(sizeof(*w));
	w->reg = reg;
	w->policy = policy;
	w->note = BUF(NOTE_MAX);
	w->rq = (struct cosign_request){.arg = w, .prove = prove, .newest = newest};
	pthread_mutex_init(&w->mutex, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&w->news, &clock);
	pthread_cond_init(&w->begun, NULL);
	pthread_condattr_destroy(&clock);
	e = start(w);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		witnesses_stop(w);
		return e;
	}
	*out = w;
	return OK;
}

static void stop_threads(struct witnesses *w)
{
	pthread_mutex_lock(&w->mutex);
	w->closing = true;
	pthread_cond_broadcast(&w->news);
	pthread_cond_broadcast(&w->begun);
	pthread_mutex_unlock(&w->mutex);
	if (w->started)
		pthread_join(w->thread, NULL);
	for (size_t i = 0; i < w->policy->witnesses_n; i++)
		if (w->peers[i].started)
			pthread_join(w->peers[i].thread, NULL);
}

void witnesses_stop(struct witnesses *w)
{
	if (!w)
		return;
	stop_threads(w);
	for (size_t i = 0; i < w->policy->witnesses_n; i++) {
		fetch_free(w->peers[i].fetch);
		buf_done(&w->peers[i].line);
	}
	pthread_mutex_destroy(&w->mutex);
	pthread_cond_destroy(&w->news);
	pthread_cond_destroy(&w->begun);
	tlog_policy_free(w->policy);
	buf_done(&w->note);
	free(w);
}

void witnesses_wake(struct witnesses *w)
{
	if (!w)
		return;
	LOCKED(&w->mutex);
	w->wanted = true;
	pthread_cond_signal(&w->news);
}

const struct tlog_policy *witnesses_policy(const struct witnesses *w)
{
	return w->policy;
}

void witnesses_status(struct witnesses *w, struct witness_status out[POLICY_WITNESSES])
{
	LOCKED(&w->mutex);
	for (size_t i = 0; i < w->policy->witnesses_n; i++)
		out[i] = w->peers[i].status;
}
