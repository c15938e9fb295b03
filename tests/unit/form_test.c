#include "base/file.h"
#include "registry/policy/policy.h"
#include "web/http/urlencoded.h"
#include "web/office/form.h"
#include "web/view/view.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct standard *standard;
static struct policy *policies[FORM_POLICIES];
static struct form form = {
	.languages = {"ko", "en"}, .languages_n = 2, .lang = "ko", .yes = "예", .no = "아니요"};

static void load_policies(void)
{
	const char *id;

	for (size_t i = 0; (id = policy_own_id(i)); i++) {
		json_auto_t *content = NULL;

		assert_int_equal(OK, policy_own(id, &content));
		assert_int_equal(OK, policy_load(content, &policies[i]));
		form.policies[form.policies_n++] = policies[i];
	}
}

static int setup(void **state)
{
	struct buf text = BUF(MIB);

	if (standard_load_file("policies/standard.json", &text, &standard) != OK)
		fail_msg("%s", err_why());
	buf_done(&text);
	form.standard = standard;
	load_policies();
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < form.policies_n; i++)
		policy_free(policies[i]);
	standard_free(standard);
	return 0;
}

/* JSON with ' for ". */
static json_t *json(const char *quoted)
{
	AUTOFREE char *text = mem_text(quoted);
	json_t *value;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	value = json_loads(text, JSON_DECODE_ANY, NULL);
	if (!value)
		fail_msg("not JSON: %s", quoted);
	return value;
}

static void assert_json(const json_t *expected, const json_t *got, const char *what)
{
	AUTO(buf) a = BUF(MIB), b = BUF(MIB);

	if (json_equal(expected, got))
		return;
	json_canonical(expected, &a);
	json_canonical(got, &b);
	fail_msg("%s:\n%s\nis not\n%s", what, buf_text(&b), buf_text(&a));
}

/* --- a browser: what it sends of a view --- */

static void send_pair(struct buf *body, const char *name, const char *value)
{
	AUTO(buf) lines = BUF(MIB);

	for (; *value; value++)
		buf_puts(&lines, *value == '\n' ? "\r\n" : (char[]){*value, '\0'});
	buf_puts(body, body->len ? "&" : "");
	view_encode(body, name);
	buf_putc(body, '=');
	view_encode(body, buf_text(&lines));
}

/* One of several; none of them is an empty input. */
static void send_choice(struct buf *body, const char *id, const json_t *choice)
{
	const char *selected = "";
	json_t *option;
	size_t i, n = 0;

	json_array_foreach (json_object_get(choice, "options"), i, option) {
		if (json_is_true(json_object_get(option, "selected"))) {
			selected = json_str(option, "value");
			n++;
		}
	}
	assert_true(n <= 1);
	assert_int_equal(n == 0, json_is_true(json_object_get(choice, "none")));
	send_pair(body, id, selected);
}

static void send_checks(struct buf *body, const char *id, const json_t *checks)
{
	json_t *option;
	size_t i;

	send_pair(body, id, "");
	json_array_foreach (json_object_get(checks, "options"), i, option) {
		if (json_is_true(json_object_get(option, "checked")))
			send_pair(body, id, json_str(option, "value"));
	}
}

static void send_fields(struct buf *body, const json_t *fields);

static void send_field(struct buf *body, const json_t *field)
{
	const char *id = json_str(field, "id");
	json_t *one, *choice;
	size_t i;

	json_array_foreach (json_object_get(json_object_get(field, "texts"), "rows"), i, one)
		send_pair(body, json_str(one, "id"), json_str(one, "value"));
	if (json_is_object(one = json_object_get(field, "input")))
		send_pair(body, id, json_str(one, "value"));
	if (json_is_object(choice = json_object_get(field, "select")) ||
		json_is_object(choice = json_object_get(field, "radios")))
		send_choice(body, id, choice);
	if (json_is_object(one = json_object_get(field, "checks")))
		send_checks(body, id, one);
	if (!json_is_object(json_object_get(field, "items")))
		return;
	send_pair(body, id, "");
	json_array_foreach (json_object_get(json_object_get(field, "items"), "rows"), i, one)
		send_fields(body, json_object_get(one, "fields"));
}

static void send_fields(struct buf *body, const json_t *fields)
{
	json_t *field;
	size_t i;

	json_array_foreach (fields, i, field)
		send_field(body, field);
}

