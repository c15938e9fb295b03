/* Judgements: made of the policies' results, checked against the record, and compared. */
#include "registry/policy/judgement.h"

#include "tests/unit/small_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static json_t *json(const char *quoted)
{
	AUTOFREE char *text = small_replaced(quoted, "'", "\"");
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);

	if (!value)
		fail_msg("%s: %s", error.text, text);
	return value;
}

static char *text_of(const json_t *value)
{
	AUTO(buf) out = BUF(MIB);

	if (!value)
		return mem_text("nothing");
	json_canonical(value, &out);
	return buf_take(&out);
}

static void is(const json_t *value, const char *quoted)
{
	json_auto_t *want = json(quoted);
	AUTOFREE char *got = text_of(value);

	if (!value || !json_equal(value, want))
		fail_msg("%s, not %s", got, quoted);
}

/* --- judging --- */

static void add_policy(struct policies *ps, const char *id, const char *rule)
{
	json_auto_t *content = small_policy(id, rule, 1);

	ps->all = mem_resize(ps->all, (ps->n + 1) * sizeof(*ps->all));
	ps->all[ps->n] = (struct in_force){.version = 3};
	snprintf(ps->all[ps->n].sha256, 65, "%064zu", ps->n + 1);
	if (policy_load(content, &ps->all[ps->n].policy) != OK)
		fail_msg("%s", err_why());
	ps->n++;
	policies_name(ps);
}

static json_t *judged(const struct policies *ps, const char *facts)
{
	struct judge *j = judge_new(NULL);
	json_auto_t *record = json_object();
	json_t *judgement = NULL;

	json_put(record, "assessments", json(facts));
	if (judge_record(j, ps, record, &judgement) != OK)
		fail_msg("%s", err_why());
	judge_free(j);
	if (judgement_form(judgement) != OK)
		fail_msg("what was judged is of another form: %s", err_why());
	return judgement;
}

static const json_t *of_policy(const json_t *judgement, size_t i)
{
	return json_array_get(json_object_get(judgement, "policies"), i);
}

static void a_judgement_says_by_which_policies_and_what_each_said(void **state)
{
	struct policies ps = {0};
	json_auto_t *judgement = NULL;

	(void)state;
	add_policy(&ps, "one", NULL);
	add_policy(&ps, "two", NULL);
	judgement = judged(&ps, "{'one': {'risk': 'limited', 'owed': ['notice', 'audit'], 'done': "
				"['audit']}, 'two': {}}");
	is(of_policy(judgement, 0),
		"{'policy': 'one', 'version': 3, 'sha256': "
		"'0000000000000000000000000000000000000000000000000000000000000001', 'level': "
		"'limited', 'risk': 'limited', 'reasons': [{'rule': 'limited', 'basis': '1'}], "
		"'duties': [{'id': 'notice', 'basis': '3', 'met': false, 'fields': ['goal']}, "
		"{'id': 'audit', 'basis': '3', 'met': true, 'fields': ['goal']}]}");
	is(of_policy(judgement, 1),
		"{'policy': 'two', 'version': 3, 'sha256': "
		"'0000000000000000000000000000000000000000000000000000000000000002', 'level': "
		"null, 'risk': null, 'reasons': [{'rule': 'undecided', 'basis': '1'}], 'duties': "
		"[]}");
	policies_done(&ps);
}

static void the_level_is_the_strictest_and_the_review_the_soonest(void **state)
{
	static const struct {
		const char *facts, *level;
		int months;
	} judgements[] = {
		{"{'a': {'risk': 'minimal', 'months': 24}, 'b': {'risk': 'high', 'months': 36}, "
		 "'c': {'risk': 'limited', 'months': 12}}",
			"'high'", 12},
		{"{'a': {'risk': 'prohibited'}, 'b': {'risk': 'high'}, 'c': {}}", "'prohibited'",
			0},
		{"{'a': {'risk': 'minimal', 'months': 7}, 'b': {}}", "'minimal'", 7},
		{"{'b': {'months': 0}, 'c': {'months': -3}}", "null", 0},
		{"{}", "null", 0},
	};
	struct policies ps = {0};

	(void)state;
	add_policy(&ps, "a", NULL);
	add_policy(&ps, "b", NULL);
	add_policy(&ps, "c", NULL);
	for (size_t i = 0; i < COUNT(judgements); i++) {
		json_auto_t *judgement = judged(&ps, judgements[i].facts);

		is(json_object_get(judgement, "level"), judgements[i].level);
		assert_int_equal(judgements[i].months, json_num(judgement, "review_months"));
	}
	policies_done(&ps);
}

