#include "registry/event/figure.h"

#include "base/text.h"
#include "registry/event/fold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const figure_units[] = {"percent", "cases", "people", "times", "seconds", "minutes",
	"hours", "days", "won", "points", NULL};

bool figure_is_decimal(const char *s)
{
	size_t whole, part = 0;

	s += *s == '-';
	whole = strspn(s, "0123456789");
	if (!whole || (whole > 1 && *s == '0'))
		return false;
	s += whole;
	if (*s == '.') {
		part = strspn(++s, "0123456789");
		if (!part)
			return false;
		s += part;
	}
	return !*s && whole + part <= FIGURE_DIGITS;
}

int figure_compare(const char *a, const char *b)
{
	double x = strtod(a, NULL), y = strtod(b, NULL);

	return x < y ? -1 : x > y;
}

/* --- periods --- */

enum period period_read(const char *s, char begins[PERIOD_TEXT])
{
	unsigned year, part = 1;
	int end = 0;
	enum period kind = PERIOD_NONE;

	if (strspn(s, "0123456789") != 4 || sscanf(s, "%4u", &year) != 1 || year < 1990)
		return PERIOD_NONE;
	if (!s[4])
		kind = PERIOD_YEAR;
	else if (sscanf(s + 4, "-Q%1u%n", &part, &end) == 1 && !s[4 + end] && part >= 1 &&
		 part <= 4)
		kind = PERIOD_QUARTER;
	else if (form_is_month(s) && sscanf(s + 5, "%2u", &part) == 1)
		kind = PERIOD_MONTH;
	if (kind == PERIOD_QUARTER)
		part = part * 3 - 2;
	if (kind != PERIOD_NONE)
		snprintf(begins, PERIOD_TEXT, "%04u-%02u-01", year, part % 100);
	return kind;
}

/* --- one figure --- */

bool figure_same_indicator(const json_t *a, const json_t *b)
{
	const json_t *x = json_object_get(a, "indicator"), *y = json_object_get(b, "indicator");

	json_members (x, lang, text)
		if (json_equal(text, json_object_get(y, lang)))
			return true;
	return false;
}

static enum err check_line(const char *s, size_t max, const char *what)
{
	ENSURE(s && text_is_visible(s), ERR_INVALID, "%s is missing", what);
	ENSURE(text_length(s) <= max && !text_forbidden_in_log(s, false), ERR_INVALID,
		"%s must be one line of at most %zu characters", what, max);
	return OK;
}

static enum err check_indicator(const json_t *indicator)
{
	TRY(check_texts(indicator, INDICATOR_MAX, "the indicator"));
	json_members (indicator, lang, one)
		TRY(check_line(json_string_value(one), INDICATOR_MAX, err_text("the indicator")));
	return OK;
}

static enum err check_decimal(const json_t *figure, const char *member, const char *what)
{
	const char *s = json_str(figure, member);

	ENSURE(s && figure_is_decimal(s), ERR_INVALID,
		"%s must be a number such as 87.5, of at most %d digits", what, FIGURE_DIGITS);
	return OK;
}

static enum err check_period(const char *period, const char *latest)
{
	char begins[PERIOD_TEXT];

	ENSURE(period && period_read(period, begins) != PERIOD_NONE, ERR_INVALID,
		"the period must be a month (2026-03), a quarter (2026-Q1) or a year (2026)");
	ENSURE(strncmp(begins, latest, PERIOD_TEXT - 1) <= 0, ERR_INVALID,
		"the period %s has not begun yet", period);
	return OK;
}

/* A target alone does not say whether higher values are better. */
static enum err check_target(const json_t *figure)
{
	const char *aim = json_str(figure, "aim");

	if (!json_object_get(figure, "target")) {
		ENSURE(!json_object_get(figure, "aim"), ERR_INVALID,
			"\"at_least\" or \"at_most\" goes with a target, which is missing");
		return OK;
	}
	TRY(check_decimal(figure, "target", err_text("the target")));
	ENSURE(aim && (strcmp(aim, "at_least") == 0 || strcmp(aim, "at_most") == 0), ERR_INVALID,
		"a target needs to say whether the value is to be \"at_least\" or \"at_most\" it");
	return OK;
}

static enum err check_members(const json_t *figure)
{
	static const char *const known[] = {
		"indicator", "period", "value", "unit", "target", "aim", "note"};

	ENSURE(json_is_object(figure), ERR_INVALID, "a figure must be a JSON object");
	json_members (figure, member, value) {
		bool found = false;

		for (size_t i = 0; i < COUNT(known); i++)
			found |= strcmp(known[i], member) == 0;
		ENSURE(found, ERR_INVALID, "a figure has no \"%.*s\"", (int)text_prefix(member, 40),
			member);
	}
	return OK;
}

enum err figure_check(const json_t *figure, const char *latest, const char **member)
{
	const json_t *note = json_object_get(figure, "note");
	const char *none, **at = member ? member : &none;

	*at = "indicator";
	TRY(check_members(figure));
	TRY(check_indicator(json_object_get(figure, "indicator")));
	*at = "period";
	TRY(check_period(json_str(figure, "period"), latest));
	*at = "value";
	TRY(check_decimal(figure, "value", err_text("the value")));
	*at = "unit";
	TRY(check_line(json_str(figure, "unit"), FIGURE_UNIT_MAX, err_text("the unit")));
	*at = "target";
	TRY(check_target(figure));
	*at = "note";
	return note ? check_texts(note, FIGURE_NOTE_MAX, "the note on the figure") : OK;
}

enum err figure_fits(const json_t *figures, size_t n, const json_t *figure)
{
	const char *period = json_str(figure, "period");

	ENSURE(n < FIGURES_MAX, ERR_INVALID, "a report has 1 to %d figures", FIGURES_MAX);
	for (size_t i = 0; i < n; i++) {
		const json_t *before = json_array_get(figures, i);

		ENSURE(strcmp(json_str(before, "period"), period) != 0 ||
				!figure_same_indicator(before, figure),
			ERR_INVALID, "the same indicator stands twice in this report for %s",
			period);
	}
	return OK;
}

enum err figures_check(const json_t *figures, const char *latest)
{
	size_t n = json_array_size(figures);

	ENSURE(n >= 1 && n <= FIGURES_MAX, ERR_INVALID, "a report has 1 to %d figures",
		FIGURES_MAX);
	for (size_t i = 0; i < n; i++) {
		const json_t *figure = json_array_get(figures, i);

		TRY(figure_check(figure, latest, NULL));
		TRY(figure_fits(figures, i, figure));
	}
	return OK;
}
