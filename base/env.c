#include "base/env.h"

#include "base/crypto.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t real_now(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

static void real_random(void *arg, void *out, size_t len)
{
	(void)arg;
	crypto_random(out, len);
}

const struct env env_real = {.now = real_now, .random = real_random};

int64_t env_now(const struct env *env)
{
	return env->now(env->arg);
}

void env_random(const struct env *env, void *out, size_t len)
{
	env->random(env->arg, out, len);
}

void time_text(int64_t at, char out[TIME_TEXT])
{
	time_t t = (time_t)at;
	struct tm tm;

	/* A time outside the years 0 to 9999 has no such text; it is shown as the epoch. */
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		tm = (struct tm){.tm_year = 70, .tm_mday = 1};
	strftime(out, TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

enum err time_parse(const char *text, int64_t *out)
{
	struct tm tm = {0};
	char again[TIME_TEXT];
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	int64_t at;

	ENSURE(end && !*end, ERR_INVALID, "%.40s is not a time like 2026-11-22T12:00:00Z", text);
	at = (int64_t)timegm(&tm);
	time_text(at, again);
	ENSURE(strcmp(again, text) == 0, ERR_INVALID, "%.40s is not a time that exists", text);
	*out = at;
	return OK;
}

enum err time_day_end(const char *date, int64_t *out)
{
	struct tm tm = {.tm_isdst = -1};
	char again[16];
	const char *end = strptime(date, "%Y-%m-%d", &tm);
	struct tm check = tm;

	ENSURE(end && !*end && strlen(date) == 10, ERR_INVALID,
		"%.40s is not a date like 2026-03-01", date);
	timegm(&check); /* moves 30 February on to March */
	strftime(again, sizeof(again), "%Y-%m-%d", &check);
	ENSURE(strcmp(again, date) == 0, ERR_INVALID, "%.40s is not a date that exists", date);
	tm.tm_mday++;
	*out = (int64_t)mktime(&tm);
	return OK;
}
