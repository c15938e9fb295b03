#include "base/webauthn.h"

#include "base/json.h"
#include "base/sha256.h"

#include <dlfcn.h>
#include <fido.h>
#include <fido/eddsa.h>
#include <fido/es256.h>
#include <fido/rs256.h>
#include <pthread.h>
#include <string.h>

#define CLIENT_DATA (8 * KIB)
#define AUTHENTICATOR (16 * KIB)
#define SIGNATURE KIB

/* It pulls in OpenSSL, so only a server with passkeys loads it (like libcurl in fetch.c). */
#define LIBRARY "libfido2.so.1"
#define FUNCTIONS(F)                       \
	F(fido_init)                       \
	F(fido_cred_new)                   \
	F(fido_cred_free)                  \
	F(fido_cred_set_type)              \
	F(fido_cred_set_authdata_raw)      \
	F(fido_cred_id_ptr)                \
	F(fido_cred_id_len)                \
	F(fido_cred_pubkey_ptr)            \
	F(fido_cred_pubkey_len)            \
	F(fido_cred_sigcount)              \
	F(fido_assert_new)                 \
	F(fido_assert_free)                \
	F(fido_assert_set_count)           \
	F(fido_assert_set_rp)              \
	F(fido_assert_set_uv)              \
	F(fido_assert_set_up)              \
	F(fido_assert_set_clientdata_hash) \
	F(fido_assert_set_authdata_raw)    \
	F(fido_assert_set_sig)             \
	F(fido_assert_sigcount)            \
	F(fido_assert_verify)              \
	F(es256_pk_new)                    \
	F(es256_pk_free)                   \
	F(es256_pk_from_ptr)               \
	F(eddsa_pk_new)                    \
	F(eddsa_pk_free)                   \
	F(eddsa_pk_from_ptr)               \
	F(rs256_pk_new)                    \
	F(rs256_pk_free)                   \
	F(rs256_pk_from_ptr)
#define MEMBER(name) __typeof__(name) *name;
#define PLACE(name) {#name, (void **)&lib.name},
static struct {
	FUNCTIONS(MEMBER)
} lib;
static const struct {
	const char *name;
	void **at;
} functions[] = {FUNCTIONS(PLACE)};
static bool loaded;

static void load(void)
{
	void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; library && i < COUNT(functions); i++)
		if (!(*functions[i].at = dlsym(library, functions[i].name)))
			return;
	if (library)
		lib.fido_init(0);
	loaded = library;
}

enum err webauthn_ready(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	ENSURE(loaded, ERR_SYSTEM,
		"%s cannot be loaded, which checks passkeys: install Debian's package libfido2-1",
		LIBRARY);
	return OK;
}

/* --- client data: the browser's statement of the request --- */

static enum err check_client_data(const struct webauthn_site *site, const char *challenge,
	const char *type, struct webauthn_bytes bytes)
{
	json_auto_t *said = NULL;
	const char *of, *given, *origin;

	TRY(json_read(bytes.data, bytes.len, CLIENT_DATA, RULES_LOOSE, &said));
	of = json_is_object(said) ? json_str(said, "type") : NULL;
	given = json_is_object(said) ? json_str(said, "challenge") : NULL;
	origin = json_is_object(said) ? json_str(said, "origin") : NULL;
	ENSURE(of && strcmp(of, type) == 0, ERR_INVALID,
		"the passkey's answer is of another kind than was asked for");
	ENSURE(given && strcmp(given, challenge) == 0, ERR_INVALID,
		"the passkey's answer is to another question than was asked");
	ENSURE(origin && strcmp(origin, site->origin) == 0 &&
			!json_is_true(json_object_get(said, "crossOrigin")),
		ERR_INVALID, "the passkey's answer was made on another site than %s", site->origin);
	return OK;
}

/* --- authenticator data: section 6.1 --- */

enum { RP_HASH = 32, FLAGS = 32, FIXED = 37, AAGUID = 16, ID_LEN = 2 };
enum { USER_PRESENT = 1, USER_VERIFIED = 4, ATTESTED = 64, EXTENDED = 128 };

#define DEPTH 4 /* of nested CBOR; a key has 1 */

struct span {
	const uint8_t *at, *end;
};

