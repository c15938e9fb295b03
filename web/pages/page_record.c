/* page_record.c - /{lang}/systems/{slug}: the page of one system; also an earlier version, or a day
 * in the past; also as Markdown or JSON. */
#include "base/env.h"
#include "registry/event/incident.h"
#include "registry/query/consultation.h"
#include "registry/query/desk.h"
#include "registry/query/figures.h"
#include "registry/query/incidents.h"
#include "registry/query/outdated.h"
#include "registry/query/query.h"
#include "web/pages/figures_view.h"
#include "web/pages/incidents_view.h"
#include "web/pages/judgement_view.h"
#include "web/pages/pages.h"
#include "web/pages/record_view.h"
#include "web/view/policy_kept.h"
#include "web/view/standard_kept.h"

#include <string.h>

#define DAY (24 * 60 * 60) /* seconds */

/* The content of the page: a version, and the system's state at that time. */
struct shown {
	json_t *system, *version;
	bool fixed;             /* the address names the version: nothing depends on today */
	json_t *standard;       /* the adoption whose words are used */
	json_t *state;          /* from query_as_of(); NULL: present */
	const char *as_of;      /* the requested day; NULL: present */
	char before[TIME_TEXT]; /* the end of that day */
	json_t *outdated;       /* translations, from outdated_since() */
	json_t *incidents;      /* from incidents_of(); NULL for an earlier version */
	json_t *figures;        /* from figures_of(); NULL for an earlier version */
};

static void shown_done(struct shown *s)
{
	json_decref(s->system);
	json_decref(s->version);
	json_decref(s->standard);
	json_decref(s->state);
	json_decref(s->outdated);
	json_decref(s->figures);
	json_decref(s->incidents);
}

static const json_t *now_or_then(const struct shown *s, const char *key)
{
	return json_object_get(s->state ? s->state : s->system, key);
}

static bool is_old(const struct shown *s)
{
	return json_num(s->version, "n") != json_num(s->system, "version");
}

/* "suspended" or "retired" by the office; else NULL. */
static const char *by_office(const struct shown *s)
{
	const char *state = json_string_value(now_or_then(s, "state"));

	return state && (!strcmp(state, "suspended") || !strcmp(state, "retired")) ? state : NULL;
}

/* The office's "suspended" and "retired" come first; otherwise the record's status counts. */
static json_t *status_view(const struct request *rq, const struct shown *s)
{
	const json_t *record = json_object_get(s->version, "record");
	const char *office = by_office(s);

	json_t *view =
		part_value(rq, FIELD_STATUS, office ? office : json_str(record, FIELD_STATUS));

	if (office && json_is_object(view))
		json_put(view, "entry", json_incref((json_t *)now_or_then(s, "since_entry")));
	return view;
}

static void overrule(json_t *fields, json_t *text)
{
	json_each (fields, field)
		if (!strcmp(json_str(field, "name"), FIELD_STATUS))
			json_put(field, "overruled", json_incref(text));
}

/* A record is shown as filed, even if the office decided otherwise since; the actual status then
 * appears beside the record's. */
static void status_overrule(const struct request *rq, const struct shown *s, const json_t *body)
{
	const char *office = by_office(s),
		   *filed = json_str(json_object_get(s->version, "record"), FIELD_STATUS);
	AUTOFREE char *key = mem_printf("overruled_%s", office ? office : "");
	json_t *text;

	if (!office || !filed || !strcmp(office, filed))
		return;
	text = say(rq, key, view_time(rq, json_string_value(now_or_then(s, "since"))));
	json_each (json_object_get(body, "groups"), group)
		overrule(json_object_get(group, "fields"), text);
	json_decref(text);
}

/* Since when the original of this field's text says something else, or null. For a list, the text
 * that became outdated first counts. */
