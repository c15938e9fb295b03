/* page_feedback.c - /{lang}/systems/{slug}/feedback: questions about a system, their answers, and
 * the form to ask. /{lang}/feedback is the same for questions about no system, and
 * /{lang}/systems/{slug}/consultation for a public consultation on a system.
 *
 * No question is refused because it seems to contain personal data. Only its sender and the office
 * read it before it is published, and web/office/page_question.c points the office at such data. */
#include "base/env.h"
#include "base/markdown.h"
#include "base/text.h"
#include "base/zone.h"
#include "registry/query/consultation.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/pages/question_view.h"
#include "web/pages/submit.h"
#include "web/view/language_names.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

#define EMAIL_MAX 254 /* RFC 5321, without angle brackets */

struct form {
	char *text, *name, *email; /* owned; normalised unless refused for combining marks */
	const char *once;          /* submit.h */
	const char *lang;          /* one with a name (language_names.h) */
	json_t *errors;            /* [{"field", "text"}…] */
	int status;                /* HTTP status if the form is refused; 0: all is well */
	bool sent;                 /* the form was sent: the page shows its values again */
	json_t *asked;             /* the page's consultation; NULL: none */
};

static void form_done(struct form *f)
{
	free(f->text);
	free(f->name);
	free(f->email);
	json_decref(f->errors);
	json_decref(f->asked);
}

static const char *asked_language(const struct request *rq)
{
	const char *wish = request_form(rq, "lang");
	struct language_name l;

	for (size_t i = 0; wish && language_nth(i, &l); i++)
		if (!strcmp(wish, l.tag))
			return l.tag;
	return rq->lang;
}

static void refuse(const struct request *rq, struct form *f, int status, const char *field,
	const char *key, json_t *values)
{
	f->status = f->status > status ? f->status : status;
	json_push(f->errors, json_make("{s:s, s:o}", "field", field, "text", say(rq, key, values)));
}

static void length_check(
	const struct request *rq, struct form *f, const char *field, const char *s, size_t most)
{
	size_t got = text_length(s);
	AUTOFREE char *label = mem_printf("feedback_%s", field);

	if (got > most)
		refuse(rq, f, !strcmp(field, "text") && got > 2 * most ? 413 : 400, field,
			"rule.too_long",
			json_make("{s:s, s:I, s:I}", "label", message(rq, label), "limit",
				(json_int_t)most, "got", (json_int_t)got));
}

static void characters_check(
	const struct request *rq, struct form *f, const char *field, const char *s, bool lines)
{
	const char *bad = text_forbidden(s, lines);
	AUTOFREE char *label = mem_printf("feedback_%s", field);

	if (bad)
		refuse(rq, f, 400, field, "rule.character",
			json_make("{s:s, s:s}", "label", message(rq, label), "got", bad));
	if (!text_is_stream_safe(s))
		refuse(rq, f, 400, field, "rule.marks",
			json_make("{s:s, s:i}", "label", message(rq, label), "limit", TEXT_MARKS));
}

/* All that can be checked without sending: one "@" with text on both sides, and a dot after it. */
static bool is_email(const char *s)
{
	const char *at = strchr(s, '@'), *dot = at ? strrchr(at, '.') : NULL;

	return at && at > s && !strchr(at + 1, '@') && dot && dot > at + 1 && dot[1] &&
	       !strpbrk(s, " \t\n,;<>()\"");
}

static void form_check(const struct request *rq, struct form *f)
{
	if (!text_is_visible(f->text))
		refuse(rq, f, 400, "text", "feedback_text_missing", json_object());
	length_check(rq, f, "text", f->text, FEEDBACK_TEXT_MAX);
	characters_check(rq, f, "text", f->text, true);
	length_check(rq, f, "name", f->name, FEEDBACK_NAME_MAX);
	characters_check(rq, f, "name", f->name, false);
	length_check(rq, f, "email", f->email, EMAIL_MAX);
	characters_check(rq, f, "email", f->email, false);
	if (*f->email && !is_email(f->email))
		refuse(rq, f, 400, "email", "feedback_email_bad", json_object());
}

/* A name without visible characters counts as none. */
static char *name_of(const struct request *rq)
{
	AUTOFREE char *name = text_typed(request_form(rq, "name"));

	return mem_text(!text_is_visible(name) ? "" : name);
}

