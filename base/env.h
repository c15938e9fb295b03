/* env.h - the two things that a run takes from outside itself: time and chance.
 * Both are passed in, so that a test can repeat a run to the byte. */
#pragma once
#include "base/err.h"

#include <time.h>

struct env {
	int64_t (*now)(void *arg); /* seconds since 1970, UTC */
	void (*random)(void *arg, void *out, size_t len);
	void *arg;
	/* Seconds on a clock that nobody sets and that goes on while the machine sleeps; NULL:
	 * there is none, and jumps of now() are not noticed. */
	int64_t (*steady)(void *arg);
};
/* The machine's clock and the kernel's randomness. */
extern const struct env env_real;

int64_t env_now(const struct env *env);
/* How far now() is from the steady clock, to be kept at a start; and by how many seconds now() was
 * set on (below 0: back) since: 0 up to an hour, for what keeps a clock right moves it by less, and
 * where there is no steady clock. */
int64_t env_gap(const struct env *env);
int64_t env_jump(const struct env *env, int64_t gap);
/* Milliseconds on a clock that nobody sets, for how long things take: never part of what is
 * kept. */
int64_t monotonic_ms(void);
/* That clock `ms` from now, for pthread_cond_clockwait(…, CLOCK_MONOTONIC, …): nobody sleeps for a
 * day since the machine's clock was set back by one. */
struct timespec monotonic_in(int64_t ms);
void env_random(const struct env *env, void *out, size_t len);

#define TIME_TEXT 21 /* "2026-11-22T12:00:00Z" and the NUL */
/* RFC 3339 in UTC, whole seconds. */
void time_text(int64_t at, char out[TIME_TEXT]);
/* The latest time that a clock on Earth shows now: a day begins fourteen hours earlier in the east
 * than in UTC. What lies after it is still to come everywhere. */
void time_latest(int64_t at, char out[TIME_TEXT]);
/* As headers of HTTP have it (RFC 9110 section 5.6.7), never in the reader's language. */
#define HTTP_DATE 30 /* "Sun, 06 Nov 1994 08:49:37 GMT" and the NUL */
void http_date(int64_t at, char out[HTTP_DATE]);
/* Accepts exactly what time_text() writes. */
MUST_CHECK enum err time_parse(const char *text, int64_t *out);
/* The first second after the day `date` ("2026-03-01") ends in the process's time zone. */
MUST_CHECK enum err time_day_end(const char *date, int64_t *out);
