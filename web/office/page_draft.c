/* page_draft.c - /{lang}/office/drafts/{id}: an overview of a draft: problems, missing fields,
 * steps, its level and duties, and a search for fields by label. */
#include "base/text.h"
#include "registry/people/drafts.h"
#include "registry/query/outdated.h"
#include "registry/query/query.h"
#include "web/office/comments.h"
#include "web/office/copied_view.h"
#include "web/office/draft_form.h"
#include "web/office/judged_view.h"
#include "web/office/translations_view.h"
#include "web/pages/pages.h"
#include "web/pages/record_check.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

struct showing {
	const struct request *rq;
	const struct form *form;
	const struct record_draft *draft;
	const json_t *problems, *judgement, *before, *comments, *outdated;
	const char *wrong; /* field of a comment that was refused; or NULL */
};

/* --- problems --- */

static json_t *problem_view(const struct showing *s, const json_t *problem)
{
	AUTOFREE char *href = draft_href(s->rq, s->form, s->draft, problem);

	return json_make("{s:s?, s:s?}", "text", json_str(problem, "text"), "href", href);
}

/* The problems, or only what is missing. */
static json_t *problems_view(const struct showing *s, bool missing)
{
	json_t *list = json_array();

	json_each (s->problems, problem) {
		if (draft_is_missing(problem) == missing)
			json_push(list, problem_view(s, problem));
	}
	return list;
}

/* --- steps --- */

static void count(const struct showing *s, const char *step, int64_t *wrong, int64_t *missing)
{
	*wrong = *missing = 0;
	json_each (s->problems, problem) {
		struct form_step own;

		if (!form_step_of_problem(s->form, problem, &own) || strcmp(own.name, step) != 0)
			continue;
		*(draft_is_missing(problem) ? missing : wrong) += 1;
	}
}

static json_t *step_view(const struct showing *s, const struct form_step *step, size_t i)
{
	const json_t *help = step->group ? json_object_get(step->group, "help") : NULL;
	json_auto_t *hints = json_array();
	int64_t wrong, missing;

	count(s, step->name, &wrong, &missing);
	draft_find_hints(s->rq, step, s->draft->record, hints);
	return json_make("{s:s, s:i, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:b}", "step", step->name,
		"n", (int)i + 1, "label", draft_step_label(s->rq, step), "help",
		help ? view_text(s->rq, help) : json_null(), "questions", step->policy != NULL,
		"wrong", view_number(wrong), "missing", view_number(missing), "hints",
		view_number((int64_t)json_array_size(hints)), "translations",
		translations_view(s->rq, s->form, step, s->draft->record, s->outdated), "done",
		!wrong && !missing);
}

static json_t *steps_view(const struct showing *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < form_steps_n(s->form); i++) {
		struct form_step step;

		form_step(s->form, i, &step);
		json_push(list, step_view(s, &step, i));
	}
	return list;
}

/* --- every field --- */

static bool has_words(const json_t *text, const char *wanted)
{
	AUTOFREE char *folded = json_str(text, "text") ? text_folded(json_str(text, "text")) : NULL;

	return folded && strstr(folded, wanted);
}

/* Searches label and help, because people who fill in a form rarely know a field's name. */
static bool is_found(const json_t *field, const char *words)
{
	AUTOFREE char *wanted = words ? text_folded(words) : NULL;

	return !wanted || has_words(json_object_get(field, "label"), wanted) ||
	       has_words(json_object_get(field, "help"), wanted);
}

static void add_field(
	const struct form_step *step, const json_t *field, const char *words, json_t *list)
{
	const json_t *label = json_object_get(field, "label");

	if (json_is_object(label) && is_found(field, words))
		json_push(list, json_make("{s:s, s:s, s:O}", "step", step->name, "field",
					json_str(field, "id"), "label", label));
}

