#include "registry/policy/policy.h"

#include <string.h>

static bool holds(const json_t *fact, const json_t *value)
{
	if (!json_is_array(fact))
		return fact && json_equal(fact, value);
	json_each (fact, one) {
		if (json_equal(one, value))
			return true;
	}
	return false;
}

bool policy_asks(const json_t *question, const json_t *asked)
{
	json_members (json_object_get(question, "when"), fact, values) {
		bool any = false;

		json_each (values, value)
			any |= holds(json_object_get(asked, fact), value);
		if (!any)
			return false;
	}
	return true;
}

/* `when` names only earlier facts, so one pass in their order decides them all. */
json_t *policy_asked(const struct policy *p, const json_t *facts)
{
	json_t *asked = json_object();

	json_each (json_object_get(policy_questions(p), "questions"), q) {
		const char *fact = json_str(q, "fact");
		json_t *answer = json_object_get(facts, fact);

		if (answer && policy_asks(q, asked))
			json_put(asked, fact, json_incref(answer));
	}
	return asked;
}

/* Problems have the members of standard_check()'s. Takes ownership of `more`. */
static void problem(
	const struct policy *p, const char *fact, const char *rule, json_t *more, json_t *problems)
{
	AUTOFREE char *at = fact ? mem_printf("assessments.%s.%.80s", policy_id(p), fact)
	                         : mem_printf("assessments.%s", policy_id(p));
	const json_t *label = json_object_get(fact ? policy_question(p, fact) : NULL, "label");

	json_put(more, "field", json_text("assessments"));
	json_put(more, "at", json_text(at));
	json_put(more, "rule", json_text(rule));
	json_put(more, "policy", json_text(policy_id(p)));
	json_put(more, "title", json_incref(json_object_get(policy_questions(p), "title")));
	if (label)
		json_put(more, "fact", json_incref((json_t *)label));
	json_push(problems, more);
}

/* "value" or "label" of each allowed answer. */
static json_t *allowed(const json_t *question, const char *member)
{
	json_t *list = json_array();

	json_each (json_object_get(question, "values"), one)
		json_push(list, json_incref(json_object_get(one, member)));
	return list;
}

static void check_listed(
	const struct policy *p, const json_t *q, const json_t *value, json_t *problems)
{
	if (!policy_has_value(q, value))
		problem(p, json_str(q, "fact"), "fact_not_in_list",
			json_make("{s:O,s:o,s:o}", "got", value, "allowed", allowed(q, "value"),
				"labels", allowed(q, "label")),
			problems);
}

static bool within(const json_t *q, const json_t *value)
{
	const json_t *min = json_object_get(q, "min"), *max = json_object_get(q, "max");
	json_int_t n = json_integer_value(value);

	return json_is_integer(value) && (!min || n >= json_integer_value(min)) &&
	       (!max || n <= json_integer_value(max));
}

static void check_fact(
	const struct policy *p, const json_t *q, const json_t *value, json_t *problems)
{
	const char *type = json_str(q, "type"), *fact = json_str(q, "fact");

	if (strcmp(type, "choice") == 0 && json_is_string(value)) {
		check_listed(p, q, value, problems);
	} else if (strcmp(type, "choices") == 0 && json_is_array(value)) {
		json_each (value, one)
			check_listed(p, q, one, problems);
	} else if (strcmp(type, "bool") == 0      ? !json_is_boolean(value)
		   : strcmp(type, "integer") == 0 ? !within(q, value)
						  : true) {
		problem(p, fact, "wrong_fact", json_make("{s:s}", "wanted", type), problems);
	}
}

void policy_check_facts(const struct policy *p, const json_t *record, json_t *problems)
{
	const json_t *facts = json_object_get(json_object_get(record, "assessments"), policy_id(p));
	json_auto_t *asked = policy_asked(p, facts);

	if (!json_is_object(facts)) {
		problem(p, NULL, "unassessed", json_make("{}"), problems);
		return;
	}
	json_members (facts, fact, value) {
		const json_t *known = policy_question(p, fact);

		if (known)
			check_fact(p, known, value, problems);
		else
			problem(p, fact, "unknown_fact", json_make("{s:s}", "got", fact), problems);
	}
	json_each (json_object_get(policy_questions(p), "questions"), q) {
		if (json_is_true(json_object_get(q, "required")) && policy_asks(q, asked) &&
			!json_object_get(facts, json_str(q, "fact")))
			problem(p, json_str(q, "fact"), "unanswered", json_make("{}"), problems);
	}
}
