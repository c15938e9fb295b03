/* departments.h - which department a row is of: the address (slug) that its map or its name gives,
 * held to the other rows of the file and to the register. An address is one department's: two
 * names under one would publish the systems of the one under the other. */
#pragma once
#include "registry/event/state.h"

/* A name as an address: the English one where there is one, else the first that leaves letters or
 * digits, Korean in Latin letters (romanize.h). At most `max` bytes; false for none. */
bool departments_slug_of(const json_t *name, size_t max, char out[SLUG_MAX + 1]);

/* `taken`: the departments of the rows so far, slug -> {"name", "line"}. Puts "slug" into a
 * department that has none or an empty one, made of its name, and "made": true. ERR_CONFLICT if an
 * earlier row has this slug under another name, with both names. */
MUST_CHECK enum err departments_take(json_t *taken, int64_t line, json_t *department);

/* The slug by which the register has, or would have, a row's department; `*there`: it has. One
 * whose slug was made of its name may be here under another. ERR_INVALID, naming the value, if the
 * slug cannot be one; ERR_CONFLICT if it is that of another name here, with both names. */
MUST_CHECK enum err departments_find(
	struct state *st, const json_t *department, char slug[SLUG_MAX + 1], bool *there);

/* ERR_INVALID, naming the value and the limit, if `wish` (NULL: none) cannot be an address. */
MUST_CHECK enum err slug_check(const char *wish);
