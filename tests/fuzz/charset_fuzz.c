/* Any input gives UTF-8, and UTF-8 stays unchanged. The first byte chooses the declared
 * encoding. */
#include "base/charset.h"
#include "base/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_marked(const char *text, size_t len)
{
	return len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
}

/* A document is never text, even if its bytes are valid. */
static bool is_document(const char *text, size_t len)
{
	return len >= 4 && (memcmp(text, "PK\x03\x04", 4) == 0 || memcmp(text, "%PDF", 4) == 0);
}

static void check_utf8(const char *text, size_t len, bool decoded, const struct buf *out)
{
	size_t mark = is_marked(text, len) ? 3 : 0;

	/* An independent check of UTF-8; only documents and UTF-16 marks are refused in
	 * addition. */
	if (!decoded) {
		assert(!text_is_utf8(text, len) || memchr(text, '\0', len < 4 ? len : 4) ||
			is_document(text, len));
		return;
	}
	assert(text_is_utf8(text, len));
	assert(out->len == len - mark && memcmp(buf_text(out), text + mark, out->len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum charset charsets[] = {CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_CP949};
	AUTO(buf) out = BUF(64 * MIB);
	enum charset from;
	bool decoded;

	if (!size)
		return 0;
	from = charsets[data[0] % COUNT(charsets)];
	decoded = charset_decode(from, (const char *)data + 1, size - 1, &out) == OK;
	if (decoded)
		assert(text_is_utf8(buf_text(&out), out.len));
	if (from == CHARSET_UTF8)
		check_utf8((const char *)data + 1, size - 1, decoded, &out);
	return 0;
}
