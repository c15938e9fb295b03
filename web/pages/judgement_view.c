#include "web/pages/judgement_view.h"

#include "registry/policy/judgement.h"
#include "registry/query/query.h"
#include "registry/standard/standard.h"
#include "web/pages/assessments_view.h"
#include "web/pages/record_view.h"
#include "web/view/parts.h"
#include "web/view/policy_kept.h"

#include <stdlib.h>
#include <string.h>

static json_t *text_or_null(const struct request *rq, const json_t *texts)
{
	return json_is_object(texts) ? view_text(rq, texts) : json_null();
}

static json_t *from_view(const struct request *rq, const json_t *item)
{
	const char *from = json_str(item, "applies_from");

	return from ? view_date(rq, from) : json_null();
}

static json_t *reasons_view(const struct request *rq, const json_t *reasons)
{
	json_t *out = json_array();

	json_each (reasons, reason)
		json_push(out,
			json_make("{s:s?, s:o, s:o, s:o, s:b}", "rule", json_str(reason, "rule"),
				"basis", part_basis(rq, json_str(reason, "basis")), "text",
				text_or_null(rq, json_object_get(reason, "text")), "from",
				from_view(rq, reason), "presumed",
				json_object_get(reason, "presumed") != NULL));
	return out;
}

/* The fields that show a duty, if the standard knows them, with their labels and anchors. */
static json_t *fields_view(
	const struct request *rq, const json_t *record, const json_t *duty, bool by_event)
{
	json_t *out = json_array();

	json_each (json_object_get(duty, "fields"), one) {
		const char *name = json_string_value(one);
		const struct field *f = name ? standard_field(rq->standard, name) : NULL;

		AUTOFREE char *anchor = f ? record_anchor(f, record) : NULL;

		if (f)
			json_push(out,
				json_make("{s:s?, s:o, s:b}", "anchor", anchor, "label",
					view_text(rq, json_object_get(f->json, "label")), "missing",
					!by_event && json_has_text(json_object_get(duty, "missing"),
							     name)));
	}
	return out;
}

/* The page and its day; NULL for a page without one. */
struct shown_on {
	const struct request *rq;
	const char *today;
	const json_t *fulfilled; /* query_fulfilled(), or NULL */
};

/* The event that fulfilled a duty which the record does not show as met, or NULL. */
static const json_t *event_of(const struct shown_on *on, const char *policy, const json_t *duty)
{
	const char *id = json_str(duty, "id");

	if (json_is_true(json_object_get(duty, "met")))
		return NULL;
	json_each (on->fulfilled, one) {
		if (id && strcmp(json_str(one, "policy"), policy) == 0 &&
			strcmp(json_str(one, "duty"), id) == 0)
			return one;
	}
	return NULL;
}

static json_t *event_view(const struct request *rq, const json_t *event)
{
	if (!event)
		return json_null();
	return json_make("{s:O,s:o}", "entry", json_object_get(event, "entry"), "date",
		view_date(rq, json_str(event, "day")));
}

static bool is_met(const struct shown_on *on, const char *policy, const json_t *duty)
{
	return json_is_true(json_object_get(duty, "met")) || event_of(on, policy, duty);
}

/* Either the duties that are met or those that are not. */
static json_t *duties_view(const struct shown_on *on, const json_t *record, const char *policy,
	const json_t *duties, bool met)
{
	const struct request *rq = on->rq;
	json_t *out = json_array();

	json_each (duties, duty) {
		if (is_met(on, policy, duty) != met)
			continue;
		json_push(out,
			json_make("{s:s?, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "id",
				json_str(duty, "id"), "basis",
				part_basis(rq, json_str(duty, "basis")), "text",
				text_or_null(rq, json_object_get(duty, "text")), "met", met,
				"fields",
				fields_view(rq, record, duty, event_of(on, policy, duty) != NULL),
				"from", from_view(rq, duty), "due",
				part_days_left(rq, json_str(duty, "due"), met ? NULL : on->today),
				"event", event_view(rq, event_of(on, policy, duty))));
	}
	return out;
}

static int64_t met_of(const struct shown_on *on, const char *policy, const json_t *duties)
{
	int64_t n = 0;

	json_each (duties, duty)
		n += is_met(on, policy, duty);
	return n;
}

/* --- the department's answers, by question --- */

static json_t *answer_view(const struct request *rq, const json_t *question, const json_t *value)
{
	AUTO(buf) text = BUF(64 * KIB);

	fact_words(rq, question, value, rq->lang, &text);
	return json_make("{s:o, s:s}", "label", view_text(rq, json_object_get(question, "label")),
		"value", buf_text(&text));
}

static json_t *facts_view(const struct request *rq, const json_t *one, const json_t *record)
{
	const json_t *facts =
		json_object_get(json_object_get(record, "assessments"), json_str(one, "policy"));
	const struct policy *policy = policy_kept(rq, json_str(one, "sha256"));
	json_auto_t *asked = NULL;
	json_t *out = json_array();

	if (!policy || !json_is_object(facts))
		return out;
	asked = policy_asked(policy, facts);
	json_each (json_object_get(policy_questions(policy), "questions"), question) {
		const json_t *value = json_object_get(asked, json_str(question, "fact"));

		if (value)
			json_push(out, answer_view(rq, question, value));
	}
	return out;
}

/* --- one policy, all of them --- */

bool judgement_grades(const json_t *levels)
{
	const json_t *first = json_object_get(json_array_get(levels, 0), "risk");

	json_each (levels, one) {
		if (!json_equal(json_object_get(one, "risk"), first))
			return true;
	}
	return false;
}

