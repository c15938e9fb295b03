/* totp.h - the only door to liboath: six-digit codes that an app shows for 30 seconds (RFC 6238,
 * with SHA-1 and a secret of 160 bits, which every app supports). Any thread. */
#pragma once
#include "base/buf.h"

#define TOTP_SECRET 20
#define TOTP_STEP 30

/* Base32 (RFC 4648), without padding, for typing in. */
void totp_text(const uint8_t secret[TOTP_SECRET], struct buf *out);
/* otpauth://totp/…, for a QR code. `issuer` and `account` may be any text. */
void totp_uri(const uint8_t secret[TOTP_SECRET], const char *issuer, const char *account,
	struct buf *out);
/* Is `code` valid for the step at `now`, or for the one before or after it (clocks differ)? The
 * step must be later than `used`, the newest step already used, so that no code counts twice;
 * `*step` gets it. Takes the same time for every six-digit code. */
bool totp_matches(const uint8_t secret[TOTP_SECRET], const char *code, int64_t now, int64_t used,
	int64_t *step);
/* The code of a step, for tests and for checking an app. */
void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char code[7]);
