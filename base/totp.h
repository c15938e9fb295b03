/* totp.h - the only door to liboath: codes of six digits that an app shows for 30 seconds (RFC
 * 6238, with SHA-1 and a secret of 160 bits, for that is what every app knows). Any thread. */
#pragma once
#include "base/buf.h"

#define TOTP_SECRET 20
#define TOTP_STEP 30

/* Base32 (RFC 4648), without padding: to be typed in. */
void totp_text(const uint8_t secret[TOTP_SECRET], struct buf *out);
/* otpauth://totp/…, for a QR code. `issuer` and `account` may be any text. */
void totp_uri(const uint8_t secret[TOTP_SECRET], const char *issuer, const char *account,
	struct buf *out);
/* Is it the code of the step at `now`, or of the one before or after it (clocks differ)? Only of
 * one that is later than `used`, the newest that a code was taken of, so that none is taken twice;
 * `*step` is its own then. Takes the same time for every code of six digits. */
bool totp_matches(const uint8_t secret[TOTP_SECRET], const char *code, int64_t now, int64_t used,
	int64_t *step);
/* The code of a step, for tests and for who checks an app. */
void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char code[7]);
