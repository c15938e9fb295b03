/* departments.h - finds a row's department by the address (slug) that the map or its name gives,
 * and compares it with the file's other rows and the register. An address belongs to one
 * department: otherwise one department's systems would be published under another's name. */
#pragma once
#include "registry/event/state.h"

/* Makes an address of a name: the English one if there is one, else the first that leaves letters
 * or digits, Korean in Latin letters (romanize.h). At most `max` bytes; false if there is none. */
bool departments_slug_of(const json_t *name, size_t max, char out[SLUG_MAX + 1]);

/* `taken` has the departments of the rows so far: slug -> {"name", "line"}. If the department has
 * no slug or an empty one, sets "slug", made of its name, and "made": true. ERR_CONFLICT, with both
 * names, if an earlier row has this slug under another name. */
MUST_CHECK enum err departments_take(json_t *taken, int64_t line, json_t *department);

/* The slug under which the register has, or would create, a row's department; `*there`: it has. A
 * slug made of the name may differ from the one here. ERR_INVALID, naming the value, if the slug is
 * not allowed; ERR_CONFLICT, with both names, if it belongs to another name here. */
MUST_CHECK enum err departments_find(
	struct state *st, const json_t *department, char slug[SLUG_MAX + 1], bool *there);

/* ERR_INVALID, naming value and limit, if `wish` (NULL: none) is not allowed as an address. */
MUST_CHECK enum err slug_check(const char *wish);