static json_t *outdated_view(const struct request *rq, const struct shown *s, const char *field)
{
	const json_t *first = NULL;
	AUTOFREE char *key = NULL;
	json_t *when;

	json_each (s->outdated, one) {
		if (!strcmp(json_str(one, "field"), field) &&
			!strcmp(json_str(one, "language"), rq->lang) &&
			(!first || strcmp(json_str(one, "since"), json_str(first, "since")) < 0))
			first = one;
	}
	if (!first)
		return json_null();
	key = mem_printf("lang_%s", json_str(first, "original"));
	when = view_time(rq, json_str(first, "since"));
	json_put(when, "original", json_text(message(rq, key)));
	return say(rq, "translation_outdated", when);
}

static void mark_outdated(const struct request *rq, const struct shown *s, const json_t *fields)
{
	json_each (fields, field)
		json_put(field, "outdated", outdated_view(rq, s, json_str(field, "name")));
}

static void outdated_add(
	const struct request *rq, const struct shown *s, json_t *view, const json_t *body)
{
	json_t *name = outdated_view(rq, s, "name"),
	       *summary = outdated_view(rq, s, "description_short");

	json_put(view, "head_outdated", json_is_null(summary) ? name : summary);
	json_decref(json_is_null(summary) ? summary : name);
	mark_outdated(rq, s, json_object_get(body, "facts"));
	json_each (json_object_get(body, "groups"), group)
		mark_outdated(rq, s, json_object_get(group, "fields"));
}

/* --- since when the log has a value --- */

static const json_t *member_label(const struct field *f, const char *member)
{
	for (size_t i = 0; f->item && i < f->item->members_n; i++)
		if (strcmp(f->item->members[i].name, member) == 0)
			return json_object_get(f->item->members[i].json, "label");
	return NULL;
}

/* "Published on: claimed 10 January 2027; in the log since 2 March 2027.", with "2. " in front for
 * one of several items. */
static json_t *logged_line(const struct request *rq, const json_t *label, size_t nth,
	const char *claimed, const char *on)
{
	json_auto_t *text = say(rq, strcmp(claimed, on) < 0 ? "logged_claimed" : "logged_since",
		json_make("{s:o,s:o,s:o}", "label", view_text(rq, label), "claimed",
			view_date(rq, claimed), "on", view_date(rq, on)));
	AUTOFREE char *line = mem_printf("%zu. %s", nth, json_string_value(text));

	return nth ? json_text(line) : json_incref(text);
}

/* For each item with a claimed day: [{"text", "entry", "item": its position from 0}…] */
static json_t *logged_lines(const struct request *rq, const struct field *f, const char *claimed,
	const json_t *items, const json_t *days)
{
	json_t *list = json_array();

	json_each_at (days, i, day) {
		const json_t *item = json_is_array(items) ? json_array_get(items, i) : items;
		const char *says = json_str(item, claimed), *on = json_str(day, "on");

		if (says && on)
			json_push(list,
				json_make("{s:o,s:O,s:I}", "text",
					logged_line(rq, member_label(f, claimed),
						json_array_size(days) > 1 ? i + 1 : 0, says, on),
					"entry", json_object_get(day, "entry"), "item",
					(json_int_t)i));
	}
	return list;
}

static json_t *field_named(const json_t *body, const char *name)
{
	const json_t *lists = json_object_get(body, "groups");

	json_each (lists, group)
		json_each (json_object_get(group, "fields"), field) {
			if (strcmp(json_str(field, "name"), name) == 0)
				return field;
		}
	json_each (json_object_get(body, "facts"), field) {
		if (strcmp(json_str(field, "name"), name) == 0)
			return field;
	}
	return NULL;
}

static enum err logged_of_policy(
	const struct request *rq, const struct shown *s, const json_t *asked, const json_t *body)
{
	const json_t *record = json_object_get(s->version, "record");
	json_auto_t *days = NULL;

	TRY(query_logged_days(rq->snap, json_str(s->system, "slug"), record, asked, &days));
	json_members (asked, name, how) {
		const struct field *f = standard_field(rq->standard, name);
		json_t *field = field_named(body, name);

		if (f && field)
			json_put(field, "logged",
				logged_lines(rq, f, json_str(how, "claimed"),
					json_object_get(record, name),
					json_object_get(days, name)));
	}
	return OK;
}