/* An item's head: its type and number. Rejects indefinite lengths, which CTAP2 does not have. */
static bool read_head(struct span *s, unsigned *major, uint64_t *n)
{
	unsigned info, more;

	if (s->at == s->end)
		return false;
	*major = *s->at >> 5;
	info = *s->at++ & 31;
	more = info < 24 ? 0 : 1u << (info - 24);
	*n = info < 24 ? info : 0;
	if (info > 27 || (size_t)(s->end - s->at) < more)
		return false;
	while (more--)
		*n = *n << 8 | *s->at++;
	return true;
}

/* libcbor allocates as many items as a head promises, before reading any. So this first walks the
 * whole item, and rejects promises beyond the bytes left. */
static bool skip_item(struct span *s, unsigned depth)
{
	enum { BYTES = 2, TEXT, ARRAY, MAP, TAG, OTHER };
	unsigned major;
	uint64_t n, items;

	if (!read_head(s, &major, &n))
		return false;
	if (major == TAG)
		return false;
	if (major < BYTES || major == OTHER)
		return true;
	if (n > (size_t)(s->end - s->at))
		return false;
	if (major == BYTES || major == TEXT) {
		s->at += n;
		return true;
	}
	if (depth == DEPTH)
		return false;
	for (items = major == MAP ? 2 * n : n; items; items--)
		if (!skip_item(s, depth + 1))
			return false;
	return true;
}

/* Has a key and extensions exactly if the flags say so, and nothing after them. */
static bool is_whole(struct webauthn_bytes a)
{
	const uint8_t *bytes = a.data;
	struct span s = {bytes + FIXED, bytes + a.len};
	size_t id_len;

	if (bytes[FLAGS] & ATTESTED) {
		if ((size_t)(s.end - s.at) < AAGUID + ID_LEN)
			return false;
		id_len = (size_t)s.at[AAGUID] << 8 | s.at[AAGUID + 1];
		s.at += AAGUID + ID_LEN;
		if ((size_t)(s.end - s.at) < id_len)
			return false;
		s.at += id_len;
		if (!skip_item(&s, 0))
			return false;
	}
	if (bytes[FLAGS] & EXTENDED && !skip_item(&s, 0))
		return false;
	return s.at == s.end;
}

static enum err check_authenticator(
	const struct webauthn_site *site, struct webauthn_bytes a, unsigned flags)
{
	struct sha256 rp = sha256_of(site->rp, strlen(site->rp));
	const uint8_t *bytes = a.data;

	ENSURE(a.len >= FIXED && a.len <= AUTHENTICATOR, ERR_INVALID,
		"the passkey's answer is damaged");
	ENSURE(memcmp(bytes, rp.bytes, RP_HASH) == 0, ERR_INVALID,
		"the passkey's answer is for another site than %s", site->rp);
	ENSURE((bytes[FLAGS] & flags) == flags, ERR_INVALID,
		"the passkey did not verify its user by PIN, finger or face");
	ENSURE(is_whole(a), ERR_INVALID, "the passkey's answer is damaged");
	return OK;
}

/* libfido2 wants CTAP's format with the algorithm given in advance, so this tries each. */
static enum err read_key(struct webauthn_bytes a, struct passkey *out)
{
	static const int algorithms[] = {COSE_ES256, COSE_EDDSA, COSE_RS256};

	for (size_t i = 0; i < COUNT(algorithms); i++) {
		fido_cred_t *cred = lib.fido_cred_new();
		bool read = cred && lib.fido_cred_set_type(cred, algorithms[i]) == FIDO_OK &&
		            lib.fido_cred_set_authdata_raw(cred, a.data, a.len) == FIDO_OK;
		size_t id_len = read ? lib.fido_cred_id_len(cred) : 0,
		       key_len = read ? lib.fido_cred_pubkey_len(cred) : 0;

		read = read && id_len && id_len <= sizeof(out->id) && key_len &&
		       key_len <= sizeof(out->key);
		if (read) {
			*out = (struct passkey){.id_len = id_len,
				.key_len = key_len,
				.algorithm = algorithms[i],
				.count = lib.fido_cred_sigcount(cred)};
			memcpy(out->id, lib.fido_cred_id_ptr(cred), id_len);
			memcpy(out->key, lib.fido_cred_pubkey_ptr(cred), key_len);
		}
		lib.fido_cred_free(&cred);
		if (read)
			return OK;
	}
	return fail(ERR_INVALID, "the passkey is of a kind that is not known here");
}

/* --- keys --- */

union public_key {
	es256_pk_t *es256;
	eddsa_pk_t *eddsa;
	rs256_pk_t *rs256;
	void *any;
};

