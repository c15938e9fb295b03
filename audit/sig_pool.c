#include "audit/sig_pool.h"
#include "base/locked.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Threads hand over this many signatures at once: one takes 50 us, so locks cost little. */
#define CHUNK 32
#define WAITING_PER_CORE 4
#define CORES_MAX 64

struct work {
	uint64_t place;
	uint8_t public[ED25519_PUBLIC], sig[ED25519_SIG];
	char *msg; /* the key's name, NUL, the signed bytes */
	size_t name_len, len;
};
struct chunk {
	struct chunk *next;
	size_t n;
	struct work work[CHUNK];
};

struct sig_pool {
	pthread_t threads[CORES_MAX];
	unsigned threads_n;
	struct chunk *filling; /* used by the caller only */
	pthread_mutex_t mutex; /* guards all members below */
	pthread_cond_t given, taken;
	struct chunk *first, **last;
	size_t waiting, busy; /* chunks in the queue; chunks that threads are verifying */
	bool ending, wrong;
	uint64_t place; /* place and key of the first wrong one */
	char name[KEY_NAME_MAX + 1];
};

static void chunk_free(struct chunk *c)
{
	for (size_t i = 0; c && i < c->n; i++)
		free(c->work[i].msg);
	free(c);
}

static bool is_right(const struct work *w)
{
	return ed25519_verify(w->public, w->msg + w->name_len + 1, w->len, w->sig);
}

/* Notes a wrong signature if it is the first. `mutex` is held. */
static void note_wrong(struct sig_pool *p, const struct work *w)
{
	if (p->wrong && p->place <= w->place)
		return;
	p->wrong = true;
	p->place = w->place;
	memcpy(p->name, w->msg, w->name_len + 1);
}

/* Runs without the lock, except to note a wrong signature. */
static void verify_chunk(struct sig_pool *p, const struct chunk *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (is_right(&c->work[i]))
			continue;
		pthread_mutex_lock(&p->mutex);
		note_wrong(p, &c->work[i]);
		pthread_mutex_unlock(&p->mutex);
		return; /* later ones in this chunk are later in the log */
	}
}

/* `mutex` is held before and after. */
static void take_one(struct sig_pool *p)
{
	struct chunk *c = p->first;

	p->first = c->next;
	if (!p->first)
		p->last = &p->first;
	p->waiting--;
	p->busy++;
	pthread_mutex_unlock(&p->mutex);
	verify_chunk(p, c);
	chunk_free(c);
	pthread_mutex_lock(&p->mutex);
	p->busy--;
	pthread_cond_signal(&p->taken);
}

static void *verify_all(void *arg)
{
	struct sig_pool *p = arg;

	LOCKED(&p->mutex);
	for (;;) {
		if (p->first)
			take_one(p);
		else if (p->ending)
			break;
		else
			pthread_cond_wait(&p->given, &p->mutex);
	}
	return NULL;
}

static unsigned cores_here(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	return (unsigned)CPU_COUNT(&set);
}

/* Signals stay with the calling thread. If a thread does not start, the pool has fewer. */
static void start_threads(struct sig_pool *p, unsigned n)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (p->threads_n < n &&
		pthread_create(&p->threads[p->threads_n], NULL, verify_all, p) == 0)
		p->threads_n++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct sig_pool *sig_pool_new(unsigned cores)
{
	struct sig_pool *p = mem_new(sizeof(*p));

	p->last = &p->first;
	pthread_mutex_init(&p->mutex, NULL);
	pthread_cond_init(&p->given, NULL);
	pthread_cond_init(&p->taken, NULL);
	if (cores == 0)
		cores = cores_here();
	start_threads(p, (cores > CORES_MAX ? CORES_MAX : cores) - 1);
	return p;
}

void sig_pool_free(struct sig_pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->mutex);
	p->ending = true;
	while (p->first) { /* nobody waits for these */
		struct chunk *c = p->first;

		p->first = c->next;
		chunk_free(c);
	}
	pthread_cond_broadcast(&p->given);
	pthread_mutex_unlock(&p->mutex);
	for (unsigned i = 0; i < p->threads_n; i++)
		pthread_join(p->threads[i], NULL);
	chunk_free(p->filling);
	pthread_cond_destroy(&p->given);
	pthread_cond_destroy(&p->taken);
	pthread_mutex_destroy(&p->mutex);
	free(p);
}

/* Queues the collected signatures; if the queue is too long, verifies some of it first. */
static void give(struct sig_pool *p)
{
	struct chunk *c = TAKE(p->filling);

	if (!c)
		return;
	LOCKED(&p->mutex);
	*p->last = c;
	p->last = &c->next;
	p->waiting++;
	pthread_cond_signal(&p->given);
	while (p->waiting > p->threads_n * WAITING_PER_CORE)
		take_one(p);
}

void sig_pool_add(struct sig_pool *p, uint64_t place, const struct vkey *key, const void *msg,
	size_t len, const uint8_t sig[ED25519_SIG])
{
	struct work *w;

	if (!p->filling)
		p->filling = mem_new(sizeof(*p->filling));
	w = &p->filling->work[p->filling->n++];
	*w = (struct work){.place = place, .name_len = strlen(key->name), .len = len};
	memcpy(w->public, key->public, sizeof(w->public));
	memcpy(w->sig, sig, sizeof(w->sig));
	w->msg = mem_resize(NULL, w->name_len + 1 + len);
	memcpy(w->msg, key->name, w->name_len + 1);
	memcpy(w->msg + w->name_len + 1, msg, len);
	if (p->filling->n == CHUNK)
		give(p);
}

bool sig_pool_failed(struct sig_pool *p)
{
	LOCKED(&p->mutex);
	return p->wrong;
}

enum err sig_pool_wait(struct sig_pool *p, uint64_t *place)
{
	bool wrong;

	give(p);
	pthread_mutex_lock(&p->mutex);
	while (p->first)
		take_one(p);
	while (p->busy)
		pthread_cond_wait(&p->taken, &p->mutex);
	wrong = p->wrong;
	*place = p->place;
	pthread_mutex_unlock(&p->mutex);
	ENSURE(!wrong, ERR_FALSE, "the signature of %s does not verify", p->name);
	return OK;
}
