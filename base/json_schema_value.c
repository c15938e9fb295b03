/* json_schema_value.c - keywords on the value itself: types, numbers, texts, equality. */
#include "base/json_schema_parts.h"

#include <math.h>
#include <string.h>

/* --- types --- */

static bool is_whole(const json_t *value)
{
	double d = json_real_value(value);

	return json_is_integer(value) || (json_is_real(value) && d == floor(d));
}

static bool is_null(const json_t *value)
{
	return json_is_null(value);
}
static bool is_bool(const json_t *value)
{
	return json_is_boolean(value);
}
static bool is_number(const json_t *value)
{
	return json_is_number(value);
}
static bool is_string(const json_t *value)
{
	return json_is_string(value);
}
static bool is_array(const json_t *value)
{
	return json_is_array(value);
}
static bool is_object(const json_t *value)
{
	return json_is_object(value);
}

static const struct type {
	const char *name;
	bool (*is)(const json_t *value);
} types[] = {
	{"null", is_null},
	{"boolean", is_bool},
	{"integer", is_whole},
	{"number", is_number},
	{"string", is_string},
	{"array", is_array},
	{"object", is_object},
};

static const struct type *type_of(const json_t *name)
{
	const char *s = json_string_value(name);

	for (size_t i = 0; s && i < COUNT(types); i++)
		if (strcmp(types[i].name, s) == 0)
			return &types[i];
	return NULL;
}

bool holds_type(struct run *run, const struct rule *rule, const json_t *value)
{
	if (json_is_string(rule->value))
		return type_of(rule->value)->is(value);
	json_each (rule->value, name) {
		if (type_of(name)->is(value))
			return true;
	}
	return false;
}

/* --- equality and order --- */

/* Exact: does not round a whole number beyond 2^53. */
static int compare(const json_t *a, const json_t *b)
{
	long double x = json_is_integer(a) ? (long double)json_integer_value(a)
	                                   : (long double)json_real_value(a);
	long double y = json_is_integer(b) ? (long double)json_integer_value(b)
	                                   : (long double)json_real_value(b);

	return (x > y) - (x < y);
}

static bool objects_equal(struct run *run, const json_t *a, const json_t *b)
{
	if (json_object_size(a) != json_object_size(b))
		return false;
	json_members (a, key, value) {
		const json_t *other = json_object_get(b, key);

		if (!other || !value_equal(run, value, other))
			return false;
	}
	return true;
}

static bool arrays_equal(struct run *run, const json_t *a, const json_t *b)
{
	if (json_array_size(a) != json_array_size(b))
		return false;
	for (size_t i = 0; i < json_array_size(a); i++)
		if (!value_equal(run, json_array_get(a, i), json_array_get(b, i)))
			return false;
	return true;
}

bool value_equal(struct run *run, const json_t *a, const json_t *b)
{
	if (++run->steps > SCHEMA_STEPS)
		return false;
	if (json_is_number(a) && json_is_number(b))
		return compare(a, b) == 0;
	if (json_typeof(a) != json_typeof(b))
		return false;
	if (json_is_object(a))
		return objects_equal(run, a, b);
	if (json_is_array(a))
		return arrays_equal(run, a, b);
	return json_equal(a, b);
}

bool holds_const(struct run *run, const struct rule *rule, const json_t *value)
{
	return value_equal(run, rule->value, value);
}

bool holds_enum(struct run *run, const struct rule *rule, const json_t *value)
{
	json_each (rule->value, one) {
		if (value_equal(run, one, value))
			return true;
	}
	return false;
}

bool holds_minimum(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_number(value) || compare(value, rule->value) >= 0;
}

bool holds_maximum(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_number(value) || compare(value, rule->value) <= 0;
}

bool holds_exclusive_minimum(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_number(value) || compare(value, rule->value) > 0;
}

bool holds_exclusive_maximum(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_number(value) || compare(value, rule->value) < 0;
}

