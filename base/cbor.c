#include "base/cbor.h"

#include <string.h>

/* The first byte (RFC 8949 section 3): a major type, and a number or where to find it. */
enum major { UNSIGNED, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };
#define TYPE(major, info) ((unsigned char)((major) << 5 | (info)))
#define ONE_BYTE 24 /* the number follows in 1 << (info - ONE_BYTE) bytes */
#define EIGHT_BYTES 27
#define IS_FALSE 20
#define IS_TRUE 21
#define IS_NULL 22
#define IS_DOUBLE EIGHT_BYTES

static void put(struct buf *out, unsigned major, unsigned info, uint64_t n, unsigned bytes)
{
	unsigned char head[9] = {TYPE(major, info)};

	for (unsigned i = bytes; i > 0; i--, n >>= 8)
		head[i] = (unsigned char)n;
	buf_add(out, head, 1 + bytes);
}

/* Uses the fewest bytes for the number. */
static void put_head(struct buf *out, unsigned major, uint64_t n)
{
	unsigned info = ONE_BYTE;

	if (n < ONE_BYTE) {
		put(out, major, (unsigned)n, 0, 0);
		return;
	}
	while (info < EIGHT_BYTES && n >> (8u << (info - ONE_BYTE)))
		info++;
	put(out, major, info, n, 1u << (info - ONE_BYTE));
}

void cbor_integer(struct buf *out, int64_t value)
{
	if (value < 0)
		put_head(out, NEGATIVE, ~(uint64_t)value); /* -1 - value */
	else
		put_head(out, UNSIGNED, (uint64_t)value);
}

void cbor_real(struct buf *out, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	put(out, SIMPLE, IS_DOUBLE, bits, sizeof(bits));
}

void cbor_text(struct buf *out, const char *s, size_t len)
{
	put_head(out, TEXT, len);
	buf_add(out, s, len);
}

void cbor_begin(struct buf *out, enum cbor_kind kind, size_t n)
{
	if (kind == CBOR_ARRAY || kind == CBOR_MAP)
		put_head(out, kind == CBOR_MAP ? MAP : ARRAY, n);
	else
		put_head(out, SIMPLE,
			kind == CBOR_TRUE    ? IS_TRUE
			: kind == CBOR_FALSE ? IS_FALSE
					     : IS_NULL);
}

static size_t left(const struct cbor_in *in)
{
	return (size_t)(in->end - in->at);
}

/* The number of an item's head, in its first byte or after it. */
static enum err take_number(struct cbor_in *in, unsigned info, uint64_t *out)
{
	unsigned bytes = info < ONE_BYTE ? 0 : 1u << (info - ONE_BYTE);

	*out = bytes ? 0 : info;
	ENSURE(info <= EIGHT_BYTES && left(in) >= bytes, ERR_INVALID,
		"CBOR with a number that is cut off");
	for (; bytes > 0; bytes--)
		*out = *out << 8 | (unsigned char)*in->at++;
	return OK;
}

static enum err take_integer(unsigned major, uint64_t n, struct cbor *out)
{
	ENSURE(n <= INT64_MAX, ERR_INVALID, "CBOR with a number over 64 bits");
	*out = (struct cbor){
		CBOR_INTEGER, .integer = major == NEGATIVE ? -1 - (int64_t)n : (int64_t)n};
	return OK;
}

static enum err take_simple(unsigned info, uint64_t n, struct cbor *out)
{
	*out = (struct cbor){CBOR_NULL};
	if (info == IS_DOUBLE) {
		out->kind = CBOR_REAL;
		memcpy(&out->real, &n, sizeof(n));
		return OK;
	}
	ENSURE(info == IS_FALSE || info == IS_TRUE || info == IS_NULL, ERR_INVALID,
		"CBOR with a value that JSON does not have");
	if (info != IS_NULL)
		out->kind = info == IS_TRUE ? CBOR_TRUE : CBOR_FALSE;
	return OK;
}

/* Each item takes at least a byte and each pair two, which limits their number. */
static enum err take_many(struct cbor_in *in, unsigned major, uint64_t n, struct cbor *out)
{
	ENSURE(n <= left(in) / (major == MAP ? 2 : 1), ERR_INVALID, "CBOR that is cut off");
	*out = (struct cbor){major == TEXT  ? CBOR_TEXT
			     : major == MAP ? CBOR_MAP
					    : CBOR_ARRAY,
		.text = in->at, .n = (size_t)n};
	if (major == TEXT)
		in->at += n;
	return OK;
}

enum err cbor_next(struct cbor_in *in, struct cbor *out)
{
	unsigned first, major, info;
	uint64_t n;

	ENSURE(left(in) > 0, ERR_INVALID, "CBOR that is cut off");
	first = (unsigned char)*in->at++;
	major = first >> 5;
	info = first & 31;
	TRY(take_number(in, info, &n));
	switch (major) {
	case UNSIGNED:
	case NEGATIVE:
		return take_integer(major, n, out);
	case TEXT:
	case ARRAY:
	case MAP:
		return take_many(in, major, n, out);
	case SIMPLE:
		return take_simple(info, n, out);
	default:
		return fail(ERR_INVALID, "CBOR with bytes or a tag, which JSON does not have");
	}
}

enum err cbor_next_text(struct cbor_in *in, struct cbor *out)
{
	TRY(cbor_next(in, out));
	ENSURE(out->kind == CBOR_TEXT, ERR_INVALID, "CBOR with a name that is no text");
	return OK;
}
