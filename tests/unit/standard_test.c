#include "base/file.h"
#include "registry/standard/standard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SMALL "tests/vectors/standard-small.json"
#define REAL "policies/standard.json"

static struct buf file_text(const char *path)
{
	struct buf text = BUF(MIB);

	if (file_read(path, &text) != OK)
		fail_msg("%s (tests run from the top of the tree)", err_why());
	return text;
}

static struct standard *load(const char *path)
{
	AUTO(buf) text = file_text(path);
	struct standard *s = NULL;

	if (standard_load(buf_text(&text), text.len, &s) != OK)
		fail_msg("%s: %s", path, err_why());
	return s;
}

/* With " for ', so that what has many of them reads as it is. */
static char *requoted(const char *s)
{
	char *text = mem_text(s);

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	return text;
}

/* JSON with ' for ", so that a record reads as one. */
static json_t *json(const char *quoted)
{
	AUTOFREE char *text = requoted(quoted);
	json_error_t error;
	json_t *value;

	value = json_loads(text, JSON_DECODE_ANY, &error);
	if (!value)
		fail_msg("%s: %s", error.text, quoted);
	return value;
}

/* --- loading --- */

/* The small standard with the first `old` replaced by `new`: why it does not load. */
static const char *why_not(const char *old, const char *new)
{
	AUTO(buf) text = file_text(SMALL);
	AUTO(buf) changed = BUF(MIB);
	struct standard *s = NULL;
	const char *at = strstr(text.data, old);

	assert_non_null(at);
	buf_add(&changed, text.data, (size_t)(at - text.data));
	buf_puts(&changed, new);
	buf_puts(&changed, at + strlen(old));
	if (standard_load(changed.data, changed.len, &s) == OK) {
		standard_free(s);
		fail_msg("it loads with %s for %s", new, old);
	}
	return err_why();
}

/* It does not load with `new` for `old`, and says this; all three with ' for ". */
static void refused(const char *old, const char *new, const char *why)
{
	AUTOFREE char *from = requoted(old), *to = requoted(new), *reason = requoted(why);

	assert_string_equal(reason, why_not(from, to));
}

static void the_standard_of_the_tree_loads(void **state)
{
	struct standard *s = load(REAL);
	size_t n;

	standard_fields(s, &n);
	assert_true(n > 50);
	assert_string_equal("ko", json_str(standard_json(s), "language"));
	assert_int_equal(TYPES, json_object_size(json_object_get(standard_json(s), "types")));
	assert_int_equal(6, standard_version(s));
	assert_int_equal(262144, standard_record_max(s));
	for (size_t i = 0; i < n; i++)
		assert_ptr_equal(&standard_fields(s, &n)[i],
			standard_field(s, standard_fields(s, &n)[i].name));
	standard_free(s);
}

static void a_field_is_found_by_its_name(void **state)
{
	struct standard *s = load(SMALL);
	const struct field *risks = standard_field(s, "risks");

	assert_null(standard_field(s, "nothing"));
	assert_null(standard_field(s, ""));
	assert_int_equal(TYPE_LIST, risks->type);
	assert_int_equal(250, risks->max);
	assert_string_equal("risk", risks->group);
	assert_int_equal(TYPE_OBJECT, risks->item->type);
	assert_int_equal(3, risks->item->members_n);
	assert_string_equal("mitigation", risks->item->members[1].name);
	assert_int_equal(TYPE_MARKDOWN, risks->item->members[1].type);
	assert_true(standard_field(s, "id")->automatic);
	assert_string_equal("small", json_str(standard_json(s), "standard"));
	standard_free(s);
}

static void values_answer_a_question_all_or_none(void **state)
{
	refused("{'value': 'high',", "{'value': 'high', 'answer': {'ko': '네.', 'en': 'Yes.'},",
		"fields[8] (level).values: either each value has an 'answer' or none has; 'low' differs "
		"from the first");
	refused("{'value': 'high',", "{'value': 'high', 'answer': {'ko': '네.'},",
		"fields[8] (level).values[0]: 'answer' has no text in the language 'en'");
}

static void what_is_asked_first_names_fields(void **state)
{
	refused("{'field': 'level',", "{'field': 'lever',", "asked_first[0]: 'lever' is no field");
	refused("{'field': 'level',", "{'field': 'goal',",
		"asked_first[1]: the field 'goal' is there twice");
	refused("'with': ['phone', 'website']", "'with': ['phone', 'websight']",
		"asked_first[1]: 'with' names 'websight', which is no field");
	refused("'with': ['phone', 'website']", "'with': [7]",
		"asked_first[1]: 'with' names '(not a text)', which is no field");
	refused("'question': {'ko': '위험한가요?', 'en': 'Is it risky?'}", "'question': 'Is it?'",
		"asked_first[0]: 'question' must be an object of texts, one in each language");
}

static void a_broken_field_is_refused_with_its_place_and_the_rule(void **state)
{
	refused("'max': 6000,", "'lable': 1,", "fields[2] (goal): unknown member 'lable'");
	refused("'type': 'text'", "'type': 'txt'", "fields[1] (name): unknown type 'txt'");
	refused("'name': 'ref'", "'name': 'Ref.x'",
		"fields[3] (Ref.x): 'name' must be a name of a-z, 0-9 and _");
	refused("'label': {'ko': '목적', 'en': 'Goal'}", "'label': {'ko': '목적'}",
		"fields[2] (goal): 'label' has no text in the language 'en'");
	refused("'max': 10,", "'max': 0,",
		"fields[1] (name): 'max' must be a whole number above 0");
	refused("'required': true, 'max': 10,", "'max': 10,",
		"fields[1] (name): 'required' is missing");
	refused("'auto': true", "'auto': 1", "fields[0] (id): 'auto' must be true or false");
	refused("'required': false, 'auto'", "'required': true, 'auto'",
		"fields[0] (id): what the register fills in cannot be required");
}

static void a_field_is_required_where_an_enum_has_a_value(void **state)
{
	refused("'level': ['high']}", "'levle': ['high']}",
		"fields[2] (goal): 'required' names 'levle', which is no enum field");
	refused("'level': ['high']}", "'name': ['high']}",
		"fields[2] (goal): 'required' names 'name', which is no enum field");
	refused("'level': ['high']}", "'level': ['hi']}",
		"fields[2] (goal): 'required' names 'hi', which is no value of level");
	refused("'level': ['high']}", "'level': []}",
		"fields[2] (goal): 'required' needs a list of values of level");
}