static void key_free(int algorithm, union public_key *pk)
{
	if (algorithm == COSE_ES256)
		lib.es256_pk_free(&pk->es256);
	else if (algorithm == COSE_EDDSA)
		lib.eddsa_pk_free(&pk->eddsa);
	else
		lib.rs256_pk_free(&pk->rs256);
}

/* Checks for a point on the curve, or a modulus of the right length. */
static enum err key_open(const struct passkey *key, union public_key *pk)
{
	int rc = -1;

	pk->any = NULL;
	switch (key->algorithm) {
	case COSE_ES256:
		pk->es256 = lib.es256_pk_new();
		rc = lib.es256_pk_from_ptr(pk->es256, key->key, key->key_len);
		break;
	case COSE_EDDSA:
		pk->eddsa = lib.eddsa_pk_new();
		rc = lib.eddsa_pk_from_ptr(pk->eddsa, key->key, key->key_len);
		break;
	case COSE_RS256:
		pk->rs256 = lib.rs256_pk_new();
		rc = lib.rs256_pk_from_ptr(pk->rs256, key->key, key->key_len);
		break;
	default:
		return fail(ERR_CORRUPT, "a passkey's key is damaged");
	}
	if (rc == FIDO_OK)
		return OK;
	key_free(key->algorithm, pk);
	return fail(ERR_INVALID, "the passkey's key is none of its kind");
}

enum err webauthn_register(const struct webauthn_site *site, const char *challenge,
	struct webauthn_bytes client_data, struct webauthn_bytes authenticator, struct passkey *out)
{
	struct passkey key;
	union public_key pk;

	TRY(webauthn_ready());
	TRY(check_client_data(site, challenge, "webauthn.create", client_data));
	TRY(check_authenticator(site, authenticator, USER_PRESENT | USER_VERIFIED | ATTESTED));
	TRY(read_key(authenticator, &key));
	TRY(key_open(&key, &pk));
	key_free(key.algorithm, &pk);
	*out = key;
	return OK;
}

/* --- assertions --- */

static bool is_signed(const struct webauthn_site *site, const struct passkey *key,
	const union public_key *pk, struct webauthn_bytes client_data,
	struct webauthn_bytes authenticator, struct webauthn_bytes signature, uint32_t *count)
{
	struct sha256 hash = sha256_of(client_data.data, client_data.len);
	fido_assert_t *a = lib.fido_assert_new();
	bool right = a && lib.fido_assert_set_count(a, 1) == FIDO_OK &&
	             lib.fido_assert_set_rp(a, site->rp) == FIDO_OK &&
	             lib.fido_assert_set_up(a, FIDO_OPT_TRUE) == FIDO_OK &&
	             lib.fido_assert_set_uv(a, FIDO_OPT_TRUE) == FIDO_OK &&
	             lib.fido_assert_set_clientdata_hash(a, hash.bytes, SHA256) == FIDO_OK &&
	             lib.fido_assert_set_authdata_raw(
			     a, 0, authenticator.data, authenticator.len) == FIDO_OK &&
	             lib.fido_assert_set_sig(a, 0, signature.data, signature.len) == FIDO_OK &&
	             lib.fido_assert_verify(a, 0, key->algorithm, pk->any) == FIDO_OK;

	if (right)
		*count = lib.fido_assert_sigcount(a, 0);
	lib.fido_assert_free(&a);
	return right;
}

enum err webauthn_assert(const struct webauthn_site *site, const char *challenge,
	const struct passkey *key, struct webauthn_bytes client_data,
	struct webauthn_bytes authenticator, struct webauthn_bytes signature, uint32_t *count)
{
	union public_key pk;
	uint32_t now = 0;
	bool right;

	TRY(webauthn_ready());
	TRY(check_client_data(site, challenge, "webauthn.get", client_data));
	TRY(check_authenticator(site, authenticator, USER_PRESENT | USER_VERIFIED));
	ENSURE(signature.len && signature.len <= SIGNATURE, ERR_INVALID,
		"the passkey's answer is damaged");
	TRY(key_open(key, &pk));
	right = is_signed(site, key, &pk, client_data, authenticator, signature, &now);
	key_free(key->algorithm, &pk);
	ENSURE(right, ERR_DENIED, "the passkey's signature is not right");
	ENSURE(now > key->count || (!now && !key->count), ERR_DENIED,
		"the passkey counts fewer signatures than before: there is a copy of it");
	*count = now;
	return OK;
}
