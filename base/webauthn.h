/* webauthn.h - the only door to libfido2: checks a browser's answer about a passkey (W3C Web
 * Authentication, level 2) against the request.
 *
 * Registration asks for no attestation: the make of a key is private, and no key is refused because
 * of it. The authenticator must have verified its user (PIN, finger, face), so a passkey is two
 * factors in one. All bytes come from an untrusted browser. Any thread. */
#pragma once
#include "base/buf.h"

#define WEBAUTHN_ID 1023 /* bytes of a credential's id at most (level 2, section 4) */
#define WEBAUTHN_KEY 2048

struct webauthn_site {
	const char *rp;     /* a name without port: "ai.gimhae.go.kr", "localhost" */
	const char *origin; /* "https://ai.gimhae.go.kr", "http://localhost:8080" */
};
struct passkey {
	uint8_t id[WEBAUTHN_ID];
	size_t id_len;
	int algorithm;             /* COSE: -7 ES256, -8 EdDSA, -257 RS256 */
	uint8_t key[WEBAUTHN_KEY]; /* in libfido2's form */
	size_t key_len;
	uint32_t count; /* signatures so far; 0 if the authenticator does not count */
};
struct webauthn_bytes {
	const void *data;
	size_t len;
};

/* The algorithms above for a registration request, as JSON. */
#define WEBAUTHN_ALGORITHMS "[-7,-8,-257]"

/* A registration: `client_data` is clientDataJSON, `authenticator` what
 * AuthenticatorAttestationResponse.getAuthenticatorData() gives. `challenge`: base64url, as it was
 * issued. ERR_INVALID names the part that does not match; ERR_SYSTEM if libfido2 is missing. */
MUST_CHECK enum err webauthn_register(const struct webauthn_site *site, const char *challenge,
	struct webauthn_bytes client_data, struct webauthn_bytes authenticator,
	struct passkey *out);
/* An assertion, signed by `key`; `*count` gets the authenticator's count. ERR_INVALID as above;
 * ERR_DENIED if the signature is not by the key, or if the count did not increase, which means that
 * the key was copied. */
MUST_CHECK enum err webauthn_assert(const struct webauthn_site *site, const char *challenge,
	const struct passkey *key, struct webauthn_bytes client_data,
	struct webauthn_bytes authenticator, struct webauthn_bytes signature, uint32_t *count);
/* Loads libfido2. ERR_SYSTEM names the missing package. */
MUST_CHECK enum err webauthn_ready(void);