static struct form form_read(const struct request *rq)
{
	return (struct form){
		.text = text_typed(request_form(rq, "text")),
		.name = name_of(rq),
		.email = text_typed(request_form(rq, "email")),
		.lang = asked_language(rq),
		.once = request_form(rq, "once"),
		.errors = json_array(),
		.sent = true,
	};
}

static json_t *languages_view(const char *selected)
{
	json_t *out = json_array();
	struct language_name l;

	for (size_t i = 0; language_nth(i, &l); i++)
		json_push(out, json_make("{s:s, s:s, s:b}", "value", l.tag, "label", l.own,
				       "selected", !strcmp(l.tag, selected)));
	return out;
}

/* The first error of a field; null for none. */
static json_t *error_of(const struct form *f, const char *field)
{
	return json_text(json_str(json_find(f->errors, "field", field), "text"));
}

static json_t *form_view(const struct request *rq, const struct form *f)
{
	json_t *view = json_object();

	json_put(view, "text", json_text(f->text));
	json_put(view, "name", json_text(f->name));
	json_put(view, "email", json_text(f->email));
	json_put(view, "once", json_text(f->once));
	json_put(view, "languages", languages_view(f->lang));
	json_put(view, "text_error", error_of(f, "text"));
	json_put(view, "name_error", error_of(f, "name"));
	json_put(view, "email_error", error_of(f, "email"));
	json_put(view, "limit", view_number(FEEDBACK_TEXT_MAX));
	return view;
}

/* A consultation's page shows only the questions written for it. */
static json_t *questions_view(
	const struct request *rq, const json_t *feedback, const struct form *f)
{
	json_t *out = json_array();

	json_each (json_object_get(feedback, "questions"), question)
		if (!f->asked || json_equal(json_object_get(question, "consultation"),
					 json_object_get(f->asked, "entry")))
			json_push(out, question_view(rq, question));
	return out;
}

/* The number of questions that are not shown here, or null. */
static json_t *some(const json_t *feedback, const char *key)
{
	int64_t n = json_num(feedback, key);

	return n ? view_number(n) : json_null();
}

/* The privacy notice of the settings; null if there is none. */
static json_t *notice_view(const struct request *rq)
{
	json_auto_t *reg = NULL, *text = NULL;
	AUTO(buf) md = BUF(MARKDOWN_MAX * 4), html = BUF(MIB);
	json_t *view;

	if (query_register(rq->snap, &reg))
		return json_null();
	text = view_text(rq, json_object_get(json_object_get(reg, "about"), "privacy_notice"));
	if (json_is_null(text))
		return json_null();
	markdown_contained(json_str(text, "text"), 3, MARKDOWN_AS_TYPED, &md);
	if (buf_check(&md, "the privacy notice"))
		return json_null();
	markdown_html(buf_text(&md), md.len, &html);
	if (buf_check(&html, "the privacy notice"))
		return json_null();
	view = json_make("{s:s}", "notice_html", buf_text(&html));
	json_object_update(view, text);
	return view;
}

/* Takes ownership of `path`. */
static json_t *path_text(char *path)
{
	json_t *text = json_text(path);

	free(path);
	return text;
}

