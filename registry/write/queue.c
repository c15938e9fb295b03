/* How jobs reach the writer: whether the queue and the disk have room for them, and how their
 * threads wait for the outcome. Also reports the writer's health by its counters. */
#include "base/locked.h"
#include "base/security.h"
#include "registry/write/writer.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

/* The number of bytes that this process may still write to the folder's disk, found through the
 * open lock file. */
static uint64_t room_left(const struct reg *reg)
{
	struct statvfs at;

	if (reg->lock < 0 || fstatvfs(reg->lock, &at) != 0)
		return UINT64_MAX; /* not known: a write will tell */
	return (uint64_t)at.f_bavail * at.f_frsize;
}

void reg_set_floor(struct reg *reg, uint64_t floor)
{
	LOCKED(&reg->mutex);
	reg->health.floor = floor;
}

static enum err check_room(struct reg *reg)
{
	struct reg_health health = reg_health(reg);

	ENSURE(!reg_is_full(&health), ERR_FULL,
		"the register's disk is nearly full (%llu MiB left; %llu are reserved): free some "
		"space. Reading still works",
		(unsigned long long)(health.room / MIB), (unsigned long long)(health.floor / MIB));
	return OK;
}

int64_t reg_clock_jump(const struct reg *reg)
{
	return reg->original ? 0 : env_jump(&reg->env, reg->clock_gap);
}

enum err writer_now(struct reg *reg, int64_t *now)
{
	int64_t jump = reg_clock_jump(reg);

	if (jump)
		security_event(SECURITY_CLOCK);
	ENSURE(jump <= 0, ERR_BUSY,
		"nothing is written: the server's clock was set forward by %lld minutes while it ran. "
		"The operator must correct the clock or, if it is right now, restart gaya",
		(long long)(jump / 60));
	ENSURE(jump == 0, ERR_BUSY,
		"nothing is written: the server's clock was set back by %lld minutes while it ran. "
		"The operator must correct the clock or, if it is right now, restart gaya",
		(long long)(-jump / 60));
	*now = env_now(&reg->env);
	return OK;
}

enum err writer_may_go_on(struct reg *reg)
{
	char why[sizeof(reg->halted)];

	pthread_mutex_lock(&reg->mutex);
	memcpy(why, reg->halted, sizeof(why));
	pthread_mutex_unlock(&reg->mutex);
	ENSURE(!why[0], ERR_BUSY,
		"nothing is written until the register's operator has decided: %s", why);
	return OK;
}

void reg_halt(struct reg *reg, const char *why)
{
	const struct changes changes = {.touches = TOUCHES_ALL};
	void (*changed)(void *, const struct changes *);
	void *arg;

	pthread_mutex_lock(&reg->mutex);
	if (!reg->halted[0])
		snprintf(reg->halted, sizeof(reg->halted), "%s", why);
	reg->health.halted = true;
	changed = reg->changed;
	arg = reg->changed_arg;
	pthread_mutex_unlock(&reg->mutex);
	if (changed)
		changed(arg, &changes);
}

enum err reg_submit(struct reg *reg, struct job *job)
{
	enum err e = OK;

	ENSURE(!reg->original, ERR_METHOD, "this is a mirror, which only reads; the original is %s",
		reg->original);
	TRY(writer_may_go_on(reg));
	TRY(check_room(reg));
	job->next = NULL;
	job->err = OK;
	job->lang = err_language();
	pthread_mutex_lock(&reg->mutex);
	if (reg->closing || reg->queued >= QUEUE_MAX) {
		e = ERR_BUSY;
		reg->health.refused++;
	} else {
		*reg->last = job;
		reg->last = &job->next;
		reg->queued++;
		pthread_cond_signal(&reg->work);
	}
	pthread_mutex_unlock(&reg->mutex);
	ENSURE(e == OK, e, "too many requests are waiting to be written; try again in a moment");
	return OK;
}

/* Wraps the caller's job, with what its thread waits on. */
struct waited_job {
	struct job job; /* must be first: the writer returns its address */
	struct job *inner;
	struct judging judging;
	pthread_mutex_t mutex;
	pthread_cond_t settled;
	bool is_settled;
};

static enum err run_inner(struct tx *tx, struct job *job)
{
	struct waited_job *w = (struct waited_job *)job;
	enum err e = w->inner->run(tx, w->inner);

	ENSURE(!tx_runs_again(tx), ERR_CONFLICT, "the record is to be judged first");
	return e;
}

static void wake(struct job *job)
{
	struct waited_job *w = (struct waited_job *)job;

	LOCKED(&w->mutex);
	w->is_settled = true;
	pthread_cond_signal(&w->settled);
}

/* Waits until there is an outcome. */
static enum err submit_and_wait(struct reg *reg, struct waited_job *w)
{
	w->is_settled = false;
	TRY(reg_submit(reg, &w->job));
	LOCKED(&w->mutex);
	while (!w->is_settled)
		pthread_cond_wait(&w->settled, &w->mutex);
	return OK;
}

static enum err run_until_judged(struct reg *reg, struct waited_job *w)
{
	size_t problems = json_array_size(w->job.problems);

	TRY(submit_and_wait(reg, w));
	while (w->judging.waits) {
		TRY(judging_run(reg, &w->judging));
		while (json_array_size(w->job.problems) > problems)
			json_array_remove(w->job.problems, problems);
		TRY(submit_and_wait(reg, w));
	}
	return OK;
}

enum err reg_do(struct reg *reg, struct job *job)
{
	struct waited_job w = {.job = {.run = run_inner,
				       .done = wake,
				       .problems = job->problems,
				       .judging = &w.judging},
		.inner = job,
		.mutex = PTHREAD_MUTEX_INITIALIZER,
		.settled = PTHREAD_COND_INITIALIZER};
	enum err e = run_until_judged(reg, &w);

	judging_done(&w.judging);
	TRY(e);
	job->err = w.job.err;
	job->kept = w.job.kept;
	memcpy(job->why, w.job.why, sizeof(job->why));
	return w.job.err == OK ? OK : fail(w.job.err, "%s", w.job.why);
}

struct reg_health reg_health(struct reg *reg)
{
	struct reg_health health;

	pthread_mutex_lock(&reg->mutex);
	health = reg->health;
	pthread_mutex_unlock(&reg->mutex);
	health.room = room_left(reg);
	health.clock_jump = reg_clock_jump(reg);
	return health;
}

void reg_set_scrub(struct reg *reg, const struct reg_scrub *scrub)
{
	LOCKED(&reg->mutex);
	reg->health.scrub = *scrub;
}
