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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int64_t lines = 1;
	json_t *rows, *header;

	if (csv_read((const char *)data, size, &rows) != OK)
		return 0;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n' || data[i] == '\r';
	check_lines(rows, lines);
	header = whole_row(rows);
	if (header)
		check_again(rows, header);
	json_decref(rows);
	return 0;
}
