/* Before anything else is done with a register: is it the newest copy? */
#include "base/file.h"
#include "base/journal.h"
#include "base/locked.h"
#include "registry/write/checkpointed.h"
#include "web/witness/witness_client.h"
#include "web/witness/witnesses.h"

#include <stdio.h>

struct comparison {
	struct tlog_policy *policy;
	struct snapshot snap; /* the newest entries, signed or not */
	uint64_t entries;
	struct buf note;
	struct cosign_request rq;
	pthread_mutex_t mutex; /* guards `snap` */
};

struct asked {
	struct comparison *of;
	const struct policy_witness *witness;
	pthread_t thread;
	bool started;
	bool told;     /* it named its size, */
	uint64_t size; /* which is this */
	enum err err;
	char why[400];
};

static enum err prove(void *arg, uint64_t old_size, uint64_t new_size, struct path *out)
{
	struct comparison *c = ((struct asked *)arg)->of;
	struct nodes nodes = log_nodes(&c->snap.log);

	LOCKED(&c->mutex);
	return merkle_consistency(&nodes, old_size, new_size, out);
}

/* Called once a witness has named its size. */
static uint64_t entries(void *arg)
{
	struct asked *a = arg;

	a->told = true;
	return a->of->entries;
}

/* Ignores the cosignature in the answer: the running server asks again and stores it. */
static void *ask(void *arg)
{
	struct asked *a = arg;
	struct cosign_request rq = a->of->rq;
	AUTO(buf) line = BUF(KIB);
	struct fetch *fetch = NULL;
	int64_t time;

	rq.arg = a;
	a->err = fetch_open(&fetch);
	if (a->err == OK) {
		fetch_named(fetch, a->witness->url);
		a->err = witness_ask(
			fetch, a->witness->url, &a->witness->key, &rq, &a->size, &line, &time);
	}
	snprintf(a->why, sizeof(a->why), "%s", a->err == OK ? "" : err_why());
	fetch_free(fetch);
	return NULL;
}

static enum err judge(const struct asked *a, const char *dir)
{
	if (a->err != OK && a->err != ERR_FALSE)
		journal("witness %s was not heard: %s", a->witness->name, a->why);
	ENSURE(a->err != ERR_FALSE, ERR_CORRUPT,
		"witness %s: %.170s. Perhaps a backup was restored. Nothing was signed or served. "
		"Put the newest database back or fetch what is missing from a mirror; without "
		"either, open a new log of another origin. If the witness is wrong, take its line "
		"out of %.100s/" REG_POLICY,
		a->witness->name, a->why, dir);
	return OK;
}

static void ask_all(struct comparison *c, struct asked asked[POLICY_WITNESSES])
{
	for (size_t i = 0; i < c->policy->witnesses_n; i++) {
		asked[i].of = c;
		asked[i].witness = &c->policy->witnesses[i];
		asked[i].started = asked[i].witness->url && asked[i].witness->checkable &&
		                   pthread_create(&asked[i].thread, NULL, ask, &asked[i]) == 0;
	}
	for (size_t i = 0; i < c->policy->witnesses_n; i++)
		if (asked[i].started)
			pthread_join(asked[i].thread, NULL);
}

static enum err judge_all(struct comparison *c, const char *dir)
{
	struct asked asked[POLICY_WITNESSES] = {0};
	enum err e = OK;

	ask_all(c, asked);
	for (size_t i = 0; i < c->policy->witnesses_n && e == OK; i++)
		if (asked[i].started)
			e = judge(&asked[i], dir);
	return e;
}

/* Counts entries without a checkpoint too: those that a crash left unsigned are no loss. */
static enum err open_log(struct comparison *c, const char *dir)
{
	const struct store *log = &c->snap.log;

	TRY(checkpointed_open_newest(dir, &c->snap));
	TRY(log->ops->size(log->self, &c->entries));
	TRY(log->ops->checkpoint(log->self, &c->note));
	c->rq = (struct cosign_request){.prove = prove,
		.newest = entries,
		.signed_text = buf_text(&c->note),
		.signed_len = c->note.len};
	TRY(note_parse(buf_text(&c->note), c->note.len, &c->rq.note));
	return checkpoint_parse(c->rq.note.text, c->rq.note.text_len, &c->rq.cp);
}

static void comparison_done(struct comparison *c)
{
	tlog_policy_free(c->policy);
	checkpointed_close(&c->snap);
	buf_done(&c->note);
}

