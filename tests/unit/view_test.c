#include "audit/store_sqlite.h"
#include "base/file.h"
#include "registry/event/state.h"
#include "registry/standard/standard.h"
#include "registry/write/writer.h"
#include "web/pages/pages.h"
#include "web/pages/record_view.h"
#include "web/server/server.h"
#include "web/view/language_names.h"
#include "web/view/parts.h"
#include "web/view/problem.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define HOSTILE "\\\"><script>alert(1)</script>' onclick='x' {{title}} &amp; javascript:x"

static char base[] = "https://ai.example";
static struct reg reg; /* for its clock alone */
static struct site site = {.base = base, .reg = &reg};
static struct standard *standard;
static struct db *empty;
static struct snapshot empty_snap;
static const char *const languages[] = {"ko", "en"};

/* --- fixtures --- */

static struct buf file_text(const char *path)
{
	struct buf text = BUF(MIB);

	if (file_read(path, &text) != OK)
		fail_msg("%s", err_why());
	return text;
}

static int setup(void **state)
{
	struct buf text = file_text("policies/standard.json");

	reg.env = env_real;
	site.policies = policies_kept_new();
	site.lists = lists_kept_new();
	setenv("TZ", "Asia/Seoul", 1);
	tzset();
	if (view_open(&site.view) || standard_load(text.data, text.len, &standard))
		fail_msg("%s", err_why());
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &empty));
	assert_int_equal(OK, state_create(empty));
	empty_snap = snapshot_sqlite(empty);
	buf_done(&text);
	return 0;
}

static int teardown(void **state)
{
	policies_kept_free(site.policies);
	lists_kept_free(site.lists);
	view_free(site.view);
	standard_free(standard);
	db_free(empty);
	return 0;
}

static struct request asking(const char *lang)
{
	struct request rq = {.site = &site, .standard = standard, .path = "/ko/", .body = ""};

	memcpy(rq.lang, lang, strlen(lang) + 1);
	return rq;
}

static json_t *json(const char *text)
{
	json_error_t error;
	json_t *value = json_loads(text, JSON_DECODE_ANY, &error);

	if (!value)
		fail_msg("%s: %s", error.text, text);
	return value;
}

/* A page of `template` with a view, within the frame. The caller frees. */
static char *page(const struct request *rq, const char *template, json_t *view)
{
	struct response rs = {0};

	if (page_render(rq, &rs, template, view) != OK)
		fail_msg("%s: %s", template, err_why());
	return buf_take(&rs.body);
}

static void assert_has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("“%s” is not in:\n%s", part, text);
}

