#include "base/json_parse.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

struct in {
	const char *at, *end;
	int depth;
	struct buf plain; /* a text whose escapes are resolved */
};

static json_t *read_value(struct in *in);

static void skip_space(struct in *in)
{
	while (in->at < in->end &&
		(*in->at == ' ' || *in->at == '\n' || *in->at == '\t' || *in->at == '\r'))
		in->at++;
}

static bool skip(struct in *in, char c)
{
	skip_space(in);
	if (in->at == in->end || *in->at != c)
		return false;
	in->at++;
	return true;
}

/* --- texts --- */

static bool read_hex(struct in *in, unsigned *out)
{
	*out = 0;
	if (in->end - in->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdefABCDEF";
		char c = *in->at++;
		const char *digit = c ? strchr(digits, c) : NULL;

		if (!digit)
			return false;
		*out = *out << 4 |
		       (unsigned)(digit - digits > 15 ? digit - digits - 6 : digit - digits);
	}
	return true;
}

/* Reads one code point after "\u"; those above U+FFFF are written as two surrogates. */
static bool read_code_point(struct in *in, unsigned *out)
{
	unsigned low;

	if (!read_hex(in, out))
		return false;
	if (*out < 0xd800 || *out > 0xdfff)
		return true;
	if (*out > 0xdbff || in->end - in->at < 2 || in->at[0] != '\\' || in->at[1] != 'u')
		return false;
	in->at += 2;
	if (!read_hex(in, &low) || low < 0xdc00 || low > 0xdfff)
		return false;
	*out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
	return true;
}

static void put_utf8(struct buf *out, unsigned c)
{
	if (c < 0x80) {
		buf_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_putc(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_putc(out, (char)(0xe0 | c >> 12));
		} else {
			buf_putc(out, (char)(0xf0 | c >> 18));
			buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* Behind a backslash. */
static bool read_escape(struct in *in)
{
	static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	const char *name;
	unsigned code;
	char c;

	if (in->at == in->end)
		return false;
	c = *in->at++;
	if (c == 'u') {
		if (!read_code_point(in, &code))
			return false;
		put_utf8(&in->plain, code);
		return true;
	}
	name = c ? strchr(names, c) : NULL;
	if (!name)
		return false;
	buf_putc(&in->plain, meant[name - names]);
	return true;
}

/* The end of a run of characters that need no unescaping. */
static const char *run_end(const struct in *in)
{
	const char *p = in->at;

	while (p < in->end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
		p++;
	return p;
}

/* Behind the first quote, past the last. Without escapes, the text is where it stands. */
static bool read_text(struct in *in, const char **s, size_t *len)
{
	const char *p = run_end(in);

	*s = in->at;
	*len = (size_t)(p - in->at);
	buf_clear(&in->plain);
	while (p < in->end && *p == '\\') {
		buf_add(&in->plain, in->at, (size_t)(p - in->at));
		in->at = p + 1;
		if (!read_escape(in))
			return false;
		p = run_end(in);
	}
	if (p == in->end || *p != '"')
		return false;
	if (in->at != *s) {
		buf_add(&in->plain, in->at, (size_t)(p - in->at));
		*s = in->plain.data;
		*len = in->plain.len;
	}
	in->at = p + 1;
	return true;
}

/* --- values --- */

#define DIGITS 18 /* of an integer that surely fits into 64 bits */

/* Long ones and reals are for jansson to read. */
static json_t *read_number(struct in *in)
{
	const char *from = in->at, *digits = from + (*from == '-'), *p = digits;
	json_int_t n = 0;

	while (p < in->end && *p >= '0' && *p <= '9' && p - digits < DIGITS)
		n = n * 10 + (*p++ - '0');
	if (p < in->end && *p && strchr("0123456789.eE+-", *p)) {
		while (p < in->end && *p && strchr("0123456789.eE+-", *p))
			p++;
		in->at = p;
		return json_loadb(from, (size_t)(p - from), JSON_DECODE_ANY, NULL);
	}
	if (p == digits || (*digits == '0' && p - digits > 1))
		return NULL;
	in->at = p;
	return json_integer(*from == '-' ? -n : n);
}

static json_t *read_word(struct in *in, const char *word, json_t *value)
{
	size_t len = strlen(word);

	if ((size_t)(in->end - in->at) < len || memcmp(in->at, word, len) != 0)
		return NULL;
	in->at += len;
	return value;
}

static bool read_member(struct in *in, json_t *object)
{
	size_t len, n = json_object_size(object);
	AUTOFREE char *copy = NULL;
	const char *name;
	json_t *value;

	if (!skip(in, '"') || !read_text(in, &name, &len) || memchr(name, '\0', len))
		return false;
	if (name == in->plain.data)
		name = copy = mem_bytes(name, len); /* the value may have escapes, too */
	if (!skip(in, ':'))
		return false;
	value = read_value(in);
	return value && json_object_setn_new_nocheck(object, name, len, value) == 0 &&
	       json_object_size(object) == n + 1;
}

static bool read_members(struct in *in, json_t *object)
{
	if (skip(in, '}'))
		return true;
	do {
		if (!read_member(in, object))
			return false;
	} while (skip(in, ','));
	return skip(in, '}');
}

static bool read_items(struct in *in, json_t *array)
{
	if (skip(in, ']'))
		return true;
	do {
		json_t *value = read_value(in);

		if (!value || json_array_append_new(array, value) != 0)
			return false;
	} while (skip(in, ','));
	return skip(in, ']');
}

static json_t *read_container(struct in *in)
{
	json_auto_t *value = *in->at == '{' ? json_object() : json_array();
	bool read;

	if (in->depth == JSON_DEPTH)
		return NULL;
	in->at++;
	in->depth++;
	read = json_is_object(value) ? read_members(in, value) : read_items(in, value);
	in->depth--;
	return read ? TAKE(value) : NULL;
}

static json_t *read_value(struct in *in)
{
	const char *s;
	size_t len;

	skip_space(in);
	if (in->at == in->end)
		return NULL;
	switch (*in->at) {
	case '{':
	case '[':
		return read_container(in);
	case '"':
		in->at++;
		return read_text(in, &s, &len) ? json_stringn_nocheck(s, len) : NULL;
	case 't':
		return read_word(in, "true", json_true());
	case 'f':
		return read_word(in, "false", json_false());
	case 'n':
		return read_word(in, "null", json_null());
	default:
		return read_number(in);
	}
}

json_t *json_parse(const char *text, size_t len)
{
	struct in in = {.at = text, .end = text + len, .plain = BUF(len + 1)};
	json_t *value;

	if (!text_is_utf8(text, len))
		return NULL;
	value = read_value(&in);
	skip_space(&in);
	if (in.at != in.end) {
		json_decref(value);
		value = NULL;
	}
	buf_done(&in.plain);
	return value;
}
