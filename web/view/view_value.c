/* view_value.c - single values as a page shows them: texts, times, numbers. */
#include "base/env.h"
#include "registry/standard/standard.h"
#include "web/view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void day_ko(const struct tm *tm, char out[64])
{
	strftime(out, 64, "%Y. %-m. %-d.", tm);
}

static void month_ko(const struct tm *tm, char out[64])
{
	strftime(out, 64, "%Y년 %-m월", tm);
}

static void day_en(const struct tm *tm, char out[64])
{
	strftime(out, 64, "%-d %B %Y", tm);
}

static void month_en(const struct tm *tm, char out[64])
{
	strftime(out, 64, "%B %Y", tm);
}

/* How each language writes a day and a month, with C's own names of months. */
static const struct dates {
	const char *lang;
	void (*day)(const struct tm *tm, char out[64]);
	void (*month)(const struct tm *tm, char out[64]);
} dates[] = {
	{"ko", day_ko, month_ko}, /* the first is also the fallback */
	{"en", day_en, month_en},
};

static const struct dates *dates_of(const struct request *rq)
{
	for (size_t i = 0; i < COUNT(dates); i++)
		if (!strcmp(dates[i].lang, rq->lang))
			return &dates[i];
	return &dates[0];
}

static json_t *text_object(const struct request *rq, const char *text, const char *lang)
{
	bool foreign = lang && strcmp(lang, rq->lang) != 0;

	return json_make("{s:s, s:s?, s:b}", "text", text, "lang", lang, "foreign", foreign);
}

json_t *view_text(const struct request *rq, const json_t *texts)
{
	const char *used = NULL, *text;

	if (json_is_string(texts)) /* one text for all languages */
		return text_object(rq, json_string_value(texts), NULL);
	text = texts ? standard_text(texts, rq->lang, &used) : NULL;
	return text ? text_object(rq, text, used) : json_null();
}

json_t *view_time(const struct request *rq, const char *at)
{
	char date[64], clock[16];
	int64_t seconds = 0;
	struct tm tm;
	time_t t;

	if (!at || time_parse(at, &seconds))
		return json_null();
	t = (time_t)seconds;
	localtime_r(&t, &tm);
	dates_of(rq)->day(&tm, date);
	strftime(clock, sizeof(clock), "%H:%M", &tm);
	return json_make("{s:s, s:s, s:s}", "iso", at, "date", date, "time", clock);
}

json_t *view_date(const struct request *rq, const char *date)
{
	struct tm tm = {.tm_mday = 1};
	const char *end = date ? strptime(date, "%Y-%m-%d", &tm) : NULL;
	char out[64];

	if (end && !*end) {
		dates_of(rq)->day(&tm, out);
		return json_text(out);
	}
	end = date ? strptime(date, "%Y-%m", &tm) : NULL;
	if (!end || *end)
		return json_text(date);
	dates_of(rq)->month(&tm, out);
	return json_text(out);
}

/* Groups of three digits, as both languages write them. */
json_t *view_number(int64_t n)
{
	char digits[24], out[32];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, n), to = 0;

	for (size_t i = 0; i < len; i++) {
		size_t left = len - i;
		out[to++] = digits[i];
		if (left > 1 && left % 3 == 1 && digits[i] != '-')
			out[to++] = ',';
	}
	out[to] = 0;
	return json_make("{s:I, s:s, s:b, s:b}", "n", (json_int_t)n, "text", out, "one", n == 1,
		"none", n == 0);
}

json_t *view_bytes(int64_t n)
{
	char text[32];

	if (n < 1000)
		snprintf(text, sizeof(text), "%" PRId64 " B", n);
	else if (n < 999500)
		snprintf(text, sizeof(text), "%" PRId64 " KB", (n + 500) / 1000);
	else
		snprintf(text, sizeof(text), "%" PRId64 ".%" PRId64 " MB", (n + 50000) / 1000000,
			(n + 50000) / 100000 % 10);
	return json_text(text);
}
