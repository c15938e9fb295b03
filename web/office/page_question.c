/* page_question.c - /{lang}/office/questions/{id}: publishes, withholds or answers a citizen's
 * question. An answer is looked through for personal data first: sign.js asks with "ask" whether
 * there is any and, if so, sends the form, which comes back with it marked. */
#include "base/text.h"
#include "registry/event/mask.h"
#include "registry/event/withholding.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/office/personal_view.h"
#include "web/pages/pages.h"
#include "web/pages/question_view.h"
#include "web/view/language_names.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

/* The office sees every question. A department sees public questions about its systems only,
 * because an undecided one may contain personal data. */
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

/* The reasons of the published list. */
static json_t *reasons_view(const struct request *rq)
{
	json_t *list = json_array();

	json_each (withholding_reasons(), one)
		json_push(list, part_withholding(rq, json_str(one, "code")));
	return list;
}

static json_t *answers_view(const struct request *rq, const json_t *answers)
{
	json_t *list = json_array();

	json_each (answers, a)
		json_push(list,
			json_make("{s:o,s:o}", "text", view_text(rq, json_object_get(a, "text")),
				"when", view_time(rq, json_str(a, "at"))));
	return list;
}

/* The masked text that everybody reads; only the office also sees the original. */
static void put_shown(const json_t *q, json_t *view)
{
	const char *shown = json_str(json_object_get(q, "shown"), "text");

	if (json_str(q, "masked"))
		json_put(view, "shown", question_pieces(shown ? shown : json_str(q, "text")));
	json_put(view, "masked", json_boolean(json_str(q, "masked") != NULL));
	json_put(view, "original", json_boolean(shown || !json_str(q, "masked")));
}

static json_t *desk_view(const struct request *rq, const json_t *q)
{
	enum role role = rq->who->person.role;
	const char *state = json_str(q, "state");
	bool undecided = strcmp(state, "received") == 0, there = json_str(q, "text") != NULL;
	json_t *view = json_make("{s:s,s:b,s:b}", "title", message(rq, "question_title"), "signing",
		1, "questioning", 1);

	json_put(view, "done", json_boolean(request_query(rq, "done") != NULL));
	json_put(view, "question", json_incref(json_object_get(q, "id")));
	json_put(view, "text", json_incref(json_object_get(q, "text")));
	json_put(view, "asked_lang", json_incref(json_object_get(q, "lang")));
	json_put(view, "when", view_time(rq, json_str(q, "at")));
	json_put(view, "slug", json_incref(json_object_get(q, "system")));
	json_put(view, "name", view_text(rq, json_object_get(q, "name_of_system")));
	json_put(view, "same", json_incref(json_object_get(q, "merged_into")));
	json_put(view, "repeats",
		json_num(q, "repeats") ? view_number(json_num(q, "repeats")) : json_null());
	json_put(view, "undecided", json_boolean(undecided));
	json_put(view, "withheld", json_boolean(strcmp(state, "withheld") == 0));
	json_put(view, "answers", answers_view(rq, json_object_get(q, "answers")));
	put_shown(q, view);
	json_put(view, "reasons", reasons_view(rq));
	json_put(view, "listed", part_withholding(rq, json_str(q, "code")));
	json_put(view, "why", view_text(rq, json_object_get(q, "reason")));
	json_put(view, "may_decide",
		json_boolean(there && undecided && access_may(role, "feedback.published")));
	json_put(view, "may_mask", json_boolean(there && access_may(role, "feedback.published")));
	json_put(view, "may_answer",
		json_boolean(there && !undecided && !json_str(q, "merged_into") &&
			     access_may(role, "feedback.answered")));
	return view;
}

/* The office's selection of words to mask, and the public text that results. */
struct masking {
	const char *marked; /* the question with marks; NULL: unmarked */
	bool name;          /* whether the name is masked too */
	json_t *made;       /* the content to sign; NULL before, or if the marks are invalid */
};

static json_t *masking_view(const json_t *q, const struct masking *m)
{
	struct mask_marks marks = mask_marks(json_str(q, "text"));
	AUTO(buf) content = BUF(64 * KIB);
	json_t *view = json_make("{s:s,s:s,s:s,s:O,s:b}", "open", marks.open, "close", marks.close,
		"marked", m->marked ? m->marked : json_str(q, "text"), "asker",
		json_object_get(q, "name"), "hide_name", m->name);

	json_put(view, "begun", json_boolean(m->marked != NULL));
	if (!m->made)
		return view;
	json_canonical(m->made, &content);
	json_put(view, "made",
		json_make("{s:o,s:O?,s:s}", "pieces", question_pieces(json_str(m->made, "text")),
			"by", json_object_get(m->made, "name"), "content", buf_text(&content)));
	return view;
}