static void of_programs_that_fail_each_is_told_and_the_rest_judge(void **state)
{
	static const struct {
		const char *rule, *why;
	} wrong[] = {
		{"1", "wrong/rule.jq must give one object"},
		{"empty", "it gave 0 values"},
		{"{level: null, reasons: [], duties: []}, 1", "it gave 2 values"},
		{"{level: null, reasons: []}", "must give \"level\", \"reasons\" and \"duties\""},
		{"{reasons: [], duties: []}", "must give \"level\""},
		{"{level: \"grave\", reasons: [], duties: []}",
			"gave a level that questions.json does not have"},
		{"{level: null, reasons: [{basis: \"x\"}], duties: []}",
			"reasons[0] has no \"rule\""},
		{"{level: null, reasons: [], duties: [{id: \"a\"}, 3]}", "duties[1] has no \"id\""},
		{"{level: null, reasons: [], duties: [{id: \"a\", due: \"2028-02-30\"}]}",
			"duties[0]: \"due\" must be a day that exists"},
		{"error(\"on purpose\")", "on purpose"},
		{"{level: null, reasons: [], duties: [], more: 0.5}", "integers"},
		{"if", "syntax error"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		json_auto_t *judgement = NULL;
		struct policies ps = {0};
		const char *why;

		add_policy(&ps, "good", NULL);
		add_policy(&ps, "wrong", wrong[i].rule);
		judgement = judged(&ps, "{'good': {'risk': 'high'}, 'wrong': {}}");
		is(json_object_get(judgement, "level"), "'high'");
		assert_null(json_object_get(of_policy(judgement, 0), "failed"));
		why = json_str(of_policy(judgement, 1), "failed");
		if (!why || !strstr(why, wrong[i].why))
			fail_msg("%s: %s", wrong[i].rule, why);
		is(json_object_get(of_policy(judgement, 1), "risk"), "null");
		is(json_object_get(of_policy(judgement, 1), "duties"), "[]");
		policies_done(&ps);
	}
}

/* A program that reads the whole record would reveal by its answer that it ran again. */
static void what_is_said_of_a_record_without_facts_does_not_depend_on_the_record(void **state)
{
	struct judge *j = judge_new(NULL);
	struct policies ps = {0};
	json_auto_t *one = json("{'name': 'x', 'assessments': {'other': {}}}"),
		    *other = json("{'goal': 'y', 'assessments': 3}"), *a = NULL, *b = NULL;

	(void)state;
	add_policy(&ps, "shows",
		"{level: null, reasons: [{rule: (keys | join(\"+\") | . + \"!\")}], duties: []}");
	assert_int_equal(OK, judge_record(j, &ps, one, &a));
	assert_int_equal(OK, judge_record(j, &ps, other, &b));
	is(json_object_get(of_policy(a, 0), "reasons"), "[{'rule': '!'}]");
	assert_true(json_equal(a, b));
	/* Each has its own copy: changing one changes no other. */
	json_object_clear((json_t *)of_policy(a, 0));
	is(json_object_get(of_policy(b, 0), "reasons"), "[{'rule': '!'}]");
	policies_done(&ps);
	judge_free(j);
}

static void a_record_without_facts_for_one_policy_is_judged_whole_by_the_next(void **state)
{
	struct policies ps = {0};
	json_auto_t *judgement = NULL;

	(void)state;
	add_policy(&ps, "a", NULL);
	add_policy(&ps, "b", NULL);
	judgement = judged(&ps, "{'b': {'risk': 'high'}}");
	is(json_object_get(judgement, "level"), "'high'");
	is(json_object_get(of_policy(judgement, 0), "reasons"), "[{'rule': 'none', 'basis': '-'}]");
	policies_done(&ps);
}

static void the_key_of_a_judgement_is_that_of_the_policies_that_made_it(void **state)
{
	struct policies ps = {0};
	json_auto_t *none = NULL, *two = NULL;
	char key[65];

	(void)state;
	none = judged(&ps, "{}");
	judgement_key(none, key);
	assert_string_equal("", key);
	add_policy(&ps, "a", NULL);
	add_policy(&ps, "b", NULL);
	two = judged(&ps, "{}");
	judgement_key(two, key);
	assert_int_equal(64, strlen(key));
	assert_string_equal(ps.key, key);
	policies_done(&ps);
}

/* --- cases --- */

static void the_first_case_that_a_program_answers_otherwise_is_named(void **state)
{
	static const struct {
		const char *expect, *why;
	} cases[] = {
		{"{\"level\": \"high\"}", NULL},
		{"{\"rules\": [\"high\", \"p\"], \"duties\": [\"a\", \"b\"], \"met\": [\"b\"], "
		 "\"unmet\": [\"a\"]}",
			NULL},
		{"{\"level\": \"limited\"}", "\"level\" is \"high\", not \"limited\""},
		{"{\"unmet\": []}", "\"unmet\" is [\"a\"], not []"},
		{"{\"more\": 1}", "\"more\" is nothing, not 1"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *list = mem_printf(
			"[{\"name\": \"a case\", \"facts\": {\"risk\": \"high\", \"owed\": [\"a\", "
			"\"b\"], \"done\": [\"b\"], \"presumed\": [\"p\"]}, \"expect\": %s}]",
			cases[i].expect);
		json_auto_t *content = small_policy("small", NULL, 1);
		struct judge *j = judge_new(NULL);
		struct in_force p = {.sha256 = "trial"};
		size_t n;
		enum err e;

		json_put(json_object_get(content, "files"), "cases.json", json_text(list));
		if (policy_load(content, &p.policy) != OK)
			fail_msg("%s", err_why());
		e = judge_cases(j, &p, &n);
		assert_int_equal(cases[i].why ? ERR_FALSE : OK, e);
		if (cases[i].why &&
			(!strstr(err_why(), cases[i].why) || !strstr(err_why(), "case \"a case\"")))
			fail_msg("%s", err_why());
		policy_free(p.policy);
		judge_free(j);
	}
}

/* --- a record held to it --- */

static void level_is(const char *record, const char *judgement, const char *problems)
{
	json_auto_t *r = json(record), *j = json(judgement), *found = json_array();
	AUTO(buf) got = BUF(KIB);
	json_t *one;
	size_t i;

	judgement_check_level(r, j, found);
	json_array_foreach (found, i, one)
		buf_printf(&got, "%s%s %s", i ? "; " : "", json_str(one, "rule"),
			json_str(one, "field"));
	if (strcmp(buf_text(&got), problems) != 0)
		fail_msg("%s against %s: %s", record, judgement, buf_text(&got));
}

#define HIGH                                                                                   \
	"{'level': 'high', 'policies': [{'policy': 'p', 'risk': 'high', 'reasons': [{'rule': " \
	"'r'}]}]}"
#define PRESUMED                                                                           \
	"{'level': 'limited', 'policies': [{'policy': 'p', 'risk': 'limited', 'reasons': " \
	"[{'rule': "                                                                       \
	"'r', 'presumed': 'high'}]}]}"

static void a_published_level_may_be_stricter_and_never_laxer(void **state)
{
	(void)state;
	level_is("{'risk_category': 'high'}", HIGH, "");
	level_is("{'risk_category': 'prohibited'}", HIGH, "");
	level_is("{'risk_category': 'limited'}", HIGH, "laxer risk_category");
	level_is("{'risk_category': 'minimal'}", HIGH, "laxer risk_category");
	level_is("{'risk_category': 'unheard'}", HIGH, "laxer risk_category");
	level_is("{}", HIGH, "laxer risk_category");
	level_is("{}", "{'level': null, 'policies': []}", "");
	level_is("{'risk_category': 'minimal'}", "{'level': null, 'policies': []}", "");
}

static void who_is_too_lax_is_told_the_level_and_its_reasons(void **state)
{
	json_auto_t *record = json("{'risk_category': 'minimal'}"), *problems = json_array(),
		    *judgement =
			    json("{'level': 'high', 'policies': ["
				 "{'policy': 'a', 'risk': 'limited', 'reasons': [{'rule': 'a.1'}]},"
				 "{'policy': 'b', 'risk': 'high', 'reasons': [{'rule': "
				 "'b.1'}, {'rule': 'b.2'}]}]}");

	(void)state;
	judgement_check_level(record, judgement, problems);
	is(problems, "[{'field': 'risk_category', 'at': 'risk_category', 'rule': 'laxer', 'got': "
		     "'minimal', 'level': 'high', 'why': ['b.1', 'b.2']}]");
}

static void what_lowers_a_presumed_level_needs_a_public_justification(void **state)
{
#define WITH(basis) "{'risk_category': 'limited', 'risk_basis': [" basis "]}"
	(void)state;
	level_is(WITH(""), PRESUMED, "unjustified risk_basis");
	level_is("{'risk_category': 'limited'}", PRESUMED, "unjustified risk_basis");
	level_is(WITH("{'policy': 'p', 'rule': 'r'}"), PRESUMED, "unjustified risk_basis");
	level_is(WITH("{'policy': 'p', 'rule': 'r', 'justification': {}}"), PRESUMED,
		"unjustified risk_basis");
	level_is(WITH("{'policy': 'q', 'rule': 'r', 'justification': {'ko': '까닭'}}"), PRESUMED,
		"unjustified risk_basis");
	level_is(WITH("{'policy': 'p', 'rule': 's', 'justification': {'ko': '까닭'}}"), PRESUMED,
		"unjustified risk_basis");
	level_is(WITH("{'rule': 's'}, {'policy': 'p', 'rule': 'r', 'justification': {'ko': "
		      "'까닭'}}"),
		PRESUMED, "");
}

static void all_that_policies_find_wrong_comes_at_once(void **state)
{
	struct policies ps = {0};
	json_auto_t *judgement = NULL, *problems = json_array(),
		    *record = json("{'risk_category': 'minimal', 'assessments': {'a': {'risk': "
				   "'high', 'odd': true}, 'b': {'risk': 'limited', 'fails': "
				   "true}}}");
	AUTO(buf) rules = BUF(KIB);
	json_t *one;
	size_t i;

	(void)state;
	add_policy(&ps, "a", NULL);
	add_policy(&ps, "b", NULL);
	add_policy(&ps, "c", NULL);
	judgement = judged(&ps, "{'a': {'risk': 'high'}, 'b': {'fails': true}}");
	judgement_check(&ps, record, judgement, problems);
	json_array_foreach (problems, i, one)
		buf_printf(&rules, "%s %s;", json_str(one, "rule"), json_str(one, "at"));
	assert_string_equal("unknown_fact assessments.a.odd;unknown_fact assessments.b.fails;"
			    "unassessed assessments.c;not_judged assessments;laxer risk_category;",
		buf_text(&rules));
	policies_done(&ps);
}

static void answers_to_a_policy_that_there_is_not_are_told(void **state)
{
	struct policies ps = {0};
	json_auto_t *problems = json_array(),
		    *record = json("{'assessments': {'a': {}, 'gimhae': {}, 'gimhea': {}}}"),
		    *none = json("{'name': {'ko': 'x'}}");

	(void)state;
	add_policy(&ps, "a", NULL);
	judgement_check_names(
		&ps, record, problems); /* gimhae may be answered before it is adopted */
	assert_int_equal(1, json_array_size(problems));
	assert_string_equal("unknown_policy", json_str(json_array_get(problems, 0), "rule"));
	assert_string_equal("assessments.gimhea", json_str(json_array_get(problems, 0), "at"));
	judgement_check_names(&ps, none, problems);
	assert_int_equal(1, json_array_size(problems));
	policies_done(&ps);
}

/* --- what may be judged --- */

static void sound_is(const char *record, const char *problems, const char *sound)
{
	json_auto_t *r = json(record), *p = json(problems), *got = NULL;

	if (judgement_sound(r, p, &got) != (sound != NULL))
		fail_msg("%s with %s", record, problems);
	if (sound)
		is(got, sound);
	is(r, record);
}

static void what_is_not_of_its_form_is_not_judged(void **state)
{
	(void)state;
	sound_is("{'a': 1, 'b': 2}", "[]", "{'a': 1, 'b': 2}");
	sound_is("{'a': 1, 'b': 2}", "[{'field': 'b', 'at': 'b[3].c', 'rule': 'too_many'}]",
		"{'a': 1}");
	sound_is("{'a': 1, 'b': 2}", "[{'field': 'b', 'rule': 'missing'}]", "{'a': 1, 'b': 2}");
	sound_is("{'a': 1}", "[{'field': 'a', 'rule': 'standard_rule', 'id': 'x'}]", "{'a': 1}");
	sound_is("{'a': 1}",
		"[{'field': 'a', 'rule': 'missing'}, {'field': 'a', 'rule': "
		"'wrong_type'}]",
		"{}");
	sound_is("{'a': 1, 'assessments': {}}",
		"[{'field': 'assessments', 'at': 'assessments.p.f', 'rule': 'twice'}]", NULL);
	sound_is("{'a': 1}", "[{'field': '', 'rule': 'more_problems'}]", NULL);
	sound_is("{'a': 1}", "[{'rule': 'record_too_large'}]", NULL);
	sound_is("[1]", "[]", NULL);
}

/* --- its form --- */

#define SHA "'sha256': '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'"
#define ONE(id, risk)                                                                  \
	"{'policy': '" id "', 'version': 1, " SHA ", 'risk': " risk ", 'level': " risk \
	", 'reasons': "                                                                \
	"[{'rule': 'r'}], 'duties': [{'id': 'd'}]}"

#define DUE(day)                                                                       \
	"{'level': null, 'policies': [{'policy': 'a', 'version': 1, " SHA ", 'risk': " \
	"null, 'reasons': [], 'duties': [{'id': 'd', 'due': " day "}]}]}"

static void a_judgement_of_another_form_is_refused(void **state)
{
	static const char *const good[] = {"{'level': null, 'policies': []}",
		"{'level': 'high', 'policies': [" ONE("a", "'high'") "]}",
		"{'level': 'high', 'policies': [" ONE("a", "'high'") ", " ONE(
			"b", "'limited'") ", " ONE("c", "null") "]}",
		DUE("'2028-08-28'"), DUE("'2028-02-29'")};
	static const char *const bad[] = {"{}", "[]", "1", "{'level': null}",
		"{'level': 'high', 'policies': []}", "{'level': 'grave', 'policies': []}",
		"{'policies': []}", "{'level': 3, 'policies': []}",
		"{'level': 'limited', 'policies': [" ONE("a", "'high'") "]}",
		"{'level': null, 'policies': [" ONE("a", "'high'") "]}",
		"{'level': 'high', 'policies': [" ONE("b", "'high'") ", " ONE("a", "'high'") "]}",
		"{'level': 'high', 'policies': [" ONE("a", "'high'") ", " ONE("a", "'high'") "]}",
		"{'level': null, 'policies': [" ONE("a", "'grave'") "]}",
		"{'level': null, 'policies': [" ONE("a", "3") "]}",
		"{'level': null, 'policies': [3]}",
		"{'level': null, 'policies': [{'policy': 'a', " SHA
		", 'risk': null, 'reasons': [], 'duties': []}]}",
		"{'level': null, 'policies': [{'policy': 'a', 'version': 1, 'sha256': '01', 'risk': "
		"null, 'reasons': [], 'duties': []}]}",
		"{'level': null, 'policies': [{'policy': 'a', 'version': 1, " SHA
		", 'reasons': [], 'duties': []}]}",
		"{'level': null, 'policies': [{'policy': 'a', 'version': 1, " SHA
		", 'risk': null, 'reasons': [{}], 'duties': []}]}",
		"{'level': null, 'policies': [{'policy': 'a', 'version': 1, " SHA
		", 'risk': null, 'reasons': [], 'duties': [{'id': 3}]}]}",
		"{'level': null, 'policies': [{'policy': 'a', 'version': 1, " SHA
		", 'risk': null, 'reasons': {}, 'duties': []}]}",
		DUE("'2027-02-29'"), DUE("'2028-08'"), DUE("20280828"), DUE("null"), DUE("''"),
		DUE("'28 August 2028'")};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		json_auto_t *value = json(good[i]);

		if (judgement_form(value) != OK)
			fail_msg("%s: %s", good[i], err_why());
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		json_auto_t *value = json(bad[i]);

		if (judgement_form(value) != ERR_INVALID)
			fail_msg("%s is accepted", bad[i]);
	}
}

/* --- two of them --- */

static void changes_are(const char *before, const char *after, const char *changes)
{
	json_auto_t *b = before ? json(before) : NULL, *a = json(after),
		    *got = judgement_changes(b, a);

	if (changes)
		is(got, changes);
	else if (got)
		fail_msg("%s to %s are no changes", before, after);
}

#define DUTIES(level, list)                                                                    \
	"{'level': " level ", 'policies': [{'policy': 'p', 'level': " level ", 'risk': " level \
	", 'duties': [" list "]}]}"
#define UNMET(id) "{'id': '" id "', 'met': false}"
#define MET(id) "{'id': '" id "', 'met': true}"
#define BY(id, day) "{'id': '" id "', 'met': false, 'due': '" day "'}"

static void changes_are_what_a_reader_would_notice(void **state)
{
	(void)state;
	changes_are(DUTIES("'high'", UNMET("a") ", " MET("b")),
		DUTIES("'high'", MET("b") ", " UNMET("a")), NULL);
	changes_are("{'level': null, 'policies': [{'policy': 'p', 'version': 1, 'level': null, "
		    "'reasons': [{'rule': 'r'}]}]}",
		"{'level': null, 'policies': [{'policy': 'p', 'version': 2, 'level': null, "
		"'reasons': []}]}",
		NULL);
	changes_are(DUTIES("'limited'", ""), DUTIES("'high'", ""),
		"{'level': ['limited', 'high'], 'policies': [{'policy': 'p', 'level': ['limited', "
		"'high']}]}");
	changes_are(DUTIES("'high'", UNMET("a") ", " MET("b") ", " UNMET("c")),
		DUTIES("'high'", MET("a") ", " UNMET("b") ", " UNMET("d")),
		"{'policies': [{'policy': 'p', 'now_met': ['a'], 'now_unmet': ['b'], 'added': "
		"['d'], 'removed': ['c']}]}");
	changes_are(
		DUTIES("'high'", BY("a", "2028-08-28") ", " BY("b", "2028-08-28") ", " UNMET("c")),
		DUTIES("'high'", BY("a", "2028-08-28") ", " BY("b", "2029-02-28") ", " BY(
					 "c", "2029-02-28")),
		"{'policies': [{'policy': 'p', 'moved': ['b', 'c']}]}");
	/* Of the same level as a whole, by another policy. */
	changes_are(
		"{'level': 'high', 'policies': [{'policy': 'a', 'level': 'x', 'duties': [" UNMET(
			"d") "]}, {'policy': 'b', 'level': 2}]}",
		"{'level': 'high', 'policies': [{'policy': 'b', 'level': 3}, {'policy': 'c', "
		"'level': 'y', 'duties': [" MET("e") "]}]}",
		"{'policies': [{'policy': 'b', 'level': [2, 3]}, {'policy': 'c', 'level': [null, "
		"'y'], 'added': ['e']}, {'policy': 'a', 'level': ['x', null], 'removed': ['d']}]}");
	changes_are(NULL, DUTIES("'high'", UNMET("a")),
		"{'level': [null, 'high'], 'policies': [{'policy': 'p', 'level': [null, 'high'], "
		"'added': ['a']}]}");
	changes_are(DUTIES("'high'", ""), "{'level': null, 'policies': []}",
		"{'level': ['high', null], 'policies': [{'policy': 'p', 'level': ['high', "
		"null]}]}");
	changes_are(NULL, "{'level': null, 'policies': []}", NULL);
}

static void duties_are_counted_over_all_policies(void **state)
{
	json_auto_t *judgement = json("{'policies': [{'duties': [" MET("a") ", " UNMET(
		"b") "]}, {'duties': [" MET("a") "]}, {}]}");
	int64_t n, met;

	(void)state;
	judgement_duties(judgement, &n, &met);
	assert_int_equal(3, n);
	assert_int_equal(2, met);
	judgement_duties(NULL, &n, &met);
	assert_int_equal(0, n + met);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_judgement_says_by_which_policies_and_what_each_said),
		cmocka_unit_test(the_level_is_the_strictest_and_the_review_the_soonest),
		cmocka_unit_test(of_programs_that_fail_each_is_told_and_the_rest_judge),
		cmocka_unit_test(
			what_is_said_of_a_record_without_facts_does_not_depend_on_the_record),
		cmocka_unit_test(a_record_without_facts_for_one_policy_is_judged_whole_by_the_next),
		cmocka_unit_test(the_key_of_a_judgement_is_that_of_the_policies_that_made_it),
		cmocka_unit_test(the_first_case_that_a_program_answers_otherwise_is_named),
		cmocka_unit_test(a_published_level_may_be_stricter_and_never_laxer),
		cmocka_unit_test(who_is_too_lax_is_told_the_level_and_its_reasons),
		cmocka_unit_test(what_lowers_a_presumed_level_needs_a_public_justification),
		cmocka_unit_test(all_that_policies_find_wrong_comes_at_once),
		cmocka_unit_test(answers_to_a_policy_that_there_is_not_are_told),
		cmocka_unit_test(what_is_not_of_its_form_is_not_judged),
		cmocka_unit_test(a_judgement_of_another_form_is_refused),
		cmocka_unit_test(changes_are_what_a_reader_would_notice),
		cmocka_unit_test(duties_are_counted_over_all_policies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
