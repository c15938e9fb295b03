#include "web/server.h"

#include <malloc.h>
#include <microhttpd.h>

/* A large body takes ten times its size in memory while it is read: so many are, at once. */
#define LARGE_AT_ONCE 8

static struct exchange *first_of(struct exchange **first, struct exchange ***last)
{
	struct exchange *x = *first;

	if (x && !(*first = x->next))
		*last = first;
	return x;
}

/* Under the mutex. */
static struct exchange *next(struct web *web)
{
	struct exchange *x = first_of(&web->first, &web->last);

	if (x || web->large_n == LARGE_AT_ONCE)
		return x;
	x = first_of(&web->large, &web->large_last);
	web->large_n += x != NULL;
	return x;
}

static struct exchange *take(struct web *web)
{
	struct exchange *x;

	pthread_mutex_lock(&web->mutex);
	while (!(x = next(web)) && !web->closing)
		pthread_cond_wait(&web->work, &web->mutex);
	pthread_mutex_unlock(&web->mutex);
	return x;
}

/* The last of them gives back to the system what they all took. */
static void large_is_done(struct web *web)
{
	bool last;

	pthread_mutex_lock(&web->mutex);
	last = --web->large_n == 0;
	pthread_cond_signal(&web->work);
	pthread_mutex_unlock(&web->mutex);
	if (last)
		malloc_trim(0);
}

static void *work(void *arg)
{
	struct exchange *x;

	while ((x = take(arg))) {
		bool large = x->body.large;

		answer(x);
		x->answered = true;
		MHD_resume_connection(x->connection); /* and x is the other thread's */
		if (large)
			large_is_done(arg);
	}
	return NULL;
}

enum err workers_start(struct web *web)
{
	pthread_attr_t attr;
	enum err e = OK;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, MIB);
	for (; e == OK && web->workers_n < WORKERS; web->workers_n++) {
		if (pthread_create(&web->workers[web->workers_n], &attr, work, web) != 0) {
			e = fail(ERR_SYSTEM, "no threads for the server");
			break;
		}
	}
	pthread_attr_destroy(&attr);
	return e;
}

void workers_stop(struct web *web)
{
	pthread_mutex_lock(&web->mutex);
	web->closing = true;
	pthread_cond_broadcast(&web->work);
	pthread_mutex_unlock(&web->mutex);
	while (web->workers_n)
		pthread_join(web->workers[--web->workers_n], NULL);
}

bool workers_give(struct web *web, struct exchange *x)
{
	bool taken, large = x->body.large;

	x->next = NULL;
	pthread_mutex_lock(&web->mutex);
	taken = !web->closing;
	if (taken) {
		/* Before any worker can resume it. */
		MHD_suspend_connection(x->connection);
		*(large ? web->large_last : web->last) = x;
		*(large ? &web->large_last : &web->last) = &x->next;
		pthread_cond_signal(&web->work);
	}
	pthread_mutex_unlock(&web->mutex);
	return taken;
}
