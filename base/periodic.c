#include "base/periodic.h"
#include "base/locked.h"

#include "base/buf.h"
#include "base/env.h"

#include <stdlib.h>

struct periodic {
	unsigned (*act)(void *arg);
	void *arg;
	unsigned pause_ms;
	pthread_t thread;
	pthread_mutex_t mutex; /* guards `stopping` */
	pthread_cond_t stop;
	bool stopping;
};

static bool pause_over(struct periodic *p)
{
	struct timespec until = monotonic_in(p->pause_ms);

	LOCKED(&p->mutex);
	while (!p->stopping && p->pause_ms &&
		pthread_cond_clockwait(&p->stop, &p->mutex, CLOCK_MONOTONIC, &until) == 0)
		;
	return !p->stopping;
}

static void *run(void *arg)
{
	struct periodic *p = arg;

	while (pause_over(p))
		p->pause_ms = p->act(p->arg);
	return NULL;
}

static void end(struct periodic *p)
{
	pthread_cond_destroy(&p->stop);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}

enum err periodic_start(
	unsigned (*act)(void *arg), void *arg, unsigned first_ms, struct periodic **out)
{
	struct periodic *p = mem_new(sizeof(*p));

	p->act = act;
	p->arg = arg;
	p->pause_ms = first_ms;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->stop, NULL);
	if (pthread_create(&p->thread, NULL, run, p) != 0) {
		end(p);
		return fail(ERR_SYSTEM, "no thread can be started for work in the background");
	}
	*out = p;
	return OK;
}

void periodic_stop(struct periodic *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->mutex);
	p->stopping = true;
	pthread_cond_signal(&p->stop);
	pthread_mutex_unlock(&p->mutex);
	pthread_join(p->thread, NULL);
	end(p);
}
