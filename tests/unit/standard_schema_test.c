#include "base/json_schema.h"
#include "tests/unit/record_maker.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* In make check fewer, of the same kinds. */
static int how_many(void)
{
	return getenv("GAYA_SHORT") ? 500 : 2000;
}

static struct standard *load(const char *path)
{
	AUTO(buf) text = BUF(MIB);
	struct standard *s = NULL;

	if (file_read(path, &text) != OK || standard_load(text.data, text.len, &s) != OK)
		fail_msg("%s (tests run from the top of the tree)", err_why());
	return s;
}

/* What JSON Schema has no words for. */
static bool is_unsayable(const json_t *problem)
{
	static const char *const rules[] = {"html", "link", "image", "nesting", "record_too_large"};
	const char *rule = json_str(problem, "rule"), *id = json_str(problem, "id");

	for (size_t i = 0; i < COUNT(rules); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	if (strcmp(rule, "twice") == 0 && strcmp(json_str(problem, "field"), "translations") == 0)
		return true;
	return (strcmp(rule, "too_long") == 0 && json_object_get(problem, "unit")) ||
	       (id && strstr(id, "before"));
}

static bool sayably_good(const struct standard *s, const json_t *record, json_t *problems)
{
	const json_t *p;
	size_t i;

	(void)!standard_check(s, record, NEED_ALL, problems);
	json_array_foreach (problems, i, p) {
		if (!is_unsayable(p))
			return false;
	}
	return true;
}

static void compare(const struct standard *s, const struct schema *schema, const json_t *record,
	unsigned counts[2])
{
	json_t *problems = json_array();
	bool good = sayably_good(s, record, problems), fits = !good;

	assert_int_equal(OK, schema_check(schema, record, &fits));
	if (good != fits) {
		AUTO(buf) said = BUF(64 * KIB), shown = BUF(MIB);

		json_canonical(problems, &said);
		json_canonical(record, &shown);
		fail_msg("the schema says %s and the check %s\n%s", fits ? "good" : "bad",
			buf_text(&said), buf_text(&shown));
	}
	counts[good]++;
	json_decref(problems);
}

static void agree(const char *path, uint64_t seed)
{
	struct standard *s = load(path);
	json_t *json = standard_schema(s);
	struct schema *schema = NULL;
	struct maker m = maker_new(s, seed);
	unsigned counts[2] = {0};
	const int records = how_many();

	if (schema_load(json, &schema) != OK)
		fail_msg("%s", err_why());
	for (int i = 0; i < records; i++) {
		json_t *record = maker_next(&m);

		compare(s, schema, record, counts);
		json_decref(record);
	}
	print_message("%s: %u good, %u bad\n", path, counts[1], counts[0]);
	assert_true(counts[1] > (unsigned)records / 10 && counts[0] > (unsigned)records / 10);
	maker_done(&m);
	schema_free(schema);
	json_decref(json);
	standard_free(s);
}

static void the_schema_of_a_standard_says_what_its_check_says(void **state)
{
	agree("policies/standard.json", 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_schema_of_a_standard_says_what_its_check_says),
	};

	return cmocka_run_group_tests_name("standard_schema", tests, NULL, NULL);
}
