/* crypto.h - the only door to libsodium: signatures, sealed boxes, randomness,
 * and the text encodings that signatures travel in. */
#pragma once
#include "base/buf.h"

#define ED25519_PUBLIC 32
#define ED25519_SEED 32
#define ED25519_SIG 64
#define SEAL_PUBLIC 32
#define SEAL_SECRET 32

/* Call once, before any other function here; aborts where libsodium cannot run. */
void crypto_init(void);
void crypto_random(void *out, size_t len);
void crypto_wipe(void *data, size_t len);

/* Ed25519 (RFC 8032). The seed is the whole private key. */
struct ed25519 {
	uint8_t public[ED25519_PUBLIC];
	uint8_t secret[64]; /* libsodium's form: seed || public */
};
void ed25519_from_seed(const uint8_t seed[ED25519_SEED], struct ed25519 *out);
void ed25519_sign(const struct ed25519 *key, const void *msg, size_t len, uint8_t out[ED25519_SIG]);
bool ed25519_verify(const uint8_t public[ED25519_PUBLIC], const void *msg, size_t len,
	const uint8_t sig[ED25519_SIG]);

/* Anonymous public-key encryption: the holder of `public` can write, the holder of `secret` can
 * read. */
void seal_keypair(uint8_t public[SEAL_PUBLIC], uint8_t secret[SEAL_SECRET]);
void seal(const uint8_t public[SEAL_PUBLIC], const char *text, struct buf *out);
MUST_CHECK enum err unseal(const uint8_t public[SEAL_PUBLIC], const uint8_t secret[SEAL_SECRET],
	const void *box, size_t len, struct buf *out);

/* Memory for secrets: locked out of swap and core dumps, between guard pages, wiped when
 * freed (libsodium's sodium_malloc). Zeroed. */
void *secret_new(size_t size);
void secret_free(void *p);

/* A short secret text under a passphrase: Argon2id (RFC 9106) and XSalsa20-Poly1305, as one line
 * "gaya-sealed-1 <ops> <mem> <salt> <nonce and box>". ERR_DENIED for a wrong passphrase. The
 * derived key is kept until passphrase_forget() and reused, with its salt, for further lines under
 * the same passphrase: an attacker who guesses the passphrase of one line has guessed it for all.
 * One thread. */
void passphrase_seal(const struct buf *passphrase, const char *text, struct buf *out);
MUST_CHECK enum err passphrase_unseal(
	const struct buf *passphrase, const char *sealed, struct buf *out);
bool passphrase_is_sealed(const char *text);
void passphrase_forget(void);

/* The stored form of a password: Argon2id (RFC 9106) with PASSWORD_MEMORY, five passes and a random
 * salt, as libsodium's text. Takes some hundredths of a second and that much memory, so callers
 * must bound how many run at once. ERR_SYSTEM if memory runs out. Any thread. */
#define PASSWORD_MEMORY (7 * MIB)
#define PASSWORD_HASH 128 /* bytes with the NUL */
MUST_CHECK enum err password_hash(const char *password, char out[PASSWORD_HASH]);
/* `*matches`: whether the hash is of this password; `*old`: whether password_hash() now uses other
 * parameters. */
MUST_CHECK enum err password_verify(
	const char *hash, const char *password, bool *matches, bool *old);

/* Compares two byte strings in constant time. */
bool crypto_equal(const void *a, const void *b, size_t len);
/* HMAC-SHA-256 (RFC 2104). */
#define HMAC 32
void crypto_hmac(const uint8_t key[HMAC], const void *data, size_t len, uint8_t out[HMAC]);

/* SipHash-2-4 under a random key: for tables that count things without storing them. */
uint64_t keyed_hash(const uint8_t key[16], const void *data, size_t len);
/* The same with 128 bits: without the key nobody can find two inputs with the same hash. */
void keyed_hash_long(const uint8_t key[16], const void *data, size_t len, uint8_t out[16]);

/* Lower-case hexadecimal; the decoder takes lower case only, of exactly `len` bytes. */
void hex_add(struct buf *out, const void *data, size_t len);
void hex_text(const void *data, size_t len, char *out /* 2 * len + 1 */);
MUST_CHECK enum err hex_parse(const char *text, void *out, size_t len);

/* base64, RFC 4648 section 4, padded, strict: no white space, no trailing bits. */
void base64_add(struct buf *out, const void *data, size_t len);
MUST_CHECK enum err base64_parse(const char *text, size_t text_len, struct buf *out);
/* The same with "-" and "_", without padding (section 5), as WebAuthn uses it. */
void base64url_add(struct buf *out, const void *data, size_t len);
MUST_CHECK enum err base64url_parse(const char *text, size_t text_len, struct buf *out);
