#include "base/env.h"

#include "base/crypto.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t real_now(void *arg)
{
	return (int64_t)time(NULL);
}

static void real_random(void *arg, void *out, size_t len)
{
	crypto_random(out, len);
}

static int64_t real_steady(void *arg)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec;
}

const struct env env_real = {.now = real_now, .random = real_random, .steady = real_steady};

int64_t env_now(const struct env *env)
{
	return env->now(env->arg);
}

#define JUMP 3600

int64_t env_gap(const struct env *env)
{
	return env->steady ? env_now(env) - env->steady(env->arg) : 0;
}

int64_t env_jump(const struct env *env, int64_t gap)
{
	int64_t jump = env->steady ? env_gap(env) - gap : 0;

	return jump > JUMP || jump < -JUMP ? jump : 0;
}

void env_random(const struct env *env, void *out, size_t len)
{
	env->random(env->arg, out, len);
}

void time_text(int64_t at, char out[TIME_TEXT])
{
	time_t t = (time_t)at;
	struct tm tm;

	/* A time outside the years 0 to 9999 has no such text, so it becomes the epoch. */
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		tm = (struct tm){.tm_year = 70, .tm_mday = 1};
	strftime(out, TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

void time_latest(int64_t at, char out[TIME_TEXT])
{
	time_text(at + 14 * 60 * 60, out);
}

static int two_digits(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

static bool has_form(const char *text)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";

	for (size_t i = 0; text && i < sizeof(form); i++)
		if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
			return false;
	return text != NULL;
}

/* Days since 1970-01-01 in the Gregorian calendar; years start in March, so that the leap day is
 * last. */
static int64_t days_of(int year, int month, int day)
{
	int y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;

	return 365LL * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719468;
}

/* Parses the usual form without the C library's locales and time zones. False: the text needs the
 * full parser. */
static bool time_parse_plain(const char *text, int64_t *out)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, hour, minute, second;
	bool leap;

	if (!has_form(text))
		return false;
	year = two_digits(text) * 100 + two_digits(text + 2);
	month = two_digits(text + 5);
	day = two_digits(text + 8);
	hour = two_digits(text + 11);
	minute = two_digits(text + 14);
	second = two_digits(text + 17);
	if (year < 1970 || month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day < 1 || day > days[month - 1] + (leap && month == 2))
		return false;
	*out = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
	return true;
}

enum err time_parse(const char *text, int64_t *out)
{
	struct tm tm = {0};
	char again[TIME_TEXT];
	const char *end;
	int64_t at;

	if (time_parse_plain(text, out))
		return OK;
	end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &tm);
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
	timegm(&check); /* turns 30 February into March */
	strftime(again, sizeof(again), "%Y-%m-%d", &check);
	ENSURE(strcmp(again, date) == 0, ERR_INVALID, "%.40s is not a date that exists", date);
	tm.tm_mday++;
	*out = (int64_t)mktime(&tm);
	return OK;
}

void http_date(int64_t at, char out[HTTP_DATE])
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t seconds = at;
	struct tm t;

	gmtime_r(&seconds, &t);
	snprintf(out, HTTP_DATE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[t.tm_wday],
		(unsigned)t.tm_mday % 100, months[t.tm_mon], (unsigned)(t.tm_year + 1900) % 10000,
		(unsigned)t.tm_hour % 100, (unsigned)t.tm_min % 100, (unsigned)t.tm_sec % 100);
}

int64_t monotonic_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return 1000 * (int64_t)now.tv_sec + now.tv_nsec / 1000000;
}

struct timespec monotonic_in(int64_t ms)
{
	struct timespec at;

	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += ms % 1000 * 1000000;
	at.tv_sec += ms / 1000 + at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}
