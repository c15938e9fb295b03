/* A browser's data about a passkey, client data and authenticator data, may be anything; the first
 * byte is the length of the client data. An accepted key can be used. */
#include "base/crypto.h"
#include "base/webauthn.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CLIENT \
	"{\"type\":\"webauthn.create\",\"challenge\":\"AAAA\",\"origin\":\"https://a.example\"}"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct webauthn_site site = {"ai.gimhae.example", "https://a.example"};
	struct webauthn_bytes client, authenticator;
	struct passkey key = {.algorithm = -8, .key_len = 32};
	size_t split;
	uint32_t count;

	if (!size)
		return 0;
	split = data[0] < size - 1 ? data[0] : size - 1;
	client = (struct webauthn_bytes){data + 1, split};
	authenticator = (struct webauthn_bytes){data + 1 + split, size - 1 - split};
	(void)!webauthn_register(&site, "AAAA", client, authenticator, &key);
	client = (struct webauthn_bytes){CLIENT, strlen(CLIENT)};
	if (webauthn_register(&site, "AAAA", client, authenticator, &key) == OK &&
		(!key.id_len || !key.key_len || key.id_len > sizeof(key.id)))
		abort();
	(void)!webauthn_assert(&site, "AAAA", &key, client, authenticator, authenticator, &count);
	return 0;
}
