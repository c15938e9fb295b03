/* The format of a policy's files, and facts checked against its questions. A short jq program
 * introduces the error of each test. */
#include "registry/policy/policy.h"

#include "base/file.h"
#include "base/jq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char questions[] =
	"{\"policy\": \"small\", \"version\": 1,"
	" \"title\": {\"ko\": \"작은 기준\", \"en\": \"Small rule\"},"
	" \"about\": {\"ko\": \"시험\", \"en\": \"A test\"},"
	" \"source\": {\"title\": {\"ko\": \"출처\", \"en\": \"Source\"}, \"url\": "
	"\"https://a.kr\"},"
	" \"levels\": [{\"level\": 2, \"risk\": \"high\", \"label\": {\"ko\": \"높음\", \"en\": "
	"\"High\"}},"
	"  {\"level\": \"low\", \"risk\": \"minimal\", \"label\": {\"ko\": \"낮음\", \"en\": "
	"\"Low\"},"
	"   \"help\": {\"ko\": \"도움\", \"en\": \"Help\"}}],"
	" \"groups\": [{\"name\": \"all\", \"label\": {\"ko\": \"모두\", \"en\": \"All\"}}],"
	" \"questions\": ["
	"  {\"fact\": \"used\", \"type\": \"bool\", \"group\": \"all\", \"required\": true,"
	"   \"label\": {\"ko\": \"쓰나요?\", \"en\": \"Is it used?\"}, \"basis\": \"1\"},"
	"  {\"fact\": \"who\", \"type\": \"choice\", \"required\": true, \"when\": {\"used\": [true]},"
	"   \"label\": {\"ko\": \"누가?\", \"en\": \"By whom?\"}, \"values\": ["
	"    {\"value\": \"city\", \"label\": {\"ko\": \"시\", \"en\": \"The city\"}},"
	"    {\"value\": \"others\", \"label\": {\"ko\": \"남\", \"en\": \"Others\"}}]},"
	"  {\"fact\": \"where\", \"type\": \"choices\", \"required\": false, \"when\": {\"who\": "
	"[\"city\"]},"
	"   \"label\": {\"ko\": \"어디서?\", \"en\": \"Where?\"}, \"values\": ["
	"    {\"value\": \"home\", \"label\": {\"ko\": \"집\", \"en\": \"At home\"}},"
	"    {\"value\": \"out\", \"label\": {\"ko\": \"밖\", \"en\": \"Outside\"}}]},"
	"  {\"fact\": \"weeks\", \"type\": \"integer\", \"required\": true, \"min\": 1, \"max\": 9,"
	"   \"when\": {\"used\": [true], \"where\": [\"home\", \"out\"]},"
	"   \"label\": {\"ko\": \"몇 주?\", \"en\": \"How many weeks?\"}}]}";
static const char cases[] = "[{\"name\": \"none\", \"facts\": {}, \"expect\": {\"level\": null}}]";
static const char readme[] = "# 작은 기준\n\n한국어\n\n<!-- en -->\n\n# Small rule\n\nEnglish\n";
static const char rule[] = "{level: null, reasons: [], duties: []}";

/* A policy's content with one file changed: by a program, where `file` is JSON, else by text. */
static json_t *spoilt(const char *file, const char *change)
{
	const char *texts[4] = {questions, rule, cases, readme};
	AUTOFREE char *changed = NULL;
	json_t *content = NULL;

	for (size_t i = 0; file && i < 4; i++) {
		json_auto_t *value = NULL, *outputs = NULL;
		struct jq *jq = NULL;

		if (strcmp(policy_files[i], file) != 0)
			continue;
		if (!strstr(file, ".json")) {
			texts[i] = change;
			continue;
		}
		value = json_loads(texts[i], 0, NULL);
		assert_non_null(value);
		if (jq_open("change", change, &jq) != OK || jq_run(jq, value, &outputs) != OK)
			fail_msg("%s", err_why());
		jq_free(jq);
		changed = json_dumps(json_array_get(outputs, 0), JSON_ENCODE_ANY);
		texts[i] = changed;
	}
	assert_int_equal(OK, policy_pack(texts, &content));
	return content;
}

