#include "base/json_schema.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Debian's json-schema-test-suite. Its newest draft is 7, so its schemas are first converted to
 * 2020-12, where the meaning is the same. */
#define SUITE "/usr/share/json-schema-test-suite/tests/draft7"

/* JSON with ' for ". */
static json_t *json(const char *quoted)
{
	AUTOFREE char *text = mem_text(quoted);
	json_error_t error;
	json_t *value;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	value = json_loads(text, JSON_DECODE_ANY, &error);
	if (!value)
		fail_msg("%s: %s", error.text, quoted);
	return value;
}

/* --- the suite --- */

/* Left out, with reasons: files for unsupported keywords, and groups that draft 7 and 2020-12 treat
 * differently or that need such a keyword. */
static const struct {
	const char *file, *group, *why;
} left_out[] = {
	{"patternProperties.json", NULL, "patternProperties is not supported"},
	{"refRemote.json", NULL, "a $ref to another schema is not supported"},
	{"definitions.json", NULL, "it refers to the schema of draft 7"},
	{"ref.json", "ref overrides any sibling keywords", "in 2020-12 it does not"},
	{"ref.json", "remote ref, containing refs itself", "it refers to the schema of draft 7"},
	{"ref.json", "Recursive references between schemas",
		"$id within a schema is not supported"},
	{"additionalProperties.json",
		"additionalProperties being false does not allow other properties",
		"patternProperties is not supported"},
	{"additionalProperties.json", "non-ASCII pattern with additionalProperties",
		"patternProperties is not supported"},
	{"properties.json", "properties, patternProperties, additionalProperties interaction",
		"patternProperties is not supported"},
	{"dependencies.json", "multiple dependencies subschema",
		"dependentSchemas is not supported"},
	{"dependencies.json", "dependencies with boolean subschemas",
		"dependentSchemas is not supported"},
};

static bool met[COUNT(left_out)];

static const char *why_left_out(const char *file, const char *group)
{
	for (size_t i = 0; i < COUNT(left_out); i++)
		if (strcmp(left_out[i].file, file) == 0 &&
			(!left_out[i].group ? !group
					    : group && strcmp(left_out[i].group, group) == 0)) {
			met[i] = true;
			return left_out[i].why;
		}
	return NULL;
}

static json_t *modern(const json_t *schema);

static json_t *modern_list(const json_t *list)
{
	json_t *out = json_array();
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		json_push(out, modern(one));
	return out;
}

static json_t *modern_map(const json_t *map)
{
	json_t *out = json_object(), *one;
	const char *name;

	json_object_foreach ((json_t *)map, name, one)
		json_put(out, name, modern(one));
	return out;
}

static json_t *modern_ref(const json_t *ref)
{
	static const char *const moved[][2] = {{"#/definitions/", "#/$defs/"},
		{"#/items/", "#/prefixItems/"}, {"#/tilda", "#/$defs/tilda"},
		{"#/slash", "#/$defs/slash"}, {"#/percent", "#/$defs/percent"}};
	const char *s = json_string_value(ref);

	for (size_t i = 0; i < COUNT(moved); i++)
		if (strncmp(s, moved[i][0], strlen(moved[i][0])) == 0) {
			AUTOFREE char *to =
				mem_printf("%s%s", moved[i][1], s + strlen(moved[i][0]));

			return json_text(to);
		}
	return json_text(s);
}

static void put_def(json_t *out, const char *name, json_t *schema)
{
	if (!json_object_get(out, "$defs"))
		json_put(out, "$defs", json_object());
	json_put(json_object_get(out, "$defs"), name, schema);
}

