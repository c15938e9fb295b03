#include "base/locked.h"
#include "web/server/server.h"

#include "web/http/mhd.h"

#include <stdlib.h>
#include <string.h>

/* How many of each lane run at once. Each lane has its own threads, so that slow work in one delays
 * no other. Each read uses a connection to the database (REG_READERS). */
static const unsigned most[LANES] = {
	[LANE_WRITE] = 64, /* they wait for the writer: this many questions share a commit */
	[LANE_LARGE] = 8, /* the same with a large body, which takes ten times its size in memory */
	[LANE_READ] = 4,  /* uncached pages: some milliseconds */
	[LANE_SLOW] = 2,  /* searches, comparisons, checks of records */
};

struct worker {
	struct web *web;
	pthread_t thread;
	pthread_cond_t wake;
	bool is_idle;
	struct worker *below; /* on the stack of idle workers */
};

/* Under the mutex. */
static struct exchange *next(struct web *web)
{
	for (size_t i = 0; i < LANES; i++) {
		struct queue *q = &web->queues[i];
		struct exchange *x = q->first;

		if (!x || q->busy == most[i])
			continue;
		q->first = x->next;
		q->last = q->first ? q->last : &q->first;
		q->busy++;
		return x;
	}
	return NULL;
}

/* Under the mutex. Idle workers are on a stack, so that the one that worked last wakes first. A
 * thread keeps the memory to which its stack and allocator cache have grown, so ordinary load
 * should use the same few threads. */
static void rest(struct web *web, struct worker *w)
{
	w->below = web->idle;
	web->idle = w;
	w->is_idle = true;
	while (w->is_idle)
		pthread_cond_wait(&w->wake, &web->mutex);
}

/* Under the mutex. A worker that finds no work it may take rests again. */
static void wake_one(struct web *web)
{
	struct worker *w = web->idle;

	if (!w)
		return;
	web->idle = w->below;
	w->is_idle = false;
	pthread_cond_signal(&w->wake);
}

static struct exchange *take(struct web *web, struct worker *w)
{
	struct exchange *x;

	LOCKED(&web->mutex);
	while (!(x = next(web)) && !web->closing)
		rest(web, w);
	return x;
}

/* The last of the large ones returns the memory of all to the system. */
static void done(struct web *web, enum lane lane)
{
	bool last;

	pthread_mutex_lock(&web->mutex);
	last = --web->queues[lane].busy == 0;
	pthread_mutex_unlock(&web->mutex);
	if (last && lane == LANE_LARGE)
		mem_give_back();
}

/* Many request the same page after a change: the first makes it, and those behind it get it from
 * the cache. */
static bool is_kept_meanwhile(const struct exchange *x)
{
	return x->route_error == OK && route_is_kept(x->route) &&
	       cache_has(x->web->site.cache, x->uri, x->encoding);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct web *web = w->web;
	struct exchange *x;

	while ((x = take(web, w))) {
		enum lane lane = x->lane;

		if (x->asks) {
			exchange_let_in(x);
		} else if (!is_kept_meanwhile(x)) {
			answer(x);
			x->answered = true;
		}
		mhd.resume_connection(x->connection); /* x now belongs to another thread */
		done(web, lane);
	}
	return NULL;
}

enum err workers_start(struct web *web)
{
	pthread_attr_t attr;
	size_t n = 0;
	enum err e = OK;

	for (size_t i = 0; i < LANES; i++)
		n += most[i];
	web->workers = mem_new(n * sizeof(*web->workers));
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, MIB);
	for (; e == OK && web->workers_n < n; web->workers_n++) {
		struct worker *w = &web->workers[web->workers_n];

		w->web = web;
		pthread_cond_init(&w->wake, NULL);
		if (pthread_create(&w->thread, &attr, work, w) != 0) {
			pthread_cond_destroy(&w->wake);
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
	while (web->idle)
		wake_one(web);
	pthread_cond_broadcast(&web->stopped);
	pthread_mutex_unlock(&web->mutex);
	while (web->workers_n) {
		struct worker *w = &web->workers[--web->workers_n];

		pthread_join(w->thread, NULL);
		pthread_cond_destroy(&w->wake);
	}
	free(TAKE(web->workers));
}

static enum lane lane_of(const struct exchange *x)
{
	if (x->route_error != OK || !x->route || x->asks)
		return LANE_READ;
	if (x->route->slow == SLOW || (x->route->slow == SLOW_ASKED && strchr(x->uri, '?')))
		return LANE_SLOW;
	return x->route->method == GET ? LANE_READ : x->body.large ? LANE_LARGE : LANE_WRITE;
}

/* -1 for a write, which is complete once sent, whether or not its sender waits. */
static int socket_of(struct exchange *x)
{
	const union MHD_ConnectionInfo *info =
		mhd.get_connection_info(x->connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info && x->lane >= LANE_READ ? info->connect_fd : -1;
}

bool workers_give(struct web *web, struct exchange *x)
{
	struct queue *q;
	bool taken;

	x->next = NULL;
	x->lane = lane_of(x);
	patience_begin(&x->request.patience, web->site.read_ms, socket_of(x));
	q = &web->queues[x->lane];
	LOCKED(&web->mutex);
	taken = !web->closing;
	if (taken) {
		/* Must come before any worker can resume it. */
		mhd.suspend_connection(x->connection);
		*q->last = x;
		q->last = &x->next;
		if (q->busy < most[x->lane])
			wake_one(web); /* else one of the lane's own takes it next */
	}
	return taken;
}
