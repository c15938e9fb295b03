/* standard_rules.c - the rules of a standard between fields, read from its file. */
#include "registry/standard/standard_parts.h"

#include <stdlib.h>
#include <string.h>

/* Keywords whose schemas apply to the record itself. */
static const char *const one[] = {"not", "if", "then", "else"};
static const char *const many[] = {"allOf", "anyOf", "oneOf"};

static enum err check_field(const struct standard *s, const char *place, const char *name)
{
	ENSURE(name && standard_field(s, name), ERR_INVALID,
		"%s: names \"%.60s\", which is no field of the standard", place,
		name ? name : err_text("(not a text)"));
	return OK;
}

/* A rule that names no field would never apply, so it is probably a mistake. */
static enum err check_names(const struct standard *s, const char *place, const json_t *schema)
{
	const json_t *required = json_object_get(schema, "required");

	if (!json_is_object(schema))
		return OK;
	json_members (json_object_get(schema, "properties"), name, value)
		TRY(check_field(s, place, name));
	json_each (required, part)
		TRY(check_field(s, place, json_string_value(part)));
	for (size_t i = 0; i < COUNT(one); i++)
		TRY(check_names(s, place, json_object_get(schema, one[i])));
	for (size_t i = 0; i < COUNT(many); i++)
		json_each (json_object_get(schema, many[i]), part)
			TRY(check_names(s, place, part));
	return OK;
}

/* Rules are inside the schema of the whole standard, where "#" is another place. */
static enum err check_self_contained(const char *place, const json_t *json)
{
	json_each (json, value)
		TRY(check_self_contained(place, value));
	json_members (json, name, value) {
		ENSURE(name[0] != '$' || strcmp(name, "$comment") == 0, ERR_INVALID,
			"%s: \"%.60s\" is not allowed in a rule", place, name);
		TRY(check_self_contained(place, value));
	}
	return OK;
}

static enum err read_condition(
	const struct standard *s, const char *place, const json_t *json, struct rule *rule)
{
	json_auto_t *schema = json_make("{s:O, s:O}", "if", json_object_get(json, "if"), "then",
		json_object_get(json, "then"));
	char why[ERR_WHY_MAX];

	TRY(check_self_contained(place, schema));
	if (schema_load(schema, &rule->schema) != OK) {
		snprintf(why, sizeof(why), "%s", err_why());
		return fail(ERR_INVALID, "%s: %s", place, why);
	}
	return check_names(s, place, schema);
}

static enum err read_order(
	const struct standard *s, const char *place, const json_t *before, struct rule *rule)
{
	ENSURE(json_array_size(before) == 2, ERR_INVALID,
		"%s: \"before\" must be a list of two fields", place);
	for (size_t i = 0; i < 2; i++) {
		const char *name = json_string_value(json_array_get(before, i));

		TRY(check_field(s, place, name));
		rule->order[i] = standard_field(s, name);
		ENSURE(rule->order[i]->type == TYPE_DATE || rule->order[i]->type == TYPE_MONTH,
			ERR_INVALID, "%s: \"before\" names \"%s\", which is no date or month",
			place, name);
	}
	return OK;
}

static enum err read_rule(const struct standard *s, const char *place, struct rule *rule)
{
	const json_t *json = rule->json, *before = json_object_get(json, "before");
	bool has_if = json_object_get(json, "if") && json_object_get(json, "then");
	bool has_part = json_object_get(json, "if") || json_object_get(json, "then");
	const char *field = json_str(json, "field");

	ENSURE(before ? !has_part : has_if, ERR_INVALID,
		"%s: needs either \"if\" and \"then\", or \"before\"", place);
	TRY(check_field(s, place, field));
	rule->field = standard_field(s, field);
	ENSURE(!rule->field->automatic, ERR_INVALID,
		"%s: points at \"%s\", which the register fills in", place, field);
	return before ? read_order(s, place, before, rule) : read_condition(s, place, json, rule);
}

static enum err read_names(const struct standard *s, const char *list)
{
	json_each (json_object_get(s->json, list), name)
		TRY(check_field(s, list, json_string_value(name)));
	return OK;
}

enum err rules_read(struct standard *s)
{
	const json_t *rules = json_object_get(s->json, "rules");
	char place[PLACE];

	TRY(read_names(s, "never_withheld"));
	TRY(read_names(s, "asked_of_supplier"));
	TRY(shape_check_list(rules, RULE, "id", "rules"));
	s->rules = mem_new((json_array_size(rules) + 1) * sizeof(*s->rules));
	for (; s->rules_n < json_array_size(rules); s->rules_n++) {
		struct rule *rule = &s->rules[s->rules_n];
		enum err e;

		rule->json = json_array_get(rules, s->rules_n);
		place_name(place, "rules", s->rules_n, rule->json);
		e = read_rule(s, place, rule);
		if (e != OK) {
			schema_free(rule->schema);
			return e;
		}
	}
	return OK;
}

void rules_free(struct standard *s)
{
	for (size_t i = 0; i < s->rules_n; i++)
		schema_free(s->rules[i].schema);
	free(s->rules);
}

const json_t *standard_rule_message(const struct standard *s, const char *id)
{
	for (size_t i = 0; i < s->rules_n; i++)
		if (strcmp(json_str(s->rules[i].json, "id"), id) == 0)
			return json_object_get(s->rules[i].json, "message");
	return NULL;
}
