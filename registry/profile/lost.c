#include "registry/profile/lost.h"

#include "base/text.h"

#include <string.h>

#define CODE_BYTES 64 /* a longer value is no code */
#define CODES 24      /* a column with more values is no column of codes */
#define TRIES 5000    /* in a file: each costs as much as a row */
#define ENOUGH 100    /* in a column */
#define EXAMPLES 3
#define SHOWN_CHARS 40 /* in an example */
#define TEXT_MAX (4 * MIB)

void lost_begin(struct lost *l, struct profile *p)
{
	const json_t *export = json_object_get(profile_about(p), "export");

	*l = (struct lost){.profile = p,
		.whole = json_is_true(json_object_get(export, "whole")),
		.tried = json_object(),
		.trials = json_object(),
		.columns = json_object(),
		.cleaned = json_object()};
}

void lost_done(struct lost *l)
{
	json_decref(l->tried);
	json_decref(l->trials);
	json_decref(l->columns);
	json_decref(l->cleaned);
	*l = (struct lost){0};
}

/* Adds only letters and digits, in lower case: a map may change or escape marks and spaces. */
static void add_letters(struct buf *out, const char *s)
{
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c >= 'A' && c <= 'Z')
			buf_putc(out, (char)(c + 32));
		else if (c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			buf_putc(out, (char)c);
	}
}

/* Adds all names, texts, integers, true, false and null of a value, in the order of its JSON,
 * because a cell may hold a list as JSON. */
static void add_texts(struct buf *out, const json_t *value)
{
	json_members (value, name, one) {
		add_letters(out, name);
		add_texts(out, one);
	}
	json_each (value, one)
		add_texts(out, one);
	if (json_is_string(value))
		add_letters(out, json_string_value(value));
	if (json_is_integer(value))
		buf_printf(out, "%lld", (long long)json_integer_value(value));
	if (json_is_boolean(value))
		buf_puts(out, json_is_true(value) ? "true" : "false");
	if (json_is_null(value))
		buf_puts(out, "null");
}

/* The output of the map for the row, without the list of what it left out. */
static json_t *made_of(struct lost *l, const json_t *row)
{
	json_t *made = NULL;

	if (profile_map(l->profile, row, &made) != OK)
		return json_null();
	json_object_del(made, "dropped");
	return made;
}

/* Does the cell make a difference? */
static bool try_without(struct lost *l, const json_t *row, const json_t *made, const char *column)
{
	json_auto_t *without = json_copy((json_t *)row), *kept = json_copy((json_t *)made);
	json_auto_t *other = NULL;

	if (json_is_string(json_object_get(row, column)))
		json_put(without, column, json_text(""));
	else
		json_object_del(without, column);
	json_object_del(kept, "dropped");
	other = made_of(l, without);
	return !json_equal(kept, other);
}

static bool is_found(const struct buf *texts, const char *value)
{
	AUTO(buf) letters = BUF(TEXT_MAX);

	add_letters(&letters, value);
	return letters.len && strstr(buf_text(texts), buf_text(&letters));
}

static void add_try(struct lost *l, const char *column)
{
	l->tries++;
	json_put(l->trials, column, json_integer(json_num(l->trials, column) + 1));
}

/* A map may change a value (take the month of a date). After ENOUGH trials without a loss, the
 * column is not tried any more. */
static bool has_lost_none(const struct lost *l, const char *column)
{
	return json_num(l->trials, column) >= ENOUGH && !json_object_get(l->columns, column);
}

/* `value` is NULL if the cell is no text. */
static bool is_placed(struct lost *l, const json_t *row, const json_t *made, const char *column,
	const char *value, const struct buf *texts)
{
	json_t *tried = json_object_get(l->tried, column), *before;
	bool placed;

	if (!tried)
		json_put(l->tried, column, tried = json_object());
	before = value && strlen(value) <= CODE_BYTES ? json_object_get(tried, value) : NULL;
	if (before)
		return json_is_true(before);
	if (value && (l->whole || strlen(value) > CODE_BYTES || json_object_size(tried) >= CODES) &&
		is_found(texts, value))
		return true;
	if (has_lost_none(l, column) || l->tries >= TRIES)
		return true;
	add_try(l, column);
	placed = try_without(l, row, made, column);
	if (value && strlen(value) <= CODE_BYTES && json_object_size(tried) < CODES)
		json_put(tried, value, json_boolean(placed));
	return placed;
}

