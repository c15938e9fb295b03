#include "web/office/judged_view.h"

#include "registry/query/query.h"
#include "web/view/parts.h"
#include "web/view/policy_kept.h"
#include "web/view/view.h"

#include <string.h>

/* The member of a list whose `key` is `name`, or NULL. */
static bool is_met(const json_t *duty)
{
	return json_is_true(json_object_get(duty, "met"));
}

static json_t *missing_view(const struct judged *j, const json_t *duty)
{
	json_t *list = json_array();

	json_each (json_object_get(duty, "missing"), name) {
		const char *field = json_string_value(name);
		const struct field *f = field ? standard_field(j->rq->standard, field) : NULL;
		AUTOFREE char *href = f ? j->place(j->where, f->name) : NULL;

		if (f)
			json_push(
				list, json_make("{s:s?, s:o}", "href", href, "label",
					      view_text(j->rq, json_object_get(f->json, "label"))));
	}
	return list;
}

/* `old`: the published version's duty; NULL: that does not owe it. */
static json_t *unmet_one(const struct judged *j, const json_t *duty, const json_t *old)
{
	const struct request *rq = j->rq;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	return json_make("{s:o, s:o, s:o, s:o, s:b, s:b}", "text",
		view_text(rq, json_object_get(duty, "text")), "basis",
		part_basis(rq, json_str(duty, "basis")), "missing", missing_view(j, duty), "due",
		part_days_left(rq, json_str(duty, "due"), today), "added", j->before && !old,
		"broken", is_met(old));
}

static json_t *unmet_view(const struct judged *j, const json_t *one, const json_t *old)
{
	json_t *list = json_array();

	json_each (json_object_get(one, "duties"), duty)
		if (!is_met(duty))
			json_push(list, unmet_one(j, duty,
						json_find(json_object_get(old, "duties"), "id",
							json_str(duty, "id"))));
	return list;
}

/* Adds duties that are met and new, those that were not met before, and those that are no longer
 * owed. */
static void add_other(const struct judged *j, const json_t *one, const json_t *old, json_t *view)
{
	const json_t *is = json_object_get(one, "duties"), *was = json_object_get(old, "duties");
	json_t *added = json_array(), *met = json_array(), *removed = json_array();

	json_each (is, duty) {
		const json_t *before = json_find(was, "id", json_str(duty, "id"));

		if (j->before && is_met(duty) && !is_met(before))
			json_push(before ? met : added,
				view_text(j->rq, json_object_get(duty, "text")));
	}
	json_each (was, duty)
		if (!json_find(is, "id", json_str(duty, "id")))
			json_push(removed, view_text(j->rq, json_object_get(duty, "text")));
	json_put(view, "added_met", added);
	json_put(view, "now_met", met);
	json_put(view, "removed", removed);
}

static json_t *reasons_view(const struct judged *j, const json_t *one)
{
	json_t *list = json_array();

	json_each (json_object_get(one, "reasons"), reason)
		json_push(list, json_make("{s:o, s:o}", "text",
					view_text(j->rq, json_object_get(reason, "text")), "basis",
					part_basis(j->rq, json_str(reason, "basis"))));
	return list;
}

/* The level that one policy gave, in its words; null for none. */
static json_t *level_text(const struct judged *j, const json_t *one)
{
	const struct policy *p = one ? policy_kept(j->rq, json_str(one, "sha256")) : NULL;
	const json_t *level = p ? policy_level(p, json_object_get(one, "level")) : NULL;

	return level ? view_text(j->rq, json_object_get(level, "label")) : json_null();
}

static json_t *title_of(const struct judged *j, const json_t *one)
{
	const struct policy *p = policy_kept(j->rq, json_str(one, "sha256"));

	return p ? view_text(j->rq, json_object_get(policy_questions(p), "title"))
	         : json_make("{s:s?}", "text", json_str(one, "policy"));
}

static json_t *policy_view(const struct judged *j, const json_t *one)
{
	const json_t *old = json_find(
		json_object_get(j->before, "policies"), "policy", json_str(one, "policy"));
	json_t *unmet = unmet_view(j, one, old), *level = level_text(j, one),
	       *was = old ? level_text(j, old) : json_null();
	size_t n = json_array_size(json_object_get(one, "duties")), left = json_array_size(unmet);
	json_t *view = json_make("{s:o, s:o, s:o, s:s?, s:b, s:o, s:o, s:o, s:o, s:b}", "title",
		title_of(j, one), "level", level, "was",
		json_equal(level, was) ? json_null() : json_incref(was), "risk",
		json_str(one, "risk"), "failed", json_str(one, "failed") != NULL, "reasons",
		reasons_view(j, one), "unmet", unmet, "duties_n", view_number((int64_t)n),
		"duties_met", view_number((int64_t)(n - left)), "any_unmet", left > 0);

	json_decref(was);
	add_other(j, one, old, view);
	return view;
}

json_t *judged_view(const struct judged *j)
{
	const char *level = json_str(j->judgement, "level"), *was = json_str(j->before, "level");
	bool other = j->before && strcmp(level ? level : "", was ? was : "") != 0;
	json_t *list = json_array();

	if (!json_is_object(j->judgement)) {
		json_decref(list);
		return json_null();
	}
	json_each (json_object_get(j->judgement, "policies"), one)
		json_push(list, policy_view(j, one));
	return json_make("{s:o, s:o, s:o}", "level", part_value(j->rq, FIELD_RISK, level), "was",
		other ? part_value(j->rq, FIELD_RISK, was) : json_null(), "policies", list);
}

enum err judged_before(const struct request *rq, const char *slug, json_t **out)
{
	json_auto_t *newest = NULL, *said = NULL;
	enum err e = query_version(rq->snap, slug, 0, &newest);

	*out = NULL;
	if (e == OK)
		e = query_judgement(rq->snap, slug, json_num(newest, "n"), NULL, &said);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	*out = json_incref(json_object_get(said, "judgement"));
	return OK;
}