static void a_type_has_what_it_needs_and_nothing_of_another(void **state)
{
	refused("'type': 'enum'", "'type': 'code'", "fields[8] (level): only an enum has 'values'");
	refused("'type': 'url'", "'type': 'enum'", "fields[4] (website): an enum needs 'values'");
	refused("'type': 'url'", "'type': 'list'", "fields[4] (website): a list needs an 'item'");
	refused("{'name': 'state', ", "{'name': 'state', 'past': true, ",
		"fields[12] (risks).item.members[2] (state): only a date or a month can be 'past'");
	refused("'value': 'low'", "'value': 'high'",
		"fields[8] (level).values[1]: the value 'high' is there twice");
}

static void an_item_of_a_list_holds_no_list(void **state)
{
	refused("'type': 'text'", "'type': 'object'",
		"fields[1] (name): only items of a list are objects");
	refused("{'type': 'text', 'max': 5}", "{'type': 'list', 'max': 5}",
		"fields[11] (tags).item: an item cannot be a list");
	refused("{'type': 'text', 'max': 5}", "{'type': 'assessments'}",
		"fields[11] (tags).item: an item cannot be a list");
	refused("{'type': 'text', 'max': 5}", "{'type': 'object'}",
		"fields[11] (tags).item: an object needs 'members'");
	refused("{'type': 'text', 'max': 5}", "{'typ': 'text'}",
		"fields[11] (tags).item: unknown member 'typ'");
	refused("'name': 'mitigation', 'type': 'markdown'",
		"'name': 'mitigation', 'type': 'object'",
		"fields[12] (risks).item.members[1] (mitigation): a member cannot be a list or object");
}

static void limits_types_and_the_version_are_as_this_program_knows_them(void **state)
{
	refused("'nesting': 16", "'nesting': 17", "limits: 'nesting' must be 16");
	refused("'markdown_bytes': 16384", "'markdown_bytes': 16385",
		"limits: 'markdown_bytes' must be at most 16384");
	refused("'version': 3", "'version': '3'",
		"the standard: 'version' must be a whole number above 0");
	refused("'language': 'ko'", "'language': 'Korean'",
		"the standard: 'language' must be the tag of a language, such as 'ko'");
	refused("'month': {", "'moon': {", "types: unknown type 'moon'");
	refused(", 'example': '2026-03'", "", "types.month: 'example' is missing");
	refused("'url': {'help': {'ko': '도움말', 'en': 'Help'}, 'example': 'https://a.kr'},", "",
		"types: 'url', the type of website, is missing");
}

static void a_broken_rule_is_refused_with_its_id(void **state)
{
	refused("'id': 'high_needs_site'", "'id': 'since_before_due'",
		"rules[1] (since_before_due): the id 'since_before_due' is there twice");
	refused("'then': {'required': ['website']},", "",
		"rules[1] (high_needs_site): needs either 'if' and 'then', or 'before'");
	refused("'then': {'required': ['website']}", "'then': {'required': ['site']}",
		"rules[1] (high_needs_site): names 'site', which is no field of the standard");
	refused("'if': {'properties': {'level'", "'if': {'properties': {'lvl'",
		"rules[1] (high_needs_site): names 'lvl', which is no field of the standard");
	refused("'then': {'required': ['website']}", "'then': {'$ref': '#'}",
		"rules[1] (high_needs_site): '$ref' is not allowed in a rule");
	refused("'then': {'required': ['website']}", "'then': {'requird': []}",
		"rules[1] (high_needs_site): #/then/requird: this keyword is not supported");
	refused("'field': 'website'", "'field': 'id'",
		"rules[1] (high_needs_site): points at 'id', which the register fills in");
	refused("'before': ['since', 'due']", "'before': ['since', 'ref']",
		"rules[0] (since_before_due): 'before' names 'ref', which is no date or month");
	refused("'before': ['since', 'due']", "'before': ['since']",
		"rules[0] (since_before_due): 'before' must be a list of two fields");
}

static void what_a_standard_names_is_in_it_and_once(void **state)
{
	refused("'group': 'risk'", "'group': 'none'", "fields[8] (level): unknown group 'none'");
	refused("'name': 'ref'", "'name': 'goal'",
		"fields[3] (goal): the name 'goal' is there twice");
	refused("'never_withheld': ['name'", "'never_withheld': ['nam'",
		"never_withheld: names 'nam', which is no field of the standard");
	refused("'name': 'risk',", "'name': 'identity',",
		"groups[1] (identity): the name 'identity' is there twice");
}

static void what_is_no_json_object_is_no_standard(void **state)
{
	struct standard *s = NULL;

	assert_int_equal(ERR_INVALID, standard_load("[]", 2, &s));
	assert_int_equal(ERR_INVALID, standard_load("{", 1, &s));
	assert_int_equal(ERR_INVALID, standard_load("{}", 2, &s));
	assert_null(s);
}

/* --- checking --- */

/* A record, and the problems as lines "rule at"; "" means that it passes. */
static void check(enum need need, const char *record, const char *expected)
{
	struct standard *s = load(SMALL);
	json_t *value = json(record), *problems = json_array(), *p;
	enum err e = standard_check(s, value, need, problems);
	AUTO(buf) lines = BUF(64 * KIB);
	size_t i;

	json_array_foreach (problems, i, p) {
		buf_printf(
			&lines, "%s%s %s", i ? "; " : "", json_str(p, "rule"), json_str(p, "at"));
		assert_non_null(json_str(p, "field"));
		assert_int_equal(0, strncmp(json_str(p, "field"), json_str(p, "at"),
					    strlen(json_str(p, "field"))));
	}
	assert_string_equal(expected, buf_text(&lines));
	assert_int_equal(*expected ? ERR_INVALID : OK, e);
	json_decref(value);
	json_decref(problems);
	standard_free(s);
}

static void present(const char *record, const char *expected)
{
	check(NEED_PRESENT, record, expected);
}

static void a_filing_must_have_what_is_required(void **state)
{
	check(NEED_ALL, "{}", "missing name; missing level");
	check(NEED_ALL, "{'name': {'ko': '가'}, 'level': 'low', 'tags': [{'ko': '나'}]}", "");
	check(NEED_ALL, "{'name': {'ko': '가'}, 'level': 'low', 'tags': []}", "missing tags");
	check(NEED_ALL, "{'name': {'ko': '  '}, 'level': 'low', 'tags': [{'ko': '나'}]}",
		"missing name");
	check(NEED_ALL, "{'name': {}, 'level': '', 'tags': [{'ko': '나'}]}",
		"missing name; missing level");
}

static void a_text_of_which_nothing_is_seen_is_missing_but_not_in_an_entry_that_a_log_holds(
	void **state)
{
	const char *record =
		"{'name': {'ko': '\u3164\u200b'}, 'level': 'low', 'tags': [{'ko': '\u2800'}]}";

	check(NEED_ALL, record, "missing name; empty tags[0].ko");
	present(record, "empty name.ko; empty tags[0].ko");
	check(NEED_ALL | NEED_REPLAYED, record, "");
	check(NEED_PRESENT | NEED_REPLAYED, record, "");
}