static struct policy *small(void)
{
	json_auto_t *content = spoilt(NULL, NULL);
	struct policy *p = NULL;

	if (policy_load(content, &p) != OK)
		fail_msg("%s", err_why());
	return p;
}

static const struct mistake {
	const char *file, *change, *why;
} mistakes[] = {
	{"questions.json", "[.]", "questions.json: must be an object"},
	{"questions.json", ".more = 1", "questions.json: unknown member \"more\""},
	{"questions.json", "del(.policy)", "questions.json: \"policy\" is missing"},
	{"questions.json", "del(.version)", "questions.json: \"version\" is missing"},
	{"questions.json", ".version = \"1\"",
		"questions.json: \"version\" must be a whole number"},
	{"questions.json", ".policy = \"\"",
		"questions.json: \"policy\" must be a text that is not empty"},
	{"questions.json", ".policy = \"Small One\"",
		"questions.json: \"policy\" must be its name: small letters, digits and hyphens"},
	{"questions.json", "del(.title.en)",
		"questions.json: \"title\" has no text in the language \"en\""},
	{"questions.json", ".about = \"x\"",
		"questions.json: \"about\" must be an object of texts"},
	{"questions.json", ".source = []", "questions.json: \"source\" must be an object"},
	{"questions.json", "del(.source.title)", "questions.json: source: \"title\" is missing"},
	{"questions.json", ".source.page = 3", "questions.json: source: unknown member \"page\""},
	{"questions.json", ".levels = {}", "questions.json: \"levels\" must be a list"},
	{"questions.json", ".levels = []", "questions.json: \"levels\" is empty"},
	{"questions.json", ".levels[1] = 3", "questions.json: levels[1]: must be an object"},
	{"questions.json", ".levels[1].risk = \"bad\"",
		"questions.json: levels[1]: \"risk\" must be prohibited, high, limited or minimal"},
	{"questions.json", ".levels[1].level = 2",
		"questions.json: levels[1]: its \"level\" is there twice"},
	{"questions.json", ".levels[0].level = true",
		"questions.json: levels[0]: \"level\" must be a text or a whole number"},
	{"questions.json", "del(.levels[0].label)", "levels[0]: \"label\" is missing"},
	{"questions.json", ".levels[0].help.ko = \"\"", "levels[0]: \"help\" has no text"},
	{"questions.json", ".groups += .groups", "groups[1]: its \"name\" is there twice"},
	{"questions.json", ".groups[0].more = 1", "groups[0]: unknown member \"more\""},
	{"questions.json", ".questions = {}", "questions.json: \"questions\" must be a list"},
	{"questions.json", ".questions[1].fact = \"used\"",
		"questions.json: questions[1]: its \"fact\" is there twice"},
	{"questions.json", ".questions[0].required = 1",
		"questions.json: questions[0]: \"required\" must be true or false"},
	{"questions.json", ".questions[0].type = \"text\"",
		"questions[0] (used): \"type\" must be bool, choice, choices or integer"},
	{"questions.json", "del(.questions[1].values)",
		"questions[1] (who): a choice needs \"values\""},
	{"questions.json", ".questions[0].values = []",
		"questions[0] (used): only a choice has \"values\""},
	{"questions.json", ".questions[1].values[1].value = \"city\"",
		"questions[1] (who)[1]: its \"value\" is there twice"},
	{"questions.json", "del(.questions[1].values[0].label)",
		"questions[1] (who)[0]: \"label\" is missing"},
	{"questions.json", ".questions[1].when = {\"where\": [\"home\"]}",
		"questions[1] (who): \"when\" names \"where\", which is no earlier fact"},
	{"questions.json", ".questions[1].when = {\"who\": [\"city\"]}",
		"questions[1] (who): \"when\" names \"who\", which is no earlier fact"},
	{"questions.json", ".questions[1].when = {\"used\": []}",
		"questions[1] (who): \"when\" needs a list of values of used"},
	{"questions.json", ".questions[1].when = {\"used\": true}",
		"questions[1] (who): \"when\" needs a list of values of used"},
	{"questions.json", ".questions[1].when = {\"used\": [\"yes\"]}",
		"questions[1] (who): \"when\" names a value that used does not have"},
	{"questions.json", ".questions[2].when = {\"who\": [\"nobody\"]}",
		"questions[2] (where): \"when\" names a value that who does not have"},
	{"questions.json", ".questions[3].min = \"1\"",
		"questions[3]: \"min\" must be a whole number"},
	{"questions.json",
		".questions[1].values = [range(401) | {value: \"v\\(.)\", label: {ko: \"a\", en: "
		"\"a\"}}]",
		"questions[1] (who): at most 400"},
	{"cases.json", "{}", "cases.json: must be a list of cases"},
	{"cases.json", "[]", "cases.json: must be a list of cases"},
	{"cases.json", ".[0].more = 1", "cases.json: [0]: unknown member \"more\""},
	{"cases.json", "del(.[0].name)", "cases.json: [0]: \"name\" is missing"},
	{"cases.json", ".[0].expect = 1", "cases.json: [0]: \"expect\" must be an object"},
	{"cases.json", "del(.[0].facts)", "cases.json: [0]: needs either \"facts\" or \"record\""},
	{"cases.json", ".[0].record = {}", "cases.json: [0]: needs either \"facts\" or \"record\""},
	{"README.md", "# 작은 기준\n# Small rule\n", "README.md: needs a line <!-- en -->"},
	{"README.md", "", "README.md is missing or empty"},
	{"rule.jq", "", "rule.jq is missing or empty"},
};

