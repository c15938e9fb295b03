#include "web/pages/figures_view.h"

#include "base/languages.h"
#include "registry/event/figure.h"
#include "web/view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The area of the chart's lines, in the units of its template. */
#define LEFT 8.0
#define RIGHT 312.0
#define TOP 12.0
#define BOTTOM 88.0

/* --- in words --- */

/* "-1234567.50" with the language's thousands separators and decimal point. */
static char *grouped(const char *lang, const char *value)
{
	const struct language *l = language_or_first(lang);
	struct buf out = BUF(KIB);
	const char *digits = value + (*value == '-');
	size_t whole = strspn(digits, "0123456789");

	if (*value == '-')
		buf_puts(&out, "-");
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			buf_puts(&out, l->group);
		buf_putc(&out, digits[i]);
	}
	if (digits[whole] == '.')
		buf_printf(&out, "%s%s", l->point, digits + whole + 1);
	return buf_take(&out);
}

static bool unit_is_known(const char *unit)
{
	for (size_t i = 0; figure_units[i]; i++)
		if (strcmp(figure_units[i], unit) == 0)
			return true;
	return false;
}

json_t *figure_value(const struct request *rq, const char *value, const char *unit)
{
	AUTOFREE char *number = grouped(rq->lang, value);
	AUTOFREE char *key = mem_printf("unit_%s", unit);

	return unit_is_known(unit) ? say(rq, key, json_make("{s:s}", "n", number))
	                           : json_sprintf("%s %s", number, unit);
}

json_t *figure_period(const struct request *rq, const char *period)
{
	AUTOFREE char *year = mem_bytes(period, 4);

	if (strchr(period, 'Q'))
		return say(rq, "period_quarter",
			json_make("{s:s,s:s}", "year", year, "quarter", period + 6));
	return strlen(period) == 4 ? say(rq, "period_year", json_make("{s:s}", "year", year))
	                           : view_date(rq, period);
}

json_t *figure_target(const struct request *rq, const json_t *figure)
{
	const char *target = json_str(figure, "target"), *aim = json_str(figure, "aim");

	if (!target || !aim)
		return json_null();
	return say(rq, strcmp(aim, "at_most") == 0 ? "target_at_most" : "target_at_least",
		json_make("{s:o}", "target", figure_value(rq, target, json_str(figure, "unit"))));
}

/* > 0: the target is met; < 0: it is missed; 0: there is none. */
static int met(const json_t *figure)
{
	const char *target = json_str(figure, "target"), *aim = json_str(figure, "aim");
	int order;

	if (!target || !aim)
		return 0;
	order = figure_compare(json_str(figure, "value"), target);
	return (strcmp(aim, "at_most") == 0 ? order <= 0 : order >= 0) ? 1 : -1;
}

/* --- the table --- */

static json_t *row_view(const struct request *rq, const json_t *figure)
{
	const char *unit = json_str(figure, "unit");
	json_t *row = json_make("{s:o,s:o,s:o,s:b,s:b,s:o,s:O}", "period",
		figure_period(rq, json_str(figure, "period")), "value",
		figure_value(rq, json_str(figure, "value"), unit), "target",
		figure_target(rq, figure), "met", met(figure) > 0, "unmet", met(figure) < 0, "when",
		view_time(rq, json_str(figure, "at")), "entry", json_object_get(figure, "entry"));
	json_t *earlier = json_array();

	json_put(row, "note", view_text(rq, json_object_get(figure, "note")));
	json_each (json_object_get(figure, "earlier"), one)
		json_push(earlier, row_view(rq, one));
	json_put(row, "earlier", earlier);
	return row;
}

/* --- the chart --- */

/* Figures comparable with the latest one: same unit, same length of period. */
struct curve {
	const json_t **of;
	size_t n;
	double low, high;
	long first, last; /* months */
};

static long month_of(const json_t *figure)
{
	char begins[PERIOD_TEXT] = "1990-01-01";

	period_read(json_str(figure, "period"), begins);
	return strtol(begins, NULL, 10) * 12 + strtol(begins + 5, NULL, 10);
}

static void stretch(struct curve *l, const char *value)
{
	double v = value ? strtod(value, NULL) : 0;

	if (!value)
		return;
	l->low = v < l->low ? v : l->low;
	l->high = v > l->high ? v : l->high;
}

