/* webauthn.h - the only door to libfido2: what a browser answers about a passkey (W3C Web
 * Authentication, level 2), held to what was asked.
 *
 * Registration without attestation: which make of key somebody has is nobody's business, and none
 * is refused for it. The authenticator must have verified its user (PIN, finger, face), so that a
 * passkey is two factors in one. All bytes come from a browser that may be anybody's. Any thread.
 */
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
	uint8_t key[WEBAUTHN_KEY]; /* libfido2's form of it */
	size_t key_len;
	uint32_t count; /* signatures so far; 0 where the authenticator does not count */
};
struct webauthn_bytes {
	const void *data;
	size_t len;
};

/* The parameters that ask for one; the numbers of the algorithms above, as JSON, "[-7,-8,-257]". */
#define WEBAUTHN_ALGORITHMS "[-7,-8,-257]"

/* A registration: `client_data` is clientDataJSON, `authenticator` what
 * AuthenticatorAttestationResponse.getAuthenticatorData() gives. `challenge`: base64url as it was
 * given out. ERR_INVALID naming what does not fit; ERR_SYSTEM where libfido2 is not there. */
MUST_CHECK enum err webauthn_register(const struct webauthn_site *site, const char *challenge,
	struct webauthn_bytes client_data, struct webauthn_bytes authenticator,
	struct passkey *out);
/* An assertion, signed by `key`; `*count` gets the authenticator's. ERR_INVALID as above,
 * ERR_DENIED where the signature is not the key's, and where the count did not go on: the key was
 * copied. */
MUST_CHECK enum err webauthn_assert(const struct webauthn_site *site, const char *challenge,
	const struct passkey *key, struct webauthn_bytes client_data,
	struct webauthn_bytes authenticator, struct webauthn_bytes signature, uint32_t *count);
/* Loads libfido2: ERR_SYSTEM with the package that is missing. */
MUST_CHECK enum err webauthn_ready(void);
