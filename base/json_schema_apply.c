/* json_schema_apply.c - keywords that apply schemas: to the value itself, to members of an object,
 * to items of a list. */
#include "base/json_schema_parts.h"

/* After too many steps no schema holds; the caller sees the count. */
bool node_holds(struct run *run, const struct node *node, const json_t *value)
{
	if (++run->steps > SCHEMA_STEPS)
		return false;
	if (json_is_boolean(node->json))
		return json_is_true(node->json);
	for (size_t i = 0; i < node->n; i++) {
		const struct rule *rule = &node->rules[i];

		if (rule->keyword->holds && !rule->keyword->holds(run, rule, value))
			return false;
	}
	return true;
}

static const json_t *beside(const struct rule *rule, const char *keyword)
{
	return json_object_get(rule->around, keyword);
}

/* --- to the value itself --- */

bool holds_ref(struct run *run, const struct rule *rule, const json_t *value)
{
	return node_holds(run, rule->nodes[0], value);
}

static size_t holding(struct run *run, const struct rule *rule, const json_t *value, size_t enough)
{
	size_t n = 0;

	for (size_t i = 0; i < rule->n && n < enough; i++)
		n += node_holds(run, rule->nodes[i], value);
	return n;
}

bool holds_all_of(struct run *run, const struct rule *rule, const json_t *value)
{
	for (size_t i = 0; i < rule->n; i++)
		if (!node_holds(run, rule->nodes[i], value))
			return false;
	return true;
}

bool holds_any_of(struct run *run, const struct rule *rule, const json_t *value)
{
	return holding(run, rule, value, 1) == 1;
}

bool holds_one_of(struct run *run, const struct rule *rule, const json_t *value)
{
	return holding(run, rule, value, 2) == 1;
}

bool holds_not(struct run *run, const struct rule *rule, const json_t *value)
{
	return !node_holds(run, rule->nodes[0], value);
}

/* "then" and "else" are in the same schema as "if". */
bool holds_if(struct run *run, const struct rule *rule, const json_t *value)
{
	const struct rule *branch =
		node_holds(run, rule->nodes[0], value) ? rule->then : rule->otherwise;

	return !branch || node_holds(run, branch->nodes[0], value);
}

/* --- to members --- */

bool holds_properties(struct run *run, const struct rule *rule, const json_t *value)
{
	for (size_t i = 0; i < rule->n && json_is_object(value); i++) {
		const json_t *member = json_object_get(value, rule->names[i]);

		if (member && !node_holds(run, rule->nodes[i], member))
			return false;
	}
	return true;
}

bool holds_additional_properties(struct run *run, const struct rule *rule, const json_t *value)
{
	const json_t *known = beside(rule, rule->keyword->beside);

	if (!json_is_object(value))
		return true;
	json_members (value, name, member) {
		if (!json_object_get(known, name) && !node_holds(run, rule->nodes[0], member))
			return false;
	}
	return true;
}

bool holds_property_names(struct run *run, const struct rule *rule, const json_t *value)
{
	if (!json_is_object(value))
		return true;
	json_members (value, name, member) {
		json_auto_t *text = json_text(name);

		if (!node_holds(run, rule->nodes[0], text))
			return false;
	}
	return true;
}

static bool has_all(const json_t *object, const json_t *names)
{
	json_each (names, name) {
		if (!json_object_get(object, json_string_value(name)))
			return false;
	}
	return true;
}

bool holds_required(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_object(value) || has_all(value, rule->value);
}

bool holds_dependent_required(struct run *run, const struct rule *rule, const json_t *value)
{
	if (!json_is_object(value))
		return true;
	json_members (rule->value, name, names) {
		if (json_object_get(value, name) && !has_all(value, names))
			return false;
	}
	return true;
}

static double limit_of(const struct rule *rule)
{
	return json_number_value(rule->value);
}

bool holds_min_properties(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_object(value) || (double)json_object_size(value) >= limit_of(rule);
}

bool holds_max_properties(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_object(value) || (double)json_object_size(value) <= limit_of(rule);
}

/* --- to items --- */

bool holds_prefix_items(struct run *run, const struct rule *rule, const json_t *value)
{
	for (size_t i = 0; i < rule->n && i < json_array_size(value); i++)
		if (!node_holds(run, rule->nodes[i], json_array_get(value, i)))
			return false;
	return true;
}

bool holds_items(struct run *run, const struct rule *rule, const json_t *value)
{
	for (size_t i = json_array_size(beside(rule, rule->keyword->beside));
		i < json_array_size(value); i++)
		if (!node_holds(run, rule->nodes[0], json_array_get(value, i)))
			return false;
	return true;
}

bool holds_contains(struct run *run, const struct rule *rule, const json_t *value)
{
	const json_t *least = beside(rule, "minContains"), *most = beside(rule, "maxContains");
	double n = 0;

	if (!json_is_array(value))
		return true;
	for (size_t i = 0; i < json_array_size(value); i++)
		n += node_holds(run, rule->nodes[0], json_array_get(value, i));
	return n >= (least ? json_number_value(least) : 1) &&
	       (!most || n <= json_number_value(most));
}

bool holds_min_items(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_array(value) || (double)json_array_size(value) >= limit_of(rule);
}

bool holds_max_items(struct run *run, const struct rule *rule, const json_t *value)
{
	return !json_is_array(value) || (double)json_array_size(value) <= limit_of(rule);
}

bool holds_unique_items(struct run *run, const struct rule *rule, const json_t *value)
{
	if (!json_is_true(rule->value))
		return true;
	for (size_t i = 1; i < json_array_size(value) && run->steps <= SCHEMA_STEPS; i++)
		for (size_t j = 0; j < i && run->steps <= SCHEMA_STEPS; j++)
			if (value_equal(run, json_array_get(value, i), json_array_get(value, j)))
				return false;
	return true;
}
