/* cbor.h - CBOR (RFC 8949), of which there is what JSON has: integers of 64 bits, doubles, texts,
 * arrays, maps, true, false and null, each with its length before it. What programs of one machine
 * tell each other is written and read so in a fraction of the time that text takes. */
#pragma once
#include "base/buf.h"

#include <stdint.h>

enum cbor_kind {
	CBOR_INTEGER,
	CBOR_REAL,
	CBOR_TEXT,
	CBOR_ARRAY, /* so many items follow */
	CBOR_MAP,   /* so many pairs follow: a name, which is a text, and its value */
	CBOR_FALSE,
	CBOR_TRUE,
	CBOR_NULL,
};

void cbor_integer(struct buf *out, int64_t value);
void cbor_real(struct buf *out, double value);
void cbor_text(struct buf *out, const char *s, size_t len);
/* An array's or a map's length, or false, true or null. */
void cbor_begin(struct buf *out, enum cbor_kind kind, size_t n);

struct cbor {
	enum cbor_kind kind;
	int64_t integer;
	double real;
	const char *text; /* of `n` bytes, in what is read; not checked to be UTF-8 */
	size_t n;         /* also of an array, of a map */
};
struct cbor_in {
	const char *at, *end;
};
/* The next item. ERR_INVALID where there is none, or one of another kind. An `n` is never more
 * than the bytes that are left, so it may be trusted as a size. */
MUST_CHECK enum err cbor_next(struct cbor_in *in, struct cbor *out);
/* The name of a pair, or any other text. */
MUST_CHECK enum err cbor_next_text(struct cbor_in *in, struct cbor *out);
