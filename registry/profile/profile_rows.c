/* profile_rows.c - the rows of a file, one by one. */
#include "base/csv.h"
#include "base/jq.h"
#include "base/json_lists.h"
#include "base/text.h"
#include "registry/profile/profile_parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define FILE_MAX (256 * MIB) /* a JSON document that is read whole, or one line of another file */
#define SMALL_DOCUMENT MIB   /* up to which a JSON document is always read whole */
#define REST_MAX (16 * MIB)  /* of a JSON document outside of its lists */
#define ITEM_MAX (16 * MIB)  /* one row of a JSON document */
#define PART (256 * KIB)     /* of a file that is read in parts */

static json_t *normal_form(const json_t *value);

static json_t *normal_object(const json_t *object)
{
	json_t *out = json_object();

	json_members (object, name, item) {
		AUTOFREE char *nfc = text_nfc(name);

		json_put(out, nfc, normal_form(item));
	}
	return out;
}

/* A copy with names and texts in normal form C: files from macOS have another form, and what a map
 * compares and makes keys of must not depend on that. */
static json_t *normal_form(const json_t *value)
{
	const char *s = json_string_value(value);
	AUTOFREE char *nfc = s ? text_nfc(s) : NULL;
	json_t *out;

	if (s && strlen(s) == json_string_length(value))
		return json_text(nfc);
	if (json_is_object(value))
		return normal_object(value);
	if (!json_is_array(value))
		return json_incref((json_t *)value);
	out = json_array();
	json_each (value, item)
		json_push(out, normal_form(item));
	return out;
}

/* The state of reading a file. */
struct reading {
	const struct profile *p;
	const struct profile_take *take;
	struct csv_reader *csv;   /* NULL unless it is CSV */
	bool whole;               /* a JSON document, which is read whole */
	size_t lines;             /* lines before the current part */
	struct json_lists *lists; /* a JSON document that is read by the row; else NULL */
	size_t rows, faulty;      /* of its list, so far; and those that are not valid JSON */
};

static enum err take_csv_columns(void *arg, const json_t *columns)
{
	const struct reading *g = arg;

	return g->take->columns(g->take->arg, columns);
}

static enum err take_csv_row(void *arg, json_t *entry)
{
	const struct reading *g = arg;

	if (profile_exports_csv(g->p))
		csv_unguard_row(json_object_get(entry, "row"));
	json_object_set(entry, "line", json_object_get(entry, "number"));
	json_object_del(entry, "number");
	return g->take->row(g->take->arg, entry);
}

static enum err take_json(const struct reading *g, size_t line, json_t *row)
{
	json_auto_t *read = row;

	return g->take->row(g->take->arg,
		json_make("{s:I,s:o}", "line", (json_int_t)line, "row", normal_form(read)));
}

/* The length of a token of the jq programs that can only choose: a word of jq, a text without
 * escapes, a path, a comparison or a blank; 0 for anything else. */
static size_t choosing_token(const char *s)
{
	static const char *const words[] = {
		"if ", "then ", "elif ", "else ", "end", "type ", "== "};
	size_t text = *s == '"' ? strcspn(s + 1, "\"\\") + 1 : 0;

	if (text)
		return s[text] == '"' ? text + 1 : 0;
	if (*s == ' ')
		return 1;
	if (*s == '.')
		return 1 + strspn(s + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
					 "0123456789.?");
	for (size_t i = 0; i < COUNT(words); i++)
		if (strncmp(s, words[i], strlen(words[i])) == 0)
			return strlen(words[i]);
	return 0;
}

/* Does the program that finds the rows only choose one of the document's lists? */
static bool only_chooses(const char *program)
{
	size_t n;

	while (*program && (n = choosing_token(program)))
		program += n;
	return !*program;
}

/* A row that is not valid JSON, for the reason that was given just now. If it certainly ends where
 * it seems to, it costs only itself; its number stands for it. */
static enum err take_faulty(const struct reading *g, size_t n, const char *text, size_t len)
{
	AUTOFREE char *why = mem_text(err_why());

	if (!json_lists_sure(text, len))
		return g->p->rows ? fail(ERR_INVALID, "row %zu: %s", n, why)
		                  : fail(ERR_INVALID, "line %zu: %s", n, why);
	(void)fail(ERR_INVALID, "within the row: %s", why);
	return g->take->row(g->take->arg, json_make("{s:I,s:o,s:s}", "line", (json_int_t)n, "row",
						  json_sprintf("row %zu", n), "why", err_why()));
}

static enum err take_item(void *arg, const char *text, size_t len)
{
	struct reading *g = arg;
	json_t *row = NULL;
	enum err e = json_read(text, len, ITEM_MAX, RULES_LOOSE, &row);

	g->rows++;
	if (e == OK)
		return take_json(g, g->rows, row);
	g->faulty++;
	return e == ERR_INVALID ? take_faulty(g, g->rows, text, len) : e;
}

/* Which of the document's lists has the rows? `rest`: the document with [its number] for each list.
 */
