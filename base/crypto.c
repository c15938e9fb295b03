#include "base/crypto.h"

#include "base/sha256.h"

#include <errno.h>
#include <nettle/base64.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void crypto_init(void)
{
	if (sodium_init() < 0)
		abort();
}

void crypto_random(void *out, size_t len)
{
	randombytes_buf(out, len);
}

void crypto_wipe(void *data, size_t len)
{
	sodium_memzero(data, len);
}

void ed25519_from_seed(const uint8_t seed[ED25519_SEED], struct ed25519 *out)
{
	crypto_sign_seed_keypair(out->public, out->secret, seed);
}

void ed25519_sign(const struct ed25519 *key, const void *msg, size_t len, uint8_t out[ED25519_SIG])
{
	crypto_sign_detached(out, NULL, msg, len, key->secret);
}

bool ed25519_verify(const uint8_t public[ED25519_PUBLIC], const void *msg, size_t len,
	const uint8_t sig[ED25519_SIG])
{
	return crypto_sign_verify_detached(sig, msg, len, public) == 0;
}

void seal_keypair(uint8_t public[SEAL_PUBLIC], uint8_t secret[SEAL_SECRET])
{
	crypto_box_keypair(public, secret);
}

void seal(const uint8_t public[SEAL_PUBLIC], const char *text, struct buf *out)
{
	size_t len = strlen(text), box_len = len + crypto_box_SEALBYTES;
	AUTOFREE uint8_t *box = mem_new(box_len);

	if (crypto_box_seal(box, (const uint8_t *)text, len, public) != 0)
		abort();
	buf_add(out, box, box_len);
}

enum err unseal(const uint8_t public[SEAL_PUBLIC], const uint8_t secret[SEAL_SECRET],
	const void *box, size_t len, struct buf *out)
{
	AUTOFREE uint8_t *plain = mem_new(len);

	ENSURE(len >= crypto_box_SEALBYTES &&
			crypto_box_seal_open(plain, box, len, public, secret) == 0,
		ERR_CORRUPT, "a sealed box was not made for this key");
	buf_add(out, plain, len - crypto_box_SEALBYTES);
	return OK;
}

void *secret_new(size_t size)
{
	void *p = sodium_malloc(size);

	if (!p)
		abort();
	memset(p, 0, size);
	return p;
}

void secret_free(void *p)
{
	sodium_free(p);
}

#define SEALED "gaya-sealed-1"
/* libsodium's "moderate": about 0.7 s and 256 MiB, once at each start of the signer and once per
 * command. */
#define SEAL_OPS crypto_pwhash_OPSLIMIT_MODERATE
#define SEAL_MEM crypto_pwhash_MEMLIMIT_MODERATE

/* Keys derived from passphrases, so that a file of two lines, or a command that opens a key and
 * makes another, derives each only once. There are two, for a change of the passphrase. */
struct derived {
	uint8_t salt[crypto_pwhash_SALTBYTES];
	unsigned long long ops;
	size_t mem;
	struct sha256 passphrase;
	uint8_t key[crypto_secretbox_KEYBYTES];
};
#define DERIVED 2
static struct derived *derived; /* from secret_new(); the latest first */

static const struct derived *derive(
	const struct buf *passphrase, const uint8_t *salt, unsigned long long ops, size_t mem)
{
	struct derived d = {
		.ops = ops, .mem = mem, .passphrase = sha256_of(passphrase->data, passphrase->len)};

	memcpy(d.salt, salt, sizeof(d.salt));
	if (crypto_pwhash(d.key, sizeof(d.key), buf_text(passphrase), passphrase->len, salt, ops,
		    mem, crypto_pwhash_ALG_ARGON2ID13) != 0)
		abort(); /* no memory for it */
	if (!derived)
		derived = secret_new(DERIVED * sizeof(*derived));
	derived[1] = derived[0];
	derived[0] = d;
	sodium_memzero(&d, sizeof(d));
	return &derived[0];
}

