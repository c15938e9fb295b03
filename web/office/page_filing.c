/* page_filing.c - /{lang}/office/filings/{n}: a filing, for the people who decide on it. */
#include "registry/event/rules.h"
#include "registry/office/office.h"
#include "registry/people/draft.h"
#include "registry/query/consultation.h"
#include "registry/query/desk.h"
#include "registry/query/query.h"
#include "registry/standard/hints.h"
#include "web/office/comments.h"
#include "web/office/copied_view.h"
#include "web/office/judged_view.h"
#include "web/office/text_inputs.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/pages/record_view.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

/* Officers may read their department's only. */
static enum err check_theirs(const struct request *rq, const json_t *filing)
{
	const struct person *p = &rq->who->person;

	ENSURE(!(p->role & ROLES_OF_DEPARTMENT) ||
			strcmp(p->department, json_str(filing, "department")) == 0,
		ERR_DENIED, "this filing is another department's");
	return OK;
}

/* --- the record, and its judgement --- */

/* The anchor of a field on this page: among the changes, or in the record. */
static char *place_here(const void *where, const char *field)
{
	const json_t *view = where, *body = json_object_get(view, "body");

	if (json_find(json_object_get(view, "changes"), "name", field) &&
		!json_is_true(json_object_get(view, "new")))
		return mem_printf("#f-%s", field);
	if (json_find(json_object_get(body, "facts"), "name", field))
		return mem_printf("#r-%s", field);
	json_each (json_object_get(body, "groups"), group)
		if (json_find(json_object_get(group, "fields"), "name", field))
			return mem_printf("#r-%s", field);
	return NULL;
}

/* The whole record, as the public page would show it. */
static enum err add_record(const struct request *rq, const json_t *filing, json_t *view)
{
	const json_t *record = json_object_get(filing, "record");
	json_t *body = NULL;

	if (!json_is_object(record))
		return OK;
	TRY(record_view(rq, record, &body));
	json_put(view, "body", body);
	json_put(view, "summary", view_text(rq, json_object_get(record, "description_short")));
	return OK;
}

/* --- comments on its fields --- */

/* `shown`: names of fields whose comments are shown further up. */
static void put_comments(
	const struct request *rq, const json_t *comments, const json_t *fields, json_t *shown)
{
	json_each (fields, field) {
		AUTOFREE char *name = mem_text(json_str(field, "name"));

		name[strcspn(name, ".")] = '\0'; /* for a fact, its field's */
		if (json_object_get(shown, name))
			continue;
		json_put(shown, name, json_true());
		json_put(field, "comments", comments_at(rq, comments, name));
	}
}

/* Puts comments where their field is shown: among the changes, or else in the record. */
static enum err add_comments(const struct request *rq, const json_t *filing, json_t *view)
{
	const json_t *body = json_object_get(view, "body");
	json_auto_t *comments = NULL, *shown = json_object();
	AUTOFREE char *open = NULL;

	TRY(comments_of(rq, json_str(filing, "system"), json_str(filing, "department"), &comments));
	open = comments_text(rq, comments);
	json_put(view, "open_comments", json_text(open));
	json_put(view, "may_comment", json_boolean(access_may(rq->who->person.role, "comments")));
	if (!json_is_true(json_object_get(view, "new")))
		put_comments(rq, comments, json_object_get(view, "changes"), shown);
	put_comments(rq, comments, json_object_get(body, "facts"), shown);
	json_each (json_object_get(body, "groups"), group)
		put_comments(rq, comments, json_object_get(group, "fields"), shown);
	return OK;
}

static enum err add_judged(const struct request *rq, const json_t *filing, json_t *view)
{
	json_auto_t *before = NULL;

	TRY(judged_before(rq, json_str(filing, "system"), &before));
	json_put(view, "judgement",
		judged_view(&(struct judged){
			rq, json_object_get(filing, "judgement"), before, place_here, view}));
	return OK;
}

/* --- earlier versions and filings --- */

static json_t *review_view(const struct request *rq, const json_t *row)
{
	const char *outcome = json_str(row, "outcome"), *decided = json_str(row, "decided_at");
	bool by_office = strcmp(outcome, "replaced") != 0;

	return json_make("{s:o,s:o,s:o,s:o,s:o,s:b,s:b,s:b,s:O,s:o}", "filing",
		json_incref(json_object_get(row, "filing")), "filed",
		view_time(rq, json_str(row, "at")), "filer",
		office_person(rq, json_str(row, "person")), "decided",
		decided ? view_time(rq, decided) : json_null(), "decider",
		office_person(rq, json_str(row, "decided_by")), "operator",
		by_office && !json_str(row, "decided_by"), "returned",
		strcmp(outcome, "returned") == 0, "replaced", !by_office, "version",
		json_object_get(row, "version"), "reason",
		view_text(rq, json_object_get(row, "reason")));
}