static void read_body(const char *step_name, const char *sent, const char *without, json_t *record)
{
	AUTO(form_body) body = {0};
	struct form_step step;

	assert_int_equal(OK, form_step_named(&form, step_name, &step));
	assert_int_equal(OK, form_body_parse(sent, strlen(sent), &body));
	assert_int_equal(OK, form_read(&form, &step, &body, without, record));
}

/* Through a step's form and back; `more` as in form_view(). */
static void go_round(const char *step_name, const char *more, json_t *record)
{
	AUTO(buf) sent = BUF(4 * MIB);
	struct form_step step;
	json_auto_t *view = NULL;

	assert_int_equal(OK, form_step_named(&form, step_name, &step));
	view = form_view(&form, &step, record, NULL, more);
	send_fields(&sent, json_object_get(view, "fields"));
	read_body(step_name, buf_text(&sent), NULL, record);
}

/* --- the demo city's records --- */

static void each_demo_record(void (*test)(const char *what, const json_t *record))
{
	glob_t found;

	assert_int_equal(0, glob("demo/systems/*.json", 0, NULL, &found));
	assert_true(found.gl_pathc > 10);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		AUTO(buf) text = BUF(MIB);
		json_auto_t *system = NULL, *record = json_object();
		json_t *event;
		size_t k;

		assert_int_equal(OK, file_read(found.gl_pathv[i], &text));
		system = json_loads(buf_text(&text), 0, NULL);
		json_array_foreach (json_object_get(system, "history"), k, event) {
			json_object_update(record, json_object_get(event, "record"));
			json_object_update(record, json_object_get(event, "change"));
		}
		assert_true(json_object_size(record) > 10);
		test(found.gl_pathv[i], record);
	}
	globfree(&found);
}

static void goes_round_in_every_step(const char *what, const json_t *record)
{
	json_auto_t *all = json_deep_copy(record);

	for (size_t i = 0; i < form_steps_n(&form); i++) {
		json_auto_t *one = json_deep_copy(record);
		struct form_step step;

		form_step(&form, i, &step);
		/* What a record says nothing of, and nothing has to be said of, has been gone
		 * through. */
		if (step.policy && !json_object_get(json_object_get(record, "assessments"),
					   policy_id(step.policy)))
			continue;
		go_round(step.name, NULL, one);
		assert_json(record, one, what);
		go_round(step.name, NULL, all);
	}
	assert_json(record, all, what);
}

static void a_record_that_goes_through_its_form_is_the_same_in_every_step(void **state)
{
	each_demo_record(goes_round_in_every_step);
}

static void an_empty_item_that_nobody_filled_in_is_not_there(void **state)
{
	json_auto_t *record = json("{'tags': [{'ko': '물'}], 'supervisor': [{'phone': '120'}]}"),
		    *before = json_deep_copy(record);

	go_round("identity", "supervisor", record);
	assert_json(before, record, "with an empty supervisor");
	go_round("identity", "tags", record);
	assert_json(before, record, "with an empty tag");
}

static void a_form_made_from_nothing_says_nothing(void **state)
{
	json_auto_t *record = json_object(), *empty = json_object();

	for (size_t i = 0; i < json_array_size(json_object_get(standard_json(standard), "groups"));
		i++) {
		struct form_step step;

		form_step(&form, i, &step);
		go_round(step.name, NULL, record);
	}
	assert_json(empty, record, "nothing");
}

/* --- what comes in --- */

static void texts_lines_and_choices_are_taken_by_their_names(void **state)
{
	json_auto_t *record = json("{'name': {'ko': '옛 이름', 'en': 'Old', 'vi': 'Cũ'}}"),
		    *wanted = json("{'name': {'ko': '새 이름', 'vi': 'Cũ'}, 'contact_phone': "
				   "'055-330-1234', 'primary_users': 'public', 'supervisor': "
				   "[{'post': {'ko': '과장'}, 'phone': '120'}]}");

	read_body("identity",
		"name.ko=%EC%83%88+%EC%9D%B4%EB%A6%84&name.en=+&contact_phone=+055-330-1234%09"
		"&primary_users=public&supervisor=&supervisor.0.phone=120"
		"&supervisor.0.post.ko=%EA%B3%BC%EC%9E%A5&supervisor.0.post.en=",
		NULL, record);
	assert_json(wanted, record, "identity");
}

