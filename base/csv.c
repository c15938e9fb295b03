#include "base/csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define MARK "\xef\xbb\xbf"

/* A table half read. libcsv calls back with cells and rows but not with places, so it is fed a
 * line at a time: a row starts on the line that was fed when none was open. */
struct table {
	json_t *columns; /* names, null for a column without; empty until the header is read */
	json_t *names;   /* a set of them: name -> how often it stood there so far */
	json_t *rows, *row;
	size_t cells;  /* of the row that is open */
	size_t filled; /* and up to the last of these in which something is seen */
	size_t width;  /* columns up to the last that has a name */
	int64_t line, start;
	int64_t number; /* rows so far, empty ones too */
	bool open;
	enum err err; /* the first; nothing is added after it */
};

static void table_done(struct table *t)
{
	json_decref(t->columns);
	json_decref(t->names);
	json_decref(t->rows);
	json_decref(t->row);
}

void csv_table_done(struct csv_table *t)
{
	json_decref(t->columns);
	json_decref(t->rows);
	*t = (struct csv_table){0};
}

/* A name for a column: the header's, or with the least number behind it that makes it new. */
static char *new_name(struct table *t, const char *name)
{
	int64_t n = json_num(t->names, name);

	json_put(t->names, name, json_integer(n + 1));
	if (!n)
		return mem_text(name);
	for (;;) {
		AUTOFREE char *numbered = mem_printf("%s#%lld", name, (long long)++n);

		json_put(t->names, name, json_integer(n));
		if (json_object_get(t->names, numbered))
			continue;
		json_put(t->names, numbered, json_integer(1));
		return TAKE(numbered);
	}
}

/* Spreadsheets write columns that somebody once touched: without a name they are kept as null. */
static enum err add_column(struct table *t, const char *name)
{
	AUTOFREE char *column = NULL;

	ENSURE(json_array_size(t->columns) < CSV_COLUMNS, ERR_INVALID,
		"CSV: the header has more than %d columns", CSV_COLUMNS);
	if (!text_is_visible(name)) {
		json_push(t->columns, json_null());
		return OK;
	}
	column = new_name(t, name);
	json_push(t->columns, json_text(column));
	t->width = json_array_size(t->columns);
	return OK;
}

static enum err add_to_header(struct table *t, const char *cell, size_t len)
{
	AUTOFREE char *name = text_nfc(cell);

	if (strlen(cell) != len)
		return fail(ERR_INVALID, "CSV: column %zu of the header has a name with U+0000",
			json_array_size(t->columns) + 1);
	return add_column(t, name);
}

/* A cell may hold U+0000, which no text does: the row is refused for that later. */
static enum err add_cell_to_row(struct table *t, const char *cell, size_t len)
{
	const json_t *column = json_array_get(t->columns, t->cells - 1);
	bool whole = strlen(cell) == len, seen = !whole || text_is_visible(cell);
	AUTOFREE char *nfc = whole ? text_nfc(cell) : NULL;

	if (seen)
		t->filled = t->cells;
	if (seen && json_is_null(column) && json_array_size(t->rows) == 0)
		return fail(ERR_INVALID,
			"CSV: the first line must be the header, but column %zu has no name there, and the "
			"row from line %lld has \"%.60s\" in it: delete a title line above the header, or "
			"name the column",
			t->cells, (long long)t->start, cell);
	if (seen && json_is_null(column))
		return fail(ERR_INVALID,
			"CSV: column %zu of the header has no name, but the row from line %lld has "
			"\"%.60s\" in it: name the column, or empty it",
			t->cells, (long long)t->start, cell);
	if (json_is_string(column))
		json_put(t->row, json_string_value(column),
			nfc ? json_text(nfc) : json_stringn_nocheck(cell, len));
	return OK;
}

static void on_cell(void *cell, size_t len, void *arg)
{
	struct table *t = arg;

	t->cells++;
	if (t->err == OK)
		t->err = t->row ? add_cell_to_row(t, cell, len) : add_to_header(t, cell, len);
}