/* The words that look like personal data and are not marked yet; null if there are none. */
static json_t *pointed_view(const struct request *rq, const json_t *q, const struct masking *m)
{
	json_t *view = personal_pointed(
		rq, &(struct personal_look){.text = m->marked ? m->marked : json_str(q, "text"),
			    .marks = mask_marks(json_str(q, "text"))});

	if (!json_is_null(view))
		json_put(view, "hide_name", json_boolean(m->name));
	return view;
}

/* Published, unmerged questions about the same system, into which this one can be merged. */
static enum err add_similar(const struct request *rq, const json_t *q, json_t *view)
{
	json_auto_t *feedback = NULL;
	json_t *list = json_array();

	json_put(view, "similar", list);
	TRY(query_feedback(rq->snap, json_str(q, "system"), &feedback));
	json_each (json_object_get(feedback, "questions"), one) {
		const char *text = json_str(one, "text");
		AUTOFREE char *begin = text ? mem_bytes(text, text_prefix(text, 120)) : NULL;

		if (!begin || json_str(one, "merged_into") ||
			strcmp(json_str(one, "id"), json_str(q, "id")) == 0)
			continue;
		json_push(list, json_make("{s:s,s:s,s:o}", "into", json_str(one, "id"), "begin",
					begin, "when", view_time(rq, json_str(one, "at"))));
	}
	json_put(view, "may_merge",
		json_boolean(json_array_size(list) > 0 && !json_str(q, "merged_into") &&
			     json_is_true(json_object_get(view, "may_mask")) &&
			     strcmp(json_str(q, "state"), "withheld") != 0));
	return OK;
}

/* --- answers in several languages --- */

static bool has_tongue(const json_t *list, const char *tag)
{
	json_each (list, one)
		if (language_same(json_str(one, "tag"), tag))
			return true;
	return false;
}

static void add_tongue(json_t *list, const char *tag)
{
	if (tag && !has_tongue(list, tag))
		json_push(list, json_make("{s:s,s:s}", "tag", tag, "own", language_own_name(tag)));
}

static bool is_named(const char *tag)
{
	struct language_name l;

	for (size_t i = 0; tag && language_nth(i, &l); i++)
		if (strcmp(l.tag, tag) == 0)
			return true;
	return false;
}

/* The answer that the form sent in this language; "" for none. */
static const char *written_in(const struct request *rq, const char *tag)
{
	AUTOFREE char *name = mem_printf("text.%s", tag);

	return office_given(rq, name);
}

/* The register's languages, the language of the question, and those that the officer adds. */
static enum err add_tongues(const struct request *rq, const json_t *q, json_t *view)
{
	json_auto_t *reg = NULL;
	json_t *list = json_array(), *more = json_array();
	const char *also = request_query(rq, "also");
	struct language_name l;

	json_put(view, "tongues", list);
	json_put(view, "more", more);
	TRY(query_register(rq->snap, &reg));
	json_each (json_object_get(json_object_get(reg, "about"), "languages"), tag)
		add_tongue(list, json_string_value(tag));
	json_put(view, "own_tongues", json_copy(list));
	add_tongue(list, json_str(q, "lang"));
	if (is_named(also))
		add_tongue(list, also);
	for (size_t i = 0; language_nth(i, &l); i++)
		if (*written_in(rq, l.tag))
			add_tongue(list, l.tag);
	json_each (list, one)
		json_put(one, "written", json_text(written_in(rq, json_str(one, "tag"))));
	for (size_t i = 0; language_nth(i, &l); i++)
		if (!has_tongue(list, l.tag))
			json_push(more, json_make("{s:s,s:s}", "tag", l.tag, "own", l.own));
	return OK;
}

/* --- personal data in an answer --- */

/* The public data of the system and the register: a department's own telephone number is no
 * personal data. */
static enum err find_published(const struct request *rq, const json_t *q, json_t **out)
{
	json_auto_t *version = NULL, *reg = NULL;
	const char *slug = json_str(q, "system");
	enum err e = slug ? query_version(rq->snap, slug, 0, &version) : OK;

	if (e != ERR_NOT_FOUND)
		TRY(e);
	TRY(query_register(rq->snap, &reg));
	*out = json_make(
		"[O?,O?]", json_object_get(version, "record"), json_object_get(reg, "about"));
	return OK;
}

