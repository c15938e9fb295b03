#include "registry/profile/days.h"

#include "base/env.h"
#include "base/err.h"
#include "registry/standard/form.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DIGITS "0123456789"
#define EXCEL_1970 25569 /* Excel's number of 1970-01-01 */
#define EXCEL_2100 73051
#define DAY_S 86400

static void skip_blanks(const char **s)
{
	*s += strspn(*s, " ");
}

/* Digits, at least `min` and at most `max`; -1 if there are none. */
static int number_at(const char **s, size_t min, size_t max)
{
	size_t digits = strspn(*s, DIGITS);
	int n = 0;

	if (digits < min || digits > max)
		return -1;
	for (size_t i = 0; i < digits; i++)
		n = n * 10 + (*s)[i] - '0';
	*s += digits;
	return n;
}

/* Reads the mark after a number, with blanks around it; '\0' if it is the unit. */
static char mark_at(const char **s, const char *unit)
{
	char mark = ' ';

	skip_blanks(s);
	if (strncmp(*s, unit, strlen(unit)) == 0) {
		mark = '\0';
		*s += strlen(unit);
	} else if (**s && strchr(".-/", **s)) {
		mark = *(*s)++;
	}
	skip_blanks(s);
	return mark;
}

/* Spreadsheets write midnight behind a day. */
static bool is_midnight(const char *s)
{
	static const char *const forms[] = {"", "0:00", "00:00", "0:00:00", "00:00:00"};

	for (size_t i = 0; i < COUNT(forms); i++)
		if (strcmp(s, forms[i]) == 0)
			return true;
	return false;
}

/* `*day` is 0 if the text is a month. */
static bool parse(const char *s, int *year, int *month, int *day)
{
	const char *at;
	char first, second;
	bool one_digit;

	*day = 0;
	skip_blanks(&s);
	*year = number_at(&s, 4, 4);
	first = mark_at(&s, "년");
	at = s;
	*month = number_at(&s, 1, 2);
	one_digit = s - at == 1;
	if (*year < 0 || *month < 0 || first == ' ')
		return false;
	at = s;
	second = mark_at(&s, "월");
	if (!*s && second != '-' && second != '/')
		return !(first == '.' && one_digit && *month == 1 && s == at);
	*day = number_at(&s, 1, 2);
	if (*day < 1 || first != second)
		return false;
	/* The blank before a time tells it from the day's own digits. */
	return strchr(". \xEC", *s) && (mark_at(&s, "일"), is_midnight(s));
}

bool days_read(const char *text, bool month, char out[DAYS_TEXT])
{
	int y, m, d;
	char day[32];

	if (!parse(text, &y, &m, &d) || (!d && !month) || (month && d > 1))
		return false;
	snprintf(day, sizeof(day), "%04d-%02d-%02d", y, m, d ? d : 1);
	if (!form_is_date(day))
		return false;
	snprintf(out, DAYS_TEXT, "%.*s", month ? 7 : 10, day);
	return true;
}

bool days_changed(const char *text)
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	for (size_t i = 0; i < COUNT(months); i++)
		if (strncasecmp(text, months[i], 3) == 0 && text[3] == '-' &&
			strspn(text + 4, DIGITS) == 2 && !text[6])
			return true;
	return false;
}

bool days_numbered(const char *text, char out[DAYS_TEXT])
{
	char time[TIME_TEXT];
	int n = number_at(&text, 5, 5);

	if (n < 10000 || n >= EXCEL_2100 || *text)
		return false;
	time_text((int64_t)(n - EXCEL_1970) * DAY_S, time);
	snprintf(out, DAYS_TEXT, "%.10s", time);
	return true;
}
