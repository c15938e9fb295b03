#include "base/pdf.h"

#include <string.h>

#define NEAR 1024u /* bytes in which readers look for the start and the end */
#define HEAD 8u    /* bytes of "%PDF-1.7" */

static bool has_head(const char *s, size_t len)
{
	if (len < HEAD + 1 || memcmp(s, "%PDF-", 5) != 0 || s[6] != '.')
		return false;
	return (s[5] == '1' && s[7] >= '0' && s[7] <= '7') || (s[5] == '2' && s[7] == '0');
}

/* The version must end its line: "%PDF-1.75" is none. */
static bool ends_line(char c)
{
	return c == '\r' || c == '\n' || c == ' ' || c == '\t';
}

/* White space by ISO 32000-1, 7.2.2. */
static bool is_white(char c)
{
	return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

/* The number of meaningless bytes before the header: a byte order mark, white space. */
static size_t nothing_before(const char *s, size_t len)
{
	size_t at = len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	while (at < len && at < NEAR && is_white(s[at]))
		at++;
	return at;
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
	size_t before = nothing_before(s, len);

	ENSURE(len, ERR_INVALID, "it is empty (0 bytes): save it again with its content");
	ENSURE(has_head(s + before, len - before) && ends_line(s[before + HEAD]), ERR_INVALID,
		"it does not begin as a PDF does (%%PDF-1.0 to 1.7, or 2.0): save it as a PDF");
	/* Scanners and document systems pad the last block of a file with NUL bytes. */
	while (len > before && is_white(s[len - 1]))
		len--;
	tail = s + (len > NEAR ? len - NEAR : 0);
	eof = last_of(tail, (size_t)(s + len - tail), "%%EOF");
	ENSURE(eof && last_of(tail, (size_t)(eof - tail), "startxref"), ERR_INVALID,
		"it does not end as a PDF does: it is perhaps cut off; get it once more from where "
		"it came, and compare its size");
	return OK;
}
