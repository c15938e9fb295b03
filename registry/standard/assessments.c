#include "registry/standard/assessments.h"

#include "registry/standard/check_parts.h"
#include "registry/standard/form.h"

#include <stdlib.h>
#include <string.h>

static bool is_fact_name(const char *s)
{
	size_t len = strlen(s);

	return len > 0 && len <= FACT_NAME &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
	               len;
}

/* --- the check --- */

static const struct field code = {.type = TYPE_CODE, .max = FACT_CODE};

static void check_code(struct check *c, const struct record_path *path, const json_t *value)
{
	if (json_is_string(value))
		check_string(c, &code, path, value);
	else
		wrong_type(c, path, "string", value);
}

static bool is_twice(const json_t *list, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (json_equal(json_array_get(list, j), json_array_get(list, i)))
			return true;
	return false;
}

static void check_codes(struct check *c, const struct record_path *path, const json_t *list)
{
	size_t n = json_array_size(list);

	if (n > FACT_CODES) {
		problem(c, path, "too_many", got_number(FACT_CODES, n));
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct record_path at = {.up = path, .index = i};
		const json_t *value = json_array_get(list, i);

		check_code(c, &at, value);
		if (json_is_string(value) && is_twice(list, i))
			problem(c, &at, "twice", got_text(json_string_value(value)));
	}
}

static void check_number(struct check *c, const struct record_path *path, const json_t *value)
{
	json_int_t n = json_integer_value(value);

	if (n > FACT_NUMBER || n < -FACT_NUMBER)
		problem(c, path, "number_range",
			json_make("{s:I, s:I}", "limit", (json_int_t)FACT_NUMBER, "got", n));
}

static void check_fact(struct check *c, const struct record_path *path, const json_t *value)
{
	if (json_is_string(value))
		check_code(c, path, value);
	else if (json_is_array(value))
		check_codes(c, path, value);
	else if (json_is_integer(value))
		check_number(c, path, value);
	else if (!json_is_boolean(value))
		wrong_type(c, path, "fact", value);
}

static void check_policy(struct check *c, const struct record_path *path, const json_t *facts)
{
	if (!json_is_object(facts)) {
		wrong_type(c, path, "facts", facts);
		return;
	}
	if (json_object_size(facts) > FACTS_MAX)
		problem(c, path, "too_many", got_number(FACTS_MAX, json_object_size(facts)));
	json_members (facts, name, value) {
		const struct record_path at = {.up = path, .name = name};

		if (is_fact_name(name))
			check_fact(c, &at, value);
		else
			problem(c, &at, "bad_fact", got_text(name));
	}
}

void check_assessments(struct check *c, const struct record_path *path, const json_t *value)
{
	if (!json_is_object(value)) {
		wrong_type(c, path, "assessments", value);
		return;
	}
	if (json_object_size(value) > POLICIES_MAX)
		problem(c, path, "too_many", got_number(POLICIES_MAX, json_object_size(value)));
	json_members (value, policy, facts) {
		const struct record_path at = {.up = path, .name = policy};

		if (slug_valid(policy))
			check_policy(c, &at, facts);
		else
			problem(c, &at, "bad_policy", got_text(policy));
	}
}

/* --- as text --- */

void fact_text(const json_t *value, struct buf *out)
{
	if (json_is_boolean(value))
		buf_puts(out, json_is_true(value) ? "true" : "false");
	else if (json_is_integer(value))
		buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else if (json_is_string(value))
		buf_puts(out, json_string_value(value));
	json_each_at (value, i, item)
		buf_printf(out, "%s%s", i ? ", " : "",
			json_is_string(item) ? json_string_value(item) : "");
}

/* --- what differs --- */

static json_t *copy_of(const json_t *value)
{
	return value ? json_deep_copy(value) : json_null();
}

static bool same(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

static json_t *change(const char *field, const json_t *before, const json_t *after)
{
	return json_make("{s:s, s:o, s:o}", "field", field, "before", copy_of(before), "after",
		copy_of(after));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The distinct keys of two objects, sorted; the caller frees the list, and `*both` keeps the names
 * alive. */
static const char **keys_of(const json_t *a, const json_t *b, json_t **both)
{
	json_t *all = json_make("{}");
	const char **names;
	size_t n = 0;

	json_object_update(all, (json_t *)a);
	json_object_update(all, (json_t *)b);
	names = mem_new((json_object_size(all) + 1) * sizeof(*names));
	json_members (all, name, value)
		names[n++] = name;
	qsort(names, n, sizeof(*names), by_text);
	*both = all;
	return names;
}

static void facts_diff(json_t *list, const char *field, const char *policy, const json_t *before,
	const json_t *after)
{
	json_t *both = NULL, *one;
	AUTOFREE const char **names = keys_of(before, after, &both);

	for (size_t i = 0; names[i]; i++) {
		const json_t *old = json_object_get(before, names[i]);
		const json_t *new = json_object_get(after, names[i]);

		if (same(old, new))
			continue;
		one = change(field, old, new);
		json_put(one, "policy", json_text(policy));
		json_put(one, "fact", json_text(names[i]));
		json_push(list, one);
	}
	if (!names[0]) {
		one = change(field, before, after);
		json_put(one, "policy", json_text(policy));
		json_push(list, one);
	}
	json_decref(both);
}

/* Absent, or an object of objects: only such values can be compared by fact. */
static bool has_form(const json_t *value)
{
	if (!json_is_object(value))
		return !value;
	json_members (value, policy, facts) {
		if (!json_is_object(facts))
			return false;
	}
	return true;
}

void assessments_diff(json_t *list, const char *field, const json_t *before, const json_t *after)
{
	size_t n = json_array_size(list);
	json_t *both = NULL;
	AUTOFREE const char **names = NULL;

	if (same(before, after))
		return;
	if (has_form(before) && has_form(after)) {
		names = keys_of(before, after, &both);
		for (size_t i = 0; names[i]; i++) {
			const json_t *old = json_object_get(before, names[i]);
			const json_t *new = json_object_get(after, names[i]);

			if (!same(old, new))
				facts_diff(list, field, names[i], old, new);
		}
		json_decref(both);
	}
	if (json_array_size(list) == n) /* the field itself came, went or changed form */
		json_push(list, change(field, before, after));
}
