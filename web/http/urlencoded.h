/* urlencoded.h - decodes the names and values of queries and forms:
 * application/x-www-form-urlencoded (URL Standard, section 5), percent-encoding (RFC 3986, section
 * 2.1). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* `plus`: "+" is a space, as in queries and forms. NULL if it is malformed, not UTF-8 or holds a
 * NUL; the caller frees. */
char *urlencoded_text(const char *s, size_t len, bool plus);

/* A pair, still encoded. */
struct urlencoded_pair {
	const char *name, *value;
	size_t name_len, value_len;
};
/* Reads the pair at `*at` and moves past it; skips empty pairs. False at the end. */
bool urlencoded_next(const char **at, const char *end, struct urlencoded_pair *out);
