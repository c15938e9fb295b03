/* type.h - the types of fields, as types.def lists them. */
#pragma once
#include "registry/standard/standard.h"

struct type {
	const char *name;
	/* For a line of text with a form: */
	bool (*fits)(const char *s);
	const char *rule;        /* the rule that is broken if it does not fit */
	const char *patterns[4]; /* of JSON Schema */
	bool days;               /* pages write the day in words */
};
extern const struct type field_types[TYPES];

/* False if there is no type of this name. */
bool type_named(const char *name, enum field_type *out);

/* The forms' own functions, in form.c. */
#define TYPE(id, name)
#define FORM(id, name, fits, rule, ...) bool fits(const char *s);
#define DAYS FORM
#include "registry/standard/types.def"
#undef TYPE
#undef FORM
#undef DAYS
