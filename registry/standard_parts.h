/* standard_parts.h - what the files of standard.h share. */
#pragma once
#include "registry/standard.h"

#define PLACE 200

enum shape_of { FILE_SHAPE, LIMITS, TYPE, GROUP, FIELD, ITEM, MEMBER, VALUE };
/* ERR_INVALID with the place and the rule. */
MUST_CHECK enum err shape_check(const json_t *value, enum shape_of of, const char *place);
/* Checks each entry of a list against one shape, and that no two have the same `key`. */
MUST_CHECK enum err shape_check_list(
	const json_t *list, enum shape_of of, const char *key, const char *name);
/* All but what needs the fields to be read first. */
MUST_CHECK enum err shape_check_file(const json_t *json);

bool type_named(const char *name, enum field_type *out);
const char *type_name(enum field_type type);
/* "fields[3] (goal)": by number and, where it has one, by name. */
void place_name(char out[PLACE], const char *list, size_t i, const json_t *value);
