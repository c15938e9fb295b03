/* env.h - time and randomness, the two inputs that vary from run to run. Both are passed in, so
 * that a test can repeat a run byte for byte. */
#pragma once
#include "base/err.h"

#include <time.h>

struct env {
	int64_t (*now)(void *arg); /* seconds since 1970, UTC */
	void (*random)(void *arg, void *out, size_t len);
	void *arg;
	/* Seconds on a clock that is never set and runs on while the machine sleeps; NULL: there is
	 * none, and jumps of now() go unnoticed. */
	int64_t (*steady)(void *arg);
};
/* The machine's clock and the kernel's randomness. */
extern const struct env env_real;

int64_t env_now(const struct env *env);
/* env_gap() is the distance of now() from the steady clock, recorded at start. env_jump() is the
 * number of seconds by which now() was set forward (below 0: back) since then. It is 0 for up to an
 * hour, because time synchronisation moves a clock by less, and 0 without a steady clock. */
int64_t env_gap(const struct env *env);
int64_t env_jump(const struct env *env, int64_t gap);
/* Milliseconds on a clock that is never set, for measuring durations; never stored. */
int64_t monotonic_ms(void);
/* That clock `ms` from now, for pthread_cond_clockwait(…, CLOCK_MONOTONIC, …), so that setting the
 * machine's clock back by a day does not make a thread sleep for a day. */
struct timespec monotonic_in(int64_t ms);
void env_random(const struct env *env, void *out, size_t len);

#define TIME_TEXT 21 /* "2026-11-22T12:00:00Z" and the NUL */
/* RFC 3339 in UTC, whole seconds. */
void time_text(int64_t at, char out[TIME_TEXT]);
/* The latest local time on Earth now: 14 hours ahead of UTC. A time after it is in the future
 * everywhere. */
void time_latest(int64_t at, char out[TIME_TEXT]);
/* The form of HTTP headers (RFC 9110 section 5.6.7), never in the reader's language. */
#define HTTP_DATE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and the NUL */
void http_date(int64_t at, char out[HTTP_DATE]);
/* Accepts exactly what time_text() writes. */
MUST_CHECK enum err time_parse(const char *text, int64_t *out);
/* The first second after the day `date` ("2026-03-01") ends in the process's time zone. */
MUST_CHECK enum err time_day_end(const char *date, int64_t *out);
