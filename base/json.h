/* json.h - parses JSON from outside within limits, and prints it in canonical form.
 *
 * jansson is the tree's value type and is included wherever values are used; only this module
 * parses and prints. Strings are well-formed UTF-8, put into normal form C, without control and
 * bidirectional characters ("\n" and "\t" apart); keys are printable ASCII without duplicates;
 * numbers are integers, unless RULES_LOOSE. */
#pragma once
#include "base/buf.h"

#include <jansson.h>

enum json_rules {
	RULES_STRICT, /* all of the above: for our own data and for entries already in a log */
	RULES_GIVEN,  /* also stream-safe (text.h), checked before normalisation, and without
	                 invisible  characters that no script needs: for input from outside */
	RULES_EXACT, /* also already in normal form C: for bytes that are kept or signed as they are
	              */
	RULES_LOOSE  /* foreign data: reals allowed, any key, any character, no normal form */
};
#define JSON_DEPTH 32

/* ERR_INVALID with line, column and rule; ERR_TOO_LARGE over `max` bytes. */
MUST_CHECK enum err json_read(
	const char *text, size_t len, size_t max, enum json_rules rules, json_t **out);
/* The same for CBOR that json_cbor() wrote; all of `bytes` must be used. */
MUST_CHECK enum err json_read_cbor(
	const char *bytes, size_t len, enum json_rules rules, json_t **out);
/* Checks that all texts and names of a value read with RULES_LOOSE are stream-safe. ERR_INVALID
 * naming the place of the first that is not. */
MUST_CHECK enum err json_stream_safe(const json_t *value);
/* Puts every text of the value into normal form C. */
void json_settle(json_t *value);
/* Sorted keys, no white space: the same value always gives the same bytes (strict values). */
void json_canonical(const json_t *value, struct buf *out);
/* The same, indented and with a final newline, for people. */
void json_pretty(const json_t *value, struct buf *out);
/* The same in CBOR (cbor.h), for programs of our own. */
void json_cbor(const json_t *value, struct buf *out);

/* Shorthands for values that are known to be objects. NULL or 0 if the key is missing. */
const char *json_str(const json_t *object, const char *key);
int64_t json_num(const json_t *object, const char *key);
/* True if an item of the array is this text; false for a NULL array. */
bool json_has_text(const json_t *array, const char *text);
/* The first item of an array of objects that has this text under `key`; NULL if there is none. */
json_t *json_find(const json_t *array, const char *key, const char *text);
/* Loops over the items of an array (json_each_at() also counts them) and over the members of an
 * object, which may be NULL. The loop declares its own variables. The body may not add or remove
 * members. A `for` declares variables of one type only, so there are two of them: a `break` skips
 * the step of the inner one, which makes the outer one end, too. */
#define json_each_at(array, i, item)                                                       \
	for (size_t i = 0, i##_next = 0; i == i##_next && i < json_array_size(array); i++) \
		for (json_t *item = json_array_get(array, i); item; item = NULL, i##_next++)
#define json_each(array, item) json_each_at (array, item##_i, item)
#define json_members(object, key, value)                                                          \
	for (const char *key = json_first(object), *key##_next = key; key;                        \
		key = key##_next == key ? NULL : key##_next)                                      \
		for (json_t *value = json_object_iter_value(json_object_key_to_iter(key)); value; \
			value = NULL, key##_next = json_after(object, key))
static inline const char *json_first(const json_t *object)
{
	return json_object_iter_key(json_object_iter((json_t *)object));
}
static inline const char *json_after(const json_t *object, const char *key)
{
	return json_object_iter_key(
		json_object_iter_next((json_t *)object, json_object_key_to_iter(key)));
}
/* Sets (and takes over) a value; aborts out of memory. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);
json_t *json_text(const char *s); /* null for NULL, and for what is not UTF-8 */
/* json_pack() that aborts out of memory, for building views. Gives an empty object or array if a
 * text is NULL or not UTF-8, as in a damaged database. */
json_t *json_make(const char *fmt, ...);
