#include "base/totp.h"

#include "base/crypto.h"

#include <liboath/oath.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS 6

static void start(void)
{
	if (oath_init() != OATH_OK)
		abort();
}

static void started(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, start);
}

void totp_text(const uint8_t secret[TOTP_SECRET], struct buf *out)
{
	char *text = NULL;
	size_t len;

	started();
	if (oath_base32_encode((const char *)secret, TOTP_SECRET, &text, &len) != OATH_OK)
		abort(); /* no memory */
	while (len && text[len - 1] == '=')
		len--;
	buf_add(out, text, len);
	crypto_wipe(text, strlen(text));
	free(text);
}

static void add_escaped(struct buf *out, const char *s)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *s; s++)
		if (strchr(plain, *s))
			buf_putc(out, *s);
		else
			buf_printf(out, "%%%02X", (unsigned char)*s);
}

void totp_uri(
	const uint8_t secret[TOTP_SECRET], const char *issuer, const char *account, struct buf *out)
{
	buf_puts(out, "otpauth://totp/");
	add_escaped(out, issuer);
	buf_puts(out, ":");
	add_escaped(out, account);
	buf_puts(out, "?secret=");
	totp_text(secret, out);
	buf_puts(out, "&issuer=");
	add_escaped(out, issuer);
	buf_puts(out, "&algorithm=SHA1&digits=6&period=30");
}

void totp_code(const uint8_t secret[TOTP_SECRET], int64_t step, char code[7])
{
	started();
	if (oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, DIGITS, false,
		    OATH_HOTP_DYNAMIC_TRUNCATION, code) != OATH_OK)
		abort();
}

bool totp_matches(const uint8_t secret[TOTP_SECRET], const char *code, int64_t now, int64_t used,
	int64_t *step)
{
	int64_t at = now / TOTP_STEP, found = 0;
	char one[DIGITS + 1];

	if (strlen(code) != DIGITS || now < TOTP_STEP)
		return false;
	for (int64_t i = at + 1; i >= at - 1; i--) {
		totp_code(secret, i, one);
		if (crypto_equal(one, code, DIGITS) && i > used)
			found = i;
	}
	crypto_wipe(one, sizeof(one));
	if (found)
		*step = found;
	return found;
}
