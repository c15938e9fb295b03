#include "base/pdf.h"

#include <string.h>

#define TAIL 1024u /* bytes; where readers look for the end */
#define HEAD 8u    /* bytes of "%PDF-1.7" */

static bool has_head(const char *s, size_t len)
{
	if (len < HEAD + 1 || memcmp(s, "%PDF-", 5) != 0 || s[6] != '.')
		return false;
	return (s[5] == '1' && s[7] >= '0' && s[7] <= '7') || (s[5] == '2' && s[7] == '0');
}

/* A line of its own: "%PDF-1.75" is no version. */
static bool ends_line(char c)
{
	return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

static const char *last_of(const char *s, size_t len, const char *word)
{
	size_t n = strlen(word);

	for (size_t at = len < n ? 0 : len - n + 1; at > 0; at--)
		if (memcmp(s + at - 1, word, n) == 0)
			return s + at - 1;
	return NULL;
}

enum err pdf_check(const void *data, size_t len)
{
	const char *s = data, *tail, *eof;

	ENSURE(has_head(s, len) && ends_line(s[HEAD]), ERR_INVALID,
		"it does not begin as a PDF does (%%PDF-1.0 to 1.7, or 2.0): save it as a PDF");
	tail = s + (len > TAIL ? len - TAIL : 0);
	eof = last_of(tail, (size_t)(s + len - tail), "%%EOF");
	ENSURE(eof && last_of(tail, (size_t)(eof - tail), "startxref"), ERR_INVALID,
		"it does not end as a PDF does: it is perhaps cut off; save it again");
	return OK;
}