static size_t bytes_of(unsigned char lead)
{
	return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* The first invisible character: one that no public text may hold, a soft hyphen, a zero-width
 * space, a word joiner. NULL if there is none. A carriage return does not count: it is half of a
 * line's end. */
static const char *unseen(const char *s, size_t *len, const char **code)
{
	static const struct {
		const char *bytes, *code;
	} others[] = {
		{"\xc2\xad", "U+00AD"}, {"\xe2\x80\x8b", "U+200B"}, {"\xe2\x81\xa0", "U+2060"}};

	if (text_is_common(s, strlen(s)))
		return NULL;
	for (; *s; s += *len) {
		AUTOFREE char *one = mem_bytes(s, strnlen(s, bytes_of((unsigned char)*s)));

		*len = strlen(one);
		*code = *s == '\r' ? NULL : text_forbidden(one, true);
		for (size_t i = 0; i < COUNT(others) && !*code; i++)
			if (strcmp(one, others[i].bytes) == 0)
				*code = others[i].code;
		if (*code)
			return s;
	}
	return NULL;
}

/* The beginning of a value's first line, without invisible characters. */
static char *excerpt(const char *value)
{
	struct buf out = BUF(strlen(value) + 1);
	const char *code;
	size_t len;

	for (const char *at; (at = unseen(value, &len, &code)); value = at + len)
		buf_add(&out, value, (size_t)(at - value));
	buf_puts(&out, value);
	return buf_take(&out);
}

/* Counts a row in one of the lists. Returns the new example, or NULL. */
static json_t *tell(json_t *columns, int64_t line, const char *column, const char *value)
{
	json_t *told = json_object_get(columns, column), *examples, *example;
	AUTOFREE char *shown = mem_bytes(value, text_prefix(value, SHOWN_CHARS));

	if (!told)
		json_put(columns, column, told = json_make("{s:i,s:[]}", "rows", 0, "examples"));
	json_put(told, "rows", json_integer(json_num(told, "rows") + 1));
	examples = json_object_get(told, "examples");
	shown[strcspn(shown, "\r\n")] = '\0';
	if (json_array_size(examples) >= EXAMPLES || json_find(examples, "value", shown))
		return NULL;
	example = json_make("{s:I,s:s}", "line", (json_int_t)line, "value", shown);
	json_push(examples, example);
	return example;
}

static void tell_lost(struct lost *l, int64_t line, const char *column, const json_t *cell)
{
	const char *value = json_string_value(cell);
	AUTO(buf) json = BUF(TEXT_MAX);

	if (!value)
		json_canonical(cell, &json);
	(void)tell(l->columns, line, column, value ? value : buf_text(&json));
}

static bool has_text(const json_t *value, const char *bytes)
{
	const char *text = json_string_value(value);

	if (text && strstr(text, bytes))
		return true;
	json_members (value, name, one)
		if (has_text(one, bytes))
			return true;
	json_each (value, one)
		if (has_text(one, bytes))
			return true;
	return false;
}

/* Reports the first invisible character of a cell that the record does not have. */
static void look_unseen(
	struct lost *l, int64_t line, const json_t *record, const char *column, const char *value)
{
	const char *code;
	size_t len;

	for (const char *at = value; (at = unseen(at, &len, &code)); at += len) {
		AUTOFREE char *character = mem_bytes(at, len), *first = mem_text(code),
			      *shown = NULL;
		json_t *example;

		if (has_text(record, character))
			continue;
		shown = excerpt(value);
		example = tell(l->cleaned, line, column, shown);
		if (example)
			json_put(example, "character", json_text(first));
		return;
	}
}

static bool is_empty(const json_t *cell)
{
	const char *text = json_string_value(cell);

	if (text)
		return !text_is_visible(text) || strcmp(text, "[]") == 0;
	return json_is_null(cell) || json_is_false(cell) ||
	       ((json_is_array(cell) || json_is_object(cell)) && json_array_size(cell) == 0 &&
		       json_object_size(cell) == 0);
}

/* Is "column" in the list, or "column:email", a part of it? */
static bool is_told(const json_t *dropped, const char *column)
{
	size_t len = strlen(column);

	json_each (dropped, one) {
		const char *name = json_string_value(one);

		if (name && strncmp(name, column, len) == 0 && (!name[len] || name[len] == ':'))
			return true;
	}
	return false;
}

void lost_look(
	struct lost *l, int64_t line, const json_t *row, const json_t *made, const json_t *but)
{
	AUTO(buf) texts = BUF(TEXT_MAX);

	if (!json_is_object(row))
		return;
	add_texts(&texts, json_object_get(made, "record"));
	add_texts(&texts, json_object_get(made, "department"));
	add_texts(&texts, json_object_get(made, "key"));
	json_members (row, column, cell) {
		if (is_empty(cell) || is_told(json_object_get(made, "dropped"), column) ||
			json_object_get(but, column))
			continue;
		if (!is_placed(l, row, made, column, json_string_value(cell), &texts))
			tell_lost(l, line, column, cell);
		else if (json_is_string(cell))
			look_unseen(l, line, json_object_get(made, "record"), column,
				json_string_value(cell));
	}
}