static void add_step_fields(
	const struct showing *s, const struct form_step *step, const char *words, json_t *list)
{
	json_auto_t *view = form_view(s->form, step, s->draft->record, NULL, NULL);

	json_each (json_object_get(view, "fields"), field)
		add_field(step, field, words, list);
}

/* The fields of every step, in order, whose labels contain the words searched for. */
static json_t *fields_view(const struct showing *s, const char *words)
{
	json_t *list = json_array();

	for (size_t i = 0; i < form_steps_n(s->form); i++) {
		struct form_step step;

		form_step(s->form, i, &step);
		if (step.group)
			add_step_fields(s, &step, words, list);
	}
	return list;
}

/* --- level and duties --- */

static char *place_in_form(const void *where, const char *field)
{
	const struct showing *s = where;
	json_auto_t *at = json_make("{s:s, s:s}", "field", field, "at", field);

	return draft_href(s->rq, s->form, s->draft, at);
}

static json_t *judgement_view(const struct showing *s)
{
	return judged_view(&(struct judged){s->rq, s->judgement, s->before, place_in_form, s});
}

/* --- comments --- */

static json_t *commented_field(const struct showing *s, const json_t *comments, const char *name)
{
	const struct field *f = standard_field(s->rq->standard, name);
	AUTOFREE char *href = place_in_form(s, name);

	return json_make("{s:s, s:s?, s:o, s:o}", "field", name, "href", href, "label",
		f ? view_text(s->rq, json_object_get(f->json, "label"))
		  : json_make("{s:s}", "text", name),
		"comments", comments_at(s->rq, comments, name));
}

/* By field, in the order of the first comment on each. */
static void put_comments(const struct showing *s, json_t *view)
{
	json_auto_t *seen = json_object();
	AUTOFREE char *here = mem_printf("/%s/office/drafts/%s", s->rq->lang, s->draft->id);
	json_t *list = json_array();

	json_each (s->comments, comment) {
		const char *field = json_str(comment, "field");

		if (json_object_get(seen, field))
			continue;
		json_put(seen, field, json_true());
		json_push(list, commented_field(s, s->comments, field));
	}
	json_put(view, "has_comments", json_boolean(json_array_size(list) > 0));
	json_put(view, "commented", list);
	json_put(view, "comments_to", json_text(here));
	json_put(view, "may_comment", json_true());
	json_put(view, "comment_error", json_text(s->wrong));
}

/* --- the page --- */

/* "published": the published version is the same; "waits": a filing with this record waits;
 * "outdated": it is not the version on which the draft is based, and differs. */
static void put_published(const struct showing *s, json_t *view)
{
	json_auto_t *newest = NULL;
	bool same = false, other = false, waits;

	if (query_version(s->rq->snap, s->draft->system, 0, &newest) == OK) {
		same = json_equal(json_object_get(newest, "record"), s->draft->record);
		other = json_num(newest, "n") != s->draft->version;
	}
	waits = !same && draft_filed(s->rq->snap, s->draft->system, s->draft->record);
	json_put(view, "waits", json_boolean(waits));
	json_put(view, "published", json_boolean(same));
	json_put(view, "outdated", json_boolean(other && !same));
	json_put(view, "newest", json_integer(json_num(newest, "n")));
}

static void put_counts(const struct showing *s, json_t *view)
{
	struct completeness c = standard_completeness(s->rq->standard, s->draft->record);

	json_put(view, "required", view_number(c.required));
	json_put(view, "required_filled", view_number(c.required_filled));
	json_put(view, "required_withheld", c.withheld ? view_number(c.withheld) : json_null());
}