static void a_filing_has_every_text_in_the_first_language(void **state)
{
	const char *record =
		"{'name': {'en': 'a'}, 'level': 'low', 'tags': [{'en': 'b'}, {'ko': '나'}]}";

	check(NEED_ALL, record, "language_missing name; language_missing tags[0]");
	present(record, "");
}

static void an_import_need_not_be_complete(void **state)
{
	present("{}", "");
	present("{'tags': []}", "");
	present("{'risks': [{}]}", "");
	check(NEED_ALL,
		"{'name': {'ko': '가'}, 'level': 'x', 'risks': [{'mitigation': {'ko': '나'}}]}",
		"not_in_list level; missing risks[0].risk");
}

static void a_rule_of_requirement_needs_all_its_conditions(void **state)
{
	struct standard *s = load(SMALL);
	json_t *high = json("{'level': 'high'}");
	json_t *both = json("{'level': 'high', 'kind': 'learning'}");
	json_t *low = json("{'level': 'low', 'kind': 'learning'}");

	assert_true(standard_requires(standard_field(s, "name"), low));
	assert_false(standard_requires(standard_field(s, "ref"), high));
	assert_true(standard_requires(standard_field(s, "goal"), high));
	assert_false(standard_requires(standard_field(s, "goal"), low));
	assert_false(standard_requires(standard_field(s, "training"), high));
	assert_false(standard_requires(standard_field(s, "training"), low));
	assert_true(standard_requires(standard_field(s, "training"), both));
	json_decref(high);
	json_decref(both);
	json_decref(low);
	standard_free(s);
}

#define GOOD "'name': {'ko': '가'}, 'tags': [{'ko': '나'}], "
#define WHY "'reason': {'ko': '가'}, 'legal_basis': {'ko': '나'}"

static void rules_between_fields_hold_for_filings(void **state)
{
	check(NEED_ALL, "{" GOOD "'level': 'low', 'since': '2026-03', 'due': '2026-03-01'}", "");
	check(NEED_ALL, "{" GOOD "'level': 'low', 'since': '2026-04', 'due': '2026-03-31'}",
		"standard_rule due");
	present("{'since': '2026-04', 'due': '2026-03-31'}", "");
	check(NEED_ALL, "{" GOOD "'level': 'high', 'goal': {'ko': '가'}}", "standard_rule website");
	check(NEED_ALL,
		"{" GOOD "'level': 'high', 'goal': {'ko': '가'}, 'website': 'https://a.kr'}", "");
	present("{'level': 'high'}", "");
}

static void a_rule_is_said_with_its_id_and_has_a_message(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{" GOOD "'level': 'high', 'goal': {'ko': '가'}}");
	json_t *problems = json_array();
	json_t *expected = json("[{'field': 'website', 'at': 'website', 'rule': 'standard_rule',"
				" 'id': 'high_needs_site'}]");

	assert_int_equal(ERR_INVALID, standard_check(s, record, NEED_ALL, problems));
	assert_true(json_equal(expected, problems));
	assert_string_equal(
		"A site is needed.", json_str(standard_rule_message(s, "high_needs_site"), "en"));
	assert_null(standard_rule_message(s, "none"));
	json_decref(record);
	json_decref(problems);
	json_decref(expected);
	standard_free(s);
}

static void what_is_withheld_with_a_reason_and_a_law_is_not_missing(void **state)
{
	check(NEED_ALL,
		"{" GOOD "'level': 'high', 'withheld': [{'field': 'goal', " WHY
		"}, {'field': 'website', " WHY "}]}",
		"");
	check(NEED_ALL,
		"{" GOOD "'level': 'high', 'website': 'https://a.kr', 'withheld': "
		"[{'field': 'goal', 'reason': {'ko': '가'}}]}",
		"missing goal; missing withheld[0].legal_basis");
}

