#include "base/json.h"

#include "base/cbor.h"
#include "base/json_parse.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* jansson allows a depth of 2048 calls; ours is checked before it starts. */
static bool too_deep(const char *text, size_t len)
{
	int depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > JSON_DEPTH)
				return true;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	return false;
}

static enum err check_key(const char *key)
{
	for (const char *p = key; *p; p++)
		ENSURE(*p > 0x20 && *p < 0x7f, ERR_INVALID,
			"the member name \"%.60s\" holds a character other than printable ASCII",
			key);
	ENSURE(*key, ERR_INVALID, "a member has an empty name");
	return OK;
}

/* A text in normal form C, to be freed; NULL if it already is. */
static char *settled(const char *s)
{
	AUTOFREE char *nfc = text_settled(s) ? NULL : text_nfc(s);

	return nfc && strcmp(nfc, s) != 0 ? TAKE(nfc) : NULL;
}

static enum err check_string(json_t *value, enum json_rules rules)
{
	const char *s = json_string_value(value), *bad;
	AUTOFREE char *nfc = NULL;

	if (text_is_common(s, json_string_length(value)))
		return OK;
	ENSURE(strlen(s) == json_string_length(value), ERR_INVALID, "a text holds U+0000");
	bad = (rules == RULES_STRICT ? text_forbidden_in_log : text_forbidden)(s, true);
	ENSURE(!bad, ERR_INVALID, "the text \"%.60s\" holds the character %s, which is not allowed",
		s, bad);
	nfc = settled(s);
	ENSURE(!nfc || rules != RULES_EXACT, ERR_INVALID,
		"the text \"%.60s\" is not in Unicode's normal form C, and what was signed "
		"cannot be changed: put it into that form (NFC) and sign it again",
		s);
	if (nfc)
		json_string_set_nocheck(value, nfc);
	return OK;
}

static enum err check_value(json_t *value, enum json_rules rules)
{
	if (json_is_object(value)) {
		json_members (value, key, item) {
			TRY(check_key(key));
			TRY(check_value(item, rules));
		}
	} else if (json_is_array(value)) {
		json_each (value, item)
			TRY(check_value(item, rules));
	} else if (json_is_string(value)) {
		TRY(check_string(value, rules));
	} else {
		ENSURE(!json_is_real(value), ERR_INVALID, "numbers must be integers");
	}
	return OK;
}

void json_settle(json_t *value)
{
	AUTOFREE char *nfc = json_is_string(value) ? settled(json_string_value(value)) : NULL;

	if (nfc)
		json_string_set_nocheck(value, nfc);
	json_members (value, key, item) {
		json_settle(item);
	}
	json_each (value, item)
		json_settle(item);
}

/* --- too many marks --- */

/* The path of the first text with too many marks, as ".name.ko"; NULL for none. */
static char *find_marks(const json_t *value)
{
	char *below = NULL, *found = NULL;

	if (json_is_string(value))
		return text_is_stream_safe(json_string_value(value)) ? NULL : mem_text("");
	json_members (value, key, item) {
		if (!text_is_stream_safe(key))
			return mem_printf(".%.*s…", (int)text_prefix(key, 20), key);
		below = find_marks(item);
		if (below) {
			found = mem_printf(".%.*s%s", (int)text_prefix(key, 60), key, below);
			break;
		}
	}
	if (json_is_array(value))
		json_each_at (value, i, item) {
			below = find_marks(item);
			if (below) {
				found = mem_printf("[%zu]%s", i, below);
				break;
			}
		}
	free(below);
	return found;
}

enum err json_stream_safe(const json_t *value)
{
	AUTOFREE char *at = find_marks(value);

	if (!at)
		return OK;
	return fail(ERR_INVALID,
		"the text \"%.300s\" has more than %d combining marks (accents) in a row: at most %d "
		"may follow a letter; take the others out and send it again",
		*at ? at + (*at == '.') : "-", TEXT_MARKS, TEXT_MARKS);
}

/* --- JSON as word processors leave it --- */

