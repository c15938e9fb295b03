#include "registry/standard/type.h"

#include <string.h>

#define TYPE(id, name) [TYPE_##id] = {name},
#define FORM(id, name, fits, rule, ...) [TYPE_##id] = {name, fits, rule, {__VA_ARGS__}},
#define DAYS(id, name, fits, rule, ...) [TYPE_##id] = {name, fits, rule, {__VA_ARGS__}, true},
const struct type field_types[TYPES] = {
#include "registry/standard/types.def"
};

bool type_named(const char *name, enum field_type *out)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(field_types[i].name, name) == 0) {
			*out = (enum field_type)i;
			return true;
		}
	return false;
}