static void every_mistake_in_a_file_is_told_with_file_place_and_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		const struct mistake *m = &mistakes[i];
		json_auto_t *content = spoilt(m->file, m->change);
		struct policy *p = NULL;

		if (policy_load(content, &p) != ERR_INVALID)
			fail_msg("%s is accepted", m->change);
		if (!strstr(err_why(), m->why))
			fail_msg("%s: says \"%s\", not \"%s\"", m->change, err_why(), m->why);
		assert_null(p);
	}
}

static void a_file_that_is_no_json_is_told_with_line_and_column(void **state)
{
	const char *texts[4] = {"{\n \"policy\": }", rule, cases, readme};
	json_auto_t *content = NULL;
	struct policy *p = NULL;

	(void)state;
	assert_int_equal(OK, policy_pack(texts, &content));
	assert_int_equal(ERR_INVALID, policy_load(content, &p));
	assert_non_null(strstr(err_why(), "questions.json: not JSON at line 2"));
}

static void a_file_that_is_not_utf8_is_told(void **state)
{
	const char *texts[4] = {questions, rule, cases, "\xb1\xe2\xc1\xd8\n<!-- en -->\n"};
	json_t *content = NULL;

	(void)state;
	assert_int_equal(ERR_INVALID, policy_pack(texts, &content));
	assert_string_equal("README.md is not UTF-8", err_why());
	assert_null(content);
}

static void a_content_that_is_not_four_files_is_refused(void **state)
{
	static const char *const contents[] = {"{}", "[]", "1", "{\"files\": {}}",
		"{\"files\": {\"questions.json\": \"{}\"}}", "{\"files\": 1}",
		("{\"files\": {\"questions.json\": \"{}\", \"rule.jq\": \".\", "
		 "\"cases.json\": \"[]\", \"other\": \"x\"}}")};

	(void)state;
	for (size_t i = 0; i < COUNT(contents); i++) {
		json_auto_t *content = json_loads(contents[i], JSON_DECODE_ANY, NULL);
		struct policy *p = NULL;

		assert_int_equal(ERR_INVALID, policy_load(content, &p));
	}
}

static void more_beside_the_files_is_refused(void **state)
{
	json_auto_t *content = spoilt(NULL, NULL);
	struct policy *p = NULL;

	(void)state;
	json_put(content, "more", json_true());
	assert_int_equal(ERR_INVALID, policy_load(content, &p));
}

