/* turnstile.h - so many at once, the others wait for their turn, and not for long: what bounds the
 * memory that passwords are hashed with, however many sign in. Any thread. */
#pragma once
#include "base/err.h"

struct turnstile;
/* `at_once`: at least 2. One of the places is kept for who comes from a known browser: a flood of
 * strangers takes the others. */
struct turnstile *turnstile_new(unsigned at_once);
void turnstile_free(struct turnstile *turnstile);
/* ERR_BUSY where the turn does not come within TURNSTILE_WAIT, or too many wait already. */
#define TURNSTILE_WAIT 3000 /* ms */
MUST_CHECK enum err turnstile_enter(struct turnstile *turnstile, bool known);
void turnstile_leave(struct turnstile *turnstile, bool known);

struct turnstile_counts {
	unsigned at_once, peak;
	uint64_t entered, refused;
};
struct turnstile_counts turnstile_counts(struct turnstile *turnstile);
