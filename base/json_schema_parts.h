/* json_schema_parts.h - shared by the files behind json_schema.h: the compiled form, and a function
 * for each keyword that checks a value. */
#pragma once
#include "base/json_schema.h"
#include "base/pattern.h"

/* The kind of value that a keyword takes. */
enum shape {
	SHAPE_ANY,
	SHAPE_STRING,
	SHAPE_BOOL,
	SHAPE_COUNT,
	SHAPE_NUMBER,
	SHAPE_POSITIVE,
	SHAPE_VALUES,
	SHAPE_NAMES,
	SHAPE_NAMES_MAP,
	SHAPE_TYPES,
	SHAPE_PATTERN,
	SHAPE_REF,
	SHAPE_ID,
	SHAPE_DIALECT,
	SHAPE_SCHEMA,
	SHAPE_LIST,
	SHAPE_MAP
};
/* Says which requirement of the shape `value` fails, or NULL. Does not look at nested schemas. */
const char *shape_flaw(enum shape shape, const json_t *value);

struct run {
	unsigned steps;
};
struct rule;
typedef bool holds_fn(struct run *run, const struct rule *rule, const json_t *value);

struct keyword {
	const char *name;
	enum shape shape;
	holds_fn *holds;    /* NULL: has no effect of its own */
	const char *beside; /* the keyword of the same schema that claims its values first */
	bool here;          /* its schemas apply to the value itself, not to a part of it */
};

struct rule {
	const struct keyword *keyword;
	const json_t *value, *around; /* the keyword's value, and the enclosing schema */
	struct node **nodes;          /* the schemas within */
	const char **names;           /* of a map: their names */
	size_t n;
	struct pattern *pattern;
	const struct rule *then, *otherwise; /* of an "if" */
};

struct node {
	const json_t *json;
	struct rule *rules;
	size_t n;
	enum { NEW, VISITING, VISITED } visit; /* while it is loaded */
	unsigned height;
};

bool node_holds(struct run *run, const struct node *node, const json_t *value);
/* Equal by JSON Schema's rules: 1 equals 1.0. */
bool value_equal(struct run *run, const json_t *a, const json_t *b);

holds_fn holds_ref, holds_additional_properties, holds_all_of, holds_any_of, holds_const,
	holds_contains, holds_dependent_required, holds_exclusive_maximum, holds_exclusive_minimum,
	holds_enum, holds_if, holds_items, holds_max_items, holds_max_length, holds_max_properties,
	holds_maximum, holds_min_items, holds_min_length, holds_min_properties, holds_minimum,
	holds_multiple_of, holds_not, holds_one_of, holds_pattern, holds_prefix_items,
	holds_properties, holds_property_names, holds_required, holds_type, holds_unique_items;