static void add_pointed(
	const struct request *rq, const char *tag, const json_t *published, json_t *list, bool *any)
{
	AUTOFREE char *text = mem_text(written_in(rq, tag));
	json_t *one;

	if (!*text)
		return;
	one = json_make("{s:s,s:s,s:o}", "tag", tag, "own", language_own_name(tag), "pointed",
		personal_pointed(
			rq, &(struct personal_look){.text = text, .published = published}));
	if (json_is_null(json_object_get(one, "pointed")))
		json_put(one, "unmarked", json_text(text));
	else
		*any = true;
	json_push(list, one);
}

/* {"texts": [{"tag", "own", "pointed", "unmarked": the text if nothing is pointed at}…]}, null if
 * nothing is found, or if one person alone will read it. `view` has the page's "tongues". */
static enum err look_through(const struct request *rq, const json_t *q, json_t *view)
{
	json_auto_t *published = NULL;
	json_t *list = json_array();
	bool any = false;
	enum err e = find_published(rq, q, &published);

	json_each (json_object_get(view, "tongues"), one)
		if (e == OK && strcmp(json_str(q, "state"), "withheld") != 0)
			add_pointed(rq, json_str(one, "tag"), published, list, &any);
	json_put(view, "looked", any ? json_make("{s:O}", "texts", list) : json_null());
	json_decref(list);
	return e;
}

static enum err render(
	struct request *rq, struct response *rs, const json_t *question, const struct masking *m)
{
	json_auto_t *view = desk_view(rq, question);
	bool masks = json_is_true(json_object_get(view, "may_mask"));
	bool wrong = m->marked && !m->made;

	/* First, because it takes the reason of the last failure. */
	if (wrong) {
		office_wrong(rq, view, "marked");
		rs->status = 400;
	}
	if (masks)
		json_put(view, "masking", masking_view(question, m));
	/* Nobody needs this if the public text is masked already or will not be read. */
	if (masks && !wrong && !json_str(question, "masked") &&
		strcmp(json_str(question, "state"), "withheld") != 0)
		json_put(view, "pointed", pointed_view(rq, question, m));
	/* Nobody should publish the unmasked text by mistake while the masked one is shown. */
	json_put(view, "may_publish",
		json_boolean(!m->made && json_is_true(json_object_get(view, "may_decide"))));
	TRY(add_similar(rq, question, view));
	TRY(add_tongues(rq, question, view));
	TRY(look_through(rq, question, view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_question.html", TAKE(view));
}

/* The office reads the original, all others the public text. */
static enum err find(const struct request *rq, json_t **question)
{
	bool office = rq->who->person.role & ROLES_OF_OFFICE;

	TRY(query_question(rq->snap, request_path(rq, "id"), office ? FOR_ITS_SENDER : FOR_EVERYONE,
		question));
	return check_readable(rq, *question);
}

enum err page_question(struct request *rq, struct response *rs)
{
	json_auto_t *question = NULL;

	TRY(find(rq, &question));
	return render(rq, rs, question, &(struct masking){0});
}

/* Writes nothing: shows the page again with the public text, ready to sign. */
enum err page_question_masked(struct request *rq, struct response *rs)
{
	AUTOFREE char *marked = mem_text(office_given(rq, "marked"));
	struct masking m = {.marked = marked, .name = *office_given(rq, "mask_name")};
	json_auto_t *question = NULL;
	enum err e;

	text_join_lines(marked);
	TRY(find(rq, &question));
	e = mask_marked(question, marked, m.name, &m.made);
	if (e != ERR_INVALID)
		TRY(e);
	rs->private_ = true;
	e = render(rq, rs, question, &m);
	json_decref(m.made);
	return e;
}

/* Was the question published, or withheld, after the form was shown? Then an answer would reach
 * everybody that was written only for the person who asked, or the reverse. */
static bool changed_readers(const struct request *rq, const json_t *q)
{
	bool alone = strcmp(json_str(q, "state"), "withheld") == 0;

	return alone != (*office_given(rq, "alone") != '\0');
}

/* Writes nothing: shows the page again with the answer, and what in it looks like personal data. */
enum err page_question_answered(struct request *rq, struct response *rs)
{
	json_auto_t *question = NULL, *view = json_object();

	TRY(find(rq, &question));
	rs->private_ = true;
	if (!*office_given(rq, "ask"))
		return render(rq, rs, question, &(struct masking){0});
	TRY(add_tongues(rq, question, view));
	TRY(look_through(rq, question, view));
	return page_json(rs, json_make("{s:b}", "found",
				     changed_readers(rq, question) ||
					     !json_is_null(json_object_get(view, "looked"))));
}
