/* check_rules.c - the standard's rules between fields, and about what a record withholds. */
#include "registry/standard/check_parts.h"
#include "registry/standard/standard_parts.h"

#include <string.h>

/* --- what is withheld --- */

const json_t *standard_withheld(const json_t *record, const char *field)
{
	return json_find(json_object_get(record, FIELD_WITHHELD), "field", field);
}

static bool never_withheld(const struct standard *s, const char *field)
{
	return json_has_text(json_object_get(s->json, "never_withheld"), field);
}

bool standard_withholds(const struct standard *s, const json_t *record, const char *field)
{
	const json_t *entry = standard_withheld(record, field);

	return entry && json_object_get(s->json, "never_withheld") && !never_withheld(s, field) &&
	       json_object_get(entry, "reason") && json_object_get(entry, "legal_basis");
}

static void check_entry(
	struct check *c, const json_t *record, const struct record_path *at, const json_t *entry)
{
	const char *name = json_str(entry, "field");
	const struct field *f = name ? standard_field(c->standard, name) : NULL;
	const struct record_path path = {.up = at, .name = "field"};

	if (!name)
		return; /* already reported: missing, or of another type */
	if (!f || f->automatic)
		problem(c, &path, "withheld_unknown", got_text(name));
	else if (never_withheld(c->standard, name))
		problem(c, &path, "withheld_never", json_make("{s:s}", "of", name));
	else if (json_object_get(record, name))
		problem(c, &path, "withheld_filled", json_make("{s:s}", "of", name));
	else if (standard_withheld(record, name) != entry)
		problem(c, &path, "twice", got_text(name));
}

static void check_withheld(struct check *c, const json_t *record)
{
	const struct record_path withheld = {.name = FIELD_WITHHELD};

	json_each_at (json_object_get(record, FIELD_WITHHELD), i, entry) {
		const struct record_path at = {.up = &withheld, .index = i};

		check_entry(c, record, &at, entry);
	}
}

/* --- rules --- */

/* A month and a day are compared by their common part: "2026-03" is not after "2026-03-01". */
static bool in_order(const struct rule *rule, const json_t *record)
{
	const char *first = json_str(record, rule->order[0]->name);
	const char *second = json_str(record, rule->order[1]->name);
	size_t len = strlen("2026-03");

	if (!first || !second)
		return true;
	if (strlen(first) == strlen(second))
		len = strlen(first);
	return strncmp(first, second, len) <= 0;
}

/* A rule that cannot be decided in time counts as broken. */
static bool keeps(const struct rule *rule, const json_t *record)
{
	bool fits = false;

	if (!rule->schema)
		return in_order(rule, record);
	return schema_check(rule->schema, record, &fits) == OK && fits;
}

static bool said_missing(const struct check *c, const char *field)
{
	json_each (c->problems, p) {
		if (strcmp(json_str(p, "at"), field) == 0 &&
			strcmp(json_str(p, "rule"), "missing") == 0)
			return true;
	}
	return false;
}

static bool said_wrong(const struct check *c, const char *field)
{
	json_each (c->problems, p)
		if (strcmp(json_str(p, "at"), field) == 0 &&
			strcmp(json_str(p, "rule"), "standard_rule") != 0)
			return true;
	return false;
}

/* A date that is no date is neither before nor after another. */
static bool compares_wrong(const struct check *c, const struct rule *rule)
{
	return !rule->schema &&
	       (said_wrong(c, rule->order[0]->name) || said_wrong(c, rule->order[1]->name));
}

static void check_rule(struct check *c, const struct rule *rule, const json_t *record)
{
	const struct record_path path = {.name = rule->field->name};

	if (keeps(rule, record) || standard_withholds(c->standard, record, rule->field->name) ||
		said_missing(c, rule->field->name) || compares_wrong(c, rule))
		return;
	problem(c, &path, "standard_rule", json_make("{s:s}", "id", json_str(rule->json, "id")));
}

void check_rules(struct check *c, const json_t *record)
{
	if (json_object_get(c->standard->json, "never_withheld"))
		check_withheld(c, record);
	if (standard_field(c->standard, FIELD_TRANSLATIONS))
		check_translations(c, record);
	if (standard_field(c->standard, FIELD_STATED))
		check_stated(c, record);
	for (size_t i = 0; i < c->standard->rules_n; i++)
		check_rule(c, &c->standard->rules[i], record);
}
