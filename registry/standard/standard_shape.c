/* standard_shape.c - the members of a standard's file and their types. */
#include "base/markdown.h"
#include "registry/standard/form.h"
#include "registry/standard/standard_parts.h"
#include "registry/standard/type.h"

#include <string.h>

enum kind {
	NAME,
	STRING,
	TEXTS,
	STRINGS,
	FLAG,
	POSITIVE,
	OBJECT,
	ARRAY,
	REQUIRED,
	LANGUAGE,
	ANYTHING
};
struct member {
	const char *name;
	enum kind kind;
	bool must;
};
struct shape {
	const struct member *members;
	size_t n;
};
#define SHAPE(...)                                                    \
	{                                                             \
		(const struct member[]){__VA_ARGS__},                 \
			COUNT(((const struct member[]){__VA_ARGS__})) \
	}

/* clang-format off */
static const struct shape shapes[] = {
	[FILE_SHAPE] = SHAPE(
		{"standard", STRING,   true},
		{"version",  POSITIVE, true},
		{"title",    TEXTS,    true},
		{"language", LANGUAGE, false},
		{"limits",   OBJECT,   true},
		{"types",    OBJECT,   false},
		{"groups",   ARRAY,    true},
		{"fields",   ARRAY,    true},
		{"rules",    ARRAY,    false},
		{"asked_first", ARRAY, false},
		{"never_withheld", ARRAY, false},
		{"asked_of_supplier", ARRAY, false}),
	[LIMITS] = SHAPE(
		{"record_bytes",   POSITIVE, true},
		{"markdown_bytes", POSITIVE, true},
		{"nesting",        POSITIVE, true}),
	[TYPE] = SHAPE(
		{"help",    TEXTS,    true},
		{"example", ANYTHING, true}),
	[GROUP] = SHAPE(
		{"name",  NAME,  true},
		{"label", TEXTS, true},
		{"help",  TEXTS, false}),
	[FIELD] = SHAPE(
		{"name",     NAME,     true},
		{"group",    NAME,     true},
		{"type",     STRING,   true},
		{"required", REQUIRED, true},
		{"auto",     FLAG,     false},
		{"max",      POSITIVE, false},
		{"values",   ARRAY,    false},
		{"item",     OBJECT,   false},
		{"when",     TEXTS,    false},
		{"label",    TEXTS,    true},
		{"help",     TEXTS,    true},
		{"known_as", STRINGS,  false}),
	[ITEM] = SHAPE(
		{"type",    STRING,   true},
		{"max",     POSITIVE, false},
		{"values",  ARRAY,    false},
		{"members", ARRAY,    false}),
	[MEMBER] = SHAPE(
		{"name",     NAME,     true},
		{"type",     STRING,   true},
		{"max",      POSITIVE, false},
		{"required", FLAG,     false},
		{"past",     FLAG,     false},
		{"label",    TEXTS,    true},
		{"help",     TEXTS,    false},
		{"values",   ARRAY,    false}),
	[RULE] = SHAPE(
		{"id",      NAME,     true},
		{"field",   NAME,     true},
		{"message", TEXTS,    true},
		{"if",      ANYTHING, false},
		{"then",    ANYTHING, false},
		{"before",  ARRAY,    false}),
	[VALUE] = SHAPE(
		{"value",  STRING, true},
		{"label",  TEXTS,  true},
		{"answer", TEXTS,  false},
		{"help",   TEXTS,  false}),
	[ASKED] = SHAPE(
		{"field",    NAME,  true},
		{"question", TEXTS, true},
		{"with",     ARRAY, false}),
};
static const char *const kind_names[] = {
	[NAME] = "a name of a-z, 0-9 and _",
	[STRING] = "a text that is not empty",
	[TEXTS] = "an object of texts, one in each language",
	[STRINGS] = "an object of texts",
	[FLAG] = "true or false",
	[POSITIVE] = "a whole number above 0",
	[OBJECT] = "an object",
	[ARRAY] = "a list that is not empty",
	[REQUIRED] = "true, false or an object of lists",
	[LANGUAGE] = "the tag of a language, such as \"ko\"",
	[ANYTHING] = "a value",
};
/* clang-format on */

static bool is_string(const json_t *value)
{
	return json_string_length(value) > 0;
}