static void head_of_system(const struct request *rq, const json_t *system, json_t *view)
{
	json_t *card = part_card(rq, system);
	const char *name = json_str(json_object_get(card, "name"), "text");
	const char *slug = json_str(system, "slug");

	json_put(view, "action", path_text(mem_printf("/%s/systems/%s/feedback", rq->lang, slug)));
	json_put(view, "system_name", json_text(name));
	json_put(view, "title", say(rq, "title_feedback", json_make("{s:s}", "name", name)));
	json_put(view, "crumb", json_text(message(rq, "feedback_heading")));
	json_put(view, "in_systems", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	view_crumb(view, name, "/%s/systems/%s", rq->lang, slug);
	json_decref(card);
}

static void head_of_general(const struct request *rq, json_t *view)
{
	json_put(view, "action", path_text(mem_printf("/%s/feedback", rq->lang)));
	json_put(view, "general", json_true());
	json_put(view, "title", json_text(message(rq, "feedback_general_heading")));
	json_put(view, "description", json_text(message(rq, "feedback_general_lead")));
}

/* The system of this page; NULL for the page about no system. */
static const char *system_of(const struct request *rq)
{
	const char *slug = request_path(rq, "slug");

	return *slug ? slug : NULL;
}

static enum err head_add(const struct request *rq, json_t *view)
{
	const char *slug = system_of(rq);
	json_auto_t *system = NULL;

	if (!slug) {
		head_of_general(rq, view);
		return OK;
	}
	TRY(query_system(rq->snap, slug, &system));
	head_of_system(rq, system, view);
	return OK;
}

static void form_add(const struct request *rq, const struct form *f, json_t *view)
{
	if (site_original(rq->site)) { /* a mirror is read-only */
		json_put(view, "mirror_of", json_text(site_original(rq->site)));
		return;
	}
	json_put(view, "form", form_view(rq, f));
	json_put(view, "asking", json_true());
	json_put(view, "privacy_notice", notice_view(rq));
	json_put(view, "days", question_days(rq));
	json_put(view, "contact_days", view_number(CONTACT_DAYS));
}

static bool is_open(const struct request *rq, const json_t *asked)
{
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	return json_is_null(json_object_get(asked, "closed_entry")) &&
	       !json_is_true(json_object_get(asked, "ended")) &&
	       strcmp(json_str(asked, "closes"), today) >= 0;
}

/* Adds what is asked, until when, and the outcome. */
static void consultation_add(
	const struct request *rq, const json_t *asked, json_t *questions, json_t *view)
{
	const char *closed = json_str(asked, "closed_at"), *name = json_str(view, "system_name");

	json_put(view, "consultation",
		json_make("{s:b,s:O,s:O,s:o,s:o,s:o,s:b,s:b,s:o,s:o,s:o}", "ended",
			json_is_true(json_object_get(asked, "ended")), "entry",
			json_object_get(asked, "entry"), "closed_entry",
			json_object_get(asked, "closed_entry"), "since",
			view_time(rq, json_str(asked, "at")), "closes",
			view_date(rq, json_str(asked, "closes")), "question",
			view_text(rq, json_object_get(asked, "question")), "open",
			is_open(rq, asked), "answered", closed != NULL, "closed",
			closed ? view_time(rq, closed) : json_null(), "answer",
			view_text(rq, json_object_get(asked, "answer")), "written",
			view_number(json_num(asked, "written"))));
	json_put(view, "published", view_number((int64_t)json_array_size(questions)));
	json_put(view, "received", view_number(json_num(asked, "written")));
	json_put(view, "title", say(rq, "title_consultation", json_make("{s:s?}", "name", name)));
	json_put(view, "crumb", json_text(message(rq, "consultation")));
	json_put(view, "action",
		path_text(mem_printf(
			"/%s/systems/%s/consultation", rq->lang, json_str(asked, "system"))));
	for (size_t i = 0; i < 3; i++) {
		static const char *const of_system[] = {"withheld", "unpublished", "erased_n"};

		json_put(view, of_system[i], json_null());
	}
	if (!is_open(rq, asked)) {
		json_put(view, "form", json_null());
		json_put(view, "mirror_of", json_null());
		json_put(view, "closed_form", json_true());
	}
}

static enum err show(struct request *rq, struct response *rs, const struct form *f)
{
	json_auto_t *feedback = NULL, *view = json_object();
	char before[TIME_TEXT];
	int64_t late;

	TRY(head_add(rq, view));
	TRY(query_feedback(rq->snap, system_of(rq), &feedback));
	query_asked_before(rq->snap, site_now(rq->site), before);
	TRY(query_late(rq->snap, system_of(rq), before, &late));
	form_add(rq, f, view);
	json_put(view, "errors", json_incref(f->errors));
	json_put(view, "has_errors", json_boolean(f->status != 0));
	json_put(view, "carried", json_boolean(f->sent));
	json_put(view, "received", view_number(json_num(feedback, "received")));
	json_put(view, "published", view_number(json_num(feedback, "published")));
	json_put(view, "withheld", some(feedback, "withheld"));
	json_put(view, "unpublished", some(feedback, "unpublished"));
	json_put(view, "merged_n", some(feedback, "merged"));
	json_put(view, "late_n", late ? view_number(late) : json_null());
	json_put(view, "erased_n", some(feedback, "erased"));
	json_put(view, "questions", questions_view(rq, feedback, f));
	if (f->asked)
		consultation_add(rq, f->asked, json_object_get(view, "questions"), view);
	rs->status = f->status;
	rs->private_ = rs->goes_back = f->sent;
	return page_render(rq, rs, "feedback.html", TAKE(view));
}

/* `asked`: the page's consultation, or NULL; takes ownership. */
static enum err show_empty(struct request *rq, struct response *rs, json_t *asked)
{
	__attribute__((cleanup(form_done))) struct form f = {
		.text = mem_text(""),
		.name = mem_text(""),
		.email = mem_text(""),
		.lang = rq->lang,
		.errors = json_array(),
		.asked = asked,
	};

	return show(rq, rs, &f);
}

enum err page_feedback(struct request *rq, struct response *rs)
{
	return show_empty(rq, rs, NULL);
}

/* The system was retired before the last day and nothing was answered: that ended it too. */
static bool has_ended(const json_t *system, const json_t *asked)
{
	char day[DAY_TEXT];
	int64_t since;

	if (strcmp(json_str(system, "state"), "retired") != 0 ||
		!json_is_null(json_object_get(asked, "closed_entry")) ||
		time_parse(json_str(system, "since"), &since) != OK)
		return false;
	zone_day(since, 0, day);
	return strcmp(day, json_str(asked, "closes")) <= 0;
}

/* The latest consultation on the system; ERR_NOT_FOUND if there never was one. */
static enum err find_asked(const struct request *rq, json_t **out)
{
	json_auto_t *list = NULL, *system = NULL;

	TRY(query_system(rq->snap, request_path(rq, "slug"), &system));
	TRY(consultation_list(rq->snap, request_path(rq, "slug"), &list));
	ENSURE(json_array_size(list) > 0, ERR_NOT_FOUND,
		"the public was not asked about this system");
	*out = json_incref(json_array_get(list, 0));
	json_put(*out, "ended", json_boolean(has_ended(system, *out)));
	return OK;
}

enum err page_consultation(struct request *rq, struct response *rs)
{
	json_t *asked;

	TRY(find_asked(rq, &asked));
	return show_empty(rq, rs, asked);
}

static enum err see(const struct request *rq, struct response *rs, const char *receipt)
{
	rs->status = 303;
	rs->private_ = true;
	rs->location = mem_printf("/%s/feedback/%s", rq->lang, receipt);
	return OK;
}

/* "feedback_busy" and so on; a clock that jumped is a longer problem. */
static char *key_of(const struct request *rq, enum err e)
{
	if (e == ERR_CONFLICT) /* the consultation ended meanwhile */
		return mem_text("consultation_no_more");
	return e == ERR_BUSY && reg_clock_jump(rq->site->reg)
	               ? mem_text("feedback_clock")
	               : mem_printf("feedback_%s", err_kind(e)->name);
}

/* Errors that only sending reveals; the form shows them and keeps its values. */
static bool is_told_in_form(enum err e)
{
	return e == ERR_INVALID || e == ERR_LIMITED || e == ERR_BUSY || e == ERR_FULL ||
	       e == ERR_TOO_LARGE || e == ERR_CONFLICT;
}

/* `asked` as in show_empty(). */
static enum err given(struct request *rq, struct response *rs, json_t *asked)
{
	const char *trap = request_form(rq, "leave_empty");
	__attribute__((cleanup(form_done))) struct form f = form_read(rq);
	struct question q;
	enum err e;

	f.asked = asked;
	/* Spam programs fill in this field, but so may autofill, whose user must not lose the
	 * text. */
	if (trap && *trap)
		refuse(rq, &f, 400, "text", "feedback_trap_filled", json_object());
	if (asked && !is_open(rq, asked))
		refuse(rq, &f, 409, "asked", "consultation_no_more", json_object());
	form_check(rq, &f);
	if (f.status || request_form(rq, "in_language")) /* the button for another language */
		return show(rq, rs, &f);
	q = (struct question){system_of(rq), f.text, f.name, f.email, f.lang,
		asked ? json_num(asked, "entry") : -1, f.once, "", false};
	e = submit_question(rq, &q);
	if (is_told_in_form(e) && rq->snap) {
		AUTOFREE char *key = q.kept ? mem_text("feedback_kept") : key_of(rq, e);

		refuse(rq, &f, err_kind(e)->http, "text", key,
			json_make("{s:o}", "receipt",
				json_sprintf(
					"%s/%s/feedback/%s", rq->site->base, rq->lang, q.receipt)));
		return show(rq, rs, &f);
	}
	return e ? e : see(rq, rs, q.receipt);
}

enum err page_feedback_given(struct request *rq, struct response *rs)
{
	return given(rq, rs, NULL);
}

enum err page_consultation_given(struct request *rq, struct response *rs)
{
	json_t *asked;

	TRY(find_asked(rq, &asked));
	return given(rq, rs, asked);
}
