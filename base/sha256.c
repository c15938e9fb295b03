#include "base/sha256.h"

#include "base/crypto.h"

#include <nettle/sha2.h>
#include <string.h>

struct sha256 sha256_of(const void *data, size_t len)
{
	struct sha256_ctx ctx;
	struct sha256 out;

	sha256_init(&ctx);
	sha256_update(&ctx, len, data);
	sha256_digest(&ctx, SHA256, out.bytes);
	return out;
}

struct sha256 sha256_prefixed(
	uint8_t prefix, const void *a, size_t a_len, const void *b, size_t b_len)
{
	struct sha256_ctx ctx;
	struct sha256 out;

	sha256_init(&ctx);
	sha256_update(&ctx, 1, &prefix);
	sha256_update(&ctx, a_len, a);
	sha256_update(&ctx, b_len, b);
	sha256_digest(&ctx, SHA256, out.bytes);
	return out;
}

enum err sha256_of_file(FILE *file, struct sha256 *out)
{
	char chunk[64 * KIB];
	struct sha256_ctx ctx;
	size_t n;

	sha256_init(&ctx);
	rewind(file);
	while ((n = fread(chunk, 1, sizeof(chunk), file)) > 0)
		sha256_update(&ctx, n, (const uint8_t *)chunk);
	ENSURE(!ferror(file), ERR_SYSTEM, "a file cannot be read");
	sha256_digest(&ctx, SHA256, out->bytes);
	return OK;
}

bool sha256_equal(const struct sha256 *a, const struct sha256 *b)
{
	return memcmp(a->bytes, b->bytes, SHA256) == 0;
}

void sha256_hex(const struct sha256 *hash, char out[SHA256_HEX])
{
	hex_text(hash->bytes, SHA256, out);
}

enum err sha256_from_hex(const char *text, struct sha256 *out)
{
	return hex_parse(text, out->bytes, SHA256);
}