bool holds_multiple_of(struct run *run, const struct rule *rule, const json_t *value)
{
	double quotient;

	if (!json_is_number(value))
		return true;
	if (json_is_integer(value) && json_is_integer(rule->value))
		return json_integer_value(value) % json_integer_value(rule->value) == 0;
	quotient = json_number_value(value) / json_number_value(rule->value);
	return isfinite(quotient) && quotient == floor(quotient);
}

/* --- texts --- */

/* A count may be written as "2.0". */
static double limit_of(const struct rule *rule)
{
	return json_number_value(rule->value);
}

static double length_of(const json_t *value)
{
	const char *s = json_string_value(value), *end = s + json_string_length(value);
	size_t n = 0;

	for (; s < end; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return (double)n;
}

bool holds_min_length(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_string(value) || length_of(value) >= limit_of(rule);
}

bool holds_max_length(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_string(value) || length_of(value) <= limit_of(rule);
}

bool holds_pattern(struct run *run, const struct rule *rule, const json_t *value)
{
	size_t len = json_string_length(value);

	if (!json_is_string(value))
		return true;
	run->steps += (unsigned)(len / 16);
	return pattern_matches(rule->pattern, json_string_value(value), len);
}

/* --- the values of keywords --- */

static bool is_names(const json_t *value)
{
	if (!json_is_array(value))
		return false;
	json_each (value, name) {
		if (!json_is_string(name))
			return false;
	}
	return true;
}

static bool is_names_map(const json_t *value)
{
	if (!json_is_object(value))
		return false;
	json_members (value, key, names) {
		if (!is_names(names))
			return false;
	}
	return true;
}

static bool is_types(const json_t *value)
{
	if (!json_is_array(value))
		return type_of(value) != NULL;
	json_each (value, name) {
		if (!type_of(name))
			return false;
	}
	return json_array_size(value) > 0;
}

static bool is_count(const json_t *value)
{
	return is_whole(value) && json_number_value(value) >= 0;
}

static bool is_positive(const json_t *value)
{
	return json_number_value(value) > 0;
}

static bool is_dialect(const json_t *value)
{
	return json_is_string(value) && strcmp(json_string_value(value), SCHEMA_DIALECT) == 0;
}

static bool is_id(const json_t *value)
{
	const char *s = json_string_value(value);

	return s && strstr(s, "://") && !strchr(s, '#');
}

static const struct {
	bool (*is)(const json_t *value); /* NULL: any value, or checked when compiled */
	const char *flaw;
} shapes[] = {
	[SHAPE_STRING] = {is_string, "must be a text"},
	[SHAPE_BOOL] = {is_bool, "must be true or false"},
	[SHAPE_COUNT] = {is_count, "must be a whole number of 0 or more"},
	[SHAPE_NUMBER] = {is_number, "must be a number"},
	[SHAPE_POSITIVE] = {is_positive, "must be a number above 0"},
	[SHAPE_VALUES] = {is_array, "must be a list"},
	[SHAPE_NAMES] = {is_names, "must be a list of texts"},
	[SHAPE_NAMES_MAP] = {is_names_map, "must be an object of lists of texts"},
	[SHAPE_TYPES] = {is_types, "must be a type of JSON Schema, or a list of them"},
	[SHAPE_PATTERN] = {is_string, "must be a regular expression, as a text"},
	[SHAPE_REF] = {is_string, "must be a text"},
	[SHAPE_ID] = {is_id, "must be a whole address without \"#\""},
	[SHAPE_DIALECT] = {is_dialect, "must be \"" SCHEMA_DIALECT "\""},
	[SHAPE_MAP] = {is_object, "must be an object of schemas"},
};

const char *shape_flaw(enum shape shape, const json_t *value)
{
	if (shape >= COUNT(shapes) || !shapes[shape].is || shapes[shape].is(value))
		return NULL;
	return shapes[shape].flaw;
}
