/* view_value.c - single values for pages: texts, times, numbers. */
#include "base/env.h"
#include "base/languages.h"
#include "registry/standard/standard.h"
#include "web/view/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The nth name in the language's list of months. */
static json_t *month_name(const struct request *rq, int n)
{
	const char *s = message(rq, "months");

	for (; n > 0 && *s; n--) {
		s += strcspn(s, " ");
		s += *s == ' ';
	}
	return json_stringn(s, strcspn(s, " "));
}

/* A day or a month in the format of this message. */
static json_t *date_text(const struct request *rq, const char *key, const struct tm *tm)
{
	return say(rq, key,
		json_make("{s:i, s:i, s:i, s:o}", "year", tm->tm_year + 1900, "month",
			tm->tm_mon + 1, "day", tm->tm_mday, "name", month_name(rq, tm->tm_mon)));
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
	char clock[16];
	int64_t seconds = 0;
	struct tm tm;
	time_t t;

	if (!at || time_parse(at, &seconds))
		return json_null();
	t = (time_t)seconds;
	localtime_r(&t, &tm);
	strftime(clock, sizeof(clock), "%H:%M", &tm);
	return json_make("{s:s, s:o, s:s}", "iso", at, "date", date_text(rq, "date_day", &tm),
		"time", clock);
}

json_t *view_date(const struct request *rq, const char *date)
{
	struct tm tm = {.tm_mday = 1};
	const char *end = date ? strptime(date, "%Y-%m-%d", &tm) : NULL;

	if (end && !*end)
		return date_text(rq, "date_day", &tm);
	end = date ? strptime(date, "%Y-%m", &tm) : NULL;
	if (!end || *end)
		return json_text(date);
	return date_text(rq, "date_month", &tm);
}

/* Groups three digits, with the separator of this thread's language. */
json_t *view_number(int64_t n)
{
	const char *group = language_or_first(err_language())->group;
	AUTO(buf) out = BUF(KIB);
	char digits[24];
	size_t len = (size_t)snprintf(digits, sizeof(digits), "%" PRId64, n);

	for (size_t i = 0; i < len; i++) {
		size_t left = len - i;

		buf_putc(&out, digits[i]);
		if (left > 1 && left % 3 == 1 && digits[i] != '-')
			buf_puts(&out, group);
	}
	return json_make("{s:I, s:s, s:b, s:b}", "n", (json_int_t)n, "text", buf_text(&out), "one",
		n == 1, "none", n == 0);
}

json_t *view_bytes(int64_t n)
{
	char text[32];

	if (n < 1000)
		snprintf(text, sizeof(text), "%" PRId64 " B", n);
	else if (n < 999500)
		snprintf(text, sizeof(text), "%" PRId64 " KB", (n + 500) / 1000);
	else
		snprintf(text, sizeof(text), "%" PRId64 "%s%" PRId64 " MB", (n + 50000) / 1000000,
			language_or_first(err_language())->point, (n + 50000) / 100000 % 10);
	return json_text(text);
}
