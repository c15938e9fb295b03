/* page_receipt.c - /{lang}/feedback/{receipt}: the status of one's own question. Only for the
 * holder of the receipt: never cached, never indexed. */
#include "web/pages/pages.h"
#include "web/pages/question_view.h"
#include "web/pages/submit.h"
#include "web/view/parts.h"

#include <string.h>

static json_t *system_view(const struct request *rq, const json_t *question)
{
	json_t *name = view_text(rq, json_object_get(question, "name_of_system"));
	const char *slug = json_str(question, "system");

	if (!slug) {
		json_decref(name);
		return json_null();
	}
	if (json_is_null(name))
		name = json_make("{s:s?, s:b}", "text", slug, "foreign", 0);
	return json_make("{s:s?, s:o}", "slug", slug, "name", name);
}

/* The status of a question, as a message's key. */
static const char *standing(const json_t *question, bool answered)
{
	const char *state = json_str(question, "state");
	bool withheld = state && !strcmp(state, "withheld");

	if (json_is_true(json_object_get(question, "withdrawn")))
		return "state_withdrawn";
	if (json_is_true(json_object_get(question, "swept")))
		return answered ? "state_answered_personally" : "state_swept";
	if (answered)
		return withheld ? "state_answered_personally" : "state_answered";
	if (state && !strcmp(state, "merged"))
		return "state_merged";
	if (withheld)
		return "state_withheld";
	return state && !strcmp(state, "published") ? "state_published" : "state_received";
}

/* Adds which acts the holder may do with the receipt, and which was just done. */
static void acts_add(const struct request *rq, const json_t *question, json_t *view)
{
	bool has_email = json_is_true(json_object_get(question, "has_email"));
	bool withdrawn = json_is_true(json_object_get(question, "withdrawn"));

	json_put(view, "has_email", json_boolean(has_email));
	json_put(view, "forgotten", json_boolean(!has_email && request_query(rq, "erased")));
	json_put(view, "unsure", json_boolean(!withdrawn && request_query(rq, "unsure")));
	json_put(view, "just_withdrawn", json_boolean(withdrawn && request_query(rq, "done")));
}

static json_t *page_view(const struct request *rq, const json_t *question, const char *receipt)
{
	json_t *view = question_view(rq, question);
	bool answered = json_is_true(json_object_get(view, "answered"));
	bool erased = !json_is_null(json_object_get(question, "erased_entry"));
	const char *now = standing(question, answered);
	bool received = !strcmp(now, "state_received") && !erased;
	bool awaits = (!strcmp(now, "state_published") || !strcmp(now, "state_merged")) && !erased;
	const char *state = json_str(question, "state");

	json_put(view, "title", json_text(message(rq, "receipt_title")));
	json_put(view, "receipt", json_text(receipt));
	json_put(view, "base", json_text(rq->site->base));
	json_put(view, "state", json_text(message(rq, now)));
	json_put(view, "received", json_boolean(received));
	json_put(view, "awaits", json_boolean(awaits));
	json_put(view, "withheld", json_boolean(state && !strcmp(state, "withheld")));
	json_put(view, "due",
		received || awaits ? question_due(rq, json_str(question, "at")) : json_null());
	json_put(view, "reason",
		question_texts(
			rq, json_object_get(question, "reason"), json_str(question, "lang")));
	json_put(view, "listed", part_withholding(rq, json_str(question, "code")));
	json_put(view, "sha256", json_text(json_str(question, "sha256")));
	json_put(view, "gone", json_incref(json_object_get(question, "gone")));
	json_put(view, "system", system_view(rq, question));
	json_put(view, "private", json_true());
	json_put(view, "verifiable", json_true());
	acts_add(rq, question, view);
	return view;
}

/* A mirror lacks unpublished questions, so it redirects to the original. */
static bool is_elsewhere(struct request *rq, struct response *rs)
{
	rs->private_ = true;
	if (!site_original(rq->site))
		return false;
	rs->status = 302;
	rs->location = mem_printf("%s%s", site_original(rq->site), rq->path);
	return true;
}

enum err page_receipt(struct request *rq, struct response *rs)
{
	const char *receipt = request_path(rq, "receipt");
	json_t *question = NULL, *view;

	if (is_elsewhere(rq, rs))
		return OK;
	TRY(submit_find(rq, receipt, &question));
	view = page_view(rq, question, receipt);
	json_decref(question);
	return page_render(rq, rs, "receipt.html", view);
}

enum err page_receipt_proof(struct request *rq, struct response *rs)
{
	if (is_elsewhere(rq, rs))
		return OK;
	rs->type = "text/plain; charset=utf-8";
	if (!rs->body.max)
		rs->body.max = 64 * KIB;
	TRY(submit_receipt_proof(rq, request_path(rq, "receipt"), &rs->body));
	rs->filename = mem_text("receipt.tlog-proof");
	return OK;
}

enum err page_forget(struct request *rq, struct response *rs)
{
	const char *receipt = request_path(rq, "receipt");

	rs->private_ = true;
	TRY(submit_forget(rq, receipt));
	rs->status = 303;
	rs->location = mem_printf("/%s/feedback/%s?erased=1", rq->lang, receipt);
	return OK;
}

/* Final, so the page asks for confirmation with a check box, which needs no script. */
enum err page_withdraw(struct request *rq, struct response *rs)
{
	const char *receipt = request_path(rq, "receipt"), *sure = request_form(rq, "sure");
	enum err e;

	rs->private_ = true;
	rs->status = 303;
	if (!sure || strcmp(sure, "1") != 0) {
		rs->location = mem_printf("/%s/feedback/%s?unsure=1#withdraw", rq->lang, receipt);
		return OK;
	}
	e = submit_withdraw(rq, receipt);
	if (e != OK && e != ERR_CONFLICT) /* a second time is harmless */
		return e;
	rs->location = mem_printf("/%s/feedback/%s?done=1", rq->lang, receipt);
	return OK;
}