static enum err choose_list(const struct reading *g, const json_t *rest, size_t *list)
{
	json_auto_t *found = NULL;
	const json_t *chosen;

	TRY(jq_run(g->p->rows, rest, &found));
	chosen = json_array_get(json_array_get(found, 0), 0);
	ENSURE(json_is_integer(chosen), ERR_INVALID, "the file has no list of rows at \"%s\"",
		json_str(g->p->about, "rows"));
	*list = (size_t)json_integer_value(chosen);
	return OK;
}

static enum err read_lists_of(
	const char *text, size_t len, const struct json_lists_take *take, json_t **rest)
{
	struct json_lists *lists = json_lists_new(take);
	enum err e = json_lists_feed(lists, text, len);

	if (e == OK)
		e = json_lists_end(lists, &text, &len);
	if (e == OK && rest)
		e = json_read(text, len, REST_MAX, RULES_LOOSE, rest);
	json_lists_free(lists);
	return e;
}

/* A document that is not valid JSON, for the reason that was given just now: it may be by its rows.
 * Otherwise this reason is the best, because it has the line in the file. */
static enum err read_faulty(struct reading *g, const char *text, size_t len)
{
	const struct json_lists_take none = {.rest_max = REST_MAX};
	struct json_lists_take rows = {g, take_item, .item_max = ITEM_MAX, .rest_max = REST_MAX};
	AUTOFREE char *why = mem_text(err_why());
	json_auto_t *rest = NULL;
	enum err e;

	if (!only_chooses(json_str(g->p->about, "rows")) ||
		read_lists_of(text, len, &none, &rest) != OK ||
		choose_list(g, rest, &rows.list) != OK)
		return fail(ERR_INVALID, "%s", why);
	e = read_lists_of(text, len, &rows, NULL);
	if (e != ERR_INVALID || g->faulty > 1)
		return e;
	return g->faulty ? fail(e, "row %zu: %s", g->rows, why) : e;
}

static enum err read_document(struct reading *g, const char *text, size_t len)
{
	json_auto_t *whole = NULL, *found = NULL;
	json_t *list;
	enum err e;

	e = json_read(text, len, FILE_MAX, RULES_LOOSE, &whole);
	if (e != OK)
		return e == ERR_INVALID ? read_faulty(g, text, len) : e;
	TRY(jq_run(g->p->rows, whole, &found));
	list = json_array_get(found, 0);
	ENSURE(json_is_array(list), ERR_INVALID, "the file has no list of rows at \"%s\"",
		json_str(g->p->about, "rows"));
	json_each_at (list, i, row)
		TRY(take_json(g, i + 1, json_incref(row)));
	return OK;
}

/* A JSON value on each line that is not empty. */
static enum err read_lines(const struct reading *g, const char *text, size_t len)
{
	for (size_t n = g->lines + 1; len; n++) {
		const char *end = memchr(text, '\n', len);
		size_t line = end ? (size_t)(end - text) : len, step = end ? line + 1 : line;
		json_t *row = NULL;
		enum err e;

		if (strspn(text, " \t\r") < line) {
			e = json_read(text, line, ROW_MAX, RULES_LOOSE, &row);
			TRY(e == OK                ? take_json(g, n, row)
				: e == ERR_INVALID ? take_faulty(g, n, text, line)
						   : fail(e, "line %zu: %s", n, err_why()));
		}
		text += step;
		len -= step;
	}
	return OK;
}

static enum err read_part(struct reading *g, const char *text, size_t len)
{
	if (g->csv)
		return csv_reader_feed(g->csv, text, len);
	if (g->lists)
		return json_lists_feed(g->lists, text, len);
	return g->whole ? read_document(g, text, len) : read_lines(g, text, len);
}

static struct reading begin_reading(const struct profile *p, const struct profile_take *take)
{
	return (struct reading){.p = p, .take = take, .whole = p->rows != NULL};
}

/* JSON rows have no columns. */
static enum err open_reader(struct reading *g, char separator, const struct csv_take *take)
{
	if (strcmp(json_str(g->p->about, "input"), "csv") != 0)
		return g->take->columns(g->take->arg, NULL);
	g->csv = csv_reader_new(separator, take);
	return OK;
}

static size_t count_lines(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n' || (text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n'));
	return n;
}

/* The number of bytes up to the end of the last whole line; 0 if there is none. */
static size_t whole_lines(const struct buf *b)
{
	const char *end = b->len ? memrchr(b->data, '\n', b->len) : NULL;

	return end ? (size_t)(end - b->data) + 1 : 0;
}

/* A JSON document may be one long line. In every charset, a byte below 0x40, such as a quote or a
 * comma, is a character by itself. No part begins with what would be taken for a byte order mark.
 */
static size_t whole_characters(const struct buf *b)
{
	size_t n = whole_lines(b);

	if (!n && b->len)
		for (n = b->len - 1; n && ((unsigned char)b->data[n - 1] >= 0x40 ||
						  (unsigned char)b->data[n] == 0xef);)
			n--;
	return n;
}

