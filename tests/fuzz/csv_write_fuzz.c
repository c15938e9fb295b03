/* Reading returns the cells that were written, and every cell that a spreadsheet would run gets an
 * apostrophe. The first byte is the number of columns; 0xff, which is not in UTF-8, ends a cell. */
#include "base/csv.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static json_t *columns_of(size_t n)
{
	json_t *columns = json_array();

	for (size_t i = 0; i < n; i++) {
		AUTOFREE char *name = mem_printf("c%zu", i);

		json_push(columns, json_text(name));
	}
	return columns;
}

/* Rows of `n` cells, without an incomplete last one. */
static json_t *rows_of(const char *text, size_t len, size_t n)
{
	json_t *rows = json_array(), *row = json_object();

	while (len) {
		const char *end = memchr(text, 0xff, len);
		size_t cell = end ? (size_t)(end - text) : len, step = end ? cell + 1 : cell;
		AUTOFREE char *name = mem_printf("c%zu", json_object_size(row));

		json_put(row, name, json_stringn_nocheck(text, cell));
		if (json_object_size(row) == n) {
			json_push(rows, row);
			row = json_object();
		}
		text += step;
		len -= step;
	}
	json_decref(row);
	return rows;
}

/* The first character of each cell, as a spreadsheet would see it. */
static void check_guarded(json_t *read)
{
	const char *name;
	json_t *entry, *cell;
	size_t i;

	json_array_foreach (read, i, entry)
		json_object_foreach (json_object_get(entry, "row"), name, cell) {
			const char *s = json_string_value(cell);

			assert(!json_string_length(cell) || !*s || !strchr("=+-@\t\r\n", *s));
		}
}

static bool is_seen(json_t *row)
{
	const char *name;
	json_t *cell;

	json_object_foreach (row, name, cell) {
		if (strlen(json_string_value(cell)) != json_string_length(cell) ||
			text_is_visible(json_string_value(cell)))
			return true;
	}
	return false;
}

/* The register's texts are in normal form C, and reading converts to it. */
static void normalise(json_t *row)
{
	const char *name;
	json_t *cell;

	json_object_foreach (row, name, cell) {
		AUTOFREE char *nfc = text_nfc(json_string_value(cell));

		if (strlen(json_string_value(cell)) == json_string_length(cell))
			json_string_set_nocheck(cell, nfc);
	}
}

static void check(const json_t *columns, json_t *rows)
{
	AUTO(buf) text = BUF(64 * MIB);
	json_t *read, *row;
	size_t i, n = 0;

	csv_add_header(columns, &text);
	json_array_foreach (rows, i, row) {
		normalise(row);
		csv_add_row(columns, row, &text);
	}
	assert(csv_read(text.data, text.len, &read) == OK);
	check_guarded(read);
	csv_unguard(read);
	json_array_foreach (rows, i, row) {
		const json_t *entry = json_array_get(read, n);

		/* An apostrophe before a sign is visible, so an invisible row was written blank. */
		if (!is_seen(row) && (!entry || !json_equal(row, json_object_get(entry, "row"))))
			continue;
		n++;
		assert(!json_object_get(entry, "cells"));
		assert(json_equal(row, json_object_get(entry, "row")));
	}
	assert(json_array_size(read) == n);
	json_decref(read);
}

static bool is_text(const uint8_t *data, size_t size)
{
	while (size) {
		const uint8_t *end = memchr(data, 0xff, size);
		size_t cell = end ? (size_t)(end - data) : size;

		if (!text_is_utf8((const char *)data, cell))
			return false;
		data += end ? cell + 1 : cell;
		size -= end ? cell + 1 : cell;
	}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *columns, *rows;
	size_t n;

	if (size < 2 || !is_text(data + 1, size - 1))
		return 0;
	n = 1 + data[0] % 5;
	columns = columns_of(n);
	rows = rows_of((const char *)data + 1, size - 1, n);
	check(columns, rows);
	json_decref(rows);
	json_decref(columns);
	return 0;
}