static enum err add_reviews(const struct request *rq, const json_t *filing, json_t *view)
{
	json_auto_t *rows = NULL;
	json_t *list = json_array();

	json_put(view, "reviews", list);
	TRY(desk_reviews(rq->snap, json_str(filing, "system"), json_num(filing, "filing"), &rows));
	json_each (rows, row)
		json_push(list, review_view(rq, row));
	json_put(view, "reviews_n", view_number((int64_t)json_array_size(list)));
	return OK;
}

/* The draft that corrects it; null if there is none, or the reader does not write drafts. */
static enum err draft_of(const struct request *rq, const json_t *filing, json_t **out)
{
	json_auto_t *drafts = NULL;
	struct people *people = NULL;

	*out = json_null();
	if (!access_may(rq->who->person.role, "drafts"))
		return OK;
	TRY(office_people(rq, &people));
	TRY(draft_list(people, rq->who->person.department, -1, &drafts));
	json_each (drafts, draft)
		if (strcmp(json_str(draft, "system"), json_str(filing, "system")) == 0)
			*out = json_incref(json_object_get(draft, "id"));
	return OK;
}

/* If the filing before it was returned, the reviewer sees what became of the reasons. */
static enum err add_since(const struct request *rq, const json_t *filing, json_t *view)
{
	json_auto_t *rows = NULL, *returned = NULL;
	const json_t *last;

	TRY(desk_reviews(rq->snap, json_str(filing, "system"), json_num(filing, "filing"), &rows));
	last = json_array_get(rows, 0);
	if (!last || strcmp(json_str(last, "outcome"), "returned") != 0)
		return OK;
	TRY(desk_filed(rq->snap, json_num(last, "filing"), &returned));
	json_put(view, "since",
		office_since(rq, json_object_get(last, "filing"), json_object_get(last, "reason"),
			json_object_get(returned, "record"), json_object_get(filing, "record")));
	return OK;
}

/* The reason why it was returned, and the draft that corrects it. */
static enum err add_returned(const struct request *rq, const json_t *filing, json_t *view)
{
	json_auto_t *rows = NULL;
	json_t *draft;

	if (strcmp(json_str(filing, "outcome"), "returned") != 0)
		return OK;
	TRY(desk_reviews(
		rq->snap, json_str(filing, "system"), json_num(filing, "filing") + 1, &rows));
	TRY(draft_of(rq, filing, &draft));
	json_put(view, "returned",
		json_make("{s:o,s:o}", "reason",
			view_text(rq, json_object_get(json_array_get(rows, 0), "reason")), "draft",
			draft));
	return OK;
}

static json_t *question_row(const struct request *rq, const json_t *row)
{
	bool undecided = strcmp(json_str(row, "state"), "received") == 0;

	return json_make("{s:s,s:s?,s:o,s:b,s:b}", "id", json_str(row, "id"), "question",
		json_str(row, "question"), "when", view_time(rq, json_str(row, "at")), "undecided",
		undecided, "unanswered", !undecided && !json_str(row, "answered_at"));
}

/* A department sees only public questions. */
static enum err add_questions(const struct request *rq, const json_t *filing, json_t *view)
{
	json_auto_t *rows = NULL;
	json_t *list = json_array();

	json_put(view, "questions", list);
	TRY(desk_questions_of(rq->snap, json_str(filing, "system"),
		(rq->who->person.role & ROLES_OF_OFFICE) != 0, &rows));
	json_each (rows, row)
		json_push(list, question_row(rq, row));
	json_put(view, "questions_n", view_number((int64_t)json_array_size(list)));
	return OK;
}

/* --- approvals, and whose turn it is --- */

static enum err rules_now(const struct request *rq, struct decision_rules *out)
{
	struct state state = state_of(rq->snap);
	enum err e = rules_at(&state, site_now(rq->site), out);

	state_done(&state);
	return e;
}

static json_t *approval_view(const struct request *rq, const json_t *row)
{
	return json_make("{s:o,s:o,s:O}", "name", office_person(rq, json_str(row, "person")),
		"when", view_time(rq, json_str(row, "at")), "entry", json_object_get(row, "entry"));
}

