/* periodic.h - work that a thread of its own does again and again until it is stopped. */
#pragma once
#include "base/err.h"

struct periodic;
/* Calls act(arg), for the first time after `first_ms` milliseconds. It returns the milliseconds
 * until the next call. ERR_SYSTEM: there is no thread. */
MUST_CHECK enum err periodic_start(
	unsigned (*act)(void *arg), void *arg, unsigned first_ms, struct periodic **out);
/* Ends a pause at once, and waits for a call that has begun. NULL: does nothing. */
void periodic_stop(struct periodic *p);
