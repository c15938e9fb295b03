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
	RULES_GIVEN,  /* also stream-safe (text.h), checked before normalisation: for input from
	                 outside */
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
/* Sets (and takes over) a value; aborts out of memory. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);
json_t *json_text(const char *s); /* null for NULL, and for what is not UTF-8 */
/* json_pack() that aborts out of memory, for building views. Gives an empty object or array if a
 * text is NULL or not UTF-8, as in a damaged database. */
json_t *json_make(const char *fmt, ...);
