#include "base/json.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

/* jansson's own limit of depth is 2048 calls; ours is checked before it starts. */
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

static enum err check_string(json_t *value)
{
	const char *s = json_string_value(value), *bad;
	AUTOFREE char *nfc = NULL;

	ENSURE(strlen(s) == json_string_length(value), ERR_INVALID, "a text holds U+0000");
	bad = text_forbidden(s, true);
	ENSURE(!bad, ERR_INVALID, "the text \"%.60s\" holds the character %s, which is not allowed",
		s, bad);
	nfc = text_nfc(s);
	if (strcmp(nfc, s) != 0)
		json_string_set_nocheck(value, nfc);
	return OK;
}

static enum err check_value(json_t *value)
{
	const char *key;
	json_t *item;
	size_t i;

	if (json_is_object(value)) {
		json_object_foreach(value, key, item)
		{
			TRY(check_key(key));
			TRY(check_value(item));
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, item) TRY(check_value(item));
	} else if (json_is_string(value)) {
		TRY(check_string(value));
	} else {
		ENSURE(!json_is_real(value), ERR_INVALID, "numbers must be integers");
	}
	return OK;
}

enum err json_read(const char *text, size_t len, size_t max, enum json_rules rules, json_t **out)
{
	size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_error_t error;
	json_t *value;
	enum err e;

	ENSURE(len <= max, ERR_TOO_LARGE, "JSON of %zu bytes; the limit is %zu", len, max);
	ENSURE(!too_deep(text, len), ERR_INVALID, "JSON nested deeper than %d levels", JSON_DEPTH);
	value = json_loadb(text, len, flags, &error);
	ENSURE(value, ERR_INVALID, "not JSON at line %d, column %d: %s", error.line, error.column,
		error.text);
	e = rules == RULES_STRICT ? check_value(value) : OK;
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
	json_dump_callback(value, add_to_buf, out,
		JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
}

void json_pretty(const json_t *value, struct buf *out)
{
	json_dump_callback(value, add_to_buf, out, JSON_SORT_KEYS | JSON_INDENT(2) | JSON_ENCODE_ANY);
	buf_putc(out, '\n');
}

const char *json_str(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

int64_t json_num(const json_t *object, const char *key)
{
	return json_integer_value(json_object_get(object, key));
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
	json_t *value = s ? json_string(s) : json_null();

	if (!value)
		abort();
	return value;
}

json_t *json_make(const char *fmt, ...)
{
	va_list ap;
	json_t *value;

	va_start(ap, fmt);
	value = json_vpack_ex(NULL, 0, fmt, ap);
	va_end(ap);
	if (!value)
		abort();
	return value;
}
