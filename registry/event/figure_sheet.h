/* figure_sheet.h - reads figures from a table that was saved as CSV or copied from a
 * spreadsheet. */
#pragma once
#include "base/json.h"

#define SHEET_MAX (128 * KIB)

/* Reads a table whose header names columns in Korean or English (see figure_sheet.c). A column
 * without a language ("지표", "indicator") has the language of its name. Periods, numbers and units
 * may be written as people write them: "2026년 3월", "1,250", "87.5 %", "이상". `*out`: {"figures":
 * those that may be reported, "refused": [{"row": its number in a spreadsheet, "why": all that is
 * wrong, each after its column and cell}…]}. `latest`
 * is a time text; a period must have begun by then. ERR_INVALID if the text is no table, or its
 * header lacks a column or has an unknown one. */
MUST_CHECK enum err figure_sheet_read(
	const char *text, size_t len, const char *latest, json_t **out);
/* One row by the English names of columns ("indicator.ko", "period", …), still to be checked. A
 * value that cannot be read stays as it is. */
json_t *figure_of_row(const json_t *row);
