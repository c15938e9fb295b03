/* json.h - JSON from outside comes in here, within limits, and goes out canonical.
 *
 * jansson is the tree's value type and is included wherever values are used; parsing and
 * printing are only here. Strings are well-formed UTF-8, put into normal form C, without control
 * and bidirectional characters ("\n" and "\t" apart); keys are printable ASCII without
 * duplicates; numbers are integers, unless RULES_LOOSE. */
#pragma once
#include "base/buf.h"

#include <jansson.h>

enum json_rules {
	RULES_STRICT, /* all of the above: of what is ours, and what a log holds already */
	RULES_GIVEN,  /* also stream-safe (text.h), looked at before anything is put into normal
	               * form:  of what comes in from outside */
	RULES_EXACT,  /* also in normal form C as it comes: of what is kept, or was signed, as it
	               * is */
	RULES_LOOSE   /* foreign data: reals allowed, any key, any character, no normal form */
};
#define JSON_DEPTH 32

/* ERR_INVALID with line, column and rule; ERR_TOO_LARGE over `max` bytes. */
MUST_CHECK enum err json_read(
	const char *text, size_t len, size_t max, enum json_rules rules, json_t **out);
/* The same of CBOR that json_cbor() wrote, for ourselves: all of `bytes`. */
MUST_CHECK enum err json_read_cbor(
	const char *bytes, size_t len, enum json_rules rules, json_t **out);
/* Of a value that came in by RULES_LOOSE: are its texts, names included, stream-safe? ERR_INVALID
 * naming the place of the first that is not. */
MUST_CHECK enum err json_stream_safe(const json_t *value);
/* Puts every text in it into normal form C. */
void json_settle(json_t *value);
/* Sorted keys, no white space: the same value always gives the same bytes (strict values). */
void json_canonical(const json_t *value, struct buf *out);
/* The same with indentation and a final newline, for people. */
void json_pretty(const json_t *value, struct buf *out);
/* The same in CBOR (cbor.h), for programs of our own. */
void json_cbor(const json_t *value, struct buf *out);

/* Shorthands for values that are known to be objects. NULL or 0 where there is none. */
const char *json_str(const json_t *object, const char *key);
int64_t json_num(const json_t *object, const char *key);
/* Sets (and takes over) a value; aborts out of memory. */
void json_put(json_t *object, const char *key, json_t *value);
void json_push(json_t *array, json_t *value);
json_t *json_text(const char *s); /* NULL gives null */
/* For building views: json_pack() that aborts where it cannot. */
json_t *json_make(const char *fmt, ...);
