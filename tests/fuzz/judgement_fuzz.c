/* Two arbitrary values and an array of judgements: a well-formed one has a key; the level differs
 * one way exactly if it differs the other way; an arbitrary record checked against a well-formed
 * one gives problems that can be described. */
#include "registry/policy/judgement.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_one(const json_t *judgement)
{
	int64_t n, met;
	char key[65];

	json_decref(judgement_changes(judgement, NULL));
	judgement_duties(judgement, &n, &met);
	must(met >= 0 && met <= n);
	if (judgement_form(judgement) != OK)
		return;
	judgement_key(judgement, key);
	must(strlen(key) == (json_array_size(json_object_get(judgement, "policies")) ? 64 : 0));
}

static void check_two(const json_t *a, const json_t *b)
{
	json_auto_t *there = NULL, *back = NULL;

	there = judgement_changes(a, b);
	back = judgement_changes(b, a);
	if (judgement_form(a) != OK || judgement_form(b) != OK)
		return;
	must(!json_object_get(there, "level") == !json_object_get(back, "level"));
}

static void check_record(const json_t *record, const json_t *judgement)
{
	json_auto_t *problems = json_array(), *sound = NULL;
	json_t *one;
	size_t i;

	if (judgement_form(judgement) == OK)
		judgement_check_level(record, judgement, problems);
	json_array_foreach (problems, i, one)
		must(json_str(one, "field") && json_str(one, "rule"));
	if (judgement_sound(record, judgement, &sound))
		must(json_is_object(sound));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_auto_t *value = NULL;
	const json_t *a, *b;

	if (json_read((const char *)data, size, JUDGEMENT_MAX, RULES_STRICT, &value) != OK)
		return 0;
	a = json_array_get(value, 0);
	b = json_array_get(value, 1);
	check_one(a ? a : value);
	if (!a || !b)
		return 0;
	check_two(a, b);
	check_record(a, b);
	return 0;
}