static void line_ends_are_one_and_texts_are_composed(void **state)
{
	json_auto_t *record = json_object(), *wanted = json("{'goal': {'ko': '가\\n\\n나'}}");

	read_body("purpose", "goal.ko=%E1%84%80%E1%85%A1%0D%0A%0D%0A%EB%82%98", NULL, record);
	assert_json(wanted, record, "goal");
}

static void what_the_standard_does_not_have_is_not_taken(void **state)
{
	json_auto_t *record = json("{'name': {'ko': '이름'}}"), *before = json_deep_copy(record);

	read_body("identity",
		"nonsense=1&id=x&lang=ko&standard_version=9&publication_date=2020-01-01&name=x"
		"&name.ko.en=x&name.fr=x&name..ko=x&supervisor.0.phone=120&__proto__.x=1&.=1&="
		"&goal.ko=another+step&assessments.gimhae.safety=true",
		NULL, record);
	assert_json(before, record, "hostile");
	read_body("identity", "supervisor=&supervisor.0.nonsense=1&supervisor.x.phone=1", NULL,
		record);
	assert_json(before, record, "hostile member");
	read_body("policy-gimhae", "assessments.gimhae.nonsense=true&assessments.eu-ai-act.role=x",
		NULL, record);
	assert_json(before, record, "hostile fact");
}

static void what_the_form_does_not_show_stays(void **state)
{
	json_auto_t *record = json("{'future': 1, 'id': 'x', 'name': {'ko': '이름'}, 'supervisor': "
				   "[{'phone': '1', 'later': 2}], 'website': 7, 'area': 'plain'}"),
		    *before = json_deep_copy(record);

	go_round("identity", NULL, record);
	assert_json(before, record, "a field of the future");
	read_body("identity", "", NULL, record);
	assert_json(before, record, "an empty form");
}

static void an_item_is_taken_out_and_the_others_close_up(void **state)
{
	json_auto_t *record = json("{'tags': [{'ko': '가'}, {'ko': '나'}, {'ko': '다'}]}"),
		    *wanted = json("{'tags': [{'ko': '가'}, {'ko': '다'}]}"), *none = json_object();

	read_body("identity", "tags=&tags.0.ko=%EA%B0%80&tags.1.ko=%EB%82%98&tags.2.ko=%EB%8B%A4",
		"tags.1", record);
	assert_json(wanted, record, "without the second");
	read_body("identity", "tags=", NULL, record);
	assert_json(none, record, "without any");
}

static void what_is_wrong_is_kept_as_it_was_typed(void **state)
{
	json_auto_t *record = json_object(),
		    *wanted = json("{'revision_date': '2026-02-31', 'revision_note': {'ko': "
				   "'a\\u0001\\u202eb'}}");

	read_body("metadata",
		"revision_date=2026-02-31&revision_note.ko=a%01%E2%80%AEb&revision_note.en=", NULL,
		record);
	assert_json(wanted, record, "wrong values");
}

static void a_text_of_endless_marks_changes_nothing(void **state)
{
	json_auto_t *record = json("{'area': {'ko': '시청'}}"), *before = json_deep_copy(record);
	AUTO(buf) sent = BUF(KIB);
	AUTO(form_body) body = {0};
	struct form_step step;

	buf_puts(&sent, "name.ko=x&area.ko=a");
	for (int i = 0; i < 40; i++)
		buf_puts(&sent, "%CC%81");
	assert_int_equal(OK, form_step_named(&form, "identity", &step));
	assert_int_equal(OK, form_body_parse(sent.data, sent.len, &body));
	assert_int_equal(ERR_INVALID, form_read(&form, &step, &body, NULL, record));
	assert_json(before, record, "marks");
}

static void facts_get_the_types_of_their_questions(void **state)
{
	json_auto_t *record = json_object(),
		    *wanted =
			    json("{'assessments': {'gimhae': {'decides_on_people': true, 'safety': "
				 "false, 'vulnerable_groups': ['older', 'children']}}}"),
		    *taken = json("{'assessments': {'gimhae': {}}}");

	read_body("policy-gimhae",
		"assessments.gimhae.decides_on_people=true&assessments.gimhae.safety=false"
		"&assessments.gimhae.judges_persons=&assessments.gimhae.vulnerable_groups="
		"&assessments.gimhae.vulnerable_groups=older"
		"&assessments.gimhae.vulnerable_groups=children"
		"&assessments.gimhae.vulnerable_groups=older",
		NULL, record);
	assert_json(wanted, record, "facts");
	read_body("policy-gimhae",
		"assessments.gimhae.decides_on_people=&assessments.gimhae.safety="
		"&assessments.gimhae.vulnerable_groups=",
		NULL, record);
	assert_json(taken, record, "facts that were taken back");
}