static size_t whole_part(const struct reading *g, const struct buf *b)
{
	if (g->whole)
		return 0;
	return g->lists ? whole_characters(b) : whole_lines(b);
}

static enum err take_part(struct reading *g, enum charset charset, const char *bytes, size_t len)
{
	AUTO(buf) text = BUF(FILE_MAX);

	TRY(charset_decode_part(charset, bytes, len, g->lines, &text));
	TRY(buf_check(&text, "the file"));
	TRY(read_part(g, buf_text(&text), text.len));
	g->lines += count_lines(bytes, len);
	return OK;
}

/* The first bytes decide which kind of file it is. */
static enum err read_parts(struct reading *g, enum charset charset, FILE *f)
{
	AUTO(buf) bytes = BUF(FILE_MAX);
	AUTOFREE char *room = mem_new(PART);
	bool first = true, more = true;

	while (more) {
		size_t n = fread(room, 1, PART, f), whole;

		ENSURE(!ferror(f), ERR_SYSTEM, "it cannot be read");
		more = n == PART;
		buf_add(&bytes, room, n);
		ENSURE(!bytes.over, ERR_TOO_LARGE,
			"one line, or a JSON document, is larger than %d MB",
			(int)(FILE_MAX / MIB));
		if (first)
			TRY(charset_check_start(buf_text(&bytes), bytes.len));
		first = false;
		whole = more ? whole_part(g, &bytes) : bytes.len;
		if (!whole)
			continue;
		TRY(take_part(g, charset, bytes.data, whole));
		memmove(bytes.data, bytes.data + whole, bytes.len - whole);
		bytes.len -= whole;
	}
	return OK;
}

/* --- a JSON document by the row --- */

static enum err read_lists(struct reading *g, enum charset charset, FILE *f,
	const struct json_lists_take *take, json_t **rest)
{
	const char *text;
	size_t len;
	enum err e;

	g->lists = json_lists_new(take);
	g->lines = 0;
	rewind(f);
	e = read_parts(g, charset, f);
	if (e == OK)
		e = json_lists_end(g->lists, &text, &len);
	if (e == OK && rest)
		e = json_read(text, len, REST_MAX, RULES_LOOSE, rest);
	json_lists_free(g->lists);
	g->lists = NULL;
	return e;
}

static enum err find_list(struct reading *g, enum charset charset, FILE *f, size_t *list)
{
	const struct json_lists_take none = {.rest_max = REST_MAX};
	json_auto_t *rest = NULL;

	TRY(read_lists(g, charset, f, &none, &rest));
	return choose_list(g, rest, list);
}

/* 0 for what has no size. */
static size_t size_of(FILE *f)
{
	long size = fseek(f, 0, SEEK_END) == 0 ? ftell(f) : 0;

	rewind(f);
	return size > 0 ? (size_t)size : 0;
}

static enum err read_by_row(struct reading *g, enum charset charset, FILE *f)
{
	struct json_lists_take rows = {g, take_item, .item_max = ITEM_MAX, .rest_max = REST_MAX};
	enum err e;

	g->whole = false;
	e = find_list(g, charset, f, &rows.list);
	if (e == OK)
		return read_lists(g, charset, f, &rows, NULL);
	if (size_of(f) > FILE_MAX)
		return e;
	/* Nothing is taken yet: the whole document says best what is wrong with it. */
	g->whole = true;
	g->lines = 0;
	return read_parts(g, charset, f);
}

/* A pipe cannot be read twice. A small document is read whole, which says best
 * where a fault is. */
static bool goes_by_row(const struct reading *g, FILE *f)
{
	return g->whole && size_of(f) > SMALL_DOCUMENT &&
	       only_chooses(json_str(g->p->about, "rows"));
}

static enum err end_reading(struct reading *g, enum err e)
{
	if (e == OK && g->csv)
		e = csv_reader_end(g->csv);
	csv_reader_free(g->csv);
	return e;
}

enum err profile_read(const struct profile *p, const char *text, size_t len, char separator,
	const struct profile_take *take)
{
	struct reading g = begin_reading(p, take);
	const struct csv_take csv = {&g, take_csv_columns, take_csv_row, .mends = true};
	enum err e = open_reader(&g, separator, &csv);

	if (e == OK)
		e = read_part(&g, text, len);
	return end_reading(&g, e);
}

enum err profile_read_file(const struct profile *p, const char *path, enum charset charset,
	char separator, const struct profile_take *take)
{
	struct reading g = begin_reading(p, take);
	const struct csv_take csv = {&g, take_csv_columns, take_csv_row, .mends = true};
	FILE *f = fopen(path, "re");
	enum err e;

	ENSURE(f, errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s", err_text(strerror(errno)));
	e = open_reader(&g, separator, &csv);
	if (e == OK && goes_by_row(&g, f))
		e = read_by_row(&g, charset, f);
	else if (e == OK)
		e = read_parts(&g, charset, f);
	fclose(f);
	return end_reading(&g, e);
}

void profile_rows_done(struct profile_rows *r)
{
	json_decref(r->rows);
	json_decref(r->columns);
	*r = (struct profile_rows){0};
}