static void the_policies_of_this_program_are_of_the_form(void **state)
{
	size_t n = 0;

	(void)state;
	for (; policy_own_id(n); n++) {
		json_auto_t *content = NULL;
		struct policy *p = NULL;

		if (policy_own(policy_own_id(n), &content) != OK || policy_load(content, &p) != OK)
			fail_msg("%s: %s", policy_own_id(n), err_why());
		assert_string_equal(policy_own_id(n), policy_id(p));
		policy_free(p);
	}
	assert_int_equal(5, n);
}

static void its_readme_has_a_half_for_each_language(void **state)
{
	struct policy *p = small();
	AUTOFREE char *ko = policy_readme(p, "ko"), *en = policy_readme(p, "en");

	(void)state;
	assert_string_equal("# 작은 기준\n\n한국어\n\n", ko);
	assert_string_equal("# Small rule\n\nEnglish\n", en);
	policy_free(p);
}

static void a_level_is_found_by_its_value_whatever_its_type(void **state)
{
	struct policy *p = small();
	json_auto_t *two = json_integer(2), *low = json_text("low"), *text = json_text("2");

	(void)state;
	assert_string_equal("high", json_str(policy_level(p, two), "risk"));
	assert_string_equal("minimal", json_str(policy_level(p, low), "risk"));
	assert_null(policy_level(p, text));
	assert_null(policy_level(p, NULL));
	policy_free(p);
}

/* --- facts --- */

/* The problems of some facts as "rule at; rule at …". */
static void facts_are(const char *facts, const char *problems)
{
	struct policy *p = small();
	json_auto_t *value = json_loads(facts, JSON_DECODE_ANY, NULL), *record = NULL,
		    *found = json_array();
	AUTO(buf) got = BUF(KIB);
	json_t *one;
	size_t i;

	assert_non_null(value);
	record = json_make("{s:{s:O}}", "assessments", "small", value);
	policy_check_facts(p, record, found);
	json_array_foreach (found, i, one) {
		assert_string_equal("assessments", json_str(one, "field"));
		assert_string_equal("small", json_str(one, "policy"));
		assert_string_equal("Small rule", json_str(json_object_get(one, "title"), "en"));
		buf_printf(
			&got, "%s%s %s", i ? "; " : "", json_str(one, "rule"), json_str(one, "at"));
	}
	if (strcmp(buf_text(&got), problems) != 0)
		fail_msg("%s: %s", facts, buf_text(&got));
	policy_free(p);
}

#define AT " assessments.small"

static void facts_that_answer_every_question_asked_are_right(void **state)
{
	(void)state;
	facts_are("{\"used\": false}", "");
	facts_are("{\"used\": true, \"who\": \"others\"}", "");
	facts_are("{\"used\": true, \"who\": \"city\"}", "");
	facts_are("{\"used\": true, \"who\": \"city\", \"where\": []}", "");
	facts_are("{\"used\": true, \"who\": \"city\", \"where\": [\"out\"], \"weeks\": 1}", "");
	facts_are("{\"used\": true, \"who\": \"city\", \"where\": [\"out\", \"home\"], \"weeks\": "
		  "9}",
		"");
}

static void what_is_asked_must_be_answered_and_nothing_else(void **state)
{
	(void)state;
	facts_are("{}", "unanswered" AT ".used");
	facts_are("{\"used\": true}", "unanswered" AT ".who");
	facts_are("{\"used\": true, \"who\": \"city\", \"where\": [\"home\"]}",
		"unanswered" AT ".weeks");
	/* To answer what is not asked is no mistake: the answer before may change again. */
	facts_are("{\"used\": false, \"who\": \"city\"}", "");
}

static void asked_is(const char *facts, const char *asked)
{
	struct policy *p = small();
	json_auto_t *given = json_loads(facts, 0, NULL), *want = json_loads(asked, 0, NULL),
		    *got = policy_asked(p, given);

	if (!json_equal(got, want))
		fail_msg("of %s other answers count than %s", facts, asked);
	policy_free(p);
}

