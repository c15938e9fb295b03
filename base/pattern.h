/* pattern.h - regular expressions for JSON Schema's "pattern", in time bounded by the length of the
 * pattern times that of the text.
 *
 * The part of ECMA-262 (with its "u" flag) that is regular and that we use: literals, ".", classes,
 * \d \w \s and their opposites, \t \n \r \f \v \uXXXX \u{X}, groups, "|", "*", "+", "?", "{n,m}",
 * "^" and "$". Anything else - look-around, back references, lazy quantifiers, \b, \p - is refused
 * when the pattern is read. A pattern may match anywhere in the text, as JSON Schema requires.
 * Matching follows all alternatives at once (K. Thompson, 1968) and never backtracks. */
#pragma once
#include "base/err.h"

#define PATTERN_BYTES 1000
#define PATTERN_STEPS 4096 /* of the compiled pattern, with repetitions expanded */

struct pattern;
/* ERR_INVALID with the place and the reason. */
MUST_CHECK enum err pattern_read(const char *text, struct pattern **out);
void pattern_free(struct pattern *p);
bool pattern_matches(const struct pattern *p, const char *s, size_t len);
