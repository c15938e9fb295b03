#include "registry/policy/judgement.h"

#include "registry/standard/form.h"

#include <string.h>

static const char *const risks[] = {"minimal", "limited", "high", "prohibited"};

int risk_rank(const char *risk)
{
	for (size_t i = 0; risk && i < COUNT(risks); i++)
		if (strcmp(risks[i], risk) == 0)
			return (int)i + 1;
	return 0;
}

void judgement_key(const json_t *judgement, char key[65])
{
	AUTO(buf) lines = BUF(64 * KIB);

	json_each (json_object_get(judgement, "policies"), one)
		policies_name_add(&lines, json_str(one, "policy"), json_str(one, "sha256"));
	policies_name_end(&lines, key);
}

/* --- its form --- */

static enum err check_list(const json_t *one, const char *list, const char *id)
{
	ENSURE(json_is_array(json_object_get(one, list)), ERR_INVALID, "\"%s\" must be a list",
		list);
	json_each_at (json_object_get(one, list), i, item)
		ENSURE(json_str(item, id), ERR_INVALID, "%s[%zu]: \"%s\" is missing", list, i, id);
	return OK;
}

enum err judgement_check_due(const json_t *duties)
{
	json_each_at (duties, i, duty) {
		const json_t *due = json_object_get(duty, "due");
		const char *day = json_string_value(due);

		ENSURE(!due || (day && form_is_date(day)), ERR_INVALID,
			"duties[%zu]: \"due\" must be a day that exists, such as 2028-08-28", i);
	}
	return OK;
}

static enum err check_one(const json_t *one)
{
	const char *id = json_str(one, "policy"), *sha256 = json_str(one, "sha256");
	const json_t *risk = json_object_get(one, "risk");

	ENSURE(id && sha256 && strlen(sha256) == 64 && json_num(one, "version") > 0, ERR_INVALID,
		"a policy's judgement needs \"policy\", \"version\" and \"sha256\"");
	ENSURE(json_is_null(risk) || risk_rank(json_string_value(risk)), ERR_INVALID,
		"%s: \"risk\" is no level of the register", id);
	TRY(check_list(one, "reasons", "rule"));
	TRY(check_list(one, "duties", "id"));
	return judgement_check_due(json_object_get(one, "duties"));
}

enum err judgement_form(const json_t *judgement)
{
	const json_t *list = json_object_get(judgement, "policies"), *level;
	int strictest = 0;

	ENSURE(json_is_array(list), ERR_INVALID, "a judgement needs \"policies\"");
	json_each_at (list, i, one) {
		const char *before = i ? json_str(json_array_get(list, i - 1), "policy") : "";
		int rank = risk_rank(json_str(one, "risk"));

		TRY(check_one(one));
		ENSURE(strcmp(before, json_str(one, "policy")) < 0, ERR_INVALID,
			"the policies of a judgement must be in order");
		strictest = rank > strictest ? rank : strictest;
	}
	level = json_object_get(judgement, "level");
	ENSURE(strictest ? risk_rank(json_string_value(level)) == strictest : json_is_null(level),
		ERR_INVALID, "the level of a judgement must be the strictest of its policies");
	return OK;
}

/* --- a record held to it --- */

/* Rules that a well-formed field may still break. */
static bool is_of_form(const char *rule)
{
	static const char *const rules[] = {"missing", "language_missing", "standard_rule"};

	for (size_t i = 0; rule && i < COUNT(rules); i++)
		if (strcmp(rules[i], rule) == 0)
			return true;
	return false;
}

bool judgement_sound(const json_t *record, const json_t *problems, json_t **out)
{
	json_auto_t *sound = json_copy((json_t *)record);

	json_each (problems, one) {
		const char *field = json_str(one, "field");

		if (is_of_form(json_str(one, "rule")))
			continue;
		if (!field || !*field || strcmp(field, "assessments") == 0)
			return false;
		json_object_del(sound, field);
	}
	*out = TAKE(sound);
	return json_is_object(*out);
}

static const json_t *justified(const json_t *record, const char *policy, const char *rule)
{
	const json_t *list = json_object_get(record, "risk_basis");

	json_each (list, basis) {
		const char *of = json_str(basis, "policy"), *by = json_str(basis, "rule");

		if (of && by && strcmp(of, policy) == 0 && strcmp(by, rule) == 0 &&
			json_object_size(json_object_get(basis, "justification")))
			return basis;
	}
	return NULL;
}

static void add_problem(json_t *problems, const char *field, const char *rule, json_t *more)
{
	json_put(more, "field", json_text(field));
	json_put(more, "at", json_text(field));
	json_put(more, "rule", json_text(rule));
	json_push(problems, more);
}

static void check_presumed(const json_t *record, const json_t *one, json_t *problems)
{
	const char *policy = json_str(one, "policy");

	json_each (json_object_get(one, "reasons"), reason) {
		const char *rule = json_str(reason, "rule");

		if (json_str(reason, "presumed") && !justified(record, policy, rule))
			add_problem(problems, "risk_basis", "unjustified",
				json_make("{s:s,s:s,s:O?}", "policy", policy, "got", rule, "text",
					json_object_get(reason, "text")));
	}
}