static size_t line_of(const char *text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

/* The length of a curly quote at `s` (“ ” „ ‘ ’); 0 for none. */
static size_t curly_quote(const char *s, size_t len)
{
	return len >= 3 && memcmp(s, "\xe2\x80", 2) == 0 && strchr("\x98\x99\x9c\x9d\x9e", s[2]) &&
	                       s[2]
	               ? 3
	               : 0;
}

static bool closes_next(const char *text, size_t len, size_t at)
{
	for (at++; at < len; at++)
		if (!strchr(" \t\r\n", text[at]) || !text[at])
			return text[at] == '}' || text[at] == ']';
	return false;
}

/* Finds the first typical editor's flaw outside of strings. */
static enum err editors_flaw(const char *text, size_t len)
{
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		if (in_string && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			in_string = !in_string;
		else if (in_string)
			continue;
		else if (curly_quote(text + i, len - i))
			return fail(ERR_INVALID,
				"not JSON: line %zu has a curly quote (%.3s): write a straight "
				"one (\")",
				line_of(text, i), text + i);
		else if (text[i] == ',' && closes_next(text, len, i))
			return fail(ERR_INVALID,
				"not JSON: line %zu has a comma after the last value: take it out",
				line_of(text, i));
	}
	return OK;
}

/* Explains invalid JSON in the terms of the people who wrote it. */
static enum err not_json(const char *text, size_t len, const json_error_t *error)
{
	AUTOFREE char *what = NULL;
	const char *near;

	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		return fail(ERR_INVALID,
			"not JSON: it begins with a byte order mark (BOM): save it again as UTF-8 "
			"without one (Notepad calls that \"UTF-8\")");
	if (len >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
		return fail(ERR_INVALID, "not JSON: it is UTF-16: save it again as UTF-8");
	if (!text_is_utf8(text, len))
		return fail(ERR_INVALID,
			"not JSON at line %d: it is not UTF-8. Was it saved as CP949 (\"ANSI\")? Save it "
			"again as UTF-8",
			error->line);
	TRY(editors_flaw(text, len));
	near = strstr(error->text, " near ");
	what = mem_bytes(error->text, near ? (size_t)(near - error->text) : strlen(error->text));
	return fail(ERR_INVALID, "not JSON at line %d, column %d: %s%s", error->line, error->column,
		err_text(what), near && !err_is_translated() ? near : "");
}

enum err json_read(const char *text, size_t len, size_t max, enum json_rules rules, json_t **out)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *value;
	enum err e;

	ENSURE(len <= max, ERR_TOO_LARGE, "JSON of %zu bytes; the limit is %zu", len, max);
	value = json_parse(text, len);
	if (!value) { /* jansson says why, but takes a zero byte for the end */
		ENSURE(!memchr(text, '\0', len), ERR_INVALID,
			"JSON with a zero byte: it is no text, or was cut and filled up");
		ENSURE(!too_deep(text, len), ERR_INVALID, "JSON nested deeper than %d levels",
			JSON_DEPTH);
		value = json_loadb(text, len, flags, &error);
	}
	if (!value)
		return not_json(text, len, &error);
	e = rules == RULES_GIVEN || rules == RULES_EXACT ? json_stream_safe(value) : OK;
	if (e == OK && rules != RULES_LOOSE)
		e = check_value(value, rules);
	if (e != OK) {
		json_decref(value);
		return e;
	}
	*out = value;
	return OK;
}

static int add_to_buf(const char *data, size_t len, void *arg)
{
	buf_add(arg, data, len);
	return 0;
}

void json_canonical(const json_t *value, struct buf *out)
{
	json_dump_callback(value, add_to_buf, out, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
}

void json_pretty(const json_t *value, struct buf *out)
{
	json_dump_callback(
		value, add_to_buf, out, JSON_SORT_KEYS | JSON_INDENT(2) | JSON_ENCODE_ANY);
	buf_putc(out, '\n');
}

/* --- CBOR --- */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* In the order of json_canonical(), because programs can see the order. Canonical JSON already has
 * it. */
static void object_cbor(const json_t *object, struct buf *out)
{
	size_t n = json_object_size(object), i = 0;
	const char **names = mem_new((n + 1) * sizeof(*names));
	bool sorted = true;

	json_members (object, key, item) {
		sorted &= i == 0 || strcmp(names[i - 1], key) < 0;
		names[i++] = key;
	}
	if (!sorted)
		qsort(names, n, sizeof(*names), by_name);
	cbor_begin(out, CBOR_MAP, n);
	for (i = 0; i < n; i++) {
		cbor_text(out, names[i], strlen(names[i]));
		json_cbor(json_object_get(object, names[i]), out);
	}
	free(names);
}

void json_cbor(const json_t *value, struct buf *out)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		object_cbor(value, out);
		break;
	case JSON_ARRAY:
		cbor_begin(out, CBOR_ARRAY, json_array_size(value));
		json_each (value, item)
			json_cbor(item, out);
		break;
	case JSON_STRING:
		cbor_text(out, json_string_value(value), json_string_length(value));
		break;
	case JSON_INTEGER:
		cbor_integer(out, json_integer_value(value));
		break;
	case JSON_REAL:
		cbor_real(out, json_real_value(value));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		cbor_begin(out, json_is_true(value) ? CBOR_TRUE : CBOR_FALSE, 0);
		break;
	case JSON_NULL:
		cbor_begin(out, CBOR_NULL, 0);
		break;
	}
}

