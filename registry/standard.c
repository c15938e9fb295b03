#include "registry/standard.h"

#include "base/markdown.h"
#include "registry/form.h"

#include <stdlib.h>
#include <string.h>

#define FILE_MAX MIB
#define PLACE 200

struct standard {
	json_t *json;
	struct field *fields;  /* in the file's order */
	struct field **sorted; /* the same by name */
	size_t n;
};

static const char *const type_names[] = {
	[TYPE_TEXT] = "text",
	[TYPE_MARKDOWN] = "markdown",
	[TYPE_CODE] = "code",
	[TYPE_URL] = "url",
	[TYPE_CONTACT] = "contact",
	[TYPE_DATE] = "date",
	[TYPE_MONTH] = "month",
	[TYPE_ENUM] = "enum",
	[TYPE_LIST] = "list",
	[TYPE_OBJECT] = "object",
};

/* --- the shape of the file --- */

enum kind { NAME, STRING, TEXTS, STRINGS, FLAG, POSITIVE, OBJECT, ARRAY, REQUIRED,
	LANGUAGE, ANYTHING };
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
enum { FILE_SHAPE, LIMITS, TYPE, GROUP, FIELD, ITEM, MEMBER, VALUE };
static const struct shape shapes[] = {
	[FILE_SHAPE] = SHAPE(
		{"standard", STRING,   true},
		{"version",  POSITIVE, true},
		{"title",    TEXTS,    true},
		{"language", LANGUAGE, false},
		{"limits",   OBJECT,   true},
		{"types",    OBJECT,   false},
		{"groups",   ARRAY,    true},
		{"fields",   ARRAY,    true}),
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
		{"label",    TEXTS,    true},
		{"help",     TEXTS,    false},
		{"values",   ARRAY,    false}),
	[VALUE] = SHAPE(
		{"value", STRING, true},
		{"label", TEXTS,  true},
		{"help",  TEXTS,  false}),
};
static const char *const kind_names[] = {
	[NAME] = "a name of a-z, 0-9 and _",
	[STRING] = "a text that is not empty",
	[TEXTS] = "an object with a text in \"ko\" and one in \"en\"",
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
	const char *key;
	json_t *text;

	if (!json_is_object(value))
		return false;
	json_object_foreach((json_t *)value, key, text)
	{
		if (!is_string(text))
			return false;
	}
	return true;
}

