/* standard_parts.h - what the files of standard.h share. */
#pragma once
#include "base/json_schema.h"
#include "registry/standard/standard.h"

#define PLACE 200

/* What must hold between fields of a filing: either a schema of the record, "if" and "then", or
 * two dates in order. */
struct rule {
	const json_t *json;
	const struct field
		*field;        /* that a problem points at; a rule is kept where it is withheld */
	struct schema *schema; /* NULL: an order */
	const struct field *order[2];
};

struct standard {
	json_t *json;
	struct field *fields;  /* in the file's order */
	struct field **sorted; /* the same by name */
	size_t n;
	struct rule *rules;
	size_t rules_n;
};

enum shape_of { FILE_SHAPE, LIMITS, TYPE, GROUP, FIELD, ITEM, MEMBER, VALUE, RULE, ASKED };
/* ERR_INVALID with the place and the rule. */
MUST_CHECK enum err shape_check(const json_t *value, enum shape_of of, const char *place);
/* Checks each entry of a list against one shape, and that no two have the same `key`. */
MUST_CHECK enum err shape_check_list(
	const json_t *list, enum shape_of of, const char *key, const char *name);
/* All but what needs the fields to be read first. */
MUST_CHECK enum err shape_check_file(const json_t *json);

/* "fields[3] (goal)": by number and, where it has one, by name. */
void place_name(char out[PLACE], const char *list, size_t i, const json_t *value);

/* standard_rules.c; reads after the fields were read. */
MUST_CHECK enum err rules_read(struct standard *s);
void rules_free(struct standard *s);

/* translation.c: is it, or does it hold, a text in languages? */
bool has_texts(const struct field *f);