static json_t *level_text(const struct request *rq, const json_t *about, const json_t *level)
{
	json_each (json_object_get(about, "levels"), one) {
		if (json_equal(json_object_get(one, "level"), level))
			return view_text(rq, json_object_get(one, "label"));
	}
	return json_null();
}

/* The first reason for a policy's level; {"text", "title": the policy's}. */
static json_t *reason_of(const struct request *rq, const json_t *one, const json_t *view)
{
	const json_t *level = json_object_get(one, "level"), *text = NULL;

	json_each (json_object_get(one, "reasons"), reason) {
		if (!text && json_equal(json_object_get(reason, "level"), level))
			text = json_object_get(reason, "text");
	}
	if (!json_is_object(text))
		return json_null();
	return json_make(
		"{s:o, s:O}", "text", view_text(rq, text), "title", json_object_get(view, "title"));
}

static json_t *policy_view(const struct shown_on *on, const json_t *one, const json_t *record)
{
	const struct request *rq = on->rq;
	const char *id = json_str(one, "policy");
	const json_t *duties = json_object_get(one, "duties"), *about;
	json_auto_t *policy = NULL;
	json_t *view = json_object(), *title, *facts;

	if (query_policy(rq->snap, id, json_num(one, "version"), &policy) != OK)
		policy = json_object();
	about = json_object_get(policy, "about");
	title = text_or_null(rq, json_object_get(about, "title"));
	json_put(view, "id", json_text(id));
	json_put(view, "adopted", json_integer(json_num(policy, "entry")));
	json_put(view, "title", json_text(json_str(title, "text") ? json_str(title, "text") : id));
	json_decref(title);
	json_put(view, "level", level_text(rq, about, json_object_get(one, "level")));
	json_put(view, "risk",
		judgement_grades(json_object_get(about, "levels"))
			? json_text(json_str(one, "risk"))
			: json_null());
	json_put(view, "not_binding", text_or_null(rq, json_object_get(about, "not_binding")));
	json_put(view, "reason", reason_of(rq, one, view));
	json_put(view, "failed", json_boolean(json_str(one, "failed") != NULL));
	json_put(view, "reasons", reasons_view(rq, json_object_get(one, "reasons")));
	json_put(view, "met_ones", duties_view(on, record, id, duties, true));
	json_put(view, "unmet", duties_view(on, record, id, duties, false));
	json_put(view, "any_met", json_boolean(met_of(on, id, duties) > 0));
	json_put(view, "duties_n", view_number((int64_t)json_array_size(duties)));
	json_put(view, "duties_met", view_number(met_of(on, id, duties)));
	json_put(view, "all_met",
		json_boolean(met_of(on, id, duties) == (int64_t)json_array_size(duties)));
	facts = facts_view(rq, one, record);
	json_put(view, "has_facts", json_boolean(json_array_size(facts) > 0));
	json_put(view, "facts", facts);
	return view;
}

/* The reason for the level in one sentence: from a policy that gave exactly this level, preferring
 * the city's own rules and binding laws, then the policy that was adopted first. */
static json_t *strictest(const json_t *policies, const char *level)
{
	const json_t *found = NULL;

	json_each (policies, view) {
		const char *risk = json_str(view, "risk");

		if (!level || !risk || strcmp(risk, level) ||
			json_is_null(json_object_get(view, "reason")))
			continue;
		if (!found || (!json_is_null(json_object_get(found, "not_binding")) &&
				      json_is_null(json_object_get(view, "not_binding"))))
			found = view;
	}
	return found ? json_incref(json_object_get(found, "reason")) : json_null();
}

/* The order of adoption: the city's own rules first, if it adopted them first. */
static void put_in_order(json_t *policies, json_t *view)
{
	size_t i = 0;

	while (i < json_array_size(policies) &&
		json_num(json_array_get(policies, i), "adopted") <= json_num(view, "adopted"))
		i++;
	if (json_array_insert_new(policies, i, view) != 0)
		abort();
}

enum err judgement_view(const struct request *rq, const json_t *record, const json_t *judged,
	const json_t *fulfilled, int64_t published_entry, const char *today, json_t **out)
{
	const struct shown_on on = {rq, today, fulfilled};
	const json_t *judgement = json_object_get(judged, "judgement");
	const char *level = json_str(judgement, "level"), *risk = json_str(record, FIELD_RISK);
	int64_t entry = json_num(judged, "entry");
	json_t *view = json_object(), *policies = json_array();

	json_each (json_object_get(judgement, "policies"), one)
		put_in_order(policies, policy_view(&on, one, record));
	json_put(view, "level", part_value(rq, FIELD_RISK, level));
	json_put(view, "published", part_value(rq, FIELD_RISK, risk));
	json_put(view, "reason",
		level && risk_rank(risk) == risk_rank(level) ? strictest(policies, level)
							     : json_null());
	json_put(view, "laxer", json_boolean(risk_rank(risk) < risk_rank(level)));
	json_put(view, "stricter", json_boolean(level && risk_rank(risk) > risk_rank(level)));
	json_put(view, "again",
		entry == published_entry
			? json_null()
			: json_make("{s:o}", "at", view_time(rq, json_str(judged, "at"))));
	json_put(view, "stale", json_boolean(json_is_true(json_object_get(judged, "stale"))));
	json_put(view, "entry", json_integer(entry));
	json_put(view, "sha256", json_text(json_str(judged, "sha256")));
	json_put(view, "policies", policies);
	*out = view;
	return OK;
}