static bool is_texts(const json_t *value)
{
	return is_strings(value) && json_str(value, "ko") && json_str(value, "en");
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

static enum err check_shape(const json_t *value, const struct shape *shape, const char *place)
{
	const char *key;
	json_t *item;

	ENSURE(json_is_object(value), ERR_INVALID, "%s: must be an object", place);
	json_object_foreach((json_t *)value, key, item)
	{
		const struct member *m = member_named(shape, key);

		ENSURE(m, ERR_INVALID, "%s: unknown member \"%.60s\"", place, key);
		ENSURE(is_of_kind(item, m->kind), ERR_INVALID, "%s: \"%s\" must be %s", place, key,
			kind_names[m->kind]);
	}
	for (size_t i = 0; i < shape->n; i++)
		ENSURE(!shape->members[i].must || json_object_get(value, shape->members[i].name),
			ERR_INVALID, "%s: \"%s\" is missing", place, shape->members[i].name);
	return OK;
}

/* "fields[3] (goal)": by number and, where it has one, by name. */
static void place_name(char out[PLACE], const char *list, size_t i, const json_t *value)
{
	const char *name = json_str(value, "name");

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

/* Checks each entry of a list against one shape, and that no two have the same `key`. */
static enum err check_list(
	const json_t *list, const struct shape *shape, const char *key, const char *name)
{
	char place[PLACE];

	for (size_t i = 0; i < json_array_size(list); i++) {
		place_name(place, name, i, json_array_get(list, i));
		TRY(check_shape(json_array_get(list, i), shape, place));
		TRY(check_unique(list, i, key, place));
	}
	return OK;
}

/* The program's own limits cannot be raised by a file. */
static enum err check_limits(const json_t *limits)
{
	TRY(check_shape(limits, &shapes[LIMITS], "limits"));
	ENSURE(json_num(limits, "record_bytes") <= (int64_t)(16 * MIB), ERR_INVALID,
		"limits: \"record_bytes\" must be at most %lu", 16 * MIB);
	ENSURE(json_num(limits, "markdown_bytes") <= (int64_t)MARKDOWN_MAX, ERR_INVALID,
		"limits: \"markdown_bytes\" must be at most %lu", MARKDOWN_MAX);
	ENSURE(json_num(limits, "nesting") == MARKDOWN_NESTING, ERR_INVALID,
		"limits: \"nesting\" must be %d", MARKDOWN_NESTING);
	return OK;
}

static bool is_type(const char *name)
{
	for (size_t i = 0; i < COUNT(type_names); i++)
		if (strcmp(type_names[i], name) == 0)
			return true;
	return false;
}

static enum err check_types(const json_t *types)
{
	const char *name;
	json_t *type;
	char place[PLACE];

	json_object_foreach((json_t *)types, name, type)
	{
		ENSURE(is_type(name), ERR_INVALID, "types: unknown type \"%.60s\"", name);
		snprintf(place, sizeof(place), "types.%s", name);
		TRY(check_shape(type, &shapes[TYPE], place));
	}
	return OK;
}

static enum err check_file(const json_t *json)
{
	TRY(check_shape(json, &shapes[FILE_SHAPE], "the standard"));
	TRY(check_limits(json_object_get(json, "limits")));
	TRY(check_types(json_object_get(json, "types")));
	TRY(check_list(json_object_get(json, "groups"), &shapes[GROUP], "name", "groups"));
	return check_list(json_object_get(json, "fields"), &shapes[FIELD], "name", "fields");
}

/* --- fields --- */

static enum err check_values(const struct field *f, const char *place)
{
	const json_t *values = json_object_get(f->json, "values");
	char list[PLACE];

	ENSURE((f->type == TYPE_ENUM) == (values != NULL), ERR_INVALID,
		values ? "%s: only an enum has \"values\"" : "%s: an enum needs \"values\"", place);
	snprintf(list, sizeof(list), "%.150s.values", place);
	return check_list(values, &shapes[VALUE], "value", list);
}

/* What fields, items and members have in common. */
static enum err read_field(const json_t *json, const char *place, struct field *f)
{
	const char *type = json_str(json, "type");
	size_t i = 0;

	while (i < COUNT(type_names) && strcmp(type_names[i], type) != 0)
		i++;
	ENSURE(i < COUNT(type_names), ERR_INVALID, "%s: unknown type \"%.60s\"", place, type);
	f->name = json_str(json, "name");
	f->type = (enum field_type)i;
	f->max = json_num(json, "max");
	f->json = json;
	f->required = json_object_get(json, "required");
	return check_values(f, place);
}

static enum err read_members(const char *place, struct field *item)
{
	const json_t *members = json_object_get(item->json, "members");
	char list[PLACE], at[PLACE];

	ENSURE((item->type == TYPE_OBJECT) == (members != NULL), ERR_INVALID,
		members ? "%s: only an object has \"members\"" : "%s: an object needs \"members\"",
		place);
	snprintf(list, sizeof(list), "%.150s.members", place);
	TRY(check_list(members, &shapes[MEMBER], "name", list));
	item->members_n = json_array_size(members);
	item->members = mem_new(item->members_n * sizeof(*item->members));
	for (size_t i = 0; i < item->members_n; i++) {
		struct field *m = &item->members[i];

		place_name(at, list, i, json_array_get(members, i));
		TRY(read_field(json_array_get(members, i), at, m));
		ENSURE(m->type < TYPE_LIST, ERR_INVALID, "%s: a member cannot be a list or object",
			at);
		m->group = item->group;
	}
	return OK;
}

static enum err read_item(const char *place, struct field *f)
{
	const json_t *item = json_object_get(f->json, "item");
	char at[PLACE];

	ENSURE((f->type == TYPE_LIST) == (item != NULL), ERR_INVALID,
		item ? "%s: only a list has an \"item\"" : "%s: a list needs an \"item\"", place);
	if (!item)
		return OK;
	snprintf(at, sizeof(at), "%.150s.item", place);
	TRY(check_shape(item, &shapes[ITEM], at));
	f->item = mem_new(sizeof(*f->item));
	TRY(read_field(item, at, f->item));
	ENSURE(f->item->type != TYPE_LIST, ERR_INVALID, "%s: an item cannot be a list", at);
	f->item->name = f->name;
	f->item->group = f->group;
	return read_members(at, f->item);
}

static bool has_group(const json_t *json, const char *name)
{
	const json_t *groups = json_object_get(json, "groups");

	for (size_t i = 0; i < json_array_size(groups); i++)
		if (strcmp(json_str(json_array_get(groups, i), "name"), name) == 0)
			return true;
	return false;
}

static enum err read_one(const struct standard *s, const char *place, struct field *f)
{
	TRY(read_field(f->json, place, f));
	ENSURE(f->type != TYPE_OBJECT, ERR_INVALID, "%s: only items of a list are objects", place);
	f->group = json_str(f->json, "group");
	f->automatic = json_is_true(json_object_get(f->json, "auto"));
	ENSURE(has_group(s->json, f->group), ERR_INVALID, "%s: unknown group \"%s\"", place,
		f->group);
	ENSURE(!f->automatic || json_is_false(f->required), ERR_INVALID,
		"%s: what the register fills in cannot be required", place);
	return read_item(place, f);
}

static bool has_value(const struct field *f, const char *value)
{
	const json_t *values = json_object_get(f->json, "values");

	for (size_t i = 0; i < json_array_size(values); i++)
		if (strcmp(json_str(json_array_get(values, i), "value"), value) == 0)
			return true;
	return false;
}

static enum err check_condition(
	const struct standard *s, const char *place, const char *name, const json_t *values)
{
	const struct field *f = standard_field(s, name);

	ENSURE(f && f->type == TYPE_ENUM, ERR_INVALID,
		"%s: \"required\" names \"%.60s\", which is no enum field", place, name);
	ENSURE(json_array_size(values) > 0, ERR_INVALID,
		"%s: \"required\" needs a list of values of %s", place, name);
	for (size_t i = 0; i < json_array_size(values); i++) {
		const char *value = json_string_value(json_array_get(values, i));

		ENSURE(value && has_value(f, value), ERR_INVALID,
			"%s: \"required\" names \"%.60s\", which is no value of %s", place,
			value ? value : "(not a text)", name);
	}
	return OK;
}

static enum err check_required(const struct standard *s, const char *place, const struct field *f)
{
	const char *name;
	json_t *values;

	if (!json_is_object(f->required))
		return OK;
	json_object_foreach((json_t *)f->required, name, values)
	{
		TRY(check_condition(s, place, name, values));
	}
	return OK;
}

static int by_name(const void *a, const void *b)
{
	return strcmp((*(struct field *const *)a)->name, (*(struct field *const *)b)->name);
}

static enum err read_fields(struct standard *s)
{
	const json_t *fields = json_object_get(s->json, "fields");
	char place[PLACE];

	s->n = json_array_size(fields);
	s->fields = mem_new(s->n * sizeof(*s->fields));
	s->sorted = mem_new(s->n * sizeof(*s->sorted));
	for (size_t i = 0; i < s->n; i++) {
		s->fields[i].json = json_array_get(fields, i);
		s->sorted[i] = &s->fields[i];
		place_name(place, "fields", i, s->fields[i].json);
		TRY(read_one(s, place, &s->fields[i]));
	}
	qsort(s->sorted, s->n, sizeof(*s->sorted), by_name);
	for (size_t i = 0; i < s->n; i++) {
		place_name(place, "fields", i, s->fields[i].json);
		TRY(check_required(s, place, &s->fields[i]));
	}
	return OK;
}

/* A standard that explains its types explains all that it uses; one that was adopted before
 * there were explanations still loads. */
static enum err check_explained(const json_t *types, const struct field *f, const char *name)
{
	const char *type = type_names[f->type];

	ENSURE(json_object_get(types, type), ERR_INVALID,
		"types: \"%s\", the type of %s, is missing", type, name);
	for (size_t i = 0; i < f->members_n; i++)
		TRY(check_explained(types, &f->members[i], name));
	return f->item ? check_explained(types, f->item, name) : OK;
}

static enum err check_all_explained(const struct standard *s)
{
	const json_t *types = json_object_get(s->json, "types");

	for (size_t i = 0; types && i < s->n; i++)
		TRY(check_explained(types, &s->fields[i], s->fields[i].name));
	return OK;
}

/* --- the standard --- */

enum err standard_load(const char *text, size_t len, struct standard **out)
{
	struct standard *s = mem_new(sizeof(*s));
	enum err e = json_read(text, len, FILE_MAX, RULES_STRICT, &s->json);

	if (e == OK)
		e = check_file(s->json);
	if (e == OK)
		e = read_fields(s);
	if (e == OK)
		e = check_all_explained(s);
	if (e != OK) {
		standard_free(s);
		return e;
	}
	*out = s;
	return OK;
}

void standard_free(struct standard *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->fields && i < s->n; i++) {
		if (s->fields[i].item)
			free(s->fields[i].item->members);
		free(s->fields[i].item);
	}
	free(s->fields);
	free(s->sorted);
	json_decref(s->json);
	free(s);
}

const struct field *standard_field(const struct standard *s, const char *name)
{
	struct field wanted = {.name = name}, *key = &wanted, **found;

	found = bsearch(&key, s->sorted, s->n, sizeof(*s->sorted), by_name);
	return found ? *found : NULL;
}

const struct field *standard_fields(const struct standard *s, size_t *n)
{
	*n = s->n;
	return s->fields;
}

const json_t *standard_json(const struct standard *s)
{
	return s->json;
}

int64_t standard_version(const struct standard *s)
{
	return json_num(s->json, "version");
}

size_t standard_record_max(const struct standard *s)
{
	return (size_t)json_num(json_object_get(s->json, "limits"), "record_bytes");
}

/* --- texts in languages --- */

static const char *text_in(const json_t *value, const char *tag, const char **used)
{
	const char *s = tag ? json_str(value, tag) : NULL;

	if (!s || !*s)
		return NULL;
	*used = json_object_iter_key(json_object_iter_at((json_t *)value, tag));
	return s;
}

/* "en" for "en-GB", and "zh-Hans" for "zh". */
static const char *text_in_primary(const json_t *value, const char *lang, const char **used)
{
	AUTOFREE char *primary = mem_bytes(lang, strcspn(lang, "-"));
	const char *s = text_in(value, primary, used), *tag;
	size_t len = strlen(primary);
	json_t *item;

	if (s || !len)
		return s;
	json_object_foreach((json_t *)value, tag, item)
	{
		if (strncmp(tag, primary, len) == 0 && tag[len] == '-' &&
			(s = text_in(value, tag, used)))
			return s;
	}
	return NULL;
}

static const char *text_in_any(const json_t *value, const char **used)
{
	const char *tag, *s;
	json_t *item;

	json_object_foreach((json_t *)value, tag, item)
	{
		if ((s = text_in(value, tag, used)))
			return s;
	}
	return NULL;
}

const char *standard_text(const json_t *value, const char *lang, const char **used)
{
	const char *s, *tag = NULL;

	s = text_in(value, lang, &tag);
	if (!s && lang)
		s = text_in_primary(value, lang, &tag);
	if (!s)
		s = text_in(value, "ko", &tag);
	if (!s)
		s = text_in(value, "en", &tag);
	if (!s)
		s = text_in_any(value, &tag);
	if (s && used)
		*used = tag;
	return s;
}
