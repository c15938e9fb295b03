/* figure_sheet.h - figures as offices have them: rows of a table, saved as CSV or copied out of a
 * spreadsheet. */
#pragma once
#include "base/json.h"

#define SHEET_MAX (128 * KIB)

/* Reads a table whose header names columns, in Korean or English (figure_sheet.c has them). A
 * column without a language ("지표", "indicator") is in that of its own name. Periods, numbers and
 * units may be written as people do: "2026년 3월", "1,250", "87.5 %", "이상".
 * `*out`: {"figures": those that may be reported, "refused": [{"row": its number in a spreadsheet,
 * "why"}…]}. `latest`: a time text; a period must have begun by then. ERR_INVALID for
 * what is no table, or a header that lacks a column or has one that means nothing here. */
MUST_CHECK enum err figure_sheet_read(
	const char *text, size_t len, const char *latest, json_t **out);
/* One row, by the English names of columns ("indicator.ko", "period", …), to be checked: a value
 * that is not understood stays as it is. */
json_t *figure_of_row(const json_t *row);