static void find_curve(const json_t *figures, const json_t *latest, struct curve *l)
{
	char begins[PERIOD_TEXT];
	enum period kind = period_read(json_str(latest, "period"), begins);

	l->of = mem_new((json_array_size(figures) + 1) * sizeof(json_t *));
	l->low = l->high = strtod(json_str(latest, "value"), NULL);
	json_each (figures, one) {
		if (period_read(json_str(one, "period"), begins) != kind ||
			strcmp(json_str(one, "unit"), json_str(latest, "unit")) != 0)
			continue;
		l->of[l->n++] = one;
		stretch(l, json_str(one, "value"));
		stretch(l, json_str(one, "target"));
	}
	l->first = month_of(l->of[0]);
	l->last = month_of(latest);
}

static double x_of(const struct curve *l, const json_t *figure)
{
	return LEFT + (RIGHT - LEFT) * (double)(month_of(figure) - l->first) /
	                      (double)(l->last > l->first ? l->last - l->first : 1);
}

static double y_of(const struct curve *l, const char *value)
{
	double range = l->high - l->low;

	return range > 0 ? BOTTOM - (BOTTOM - TOP) * (strtod(value, NULL) - l->low) / range
	                 : (TOP + BOTTOM) / 2;
}

static json_t *points(const struct curve *l, const char *member)
{
	AUTO(buf) out = BUF(64 * KIB);

	for (size_t i = 0; i < l->n; i++)
		if (json_str(l->of[i], member))
			buf_printf(&out, "%s%.1f,%.1f", out.len ? " " : "", x_of(l, l->of[i]),
				y_of(l, json_str(l->of[i], member)));
	return out.len ? json_text(buf_text(&out)) : json_null();
}

static json_t *dots(const struct curve *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_push(list,
			json_make("{s:o,s:o}", "x", json_sprintf("%.1f", x_of(l, l->of[i])), "y",
				json_sprintf("%.1f", y_of(l, json_str(l->of[i], "value")))));
	return list;
}

/* The label of an end of the scale: the value or target at that end. */
static json_t *mark(const struct request *rq, const struct curve *l, double at)
{
	for (size_t i = 0; i < l->n; i++) {
		const char *value = json_str(l->of[i], "value"),
			   *target = json_str(l->of[i], "target"),
			   *unit = json_str(l->of[i], "unit");

		if (strtod(value, NULL) == at)
			return figure_value(rq, value, unit);
		if (target && strtod(target, NULL) == at)
			return figure_value(rq, target, unit);
	}
	return json_null();
}

static json_t *chart_view(const struct request *rq, const struct curve *l)
{
	if (l->n < 2)
		return json_null();
	return json_make("{s:o,s:o,s:o,s:o,s:o,s:b,s:o,s:o}", "line", points(l, "value"), "dots",
		dots(l), "target", points(l, "target"), "top", mark(rq, l, l->high), "bottom",
		mark(rq, l, l->low), "flat", l->high <= l->low, "first",
		figure_period(rq, json_str(l->of[0], "period")), "last",
		figure_period(rq, json_str(l->of[l->n - 1], "period")));
}

/* Compared with the latest comparable figure before it. */
static json_t *trend_view(const struct request *rq, const struct curve *l)
{
	const json_t *before;
	int order;

	if (l->n < 2)
		return json_null();
	before = l->of[l->n - 2];
	order = figure_compare(json_str(l->of[l->n - 1], "value"), json_str(before, "value"));
	return say(rq,
		order > 0   ? "trend_up"
		: order < 0 ? "trend_down"
			    : "trend_same",
		json_make("{s:o,s:o}", "period", figure_period(rq, json_str(before, "period")),
			"value",
			figure_value(rq, json_str(before, "value"), json_str(before, "unit"))));
}

static json_t *one_view(const struct request *rq, const json_t *series)
{
	const json_t *figures = json_object_get(series, "figures");
	size_t n = json_array_size(figures);
	struct curve l = {0};
	json_t *view, *rows = json_array();

	find_curve(figures, json_array_get(figures, n - 1), &l);
	for (size_t i = n; i-- > 0;)
		json_push(rows, row_view(rq, json_array_get(figures, i)));
	view = json_make("{s:o,s:O,s:o,s:o,s:b,s:o}", "name",
		view_text(rq, json_object_get(series, "indicator")), "latest",
		json_array_get(rows, 0), "trend", trend_view(rq, &l), "chart", chart_view(rq, &l),
		"apart", l.n < n, "rows", rows);
	free(l.of);
	return view;
}

json_t *figures_view(const struct request *rq, const json_t *series)
{
	json_t *list = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (series, i, one) {
		json_t *view = one_view(rq, one);

		json_put(view, "nth", json_integer((json_int_t)i + 1));
		json_push(list, view);
	}
	if (i)
		return json_make("{s:o}", "series", list);
	json_decref(list);
	return json_null();
}