/* The questions of a policy whose judgement this page shows. */
static const json_t *logged_asked(const struct request *rq, const json_t *one)
{
	const struct policy *policy = policy_kept(rq, json_str(one, "sha256"));

	return policy ? policy_logged(policy) : NULL;
}

/* A claimed day, and the day since which the log has it, which counts for the judgement. */
static enum err logged_add(
	const struct request *rq, const struct shown *s, const json_t *said, const json_t *body)
{
	const json_t *policies = json_object_get(json_object_get(said, "judgement"), "policies");

	json_each (policies, one) {
		const json_t *asked = logged_asked(rq, one);

		if (asked && body)
			TRY(logged_of_policy(rq, s, asked, body));
	}
	return OK;
}

/* {policy: {field: items}…}: the values that programs received in place of the record's, so that
 * everybody can run them again. */
static enum err given_of(
	const struct request *rq, const struct shown *s, const json_t *said, json_t **out)
{
	const json_t *policies = json_object_get(json_object_get(said, "judgement"), "policies");
	json_auto_t *given = json_object();

	json_each (policies, one) {
		const json_t *asked = logged_asked(rq, one);
		json_t *fields;

		if (!asked)
			continue;
		TRY(query_logged_fields(rq->snap, json_str(s->system, "slug"),
			json_object_get(s->version, "record"), asked, &fields));
		json_put(given, json_str(one, "policy"), fields);
	}
	*out = TAKE(given);
	return OK;
}

static json_t *successor_view(const struct request *rq, const char *slug)
{
	json_t *system = NULL, *card;

	if (!slug || query_system(rq->snap, slug, &system))
		return json_null();
	card = part_card(rq, system);
	json_decref(system);
	return card;
}

/* The notice at the top of a system that the office took out of use, or null. */
static json_t *notice_view(const struct request *rq, const struct shown *s)
{
	const char *state = json_string_value(now_or_then(s, "state"));
	bool retired = state && !strcmp(state, "retired");
	json_t *view;

	if (!retired && (!state || strcmp(state, "suspended")))
		return json_null();
	view = json_object();
	json_put(view, "retired", json_boolean(retired));
	json_put(view, "text",
		json_text(message(rq, retired ? "notice_retired" : "notice_suspended")));
	json_put(view, "reason", view_text(rq, now_or_then(s, "reason")));
	json_put(view, "since", view_time(rq, json_string_value(now_or_then(s, "since"))));
	json_put(view, "successor",
		successor_view(rq, retired ? json_str(s->system, "successor") : NULL));
	return view;
}

/* The newest open incident that must be reported to an authority, for the top of the page; or null.
 */
static json_t *open_incident(const struct request *rq, const json_t *incidents)
{
	json_each (incidents, one) {
		const struct severity *severity = severity_named(json_str(one, "severity"));
		AUTOFREE char *key = mem_printf("severity_%s", severity ? severity->name : "");

		if (severity && severity->days && !json_str(one, "closed_at"))
			return json_make("{s:O, s:s, s:o}", "entry", json_object_get(one, "entry"),
				"severity", message(rq, key), "since",
				view_date(rq, json_str(one, "since")));
	}
	return json_null();
}

/* The approvals before the publication, if the rules required two. */
static json_t *approvals_view(const struct request *rq, int64_t filing)
{
	json_auto_t *rows = NULL;
	json_t *list = json_array();

	if (desk_approvals(rq->snap, filing, &rows) != OK)
		return list;
	json_each (rows, row) {
		json_put(row, "by", json_text("office"));
		json_push(list, json_make("{s:O,s:o}", "entry", json_object_get(row, "entry"),
					"decided", part_decided(rq, row)));
	}
	return list;
}

