/* json_schema.h - the subset of JSON Schema 2020-12 that our schemas use.
 *
 * Supported: true and false; type, enum, const; properties, required, additionalProperties,
 * propertyNames, minProperties, maxProperties, dependentRequired; prefixItems, items, contains,
 * minContains, maxContains, minItems, maxItems, uniqueItems; minLength, maxLength (in code points),
 * pattern (base/pattern.h); minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf;
 * allOf, anyOf, oneOf, not, if, then, else; $ref to a place within the same schema ("#",
 * "#/$defs/x"); $defs; and, without effect, $comment, title, description, default, examples, and at
 * the top $schema (2020-12) and $id. Any other keyword is refused, so that no rule goes unchecked
 * silently.
 *
 * A schema is compiled once, then only read; threads may share it. Circular references must pass
 * through a part of the value, so a check ends; it is given up after SCHEMA_STEPS. Numbers compare
 * by value: 1.0 is an integer and equals 1. */
#pragma once
#include "base/json.h"

#define SCHEMA_DIALECT "https://json-schema.org/draft/2020-12/schema"
#define SCHEMA_DEPTH 64       /* of schemas within schemas */
#define SCHEMA_STEPS 2000000U /* schemas applied, and values compared, in one check */

struct schema;
/* Keeps a reference to `json`, which must not change afterwards. ERR_INVALID names the place within
 * the schema, such as "#/properties/name", and the rule that it breaks. */
MUST_CHECK enum err schema_load(const json_t *json, struct schema **out);
void schema_free(struct schema *s);
/* `*fits`: whether the value is valid. ERR_TOO_LARGE if checking takes too many steps. */
MUST_CHECK enum err schema_check(const struct schema *s, const json_t *value, bool *fits);
