/* page_supplier.c - /{lang}/supplier/{token}: a supplier without an account fills in the technical
 * fields of one draft (supplier.h). The page shows who asks, the system's name and the supplier's
 * own answer, but nothing else of the draft. A file about the model fills empty fields
 * (model_card.h), which the supplier reads before anything is saved. */
#include "base/security.h"
#include "registry/people/supplier.h"
#include "web/http/limit.h"
#include "web/office/draft_form.h"
#include "web/office/model_card.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

struct answering {
	struct request *rq;
	struct people *people;
	struct draft_form f;
	struct form_step step;
	struct supplier_link link;
	json_t *filled; /* by a file: {"format", "model", …}; NULL without */
};
static void answering_done(struct answering *a)
{
	draft_form_done(&a->f);
	supplier_link_done(&a->link);
	json_decref(a->filled);
}

static enum err open_link(struct request *rq, struct answering *a)
{
	a->rq = rq;
	TRY(office_people(rq, &a->people));
	TRY(supplier_open(a->people, request_path(rq, "token"), &a->link));
	TRY(draft_form(rq, &a->f));
	a->f.form.previewed = request_query(rq, "preview") != NULL;
	a->step = (struct form_step){
		.name = "supplier", .names = standard_asked_of_supplier(rq->standard)};
	ENSURE(a->step.names, ERR_NOT_FOUND, "the standard in force asks suppliers for nothing");
	return OK;
}

/* --- showing --- */

static enum err put_head(const struct answering *a, json_t *view)
{
	const struct supplier_link *link = &a->link;
	AUTO(record_draft) draft = {0};
	AUTOFREE char *name = NULL;
	char expires[TIME_TEXT], answered[TIME_TEXT];

	TRY(draft_get(a->people, link->department, link->draft, &draft));
	name = draft_name(a->rq, &draft);
	time_text(link->expires, expires);
	time_text(link->answered, answered);
	json_put(view, "title", json_text(message(a->rq, "supplier_title")));
	json_put(view, "name", json_text(name));
	json_put(view, "supplier", json_text(link->supplier));
	json_put(view, "department", office_department(a->rq, link->department));
	json_put(view, "token", json_text(request_path(a->rq, "token")));
	json_put(view, "expires", view_time(a->rq, expires));
	json_put(view, "saved", link->answered ? view_time(a->rq, answered) : json_null());
	json_put(view, "megabytes", view_number(MODEL_CARD_MAX / MIB));
	json_put(view, "filled", a->filled ? json_incref(a->filled) : json_null());
	json_put(view, "just_saved", json_boolean(request_query(a->rq, "saved") != NULL));
	return OK;
}

/* Reports wrong values only; missing ones may be for the department to write. */
static enum err problems_of(const struct answering *a, const json_t *answer, json_t **out)
{
	json_auto_t *all = json_array(), *found = json_array();
	enum err e = standard_check(a->rq->standard, answer, NEED_PRESENT, all);

	if (e != OK && e != ERR_INVALID)
		return e;
	json_each (all, problem) {
		if (!draft_is_missing(problem))
			json_push(found, json_incref(problem));
	}
	TRY(draft_say(a->rq, found));
	*out = json_incref(found);
	return OK;
}

/* Shows the form of an answer, which may be the one just sent. `refused`: why it was not saved or,
 * with `at` "file", why the file was not read; or NULL. */
static enum err show(struct answering *a, struct response *rs, const json_t *answer, const char *at,
	const char *refused)
{
	json_auto_t *problems = NULL, *view = NULL;

	TRY(problems_of(a, answer, &problems));
	view = form_view(&a->f.form, &a->step, answer, problems, request_query(a->rq, "more"));
	json_each (json_object_get(view, "fields"), field)
		json_put(field, "required", json_false()); /* the department decides */
	if (refused)
		json_push(problems, json_make("{s:s, s:s}", "at", at, "text", refused));
	TRY(put_head(a, view));
	json_put(
		view, "file_error", json_text(refused && strcmp(at, "file") == 0 ? refused : NULL));
	json_put(view, "errors", draft_summary(problems));
	json_put(view, "has_errors", json_boolean(json_array_size(problems) > 0));
	return office_render(a->rq, rs, "supplier.html", json_incref(view));
}

enum err page_supplier(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(answering_done))) struct answering a = {0};

	rs->private_ = true;
	TRY(open_link(rq, &a));
	return show(&a, rs, a.link.answer, NULL, NULL);
}

/* --- a file about the model --- */