static json_t *version_view(const struct request *rq, const struct shown *s)
{
	json_t *view = json_object();
	int64_t n = json_num(s->version, "n");

	json_put(view, "n", json_integer(n));
	json_put(view, "when", view_time(rq, json_str(s->version, "at")));
	json_put(view, "entry", json_integer(json_num(s->version, "entry")));
	json_put(view, "filing", json_integer(json_num(s->version, "filing")));
	json_put(view, "sha256", json_text(json_str(s->version, "sha256")));
	json_put(view, "decided", part_decided(rq, s->version));
	json_put(view, "approvals", approvals_view(rq, json_num(s->version, "filing")));
	json_put(view, "sooner",
		json_str(s->version, "review_by") ? view_date(rq, json_str(s->version, "review_by"))
						  : json_null());
	json_put(view, "signed", json_boolean(json_is_true(json_object_get(s->version, "signed"))));
	json_put(view, "granted", json_incref(json_object_get(s->version, "key_entry")));
	json_put(view, "standard", json_incref(s->standard));
	json_put(view, "first", json_boolean(n == 1));
	return view;
}

static json_t *erased_view(const struct request *rq, const struct shown *s)
{
	const json_t *erased = json_object_get(s->version, "erased");

	if (!json_is_object(erased))
		return json_null();
	return json_make("{s:I, s:o}", "entry", (json_int_t)json_num(erased, "entry"), "reason",
		view_text(rq, json_object_get(erased, "reason")));
}

static json_t *name_view(const struct request *rq, const struct shown *s)
{
	const json_t *record = json_object_get(s->version, "record");
	json_t *name = view_text(rq, json_object_get(record, "name"));

	if (!json_is_null(name))
		return name;
	json_decref(name);
	name = view_text(rq, json_object_get(s->system, "name"));
	if (!json_is_null(name))
		return name;
	json_decref(name);
	return view_text(rq, json_object_get(s->system, "slug"));
}

/* How many questions on this system are public; null for none, or if unknown. */
static json_t *questions_n(const struct request *rq, const struct shown *s)
{
	json_t *counts = NULL;
	int64_t n = 0;

	if (!s->as_of && !query_feedback_counts(rq->snap, json_str(s->system, "slug"), &counts))
		n = json_num(counts, "published");
	json_decref(counts);
	return n ? view_number(n) : json_null();
}

/* Does the record say that a machine translated the text that is shown? */
static bool by_machine(
	const struct request *rq, const json_t *record, const char *field, const json_t *text)
{
	const char *lang = json_str(text, "lang");

	return lang &&
	       standard_translation(rq->standard, record, field, lang) == TRANSLATION_MACHINE;
}

/* The entry that gave the department its present name. */
static json_t *department_entry(const struct request *rq, const char *slug)
{
	json_auto_t *department = NULL;

	if (!slug || query_department(rq->snap, slug, &department) != OK)
		return json_null();
	return json_incref(json_object_get(department, "entry"));
}

static void head_add(const struct request *rq, const struct shown *s, json_t *view)
{
	const json_t *record = json_object_get(s->version, "record");
	const char *department = json_str(s->version, "department");
	AUTOFREE char *department_name = part_department(rq, department ? department : "");
	json_t *name = name_view(rq, s),
	       *summary = view_text(rq, json_object_get(record, "description_short"));

	json_put(view, "title", json_text(json_str(name, "text")));
	json_put(view, "description", json_text(json_str(summary, "text")));
	json_put(view, "head_by_machine",
		json_boolean(by_machine(rq, record, "name", name) ||
			     by_machine(rq, record, "description_short", summary)));
	json_put(view, "name", name);
	json_put(view, "summary", summary);
	json_put(view, "slug", json_text(json_str(s->system, "slug")));
	json_put(view, "status", status_view(rq, s));
	json_put(view, "risk", part_value(rq, FIELD_RISK, json_str(record, FIELD_RISK)));
	json_put(view, "department", json_text(department));
	json_put(view, "department_entry", department_entry(rq, department));
	json_put(view, "department_name", json_text(department_name));
}

