/* cbor.h - the part of CBOR (RFC 8949) that JSON needs: 64-bit integers, doubles, texts, arrays,
 * maps, true, false and null, all of definite length. Programs on one machine exchange values in
 * it, because it takes a fraction of the time of JSON text. */
#pragma once
#include "base/buf.h"

#include <stdint.h>

enum cbor_kind {
	CBOR_INTEGER,
	CBOR_REAL,
	CBOR_TEXT,
	CBOR_ARRAY, /* `n` items follow */
	CBOR_MAP,   /* `n` pairs follow: a name, which is a text, and its value */
	CBOR_FALSE,
	CBOR_TRUE,
	CBOR_NULL,
};

void cbor_integer(struct buf *out, int64_t value);
void cbor_real(struct buf *out, double value);
void cbor_text(struct buf *out, const char *s, size_t len);
/* Writes the head of an array or map of `n`, or false, true or null. */
void cbor_begin(struct buf *out, enum cbor_kind kind, size_t n);

struct cbor {
	enum cbor_kind kind;
	int64_t integer;
	double real;
	const char *text; /* `n` bytes, inside the input; not checked to be UTF-8 */
	size_t n;         /* also the length of an array or map */
};
struct cbor_in {
	const char *at, *end;
};
/* Reads the next item. ERR_INVALID if there is none or its kind is not supported. `n` never exceeds
 * the number of bytes left, so it is safe to use as a size. */
MUST_CHECK enum err cbor_next(struct cbor_in *in, struct cbor *out);
/* Reads the name of a pair, or any other text. */
MUST_CHECK enum err cbor_next_text(struct cbor_in *in, struct cbor *out);
