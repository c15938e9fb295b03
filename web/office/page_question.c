/* page_question.c - /{lang}/office/questions/{id}: a citizen's question, to be published, withheld
 * or answered. */
#include "registry/event/withholding.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

/* The office sees every question. A department sees those about its systems once they are public:
 * what nobody decided about may name somebody. */
static enum err check_readable(const struct request *rq, const json_t *question)
{
	const struct person *p = &rq->who->person;
	const char *slug = json_str(question, "system");
	json_auto_t *system = NULL;

	if (p->role & ROLES_OF_OFFICE)
		return OK;
	ENSURE(strcmp(json_str(question, "state"), "published") == 0, ERR_DENIED,
		"the office has not decided about this question yet");
	if (!(p->role & ROLES_OF_DEPARTMENT))
		return OK;
	ENSURE(slug, ERR_DENIED, "this question is about another department's system");
	TRY(query_system(rq->snap, slug, &system));
	ENSURE(strcmp(json_str(system, "department"), p->department) == 0, ERR_DENIED,
		"this question is about another department's system");
	return OK;
}

/* Of the published list, to choose from. */
static json_t *reasons_view(const struct request *rq)
{
	json_t *list = json_array(), *one;
	size_t i;

	json_array_foreach (withholding_reasons(), i, one)
		json_push(list, part_withholding(rq, json_str(one, "code")));
	return list;
}

static json_t *answers_view(const struct request *rq, const json_t *answers)
{
	json_t *list = json_array();
	const json_t *a;
	size_t i;

	json_array_foreach (answers, i, a)
		json_push(list,
			json_make("{s:o,s:o}", "text", view_text(rq, json_object_get(a, "text")),
				"when", view_time(rq, json_str(a, "at"))));
	return list;
}

static json_t *question_view(const struct request *rq, const json_t *q)
{
	enum role role = rq->who->person.role;
	const char *state = json_str(q, "state");
	bool undecided = strcmp(state, "received") == 0, there = json_str(q, "text") != NULL;
	json_t *view = json_make("{s:s,s:b}", "title", message(rq, "question_title"), "signing", 1);

	json_put(view, "question", json_incref(json_object_get(q, "id")));
	json_put(view, "text", json_incref(json_object_get(q, "text")));
	json_put(view, "asked_lang", json_incref(json_object_get(q, "lang")));
	json_put(view, "when", view_time(rq, json_str(q, "at")));
	json_put(view, "slug", json_incref(json_object_get(q, "system")));
	json_put(view, "name", view_text(rq, json_object_get(q, "name_of_system")));
	json_put(view, "undecided", json_boolean(undecided));
	json_put(view, "withheld", json_boolean(strcmp(state, "withheld") == 0));
	json_put(view, "answers", answers_view(rq, json_object_get(q, "answers")));
	json_put(view, "reasons", reasons_view(rq));
	json_put(view, "listed", part_withholding(rq, json_str(q, "code")));
	json_put(view, "why", view_text(rq, json_object_get(q, "reason")));
	json_put(view, "may_decide",
		json_boolean(there && undecided && access_may(role, "feedback.published")));
	json_put(view, "may_answer",
		json_boolean(there && !undecided && access_may(role, "feedback.answered")));
	return view;
}

enum err page_question(struct request *rq, struct response *rs)
{
	json_auto_t *question = NULL;
	json_t *view;

	TRY(query_question(rq->snap, request_path(rq, "id"), FOR_ITS_SENDER, &question));
	TRY(check_readable(rq, question));
	view = question_view(rq, question);
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_question.html", view);
}