/* The latest public consultation: {"open": not answered yet, "closes"}; null for none. */
static json_t *consultation_view(const struct request *rq, const struct shown *s)
{
	json_auto_t *list = NULL;
	const json_t *latest;

	if (s->as_of || consultation_list(rq->snap, json_str(s->system, "slug"), &list) != OK ||
		!json_array_size(list))
		return json_null();
	latest = json_array_get(list, 0);
	return json_make("{s:b,s:o}", "open",
		json_is_null(json_object_get(latest, "closed_entry")) &&
			strcmp(json_str(s->system, "state"), "retired") != 0,
		"closes", view_date(rq, json_str(latest, "closes")));
}

/* The last breadcrumb of a page other than the system's newest; null: the page's title. */
static json_t *crumb_of(const struct request *rq, const struct shown *s)
{
	if (s->as_of)
		return say(rq, "crumb_as_of", json_make("{s:o}", "day", view_date(rq, s->as_of)));
	return is_old(s) ? say(rq, "crumb_version",
				   json_make("{s:I}", "n", json_num(s->version, "n")))
	                 : json_null();
}

static void feed_add(const struct request *rq, const struct shown *s, json_t *view)
{
	AUTOFREE char *about = mem_printf("/systems/%s", json_str(s->system, "slug"));

	part_feed(rq, view, about, json_str(view, "title"));
}