static void add_label(const struct answering *a, const char *name, json_t *list)
{
	const struct field *f = standard_field(a->rq->standard, name);

	if (f)
		json_push(list, json_make("{s:s, s:o, s:b}", "name", name, "label",
					view_text(a->rq, json_object_get(f->json, "label")), "next",
					json_array_size(list) > 0));
}

/* Keeps values that are already written, whatever the file says. */
static void fill(struct answering *a, const json_t *card, json_t *answer)
{
	const json_t *said = json_object_get(card, "fields");
	json_t *taken = json_array(), *kept = json_array(), *unsaid = json_array();

	json_each (a->step.names, one) {
		const char *name = json_string_value(one);
		json_t *value = json_object_get(said, name);
		bool written = json_object_get(answer, name) != NULL;

		add_label(a, name, !value ? unsaid : written ? kept : taken);
		if (value && !written)
			json_put(answer, name, json_incref(value));
	}
	a->filled = json_make("{s:s, s:s?, s:o, s:o, s:o}", "format", json_str(card, "format"),
		"model", json_str(card, "model"), "taken", taken, "kept", kept, "unsaid", unsaid);
	json_put(a->filled, "any_taken", json_boolean(json_array_size(taken) > 0));
	json_put(a->filled, "any_kept", json_boolean(json_array_size(kept) > 0));
	json_put(a->filled, "any_unsaid", json_boolean(json_array_size(unsaid) > 0));
}

/* Shows the page as it was sent, with the file's values in empty fields; saves nothing. */
static enum err show_filled(
	struct answering *a, struct response *rs, const struct part *file, json_t *answer)
{
	json_auto_t *card = NULL;
	enum err e = file->data ? model_card_read(a->rq->standard, file->data, file->len, &card)
	                        : fail(ERR_INVALID, "choose a file");

	if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		AUTOFREE char *why = mem_text(err_why());

		rs->status = err_kind(e)->http;
		return show(a, rs, answer, "file", why);
	}
	TRY(e);
	fill(a, card, answer);
	return show(a, rs, answer, NULL, NULL);
}

/* --- saving --- */

/* "tags.2" of a button "without:tags.2"; NULL for any other. */
static const char *argument(const char *does, const char *what)
{
	size_t len = strlen(what);

	return strncmp(does, what, len) == 0 && does[len] == ':' ? does + len + 1 : NULL;
}

static void go_on(const struct answering *a, struct response *rs, const char *does)
{
	const char *more = argument(does, "add"), *without = argument(does, "without");
	const char *list = form_list_of(&a->f.form, without);
	AUTOFREE char *here =
		mem_printf("/%s/supplier/%s", a->rq->lang, request_path(a->rq, "token"));

	if (more && standard_field(a->rq->standard, more))
		office_go(rs, "%s?more=%s#%s", here, more, more);
	else if (list)
		office_go(rs, "%s?saved=1#%s", here, list);
	else
		office_go(
			rs, "%s?saved=1%s", here, strcmp(does, "preview") == 0 ? "&preview=1" : "");
}

static enum err take_share(const struct request *rq)
{
	if (limit_take(rq->site->supplied, rq->client, site_now(rq->site)) == OK)
		return OK;
	security_event(SECURITY_LIMITED);
	return ERR_LIMITED;
}

enum err page_supplier_answered(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(answering_done))) struct answering a = {0};
	AUTO(form_body) body = {0};
	json_auto_t *answer = NULL;
	struct part file = {0};
	const char *does;
	enum err e;

	rs->private_ = true;
	TRY(take_share(rq));
	TRY(open_link(rq, &a));
	if (multipart_is(rq->body_type))
		TRY(form_body_parts(rq->body_type, rq->body, rq->body_len, &file, &body));
	else
		TRY(form_body_parse(rq->body, rq->body_len, &body));
	does = form_body_value(&body, "do") ? form_body_value(&body, "do") : "";
	answer = json_deep_copy(a.link.answer);
	TRY(form_read(&a.f.form, &a.step, &body, argument(does, "without"), answer));
	if (strcmp(does, "file") == 0)
		return show_filled(&a, rs, &file, answer);
	e = supplier_answer(a.people, request_path(rq, "token"), answer);
	if (e == ERR_TOO_LARGE) {
		AUTOFREE char *why = mem_text(err_why());

		rs->status = err_kind(e)->http;
		return show(&a, rs, answer, "main", why);
	}
	TRY(e);
	go_on(&a, rs, does);
	return OK;
}
