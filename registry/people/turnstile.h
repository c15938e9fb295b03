/* turnstile.h - limits how many threads work at once; others wait briefly. This bounds the memory
 * for hashing passwords, however many people sign in. Any thread may call these. */
#pragma once
#include "base/err.h"

struct turnstile;
/* `at_once` is at least 2. One place is reserved for known browsers, so that a flood of strangers
 * cannot take all of them. */
struct turnstile *turnstile_new(unsigned at_once);
void turnstile_free(struct turnstile *turnstile);
/* ERR_BUSY if no place is free within TURNSTILE_WAIT, or too many wait already. */
#define TURNSTILE_WAIT 3000 /* ms */
MUST_CHECK enum err turnstile_enter(struct turnstile *turnstile, bool known);
void turnstile_leave(struct turnstile *turnstile, bool known);

struct turnstile_counts {
	unsigned at_once, peak;
	uint64_t entered;
};
struct turnstile_counts turnstile_counts(struct turnstile *turnstile);