static void assert_has_not(const char *text, const char *part)
{
	const char *at = strstr(text, part);

	if (at)
		fail_msg("“%s” is in: …%.200s", part, at);
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/* --- messages --- */

static json_t *messages_of(const char *lang)
{
	return view_messages(site.view, lang);
}

static void both_languages_have_the_same_messages_with_the_same_variables(void **state)
{
	json_t *ko = messages_of("ko"), *en = messages_of("en"), *value;
	const char *key;

	json_object_foreach (ko, key, value) {
		if (!json_str(en, key))
			fail_msg("%s is only in Korean", key);
		if (strstr(json_string_value(value), "{{") && !strstr(json_str(en, key), "{{"))
			fail_msg("%s has variables only in Korean", key);
	}
	assert_int_equal(json_object_size(ko), json_object_size(en));
	json_decref(ko);
	json_decref(en);
}

static void messages_hold_words_and_no_markup(void **state)
{
	for (size_t i = 0; i < COUNT(languages); i++) {
		json_t *all = messages_of(languages[i]), *value;
		const char *key;
		json_object_foreach (all, key, value)
			if (strpbrk(json_string_value(value), "<&") || !json_string_length(value))
				fail_msg("%s: %s", key, json_string_value(value));
		json_decref(all);
	}
}

/* Calls `check` with what stands between `before` and the next character of `end`. */
static void each(const char *text, const char *before, const char *end,
	void (*check)(const char *file, const char *key), const char *file)
{
	while ((text = strstr(text, before))) {
		text += strlen(before);
		AUTOFREE char *key = mem_bytes(text, strcspn(text, end));
		check(file, key);
	}
}

static void each_file(const char *pattern, void (*check)(const char *file, const char *text))
{
	glob_t files = {0};

	assert_int_equal(0, glob(pattern, 0, NULL, &files));
	for (size_t i = 0; i < files.gl_pathc; i++) {
		struct buf text = file_text(files.gl_pathv[i]);
		check(files.gl_pathv[i], buf_text(&text));
		buf_done(&text);
	}
	globfree(&files);
}

static void is_plain(const char *file, const char *key)
{
	const char *s = view_message(site.view, "ko", key);

	if (!s || strstr(s, "{{"))
		fail_msg("%s: {{t.%s}} %s", file, key, s ? "has variables: use {{>" : "is unknown");
}

static void is_known(const char *file, const char *key)
{
	if (!view_message(site.view, "ko", key))
		fail_msg("%s: no message %s", file, key);
}

static void template_keys(const char *file, const char *text)
{
	each(text, "{{t.", "}", is_plain, file);
	each(text, "{{>t.", "}", is_known, file);
}

static void c_keys(const char *file, const char *text)
{
	each(text, "message(rq, \"", "\"", is_known, file);
	each(text, "say(rq, \"", "\"", is_known, file);
}

static void what_templates_and_pages_say_exists(void **state)
{
	each_file("web/templates/*", template_keys);
	each_file("web/*/*.c", c_keys);
}

static void keys_put_together_in_c_exist(void **state)
{
	static const char *const keys[] = {"happened_published", "happened_suspended",
		"happened_resumed", "happened_retired", "lang_ko", "lang_en", "lang_zh", "lang_vi",
		"lang_nl", "lang_de", "lang_fr", "overruled_retired", "overruled_suspended",
		"state_withdrawn", "state_answered_personally", "state_received", "state_published",
		"state_withheld", "state_answered", "feedback_invalid", "feedback_limited",
		"feedback_busy", "feedback_too_large", "fact_goal", "fact_decides", "fact_personal",
		"fact_risk", "fact_object", "notice_retired", "notice_suspended", "change_added",
		"change_removed", "change_edited", "feedback_text", "feedback_name",
		"feedback_email", "feedback_text_missing", "feedback_email_bad",
		"feedback_trap_filled", "rule.other"};

	for (size_t i = 0; i < COUNT(keys); i++)
		is_known("C", keys[i]);
	for (int code = OK + 1; code < ERR_KINDS; code++) {
		const struct err_kind *kind = err_kind((enum err)code);
		AUTOFREE char *title = mem_printf("error_%s", kind->ours ? "ours" : kind->name);
		AUTOFREE char *text = mem_printf("%s_text", title);
		is_known("error", title);
		is_known("error", text);
	}
}

/* --- values --- */

static void a_text_is_shown_in_the_readers_language_and_marked_where_it_is_not(void **state)
{
	struct request rq = asking("en");
	json_t *both = json("{\"ko\": \"길\", \"en\": \"road\"}"), *one = json("{\"ko\": \"길\"}");
	json_t *a = view_text(&rq, both), *b = view_text(&rq, one), *c = view_text(&rq, NULL);

	assert_string_equal("road", json_str(a, "text"));
	assert_true(json_is_false(json_object_get(a, "foreign")));
	assert_string_equal("길", json_str(b, "text"));
	assert_string_equal("ko", json_str(b, "lang"));
	assert_true(json_is_true(json_object_get(b, "foreign")));
	assert_true(json_is_null(c));
	json_decref(both);
	json_decref(one);
	json_decref(a);
	json_decref(b);
	json_decref(c);
}

static void assert_date(const char *lang, const char *at, const char *date, const char *clock)
{
	struct request rq = asking(lang);
	json_t *view = view_time(&rq, at);

	assert_string_equal(date, json_str(view, "date"));
	assert_string_equal(clock, json_str(view, "time"));
	json_decref(view);
}

static void a_time_is_told_in_the_registers_zone_as_each_language_writes_it(void **state)
{
	assert_date("ko", "2026-11-21T15:30:00Z", "2026. 11. 22.", "00:30");
	assert_date("en", "2026-11-21T15:30:00Z", "22 November 2026", "00:30");
}

static void assert_day(const char *lang, const char *date, const char *words)
{
	struct request rq = asking(lang);
	json_t *view = view_date(&rq, date);

	assert_string_equal(words, json_string_value(view));
	json_decref(view);
}

static void days_and_months_of_a_record_are_told_in_words(void **state)
{
	assert_day("ko", "2027-01-15", "2027. 1. 15.");
	assert_day("en", "2027-01-15", "15 January 2027");
	assert_day("ko", "2023-07", "2023년 7월");
	assert_day("en", "2023-07", "July 2023");
	assert_day("en", "soon <b>", "soon <b>");
}

static void assert_number(int64_t n, const char *words)
{
	json_t *view = view_number(n);

	assert_string_equal(words, json_str(view, "text"));
	json_decref(view);
}

static void numbers_are_grouped_by_thousands(void **state)
{
	assert_number(0, "0");
	assert_number(999, "999");
	assert_number(1000, "1,000");
	assert_number(1234567, "1,234,567");
	assert_number(-1234, "-1,234");
}

static void english_counts_one_and_many(void **state)
{
	struct request rq = asking("en");
	json_t *one = say(&rq, "count_systems", view_number(1));
	json_t *many = say(&rq, "count_systems", view_number(1200));

	assert_string_equal("1 AI system", json_string_value(one));
	assert_string_equal("1,200 AI systems", json_string_value(many));
	json_decref(one);
	json_decref(many);
}

static void the_other_language_keeps_path_and_question(void **state)
{
	struct request rq = asking("ko");
	char value[] = "돌봄 <&>";

	rq.path = "/ko/systems";
	rq.params[0] = (struct param){.name = "q", .value = value};
	rq.params_query = rq.params_n = 1;
	AUTOFREE char *path = view_path_in(&rq, "en");
	assert_string_equal("/en/systems?q=%EB%8F%8C%EB%B4%84%20%3C%26%3E", path);
}

/* --- problems --- */

static void every_rule_of_the_standard_has_its_sentence(void **state)
{
	static const char *const rules[] = {"unknown_field", "automatic", "wrong_type",
		"not_in_list", "too_long", "too_many", "missing", "empty", "bad_language",
		"bad_date", "bad_month", "bad_file", "file_missing", "bad_url", "link_address",
		"link_words", "bad_contact", "bad_phone", "character", "line_break", "html", "link",
		"image", "nesting", "record_too_large", "not_an_object", "unknown_member",
		"language_missing", "bad_policy", "bad_fact", "number_range", "twice",
		"withheld_unknown", "withheld_never", "withheld_filled", "standard_rule",
		"translation_unknown", "ahead"};

	for (size_t i = 0; i < COUNT(rules); i++) {
		AUTOFREE char *key = mem_printf("rule.%s", rules[i]);
		is_known("rule", key);
	}
}

static char *problem(const char *lang, const char *text)
{
	json_t *problems = json(text), *out = NULL;
	char *sentence;

	assert_int_equal(OK, problems_text(site.view, lang, standard, problems, &out));
	assert_int_equal(1, json_array_size(out));
	sentence = mem_text(json_string_value(json_array_get(out, 0)));
	json_decref(problems);
	json_decref(out);
	return sentence;
}

/* Things of no use to an officer: JSON names, commands. */
static void a_problem_in_a_form_names_no_json_and_no_command(void **state)
{
	json_auto_t *found = json_array(),
		    *record = json(
			    "{\"contact_phone\": \"x\", \"website\": \"y\", \"begin_date\": \"z\","
			    " \"goal\": {\"ko\": \"\", \"en\": \"<b>\"}, \"status\": \"?\","
			    " \"attachments\": [{\"sha256\": \"a.pdf\"}]}");

	assert_int_equal(ERR_INVALID, standard_check(standard, record, NEED_ALL, found));
	assert_true(json_array_size(found) > 20);
	for (size_t l = 0; l < COUNT(languages); l++) {
		json_auto_t *said = NULL;
		json_t *one;
		size_t i;

		assert_int_equal(
			OK, problems_in_form(site.view, languages[l], standard, found, &said));
		json_array_foreach (said, i, one) {
			assert_has_not(json_string_value(one), "gaya ");
			assert_has_not(json_string_value(one), "_");
			assert_has_not(json_string_value(one), "{{");
		}
	}
}

static void a_problem_names_the_field_the_rule_and_the_way_out(void **state)
{
	const char *too_long = "[{\"field\": \"name\", \"at\": \"name.ko\", \"rule\": \"too_long\","
			       " \"limit\": 100, \"got\": 123}]";
	AUTOFREE char *ko = problem("ko", too_long), *en = problem("en", too_long);

	assert_string_equal("‘명칭’(name, 한국어)은 100자까지 쓸 수 있습니다. 지금 123자입니다. "
			    "줄여서 다시 보내 주세요.",
		ko);
	assert_string_equal("“Name” (name, Korean) may have up to 100 characters and has 123. "
			    "Shorten it and send it again.",
		en);
}

static void a_problem_within_a_list_names_the_item_and_its_part(void **state)
{
	AUTOFREE char *en = problem("en", "[{\"field\": \"risks\", \"at\":"
					  " \"risks[2].mitigation.en\", \"rule\": \"missing\"}]");

	assert_has(en, "“Risks and mitigations 3 › Mitigation” (risks[2].mitigation, English) is"
		       " required. Fill it in");
}

static void what_may_be_chosen_is_listed(void **state)
{
	AUTOFREE char *en = problem("en",
		"[{\"field\": \"status\", \"at\": \"status\", \"rule\":"
		" \"not_in_list\", \"got\": \"gone\", \"allowed\": [\"planned\", \"pilot\"]}]");

	assert_has(en,
		"“Status” (status) cannot be gone. Choose one of: planned (Planned), pilot (Pilot).");
}

static void a_missing_choice_lists_what_may_be_chosen(void **state)
{
	AUTOFREE char *en = problem("en", "[{\"field\": \"status\", \"at\": \"status\", \"rule\":"
					  " \"missing\", \"allowed\": [\"planned\", \"pilot\"]}]");

	assert_string_equal(
		"“Status” (status) is required. Choose one of: planned (Planned), pilot (Pilot).",
		en);
}

static void what_may_be_chosen_has_its_label_within_lists_and_questions_too(void **state)
{
	AUTOFREE char *group = problem("ko",
		"[{\"field\": \"vulnerable_groups\", \"at\": \"vulnerable_groups[0]\", \"rule\":"
		" \"not_in_list\", \"got\": \"노인\", \"allowed\": [\"aged_65\"]}]");
	AUTOFREE char *part = problem("ko",
		"[{\"field\": \"risk_management_plan\", \"at\": \"risk_management_plan[1].part\","
		" \"rule\": \"missing\", \"allowed\": [\"stop\"]}]");
	AUTOFREE char *answer = problem("ko",
		"[{\"field\": \"assessments\", \"at\": \"assessments.p.exemption\", \"rule\":"
		" \"fact_not_in_list\", \"got\": \"경미함\", \"allowed\": [\"minor\", \"none\"],"
		" \"labels\": [{\"ko\": \"경미함\"}, {\"ko\": \"없음\"}]}]");

	assert_has(group, "다음 중에서 고르세요: aged_65 (65세 이상인 사람).");
	assert_has(part, "다음 중에서 고르세요: stop (중단·제한과 이용자 보호).");
	assert_has(answer, "다음 중에서 고르세요: minor (경미함), none (없음).");
}

static void a_wrong_type_tells_what_is_wanted_and_what_came(void **state)
{
	static const char *const types[] = {"string", "text", "markdown", "code", "url", "contact",
		"phone", "date", "month", "enum", "list", "object"};
	AUTOFREE char *en =
		problem("en", "[{\"field\": \"name\", \"at\": \"name\", \"rule\":"
			      " \"wrong_type\", \"wanted\": \"text\", \"got\": \"list\"}]");

	assert_string_equal(
		"“Name” (name) must be a text in each language, such as {\"ko\": \"…\", "
		"\"en\": \"…\"}; it is a list. Change it and send it again.",
		en);
	for (size_t i = 0; i < COUNT(types); i++) {
		AUTOFREE char *key = mem_printf("wanted.%s", types[i]);

		is_known("type", key);
	}
}

static void each_language_has_its_own_name_once(void **state)
{
	json_auto_t *seen = json_object();
	struct language_name l;
	size_t n;

	for (n = 0; language_nth(n, &l); n++) {
		assert_string_equal(l.own, language_own_name(l.tag));
		assert_null(json_object_get(seen, l.tag));
		json_put(seen, l.tag, json_true());
	}
	assert_true(n > 20);
	assert_true(language_nth(0, &l) && strcmp(l.tag, "ko") == 0);
	assert_string_equal("English", language_own_name("en-GB"));
	assert_string_equal("中文", language_own_name("zh-Hant"));
	assert_string_equal("tlh", language_own_name("tlh"));
}

static void a_missing_language_is_named(void **state)
{
	const char *missing = "[{\"field\": \"name\", \"at\": \"name\", \"rule\":"
			      " \"language_missing\", \"language\": \"ko\"}]";
	AUTOFREE char *ko = problem("ko", missing), *en = problem("en", missing);

	assert_has(ko, "‘명칭’(name)에 한국어 글이 있어야 합니다.");
	assert_has(en, "“Name” (name) needs a text in Korean.");
}

static void a_rule_without_a_sentence_still_says_something(void **state)
{
	AUTOFREE char *en = problem("en", "[{\"field\": \"x\", \"at\": \"x\", \"rule\": \"new\"}]");

	assert_has(en, "“x” breaks a rule");
}

/* --- records --- */

static json_t *record(const char *text)
{
	struct request rq = asking("ko");
	json_t *value = json(text), *view = NULL;

	if (record_view(&rq, value, &view) != OK)
		fail_msg("%s", err_why());
	json_decref(value);
	return view;
}

static const json_t *field_in(const json_t *fields, const char *name)
{
	const json_t *field;
	size_t i;

	json_array_foreach (fields, i, field)
		if (!strcmp(json_str(field, "name"), name))
			return field;
	return NULL;
}

static const json_t *field(const json_t *view, const char *name)
{
	const json_t *group, *found = field_in(json_object_get(view, "facts"), name);
	size_t i;

	json_array_foreach (json_object_get(view, "groups"), i, group)
		if (!found)
			found = field_in(json_object_get(group, "fields"), name);
	return found;
}

static const char *html(const json_t *view, const char *name)
{
	const char *s = json_str(field(view, name), "html");

	if (!s)
		fail_msg("%s is not shown", name);
	return s;
}

static void what_is_required_and_missing_is_shown_as_missing(void **state)
{
	json_t *view = record("{\"name\": {\"ko\": \"가\"}}");

	assert_true(json_is_true(json_object_get(field(view, "goal"), "missing")));
	assert_true(json_is_true(json_object_get(field(view, "contact_email"), "missing")));
	assert_null(field(view, "cost"));
	assert_null(field(view, "publication_date"));
	assert_true(json_is_object(json_object_get(view, "optional_empty")));
	json_decref(view);
}

static void what_is_withheld_says_why(void **state)
{
	json_t *view = record(
		"{\"risk_category\": \"high\", \"withheld\": [{\"field\": \"performance\","
		" \"reason\": {\"ko\": \"영업비밀\"}, \"legal_basis\": {\"ko\": \"제9조\"}}]}");
	const json_t *why = json_object_get(field(view, "performance"), "withheld");

	assert_string_equal("영업비밀", json_str(json_object_get(why, "reason"), "text"));
	assert_has(html(view, "withheld"), "성능과 측정 방법");
	json_decref(view);
}

static void an_optional_field_that_is_withheld_stands_in_its_place(void **state)
{
	json_t *view = record("{\"risk_category\": \"minimal\", \"withheld\": [{\"field\":"
			      " \"system_architecture\", \"reason\": {\"ko\": \"망 보호\"},"
			      " \"legal_basis\": {\"ko\": \"제9조\"}}]}");
	const json_t *f = field(view, "system_architecture");

	assert_true(json_is_true(json_object_get(f, "missing")));
	assert_string_equal("망 보호",
		json_str(json_object_get(json_object_get(f, "withheld"), "reason"), "text"));
	json_decref(view);
}

static void a_machine_translation_is_marked(void **state)
{
	json_t *view = record("{\"goal\": {\"ko\": \"왜\"}, \"impact\": {\"ko\": \"누구\"},"
			      " \"risks\": [{\"risk\": {\"ko\": \"오작동\"}}], \"translations\":"
			      " [{\"language\": \"ko\", \"status\": \"machine\", \"field\":"
			      " \"goal\"}, {\"language\": \"ko\", \"status\": \"machine\","
			      " \"field\": \"risks\"}]}");

	assert_true(json_is_true(json_object_get(field(view, "goal"), "machine")));
	assert_true(json_is_true(json_object_get(field(view, "risks"), "machine")));
	assert_false(json_is_true(json_object_get(field(view, "impact"), "machine")));
	assert_false(json_is_true(json_object_get(field(view, "translations"), "machine")));
	json_decref(view);
}

static void facts_for_policies_are_a_table_of_each_policy(void **state)
{
	json_t *view = record("{\"assessments\": {\"p\": {}, \"eu-ai-act\": {\"z_b\": true,"
			      " \"a\": [\"5<a>\", \"5b\"], \"n\": 3}}}");
	json_t *f = json_copy((json_t *)field(view, "assessments"));
	AUTO(buf) out = BUF(16 * KIB);

	json_put(f, "t", view_messages(site.view, "ko"));
	assert_has(json_str(f, "md"), "**EU 인공지능법**");
	assert_has(json_str(f, "md"), "- a: 5\\<a\\>, 5b");
	assert_has(json_str(f, "md"), "- z\\_b: 예");
	assert_int_equal(
		OK, view_render(site.view, "ko", "record_field.html", ESCAPE_HTML, f, &out));
	assert_has(buf_text(&out), "<caption>EU 인공지능법</caption>");
	assert_has(buf_text(&out), "<th scope=\"row\">a</th><td>5&lt;a&gt;, 5b</td>");
	assert_has(buf_text(&out), "<th scope=\"row\">n</th><td>3</td>");
	assert_has(buf_text(&out), "<caption>p</caption>");
	assert_has(buf_text(&out), "아직 답한 사실이 없습니다.");
	json_decref(f);
	json_decref(view);
}

static void a_text_in_another_language_is_marked(void **state)
{
	json_t *view = record("{\"goal\": {\"en\": \"Why\"}, \"provider\": {\"ko\": \"회사\"}}");

	assert_string_equal("en", json_str(field(view, "goal"), "lang"));
	assert_string_equal("영어", json_str(field(view, "goal"), "foreign"));
	assert_null(json_str(field(view, "provider"), "foreign"));
	json_decref(view);
	view = record("{\"goal\": {\"nl-NL\": \"Waarom\"}}");
	assert_string_equal("네덜란드어", json_str(field(view, "goal"), "foreign"));
	json_decref(view);
}

static void no_value_of_a_record_becomes_markup_or_a_dangerous_link(void **state)
{
	json_t *view = record(
		"{\"goal\": {\"ko\": \"<script>x</script> [a](javascript:x)\\n\\n**b**\"},"
		" \"provider\": {\"ko\": \"<b>x</b> *y* [z](https://a.example)\"},"
		" \"website\": \"javascript:alert(1)\", \"contact_email\": \"a@b.example\\\"><x>\","
		" \"category\": [{\"ko\": \"- 가\\n- <i>나</i>\"}, {\"ko\": \"``` 다\"}],"
		" \"audit\": [{\"auditor\": {\"ko\": \"**\"}, \"result\": {\"ko\": \"# 라\"},"
		" \"url\": \"https://a.example/><script>\"}]}");
	static const char *const names[] = {
		"goal", "provider", "website", "contact_email", "category", "audit"};

	for (size_t i = 0; i < COUNT(names); i++) {
		assert_has_not(html(view, names[i]), "<script");
		assert_has_not(html(view, names[i]), "href=\"javascript");
		assert_has_not(html(view, names[i]), "<b>");
		assert_has_not(html(view, names[i]), "<i>");
		assert_has_not(html(view, names[i]), "<x>");
	}
	assert_has(html(view, "goal"), "<strong>b</strong>");
	assert_has_not(html(view, "provider"), "<a ");
	assert_has(html(view, "audit"), "# 라");
	json_decref(view);
}

static void lists_and_their_parts_keep_their_labels(void **state)
{
	json_t *view =
		record("{\"risks\": [{\"risk\": {\"ko\": \"오작동\"}, \"mitigation\":"
		       " {\"ko\": \"- 점검\\n- 교육\"}}], \"lawful_basis_grouping\": [{\"title\":"
		       " {\"ko\": \"개인정보 보호법\"}, \"url\": \"https://law.example/a\"}]}");

	assert_has(html(view, "risks"), "<strong>위험:</strong> 오작동");
	assert_has(html(view, "risks"), "<li>점검</li>");
	assert_has(html(view, "lawful_basis_grouping"),
		"<a href=\"https://law.example/a\">개인정보 보호법</a>");
	json_decref(view);
}

static void a_rule_that_a_level_rests_on_is_named_by_its_policys_name(void **state)
{
	json_t *view = record("{\"risk_basis\": [{\"policy\": \"eu-ai-act\", \"rule\":"
			      " \"eu.annex3\"}, {\"policy\": \"other\", \"rule\": \"o.1\"}]}");

	assert_has(html(view, "risk_basis"), "EU 인공지능법 (eu.annex3)");
	assert_has(html(view, "risk_basis"), "o.1");
	assert_has_not(html(view, "risk_basis"), "eu-ai-act");
	json_decref(view);
}

static void what_the_standard_no_longer_knows_is_still_shown(void **state)
{
	json_t *view = record("{\"old_field\": {\"ko\": \"옛 <b>말</b>\"}, \"old_list\": [1, 2]}");

	assert_has(html(view, "old_field"), "옛 &lt;b&gt;말");
	assert_has(html(view, "old_list"), "[1,2]");
	json_decref(view);
}

/* --- pages --- */

/* A view with a hostile value wherever a template might look for one. */
static json_t *hostile_view(void)
{
	static const char *const strings[] = {"title", "description", "q", "slug", "department",
		"what", "source", "system_name", "as_of", "why", "receipt", "state", "sha256",
		"base"};
	static const char *const objects[] = {
		"name", "summary", "department_name", "about", "reason", "standard_name"};
	static const char *const lists[] = {"systems", "latest", "history", "departments", "keys",
		"questions", "errors", "risks", "statuses", "changes"};
	const char *item =
		"{\"slug\": \"" HOSTILE "\", \"name\": {\"text\": \"" HOSTILE "\","
		" \"lang\": \"" HOSTILE "\", \"foreign\": true}, \"value\": \"" HOSTILE
		"\", \"label\":"
		" {\"text\": \"" HOSTILE "\", \"foreign\": false}, \"when\": {\"iso\": \"" HOSTILE
		"\","
		" \"date\": \"" HOSTILE "\"}, \"text\": \"" HOSTILE "\", \"lang\": \"" HOSTILE "\","
		" \"id\": \"" HOSTILE "\", \"vkey\": \"" HOSTILE "\", \"field\": \"" HOSTILE "\","
		" \"kind\": \"" HOSTILE "\", \"answers\": [{\"by\": \"" HOSTILE
		"\", \"text\": {\"text\":"
		" \"" HOSTILE "\"}}], \"here\": {\"runs\": [{\"added\": \"" HOSTILE "\"}]},"
		" \"systems\": {\"text\": \"1\", \"one\": true}}";
	json_t *view = json_object();

	for (size_t i = 0; i < COUNT(strings); i++)
		json_put(view, strings[i], json("\"" HOSTILE "\""));
	for (size_t i = 0; i < COUNT(objects); i++)
		json_put(view, objects[i],
			json("{\"text\": \"" HOSTILE "\", \"lang\": \"" HOSTILE
			     "\", \"foreign\": true}"));
	for (size_t i = 0; i < COUNT(lists); i++)
		json_put(view, lists[i], json_make("[o]", json(item)));
	json_put(view, "form",
		json("{\"text\": \"" HOSTILE "\", \"name\": \"" HOSTILE "\","
		     " \"email\": \"" HOSTILE "\", \"text_error\": \"" HOSTILE "\"}"));
	json_put(view, "has_errors", json_true());
	return view;
}

static const char *const pages[] = {"home.html", "systems.html", "record.html", "versions.html",
	"changes.html", "departments.html", "department.html", "feedback.html", "receipt.html",
	"verify.html", "about.html", "error.html"};

static void no_page_lets_a_value_out_of_its_place(void **state)
{
	struct request rq = asking("ko");

	for (size_t i = 0; i < COUNT(pages); i++) {
		AUTOFREE char *text = page(&rq, pages[i], hostile_view());
		assert_has(text, "&lt;script&gt;");
		assert_has_not(text, "<script");
		assert_has_not(text, "\"><script");
		assert_has_not(text, "' onclick='");
	}
}

static void every_page_has_one_heading_its_landmarks_and_its_language(void **state)
{
	for (size_t l = 0; l < COUNT(languages); l++)
		for (size_t i = 0; i < COUNT(pages); i++) {
			struct request rq = asking(languages[l]);
			AUTOFREE char *text = page(&rq, pages[i], json("{\"title\": \"T\"}"));
			AUTOFREE char *html_tag = mem_printf("<html lang=\"%s\">", languages[l]);
			assert_has(text, html_tag);
			assert_int_equal(1, count(text, "<h1"));
			assert_int_equal(1, count(text, "<main"));
			assert_has(text, "<title>T");
			assert_has(text, "class=\"skip\" href=\"#main\"");
			assert_has_not(text, "{{");
		}
}

/* Content-Security-Policy lets neither run. */
static void no_page_carries_script_or_style_of_its_own(void **state)
{
	struct request rq = asking("en");

	for (size_t i = 0; i < COUNT(pages); i++) {
		AUTOFREE char *text = page(&rq, pages[i], json("{\"title\": \"T\", \"form\": {}}"));
		assert_has_not(text, "<script");
		assert_has_not(text, "<style");
		assert_has_not(text, " style=");
		assert_has_not(text, " onclick=");
		assert_has_not(text, "src=\"http");
	}
}

static void every_field_of_a_form_has_its_label(void **state)
{
	struct request rq = asking("ko");
	AUTOFREE char *text = page(&rq, "feedback.html", hostile_view());
	static const char *const fields[] = {"text", "lang", "name", "email", "leave_empty"};

	for (size_t i = 0; i < COUNT(fields); i++) {
		AUTOFREE char *label = mem_printf("<label for=\"%s\"", fields[i]);
		AUTOFREE char *id = mem_printf(" id=\"%s\"", fields[i]);
		assert_has(text, label);
		assert_int_equal(1, count(text, id));
	}
	assert_has(text, "aria-describedby=\"text-hint text-error\" aria-invalid=\"true\"");
}

static char *answered(
	enum err (*handler)(struct request *, struct response *), const char *lang, int status)
{
	struct request rq = asking(lang);
	struct response rs = {0};

	rq.snap = &empty_snap;
	if (handler(&rq, &rs) != OK)
		fail_msg("%s", err_why());
	assert_int_equal(status, rs.status);
	return buf_take(&rs.body);
}

static void a_register_with_nothing_in_it_says_so(void **state)
{
	AUTOFREE char *home = answered(page_home, "ko", 0);
	AUTOFREE char *systems = answered(page_systems, "en", 0);
	AUTOFREE char *departments = answered(page_departments, "ko", 0);
	AUTOFREE char *policies = answered(page_policies, "ko", 0);

	assert_has(home, "아직 공개된 기록이 없습니다.");
	assert_has(systems, "No system has been published yet.");
	assert_has(departments, "아직 등록된 부서가 없습니다.");
	assert_has(policies, "아직 채택한 기준이 없습니다.");
}

static void pages_that_need_no_records_come_out_without_them(void **state)
{
	AUTOFREE char *about = answered(page_about, "en", 0);
	AUTOFREE char *robots = answered(page_robots, "ko", 0);
	AUTOFREE char *sitemap = answered(page_sitemap, "ko", 0);

	assert_has(about, "High (high-impact)");
	assert_has(robots, "Sitemap: https://ai.example/sitemap.xml");
	assert_has(sitemap, "<sitemap><loc>https://ai.example/sitemap-1.xml</loc></sitemap>");
}

static char *error_page(const char *lang, enum err code, const char *why, int status)
{
	struct request rq = asking(lang);
	struct response rs = {0};

	assert_int_equal(OK, page_error(&rq, &rs, code, why));
	assert_int_equal(status, rs.status);
	assert_true(rs.private_);
	return buf_take(&rs.body);
}

static void an_error_page_explains_in_the_readers_language_and_leads_on(void **state)
{
	AUTOFREE char *ko = error_page("ko", ERR_NOT_FOUND, "no system x", 404);
	AUTOFREE char *en = error_page("en", ERR_LIMITED, NULL, 429);

	assert_has(ko, "찾는 화면이 없습니다");
	assert_has(ko, "href=\"/ko/systems\"");
	assert_has(en, "Too many requests");
}

static void an_error_of_ours_shows_nothing_of_its_cause(void **state)
{
	AUTOFREE char *text = error_page("en", ERR_CORRUPT, "/var/lib/gaya.db: malformed", 500);
	AUTOFREE char *told = error_page("en", ERR_INVALID, "write <the> day", 400);

	assert_has(text, "Something went wrong on our side");
	assert_has_not(text, "gaya.db");
	assert_has(told, "write &lt;the&gt; day");
}

static void a_rule_between_fields_speaks_in_its_own_words(void **state)
{
	AUTOFREE char *rule = problem("en", "[{\"field\": \"lawful_basis\", \"at\":"
					    " \"lawful_basis\", \"rule\": \"standard_rule\","
					    " \"id\": \"personal_data_needs_law\"}]");
	AUTOFREE char *never =
		problem("ko", "[{\"field\": \"withheld\", \"at\": \"withheld[0].field\", \"rule\":"
			      " \"withheld_never\", \"of\": \"risk_category\"}]");

	assert_has(rule, "Name the law and the article that allow it.");
	assert_has(never, "‘위험 등급’은 언제나 공개해야 하는 항목입니다.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_languages_have_the_same_messages_with_the_same_variables),
		cmocka_unit_test(messages_hold_words_and_no_markup),
		cmocka_unit_test(what_templates_and_pages_say_exists),
		cmocka_unit_test(keys_put_together_in_c_exist),
		cmocka_unit_test(
			a_text_is_shown_in_the_readers_language_and_marked_where_it_is_not),
		cmocka_unit_test(a_time_is_told_in_the_registers_zone_as_each_language_writes_it),
		cmocka_unit_test(days_and_months_of_a_record_are_told_in_words),
		cmocka_unit_test(numbers_are_grouped_by_thousands),
		cmocka_unit_test(english_counts_one_and_many),
		cmocka_unit_test(the_other_language_keeps_path_and_question),
		cmocka_unit_test(every_rule_of_the_standard_has_its_sentence),
		cmocka_unit_test(a_problem_in_a_form_names_no_json_and_no_command),
		cmocka_unit_test(a_problem_names_the_field_the_rule_and_the_way_out),
		cmocka_unit_test(a_problem_within_a_list_names_the_item_and_its_part),
		cmocka_unit_test(a_missing_choice_lists_what_may_be_chosen),
		cmocka_unit_test(what_may_be_chosen_has_its_label_within_lists_and_questions_too),
		cmocka_unit_test(a_wrong_type_tells_what_is_wanted_and_what_came),
		cmocka_unit_test(a_missing_language_is_named),
		cmocka_unit_test(each_language_has_its_own_name_once),
		cmocka_unit_test(what_may_be_chosen_is_listed),
		cmocka_unit_test(a_rule_without_a_sentence_still_says_something),
		cmocka_unit_test(what_is_required_and_missing_is_shown_as_missing),
		cmocka_unit_test(what_is_withheld_says_why),
		cmocka_unit_test(an_optional_field_that_is_withheld_stands_in_its_place),
		cmocka_unit_test(a_rule_between_fields_speaks_in_its_own_words),
		cmocka_unit_test(a_machine_translation_is_marked),
		cmocka_unit_test(facts_for_policies_are_a_table_of_each_policy),
		cmocka_unit_test(a_text_in_another_language_is_marked),
		cmocka_unit_test(no_value_of_a_record_becomes_markup_or_a_dangerous_link),
		cmocka_unit_test(lists_and_their_parts_keep_their_labels),
		cmocka_unit_test(a_rule_that_a_level_rests_on_is_named_by_its_policys_name),
		cmocka_unit_test(what_the_standard_no_longer_knows_is_still_shown),
		cmocka_unit_test(no_page_lets_a_value_out_of_its_place),
		cmocka_unit_test(every_page_has_one_heading_its_landmarks_and_its_language),
		cmocka_unit_test(no_page_carries_script_or_style_of_its_own),
		cmocka_unit_test(every_field_of_a_form_has_its_label),
		cmocka_unit_test(a_register_with_nothing_in_it_says_so),
		cmocka_unit_test(pages_that_need_no_records_come_out_without_them),
		cmocka_unit_test(an_error_page_explains_in_the_readers_language_and_leads_on),
		cmocka_unit_test(an_error_of_ours_shows_nothing_of_its_cause),
	};
	return cmocka_run_group_tests_name("view", tests, setup, teardown);
}
