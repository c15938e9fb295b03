/* csv.h - the only door to libcsv. It reads RFC 4180 tables as offices write them: with or without
 * a byte order mark, with cells separated by commas, semicolons or tabs, with empty rows and
 * columns at the end. */
#pragma once
#include "base/json.h"

#define CSV_COLUMNS 10000 /* the most that a header may have */

/* Receives a table row by row, so that it need not fit into memory. */
struct csv_take {
	void *arg;
	/* Called once, before the rows, with the header's names in order. */
	enum err (*columns)(void *arg, const json_t *columns);
	/* Called for each row, in the form of csv_read_table(); the callee frees it. A failure ends
	 * the reading. */
	enum err (*row)(void *arg, json_t *entry);
	/* If true, a quote in an invalid place costs only its row, provided that the next row
	 * certainly begins on the next line. The row is passed on with "quote": true and the cells
	 * that could be read. */
	bool mends;
};
struct csv_reader;
struct csv_reader *csv_reader_new(char separator, const struct csv_take *take);
void csv_reader_free(struct csv_reader *r);
/* A part of the table: whole lines, unless it is the last. */
MUST_CHECK enum err csv_reader_feed(struct csv_reader *r, const char *text, size_t len);
MUST_CHECK enum err csv_reader_end(struct csv_reader *r);

struct csv_table {
	json_t *columns; /* the header's names, in its order */
	json_t *rows;
	char separator; /* given or detected */
};
void csv_table_done(struct csv_table *t);
/* Reads a whole table. `rows` is an array with one object per row after the header: {"line": 2,
 * "number": 2, "row": {"column": "text", …}}; "line" is the line where the row starts, from 1;
 * "number" is the row number in a spreadsheet. They differ because a cell may hold several lines. A
 * first line "sep=;", as Excel writes it, sets the separator and is not a row. Names and cells are
 * in normal form C. A repeated column name becomes "name#2", then "name#3". `separator`: ',', ';'
 * or '\t'; 0 for the one that occurs most often in the header, which csv_separator() finds. A row
 * with no visible text is skipped, and so is a column with neither name nor content. ERR_INVALID,
 * in Korean too: not UTF-8, no header, a cell in a column without a name, an unclosed quote. A row
 * with more or fewer cells than the header gets "cells": the number it has. */
MUST_CHECK enum err csv_read_table(
	const char *text, size_t len, char separator, struct csv_table *out);
char csv_separator(const char *text, size_t len);
/* Reads only the rows. */
MUST_CHECK enum err csv_read(const char *text, size_t len, json_t **out);

/* Writing, RFC 4180: lines end in CRLF, and cells are quoted if necessary. The header begins with a
 * byte order mark, without which Excel misreads Korean.
 *
 * Spreadsheets run a cell that begins with = + - @, a tab or a line break as a formula (OWASP, "CSV
 * Injection"; some also the full-width ＝＋－＠). Such a cell gets an apostrophe in front, and so
 * does a cell that already has apostrophes in front of such a sign, so that csv_unguard() restores
 * exactly what was written. The header's names come from the format and stay unchanged. */
void csv_add_header(const json_t *columns, struct buf *out);
/* Adds the texts of an object by column; a missing column is empty. */
void csv_add_row(const json_t *columns, const json_t *row, struct buf *out);
/* Removes the apostrophe from the cells of rows from csv_read(). In a table from another program
 * the apostrophe may be part of the text; that cannot be told apart. */
void csv_unguard(json_t *rows);
void csv_unguard_row(json_t *row); /* one row's cells: {"column": "text"} */