static enum err compare(struct comparison *c, const char *dir, const char *policy)
{
	enum err e;

	TRY(tlog_policy_read(policy, &c->policy));
	e = open_log(c, dir);
	if (e == ERR_NOT_FOUND)
		return OK; /* nothing was signed yet; if there is no register, opening it reports
		            * that */
	TRY(e);
	return c->rq.cp.size ? judge_all(c, dir) : OK;
}

enum err witnesses_compare(const char *dir)
{
	AUTOFREE char *policy = file_in(dir, REG_POLICY);
	struct comparison c = {.note = BUF(NOTE_MAX), .mutex = PTHREAD_MUTEX_INITIALIZER};
	enum err e;

	if (!file_exists(policy))
		return OK;
	e = compare(&c, dir, policy);
	comparison_done(&c);
	return e;
}

/* --- for a restore --- */

static enum err tell(const struct asked *a, const struct comparison *c, struct witness_seen *out)
{
	bool more = a->err == ERR_FALSE && a->size > c->entries;
	bool heard = more || (a->err == OK && a->told);

	ENSURE(a->err != ERR_FALSE || more, ERR_CORRUPT,
		"witness %s has another history than the backup (%.300s). Nothing was restored",
		a->witness->name, a->why);
	*out = (struct witness_seen){.heard = heard, .size = a->size};
	snprintf(out->name, sizeof(out->name), "%s", a->witness->key.name);
	/* A witness that is new to the log has seen nothing. */
	snprintf(out->why, sizeof(out->why), "%s",
		a->err == OK ? "it has not seen this log before" : a->why);
	return OK;
}

static enum err see(struct comparison *c, const char *dir, const char *policy,
	struct witness_seen *out, size_t *n)
{
	struct asked asked[POLICY_WITNESSES] = {0};

	TRY(tlog_policy_read(policy, &c->policy));
	TRY(open_log(c, dir));
	ask_all(c, asked);
	for (size_t i = 0; i < c->policy->witnesses_n; i++)
		if (asked[i].started)
			TRY(tell(&asked[i], c, &out[(*n)++]));
	return OK;
}

enum err witnesses_seen(const char *dir, struct witness_seen *out, size_t *n)
{
	AUTOFREE char *policy = file_in(dir, REG_POLICY);
	struct comparison c = {.note = BUF(NOTE_MAX), .mutex = PTHREAD_MUTEX_INITIALIZER};
	enum err e;

	*n = 0;
	if (!file_exists(policy))
		return OK;
	e = see(&c, dir, policy, out, n);
	comparison_done(&c);
	return e;
}

/* --- before a key is ended: who would stop cosigning? --- */

/* The newest checkpoint, with the signature of this key alone. The database is not trusted, so an
 * invalid line is an error. */
static enum err keep_line(struct comparison *c, const struct vkey *key)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	const struct note *is = &c->rq.note;

	ENSURE(note_verify(is, key) == OK, ERR_CORRUPT, "the newest checkpoint: %s", err_why());
	buf_add(&note, is->text, is->text_len);
	buf_putc(&note, '\n');
	note_keep(is, key, &note);
	buf_done(&c->note);
	c->note = TAKE(note);
	c->rq.signed_text = buf_text(&c->note);
	c->rq.signed_len = c->note.len;
	return note_parse(c->note.data, c->note.len, &c->rq.note);
}

static enum err find_strangers(struct comparison *c, const char *dir, const struct vkey *key,
	const char *policy, struct buf *out)
{
	struct asked asked[POLICY_WITNESSES] = {0};

	TRY(tlog_policy_read(policy, &c->policy));
	TRY(open_log(c, dir));
	TRY(keep_line(c, key));
	ask_all(c, asked);
	for (size_t i = 0; i < c->policy->witnesses_n; i++)
		if (asked[i].started && asked[i].err == ERR_DENIED)
			buf_printf(out, "%s%s", out->len ? ", " : "",
				c->policy->witnesses[i].key.name);
	return OK;
}

enum err witnesses_know(const char *dir, const struct vkey *key, struct buf *strangers)
{
	AUTOFREE char *policy = file_in(dir, REG_POLICY);
	struct comparison c = {.note = BUF(NOTE_MAX), .mutex = PTHREAD_MUTEX_INITIALIZER};
	enum err e;

	if (!file_exists(policy))
		return OK;
	e = find_strangers(&c, dir, key, policy, strangers);
	comparison_done(&c);
	return e;
}