/* `salt` NULL matches any. */
static const struct derived *find_derived(
	const struct buf *passphrase, const uint8_t *salt, unsigned long long ops, size_t mem)
{
	struct sha256 sum = sha256_of(passphrase->data, passphrase->len);

	for (size_t i = 0; derived && i < DERIVED; i++) {
		const struct derived *d = &derived[i];

		if (d->ops == ops && d->mem == mem &&
			sodium_memcmp(&d->passphrase, &sum, sizeof(sum)) == 0 &&
			(!salt || memcmp(d->salt, salt, sizeof(d->salt)) == 0))
			return d;
	}
	return NULL;
}

void passphrase_forget(void)
{
	if (derived)
		secret_free(TAKE(derived));
}

void passphrase_seal(const struct buf *passphrase, const char *text, struct buf *out)
{
	size_t len = strlen(text),
	       box_len = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + len;
	uint8_t salt[crypto_pwhash_SALTBYTES];
	const struct derived *d = find_derived(passphrase, NULL, SEAL_OPS, SEAL_MEM);
	AUTOFREE uint8_t *box = mem_new(box_len);

	if (!d) {
		randombytes_buf(salt, sizeof(salt));
		d = derive(passphrase, salt, SEAL_OPS, SEAL_MEM);
	}
	randombytes_buf(box, crypto_secretbox_NONCEBYTES); /* 24 bytes: random ones never repeat */
	crypto_secretbox_easy(
		box + crypto_secretbox_NONCEBYTES, (const uint8_t *)text, len, box, d->key);
	buf_printf(out, SEALED " %llu %llu ", (unsigned long long)SEAL_OPS,
		(unsigned long long)SEAL_MEM);
	base64_add(out, d->salt, sizeof(d->salt));
	buf_putc(out, ' ');
	base64_add(out, box, box_len);
}

bool passphrase_is_sealed(const char *text)
{
	return strncmp(text, SEALED " ", strlen(SEALED) + 1) == 0;
}

static enum err open_box(const struct buf *box, const uint8_t *key, struct buf *out)
{
	const uint8_t *bytes = (const uint8_t *)buf_text(box);
	size_t len = box->len - crypto_secretbox_NONCEBYTES;
	AUTOFREE uint8_t *plain = mem_new(len);

	ENSURE(crypto_secretbox_open_easy(
		       plain, bytes + crypto_secretbox_NONCEBYTES, len, bytes, key) == 0,
		ERR_DENIED, "the passphrase is not the one that this key was sealed with");
	buf_add(out, plain, len - crypto_secretbox_MACBYTES);
	sodium_memzero(plain, len);
	return OK;
}

enum err passphrase_unseal(const struct buf *passphrase, const char *sealed, struct buf *out)
{
	unsigned long long ops, mem;
	char salt_text[64], box_text[2048];
	AUTO(buf) salt = BUF(64), box = BUF(2048);
	const struct derived *d;

	ENSURE(sscanf(sealed, SEALED " %llu %llu %63s %2047s", &ops, &mem, salt_text, box_text) ==
				4 &&
			ops >= 1 && ops <= 64 && mem >= 8 * KIB && mem <= 2 * KIB * MIB,
		ERR_CORRUPT, "the sealed key is damaged");
	TRY(base64_parse(salt_text, strlen(salt_text), &salt));
	TRY(base64_parse(box_text, strlen(box_text), &box));
	ENSURE(salt.len == crypto_pwhash_SALTBYTES &&
			box.len > crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES,
		ERR_CORRUPT, "the sealed key is damaged");
	d = find_derived(passphrase, (const uint8_t *)salt.data, ops, mem);
	if (!d)
		d = derive(passphrase, (const uint8_t *)salt.data, ops, mem);
	return open_box(&box, d->key, out);
}

/* OWASP's Password Storage Cheat Sheet names five settings of the same strength, from 46 MiB and 1
 * pass to 7 MiB and 5. The last one stays in a processor's cache: it takes little more than half of
 * the time of 19 MiB and 2 passes, and leaves the memory's bandwidth to those who read. */
#define PASSWORD_OPS 5

enum err password_hash(const char *password, char out[PASSWORD_HASH])
{
	_Static_assert(PASSWORD_HASH == crypto_pwhash_STRBYTES, "libsodium's text");
	ENSURE(crypto_pwhash_str_alg(out, password, strlen(password), PASSWORD_OPS, PASSWORD_MEMORY,
		       crypto_pwhash_ALG_ARGON2ID13) == 0,
		ERR_SYSTEM, "there is no memory for the hash of a password");
	return OK;
}