static void add_row(struct table *t)
{
	size_t columns = json_array_size(t->columns);
	json_t *entry;

	if (!t->filled)
		return;
	entry = json_make("{s:I, s:I, s:O}", "line", t->start, "number", t->number, "row", t->row);
	if (t->cells < t->width || t->filled > columns)
		json_put(entry, "cells", json_integer((json_int_t)t->cells));
	json_push(t->rows, entry);
}

/* The header is the first row that names a column. */
static void on_row(int terminator, void *arg)
{
	struct table *t = arg;

	t->number++;
	if (t->row)
		add_row(t);
	json_decref(t->row);
	t->row = t->width ? json_object() : NULL;
	if (!t->width)
		json_array_clear(t->columns);
	t->cells = t->filled = 0;
	t->open = false;
}

/* Bytes of the line at `text`, its end ("\n", "\r\n" or "\r") included. */
static size_t line_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] != '\n' && text[n] != '\r')
		n++;
	if (n + 1 < len && text[n] == '\r' && text[n + 1] == '\n')
		return n + 2;
	return n < len ? n + 1 : n;
}

static enum err feed_line(struct csv_parser *p, struct table *t, const char *line, size_t len)
{
	/* Between rows libcsv passes over an empty line; within a quoted cell it is text. */
	bool blank = line[0] == '\n' || line[0] == '\r';

	t->line++;
	if (!t->open) {
		t->start = t->line;
		t->open = !blank;
		t->number += blank;
	}
	if (csv_parse(p, line, len, on_cell, on_row, t) != len)
		return fail(ERR_INVALID,
			"CSV: line %lld, in the row from line %lld: a quote where none may be",
			(long long)t->line, (long long)t->start);
	return t->err;
}

static enum err feed(struct csv_parser *p, struct table *t, const char *text, size_t len)
{
	while (len) {
		size_t n = line_length(text, len);

		TRY(feed_line(p, t, text, n));
		text += n;
		len -= n;
	}
	if (csv_fini(p, on_cell, on_row, t) != 0)
		return fail(ERR_INVALID,
			"CSV: the quote opened in the row from line %lld is never closed",
			(long long)t->start);
	return t->err;
}

/* libcsv would strip blanks around cells; RFC 4180 says they belong to the cell. */
static int never_space(unsigned char c)
{
	return 0;
}

/* Counted outside quotes, over the first line that has any text: names hold a comma now and then,
 * but never as many as there are columns. */
char csv_separator(const char *text, size_t len)
{
	static const char separators[] = {',', ';', '\t'};
	size_t counts[COUNT(separators)] = {0}, best = 0, seen = 0;
	bool quoted = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '\n' || text[i] == '\r') && seen)
			break;
		for (size_t k = 0; !quoted && k < COUNT(separators); k++)
			counts[k] += text[i] == separators[k];
		seen += !strchr(",;\t \r\n", text[i]);
	}
	for (size_t k = 1; k < COUNT(separators); k++)
		if (counts[k] > counts[best])
			best = k;
	return separators[best];
}

/* Bytes of a first line "sep=;", its end included, which says by which separator the rest is; 0:
 * none. */
static size_t told_separator(const char *text, size_t len, char *separator)
{
	size_t quote = len && text[0] == '"', n = line_length(text, len), bare = n;

	while (bare && (text[bare - 1] == '\n' || text[bare - 1] == '\r'))
		bare--;
	if (bare != 5 + 2 * quote || strncasecmp(text + quote, "sep=", 4) != 0 ||
		!memchr(",;\t", text[quote + 4], 3))
		return 0;
	*separator = text[quote + 4];
	return n;
}

enum err csv_read_table(const char *text, size_t len, char separator, struct csv_table *out)
{
	AUTO(table) t = {.columns = json_array(), .names = json_object(), .rows = json_array()};
	struct csv_parser p;
	size_t skip;
	char told;
	enum err e;

