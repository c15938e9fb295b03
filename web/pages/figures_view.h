/* figures_view.h - figures that a department reported, as a page shows them: in words, in a table,
 * and as numbers that templates/figures.html draws a chart from. */
#pragma once
#include "web/view/request.h"

/* Of figures_of(): {"series": [{"name": {…}, "latest": a sentence, "trend": one, or null,
 * "chart": null where there is nothing to compare, or {"title", "line": "x,y x,y", "dots":
 * [{"x", "y"}…], "target": "x,y x,y" or null, "top", "bottom": how the scale is marked, "first",
 * "last": periods}, "rows": [{"period", "value", "target", "met", "unmet", "note", "when", "entry",
 * "earlier": [{"value", "target", "when", "entry"}…]}…]: the latest first}…]}; null for none. */
json_t *figures_view(const struct request *rq, const json_t *series);
/* "2026-Q1" in words; a value with its unit. Strings. */
json_t *figure_period(const struct request *rq, const char *period);
json_t *figure_value(const struct request *rq, const char *value, const char *unit);
/* "at least 90 %"; null without a target. */
json_t *figure_target(const struct request *rq, const json_t *figure);