static void malformed_and_endless_bodies_are_refused(void **state)
{
	static const char *const malformed[] = {
		"a=%", "a=%2", "a=%zz", "%00=a", "a=%00", "a=%ff", "%c0%af=a"};
	AUTO(form_body) body = {0};
	AUTO(buf) many = BUF(MIB), name = BUF(KIB);

	for (size_t i = 0; i < COUNT(malformed); i++)
		assert_int_equal(
			ERR_INVALID, form_body_parse(malformed[i], strlen(malformed[i]), &body));
	for (int i = 0; i < FORM_INPUTS + 1; i++)
		buf_puts(&many, "a&");
	assert_int_equal(ERR_TOO_LARGE, form_body_parse(many.data, many.len, &body));
	for (int i = 0; i < FORM_NAME + 1; i++)
		buf_putc(&name, 'a');
	assert_int_equal(ERR_TOO_LARGE, form_body_parse(name.data, name.len, &body));
	assert_int_equal(OK, form_body_parse("", 0, &body));
	assert_int_equal(0, body.n);
}

static void inputs_of_one_name_stay_in_order(void **state)
{
	AUTO(form_body) body = {0};
	const char *sent = "b=1&a=2&b=3&c&b=&a.x=5";
	const struct form_input *all;
	size_t n;

	assert_int_equal(OK, form_body_parse(sent, strlen(sent), &body));
	all = form_body_values(&body, "b", &n);
	assert_int_equal(3, n);
	assert_string_equal("1", all[0].value);
	assert_string_equal("3", all[1].value);
	assert_string_equal("", all[2].value);
	assert_string_equal("", form_body_value(&body, "c"));
	assert_null(form_body_value(&body, "a."));
	assert_true(form_body_has(&body, "a.x"));
	assert_false(form_body_has(&body, "a.y"));
}

/* --- the view --- */

/* The first field in a view with this id, or NULL. */
static const json_t *find_field(const json_t *fields, const char *id)
{
	json_t *field, *item;
	size_t i, k;

	json_array_foreach (fields, i, field) {
		if (strcmp(json_str(field, "id"), id) == 0)
			return field;
		json_array_foreach (
			json_object_get(json_object_get(field, "items"), "rows"), k, item) {
			const json_t *found = find_field(json_object_get(item, "fields"), id);

			if (found)
				return found;
		}
	}
	return NULL;
}

static json_t *view_of(const char *step_name, const json_t *record, const json_t *problems)
{
	struct form_step step;

	assert_int_equal(OK, form_step_named(&form, step_name, &step));
	return form_view(&form, &step, record, problems, NULL);
}

static void each_broken_rule_stands_at_its_input(void **state)
{
	json_auto_t *record = json(
			    "{'supervisor': [{'post': {'ko': '과장'}, 'contact': 'x', 'phone': "
			    "'abc'}], 'contact_email': 'nobody'}"),
		    *problems = json_array(), *view = NULL;
	json_t *problem;
	const json_t *phone, *email, *fine;
	size_t i;

	assert_int_equal(ERR_INVALID, standard_check(standard, record, NEED_PRESENT, problems));
	json_array_foreach (problems, i, problem)
		json_put(problem, "text", json_text(json_str(problem, "rule")));
	view = view_of("identity", record, problems);
	phone = find_field(json_object_get(view, "fields"), "supervisor.0.phone");
	email = find_field(json_object_get(view, "fields"), "contact_email");
	fine = find_field(json_object_get(view, "fields"), "website");
	assert_string_equal("bad_phone",
		json_string_value(json_array_get(json_object_get(phone, "errors"), 0)));
	assert_non_null(strstr(json_str(phone, "described"), "supervisor.0.phone-error"));
	assert_true(json_is_true(json_object_get(email, "wrong")));
	assert_false(json_is_true(json_object_get(fine, "wrong")));
}

