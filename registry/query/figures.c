#include "registry/query/figures.h"

#include "registry/event/figure.h"
#include "registry/query/query_parts.h"

#include <string.h>

SQL(REPORTS, "figures.reports",
	"SELECT entry, at, department, sha256 AS \"figures:figures\" FROM kpi_report"
	" WHERE system = ?1 AND (?2 IS NULL OR at < ?2) ORDER BY entry");
SQL(SYSTEMS, "figures.systems", "SELECT DISTINCT system FROM kpi_report ORDER BY system",
	"an export has all of them");

static json_t *series_of(json_t *all, const json_t *figure)
{
	json_t *series;

	json_each (all, one)
		if (figure_same_indicator(one, figure))
			return one;
	series = json_make("{s:{},s:[]}", "indicator", "figures");
	json_push(all, series);
	return series;
}

/* The position in the series, by the first day of the period; then by length, shortest first. */
static size_t place_of(const json_t *list, const json_t *figure)
{
	char own[PERIOD_TEXT] = "", other[PERIOD_TEXT] = "";
	enum period kind = period_read(json_str(figure, "period"), own);
	size_t i;

	for (i = 0; i < json_array_size(list); i++) {
		enum period k = period_read(json_str(json_array_get(list, i), "period"), other);
		int order = strcmp(own, other);

		if (order < 0 || (order == 0 && kind <= k))
			break;
	}
	return i;
}

/* Moves an earlier report of the period into its "earlier". */
static void add(json_t *series, json_t *figure)
{
	json_t *list = json_object_get(series, "figures"), *earlier = json_array();
	size_t at = place_of(list, figure);
	json_t *there = json_array_get(list, at);

	json_object_update(
		json_object_get(series, "indicator"), json_object_get(figure, "indicator"));
	json_object_del(figure, "indicator");
	json_put(figure, "earlier", earlier);
	if (!there || strcmp(json_str(there, "period"), json_str(figure, "period")) != 0) {
		json_array_insert_new(list, at, figure);
		return;
	}
	json_push(earlier, json_incref(there));
	json_array_extend(earlier, json_object_get(there, "earlier"));
	json_object_del(there, "earlier");
	json_array_set_new(list, at, figure);
}

static void add_report(json_t *all, const json_t *report)
{
	json_each (json_object_get(report, "figures"), one) {
		json_t *figure = json_deep_copy(one);

		json_put(figure, "at", json_incref(json_object_get(report, "at")));
		json_put(figure, "entry", json_incref(json_object_get(report, "entry")));
		json_put(figure, "department", json_incref(json_object_get(report, "department")));
		add(series_of(all, figure), figure);
	}
}

enum err figures_of(const struct snapshot *snap, const char *slug, const char *before, json_t **out)
{
	json_auto_t *reports = NULL;

	TRY(query_rows(snap, REPORTS, BIND(text(slug), text(before)), &reports));
	*out = json_array();
	json_each (reports, report)
		add_report(*out, report);
	return OK;
}

enum err figures_systems(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, SYSTEMS, BIND_NONE, out);
}