	if (!text_is_utf8(text, len))
		return fail(ERR_INVALID, "CSV: not UTF-8");
	if (len >= 3 && memcmp(text, MARK, 3) == 0) {
		text += 3;
		len -= 3;
	}
	skip = told_separator(text, len, &told);
	if (skip) {
		text += skip;
		len -= skip;
		t.line = 1;
		separator = separator ? separator : told;
	}
	if (!separator)
		separator = csv_separator(text, len);
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		abort();
	csv_set_space_func(&p, never_space);
	csv_set_delim(&p, (unsigned char)separator);
	e = feed(&p, &t, text, len);
	csv_free(&p);
	TRY(e);
	if (!t.row)
		return fail(ERR_INVALID, "CSV: no header");
	*out = (struct csv_table){json_array(), TAKE(t.rows), separator};
	for (size_t i = 0; i < t.width; i++)
		if (json_is_string(json_array_get(t.columns, i)))
			json_array_append(out->columns, json_array_get(t.columns, i));
	return OK;
}

enum err csv_read(const char *text, size_t len, json_t **out)
{
	AUTO(csv_table) t = {0};

	TRY(csv_read_table(text, len, 0, &t));
	*out = TAKE(t.rows);
	return OK;
}

/* --- writing --- */

/* Does a spreadsheet take a cell that begins so for a formula? */
static bool is_formula(const char *s, size_t len)
{
	static const char *const starts[] = {
		"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"};

	for (size_t i = 0; i < COUNT(starts); i++) {
		size_t n = strlen(starts[i]);

		if (len >= n && memcmp(s, starts[i], n) == 0)
			return true;
	}
	return false;
}

static bool needs_guard(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] == '\'')
		n++;
	return is_formula(s + n, len - n);
}

static bool needs_quotes(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr("\",\r\n", s[i]) && s[i])
			return true;
	return false;
}

static void add_cell(const char *s, size_t len, bool quoted, bool guarded, struct buf *out)
{
	quoted = quoted || needs_quotes(s, len);
	if (quoted)
		buf_putc(out, '"');
	if (guarded)
		buf_putc(out, '\'');
	for (size_t from = 0, n; quoted && from < len; from += n) {
		const char *quote = memchr(s + from, '"', len - from);

		n = quote ? (size_t)(quote - s) - from + 1 : len - from;
		buf_add(out, s + from, n);
		if (quote)
			buf_putc(out, '"');
	}
	if (!quoted)
		buf_add(out, s, len);
	if (quoted)
		buf_putc(out, '"');
}

/* A line that is empty would be passed over: a lone cell is always in quotes. */
void csv_add_header(const json_t *columns, struct buf *out)
{
	bool lone = json_array_size(columns) == 1;
	const json_t *name;
	size_t i;

	buf_puts(out, "\xef\xbb\xbf");
	json_array_foreach (columns, i, name) {
		if (i)
			buf_putc(out, ',');
		add_cell(json_string_value(name), json_string_length(name), lone, false, out);
	}
	buf_puts(out, "\r\n");
}

void csv_add_row(const json_t *columns, const json_t *row, struct buf *out)
{
	bool lone = json_array_size(columns) == 1;
	const json_t *name;
	size_t i;

	json_array_foreach (columns, i, name) {
		const json_t *cell = json_object_get(row, json_string_value(name));
		const char *s = cell ? json_string_value(cell) : "";
		size_t len = json_string_length(cell);

		if (i)
			buf_putc(out, ',');
		add_cell(s, len, lone, needs_guard(s, len), out);
	}
	buf_puts(out, "\r\n");
}

static void unguard_cell(json_t *cell)
{
	const char *s = json_string_value(cell);
	size_t len = json_string_length(cell);

	if (len && s[0] == '\'' && needs_guard(s, len)) {
		AUTOFREE char *bare = mem_bytes(s + 1, len - 1);

		json_string_setn_nocheck(cell, bare, len - 1);
	}
}

void csv_unguard(json_t *rows)
{
	const char *name;
	json_t *entry, *cell;
	size_t i;

	json_array_foreach (rows, i, entry)
		json_object_foreach (json_object_get(entry, "row"), name, cell)
			unguard_cell(cell);
}