/* Do the rules on consultations allow it to come into use? */
static bool is_consulted(const struct request *rq, const json_t *filing)
{
	struct state state = state_of(rq->snap);
	bool held = consultation_was_held(&state, json_str(filing, "system"),
			    json_object_get(filing, "record")) == OK;

	state_done(&state);
	return held;
}

/* The latest public consultation, and whether the rules ask for one; null if there is nothing to
 * say. */
static enum err consultation_view(
	const struct request *rq, const json_t *filing, bool required, json_t **out)
{
	json_auto_t *list = NULL;
	const json_t *latest;
	const char *closes;
	char today[DAY_TEXT];
	bool answered, over;

	TRY(consultation_list(rq->snap, json_str(filing, "system"), &list));
	latest = json_array_get(list, 0);
	closes = json_str(latest, "closes");
	part_day(rq, 0, today);
	answered = json_str(latest, "closed_at") != NULL;
	over = closes && strcmp(closes, today) < 0;
	*out = latest || required ? json_make("{s:b,s:b,s:b,s:b,s:b,s:o}", "required", required,
					    "none", !latest, "open", latest && !answered && !over,
					    "over", !answered && over, "answered", answered,
					    "closes", closes ? view_date(rq, closes) : json_null())
	                          : json_null();
	return OK;
}

static enum err add_approvals(const struct request *rq, const json_t *filing, json_t *view)
{
	const char *me = rq->who->person.id;
	json_auto_t *rows = NULL;
	json_t *list = json_array(), *consultation;
	struct decision_rules rules;
	bool two, mine = false;
	unsigned bit;

	json_put(view, "approvals", list);
	TRY(rules_now(rq, &rules));
	TRY(desk_approvals(rq->snap, json_num(filing, "filing"), &rows));
	json_each (rows, row) {
		json_push(list, approval_view(rq, row));
		mine |= strcmp(json_str(row, "person"), me) == 0;
	}
	bit = rules_bit(json_object_get(filing, "record"), json_object_get(filing, "judgement"));
	two = rules.two_approvals & bit;
	json_put(view, "two", json_boolean(two));
	json_put(view, "approvals_n", view_number((int64_t)json_array_size(list)));
	TRY(consultation_view(rq, filing, rules.consultation & bit, &consultation));
	json_put(view, "consulted", consultation);
	json_put(view, "must_consult",
		json_boolean((rules.consultation & bit) && !is_consulted(rq, filing)));
	json_put(view, "approved_by_me", json_boolean(two && mine));
	json_put(view, "first", json_boolean(two && !json_array_size(list)));
	json_put(view, "publishes", json_boolean(!two || json_array_size(list) > (mine ? 1 : 0)));
	return OK;
}

static enum err add_doubts(const struct request *rq, const json_t *filing, json_t *view)
{
	json_t *texts = NULL;
	json_t *doubts = json_object_get(filing, "doubts");
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	if (doubts)
		hints_contradictions(
			rq->standard, json_object_get(filing, "record"), NULL, today, doubts);

	if (!json_array_size(doubts))
		return OK;
	TRY(office_doubts(rq, doubts, false, &texts));
	json_put(view, "doubts", texts);
	json_put(view, "has_doubts", json_true());
	return OK;
}

static char *place_in_filing(const void *where, const char *field)
{
	return mem_printf("#r-%s", field);
}

/* While it waits: facts of another system that were copied with it. The draft tells, which is in no
 * log; where it was discarded since, or there is none, nothing is known. */
static enum err add_copied(const struct request *rq, const json_t *filing, json_t *view)
{
	AUTO(record_draft) draft = {0};
	struct people *people;
	json_t *copied;
	enum err e;

	if (strcmp(json_str(filing, "outcome"), "waiting") != 0)
		return OK;
	TRY(office_people(rq, &people));
	e = draft_of_system(
		people, json_str(filing, "department"), json_str(filing, "system"), &draft);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(copied_view(rq,
		&(struct copied){draft.copied, draft.copied_version,
			json_object_get(filing, "record"), place_in_filing, NULL},
		&copied));
	json_put(view, "copied", copied);
	return OK;
}

/* The version with which a filing is compared: the newest, or that before its own once it is
 * published itself; null for a first version. */
