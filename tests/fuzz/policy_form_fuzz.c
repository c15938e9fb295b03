/* Arbitrary JSON as a policy's content, and arbitrary facts checked against a valid one: a policy
 * that loads answers every query, and every problem names its policy, place and rule. The input is
 * the content or, after a line "facts", a record for the questions of a small policy. */
#include "registry/policy/policy.h"

#include "tests/unit/small_policy.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FACTS "facts\n"

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_problems(const json_t *problems)
{
	static const char *const members[] = {"field", "at", "rule", "policy"};
	json_t *one;
	size_t i;

	json_array_foreach (problems, i, one) {
		for (size_t k = 0; k < COUNT(members); k++)
			must(json_str(one, members[k]) != NULL);
	}
}

static void check_facts(const struct policy *p, const json_t *record)
{
	json_auto_t *problems = json_array();

	policy_check_facts(p, record, problems);
	check_problems(problems);
}

/* Exercises every query on a loaded policy. */
static void use(const struct policy *p)
{
	json_auto_t *facts = json_object(), *record = NULL;
	json_t *q, *value;
	size_t i;

	must(policy_id(p) && *policy_id(p));
	for (i = 0; i < COUNT(policy_files); i++)
		must(policy_file(p, policy_files[i]) != NULL);
	free(policy_readme(p, "ko"));
	free(policy_readme(p, "en"));
	json_array_foreach (json_object_get(policy_questions(p), "levels"), i, value)
		must(policy_level(p, json_object_get(value, "level")) == value);
	json_array_foreach (json_object_get(policy_questions(p), "questions"), i, q) {
		value = json_object_get(json_array_get(json_object_get(q, "values"), 0), "value");
		must(policy_question(p, json_str(q, "fact")) == q);
		(void)policy_asks(q, facts);
		if (value)
			must(policy_has_value(q, value));
		json_put(facts, json_str(q, "fact"), value ? json_incref(value) : json_true());
	}
	record = json_make("{s:{s:O}}", "assessments", policy_id(p), facts);
	check_facts(p, record);
}

static void try_content(const json_t *content)
{
	struct policy *p = NULL;

	if (policy_load(content, &p) != OK)
		return;
	use(p);
	policy_free(p);
}

/* The files themselves, which then need not be encoded as strings of one JSON value. */
static void try_files(const char *text, size_t size)
{
	AUTOFREE char *questions = mem_bytes(text, size);
	const char *files[4] = {questions, ".",
		"[{\"name\": \"a\", \"facts\": {}, \"expect\": {}}]", "가\n<!-- en -->\na\n"};
	json_auto_t *content = NULL;

	if (policy_pack(files, &content) == OK)
		try_content(content);
}

static void try_record(const char *text, size_t size)
{
	json_auto_t *content = small_policy("small", NULL, 1), *record = NULL;
	struct policy *p = NULL;

	if (json_read(text, size, MIB, RULES_STRICT, &record) != OK)
		return;
	must(policy_load(content, &p) == OK);
	check_facts(p, record);
	policy_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	json_auto_t *content = NULL;

	if (size > sizeof(FACTS) - 1 && memcmp(text, FACTS, sizeof(FACTS) - 1) == 0) {
		try_record(text + sizeof(FACTS) - 1, size - (sizeof(FACTS) - 1));
		return 0;
	}
	if (json_read(text, size, POLICY_MAX, RULES_STRICT, &content) == OK)
		try_content(content);
	try_files(text, size);
	return 0;
}
