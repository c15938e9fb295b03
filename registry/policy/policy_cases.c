/* Runs a policy's own cases, each with its expected results. */
#include "registry/policy/judgement.h"

#include <string.h>

/* The ids of a list, of all items or of those with the given `met`. */
enum which { ALL, MET, UNMET };
static json_t *ids(const json_t *list, const char *key, enum which which)
{
	json_t *out = json_array();

	json_each (list, one) {
		bool met = json_is_true(json_object_get(one, "met"));

		if (which == ALL || met == (which == MET))
			json_push(out, json_text(json_str(one, key)));
	}
	return out;
}

/* The due days of duties, by their ids. */
static json_t *dues(const json_t *duties)
{
	json_t *out = json_object();

	json_each (duties, one) {
		if (json_str(one, "due"))
			json_put(out, json_str(one, "id"), json_text(json_str(one, "due")));
	}
	return out;
}

/* "rules", "duties", "met" and "unmet" are lists of ids, "dues" days by id; others are members of
 * the answer. */
static json_t *part(const json_t *answer, const char *name)
{
	const json_t *duties = json_object_get(answer, "duties");

	if (strcmp(name, "rules") == 0)
		return ids(json_object_get(answer, "reasons"), "rule", ALL);
	if (strcmp(name, "duties") == 0)
		return ids(duties, "id", ALL);
	if (strcmp(name, "met") == 0 || strcmp(name, "unmet") == 0)
		return ids(duties, "id", *name == 'm' ? MET : UNMET);
	if (strcmp(name, "dues") == 0)
		return dues(duties);
	return json_incref(json_object_get(answer, name));
}

static char *shown(const json_t *value)
{
	AUTO(buf) text = BUF(200);

	if (!value)
		return mem_text("nothing");
	json_canonical(value, &text);
	return buf_take(&text);
}

static enum err compare(const json_t *answer, const json_t *expect)
{
	json_members (expect, name, value) {
		json_auto_t *is = part(answer, name);
		AUTOFREE char *got = shown(is), *want = shown(value);

		ENSURE(is && json_equal(is, value), ERR_FALSE, "\"%s\" is %s, not %s", name, got,
			want);
	}
	return OK;
}

enum err judge_case(struct judge *j, const struct in_force *p, size_t i)
{
	const json_t *one = json_array_get(policy_cases(p->policy), i),
		     *facts = json_object_get(one, "facts");
	json_auto_t *record =
		facts ? json_make("{s:{s:O}}", "assessments", policy_id(p->policy), facts)
		      : json_incref(json_object_get(one, "record"));
	json_auto_t *answer = NULL;
	enum err e = judge_run(j, p, record, &answer);

	if (e == OK)
		e = compare(answer, json_object_get(one, "expect"));
	ENSURE(e == OK, e, "case \"%s\": %s", json_str(one, "name"), err_why());
	return OK;
}

enum err judge_cases(struct judge *j, const struct in_force *p, size_t *n)
{
	for (*n = 0; *n < json_array_size(policy_cases(p->policy)); ++*n)
		TRY(judge_case(j, p, *n));
	return OK;
}