static enum err version_before(
	const struct request *rq, const char *slug, int64_t filing, json_t **out)
{
	json_auto_t *newest = NULL;
	enum err e = query_version(rq->snap, slug, 0, &newest);
	int64_t n;

	*out = NULL;
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	for (n = json_num(newest, "n"); n > 0; n--) {
		json_auto_t *own = NULL;

		TRY(query_version(rq->snap, slug, n, &own));
		if (json_num(own, "filing") == filing)
			return n > 1 ? query_version(rq->snap, slug, n - 1, out) : OK;
	}
	*out = TAKE(newest);
	return OK;
}

static enum err filing_view(const struct request *rq, const json_t *filing, json_t *view)
{
	const char *slug = json_str(filing, "system"), *outcome = json_str(filing, "outcome");
	const json_t *record = json_object_get(filing, "record");
	json_auto_t *before = NULL;
	json_t *name, *changes;

	TRY(version_before(rq, slug, json_num(filing, "filing"), &before));
	name = office_name(rq, json_object_get(record, "name"), slug);
	json_put(view, "title", json_text(json_str(name, "text")));
	json_put(view, "name", name);
	json_put(view, "slug", json_text(slug));
	json_put(view, "filing", json_integer(json_num(filing, "filing")));
	json_put(view, "when", view_time(rq, json_str(filing, "at")));
	json_put(view, "department_name", office_department(rq, json_str(filing, "department")));
	json_put(view, "waits", json_boolean(strcmp(outcome, "waiting") == 0));
	json_put(view, "done", json_boolean(strcmp(outcome, "published") == 0));
	json_put(view, "new", json_boolean(!before));
	changes = changes_view(rq, json_object_get(before, "record"), record);
	json_put(view, "count", view_number((int64_t)json_array_size(changes)));
	json_put(view, "changes", changes);
	TRY(add_record(rq, filing, view));
	TRY(add_comments(rq, filing, view));
	TRY(add_judged(rq, filing, view));
	TRY(add_approvals(rq, filing, view));
	TRY(add_reviews(rq, filing, view));
	TRY(add_since(rq, filing, view));
	TRY(add_returned(rq, filing, view));
	TRY(add_questions(rq, filing, view));
	TRY(add_copied(rq, filing, view));
	return add_doubts(rq, filing, view);
}

static enum err find_filing(const struct request *rq, json_t **out)
{
	json_auto_t *request = json_make(
		"{s:s,s:I}", "do", "filing", "filing", (json_int_t)request_number(rq, "n"));
	json_auto_t *filing = NULL;

	TRY(office_do(rq->site->reg, request, NULL, &filing));
	TRY(check_theirs(rq, filing));
	json_put(filing, "filing", json_incref(json_object_get(request, "filing")));
	*out = TAKE(filing);
	return OK;
}

/* `wrong`: the field of a comment that was refused; or NULL. */
static enum err show(
	const struct request *rq, struct response *rs, const json_t *filing, const char *wrong)
{
	json_auto_t *view = json_make("{s:b,s:b}", "in_desk", 1, "signing", 1);
	AUTOFREE char *to = mem_printf(
		"/%s/office/filings/%lld", rq->lang, (long long)json_num(filing, "filing"));

	json_put(view, "comments_to", json_text(to));
	json_put(view, "reason_texts", text_inputs(rq, &(struct text_inputs){"reason", "3"}));
	json_put(view, "comment_error", json_text(wrong));
	TRY(filing_view(rq, filing, view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_filing.html", TAKE(view));
}

enum err page_filing(struct request *rq, struct response *rs)
{
	json_auto_t *filing = NULL;

	TRY(find_filing(rq, &filing));
	return show(rq, rs, filing, NULL);
}

enum err page_filing_comment(struct request *rq, struct response *rs)
{
	AUTO(buf) field = BUF(4 * KIB);
	json_auto_t *filing = NULL;
	enum err e;

	TRY(find_filing(rq, &filing));
	e = comments_change(rq, json_str(filing, "system"), json_str(filing, "department"),
		json_num(filing, "filing"));
	if (e == ERR_INVALID || e == ERR_LIMITED) {
		AUTOFREE char *why = mem_text(err_why());

		rs->status = err_kind(e)->http;
		return show(rq, rs, filing, why);
	}
	TRY(e);
	view_encode(&field, office_given(rq, "field"));
	office_go(rs, "/%s/office/filings/%lld#comment-%s", rq->lang,
		(long long)json_num(filing, "filing"), buf_text(&field));
	return OK;
}
