/* page_rules.c - /{lang}/office/rules: the city's rules for decisions, since when they hold and,
 * for those who may, a form for new ones. They are previewed, then signed (static/sign.js). */
#include "registry/event/rules.h"
#include "registry/policy/judgement.h"
#include "registry/standard/form.h"
#include "web/office/text_inputs.h"
#include "web/pages/pages.h"
#include "web/pages/rules_view.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

static const char *const kinds[] = {"two_approvals", "consultation"};

/* Was the box "two_approvals.high" ticked? */
static bool is_ticked(const struct request *rq, const char *kind, const char *level)
{
	AUTOFREE char *name = mem_printf("%s.%s", kind, level);

	return *office_given(rq, name) != '\0';
}

/* The risk levels of the standard that rules may name. */
static json_t *levels(const struct request *rq)
{
	json_auto_t *all = part_choices(rq, FIELD_RISK, NULL);
	json_t *list = json_array();

	json_each (all, one)
		if (risk_rank(json_str(one, "value")))
			json_push(list, json_incref(one));
	return list;
}

/* Check boxes as the form sent them or, without one, as the present rules set them. */
static json_t *boxes(const struct request *rq, const json_t *all, const char *kind, bool given,
	const json_t *now)
{
	json_t *list = json_array();

	json_each (all, level) {
		const char *value = json_str(level, "value");
		bool ticked = given && is_ticked(rq, kind, value);

		json_each (json_object_get(now, kind), one)
			ticked = ticked || (!given && strcmp(json_str(one, "value"), value) == 0);
		json_push(
			list, json_make("{s:s,s:s,s:O,s:b}", "kind", kind, "value", value, "label",
				      json_object_get(level, "label"), "ticked", ticked));
	}
	return list;
}

static const json_t *in_force(const json_t *rules)
{
	json_each (rules, one)
		if (json_is_true(json_object_get(one, "now")))
			return one;
	return NULL;
}

static void put_form(const struct request *rq, bool given, const json_t *rules, json_t *view)
{
	json_auto_t *all = levels(rq);
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		AUTOFREE char *name = mem_printf("%s_boxes", kinds[i]);

		json_put(view, name, boxes(rq, all, kinds[i], given, in_force(rules)));
	}
	json_put(view, "from", json_text(given ? office_given(rq, "from") : today));
	json_put(view, "today", json_text(today));
	json_put(view, "why",
		text_inputs(rq, &(struct text_inputs){"reason", "3", .filled = given}));
}

static enum err show(struct request *rq, struct response *rs, json_t *mine, bool given)
{
	json_auto_t *view = mine;
	struct people *people = NULL;
	json_t *rules;

	TRY(office_people(rq, &people));
	TRY(rules_view(rq, &rules));
	json_put(view, "rules", rules);
	json_put(view, "any_rules", json_boolean(json_array_size(rules) > 0));
	json_put(view, "may", json_boolean(access_may(rq->who->person.role, "register.rules")));
	json_put(view, "fresh", json_boolean(people_is_fresh(people, &rq->who->session)));
	json_put(view, "title", json_text(message(rq, "rules_page")));
	json_put(view, "in_rules", json_true());
	json_put(view, "signing", json_true());
	put_form(rq, given, rules, view);
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_rules.html", TAKE(view));
}

enum err page_rules(struct request *rq, struct response *rs)
{
	return show(rq, rs, json_object(), false);
}

/* --- new rules --- */

static json_t *content_of(const struct request *rq)
{
	json_auto_t *all = levels(rq);
	json_t *content = json_object(), *reason = text_inputs_given(rq, "reason");

	for (size_t k = 0; k < COUNT(kinds); k++) {
		json_t *list = json_array();

		json_each (all, level)
			if (is_ticked(rq, kinds[k], json_str(level, "value")))
				json_push(list, json_incref(json_object_get(level, "value")));
		json_put(content, kinds[k], list);
	}
	if (json_object_size(reason))
		json_put(content, "reason", reason);
	else
		json_decref(reason);
	return content;
}

static enum err check_from(const struct request *rq)
{
	const char *from = office_given(rq, "from");
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	ENSURE(form_is_date(from), ERR_INVALID, "\"%.20s\" is no day: write it as 2026-03-01",
		from);
	ENSURE(strcmp(from, today) >= 0, ERR_INVALID,
		"rules hold from a day that is not over: %s or later, not from %s", today, from);
	return OK;
}

static enum err put_preview(const struct request *rq, json_t *view)
{
	const char *from = office_given(rq, "from");
	json_auto_t *content = content_of(rq), *members = json_make("{s:s}", "from", from);
	json_t *preview = json_make("{s:o,s:o}", "from", view_date(rq, from), "reason",
		view_text(rq, json_object_get(content, "reason")));
	AUTO(buf) line = BUF(KIB), text = BUF(RULES_MAX);

	rules_view_levels(rq, content, preview);
	json_put(view, "preview", preview);
	json_canonical(members, &line);
	json_canonical(content, &text);
	TRY(buf_check(&line, "the rules"));
	TRY(buf_check(&text, "the rules"));
	json_put(view, "members", json_text(buf_text(&line)));
	json_put(view, "content", json_text(buf_text(&text)));
	return OK;
}

enum err page_rules_given(struct request *rq, struct response *rs)
{
	json_auto_t *view = json_object();
	enum err e = check_from(rq);
	const char *at = "from";

	if (e == OK) {
		at = "reason";
		e = put_preview(rq, view);
	}
	if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		rs->status = err_kind(e)->http;
		office_wrong(rq, view, at);
		e = OK;
	}
	TRY(e);
	return show(rq, rs, TAKE(view), true);
}
