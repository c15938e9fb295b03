/* csv.h - the only door to libcsv: RFC 4180 tables as offices have them: with or without a byte
 * order mark, cells separated by commas, semicolons or tabs, rows and columns at the end that are
 * empty. */
#pragma once
#include "base/json.h"

#define CSV_COLUMNS 10000 /* most that a header may have */

struct csv_table {
	json_t *columns; /* the header's names, in its order */
	json_t *rows;
	char separator; /* that was told or found */
};
void csv_table_done(struct csv_table *t);
/* Reads a whole table. `rows` is an array with one object per row after the header:
 * {"line": 2, "number": 2, "row": {"column": "text", …}}; "line" is where the row starts, from 1,
 * "number" where a spreadsheet shows it: a cell may hold several lines. A first line "sep=;", as
 * Excel writes it, tells the separator and is no row. Names and cells are in normal form C. A
 * column whose name stands in the header before is "name#2", then "name#3". `separator`: ',', ';'
 * or '\t'; 0: the one that stands in the header most often, which csv_separator() finds. A row in
 * which nothing is seen is none, and neither is a column without a name in which nothing is.
 * ERR_INVALID, in Korean too: not UTF-8, no header, a cell in a column without a name, an unclosed
 * quote. A row with more or fewer cells than the header gets "cells": the number it has. */
MUST_CHECK enum err csv_read_table(
	const char *text, size_t len, char separator, struct csv_table *out);
char csv_separator(const char *text, size_t len);
/* The rows alone. */
MUST_CHECK enum err csv_read(const char *text, size_t len, json_t **out);

/* Writing, RFC 4180: lines end in CRLF, and a cell is quoted where it must be. The header
 * begins with a byte order mark, without which Excel takes Korean for another encoding.
 *
 * Spreadsheets run a cell that begins with = + - @, a tab or a line break (OWASP, "CSV
 * Injection"; the full-width ＝＋－＠ too, which some take for these) as a formula. Such a cell
 * gets an apostrophe in front, and so does one that has apostrophes in front of such a sign
 * already: thus csv_unguard() gives back exactly what was written. The header's names are the
 * format's own, and stay as they are. */
void csv_add_header(const json_t *columns, struct buf *out);
/* The texts of an object by column; a column that it lacks is empty. */
void csv_add_row(const json_t *columns, const json_t *row, struct buf *out);
/* Takes the apostrophe off the cells of rows as csv_read() gives them. A table of another's
 * making may have meant one: it is not told apart. */
void csv_unguard(json_t *rows);