static void modern_member(json_t *out, const json_t *schema, const char *name, json_t *value)
{
	static const char *const one[] = {
		"additionalProperties", "propertyNames", "contains", "not", "if", "then", "else"};
	static const char *const many[] = {"allOf", "anyOf", "oneOf"};
	bool listed = json_is_array(json_object_get(schema, "items"));

	for (size_t i = 0; i < COUNT(one); i++)
		if (strcmp(one[i], name) == 0)
			json_put(out, name, modern(value));
	for (size_t i = 0; i < COUNT(many); i++)
		if (strcmp(many[i], name) == 0)
			json_put(out, name, modern_list(value));
	if (json_object_get(out, name))
		return;
	if (strcmp(name, "definitions") == 0)
		json_put(out, "$defs", modern_map(value));
	else if (strpbrk(name, "~/%")) /* later drafts keep these tests there too */
		put_def(out, name, modern(value));
	else if (strcmp(name, "properties") == 0)
		json_put(out, name, modern_map(value));
	else if (strcmp(name, "items") == 0 && listed)
		json_put(out, "prefixItems", modern_list(value));
	else if (strcmp(name, "items") == 0)
		json_put(out, name, modern(value));
	else if (strcmp(name, "additionalItems") == 0 && listed)
		json_put(out, "items", modern(value));
	else if (strcmp(name, "additionalItems") == 0)
		return; /* has no effect without a list of items */
	else if (strcmp(name, "dependencies") == 0)
		json_put(out, "dependentRequired", json_incref(value));
	else if (strcmp(name, "$ref") == 0 && json_is_string(value))
		json_put(out, name, modern_ref(value));
	else
		json_put(out, name, json_incref(value));
}

/* Converts a schema of draft 7 to 2020-12. */
static json_t *modern(const json_t *schema)
{
	json_t *out, *value;
	const char *name;

	if (!json_is_object(schema))
		return json_incref((json_t *)schema);
	out = json_object();
	json_object_foreach ((json_t *)schema, name, value)
		modern_member(out, schema, name, value);
	return out;
}

static unsigned tests_of(const char *file, const json_t *group, const struct schema *s)
{
	const json_t *tests = json_object_get(group, "tests"), *test;
	unsigned n = 0;
	size_t i;

	json_array_foreach (tests, i, test) {
		bool fits = false;

		if (schema_check(s, json_object_get(test, "data"), &fits) != OK)
			fail_msg("%s: %s", file, err_why());
		if (fits != json_is_true(json_object_get(test, "valid")))
			fail_msg("%s: %s: %s: it %s", file, json_str(group, "description"),
				json_str(test, "description"), fits ? "fits" : "does not fit");
		n++;
	}
	return n;
}

static unsigned run_group(const char *file, const json_t *group)
{
	const char *why = why_left_out(file, json_str(group, "description"));
	json_t *modern_schema = modern(json_object_get(group, "schema"));
	struct schema *s = NULL;
	unsigned n = 0;

	if (schema_load(modern_schema, &s) != OK) {
		if (!why)
			fail_msg("%s: %s: %s", file, json_str(group, "description"), err_why());
		print_message("left out: %s: %s: %s\n", file, json_str(group, "description"), why);
	} else if (why) {
		print_message("left out: %s: %s: %s\n", file, json_str(group, "description"), why);
	} else {
		n = tests_of(file, group, s);
	}
	schema_free(s);
	json_decref(modern_schema);
	return n;
}

static unsigned run_file(const char *file)
{
	AUTOFREE char *path = mem_printf("%s/%s", SUITE, file);
	json_t *groups;
	json_error_t error;
	const json_t *group;
	unsigned n = 0;
	size_t i;

	if (why_left_out(file, NULL)) {
		print_message("left out: %s: %s\n", file, why_left_out(file, NULL));
		return 0;
	}
	groups = json_load_file(path, JSON_ALLOW_NUL, &error);
	if (!groups)
		fail_msg("%s: %s", path, error.text);
	json_array_foreach (groups, i, group)
		n += run_group(file, group);
	json_decref(groups);
	return n;
}

static void the_test_suite_passes_for_every_keyword_that_is_supported(void **state)
{
	struct dirent **files;
	int n = scandir(SUITE, &files, NULL, alphasort);
	unsigned ran = 0;

	if (n < 0) {
		print_message("skipped: the JSON Schema test suite: there is no %s\n", SUITE);
		skip();
	}
	for (int i = 0; i < n; i++) {
		if (strstr(files[i]->d_name, ".json"))
			ran += run_file(files[i]->d_name);
		free(files[i]);
	}
	free(files);
	print_message("%u tests of the suite passed\n", ran);
	assert_true(ran > 300);
	for (size_t i = 0; i < COUNT(left_out); i++)
		if (!met[i])
			fail_msg("there is no %s, %s to leave out", left_out[i].file,
				left_out[i].group);
}

/* --- not covered by the suite --- */

