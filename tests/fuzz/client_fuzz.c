/* Any bytes as an address in X-Forwarded-For: a network of 4 or 8 bytes, or no address. */
#include "base/buf.h"
#include "web/http/client.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *text = mem_bytes(data, size);
	struct client_network n = {.len = 0};

	if (client_parse(text, &n) != (n.len == 4 || n.len == 8))
		abort();
	return 0;
}
