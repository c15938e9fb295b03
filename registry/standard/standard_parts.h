/* standard_parts.h - shared by the files behind standard.h. */
#pragma once
#include "base/json_schema.h"
#include "base/sha256.h"
#include "registry/standard/standard.h"

#define PLACE 200

/* A rule between fields of a filing: either a schema of the record, "if" and "then", or two dates
 * in order. */
struct rule {
	const json_t *json;
	const struct field *field; /* the field that a problem points at; the rule counts as kept if
	                              it is withheld */
	struct schema *schema;     /* NULL: an order */
	const struct field *order[2];
};

struct standard {
	json_t *json;
	struct field *fields;  /* in the file's order */
	struct field **sorted; /* the same by name */
	size_t n;
	struct rule *rules;
	size_t rules_n;
	struct sha256 hash; /* of its text */
	unsigned users;
	struct standard *next; /* in memory */
};

enum shape_of { FILE_SHAPE, LIMITS, TYPE, GROUP, FIELD, ITEM, MEMBER, VALUE, RULE, ASKED };
/* ERR_INVALID names the place and the rule. */
MUST_CHECK enum err shape_check(const json_t *value, enum shape_of of, const char *place);
/* Checks each entry of a list against one shape, and that no two have the same `key`. */
MUST_CHECK enum err shape_check_list(
	const json_t *list, enum shape_of of, const char *key, const char *name);
/* Checks everything that does not need the fields to be read first. */
MUST_CHECK enum err shape_check_file(const json_t *json);

/* "fields[3] (goal)": the number and, if there is one, the name. */
void place_name(char out[PLACE], const char *list, size_t i, const json_t *value);

/* standard_rules.c; call it after the fields are read. */
MUST_CHECK enum err rules_read(struct standard *s);
void rules_free(struct standard *s);

/* translation.c: is the field a text per language, or does it contain one? */
bool has_texts(const struct field *f);
