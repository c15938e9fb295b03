/* Any bytes as a pattern and a text, on separate lines: the pattern is accepted or refused, and
 * matches in limited time. A literal text matches itself. */
#include "base/buf.h"
#include "base/pattern.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool is_literal(const char *s)
{
	for (; *s; s++)
		if (strchr("^$\\.*+?()[]{}|", *s) || (unsigned char)*s > 126)
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *text = (const char *)data, *line = memchr(text, '\n', len);
	AUTOFREE char *pattern = NULL;
	struct pattern *p = NULL;

	if (!line)
		return 0;
	pattern = mem_bytes(text, (size_t)(line - text));
	if (pattern_read(pattern, &p) != OK)
		return 0;
	pattern_matches(p, line + 1, len - (size_t)(line + 1 - text));
	if (is_literal(pattern) && !pattern_matches(p, pattern, strlen(pattern)))
		abort();
	pattern_free(p);
	return 0;
}
