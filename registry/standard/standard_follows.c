/* standard_follows.c - checks that a standard may follow another, so that published records stay
 * readable.
 *
 * Pages show every version with the standard in force. So a new one may add fields, members and
 * values, and change texts, limits, order and requirements. It may not remove a field, a member or
 * a value, or change its type. An unwanted field stops being required, and its help may say so. */
#include "registry/standard/standard_parts.h"
#include "registry/standard/type.h"

#include <string.h>

static const struct field *member_of(const struct field *f, const char *name)
{
	for (size_t i = 0; i < f->members_n; i++)
		if (strcmp(f->members[i].name, name) == 0)
			return &f->members[i];
	return NULL;
}

static bool has_value(const struct field *f, const char *value)
{
	return json_find(json_object_get(f->json, "values"), "value", value);
}

static enum err values_follow(const char *place, const struct field *old, const struct field *new)
{
	json_each (json_object_get(old->json, "values"), one)
		ENSURE(has_value(new, json_str(one, "value")), ERR_INVALID,
			"%s: the value \"%s\" is gone; records use it, so keep it", place,
			json_str(one, "value"));
	return OK;
}

static enum err field_follows(const char *place, const struct field *old, const struct field *new)
{
	char at[PLACE];

	ENSURE(new, ERR_INVALID,
		"%s: it is gone; records use it, so keep it and no longer require it", place);
	ENSURE(new->type == old->type, ERR_INVALID,
		"%s: its type was \"%s\" and cannot become \"%s\"", place,
		field_types[old->type].name, field_types[new->type].name);
	ENSURE(new->automatic == old->automatic, ERR_INVALID, "%s: \"auto\" cannot change", place);
	TRY(values_follow(place, old, new));
	if (old->item)
		TRY(field_follows(place, old->item, new->item));
	for (size_t i = 0; i < old->members_n; i++) {
		const char *name = old->members[i].name;

		snprintf(at, sizeof(at), "%.120s.%.60s", place, name);
		TRY(field_follows(at, &old->members[i], member_of(new, name)));
	}
	return OK;
}

enum err standard_follows(const struct standard *old, const struct standard *new)
{
	ENSURE(strcmp(json_str(old->json, "standard"), json_str(new->json, "standard")) == 0,
		ERR_INVALID, "\"standard\": the register's standard is \"%s\", and this is \"%s\"",
		json_str(old->json, "standard"), json_str(new->json, "standard"));
	for (size_t i = 0; i < old->n; i++)
		TRY(field_follows(old->fields[i].name, &old->fields[i],
			standard_field(new, old->fields[i].name)));
	return OK;
}
