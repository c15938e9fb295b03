/* figures_view.h - reported figures for pages: as sentences, as a table, and as the coordinates
 * from which templates/figures.html draws a chart. */
#pragma once
#include "web/view/request.h"

/* From figures_of(): {"series": [{"name": {…}, "latest": a sentence, "trend": one, or null,
 * "chart": null if there is nothing to compare, or {"title", "line": "x,y x,y", "dots": [{"x",
 * "y"}…], "target": "x,y x,y" or null, "top", "bottom": labels of the scale, "first", "last":
 * periods}, "rows": [{"period", "value", "target", "met", "unmet", "note", "when", "entry",
 * "earlier": [{"value", "target", "when", "entry"}…]}…]: latest first}…]}; null for none. */
json_t *figures_view(const struct request *rq, const json_t *series);
/* "2026-Q1" in words; a value with its unit. Both are JSON strings. */
json_t *figure_period(const struct request *rq, const char *period);
json_t *figure_value(const struct request *rq, const char *value, const char *unit);
/* "at least 90 %"; null without a target. */
json_t *figure_target(const struct request *rq, const json_t *figure);