static json_t *page_view(const struct showing *s)
{
	const struct request *rq = s->rq;
	const char *words = request_query(rq, "find");
	AUTOFREE char *name = draft_name(rq, s->draft);
	json_t *wrong = problems_view(s, false), *missing = problems_view(s, true),
	       *fields = fields_view(s, words);
	json_t *view = json_make("{s:s, s:s, s:s, s:s, s:I, s:b}", "title", name, "name", name,
		"draft", s->draft->id, "system", s->draft->system, "revision",
		(json_int_t)s->draft->revision, "in_drafts", 1);

	put_counts(s, view);
	put_published(s, view);
	put_comments(s, view);
	json_put(view, "saved", draft_saved_view(rq, s->draft->by, s->draft->saved));
	json_put(view, "source", draft_source_view(s->draft));
	json_put(view, "wrong_n", view_number((int64_t)json_array_size(wrong)));
	json_put(view, "missing_n", view_number((int64_t)json_array_size(missing)));
	json_put(view, "ready",
		json_boolean(!json_array_size(wrong) && !json_array_size(missing) &&
			     !json_is_true(json_object_get(view, "waits")) &&
			     !json_is_true(json_object_get(view, "published"))));
	json_put(view, "wrong", wrong);
	json_put(view, "missing", missing);
	json_put(view, "steps", steps_view(s));
	json_put(view, "find", json_text(words ? words : ""));
	json_put(view, "searched", json_boolean(words != NULL));
	json_put(view, "none_found", json_boolean(!json_array_size(fields)));
	json_put(view, "all_fields", fields);
	json_put(view, "judgement", judgement_view(s));
	view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	return view;
}

static enum err put_copied(const struct showing *s, json_t *view)
{
	json_t *copied = NULL;

	TRY(copied_view(s->rq,
		&(struct copied){s->draft->copied, s->draft->copied_version, s->draft->record,
			place_in_form, s},
		&copied));
	json_put(view, "copied", copied);
	return OK;
}

static enum err show(struct request *rq, struct response *rs, const struct record_draft *draft,
	const char *wrong)
{
	AUTO(draft_form) f = {0};
	json_auto_t *problems = json_array(), *judgement = NULL, *before = NULL, *comments = NULL;
	json_auto_t *outdated = NULL, *view = NULL;
	struct showing showing;

	TRY(draft_form(rq, &f));
	TRY(outdated_since(
		rq->snap, rq->standard, draft->system, draft->version, draft->record, &outdated));
	TRY(record_check(rq, draft->record, problems, &judgement));
	TRY(judged_before(rq, draft->system, &before));
	TRY(comments_of(rq, draft->system, draft->department, &comments));
	TRY(draft_say(rq, problems));
	showing = (struct showing){
		rq, &f.form, draft, problems, judgement, before, comments, outdated, wrong};
	view = page_view(&showing);
	TRY(put_copied(&showing, view));
	return office_render(rq, rs, "office_draft.html", TAKE(view));
}

enum err page_draft(struct request *rq, struct response *rs)
{
	AUTO(record_draft) draft = {0};

	TRY(draft_open(rq, &draft));
	return show(rq, rs, &draft, NULL);
}

enum err page_draft_comment(struct request *rq, struct response *rs)
{
	AUTO(buf) field = BUF(4 * KIB);
	AUTO(record_draft) draft = {0};
	enum err e;

	TRY(draft_open(rq, &draft));
	e = comments_change(rq, draft.system, draft.department, -1);
	if (e == ERR_INVALID || e == ERR_LIMITED) {
		AUTOFREE char *why = mem_text(err_why());

		rs->status = err_kind(e)->http;
		return show(rq, rs, &draft, why);
	}
	TRY(e);
	view_encode(&field,
		office_given(rq, "field")); /* that of a comment that is closed may be any */
	office_go(rs, "/%s/office/drafts/%s#c-%s", rq->lang, draft.id, buf_text(&field));
	return OK;
}

/* --- discarding --- */

enum err page_draft_discarded(struct request *rq, struct response *rs)
{
	const char *revision = request_form(rq, "revision");
	struct people *people;

	TRY(office_people(rq, &people));
	TRY(draft_discard(people, rq->who->person.department, request_path(rq, "id"),
		revision ? strtoll(revision, NULL, 10) : 0));
	office_go(rs, "/%s/office/drafts", rq->lang);
	return OK;
}
