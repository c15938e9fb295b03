#include "base/csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

/* A table half read. libcsv calls back with cells and rows but not with places, so it is fed a
 * line at a time: a row starts on the line that was fed when none was open. */
struct table {
	json_t *columns; /* names; empty until the header is read */
	json_t *rows, *row;
	size_t cells; /* of the row that is open */
	int64_t line, start;
	bool open;
	enum err err; /* the first; nothing is added after it */
};

static void table_done(struct table *t)
{
	json_decref(t->columns);
	json_decref(t->rows);
	json_decref(t->row);
}

static enum err add_column(struct table *t, const char *name, size_t len)
{
	size_t i;
	json_t *other;

	ENSURE(len && strlen(name) == len, ERR_INVALID,
		"CSV: column %zu of the header has no name, or one with U+0000",
		json_array_size(t->columns) + 1);
	json_array_foreach(t->columns, i, other) ENSURE(strcmp(json_string_value(other), name) != 0,
		ERR_INVALID, "CSV: the column \"%.60s\" stands twice in the header", name);
	json_push(t->columns, json_text(name));
	return OK;
}

static void on_cell(void *cell, size_t len, void *arg)
{
	struct table *t = arg;
	const char *name = json_string_value(json_array_get(t->columns, t->cells));

	t->cells++;
	if (t->err != OK)
		return;
	if (!t->row)
		t->err = add_column(t, cell, len);
	else if (name)
		json_put(t->row, name, json_stringn_nocheck(cell, len));
}

static void on_row(int terminator, void *arg)
{
	struct table *t = arg;

	if (t->row) {
		json_t *entry = json_make("{s:I, s:O}", "line", t->start, "row", t->row);

		if (t->cells != json_array_size(t->columns))
			json_put(entry, "cells", json_integer((json_int_t)t->cells));
		json_push(t->rows, entry);
		json_decref(t->row);
	}
	t->row = json_object();
	t->cells = 0;
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
	}
	ENSURE(csv_parse(p, line, len, on_cell, on_row, t) == len, ERR_INVALID,
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
	ENSURE(csv_fini(p, on_cell, on_row, t) == 0, ERR_INVALID,
		"CSV: the quote opened in the row from line %lld is never closed",
		(long long)t->start);
	return t->err;
}

/* libcsv would strip blanks around cells; RFC 4180 says they belong to the cell. */
static int never_space(unsigned char c)
{
	return 0;
}

enum err csv_read(const char *text, size_t len, json_t **out)
{
	AUTO(table) t = {.columns = json_array(), .rows = json_array()};
	struct csv_parser p;
	enum err e;

	ENSURE(text_is_utf8(text, len), ERR_INVALID, "CSV: not UTF-8");
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		len -= 3;
	}
	if (csv_init(&p, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
		abort();
	csv_set_space_func(&p, never_space);
	e = feed(&p, &t, text, len);
	csv_free(&p);
	TRY(e);
	ENSURE(t.row, ERR_INVALID, "CSV: no header");
	*out = TAKE(t.rows);
	return OK;
}
