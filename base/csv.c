#include "base/csv.h"

#include "base/text.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#define MARK "\xef\xbb\xbf"

/* A partly read table. libcsv reports cells and rows but not their places, so it gets one line at a
 * time: if no row is open, the next row starts on the line that is fed. */
struct csv_reader {
	struct csv_take take;
	struct csv_parser parser;
	char separator;  /* 0 until it is given or detected */
	bool begun;      /* a line was fed: `parser` is initialised */
	json_t *columns; /* names, null for a column without one; empty until the header is read */
	json_t *names;   /* name -> how often it occurred so far */
	json_t *row;     /* NULL until the header is read */
	size_t rows;     /* passed on so far */
	size_t cells;    /* of the open row */
	size_t filled;   /* up to the last visible one of these */
	size_t width;    /* columns up to the last one with a name */
	int64_t line, start;
	int64_t number; /* rows so far, including empty ones */
	bool open, bad; /* bad: the row's text had to be repaired, so the row is refused */
	enum err err;   /* the first error; nothing is added after it */
};

void csv_reader_free(struct csv_reader *r)
{
	if (!r)
		return;
	if (r->begun)
		csv_free(&r->parser);
	json_decref(r->columns);
	json_decref(r->names);
	json_decref(r->row);
	free(r);
}

void csv_table_done(struct csv_table *t)
{
	json_decref(t->columns);
	json_decref(t->rows);
	*t = (struct csv_table){0};
}

/* A column's name: the header's, or with the lowest number after it that makes it unique. */
static char *new_name(struct csv_reader *t, const char *name)
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

/* Spreadsheets write columns that were merely touched once; those without a name become null. */
static enum err add_column(struct csv_reader *t, const char *name)
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

static enum err add_to_header(struct csv_reader *t, const char *cell, size_t len)
{
	AUTOFREE char *name = text_nfc(cell);

	if (strlen(cell) != len)
		return fail(ERR_INVALID, "CSV: column %zu of the header has a name with U+0000",
			json_array_size(t->columns) + 1);
	return add_column(t, name);
}

/* A cell may hold U+0000, which no text may: the row is refused later. */
static enum err add_cell_to_row(struct csv_reader *t, const char *cell, size_t len)
{
	const json_t *column = json_array_get(t->columns, t->cells - 1);
	bool whole = strlen(cell) == len, seen = !whole || text_is_visible(cell);
	AUTOFREE char *nfc = whole ? text_nfc(cell) : NULL;

	if (seen)
		t->filled = t->cells;
	if (seen && json_is_null(column) && t->rows == 0)
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
	struct csv_reader *t = arg;

	t->cells++;
	if (t->err == OK)
		t->err = t->row ? add_cell_to_row(t, cell, len) : add_to_header(t, cell, len);
}

static void give_row(struct csv_reader *t)
{
	size_t columns = json_array_size(t->columns);
	json_t *entry;

	if (!t->filled || t->err != OK)
		return;
	entry = json_make("{s:I, s:I, s:O}", "line", t->start, "number", t->number, "row", t->row);
	if (t->cells < t->width || t->filled > columns)
		json_put(entry, "cells", json_integer((json_int_t)t->cells));
	if (t->bad)
		json_put(entry, "quote", json_true());
	t->rows++;
	t->err = t->take.row(t->take.arg, entry);
}

static void give_columns(struct csv_reader *t)
{
	json_auto_t *names = json_array();
	json_t *name;

	for (size_t i = 0; i < t->width; i++) {
		name = json_array_get(t->columns, i);
		if (json_is_string(name))
			json_array_append(names, name);
	}
	t->err = t->take.columns(t->take.arg, names);
}

/* The header is the first row with a name. */
static void on_row(int terminator, void *arg)
{
	struct csv_reader *t = arg;

	t->number++;
	if (t->row)
		give_row(t);
	else if (t->width && t->err == OK)
		give_columns(t);
	json_decref(t->row);
	t->row = t->width ? json_object() : NULL;
	if (!t->width)
		json_array_clear(t->columns);
	t->cells = t->filled = 0;
	t->open = t->bad = false;
}

/* The length of the line at `text` in bytes, including its end ("\n", "\r\n" or "\r"). */
static size_t line_length(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] != '\n' && text[n] != '\r')
		n++;
	if (n + 1 < len && text[n] == '\r' && text[n + 1] == '\n')
		return n + 2;
	return n < len ? n + 1 : n;
}

/* libcsv would strip blanks around cells, but RFC 4180 counts them as content. */
static int never_space(unsigned char c)
{
	return 0;
}

static void open_parser(struct csv_parser *p, unsigned char options, char separator)
{
	if (csv_init(p, options) != 0)
		abort();
	csv_set_space_func(p, never_space);
	csv_set_delim(p, (unsigned char)separator);
}

#define STRICT (CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL)

/* Reads a line with its quotes as ordinary characters: is it then a complete row? */
struct lenient {
	size_t cells, rows;
	bool goes_on; /* a cell is still open at the end of the line */
};

static void count_cell(void *cell, size_t len, void *arg)
{
	((struct lenient *)arg)->cells++;
}

static void count_row(int terminator, void *arg)
{
	((struct lenient *)arg)->rows++;
}

static bool is_whole_row(const struct csv_reader *t, const char *line, size_t len)
{
	struct lenient n = {0};
	struct csv_parser p;

	open_parser(&p, CSV_APPEND_NULL, t->separator);
	if (csv_parse(&p, line, len, count_cell, count_row, &n) != len)
		n.goes_on = true;
	else if (n.rows == 0) /* no line end: the last line of the file */
		n.goes_on = memchr(line, '\n', len) || memchr(line, '\r', len) ||
		            csv_fini(&p, count_cell, count_row, &n) != 0;
	csv_free(&p);
	return !n.goes_on && n.rows == 1 && n.cells >= t->width &&
	       n.cells <= json_array_size(t->columns);
}