/* The reasons for the strictest level, for the department that must raise its own. */
static json_t *reasons_of(const json_t *judgement, int rank)
{
	json_t *list = json_array();

	json_each (json_object_get(judgement, "policies"), one) {
		if (risk_rank(json_str(one, "risk")) != rank)
			continue;
		json_each (json_object_get(one, "reasons"), reason)
			json_push(list, json_text(json_str(reason, "rule")));
	}
	return list;
}

void judgement_check_level(const json_t *record, const json_t *judgement, json_t *problems)
{
	const char *published = json_str(record, "risk_category"),
		   *level = json_str(judgement, "level");

	if (risk_rank(published) < risk_rank(level))
		add_problem(problems, "risk_category", "laxer",
			json_make("{s:s?,s:s,s:o}", "got", published, "level", level, "why",
				reasons_of(judgement, risk_rank(level))));
	json_each (json_object_get(judgement, "policies"), one)
		check_presumed(record, one, problems);
}

static void check_failed(const json_t *one, json_t *problems)
{
	const char *why = json_str(one, "failed");

	if (why)
		add_problem(problems, "assessments", "not_judged",
			json_make("{s:s,s:s}", "policy", json_str(one, "policy"), "got", why));
}

void judgement_check(
	const struct policies *ps, const json_t *record, const json_t *judgement, json_t *problems)
{
	for (size_t i = 0; i < ps->n; i++)
		policy_check_facts(ps->all[i].policy, record, problems);
	json_each (json_object_get(judgement, "policies"), one)
		check_failed(one, problems);
	judgement_check_level(record, judgement, problems);
}

static bool is_known(const struct policies *ps, const char *policy)
{
	for (size_t i = 0; i < ps->n; i++)
		if (strcmp(policy_id(ps->all[i].policy), policy) == 0)
			return true;
	for (size_t i = 0; policy_own_id(i); i++) /* may be answered before they are adopted */
		if (strcmp(policy_own_id(i), policy) == 0)
			return true;
	return false;
}

void judgement_check_names(const struct policies *ps, const json_t *record, json_t *problems)
{
	if (!ps->n) /* they may be for the first policy, not adopted yet */
		return;
	json_members (json_object_get(record, "assessments"), policy, facts) {
		AUTOFREE char *at = mem_printf("assessments.%s", policy);

		if (!is_known(ps, policy))
			add_problem(
				problems, at, "unknown_policy", json_make("{s:s}", "got", policy));
	}
}

/* --- two of them --- */

static bool is_met(const json_t *duty)
{
	return json_is_true(json_object_get(duty, "met"));
}

static void put_pair(json_t *changes, const char *name, const json_t *before, const json_t *after)
{
	json_t *was = json_object_get(before, name), *is = json_object_get(after, name);

	was = was ? json_incref(was) : json_null();
	is = is ? json_incref(is) : json_null();
	if (json_equal(was, is)) {
		json_decref(was);
		json_decref(is);
	} else {
		json_put(changes, name, json_make("[o,o]", was, is));
	}
}

static void put_id(json_t *changes, const char *list, const char *id)
{
	if (!json_object_get(changes, list))
		json_put(changes, list, json_array());
	json_push(json_object_get(changes, list), json_text(id));
}

static bool same_due(const json_t *was, const json_t *is)
{
	const char *a = json_str(was, "due"), *b = json_str(is, "due");

	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Duties that only one of the two has, that only one has met, or that have another due day. */
static void put_duties(json_t *changes, const json_t *before, const json_t *after)
{
	const json_t *was = json_object_get(before, "duties"),
		     *is = json_object_get(after, "duties");

	json_each (is, duty) {
		const char *id = json_str(duty, "id");
		const json_t *old = json_find(was, "id", id);

		if (!old)
			put_id(changes, "added", id);
		else if (is_met(old) != is_met(duty))
			put_id(changes, is_met(duty) ? "now_met" : "now_unmet", id);
		if (old && !same_due(old, duty))
			put_id(changes, "moved", id);
	}
	json_each (was, duty) {
		if (!json_find(is, "id", json_str(duty, "id")))
			put_id(changes, "removed", json_str(duty, "id"));
	}
}

static void compare(json_t *list, const char *policy, const json_t *before, const json_t *after)
{
	json_t *changes = json_object();

	put_pair(changes, "level", before, after);
	put_duties(changes, before, after);
	if (!json_object_size(changes)) {
		json_decref(changes);
		return;
	}
	json_put(changes, "policy", json_text(policy));
	json_push(list, changes);
}

json_t *judgement_changes(const json_t *before, const json_t *after)
{
	const json_t *was = json_object_get(before, "policies"),
		     *is = json_object_get(after, "policies");
	json_t *changes = json_object(), *list = json_array();

	put_pair(changes, "level", before, after);
	put_pair(changes, "review_months", before, after);
	json_each (is, one)
		compare(list, json_str(one, "policy"),
			json_find(was, "policy", json_str(one, "policy")), one);
	json_each (was, one) {
		if (!json_find(is, "policy", json_str(one, "policy")))
			compare(list, json_str(one, "policy"), one, NULL);
	}
	if (json_array_size(list))
		json_put(changes, "policies", list);
	else
		json_decref(list);
	if (json_object_size(changes))
		return changes;
	json_decref(changes);
	return NULL;
}

void judgement_duties(const json_t *judgement, int64_t *n, int64_t *met)
{
	*n = *met = 0;
	json_each (json_object_get(judgement, "policies"), one) {
		json_each (json_object_get(one, "duties"), duty) {
			++*n;
			*met += is_met(duty);
		}
	}
}