static bool is_name(const json_t *value)
{
	const char *s = json_string_value(value);

	return s && *s >= 'a' && *s <= 'z' &&
	       s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static bool is_strings(const json_t *value)
{
	if (!json_is_object(value))
		return false;
	json_members (value, key, text) {
		if (!is_string(text))
			return false;
	}
	return true;
}

static bool is_texts(const json_t *value)
{
	return is_strings(value) && !texts_lack(value);
}

static bool is_of_kind(const json_t *value, enum kind kind)
{
	switch (kind) {
	case NAME:
		return is_name(value);
	case STRING:
		return is_string(value);
	case TEXTS:
		return is_texts(value);
	case STRINGS:
		return is_strings(value);
	case FLAG:
		return json_is_boolean(value);
	case POSITIVE:
		return json_integer_value(value) > 0;
	case OBJECT:
		return json_is_object(value);
	case ARRAY:
		return json_array_size(value) > 0;
	case REQUIRED:
		return json_is_boolean(value) || json_object_size(value) > 0;
	case LANGUAGE:
		return is_string(value) && form_is_language(json_string_value(value));
	case ANYTHING:
		return true;
	}
	return false;
}

static const struct member *member_named(const struct shape *shape, const char *name)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(shape->members[i].name, name) == 0)
			return &shape->members[i];
	return NULL;
}

enum err shape_check(const json_t *value, enum shape_of of, const char *place)
{
	const struct shape *shape = &shapes[of];

	ENSURE(json_is_object(value), ERR_INVALID, "%s: must be an object", place);
	json_members (value, key, item) {
		const struct member *m = member_named(shape, key);

		ENSURE(m, ERR_INVALID, "%s: unknown member \"%.60s\"", place, key);
		ENSURE(m->kind != TEXTS || !is_strings(item) || !texts_lack(item), ERR_INVALID,
			"%s: \"%s\" has no text in the language \"%s\"", place, key,
			texts_lack(item));
		ENSURE(is_of_kind(item, m->kind), ERR_INVALID, "%s: \"%s\" must be %s", place, key,
			err_text(kind_names[m->kind]));
	}
	for (size_t i = 0; i < shape->n; i++)
		ENSURE(!shape->members[i].must || json_object_get(value, shape->members[i].name),
			ERR_INVALID, "%s: \"%s\" is missing", place, shape->members[i].name);
	return OK;
}

void place_name(char out[PLACE], const char *list, size_t i, const json_t *value)
{
	const char *name = json_str(value, "name");

	if (!name)
		name = json_str(value, "id");
	snprintf(out, PLACE, name ? "%.100s[%zu] (%.60s)" : "%.100s[%zu]", list, i, name);
}

static enum err check_unique(const json_t *list, size_t i, const char *key, const char *place)
{
	const char *name = json_str(json_array_get(list, i), key);

	for (size_t j = 0; j < i; j++)
		ENSURE(strcmp(name, json_str(json_array_get(list, j), key)) != 0, ERR_INVALID,
			"%s: the %s \"%s\" is there twice", place, key, name);
	return OK;
}

enum err shape_check_list(const json_t *list, enum shape_of of, const char *key, const char *name)
{
	char place[PLACE];

	for (size_t i = 0; i < json_array_size(list); i++) {
		place_name(place, name, i, json_array_get(list, i));
		TRY(shape_check(json_array_get(list, i), of, place));
		TRY(check_unique(list, i, key, place));
	}
	return OK;
}

/* A file cannot raise the program's own limits. */
static enum err check_limits(const json_t *limits)
{
	TRY(shape_check(limits, LIMITS, "limits"));
	ENSURE(json_num(limits, "record_bytes") <= (int64_t)(16 * MIB), ERR_INVALID,
		"limits: \"record_bytes\" must be at most %lu", 16 * MIB);
	ENSURE(json_num(limits, "markdown_bytes") <= (int64_t)MARKDOWN_MAX, ERR_INVALID,
		"limits: \"markdown_bytes\" must be at most %lu", MARKDOWN_MAX);
	ENSURE(json_num(limits, "nesting") == MARKDOWN_NESTING, ERR_INVALID,
		"limits: \"nesting\" must be %d", MARKDOWN_NESTING);
	return OK;
}

static enum err check_types(const json_t *types)
{
	enum field_type known;
	char place[PLACE];

	json_members (types, name, type) {
		ENSURE(type_named(name, &known), ERR_INVALID, "types: unknown type \"%.60s\"",
			name);
		snprintf(place, sizeof(place), "types.%s", name);
		TRY(shape_check(type, TYPE, place));
	}
	return OK;
}

enum err shape_check_file(const json_t *json)
{
	TRY(shape_check(json, FILE_SHAPE, "the standard"));
	TRY(check_limits(json_object_get(json, "limits")));
	TRY(check_types(json_object_get(json, "types")));
	TRY(shape_check_list(json_object_get(json, "groups"), GROUP, "name", "groups"));
	return shape_check_list(json_object_get(json, "fields"), FIELD, "name", "fields");
}
