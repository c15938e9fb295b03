#include "web/server.h"

#include <microhttpd.h>

static struct exchange *take(struct web *web)
{
	struct exchange *x;

	pthread_mutex_lock(&web->mutex);
	while (!web->first && !web->closing)
		pthread_cond_wait(&web->work, &web->mutex);
	x = web->first;
	if (x) {
		web->first = x->next;
		if (!web->first)
			web->last = &web->first;
	}
	pthread_mutex_unlock(&web->mutex);
	return x;
}

static void *work(void *arg)
{
	struct exchange *x;

	while ((x = take(arg))) {
		answer(x);
		x->answered = true;
		MHD_resume_connection(x->connection);
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
	bool taken;

	x->next = NULL;
	pthread_mutex_lock(&web->mutex);
	taken = !web->closing;
	if (taken) {
		/* Before any worker can resume it. */
		MHD_suspend_connection(x->connection);
		*web->last = x;
		web->last = &x->next;
		pthread_cond_signal(&web->work);
	}
	pthread_mutex_unlock(&web->mutex);
	return taken;
}
