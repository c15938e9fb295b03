/* Every text gives a text without Hangul syllables, and a valid slug for a system. */
#include "base/romanize.h"
#include "base/text.h"
#include "registry/event/event.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_slug(const char *text, size_t max)
{
	char slug[SLUG_MAX + 1];

	if (romanize_slug(text, max, slug))
		assert(slug_valid(slug) && strlen(slug) <= max);
	else
		assert(!*slug);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *text = mem_bytes(data, size), *nfc = NULL, *latin = NULL, *again = NULL;

	if (!text_is_utf8(text, strlen(text)))
		return 0;
	nfc = text_nfc(text);
	latin = romanize(nfc);
	again = romanize(latin);
	assert(text_is_utf8(latin, strlen(latin)) && strcmp(latin, again) == 0);
	check_slug(text, SLUG_MAX);
	check_slug(text, 9);
	return 0;
}