static void an_answer_counts_only_while_its_question_is_asked(void **state)
{
	(void)state;
	asked_is("{}", "{}");
	asked_is("{\"used\": true, \"who\": \"city\"}", "{\"used\": true, \"who\": \"city\"}");
	/* What a hidden answer would open is hidden as well, at any depth. */
	asked_is("{\"used\": false, \"who\": \"city\", \"where\": [\"home\"], \"weeks\": 3}",
		"{\"used\": false}");
	asked_is("{\"used\": true, \"who\": \"others\", \"where\": [\"home\"], \"weeks\": 3}",
		"{\"used\": true, \"who\": \"others\"}");
	asked_is("{\"who\": \"city\"}", "{}");
	asked_is("{\"used\": false, \"usd\": 1}", "{\"used\": false}");
	facts_are("{\"used\": true, \"who\": \"others\", \"where\": [\"home\"]}", "");
}

static void an_answer_must_be_of_its_questions_type(void **state)
{
	(void)state;
	facts_are("{\"used\": 1}", "wrong_fact" AT ".used");
	facts_are("{\"used\": \"true\"}", "wrong_fact" AT ".used");
	facts_are("{\"used\": true, \"who\": [\"city\"]}", "wrong_fact" AT ".who");
	facts_are("{\"used\": true, \"who\": true}", "wrong_fact" AT ".who");
	facts_are("{\"used\": false, \"where\": \"home\"}", "wrong_fact" AT ".where");
	facts_are("{\"used\": false, \"weeks\": \"3\"}", "wrong_fact" AT ".weeks");
	facts_are("{\"used\": false, \"weeks\": 0}", "wrong_fact" AT ".weeks");
	facts_are("{\"used\": false, \"weeks\": 10}", "wrong_fact" AT ".weeks");
	facts_are("{\"used\": null}", "wrong_fact" AT ".used");
}

static void a_choice_must_be_one_of_its_values(void **state)
{
	(void)state;
	facts_are("{\"used\": true, \"who\": \"nobody\"}", "fact_not_in_list" AT ".who");
	facts_are("{\"used\": false, \"where\": [\"home\", \"moon\", 3]}",
		"fact_not_in_list" AT ".where; fact_not_in_list" AT ".where");
}

static void facts_that_nobody_asks_are_told_and_so_is_a_record_without_any(void **state)
{
	(void)state;
	facts_are("{\"used\": false, \"usd\": true}", "unknown_fact" AT ".usd");
	facts_are("null", "unassessed" AT);
	facts_are("[]", "unassessed" AT);
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
	(void)state;
	facts_are("{\"usd\": 1, \"where\": [\"moon\"], \"weeks\": 99}",
		"unknown_fact" AT ".usd; fact_not_in_list" AT ".where; wrong_fact" AT
		".weeks; unanswered" AT ".used");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_mistake_in_a_file_is_told_with_file_place_and_rule),
		cmocka_unit_test(a_file_that_is_no_json_is_told_with_line_and_column),
		cmocka_unit_test(a_file_that_is_not_utf8_is_told),
		cmocka_unit_test(a_content_that_is_not_four_files_is_refused),
		cmocka_unit_test(more_beside_the_files_is_refused),
		cmocka_unit_test(the_policies_of_this_program_are_of_the_form),
		cmocka_unit_test(its_readme_has_a_half_for_each_language),
		cmocka_unit_test(a_level_is_found_by_its_value_whatever_its_type),
		cmocka_unit_test(facts_that_answer_every_question_asked_are_right),
		cmocka_unit_test(what_is_asked_must_be_answered_and_nothing_else),
		cmocka_unit_test(an_answer_counts_only_while_its_question_is_asked),
		cmocka_unit_test(an_answer_must_be_of_its_questions_type),
		cmocka_unit_test(a_choice_must_be_one_of_its_values),
		cmocka_unit_test(facts_that_nobody_asks_are_told_and_so_is_a_record_without_any),
		cmocka_unit_test(all_that_is_wrong_is_told_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