static void what_may_be_withheld_is_a_field_that_is_not_filled(void **state)
{
	static const struct {
		const char *field, *expected;
	} cases[] = {
		{"level", "withheld_never withheld[0].field"},
		{"nothing", "withheld_unknown withheld[0].field"},
		{"id", "withheld_unknown withheld[0].field"},
		{"tags", "withheld_filled withheld[0].field"},
		{"ref", ""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *record = mem_printf("{" GOOD "'level': 'low', 'withheld': "
						   "[{'field': '%s', " WHY "}]}",
			cases[i].field);

		check(NEED_ALL, record, cases[i].expected);
		present(record, "");
	}
	check(NEED_ALL,
		"{" GOOD "'level': 'low', 'withheld': [{'field': 'ref', " WHY
		"}, {'field': 'ref', " WHY "}]}",
		"twice withheld[1].field");
}

/* The small standard with its last members renamed away, as one from before there were rules. */
static struct standard *load_old(void)
{
	AUTO(buf) text = file_text(SMALL);
	AUTO(buf) old = BUF(MIB);
	struct standard *s = NULL;
	char *end = strstr(text.data, ",\n \"rules\"");

	assert_non_null(end);
	buf_add(&old, text.data, (size_t)(end - text.data));
	buf_puts(&old, "}");
	if (standard_load(old.data, old.len, &s) != OK)
		fail_msg("%s", err_why());
	return s;
}

static void a_standard_from_before_there_were_rules_asks_what_it_asked(void **state)
{
	struct standard *s = load_old();
	json_t *record =
		json("{" GOOD "'level': 'high', 'withheld': [{'field': 'name', " WHY "}]}");
	json_t *problems = json_array();

	assert_int_equal(ERR_INVALID, standard_check(s, record, NEED_ALL, problems));
	assert_int_equal(1, json_array_size(problems));
	assert_string_equal("goal", json_str(json_array_get(problems, 0), "field"));
	assert_false(standard_withholds(s, record, "name"));
	json_decref(record);
	json_decref(problems);
	standard_free(s);
}

static void completeness_tells_what_is_withheld(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{" GOOD "'level': 'high', 'withheld': [{'field': 'goal', " WHY
			      "}, {'field': 'ref', " WHY "}]}");
	struct completeness c = standard_completeness(s, record);

	assert_int_equal(4, c.required);
	assert_int_equal(3, c.required_filled);
	assert_int_equal(1, c.withheld);
	json_decref(record);
	standard_free(s);
}

static void a_text_is_an_object_of_languages(void **state)
{
	present("{'name': {'ko': '가', 'en': 'a', 'zh-Hans': '字', 'vi': 'ạ'}}", "");
	present("{'name': '가'}", "wrong_type name");
	present("{'name': null}", "wrong_type name");
	present("{'name': {'ko': 5}}", "wrong_type name.ko");
	present("{'name': {}}", "empty name");
	present("{'name': {'ko': ''}}", "empty name.ko");
	present("{'name': {'ko': '\u3000'}}", "empty name.ko");
	present("{'name': {'korean': '가', 'K': '가', 'ko-': '가', 'ko-x': '가', 'ko-KR': '가'}}",
		"bad_language name.korean; bad_language name.K; bad_language name.ko-; "
		"bad_language name.ko-x");
	present("{'name': {'aa':'x','ab':'x','ac':'x','ad':'x','ae':'x','af':'x','ag':'x','ah':'x',"
		"'ai':'x','aj':'x','ak':'x','al':'x','am':'x'}}",
		"too_many name");
}

static void a_limit_counts_characters_not_bytes(void **state)
{
	present("{'name': {'ko': '가나다라마바사아자차'}}", "");
	present("{'name': {'ko': '가나다라마바사아자차카'}}", "too_long name.ko");
	present("{'tags': [{'ko': '가'}, {'ko': '가나다라마바'}]}", "too_long tags[1].ko");
	present("{'tags': [{'ko': '1'}, {'ko': '2'}, {'ko': '3'}, {'ko': '4'}]}", "too_many tags");
}

static void a_problem_tells_the_limit_and_what_it_got(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{'level': 'medium', 'name': {'ko': '가나다라마바사아자차카'}}");
	json_t *problems = json_array();
	json_t *expected =
		json("[{'field': 'name', 'at': 'name.ko', 'rule': 'too_long',"
		     " 'limit': 10, 'got': 11}, {'field': 'level', 'at': 'level', 'rule':"
		     " 'not_in_list', 'got': 'medium', 'allowed': ['high', 'low']}]");

	assert_int_equal(ERR_INVALID, standard_check(s, record, NEED_PRESENT, problems));
	assert_true(json_equal(expected, problems));
	json_decref(record);
	json_decref(problems);
	json_decref(expected);
	standard_free(s);
}

static void characters_that_deceive_are_refused(void **state)
{
	present("{'name': {'ko': 'a\\u202eb'}}", "character name.ko");
	present("{'ref': 'a\\u0007'}", "character ref");
	present("{'goal': {'ko': 'a\\u2066b'}}", "character goal.ko");
	present("{'goal': {'ko': 'a\\nb\\tc'}}", "");
	present("{'name': {'ko': 'a\\nb'}, 'ref': 'a\\tb'}", "line_break name.ko; line_break ref");
}

static void markdown_may_not_hold_what_reaches_out_of_its_place(void **state)
{
	present("{'goal': {'ko': '**굵게** [법](https://law.go.kr) <https://a.kr>'}}", "");
	present("{'goal': {'ko': 'a <b>b</b>'}}", "html goal.ko");
	present("{'goal': {'ko': '<script>'}}", "html goal.ko");
	present("{'goal': {'ko': '[a](javascript:b)'}}", "link goal.ko");
	present("{'goal': {'ko': '![a](https://a.kr/b.png)'}}", "image goal.ko");
	present("{'goal': {'ko': '> > > > > > > > > > > > > > > > > a'}}", "nesting goal.ko");
	present("{'risks': [{}, {'mitigation': {'en': '<br>'}}]}", "html risks[1].mitigation.en");
	present("{'name': {'ko': '<b>'}}", "");
}

static void a_tag_that_another_normal_form_would_close_is_html_but_not_in_an_entry_that_a_log_holds(
	void **state)
{
	(void)state;
	present("{'goal': {'ko': '<img src=x\u226f'}}", "html goal.ko");
	present("{'goal': {'ko': 'a \u226f b, 1 < 2 \u226f 3'}}", "");
	check(NEED_PRESENT | NEED_REPLAYED, "{'goal': {'ko': '<img src=x\u226f'}}", "");
}

static void a_link_that_is_not_what_it_seems_is_refused_but_not_in_an_entry_that_a_log_holds(
	void **state)
{
	static const struct {
		const char *record, *problems;
	} links[] = {
		{"{'goal': {'ko': '[a](//evil.kr)'}}", "link_address goal.ko"},
		{"{'goal': {'ko': '[a](https://bank.kr@evil.kr)'}}", "link_address goal.ko"},
		{"{'goal': {'ko': '[bank.kr](https://evil.kr)'}}", "link_words goal.ko"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(links); i++) {
		present(links[i].record, links[i].problems);
		check(NEED_PRESENT | NEED_REPLAYED, links[i].record, "");
	}
}

static void an_invisible_character_is_refused_but_not_in_an_entry_that_a_log_holds(void **state)
{
	(void)state;
	present("{'goal': {'ko': '가\u206a나'}}", "character goal.ko");
	check(NEED_PRESENT | NEED_REPLAYED, "{'goal': {'ko': '가\u206a나'}}", "");
}

static void addresses_are_http_with_a_host(void **state)
{
	static const char *const good[] = {"https://gimhae.go.kr", "http://a",
		"https://a.kr:81/b?c#d", "http://[::1]/", "https://a.kr/%EA%B0%80"};
	static const char *const bad[] = {"gimhae.go.kr", "ftp://a.kr", "javascript:alert(1)",
		"https://", "https:///a", "http://?a", "https://a b", "https://a.kr/\\u0022",
		"https://a.kr/\\\\b", "https://가.kr", "https://good.kr@evil.kr", "https://.kr",
		"//a.kr"};

	for (size_t i = 0; i < COUNT(good); i++) {
		AUTOFREE char *record =
			mem_printf("{'website': '%s', 'contact': '%s'}", good[i], good[i]);

		present(record, "");
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTOFREE char *record =
			mem_printf("{'website': '%s', 'contact': '%s'}", bad[i], bad[i]);

		present(record, "bad_url website; bad_contact contact");
	}
}

static void a_contact_may_be_an_e_mail_address(void **state)
{
	static const char *const good[] = {"ai@gimhae.go.kr", "a.b+c@x-y.example", "a@b.c"};
	static const char *const bad[] = {"ai", "ai@", "@a.kr", "a@b", "a@b..c", "a@-b.c", "a@b-.c",
		".a@b.c", "a.@b.c", "a..b@b.c", "a b@c.d", "a@b@c.d", "a@b.c ", "가@b.c"};

	for (size_t i = 0; i < COUNT(good); i++) {
		AUTOFREE char *record = mem_printf("{'contact': '%s'}", good[i]);

		present(record, "");
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTOFREE char *record = mem_printf("{'contact': '%s'}", bad[i]);

		present(record, "bad_contact contact");
	}
}

static void a_telephone_is_digits_with_little_between(void **state)
{
	static const char *const good[] = {"055-330-1234", "+82 55 330 1234", "1588-1234", "120",
		"(055) 330.1234", "123456789012345"};
	static const char *const bad[] = {"12", "1234567890123456", "055-330-1234~5", "++82 55",
		"+", "055+330", "055-330-12가4", "tel:0553301234", "055-330-1234 ext 5"};

	for (size_t i = 0; i < COUNT(good); i++) {
		AUTOFREE char *record = mem_printf("{'phone': '%s'}", good[i]);

		present(record, "");
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTOFREE char *record = mem_printf("{'phone': '%s'}", bad[i]);

		present(record, "bad_phone phone");
	}
}

static void a_date_exists(void **state)
{
	static const char *const bad[] = {"2025-02-29", "1900-02-29", "2026-13-01", "2026-00-01",
		"2026-04-31", "2026-01-00", "2026-1-1", "2026-01-01T00:00:00Z", "2026-01",
		"0000-01-01", "2026/01/01", "-026-01-01"};

	present("{'due': '2024-02-29'}", "");
	present("{'due': '2000-02-29'}", "");
	present("{'due': 20260101}", "wrong_type due");
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTOFREE char *record = mem_printf("{'due': '%s'}", bad[i]);

		present(record, "bad_date due");
	}
}

static void a_month_has_no_day(void **state)
{
	present("{'since': '2026-12'}", "");
	present("{'since': '2026-12-01'}", "bad_month since");
	present("{'since': '2026-13'}", "bad_month since");
	present("{'since': '2026'}", "bad_month since");
}

static void what_the_standard_does_not_know_is_refused(void **state)
{
	present("{'goals': 1}", "unknown_field goals");
	present("{'risks': [{'risk': {'ko': '가'}, 'x': 1}]}", "unknown_member risks[0].x");
	present("{'id': 'a'}", "automatic id");
	present("{'risks': {}}", "wrong_type risks");
	present("{'risks': ['a']}", "wrong_type risks[0]");
	present("{'risks': [{'state': 'shut'}]}", "not_in_list risks[0].state");
}

static void facts_for_policies_are_yes_or_no_numbers_and_codes(void **state)
{
	present("{'assessments': {}}", "");
	present("{'assessments': {'eu-ai-act': {'a.b-C_9': true, 'n': -9007199254740991, 'c': '5(a)',"
		" 'l': ['5a', '5b'], 'none': []}, 'gimhae': {}}}",
		"");
	present("{'assessments': true}", "wrong_type assessments");
	present("{'assessments': {'gimhae': [1]}}", "wrong_type assessments.gimhae");
	present("{'assessments': {'Gim Hae': {}}}", "bad_policy assessments.Gim Hae");
	present("{'assessments': {'p': {'a b': 1, '': 1}}}",
		"bad_fact assessments.p.a b; bad_fact assessments.p.");
	present("{'assessments': {'p': {'a': null, 'b': {}, 'c': 1.5}}}",
		"wrong_type assessments.p.a; wrong_type assessments.p.b; wrong_type "
		"assessments.p.c");
	present("{'assessments': {'p': {'n': 9007199254740992, 'm': -9007199254740992}}}",
		"number_range assessments.p.n; number_range assessments.p.m");
	present("{'assessments': {'p': {'a': '', 'b': 'x\\ny', 'c': ['x', 'y', 'x'], 'd': [1]}}}",
		"empty assessments.p.a; line_break assessments.p.b; twice assessments.p.c[2]; "
		"wrong_type assessments.p.d[0]");
}

static void fill(json_t *object, const char *prefix, int n, json_t *value)
{
	for (int i = 0; i < n; i++) {
		AUTOFREE char *key = mem_printf("%s%d", prefix, i);

		json_put(object, key, json_incref(value));
	}
	json_decref(value);
}

/* The problem of `n` policies with `facts` facts that each have a list of `codes` codes, or "". */
static char *assessed(int n, int facts, int codes)
{
	struct standard *s = load(REAL);
	json_t *list = json_array(), *policy = json_object(), *all = json_object();
	json_t *record = json_object(), *problems = json_array();
	char *rule;

	for (int i = 0; i < codes; i++) {
		AUTOFREE char *code = mem_printf("%d", i);

		json_push(list, json_text(code));
	}
	fill(policy, "f", facts, list);
	fill(all, "p", n, policy);
	json_put(record, "assessments", all);
	if (standard_check(s, record, NEED_PRESENT, problems) == OK)
		json_push(problems, json_make("{s:s}", "rule", ""));
	rule = mem_text(json_str(json_array_get(problems, 0), "rule"));
	json_decref(record);
	json_decref(problems);
	standard_free(s);
	return rule;
}

static void facts_for_policies_have_limits(void **state)
{
	static const struct {
		int policies, facts, codes;
		const char *rule;
	} cases[] = {{20, 1, 1, ""}, {21, 1, 1, "too_many"}, {1, 400, 1, ""},
		{1, 401, 1, "too_many"}, {1, 1, 100, ""}, {1, 1, 101, "too_many"}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *rule = assessed(cases[i].policies, cases[i].facts, cases[i].codes);

		assert_string_equal(cases[i].rule, rule);
	}
}

static void facts_for_policies_do_not_count_as_complete(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{'level': 'high', 'assessments': {'p': {'a': true}}}");

	assert_int_equal(1, standard_completeness(s, record).filled);
	json_decref(record);
	standard_free(s);
}

static void a_record_is_an_object_of_limited_size(void **state)
{
	AUTOFREE char *long_text = mem_printf("{'goal': {'ko': '%05000d', 'en': '%05000d', 'vi': "
					      "'%05000d', 'zh': '%05000d'}}",
		1, 1, 1, 1);
	AUTOFREE char *less = mem_printf("{'goal': {'ko': '%05000d', 'en': '%05000d', 'vi':"
					 " '%05000d', 'zh': '%04000d'}}",
		1, 1, 1, 1);

	present("[]", "not_an_object ");
	present("'a'", "not_an_object ");
	present(long_text, "record_too_large ");
	present(less, "");
}

static void a_whole_record_passes_the_standard_of_the_tree(void **state)
{
	struct standard *s = load(REAL);
	AUTO(buf) text = file_text("tests/fuzz/corpus/record/full");
	json_t *record = NULL, *problems = json_array();
	struct completeness c;

	assert_int_equal(OK, json_read(text.data, text.len, MIB, RULES_STRICT, &record));
	assert_int_equal(OK, standard_check(s, record, NEED_ALL, problems));
	assert_int_equal(0, json_array_size(problems));
	c = standard_completeness(s, record);
	assert_int_equal(json_object_size(record), c.filled);
	assert_int_equal(c.required, c.required_filled);
	json_decref(record);
	json_decref(problems);
	standard_free(s);
}

/* The complete record with some members changed, or removed by null. */
static json_t *whole_but(const char *changes)
{
	AUTO(buf) text = file_text("tests/fuzz/corpus/record/full");
	json_t *record = NULL, *patch = json(changes), *value;
	const char *name;

	assert_int_equal(OK, json_read(text.data, text.len, MIB, RULES_STRICT, &record));
	json_object_foreach (patch, name, value) {
		if (json_is_null(value))
			json_object_del(record, name);
		else
			json_put(record, name, json_incref(value));
	}
	json_decref(patch);
	return record;
}

static bool breaks(const struct standard *s, const char *changes, const char *id)
{
	json_t *record = whole_but(changes), *problems = json_array(), *p;
	enum err e = standard_check(s, record, NEED_ALL, problems);
	bool found = false;
	size_t i;

	json_array_foreach (problems, i, p)
		found |= json_str(p, "id") && strcmp(json_str(p, "id"), id) == 0;
	assert_int_equal(json_array_size(problems) ? ERR_INVALID : OK, e);
	json_decref(record);
	json_decref(problems);
	return found;
}

static void a_text_is_original_or_translated_as_the_record_says(void **state)
{
	struct standard *s = load(REAL);
	json_t *record = json("{'translations': [{'language': 'en', 'status': 'machine'},"
			      " {'language': 'en', 'status': 'human', 'field': 'goal'},"
			      " {'language': 'vi', 'status': 'original', 'field': 'name'}]}");

	assert_int_equal(TRANSLATION_ORIGINAL, standard_translation(s, record, "goal", "ko"));
	assert_int_equal(TRANSLATION_HUMAN, standard_translation(s, record, "goal", "en"));
	assert_int_equal(TRANSLATION_MACHINE, standard_translation(s, record, "name", "en"));
	assert_int_equal(TRANSLATION_ORIGINAL, standard_translation(s, record, "name", "vi"));
	assert_int_equal(TRANSLATION_HUMAN, standard_translation(s, record, "goal", "vi"));
	json_decref(record);
	standard_free(s);
}

static void translations_name_fields_with_text_and_languages_once(void **state)
{
	static const struct {
		const char *entries, *at;
	} cases[] = {
		{"{'language': 'en', 'status': 'machine'}", ""},
		{"{'language': 'en', 'status': 'machine', 'field': 'risks'}", ""},
		{"{'language': 'en', 'status': 'machine', 'field': 'status'}",
			"translations[0].field"},
		{"{'language': 'en', 'status': 'machine', 'field': 'x'}", "translations[0].field"},
		{"{'language': 'English', 'status': 'machine'}", "translations[0].language"},
		{"{'language': 'en', 'status': 'robot'}", "translations[0].status"},
		{"{'language': 'en', 'status': 'machine'}, {'language': 'en', 'status': 'human'}",
			"translations[1].language"},
	};
	struct standard *s = load(REAL);

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *changes = mem_printf("{'translations': [%s]}", cases[i].entries);
		json_t *record = whole_but(changes), *problems = json_array();

		(void)!standard_check(s, record, NEED_ALL, problems);
		assert_int_equal(*cases[i].at != '\0', json_array_size(problems));
		if (*cases[i].at)
			assert_string_equal(
				cases[i].at, json_str(json_array_get(problems, 0), "at"));
		json_decref(record);
		json_decref(problems);
	}
	standard_free(s);
}

static void a_record_names_the_fields_that_a_supplier_stated(void **state)
{
	static const struct {
		const char *entry, *at;
	} cases[] = {
		{"{'field': 'limitations', 'supplier': 'ACME'}", ""},
		{"{'field': 'limitations', 'supplier': 'ACME', 'date': '2026-01-02'}", ""},
		{"{'field': 'nothing', 'supplier': 'ACME'}", "supplier_statements[0].field"},
		{"{'field': 'id', 'supplier': 'ACME'}", "supplier_statements[0].field"},
		{"{'field': 'limitations'}", "supplier_statements[0].supplier"},
		{"{'field': 'limitations', 'supplier': 'A', 'x': 1}", "supplier_statements[0].x"},
	};
	struct standard *s = load(REAL);

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *changes =
			mem_printf("{'supplier_statements': [%s]}", cases[i].entry);
		json_auto_t *record = whole_but(changes), *problems = json_array();

		(void)!standard_check(s, record, NEED_ALL, problems);
		assert_int_equal(*cases[i].at != '\0', json_array_size(problems));
		if (*cases[i].at)
			assert_string_equal(
				cases[i].at, json_str(json_array_get(problems, 0), "at"));
	}
	standard_free(s);
}

static void a_statement_is_marked_once_until_the_department_makes_it_its_own(void **state)
{
	json_auto_t *record = json("{'goal': {'ko': '가'}}"), *whole = json_deep_copy(record);

	assert_null(standard_stated(record, "goal"));
	standard_state(record, "goal", "ACME", "2026-01-02");
	standard_state(record, "limitations", "ACME", NULL);
	standard_state(record, "goal", "Other", NULL);
	assert_int_equal(2, json_array_size(json_object_get(record, FIELD_STATED)));
	assert_string_equal("Other", json_str(standard_stated(record, "goal"), "supplier"));
	standard_own(record, "goal");
	standard_own(record, "name");
	assert_null(standard_stated(record, "goal"));
	assert_non_null(standard_stated(record, "limitations"));
	standard_own(record, "limitations");
	assert_true(json_equal(whole, record));
}

static void each_rule_of_the_standard_of_the_tree_can_be_broken_and_kept(void **state)
{
#define KIND "'kind': 'fria', 'summary': {'ko': '가'}"
#define FIVE_PARTS                                                                     \
	"{'part': 'structure'}, {'part': 'staff_logs'}, {'part': 'checks'}, {'part': " \
	"'incidents'}, {'part': 'stop'}"
#define AI "'assessments': {'kr-public-ai-act': {'uses_ai': true}}"
	static const struct {
		const char *id, *broken, *kept;
	} cases[] = {
		{"begin_before_end", "{'begin_date': '2026-02', 'end_date': '2026-01'}",
			"{'begin_date': '2026-02', 'end_date': '2026-02'}"},
		{"begin_before_introduction",
			"{'begin_date': '2027-03', 'introduced_on': '2026-08-27'}",
			"{'begin_date': '2027-03', 'introduced_on': '2027-03-01'}"},
		{"introduction_before_end",
			"{'introduced_on': '2027-03-01', 'end_date': '2027-02'}",
			"{'introduced_on': '2027-03-01', 'end_date': '2027-03'}"},
		{"introduction_before_end_of_trial",
			"{'introduced_on': '2027-03-02', 'trial_until': '2027-03-01'}",
			"{'introduced_on': '2027-03-02', 'trial_until': '2027-03-02'}"},
		{"law_turns_on_the_day", "{'status': 'in_use', 'begin_date': '2026-08', " AI "}",
			"{'status': 'in_use', 'begin_date': '2026-07', " AI "}"},
		{"law_turns_on_the_day", "{'status': 'in_use', 'begin_date': '2027-02', " AI "}",
			"{'status': 'in_use', 'begin_date': '2026-12', " AI "}"},
		{"law_turns_on_the_day", "{'status': 'pilot', 'begin_date': '2031-01', " AI "}",
			"{'status': 'planned', 'begin_date': '2031-01', " AI "}"},
		{"law_turns_on_the_day", "{'status': 'pilot', 'begin_date': null, " AI "}",
			"{'status': 'pilot', 'begin_date': null, 'assessments': "
			"{'kr-public-ai-act': {'uses_ai': false}}}"},
		{"law_turns_on_the_day", "{'status': 'in_use', 'begin_date': '2027-02', " AI "}",
			"{'status': 'in_use', 'begin_date': '2027-02', 'introduced_on': "
			"'2027-02-27', " AI "}"},
		{"trial_needs_end", "{'assessments': {'kr-public-ai-act': {'exemption': 'trial'}}}",
			"{'assessments': {'kr-public-ai-act': {'exemption': 'minor'}}}"},
		{"published_assessment_can_be_read",
			"{'impact_assessments': [{" KIND ", 'published_on': '2027-03-01'}]}",
			"{'impact_assessments': [{" KIND "}, {" KIND
			", 'published_on': '2027-03-01', 'url': 'https://a.kr'}]}"},
		{"plan_has_redress", "{'risk_management_plan': [" FIVE_PARTS "]}",
			"{'risk_management_plan': [{'part': 'redress'}, " FIVE_PARTS "]}"},
		{"plan_has_structure", "{'risk_management_plan': [{'part': 'redress'}]}",
			"{'risk_management_plan': [" FIVE_PARTS "]}"},
		{"plan_has_staff_logs", "{'risk_management_plan': [{'part': 'redress'}]}",
			"{'risk_management_plan': [" FIVE_PARTS "]}"},
		{"plan_has_checks", "{'risk_management_plan': [{'part': 'redress'}]}",
			"{'risk_management_plan': [" FIVE_PARTS "]}"},
		{"plan_has_incidents", "{'risk_management_plan': [{'part': 'redress'}]}",
			"{'risk_management_plan': [" FIVE_PARTS "]}"},
		{"plan_has_stop", "{'risk_management_plan': [{'part': 'redress'}]}",
			"{'risk_management_plan': [" FIVE_PARTS "]}"},
		{"agreed_exemption_needs_reference",
			"{'assessment_exemption': [{'ground': 'minor', 'agreed_on': '2026-11-01', "
			"'confirmed_by': {'ko': '가'}}]}",
			"{'assessment_exemption': [{'ground': 'minor', 'agreed_on': '2026-11-01', "
			"'confirmed_by': {'ko': '가'}, 'reference': '1'}]}"},
		{"agreed_exemption_needs_reference",
			"{'assessment_exemption': [{'ground': 'trial'}, {'ground': 'minor', "
			"'reference': '1'}]}",
			"{'assessment_exemption': [{'ground': 'trial'}, {'ground': 'minor'}]}"},
		{"personal_data_needs_law",
			"{'risk_category': 'minimal', 'personal_data': 'identified',"
			" 'lawful_basis': null}",
			"{'risk_category': 'minimal', 'personal_data': 'none',"
			" 'lawful_basis': null}"},
		{"high_risk_needs_assessment",
			"{'risk_category': 'high', 'impact_assessments': [{" KIND "}]}",
			"{'risk_category': 'high', 'impact_assessments': [{" KIND
			", 'url': 'https://a.kr'}]}"},
		{"high_risk_needs_assessment",
			"{'risk_category': 'high', 'impact_assessments': [{'kind': 'none',"
			" 'summary': {'ko': '가'}, 'url': 'https://a.kr'}]}",
			"{'risk_category': 'limited', 'impact_assessments': [{" KIND "}]}"},
		{"automated_needs_notice",
			"{'risk_category': 'minimal', 'automation_level': 'fully_automated',"
			" 'notice_method': null}",
			"{'risk_category': 'minimal', 'automation_level': 'human_reviews',"
			" 'notice_method': null}"},
	};
	struct standard *s = load(REAL);

	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_true(breaks(s, cases[i].broken, cases[i].id));
		assert_false(breaks(s, cases[i].kept, cases[i].id));
		assert_non_null(standard_rule_message(s, cases[i].id));
	}
	/* A field that is always required, or by status, is reported once: as missing. */
	assert_false(
		breaks(s, "{'status': 'retired', 'end_date': null}", "retired_needs_end_date"));
	/* A date that is no date is reported once: as such. */
	assert_false(breaks(s, "{'begin_date': 'Sep-26', 'introduced_on': '2027-06-30'}",
		"begin_before_introduction"));
	assert_false(breaks(s, "{'begin_date': '2027-03', 'introduced_on': '2026.6.30'}",
		"begin_before_introduction"));
	/* A date that breaks one rule may still break another. */
	assert_true(breaks(s,
		"{'begin_date': '2027-03', 'introduced_on': '2027-03-01', 'end_date': '2027-02'}",
		"introduction_before_end"));
	assert_false(breaks(s, "{'objection_procedure': null}", "automated_needs_objection"));
	standard_free(s);
}

