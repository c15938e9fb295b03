/* Arbitrary requests: the end of one does not depend on how its bytes are split, and the headers of
 * a valid head end where it ends. */
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

static void walk_headers(const char *head, const char *end)
{
	const char *at = strstr(head + strspn(head, "\r\n"), "\r\n") + 2;
	struct header h;

	while (header_next(&at, &h))
		if (h.name < head || h.value + h.value_len > end)
			abort();
	if (at > end || memcmp(at - 4, "\r\n\r\n", 4) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	const struct fault *whole, *split;
	struct framing first = {0};
	uint64_t at;

	if (!text)
		abort();
	if (len >= HEAD_MAX) { /* the limit applies to the bytes so far, and may come before or
		                * after another fault */
		free(text);
		return 0;
	}
	memcpy(text, data, len);
	text[len] = '\0';
	(void)framing_pass(&first, text, len, &whole);
	if (first.heads)
		walk_headers(text, text + len);
	at = pass(text, len, len + 1, &whole);
	if (pass(text, len, 1, &split) != at || split != whole ||
		pass(text, len, 7, &split) != at || split != whole)
		abort();
	free(text);
	return 0;
}
