/* page_filing.c - /{lang}/office/filings/{n}: a filing as who decides about it reads it. */
#include "registry/office/office.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/changes_view.h"
#include "web/pages/pages.h"
#include "web/view/policy_kept.h"
#include "web/view/problem.h"
#include "web/view/view.h"

#include <string.h>

/* Officers read what is their department's. */
static enum err check_theirs(const struct request *rq, const json_t *filing)
{
	const struct person *p = &rq->who->person;

	ENSURE(!(p->role & ROLES_OF_DEPARTMENT) ||
			strcmp(p->department, json_str(filing, "department")) == 0,
		ERR_DENIED, "this filing is another department's");
	return OK;
}

/* What each policy says of the record as filed: its level, and the duties that are not met. */
static json_t *judged(const struct request *rq, const json_t *judgement)
{
	json_t *out = json_array();
	const json_t *p, *duty;
	size_t i, k;

	json_array_foreach (json_object_get(judgement, "policies"), i, p) {
		const struct policy *own = policy_kept(rq, json_str(p, "sha256"));
		const json_t *level = own ? policy_level(own, json_object_get(p, "level")) : NULL;
		json_t *unmet = json_array();

		json_array_foreach (json_object_get(p, "duties"), k, duty)
			if (!json_is_true(json_object_get(duty, "met")))
				json_push(unmet, view_text(rq, json_object_get(duty, "text")));
		json_push(out,
			json_make("{s:o,s:o,s:s?,s:o,s:b}", "title",
				own ? view_text(rq, json_object_get(policy_questions(own), "title"))
				    : json_text(json_str(p, "policy")),
				"level",
				level ? view_text(rq, json_object_get(level, "label"))
				      : json_null(),
				"risk", json_str(p, "risk"), "unmet", unmet, "all_met",
				!json_array_size(unmet)));
	}
	return out;
}

static enum err add_doubts(const struct request *rq, const json_t *filing, json_t *view)
{
	json_t *texts = NULL;
	const json_t *doubts = json_object_get(filing, "doubts");

	if (!json_array_size(doubts))
		return OK;
	TRY(problems_text(rq->site->view, rq->lang, rq->standard, doubts, &texts));
	json_put(view, "doubts", texts);
	json_put(view, "has_doubts", json_true());
	return OK;
}

static enum err filing_view(const struct request *rq, const json_t *filing, json_t *view)
{
	const char *slug = json_str(filing, "system"), *outcome = json_str(filing, "outcome");
	const json_t *record = json_object_get(filing, "record");
	json_auto_t *newest = NULL;
	json_t *name, *changes;
	enum err e = query_version(rq->snap, slug, 0, &newest);

	if (e != ERR_NOT_FOUND)
		TRY(e);
	name = office_name(rq, json_object_get(record, "name"), slug);
	json_put(view, "title", json_text(json_str(name, "text")));
	json_put(view, "name", name);
	json_put(view, "slug", json_text(slug));
	json_put(view, "filing", json_integer(json_num(filing, "filing")));
	json_put(view, "when", view_time(rq, json_str(filing, "at")));
	json_put(view, "department_name", office_department(rq, json_str(filing, "department")));
	json_put(view, "waits", json_boolean(strcmp(outcome, "waiting") == 0));
	json_put(view, "new", json_boolean(!newest));
	changes = changes_view(rq, json_object_get(newest, "record"), record);
	json_put(view, "count", view_number((int64_t)json_array_size(changes)));
	json_put(view, "changes", changes);
	json_put(view, "judged", judged(rq, json_object_get(filing, "judgement")));
	return add_doubts(rq, filing, view);
}

enum err page_filing(struct request *rq, struct response *rs)
{
	json_auto_t *request = json_make(
		"{s:s,s:I}", "do", "filing", "filing", (json_int_t)request_number(rq, "n"));
	json_auto_t *filing = NULL;
	json_t *view;
	enum err e;

	TRY(office_do(rq->site->reg, request, NULL, &filing));
	TRY(check_theirs(rq, filing));
	json_put(filing, "filing", json_incref(json_object_get(request, "filing")));
	view = json_object();
	e = filing_view(rq, filing, view);
	if (e != OK) {
		json_decref(view);
		return e;
	}
	json_put(view, "signing", json_true());
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_filing.html", view);
}
