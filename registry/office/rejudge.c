#include "registry/office/rejudge.h"

#include "registry/office/office.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define LOOK_SECONDS 10 /* between two checks for records to judge */

struct rejudge {
	struct reg *reg;
	void (*trouble)(const char *why);
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t stop;
	bool stopping;
};

/* False when the thread is to stop. */
static bool wait_for(struct rejudge *r, int seconds)
{
	struct timespec until = monotonic_in(1000 * seconds);
	bool stopping;

	pthread_mutex_lock(&r->mutex);
	while (!r->stopping && seconds &&
		pthread_cond_clockwait(&r->stop, &r->mutex, CLOCK_MONOTONIC, &until) == 0)
		;
	stopping = r->stopping;
	pthread_mutex_unlock(&r->mutex);
	return !stopping;
}

/* How many records are left to judge. Asked of a reader, so that the writer of an idle register can
 * sleep. */
static int64_t ask(struct rejudge *r, const char *operation)
{
	json_auto_t *request = json_make("{s:s}", "do", operation), *reply = NULL;
	enum err e = office_do(r->reg, request, NULL, &reply);

	if (e != OK && e != ERR_BUSY)
		r->trouble(err_why());
	return e == OK ? json_num(reply, "left") : 0;
}

static void *run(void *arg)
{
	struct rejudge *r = arg;
	int64_t left = 0;

	while (wait_for(r, left ? 0 : LOOK_SECONDS))
		left = ask(r, left ? "rejudge" : "policies");
	return NULL;
}

enum err rejudge_start(struct reg *reg, void (*trouble)(const char *why), struct rejudge **out)
{
	struct rejudge *r = mem_new(sizeof(*r));

	r->reg = reg;
	r->trouble = trouble;
	pthread_mutex_init(&r->mutex, NULL);
	pthread_cond_init(&r->stop, NULL);
	if (pthread_create(&r->thread, NULL, run, r) != 0) {
		free(r);
		return fail(ERR_SYSTEM, "no thread to judge records again");
	}
	*out = r;
	return OK;
}

void rejudge_stop(struct rejudge *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->mutex);
	r->stopping = true;
	pthread_cond_signal(&r->stop);
	pthread_mutex_unlock(&r->mutex);
	pthread_join(r->thread, NULL);
	pthread_cond_destroy(&r->stop);
	pthread_mutex_destroy(&r->mutex);
	free(r);
}
