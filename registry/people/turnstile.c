#include "registry/people/turnstile.h"
#include "base/locked.h"

#include "base/buf.h"
#include "base/env.h"

#include <stdlib.h>

#define WAITING 64 /* more are refused at once, because their turn would not come in time */

struct turnstile {
	pthread_mutex_t mutex;
	pthread_cond_t left;
	unsigned inside, strangers, waiting;
	struct turnstile_counts counts;
};

struct turnstile *turnstile_new(unsigned at_once)
{
	struct turnstile *turnstile = mem_new(sizeof(*turnstile));

	turnstile->counts.at_once = at_once < 2 ? 2 : at_once;
	pthread_mutex_init(&turnstile->mutex, NULL);
	pthread_cond_init(&turnstile->left, NULL);
	return turnstile;
}

void turnstile_free(struct turnstile *turnstile)
{
	if (!turnstile)
		return;
	pthread_cond_destroy(&turnstile->left);
	pthread_mutex_destroy(&turnstile->mutex);
	free(turnstile);
}

static bool may_enter(const struct turnstile *turnstile, bool known)
{
	unsigned most = turnstile->counts.at_once;

	return turnstile->inside < most && (known || turnstile->strangers < most - 1);
}

static bool wait_for_turn(struct turnstile *turnstile, bool known)
{
	struct timespec until = monotonic_in(TURNSTILE_WAIT);
	int rc = 0;

	if (may_enter(turnstile, known))
		return true;
	if (turnstile->waiting >= WAITING && !known)
		return false;
	turnstile->waiting++;
	while (!may_enter(turnstile, known) && rc == 0)
		rc = pthread_cond_clockwait(
			&turnstile->left, &turnstile->mutex, CLOCK_MONOTONIC, &until);
	turnstile->waiting--;
	return may_enter(turnstile, known);
}

enum err turnstile_enter(struct turnstile *turnstile, bool known)
{
	struct turnstile_counts *counts = &turnstile->counts;
	bool in;

	pthread_mutex_lock(&turnstile->mutex);
	in = wait_for_turn(turnstile, known);
	counts->entered += in;
	turnstile->inside += in;
	turnstile->strangers += in && !known;
	if (turnstile->inside > counts->peak)
		counts->peak = turnstile->inside;
	pthread_mutex_unlock(&turnstile->mutex);
	ENSURE(in, ERR_BUSY, "too many people sign in at this moment: try again in a few seconds");
	return OK;
}

void turnstile_leave(struct turnstile *turnstile, bool known)
{
	LOCKED(&turnstile->mutex);
	turnstile->inside--;
	turnstile->strangers -= !known;
	/* Wakes all: the first to wake may be one that no free place is for. */
	pthread_cond_broadcast(&turnstile->left);
}

struct turnstile_counts turnstile_counts(struct turnstile *turnstile)
{
	LOCKED(&turnstile->mutex);
	return turnstile->counts;
}
