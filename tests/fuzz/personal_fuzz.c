/* Arbitrary texts: what is found is not empty, lies in the text, in order, and is the same as
 * itself. */
#include "base/personal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char *text = malloc(len + 1);
	struct personal found;
	const char *rest = text;

	if (!text)
		abort();
	memcpy(text, data, len);
	text[len] = '\0';
	for (; personal_find(text, rest, &found); rest = found.at + found.len)
		if (found.at < rest || !found.len || found.at + found.len > text + strlen(text) ||
			!personal_is_same(&found, &found))
			abort();
	free(text);
	return 0;
}
