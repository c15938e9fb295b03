/* Arbitrary requests: the end of one does not depend on how its bytes are split. */
#include "web/http/framing.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many bytes are valid if they arrive `step` at a time, and the fault that follows. */
static uint64_t pass(const char *data, size_t len, size_t step, const struct fault **fault)
{
	struct framing f = {0};
	uint64_t at = 0;

	*fault = NULL;
	for (size_t there = step < len ? step : len;;
		there = there + step < len ? there + step : len) {
		if (at < there)
			at += framing_pass(&f, data + at, there - at, fault);
		if (*fault || there == len)
			return at;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	const struct fault *whole, *split;
	uint64_t at;

	if (!text)
		abort();
	if (len >= HEAD_MAX) { /* the limit applies to the bytes so far, and may come before or
		                * after another fault */
		free(text);
		return 0;
	}
	memcpy(text, data, len);
	at = pass(text, len, len + 1, &whole);
	if (pass(text, len, 1, &split) != at || split != whole ||
		pass(text, len, 7, &split) != at || split != whole)
		abort();
	free(text);
	return 0;
}