static bool fits(const char *schema, const char *value)
{
	json_t *s = json(schema), *v = json(value);
	struct schema *loaded = NULL;
	bool fits = false;

	if (schema_load(s, &loaded) != OK || schema_check(loaded, v, &fits) != OK)
		fail_msg("%s: %s", schema, err_why());
	schema_free(loaded);
	json_decref(s);
	json_decref(v);
	return fits;
}

static void refused(const char *schema, const char *why)
{
	json_t *s = json(schema);
	struct schema *loaded = NULL;

	assert_int_equal(ERR_INVALID, schema_load(s, &loaded));
	assert_null(loaded);
	assert_string_equal(why, err_why());
	json_decref(s);
}

static void a_schema_that_cannot_be_held_to_is_refused_with_its_place(void **state)
{
	refused("{'properties': {'a/b': {'minimun': 1}}}",
		"#/properties/a~1b/minimun: this keyword is not supported");
	refused("{'allOf': [true, {'format': 'date'}]}",
		"#/allOf/1/format: this keyword is not supported");
	refused("{'items': [true]}", "#/items: a schema must be an object, true or false");
	refused("{'allOf': []}", "#/allOf: must be a list of schemas that is not empty");
	refused("{'type': 'text'}", "#/type: must be a type of JSON Schema, or a list of them");
	refused("{'maxLength': -1}", "#/maxLength: must be a whole number of 0 or more");
	refused("{'required': ['a', 1]}", "#/required: must be a list of texts");
	refused("{'pattern': '(?=a)'}",
		"#/pattern: pattern \"(?=a)\", at byte 1: only ( and (?: are supported");
	refused("{'$schema': 'http://json-schema.org/draft-07/schema#'}",
		"#/$schema: must be \"https://json-schema.org/draft/2020-12/schema\"");
	refused("{'$defs': {'a': {'$id': 'https://a.example/a'}}}",
		"#/$defs/a/$id: is allowed at the top only");
	refused("{'$ref': '#/$defs/none'}",
		"$ref \"#/$defs/none\" leads to no schema within this one");
	refused("{'$ref': 'https://a.example/b'}",
		"$ref \"https://a.example/b\" leads to no schema within this one");
	refused("{'const': {'a': 1}, '$ref': '#/const'}",
		"$ref \"#/const\" leads to no schema within this one");
}

static void a_reference_that_never_ends_is_refused(void **state)
{
	static const char circle[] =
		"a $ref leads back to where it stands without going into the value";

	refused("{'$ref': '#'}", circle);
	refused("{'$defs': {'a': {'anyOf': [true, {'$ref': '#/$defs/b'}]}, 'b': {'not': "
		"{'$ref': '#/$defs/a'}}}}",
		circle);
	assert_true(fits("{'items': {'$ref': '#'}, 'type': 'array'}", "[[], [[[]]]]"));
	assert_false(fits("{'items': {'$ref': '#'}, 'type': 'array'}", "[[], [[[1]]]]"));
}

static void a_schema_may_be_so_deep_and_no_deeper(void **state)
{
	for (int depth = SCHEMA_DEPTH; depth <= SCHEMA_DEPTH + 1; depth++) {
		json_t *s = json("true"), *chain = json_object(), *top;
		struct schema *loaded = NULL;

		for (int i = 0; i < depth; i++)
			s = json_make("{s:o}", "not", s);
		assert_int_equal(depth <= SCHEMA_DEPTH ? OK : ERR_INVALID, schema_load(s, &loaded));
		schema_free(loaded);
		json_decref(s);
		for (int i = 0; i < depth; i++) {
			AUTOFREE char *name = mem_printf("c%d", i);
			AUTOFREE char *ref = mem_printf("#/$defs/c%d", i + 1);

			json_put(chain, name,
				i + 1 < depth ? json_make("{s:s}", "$ref", ref) : json_true());
		}
		top = json_make("{s:o, s:s}", "$defs", chain, "$ref", "#/$defs/c0");
		loaded = NULL;
		assert_int_equal(
			depth <= SCHEMA_DEPTH ? OK : ERR_INVALID, schema_load(top, &loaded));
		schema_free(loaded);
		json_decref(top);
	}
}

