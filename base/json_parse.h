/* json_parse.h - reads JSON text into jansson's values in a third of the time that jansson takes,
 * which calls a function for each byte.
 *
 * It gives what json_loadb() gives with JSON_REJECT_DUPLICATES, JSON_DECODE_ANY and JSON_ALLOW_NUL,
 * or NULL: then jansson is asked, which says what is wrong and where (or takes what is odd, such as
 * a NUL at the end). */
#pragma once
#include <jansson.h>

json_t *json_parse(const char *text, size_t len); /* a new reference */
