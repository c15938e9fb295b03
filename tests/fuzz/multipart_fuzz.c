/* Any bytes as a form with a file: every part lies within the body, after the previous one, and its
 * names are text. */
#include "base/text.h"
#include "web/http/multipart.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *body = (const char *)data, *last = body;
	struct multipart m;
	struct part part;
	bool more = true;

	if (multipart_open("multipart/form-data; boundary=x", body, size, &m) != OK)
		return 0;
	while (multipart_next(&m, &part, &more) == OK && more) {
		assert(part.data > last && part.data + part.len < body + size);
		assert(text_is_utf8(part.name, strlen(part.name)) && *part.name);
		assert(text_is_utf8(part.file, strlen(part.file)) &&
			!strpbrk(part.file, "/\\\r\n"));
		last = part.data + part.len;
	}
	return 0;
}