static void a_problem_leads_to_the_step_that_mends_it(void **state)
{
	json_auto_t *field = json("{'field': 'contact_phone', 'at': 'contact_phone'}"),
		    *fact = json("{'field': 'assessments', 'policy': 'eu-ai-act', 'at': "
				 "'assessments.eu-ai-act.role'}"),
		    *unknown = json("{'field': 'nonsense', 'at': 'nonsense'}"),
		    *automatic = json("{'field': 'id', 'at': 'id'}");
	AUTOFREE char *place = form_place("risks[12].mitigation.ko");
	struct form_step step;

	assert_true(form_step_of_problem(&form, field, &step));
	assert_string_equal("identity", step.name);
	assert_true(form_step_of_problem(&form, fact, &step));
	assert_string_equal("policy-eu-ai-act", step.name);
	assert_false(form_step_of_problem(&form, unknown, &step));
	assert_false(form_step_of_problem(&form, automatic, &step));
	assert_string_equal("risks.12.mitigation.ko", place);
}

static void every_field_has_a_control_in_exactly_one_step(void **state)
{
	static const char *const controls[] = {
		"texts", "input", "select", "radios", "checks", "items"};
	size_t n, shown = 0, asked = 0;
	const struct field *fields = standard_fields(standard, &n);

	for (size_t i = 0; i < n; i++)
		asked += !fields[i].automatic && fields[i].type != TYPE_ASSESSMENTS;
	for (size_t i = 0; i < form_steps_n(&form); i++) {
		struct form_step step;
		json_auto_t *view = NULL, *record = json_object();
		json_t *field;
		size_t k;

		form_step(&form, i, &step);
		view = view_of(step.name, record, NULL);
		json_array_foreach (json_object_get(view, "fields"), k, field) {
			int having = 0;

			for (size_t c = 0; c < COUNT(controls); c++)
				having += json_is_object(json_object_get(field, controls[c]));
			assert_int_equal(1, having);
			assert_true(json_is_object(json_object_get(field, "label")));
			shown += step.group != NULL;
		}
	}
	assert_int_equal(asked, shown);
}

static void what_is_withheld_is_chosen_from_what_may_be(void **state)
{
	json_auto_t *record = json("{'withheld': [{'field': 'cost'}]}"),
		    *view = view_of("risk", record, NULL);
	const json_t *field = find_field(json_object_get(view, "fields"), "withheld.0.field"), *one;
	bool cost = false, name = false;
	size_t i;

	json_array_foreach (json_object_get(json_object_get(field, "select"), "options"), i, one) {
		cost |= !strcmp(json_str(one, "value"), "cost") &&
		        json_is_true(json_object_get(one, "selected"));
		name |= !strcmp(json_str(one, "value"), "name");
	}
	assert_true(cost);
	assert_false(name);
}

static void questions_come_when_they_are_asked(void **state)
{
	json_auto_t *record = json("{'assessments': {'kr-public-ai-act': {'uses_ai': true}}}"),
		    *none = json_object(), *before = view_of("policy-kr-public-ai-act", none, NULL),
		    *after = view_of("policy-kr-public-ai-act", record, NULL);

	assert_true(json_array_size(json_object_get(before, "fields")) > 0);
	assert_true(json_array_size(json_object_get(after, "fields")) >
		    json_array_size(json_object_get(before, "fields")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_that_goes_through_its_form_is_the_same_in_every_step),
		cmocka_unit_test(an_empty_item_that_nobody_filled_in_is_not_there),
		cmocka_unit_test(a_form_made_from_nothing_says_nothing),
		cmocka_unit_test(texts_lines_and_choices_are_taken_by_their_names),
		cmocka_unit_test(line_ends_are_one_and_texts_are_composed),
		cmocka_unit_test(what_the_standard_does_not_have_is_not_taken),
		cmocka_unit_test(what_the_form_does_not_show_stays),
		cmocka_unit_test(an_item_is_taken_out_and_the_others_close_up),
		cmocka_unit_test(what_is_wrong_is_kept_as_it_was_typed),
		cmocka_unit_test(a_text_of_endless_marks_changes_nothing),
		cmocka_unit_test(facts_get_the_types_of_their_questions),
		cmocka_unit_test(malformed_and_endless_bodies_are_refused),
		cmocka_unit_test(inputs_of_one_name_stay_in_order),
		cmocka_unit_test(each_broken_rule_stands_at_its_input),
		cmocka_unit_test(a_problem_leads_to_the_step_that_mends_it),
		cmocka_unit_test(every_field_has_a_control_in_exactly_one_step),
		cmocka_unit_test(what_is_withheld_is_chosen_from_what_may_be),
		cmocka_unit_test(questions_come_when_they_are_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