enum err password_verify(const char *hash, const char *password, bool *matches, bool *old)
{
	int rc;

	errno = 0;
	rc = crypto_pwhash_str_verify(hash, password, strlen(password));
	ENSURE(rc == 0 || errno != ENOMEM, ERR_SYSTEM,
		"there is no memory for the hash of a password");
	*matches = rc == 0;
	*old = crypto_pwhash_str_needs_rehash(hash, PASSWORD_OPS, PASSWORD_MEMORY) != 0;
	return OK;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	return sodium_memcmp(a, b, len) == 0;
}

void crypto_hmac(const uint8_t key[HMAC], const void *data, size_t len, uint8_t out[HMAC])
{
	_Static_assert(
		HMAC == crypto_auth_hmacsha256_BYTES && HMAC == crypto_auth_hmacsha256_KEYBYTES,
		"HMAC-SHA-256");
	crypto_auth_hmacsha256(out, data, len, key);
}

uint64_t keyed_hash(const uint8_t key[16], const void *data, size_t len)
{
	uint64_t out;

	_Static_assert(sizeof(out) == crypto_shorthash_BYTES, "SipHash gives 64 bits");
	crypto_shorthash((uint8_t *)&out, data, len, key);
	return out;
}

void keyed_hash_long(const uint8_t key[16], const void *data, size_t len, uint8_t out[16])
{
	_Static_assert(crypto_shorthash_siphashx24_BYTES == 16, "SipHash-128");
	crypto_shorthash_siphashx24(out, data, len, key);
}

void hex_text(const void *data, size_t len, char *out)
{
	sodium_bin2hex(out, 2 * len + 1, data, len);
}

void hex_add(struct buf *out, const void *data, size_t len)
{
	AUTOFREE char *text = mem_new(2 * len + 1);

	hex_text(data, len, text);
	buf_puts(out, text);
}

enum err hex_parse(const char *text, void *out, size_t len)
{
	size_t got;

	ENSURE(strlen(text) == 2 * len && strspn(text, "0123456789abcdef") == 2 * len, ERR_INVALID,
		"expected %zu lower-case hexadecimal digits", 2 * len);
	ENSURE(sodium_hex2bin(out, len, text, 2 * len, NULL, &got, NULL) == 0 && got == len,
		ERR_INVALID, "not hexadecimal");
	return OK;
}

void base64_add(struct buf *out, const void *data, size_t len)
{
	/* nettle's encoder uses a table; libsodium's takes constant time, which is several times
	 * slower. */
	char text[BASE64_ENCODE_RAW_LENGTH(192)];
	const uint8_t *bytes = data;

	while (len) {
		size_t n = len < 192 ? len : 192; /* in threes of bytes, to pad only the end */

		base64_encode_raw(text, n, bytes);
		buf_add(out, text, BASE64_ENCODE_RAW_LENGTH(n));
		bytes += n;
		len -= n;
	}
}

static enum err parse_base64(const char *text, size_t text_len, int variant, struct buf *out)
{
	size_t room = text_len / 4 * 3 + 3, got = 0;
	AUTOFREE uint8_t *bytes = mem_new(room);
	const char *end = NULL;

	/* libsodium 1.0.18 reads every byte above ASCII as "/". */
	for (size_t i = 0; i < text_len; i++)
		ENSURE((uint8_t)text[i] < 0x80, ERR_INVALID, "not base64: a byte is not ASCII");
	ENSURE(sodium_base642bin(bytes, room, text, text_len, NULL, &got, &end, variant) == 0 &&
			end == text + text_len,
		ERR_INVALID, "not base64 (RFC 4648 section 4, padded)");
	buf_add(out, bytes, got);
	return OK;
}

enum err base64_parse(const char *text, size_t text_len, struct buf *out)
{
	return parse_base64(text, text_len, sodium_base64_VARIANT_ORIGINAL, out);
}

void base64url_add(struct buf *out, const void *data, size_t len)
{
	size_t room = sodium_base64_encoded_len(len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	AUTOFREE char *text = mem_new(room);

	sodium_bin2base64(text, room, data, len, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	buf_puts(out, text);
}

enum err base64url_parse(const char *text, size_t text_len, struct buf *out)
{
	return parse_base64(text, text_len, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}
