/* Any bytes as JSON: our parser reads what jansson reads, and nothing else. */
#include "base/json.h"
#include "base/json_parse.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int depth(const json_t *value)
{
	int most = 0, below;
	const char *name;
	json_t *item;
	size_t i;

	json_object_foreach ((json_t *)value, name, item) {
		below = depth(item);
		most = below > most ? below : most;
	}
	json_array_foreach (value, i, item) {
		below = depth(item);
		most = below > most ? below : most;
	}
	return json_is_object(value) || json_is_array(value) ? most + 1 : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data;
	json_auto_t *ours = json_parse(text, len);
	json_auto_t *theirs = json_loadb(
		text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);

	if (!ours && memchr(data, '\0', len))
		return 0; /* jansson takes some for the end */
	/* jansson goes deeper than we do. */
	if (ours ? !json_equal(ours, theirs) : theirs && depth(theirs) <= JSON_DEPTH)
		abort();
	return 0;
}