static void what_has_happened_has_a_day_that_came(void **state)
{
	static const struct {
		const char *latest, *ahead; /* the first place where a day is still to come */
	} cases[] = {
		{NULL, NULL},
		{"2026-11-30T01:00:00Z", NULL},
		{"2026-11-29T23:59:59Z", "impact_assessments[0].published_on"},
		{"2026-11-28", "impact_assessments[0].date"},
	};
	struct standard *s = load(REAL);
	json_t *record = whole_but(
		"{'impact_assessments': [{" KIND ", 'date': '2026-11-29', 'published_on': "
		"'2026-11-30', 'url': 'https://a.kr'}], 'introduced_on': '2031-01-01'}");

	for (size_t i = 0; i < COUNT(cases); i++) {
		json_t *problems = json_array(), *first;

		assert_int_equal(cases[i].ahead ? ERR_INVALID : OK,
			standard_check_by(s, record, NEED_ALL, cases[i].latest, problems));
		first = json_array_get(problems, 0);
		if (cases[i].ahead) {
			assert_string_equal("ahead", json_str(first, "rule"));
			assert_string_equal(cases[i].ahead, json_str(first, "at"));
		}
		json_decref(problems);
	}
	json_decref(record);
	standard_free(s);
}

static void the_list_of_problems_ends_at_two_hundred(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{'risks': []}"), *problems = json_array();

	for (int i = 0; i < 240; i++)
		json_push(json_object_get(record, "risks"), json_integer(i));
	assert_int_equal(ERR_INVALID, standard_check(s, record, NEED_PRESENT, problems));
	assert_int_equal(201, json_array_size(problems));
	assert_string_equal("wrong_type", json_str(json_array_get(problems, 199), "rule"));
	assert_string_equal("more_problems", json_str(json_array_get(problems, 200), "rule"));
	json_decref(record);
	json_decref(problems);
	standard_free(s);
}

