/* figure.h - one figure of a report (kpi.reported): an indicator of a system in a period.
 *
 *    {"indicator": {"ko": "…", "en": "…"}, "period": "2026-03", "value": "87.5", "unit": "percent",
 *    "target"?: "90", "aim"?: "at_least" or "at_most", "note"?: {"ko": "…"}}
 *
 * A period is a month "2026-03", a quarter "2026-Q1" or a year "2026". Values are decimals as text,
 * so that every digit is kept, including zeros at the end. A unit is one of figure_units[], which
 * pages translate, or the department's own text. */
#pragma once
#include "base/err.h"
#include "base/json.h"

#include <stdbool.h>

#define FIGURES_MAX 200    /* in one report */
#define FIGURE_DIGITS 15   /* of a value: as many as a double can distinguish */
#define INDICATOR_MAX 100  /* characters */
#define FIGURE_UNIT_MAX 30 /* characters */
#define FIGURE_NOTE_MAX 500
#define PERIOD_TEXT 11

extern const char *const figure_units[]; /* NULL ends it */

/* "-12.50": no sign but "-", no zeros in front, at most FIGURE_DIGITS digits. */
bool figure_is_decimal(const char *s);
/* Compares two decimals; the result is that of strcmp(). */
int figure_compare(const char *a, const char *b);

enum period { PERIOD_NONE, PERIOD_MONTH, PERIOD_QUARTER, PERIOD_YEAR };
/* The kind of period, and its first day ("2026-03-01"); PERIOD_NONE for any other text. */
enum period period_read(const char *s, char begins[PERIOD_TEXT]);

/* Are two figures about the same indicator, that is, are its names equal in some language? */
bool figure_same_indicator(const json_t *a, const json_t *b);

/* ERR_INVALID names the member and its rule, and sets `*member` (may be NULL) to its name. `latest`
 * is a time text; a period must have begun by then. */
MUST_CHECK enum err figure_check(const json_t *figure, const char *latest, const char **member);
/* Checks that a report of `figures[0..n)` can take another figure: there is room, and none of them
 * has the same indicator and period. */
MUST_CHECK enum err figure_fits(const json_t *figures, size_t n, const json_t *figure);
/* Checks the list of a report: each figure, and that no figure occurs twice. */
MUST_CHECK enum err figures_check(const json_t *figures, const char *latest);
