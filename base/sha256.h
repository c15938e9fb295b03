/* sha256.h - the only door to nettle: SHA-256 (FIPS 180-4), with the processor's SHA instructions
 * where available. */
#pragma once
#include "base/err.h"

#include <stdio.h>

#define SHA256 32
struct sha256 {
	uint8_t bytes[SHA256];
};

struct sha256 sha256_of(const void *data, size_t len);
/* The hash of `prefix` followed by two byte strings, as for an RFC 6962 leaf or node. */
struct sha256 sha256_prefixed(
	uint8_t prefix, const void *a, size_t a_len, const void *b, size_t b_len);
/* The hash of a whole file, from its beginning. ERR_SYSTEM if it cannot be read. */
MUST_CHECK enum err sha256_of_file(FILE *file, struct sha256 *out);
bool sha256_equal(const struct sha256 *a, const struct sha256 *b);
/* Lower-case hexadecimal. */
#define SHA256_HEX (2 * SHA256 + 1)
void sha256_hex(const struct sha256 *hash, char out[SHA256_HEX]);
MUST_CHECK enum err sha256_from_hex(const char *text, struct sha256 *out);
