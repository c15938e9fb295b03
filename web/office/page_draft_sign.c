/* page_draft_sign.c - /{lang}/office/drafts/{id}/sign: shows how a draft differs from the published
 * version, for signing and filing. */
#include "registry/query/desk.h"
#include "registry/query/doubts.h"
#include "registry/query/query.h"
#include "registry/standard/hints.h"
#include "web/office/copied_view.h"
#include "web/office/draft_form.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/pages/record_check.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

/* A filing with these problems would be refused: each with the link that leads to its input. */
static enum err add_problems(struct request *rq, const struct record_draft *draft, json_t *view)
{
	AUTO(draft_form) f = {0};
	json_auto_t *problems = json_array(), *judgement = NULL;
	json_t *list = json_array(), *problem;
	size_t i;

	json_put(view, "problems", list);
	TRY(draft_form(rq, &f));
	TRY(record_check(rq, draft->record, problems, &judgement));
	TRY(draft_say(rq, problems));
	json_array_foreach (problems, i, problem) {
		AUTOFREE char *href = draft_href(rq, &f.form, draft, problem);

		json_push(list,
			json_make("{s:s?, s:s?}", "text", json_str(problem, "text"), "href", href));
	}
	json_put(view, "refused", json_boolean(i > 0));
	return OK;
}

/* The values that the reviewer will be asked to look at twice. */
static enum err add_doubts(const struct request *rq, const struct record_draft *draft, json_t *view)
{
	json_auto_t *doubts = NULL;
	json_t *texts;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	TRY(doubts_of_filing(
		rq->snap, rq->standard, draft->system, draft->department, draft->record, &doubts));
	hints_contradictions(rq->standard, draft->record, NULL, today, doubts);
	TRY(office_doubts(rq, doubts, true, &texts));
	json_put(view, "doubts", texts);
	json_put(view, "has_doubts", json_boolean(json_array_size(texts) > 0));
	return OK;
}

/* A draft that was returned: the reason, and what changed since. */
static enum err add_since(const struct request *rq, const struct record_draft *draft, json_t *view)
{
	json_auto_t *filing = NULL, *filed = NULL;
	enum err e = query_latest_filing(rq->snap, draft->system, &filing);

	json_put(view, "since", json_null());
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	if (strcmp(json_str(filing, "outcome"), "returned") != 0)
		return OK;
	TRY(desk_filed(rq->snap, json_num(filing, "entry"), &filed));
	json_put(view, "since",
		office_since(rq, json_object_get(filing, "entry"),
			json_object_get(filing, "reason"), json_object_get(filed, "record"),
			draft->record));
	return OK;
}

struct place {
	const struct request *rq;
	const struct form *form;
	const struct record_draft *draft;
};

static char *place_in_form(const void *where, const char *field)
{
	const struct place *p = where;
	json_auto_t *at = json_make("{s:s, s:s}", "field", field, "at", field);

	return draft_href(p->rq, p->form, p->draft, at);
}

/* Facts of another system that were copied with it. */
static enum err add_copied(const struct request *rq, const struct record_draft *draft, json_t *view)
{
	AUTO(draft_form) f = {0};
	const struct place place = {rq, &f.form, draft};
	json_t *copied;

	TRY(draft_form(rq, &f));
	TRY(copied_view(rq,
		&(struct copied){
			draft->copied, draft->copied_version, draft->record, place_in_form, &place},
		&copied));
	json_put(view, "copied", copied);
	return OK;
}

static enum err fill(struct request *rq, const struct record_draft *draft, json_t *view)
{
	json_auto_t *newest = NULL;
	AUTOFREE char *name = draft_name(rq, draft);
	enum err e = query_version(rq->snap, draft->system, 0, &newest);
	json_t *changes;

	json_put(view, "title", json_text(name));
	json_put(view, "draft", json_text(draft->id));
	json_put(view, "revision", json_integer(draft->revision));
	json_put(view, "slug", json_text(draft->system));
	if (e != ERR_NOT_FOUND)
		TRY(e);
	json_put(view, "new", json_boolean(!newest));
	changes = changes_view(rq, json_object_get(newest, "record"), draft->record);
	json_put(view, "count", view_number((int64_t)json_array_size(changes)));
	json_put(view, "changes", changes);
	TRY(add_since(rq, draft, view));
	TRY(add_copied(rq, draft, view));
	TRY(add_problems(rq, draft, view));
	return add_doubts(rq, draft, view);
}

enum err page_draft_sign(struct request *rq, struct response *rs)
{
	AUTO(record_draft) draft = {0};
	json_auto_t *view = NULL;

	TRY(draft_open(rq, &draft));
	view = json_make("{s:b,s:b}", "signing", 1, "in_drafts", 1);
	TRY(fill(rq, &draft, view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	view_crumb(view, json_str(view, "title"), "/%s/office/drafts/%s", rq->lang, draft.id);
	json_put(view, "crumb", json_text(message(rq, "draft_sign")));
	return office_render(rq, rs, "office_draft_sign.html", TAKE(view));
}