static json_t *page_view(const struct request *rq, const struct shown *s)
{
	json_t *view = json_object();
	bool old = is_old(s);
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	head_add(rq, s, view);
	json_put(view, "version", version_view(rq, s));
	json_put(view, "newest", json_integer(json_num(s->system, "version")));
	json_put(view, "old", json_boolean(old && !s->as_of));
	json_put(view, "as_of", s->as_of ? view_date(rq, s->as_of) : json_null());
	json_put(view, "private", json_boolean(old || s->as_of));
	json_put(view, "review",
		old || s->as_of || !json_is_object(json_object_get(s->version, "record"))
			? json_null()
			: part_review(rq, s->system));
	json_put(view, "duty",
		s->fixed || s->as_of ? json_null()
				     : part_deadline(rq, json_str(s->system, "duty_due")));
	json_put(view, "notice", old && !s->as_of ? json_null() : notice_view(rq, s));
	json_put(view, "erased", erased_view(rq, s));
	json_put(view, "source", json_text(json_str(s->system, "source")));
	json_put(view, "questions_n", questions_n(rq, s));
	json_put(view, "figures", figures_view(rq, s->figures));
	json_put(view, "incidents", incidents_view(rq, s->incidents, s->as_of ? NULL : today));
	json_put(view, "open_incident",
		old && !s->as_of ? json_null() : open_incident(rq, s->incidents));
	json_put(view, "any_incidents", json_boolean(json_array_size(s->incidents) > 0));
	json_put(view, "reports",
		json_boolean(json_array_size(s->figures) + json_array_size(s->incidents) > 0));
	json_put(view, "in_systems", json_true());
	json_put(view, "verifiable", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	json_put(view, "crumb", crumb_of(rq, s));
	if (!old && !s->as_of) {
		json_put(view, "consultation", consultation_view(rq, s));
		feed_add(rq, s, view);
	}
	if (old || s->as_of)
		view_crumb(view, json_str(view, "title"), "/%s/systems/%s", rq->lang,
			json_str(s->system, "slug"));
	return view;
}

/* The judgement to show: for the newest version the latest, for a requested day the latest before
 * its end, for an earlier version the one at its publication. */
static enum err judged(const struct request *rq, const struct shown *s, json_t **out)
{
	const char *slug = json_str(s->system, "slug");
	int64_t n = json_num(s->version, "n");

	if (is_old(s) && !s->as_of)
		return query_judgement_at(rq->snap, slug, n, json_num(s->version, "entry"), out);
	return query_judgement(rq->snap, slug, n, s->as_of ? s->before : NULL, out);
}

static json_t *why_view(const struct request *rq, const struct shown *s, json_t *found)
{
	json_auto_t *fulfilled = NULL;
	json_t *view = NULL;
	char today[DAY_TEXT];

	if (!found)
		return json_null();
	if (!s->fixed && !s->as_of &&
		query_fulfilled(rq->snap, json_str(s->system, "slug"), &fulfilled) != OK)
		fulfilled = NULL;
	part_day(rq, 0, today);
	if (is_old(s) || s->as_of)
		json_put(found, "stale", json_false()); /* only of interest today */
	if (judgement_view(rq, json_object_get(s->version, "record"), found, fulfilled,
		    json_num(s->version, "entry"),
		    s->as_of                                                       ? s->as_of
		    : s->fixed || !strcmp(json_str(s->system, "state"), "retired") ? NULL
										   : today,
		    &view) != OK)
		return json_null();
	return view;
}

/* Each policy's section shows the department's answers under its questions, so the fields need not
 * repeat them. */
static void drop_answers(const json_t *body)
{
	json_t *fields;

	json_each (json_object_get(body, "groups"), group) {
		fields = json_object_get(group, "fields");
		for (size_t k = json_array_size(fields); k-- > 0;)
			if (!strcmp(json_str(json_array_get(fields, k), "name"), "assessments"))
				json_array_remove(fields, k);
	}
}

/* Adds to the answer about risk its reason in one sentence, with a link to the rest. */
static void reason_add(const json_t *why, const json_t *body)
{
	json_each (json_object_get(body, "facts"), fact) {
		if (!strcmp(json_str(fact, "name"), FIELD_RISK))
			json_put(fact, "reason", json_incref(json_object_get(why, "reason")));
	}
}

static enum err view_make(const struct request *rq, const struct shown *s, json_t **out)
{
	const json_t *record = json_object_get(s->version, "record");
	json_auto_t *said = NULL, *body = NULL;
	json_t *view;

	if (json_is_object(record))
		TRY(record_view(rq, record, &body));
	if (judged(rq, s, &said) != OK)
		said = NULL;
	TRY(logged_add(rq, s, said, body));
	view = page_view(rq, s);
	status_overrule(rq, s, body);
	outdated_add(rq, s, view, body);
	json_put(view, "body", body ? json_incref(body) : json_null());
	json_put(view, "why", why_view(rq, s, said));
	if (json_is_object(json_object_get(view, "why"))) {
		drop_answers(body);
		reason_add(json_object_get(view, "why"), body);
	}
	*out = view;
	return OK;
}

static enum err give_markdown(struct request *rq, struct response *rs, json_t *view)
{
	const struct view *v = rq->site->view;
	enum err e;

	json_put(view, "t", view_messages(v, rq->lang));
	json_put(view, "base", json_text(rq->site->base));
	json_put(view, "lang", json_text(rq->lang));
	rs->type = "text/markdown; charset=utf-8";
	rs->body.max = 2 * MIB;
	e = view_render(v, rq->lang, "record.md", ESCAPE_MARKDOWN, view, &rs->body);
	json_decref(view);
	return e;
}

static enum err give_json(const struct request *rq, struct response *rs, const struct shown *s)
{
	json_auto_t *said = NULL;
	json_t *out, *given;

	if (judged(rq, s, &said) == OK) {
		TRY(given_of(rq, s, said, &given));
		json_put(said, "given", given);
	}
	out = json_deep_copy(s->version);
	json_put(out, "system", json_text(json_str(s->system, "slug")));
	json_put(out, "state", json_incref((json_t *)now_or_then(s, "state")));
	json_put(out, "newest", json_integer(json_num(s->system, "version")));
	json_put(out, "outdated", json_incref(s->outdated));
	json_put(out, "review_due", json_text(json_str(s->system, "review_due")));
	json_put(out, "duty_due", json_text(json_str(s->system, "duty_due")));
	if (said)
		json_put(out, "judged", json_incref(said));
	if (s->figures)
		json_put(out, "figures", json_incref(s->figures));
	if (s->incidents)
		json_put(out, "incidents", json_incref(s->incidents));
	rs->type = "application/json";
	rs->body.max = 2 * MIB;
	json_pretty(out, &rs->body);
	json_decref(out);
	return OK;
}

static enum err reports_of(const struct request *rq, struct shown *s)
{
	const char *slug = json_str(s->system, "slug"), *before = s->as_of ? s->before : NULL;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	TRY(figures_of(rq->snap, slug, before, &s->figures));
	return incidents_of(rq->snap,
		&(struct incident_filter){
			.system = slug, .before = before, .day = s->as_of ? s->as_of : today},
		&s->incidents);
}

static enum err give(struct request *rq, struct response *rs, struct shown *s)
{
	json_t *view = NULL;

	TRY(outdated_since(rq->snap, rq->standard, json_str(s->system, "slug"),
		json_num(s->version, "n"), NULL, &s->outdated));
	if (!s->fixed)
		TRY(reports_of(rq, s));
	if (!strcmp(rq->extension, "json"))
		return give_json(rq, rs, s);
	TRY(view_make(rq, s, &view));
	if (!strcmp(rq->extension, "md"))
		return give_markdown(rq, rs, view);
	return page_render(rq, rs, "record.html", view);
}

static enum err state_on(
	struct request *rq, const char *slug, const char *day, char before[TIME_TEXT], json_t **out)
{
	int64_t end = 0;

	ENSURE(!time_day_end(day, &end), ERR_INVALID, "%s", message(rq, "error_day"));
	ENSURE(end - DAY <= site_now(rq->site), ERR_INVALID, "%s",
		message(rq, "error_day_to_come"));
	time_text(end, before);
	return query_as_of(rq->snap, slug, before, out);
}

/* The requested day is before the first publication. */
static enum err not_yet(struct request *rq, struct response *rs, const struct shown *s)
{
	json_t *view = json_object(), *name = view_text(rq, json_object_get(s->system, "name"));

	rs->status = 404;
	json_put(view, "status", json_integer(404));
	json_put(view, "title", json_text(message(rq, "error_not_yet")));
	json_put(view, "text",
		say(rq, "error_not_yet_text",
			json_make("{s:o, s:o}", "name", json_incref(name), "day",
				view_date(rq, s->as_of))));
	json_put(view, "private", json_true());
	view_crumb(view, message(rq, "nav_systems"), "/%s/systems", rq->lang);
	view_crumb(view, json_str(name, "text"), "/%s/systems/%s", rq->lang,
		json_str(s->system, "slug"));
	json_decref(name);
	return page_render(rq, rs, "error.html", view);
}

/* Chooses the policies whose words are used, those of the version's publication, and the standard:
 * for a version that of its publication, for a day that of the day, otherwise the present one. */
static enum err speak(struct request *rq, struct shown *s, bool is_version)
{
	if (is_version)
		TRY(query_standard(rq->snap, json_num(s->version, "standard"), &s->standard));
	else
		TRY(query_standard_on(rq->snap, s->as_of ? s->before : NULL, &s->standard));
	rq->words_before = json_num(s->version, "entry");
	return standard_kept(rq, json_num(s->standard, "version"), &rq->standard);
}

enum err page_record(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug"), *day = request_query(rq, "as-of");
	__attribute__((cleanup(shown_done))) struct shown s = {.as_of = day};
	enum err e;

	TRY(query_system(rq->snap, slug, &s.system));
	e = day ? state_on(rq, slug, day, s.before, &s.state) : OK;
	if (e == ERR_NOT_FOUND)
		return not_yet(rq, rs, &s);
	TRY(e);
	TRY(query_version(rq->snap, slug, s.state ? json_num(s.state, "version") : 0, &s.version));
	TRY(speak(rq, &s, false));
	return give(rq, rs, &s);
}

enum err page_version(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug");
	int64_t n = request_number(rq, "n");
	__attribute__((cleanup(shown_done))) struct shown s = {.fixed = true};

	ENSURE(n > 0, ERR_NOT_FOUND, "no version %s", request_path(rq, "n"));
	TRY(query_system(rq->snap, slug, &s.system));
	TRY(query_version(rq->snap, slug, n, &s.version));
	TRY(speak(rq, &s, true));
	return give(rq, rs, &s);
}
