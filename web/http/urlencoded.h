/* urlencoded.h - names and values as queries and forms bring them:
 * application/x-www-form-urlencoded (URL Standard, section 5), percent-encoding (RFC 3986,
 * section 2.1). */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* `plus`: "+" is a space, as in queries and forms. NULL where it is malformed, not UTF-8 or holds
 * a NUL; the caller frees. */
char *urlencoded_text(const char *s, size_t len, bool plus);

/* A pair as it came, to be decoded. */
struct urlencoded_pair {
	const char *name, *value;
	size_t name_len, value_len;
};
/* The pair at `*at`, which moves on behind it; empty ones are passed over. False at the end. */
bool urlencoded_next(const char **at, const char *end, struct urlencoded_pair *out);
