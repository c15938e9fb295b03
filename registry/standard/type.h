/* type.h - the types of fields, as types.def lists them. */
#pragma once
#include "registry/standard/standard.h"

struct type {
	const char *name;
	/* Of a line of text of one form: */
	bool (*fits)(const char *s);
	const char *rule;        /* that is broken where it does not fit */
	const char *patterns[4]; /* of JSON Schema */
	bool days;               /* pages write it in words */
};
extern const struct type field_types[TYPES];

/* False where there is none of this name. */
bool type_named(const char *name, enum field_type *out);

/* The forms' own functions, in form.c. */
#define TYPE(id, name)
#define FORM(id, name, fits, rule, ...) bool fits(const char *s);
#define DAYS FORM
#include "registry/standard/types.def"
#undef TYPE
#undef FORM
#undef DAYS