static enum err value_of(struct cbor_in *in, int depth, json_t **out);

/* json_object_set() needs names that end in a NUL, unlike those in CBOR. */
static enum err take_member(struct cbor_in *in, int depth, json_t *object)
{
	AUTOFREE char *key = NULL;
	struct cbor name;
	json_t *item;

	TRY(cbor_next_text(in, &name));
	ENSURE(!memchr(name.text, '\0', name.n), ERR_INVALID, "a member's name holds U+0000");
	key = mem_bytes(name.text, name.n);
	TRY(value_of(in, depth, &item));
	if (json_object_set_new(object, key, item) != 0)
		return fail(ERR_INVALID, "a member's name is not UTF-8");
	return OK;
}

static enum err take_members(struct cbor_in *in, size_t n, int depth, json_t *object)
{
	for (size_t i = 0; i < n; i++)
		TRY(take_member(in, depth, object));
	ENSURE(json_object_size(object) == n, ERR_INVALID, "an object has two members of one name");
	return OK;
}

static enum err take_items(struct cbor_in *in, size_t n, int depth, json_t *array)
{
	for (size_t i = 0; i < n; i++) {
		json_t *item;

		TRY(value_of(in, depth, &item));
		json_push(array, item);
	}
	return OK;
}

static enum err value_of(struct cbor_in *in, int depth, json_t **out)
{
	json_auto_t *value = NULL;
	struct cbor c;

	TRY(cbor_next(in, &c));
	switch (c.kind) {
	case CBOR_MAP:
	case CBOR_ARRAY:
		ENSURE(depth < JSON_DEPTH, ERR_INVALID, "nested deeper than %d levels", JSON_DEPTH);
		value = c.kind == CBOR_MAP ? json_object() : json_array();
		TRY(c.kind == CBOR_MAP ? take_members(in, c.n, depth + 1, value)
				       : take_items(in, c.n, depth + 1, value));
		break;
	case CBOR_TEXT:
		value = json_stringn(c.text, c.n);
		ENSURE(value, ERR_INVALID, "a text is not UTF-8");
		break;
	case CBOR_INTEGER:
		value = json_integer(c.integer);
		break;
	case CBOR_REAL:
		value = json_real(c.real);
		ENSURE(value, ERR_INVALID, "a number that JSON cannot hold");
		break;
	case CBOR_FALSE:
	case CBOR_TRUE:
		value = json_boolean(c.kind == CBOR_TRUE);
		break;
	case CBOR_NULL:
		value = json_null();
		break;
	}
	*out = TAKE(value);
	return OK;
}

enum err json_read_cbor(const char *bytes, size_t len, enum json_rules rules, json_t **out)
{
	struct cbor_in in = {bytes, bytes + len};
	json_auto_t *value = NULL;

	TRY(value_of(&in, 0, &value));
	ENSURE(in.at == in.end, ERR_INVALID, "more than one value");
	if (rules != RULES_LOOSE)
		TRY(check_value(value, rules));
	*out = TAKE(value);
	return OK;
}

/* --- shorthands --- */

const char *json_str(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t json_num(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
}

json_t *json_find(const json_t *array, const char *key, const char *text)
{
	json_each (array, item) {
		const char *own = json_str(item, key);

		if (own && text && strcmp(own, text) == 0)
			return item;
	}
	return NULL;
}

bool json_has_text(const json_t *array, const char *text)
{
	json_each (array, item)
		if (json_is_string(item) && strcmp(json_string_value(item), text) == 0)
			return true;
	return false;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value ? value : json_null()) != 0)
		abort();
}

void json_push(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		abort();
}

json_t *json_text(const char *s)
{
	json_t *value = s ? json_string(s) : NULL;

	return value ? value : json_null();
}

/* A damaged database may return NULL where its schema excludes it, and texts that are not UTF-8.
 * The page then lacks something, but the server must go on. */
static json_t *made_of_damage(const char *fmt, const json_error_t *error)
{
	enum json_error_code code = json_error_code(error);

	if (code != json_error_null_value && code != json_error_invalid_utf8)
		abort();
	return *fmt == '[' ? json_array() : json_object();
}

json_t *json_make(const char *fmt, ...)
{
	json_error_t error;
	va_list ap;
	json_t *value;

	va_start(ap, fmt);
	value = json_vpack_ex(&error, 0, fmt, ap);
	va_end(ap);
	return value ? value : made_of_damage(fmt, &error);
}