/* A quote in an invalid place. If its line is a complete row with as many cells as the header once
 * quotes are ordinary characters, the next row certainly begins on the next line: then only this
 * row is lost. */
static enum err mend(struct csv_reader *t, const char *line, size_t len)
{
	struct csv_parser lenient;

	if (!t->take.mends || !t->row || t->start != t->line || !is_whole_row(t, line, len))
		return fail(ERR_INVALID,
			"CSV: line %lld, in the row from line %lld: a quote where none may be",
			(long long)t->line, (long long)t->start);
	json_object_clear(t->row);
	t->cells = t->filled = 0;
	t->bad = true;
	open_parser(&lenient, CSV_APPEND_NULL, t->separator);
	(void)csv_parse(&lenient, line, len, on_cell, on_row, t);
	(void)csv_fini(&lenient, on_cell, on_row, t);
	csv_free(&lenient);
	csv_free(&t->parser);
	open_parser(&t->parser, STRICT, t->separator);
	return t->err;
}

static enum err feed_line(struct csv_reader *t, const char *line, size_t len)
{
	/* Between rows libcsv skips an empty line; within a quoted cell it is text. */
	bool blank = line[0] == '\n' || line[0] == '\r';

	t->line++;
	if (!t->open) {
		t->start = t->line;
		t->open = !blank;
		t->number += blank;
	}
	if (csv_parse(&t->parser, line, len, on_cell, on_row, t) != len)
		return mend(t, line, len);
	return t->err;
}

/* Counts outside quotes in the first line with text: a name may hold a comma, but hardly as many as
 * there are columns. */
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

/* The length of a first line "sep=;", including its end, which declares the separator; 0 for
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

struct csv_reader *csv_reader_new(char separator, const struct csv_take *take)
{
	struct csv_reader *r = mem_new(sizeof(*r));

	*r = (struct csv_reader){.take = *take,
		.separator = separator,
		.columns = json_array(),
		.names = json_object()};
	return r;
}

/* Reads the byte order mark and the line "sep=;" before the header. */
static void begin(struct csv_reader *r, const char **text, size_t *len)
{
	size_t skip = *len >= 3 && memcmp(*text, MARK, 3) == 0 ? 3 : 0;
	char told;

	*text += skip;
	*len -= skip;
	skip = told_separator(*text, *len, &told);
	*text += skip;
	*len -= skip;
	if (skip) {
		r->line = 1;
		r->separator = r->separator ? r->separator : told;
	}
	if (!r->separator)
		r->separator = csv_separator(*text, *len);
	open_parser(&r->parser, STRICT, r->separator);
	r->begun = true;
}

enum err csv_reader_feed(struct csv_reader *r, const char *text, size_t len)
{
	if (!text_is_utf8(text, len))
		return fail(ERR_INVALID, "CSV: not UTF-8");
	if (!r->begun)
		begin(r, &text, &len);
	while (len) {
		size_t n = line_length(text, len);

		TRY(feed_line(r, text, n));
		text += n;
		len -= n;
	}
	return OK;
}

enum err csv_reader_end(struct csv_reader *r)
{
	if (r->begun && csv_fini(&r->parser, on_cell, on_row, r) != 0)
		return fail(ERR_INVALID,
			"CSV: the quote opened in the row from line %lld is never closed",
			(long long)r->start);
	TRY(r->err);
	ENSURE(r->row, ERR_INVALID, "CSV: no header");
	return OK;
}

static enum err keep_columns(void *arg, const json_t *columns)
{
	struct csv_table *t = arg;

	t->columns = json_copy((json_t *)columns);
	return OK;
}

static enum err keep_row(void *arg, json_t *entry)
{
	json_push(((struct csv_table *)arg)->rows, entry);
	return OK;
}

enum err csv_read_table(const char *text, size_t len, char separator, struct csv_table *out)
{
	AUTO(csv_table) t = {.rows = json_array()};
	const struct csv_take take = {.arg = &t, .columns = keep_columns, .row = keep_row};
	struct csv_reader *r = csv_reader_new(separator, &take);
	enum err e = csv_reader_feed(r, text, len);

	if (e == OK)
		e = csv_reader_end(r);
	t.separator = r->separator;
	csv_reader_free(r);
	TRY(e);
	*out = (struct csv_table){TAKE(t.columns), TAKE(t.rows), t.separator};
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

/* Would a spreadsheet take a cell that begins like this for a formula? */
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

/* Readers skip an empty line, so a lone cell is always in quotes. */
void csv_add_header(const json_t *columns, struct buf *out)
{
	bool lone = json_array_size(columns) == 1;

	buf_puts(out, "\xef\xbb\xbf");
	json_each_at (columns, i, name) {
		if (i)
			buf_putc(out, ',');
		add_cell(json_string_value(name), json_string_length(name), lone, false, out);
	}
	buf_puts(out, "\r\n");
}

void csv_add_row(const json_t *columns, const json_t *row, struct buf *out)
{
	bool lone = json_array_size(columns) == 1;

	json_each_at (columns, i, name) {
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

void csv_unguard_row(json_t *row)
{
	json_members (row, name, cell)
		unguard_cell(cell);
}

void csv_unguard(json_t *rows)
{
	json_each (rows, entry)
		csv_unguard_row(json_object_get(entry, "row"));
}
