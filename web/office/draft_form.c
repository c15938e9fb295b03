#include "web/office/draft_form.h"

#include "base/languages.h"
#include "registry/query/query.h"
#include "registry/standard/diff.h"
#include "registry/standard/hints.h"
#include "web/pages/record_view.h"
#include "web/view/parts.h"
#include "web/view/policy_kept.h"
#include "web/view/problem.h"
#include "web/view/view.h"

#include <string.h>

void draft_form_done(struct draft_form *f)
{
	json_decref(f->settings);
	f->settings = NULL;
}

static void add_languages(const json_t *settings, struct form *form)
{
	json_each (json_object_get(settings, "languages"), tag) {
		if (json_is_string(tag) && form->languages_n < FORM_LANGUAGES)
			form->languages[form->languages_n++] = json_string_value(tag);
	}
	if (!form->languages_n)
		form->languages[form->languages_n++] = languages[0].code;
}

static enum err add_policies(const struct request *rq, struct form *form)
{
	json_auto_t *adoptions = NULL;

	TRY(query_policies(rq->snap, NULL, &adoptions));
	json_each (adoptions, one) {
		const struct policy *p = json_is_null(json_object_get(one, "until_entry"))
		                                 ? policy_kept(rq, json_str(one, "sha256"))
		                                 : NULL;

		if (p && form->policies_n < FORM_POLICIES)
			form->policies[form->policies_n++] = p;
	}
	return OK;
}

static json_t *file_view(const void *arg, const char *sha256)
{
	const struct request *rq = arg;
	json_auto_t *file = NULL;

	if (office_file(rq, sha256, &file) != OK)
		return json_null();
	return json_make(
		"{s:s, s:o}", "sha256", sha256, "size", view_bytes(json_num(file, "size")));
}

enum err draft_form(const struct request *rq, struct draft_form *out)
{
	json_auto_t *reg = NULL;
	struct form form = {.standard = rq->standard,
		.lang = rq->lang,
		.yes = message(rq, "answer_yes"),
		.no = message(rq, "answer_no"),
		.file = file_view,
		.file_arg = rq};

	TRY(add_policies(rq, &form));
	TRY(query_register(rq->snap, &reg));
	out->settings = json_incref(json_object_get(reg, "about"));
	add_languages(out->settings, &form);
	out->form = form;
	return OK;
}

enum err draft_open(const struct request *rq, struct record_draft *out)
{
	struct people *people;

	TRY(office_people(rq, &people));
	return draft_get(people, rq->who->person.department, request_path(rq, "id"), out);
}

/* The title of the record in lists: the standard's first field that is a text. */
static const char *first_text(const struct request *rq, const json_t *record)
{
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);

	for (size_t i = 0; i < n; i++)
		if (!fields[i].automatic && fields[i].type == TYPE_TEXT)
			return standard_text(
				json_object_get(record, fields[i].name), rq->lang, NULL);
	return NULL;
}

char *draft_name(const struct request *rq, const struct record_draft *draft)
{
	const char *name = first_text(rq, draft->record);

	return mem_text(name ? name : draft->system);
}

json_t *draft_saved_view(const struct request *rq, const char *account, int64_t at)
{
	char time[TIME_TEXT];
	struct people *people;
	struct account who;
	bool known =
		office_people(rq, &people) == OK && people_account(people, account, &who) == OK;

	time_text(at, time);
	return json_make(
		"{s:s?, s:o}", "name", known ? who.name : NULL, "when", view_time(rq, time));
}

json_t *draft_source_view(const struct record_draft *draft)
{
	return draft->line ? json_make("{s:s, s:I}", "file", draft->file, "line",
				     (json_int_t)draft->line)
	                   : json_null();
}

enum err draft_say(const struct request *rq, json_t *problems)
{
	json_auto_t *texts = NULL;

	TRY(problems_in_form(rq->site->view, rq->lang, rq->standard, problems, &texts));
	json_each_at (problems, i, problem)
		json_put(problem, "text", json_incref(json_array_get(texts, i)));
	return OK;
}

bool draft_is_missing(const json_t *problem)
{
	static const char *const rules[] = {"missing", "unanswered", "unassessed"};
	const char *rule = json_str(problem, "rule");

	for (size_t i = 0; rule && i < COUNT(rules); i++)
		if (strcmp(rule, rules[i]) == 0)
			return true;
	return false;
}

void draft_find_hints(
	const struct request *rq, const struct form_step *step, const json_t *record, json_t *found)
{
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	for (size_t i = 0; i < n; i++)
		if (form_step_has(step, &fields[i])) {
			hints_find(rq->standard, record, fields[i].name, found);
			hints_contradictions(rq->standard, record, fields[i].name, today, found);
		}
	json_each (found, hint)
		json_put(hint, "hint", json_true());
}

enum err draft_hints(
	const struct request *rq, const struct form_step *step, const json_t *record, json_t **out)
{
	json_auto_t *found = json_array();

	draft_find_hints(rq, step, record, found);
	TRY(draft_say(rq, found));
	*out = json_incref(found);
	return OK;
}

char *draft_href(const struct request *rq, const struct form *form,
	const struct record_draft *draft, const json_t *problem)
{
	AUTOFREE char *place = form_place(json_str(problem, "at"));
	struct form_step step;

	if (!form_step_of_problem(form, problem, &step))
		return NULL;
	return mem_printf("/%s/office/drafts/%s/%s%s#%s", rq->lang, draft->id, step.name,
		draft_is_missing(problem) ? "?missing=1" : "", place);
}

/* Removes the marks that comparing adds (diff.h). */
static json_t *unmarked(const char *s)
{
	AUTO(buf) out = BUF(MIB);

	for (; *s; s++)
		if (*s != *DIFF_WHOLE)
			buf_putc(&out, *s);
	return json_text(buf_text(&out));
}

json_t *draft_value_shown(const struct request *rq, const struct form *form, const struct field *f,
	const json_t *value)
{
	AUTO(buf) all = BUF(MIB), one = BUF(MIB);

	for (size_t i = 0; i < form->languages_n; i++) {
		buf_clear(&one);
		record_text(rq, f, value, form->languages[i], &one);
		if (one.len && !strstr(buf_text(&all), buf_text(&one)))
			buf_printf(&all, "%s%s", all.len ? "\n" : "", buf_text(&one));
	}
	return unmarked(buf_text(&all));
}

json_t *draft_step_label(const struct request *rq, const struct form_step *step)
{
	return step->policy
	               ? view_text(rq, json_object_get(policy_questions(step->policy), "title"))
	               : view_text(rq, json_object_get(step->group, "label"));
}

json_t *draft_summary(const json_t *problems)
{
	json_t *list = json_array();

	json_each (problems, problem) {
		AUTOFREE char *place = form_place(json_str(problem, "at"));

		json_push(list,
			json_make("{s:s, s:s}", "field", place, "text", json_str(problem, "text")));
	}
	return list;
}
