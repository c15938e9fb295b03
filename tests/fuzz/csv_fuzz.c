/* A table that was read is the same after writing and reading it again, and each row starts on an
 * existing line. */
#include "base/csv.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add_cell(struct buf *out, const char *s, size_t len)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			buf_putc(out, '"');
		buf_putc(out, s[i]);
	}
	buf_putc(out, '"');
}

static void write_row(struct buf *out, json_t *row, bool header)
{
	const char *name;
	json_t *cell;

	json_object_foreach (row, name, cell) {
		if (header)
			add_cell(out, name, strlen(name));
		else
			add_cell(out, json_string_value(cell), json_string_length(cell));
		buf_putc(out, ',');
	}
	out->data[out->len - 1] = '\n';
}

/* A row with all columns, in the header's order; NULL if there is none. */
static json_t *whole_row(const json_t *rows)
{
	const json_t *entry;
	size_t i;

	json_array_foreach ((json_t *)rows, i, entry)
		if (!json_object_get(entry, "cells"))
			return json_object_get(entry, "row");
	return NULL;
}

static void check_lines(const json_t *rows, int64_t lines)
{
	const json_t *entry;
	int64_t last = 1;
	size_t i;

	json_array_foreach ((json_t *)rows, i, entry) {
		int64_t line = json_num(entry, "line");

		assert(line > last && line <= lines);
		last = line;
	}
}

static void check_again(json_t *rows, json_t *header)
{
	AUTO(buf) text = BUF(16 * MIB);
	json_t *again, *entry;
	size_t i, n = 0;

	/* Without it, a header like "sep=;" would be taken for such a line. */
	buf_puts(&text, "sep=,\n");
	write_row(&text, header, true);
	json_array_foreach (rows, i, entry)
		if (!json_object_get(entry, "cells"))
			write_row(&text, json_object_get(entry, "row"), false);
	assert(csv_read(text.data, text.len, &again) == OK);
	json_array_foreach (rows, i, entry)
		if (!json_object_get(entry, "cells"))
			assert(json_equal(json_object_get(entry, "row"),
				json_object_get(json_array_get(again, n++), "row")));
	assert(n == json_array_size(again));
	json_decref(again);
}

static enum err pass_over(void *arg, const json_t *columns)
{
	return OK;
}

static enum err keep(void *arg, json_t *entry)
{
	json_push(arg, entry);
	return OK;
}

/* Read by the line, and with stray quotes mended: where a strict reading has no fault, it is the
 * same. */
static void check_mending(
	const char *text, size_t size, const struct csv_table *strict, int64_t lines)
{
	json_auto_t *rows = json_array();
	const struct csv_take take = {rows, pass_over, keep, .mends = true};
	struct csv_reader *r = csv_reader_new(strict ? strict->separator : ',', &take);
	enum err e = OK;

	while (e == OK && size) {
		const char *end = memchr(text, '\n', size);
		size_t n = end ? (size_t)(end - text) + 1 : size;

		e = csv_reader_feed(r, text, n);
		text += n;
		size -= n;
	}
	if (e == OK)
		e = csv_reader_end(r);
	csv_reader_free(r);
	if (e == OK)
		check_lines(rows, lines);
	if (strict)
		assert(e == OK && json_equal(strict->rows, rows));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	AUTO(csv_table) table = {0};
	bool whole = csv_read_table(text, size, 0, &table) == OK;
	int64_t lines = 1;
	json_t *header;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	/* A first line "sep=;" sets what follows. */
	if (size && !memchr(data, '=', size))
		check_mending(text, size, whole ? &table : NULL, lines);
	if (!whole)
		return 0;
	check_lines(table.rows, lines);
	header = whole_row(table.rows);
	if (header)
		check_again(table.rows, header);
	return 0;
}