static void completeness_counts_what_is_filled_in(void **state)
{
	struct standard *s = load(SMALL);
	json_t *record = json("{'id': 'x', 'level': 'high', 'name': {'ko': '가'}, 'tags': [],"
			      " 'ref': '1', 'goal': {'ko': ''}}");
	struct completeness c = standard_completeness(s, record);

	assert_int_equal(3, c.filled);
	assert_int_equal(4, c.required);
	assert_int_equal(2, c.required_filled);
	json_decref(record);
	standard_free(s);
}

static void the_text_shown_is_the_nearest_in_language(void **state)
{
	json_t *all = json("{'en': 'E', 'ko': 'K', 'vi': 'V', 'zh-Hans': 'Z'}");
	json_t *far = json("{'vi': 'V', 'zh': ''}"), *none = json("{'ko': ''}");
	const char *used = NULL;

	assert_string_equal("V", standard_text(all, "vi", &used));
	assert_string_equal("vi", used);
	assert_string_equal("E", standard_text(all, "en-GB", &used));
	assert_string_equal("en", used);
	assert_string_equal("Z", standard_text(all, "zh", &used));
	assert_string_equal("zh-Hans", used);
	assert_string_equal("K", standard_text(all, "fr", &used));
	assert_string_equal("ko", used);
	assert_string_equal("V", standard_text(far, "zh", &used));
	assert_string_equal("vi", used);
	assert_null(standard_text(none, "ko", &used));
	assert_null(standard_text(NULL, "ko", NULL));
	json_decref(all);
	json_decref(far);
	json_decref(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_standard_of_the_tree_loads),
		cmocka_unit_test(a_field_is_found_by_its_name),
		cmocka_unit_test(values_answer_a_question_all_or_none),
		cmocka_unit_test(what_is_asked_first_names_fields),
		cmocka_unit_test(a_broken_field_is_refused_with_its_place_and_the_rule),
		cmocka_unit_test(a_field_is_required_where_an_enum_has_a_value),
		cmocka_unit_test(a_type_has_what_it_needs_and_nothing_of_another),
		cmocka_unit_test(an_item_of_a_list_holds_no_list),
		cmocka_unit_test(limits_types_and_the_version_are_as_this_program_knows_them),
		cmocka_unit_test(a_broken_rule_is_refused_with_its_id),
		cmocka_unit_test(what_a_standard_names_is_in_it_and_once),
		cmocka_unit_test(what_is_no_json_object_is_no_standard),
		cmocka_unit_test(a_filing_must_have_what_is_required),
		cmocka_unit_test(
			a_text_of_which_nothing_is_seen_is_missing_but_not_in_an_entry_that_a_log_holds),
		cmocka_unit_test(a_filing_has_every_text_in_the_first_language),
		cmocka_unit_test(an_import_need_not_be_complete),
		cmocka_unit_test(a_rule_of_requirement_needs_all_its_conditions),
		cmocka_unit_test(rules_between_fields_hold_for_filings),
		cmocka_unit_test(a_rule_is_said_with_its_id_and_has_a_message),
		cmocka_unit_test(what_is_withheld_with_a_reason_and_a_law_is_not_missing),
		cmocka_unit_test(what_may_be_withheld_is_a_field_that_is_not_filled),
		cmocka_unit_test(a_standard_from_before_there_were_rules_asks_what_it_asked),
		cmocka_unit_test(completeness_tells_what_is_withheld),
		cmocka_unit_test(a_text_is_an_object_of_languages),
		cmocka_unit_test(a_limit_counts_characters_not_bytes),
		cmocka_unit_test(a_problem_tells_the_limit_and_what_it_got),
		cmocka_unit_test(characters_that_deceive_are_refused),
		cmocka_unit_test(markdown_may_not_hold_what_reaches_out_of_its_place),
		cmocka_unit_test(
			a_tag_that_another_normal_form_would_close_is_html_but_not_in_an_entry_that_a_log_holds),
		cmocka_unit_test(
			an_invisible_character_is_refused_but_not_in_an_entry_that_a_log_holds),
		cmocka_unit_test(addresses_are_http_with_a_host),
		cmocka_unit_test(
			a_link_that_is_not_what_it_seems_is_refused_but_not_in_an_entry_that_a_log_holds),
		cmocka_unit_test(a_contact_may_be_an_e_mail_address),
		cmocka_unit_test(a_telephone_is_digits_with_little_between),
		cmocka_unit_test(a_date_exists),
		cmocka_unit_test(a_month_has_no_day),
		cmocka_unit_test(what_the_standard_does_not_know_is_refused),
		cmocka_unit_test(facts_for_policies_are_yes_or_no_numbers_and_codes),
		cmocka_unit_test(facts_for_policies_have_limits),
		cmocka_unit_test(facts_for_policies_do_not_count_as_complete),
		cmocka_unit_test(a_record_is_an_object_of_limited_size),
		cmocka_unit_test(a_whole_record_passes_the_standard_of_the_tree),
		cmocka_unit_test(a_text_is_original_or_translated_as_the_record_says),
		cmocka_unit_test(translations_name_fields_with_text_and_languages_once),
		cmocka_unit_test(a_record_names_the_fields_that_a_supplier_stated),
		cmocka_unit_test(a_statement_is_marked_once_until_the_department_makes_it_its_own),
		cmocka_unit_test(each_rule_of_the_standard_of_the_tree_can_be_broken_and_kept),
		cmocka_unit_test(what_has_happened_has_a_day_that_came),
		cmocka_unit_test(the_list_of_problems_ends_at_two_hundred),
		cmocka_unit_test(completeness_counts_what_is_filled_in),
		cmocka_unit_test(the_text_shown_is_the_nearest_in_language),
	};

	return cmocka_run_group_tests_name("standard", tests, NULL, NULL);
}
