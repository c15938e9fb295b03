#include "registry/people/slow.h"
#include "base/locked.h"

#include "base/crypto.h"

#include <stdlib.h>

/* Each key falls into one of WAYS places of its set. If all are taken, the counter with the fewest
 * failures goes, then the oldest, so that a flood of new keys displaces no frequent failures. */
#define SETS 1024u
#define WAYS 8u

/* After `free` failures each delay is twice the one before, up to `most` seconds; every `forgive`
 * seconds one failure is forgotten. */
static const struct rule {
	unsigned free;
	int64_t most, forgive;
} rules[SLOW_KINDS] = {
	[SLOW_LOGIN] = {5, 900, 3600},
	[SLOW_NETWORK] = {30, 60, 60}, /* a town hall shares one network */
	[SLOW_BROWSER] = {5, 900, 3600},
};

struct counter {
	uint64_t key; /* 0: unused */
	unsigned failed, undecided;
	int64_t at; /* of the latest attempt */
};
struct slow {
	pthread_mutex_t mutex;
	uint8_t secret[16];
	struct counter counters[SLOW_KINDS][SETS][WAYS];
};

struct slow *slow_new(void)
{
	struct slow *slow = mem_new(sizeof(*slow));

	crypto_random(slow->secret, sizeof(slow->secret));
	pthread_mutex_init(&slow->mutex, NULL);
	return slow;
}

void slow_free(struct slow *slow)
{
	if (!slow)
		return;
	pthread_mutex_destroy(&slow->mutex);
	free(slow);
}

struct slow_key slow_key(const struct slow *slow, enum slow_kind kind, const void *data, size_t len)
{
	uint64_t hash = keyed_hash(slow->secret, data, len);

	return (struct slow_key){kind, hash ? hash : 1};
}

static bool is_lesser(const struct counter *a, const struct counter *b)
{
	unsigned of_a = a->failed + a->undecided, of_b = b->failed + b->undecided;

	return of_a != of_b ? of_a < of_b : a->at < b->at;
}

/* The counter of a key; NULL if there is none and `make` is false. */
static struct counter *counter_of(struct slow *slow, struct slow_key key, bool make)
{
	struct counter *set = slow->counters[key.kind][key.hash % SETS], *least = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].key == key.hash)
			return &set[i];
		if (is_lesser(&set[i], least))
			least = &set[i];
	}
	if (!make)
		return NULL;
	*least = (struct counter){.key = key.hash};
	return least;
}

static void forgive(struct counter *c, const struct rule *rule, int64_t now)
{
	int64_t passed = now - c->at, n = passed > 0 ? passed / rule->forgive : 0;

	if (!n)
		return;
	c->failed = n < c->failed ? c->failed - (unsigned)n : 0;
	c->at += n * rule->forgive;
}

/* Seconds to wait after the latest attempt, of so many. */
static int64_t delay(unsigned attempts, const struct rule *rule)
{
	unsigned over = attempts > rule->free ? attempts - rule->free : 0;
	int64_t seconds = over == 0 ? 0 : over > 20 ? rule->most : (int64_t)1 << over;

	return seconds < rule->most ? seconds : rule->most;
}

/* The clock may have been set back: nobody waits longer than the delay itself. */
static int64_t left(
	const struct counter *c, unsigned attempts, const struct rule *rule, int64_t now)
{
	int64_t wait = delay(attempts, rule), passed = now > c->at ? now - c->at : 0;

	return wait > passed ? wait - passed : 0;
}

/* `decided`: as if the attempts that are not decided yet had not begun. */
static int64_t longest(
	struct slow *slow, const struct slow_key *keys, size_t n, int64_t now, bool decided)
{
	int64_t wait = 0;

	for (size_t i = 0; i < n; i++) {
		const struct counter *c = counter_of(slow, keys[i], false);
		unsigned attempts = c ? c->failed + (decided ? 0 : c->undecided) : 0;
		int64_t one = c ? left(c, attempts, &rules[keys[i].kind], now) : 0;

		wait = one > wait ? one : wait;
	}
	return wait;
}

enum err slow_take(
	struct slow *slow, const struct slow_key *keys, size_t n, int64_t now, int64_t *wait)
{
	bool failed;

	pthread_mutex_lock(&slow->mutex);
	*wait = longest(slow, keys, n, now, false);
	failed = longest(slow, keys, n, now, true) > 0;
	for (size_t i = 0; i < n && !*wait; i++) {
		struct counter *c = counter_of(slow, keys[i], true);

		forgive(c, &rules[keys[i].kind], now);
		c->undecided++;
		c->at = now;
	}
	pthread_mutex_unlock(&slow->mutex);
	if (*wait && !failed) {
		*wait = 1;
		return fail(ERR_LIMITED,
			"several sign-ins are under way at this moment: try again in a second");
	}
	ENSURE(!*wait, ERR_LIMITED, "too many attempts failed: try again in %lld seconds",
		(long long)*wait);
	return OK;
}

enum outcome { SUCCEEDED, FAILED, UNDONE };

/* A counter that was displaced meanwhile is made again only for a failure. */
static void end(struct slow *slow, const struct slow_key *keys, size_t n, enum outcome outcome)
{
	LOCKED(&slow->mutex);
	for (size_t i = 0; i < n; i++) {
		struct counter *c = counter_of(slow, keys[i], outcome == FAILED);

		if (!c)
			continue;
		c->undecided -= c->undecided > 0;
		if (outcome == FAILED)
			c->failed++;
		else if (outcome == SUCCEEDED && keys[i].kind != SLOW_NETWORK)
			c->failed = 0;
	}
}

void slow_succeeded(struct slow *slow, const struct slow_key *keys, size_t n)
{
	end(slow, keys, n, SUCCEEDED);
}

void slow_failed(struct slow *slow, const struct slow_key *keys, size_t n)
{
	end(slow, keys, n, FAILED);
}

void slow_undo(struct slow *slow, const struct slow_key *keys, size_t n)
{
	end(slow, keys, n, UNDONE);
}