/* 2^40 ways to apply one schema. */
static void a_check_that_takes_too_long_is_given_up(void **state)
{
	json_t *defs = json_object(), *top, *value = json("[1]");
	struct schema *loaded = NULL;
	bool holds = true;

	for (int i = 0; i < 40; i++) {
		AUTOFREE char *name = mem_printf("d%d", i);
		AUTOFREE char *ref = mem_printf("#/$defs/d%d", i + 1);

		json_put(defs, name,
			json_make("{s:[{s:s}, {s:s}]}", "allOf", "$ref", ref, "$ref", ref));
	}
	json_put(defs, "d40", json_true());
	top = json_make("{s:o, s:s}", "$defs", defs, "$ref", "#/$defs/d0");
	if (schema_load(top, &loaded) == OK) /* else it is too deep, which will also do */
		assert_int_equal(ERR_TOO_LARGE, schema_check(loaded, value, &holds));
	else
		assert_non_null(strstr(err_why(), "too deeply"));
	schema_free(loaded);
	json_decref(top);
	top = json("{'allOf': [{'$ref': '#/$defs/a'}, {'$ref': '#/$defs/a'}], '$defs': {'a': "
		   "{'items': {'$ref': '#'}}}}");
	for (int i = 0; i < 28; i++)
		value = json_make("[o]", value);
	loaded = NULL;
	assert_int_equal(OK, schema_load(top, &loaded));
	assert_int_equal(ERR_TOO_LARGE, schema_check(loaded, value, &holds));
	schema_free(loaded);
	json_decref(top);
	json_decref(value);
}

static void a_length_counts_characters(void **state)
{
	assert_true(fits("{'maxLength': 2}", "'가😀'"));
	assert_false(fits("{'maxLength': 2}", "'가나다'"));
	assert_false(fits("{'minLength': 2}", "'😀'"));
}

static void numbers_compare_by_value(void **state)
{
	assert_true(fits("{'type': 'integer'}", "1.0"));
	assert_false(fits("{'type': 'integer'}", "1.5"));
	assert_true(fits("{'const': {'a': [1.0]}}", "{'a': [1]}"));
	assert_false(fits("{'const': 9007199254740993}", "9007199254740992"));
	assert_true(fits("{'maximum': 9007199254740991}", "9007199254740991"));
	assert_false(fits("{'maximum': 9007199254740991}", "9007199254740992"));
	assert_false(fits("{'const': 1}", "true"));
}

static void what_2020_12_changed_is_as_it_has_it(void **state)
{
	static const char pair[] =
		"{'prefixItems': [{'type': 'string'}], 'items': {'type': 'integer'}}";
	static const char some[] =
		"{'contains': {'type': 'string'}, 'minContains': 2, 'maxContains': 3}";
	static const char beside[] =
		"{'$defs': {'a': {'type': 'array'}}, '$ref': '#/$defs/a', 'maxItems': 1}";

	assert_true(fits(pair, "['a', 1, 2]"));
	assert_false(fits(pair, "['a', 'b']"));
	assert_false(fits(pair, "[1]"));
	assert_false(fits(some, "['a', 1]"));
	assert_true(fits(some, "['a', 'b', 1]"));
	assert_false(fits(some, "['a', 'b', 'c', 'd']"));
	assert_true(fits("{'contains': true, 'minContains': 0}", "[]"));
	assert_false(fits(beside, "[1, 2]"));
	assert_true(fits("{'dependentRequired': {'a': ['b']}}", "{'a': 1, 'b': 2}"));
	assert_false(fits("{'dependentRequired': {'a': ['b']}}", "{'a': 1}"));
	assert_true(fits("{'$schema': '" SCHEMA_DIALECT "', '$id': 'https://a.example/s'}", "1"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_test_suite_passes_for_every_keyword_that_is_supported),
		cmocka_unit_test(a_schema_that_cannot_be_held_to_is_refused_with_its_place),
		cmocka_unit_test(a_reference_that_never_ends_is_refused),
		cmocka_unit_test(a_schema_may_be_so_deep_and_no_deeper),
		cmocka_unit_test(a_check_that_takes_too_long_is_given_up),
		cmocka_unit_test(a_length_counts_characters),
		cmocka_unit_test(numbers_compare_by_value),
		cmocka_unit_test(what_2020_12_changed_is_as_it_has_it),
	};

	return cmocka_run_group_tests_name("json_schema", tests, NULL, NULL);
}
