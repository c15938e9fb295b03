/* locked.h - holds a mutex until the end of a scope. */
#pragma once
#include <pthread.h>

/* LOCKED(&p->mutex);  locks now, and unlocks when the block ends, whatever way it is left: after
 * the value of a `return` is known, before variables above it are cleaned up. One a block. */
#define LOCKED(mutex)                                                                  \
	__attribute__((cleanup(locked_done))) pthread_mutex_t *const locked = (mutex); \
	pthread_mutex_lock(locked)
static inline void locked_done(pthread_mutex_t *const *mutex)
{
	pthread_mutex_unlock(*mutex);
}
