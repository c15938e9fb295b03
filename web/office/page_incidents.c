/* page_incidents.c - /{lang}/office/reports/{slug}/incidents: reports incidents of a system, adds
 * notes, and closes them. As with figures, the page shows a preview, which is then signed. */
#include "registry/event/incident.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "registry/standard/form.h"
#include "web/office/reports.h"
#include "web/office/text_inputs.h"
#include "web/pages/incidents_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

static const char *const acts[] = {"incident", "incident-update", "incident-close"};

/* Members of the entry, and texts of its content, for each act. */
static const char *const members_named[] = {
	"since", "aware", "severity", "public_on", "ground", "incident", "told_on"};
static const char *const texts[] = {"what", "affected", "done", "text"};

static json_t *content_of(const struct request *rq)
{
	json_t *content = json_object();

	for (size_t i = 0; i < COUNT(texts); i++) {
		json_t *said = text_inputs_given(rq, texts[i]);

		if (json_object_size(said))
			json_put(content, texts[i], said);
		else
			json_decref(said);
	}
	return content;
}

static json_t *members_of(const struct request *rq)
{
	json_t *out = json_object();

	for (size_t i = 0; i < COUNT(members_named); i++) {
		const char *given = office_given(rq, members_named[i]);

		if (!*given)
			continue;
		json_put(out, members_named[i],
			strcmp(members_named[i], "incident") == 0
				? json_integer(strtoll(given, NULL, 10))
				: json_text(given));
	}
	return out;
}

/* --- the page --- */

static const char *act_of(const struct request *rq)
{
	for (size_t i = 0; i < COUNT(acts); i++)
		if (strcmp(acts[i], office_given(rq, "do")) == 0)
			return acts[i];
	return acts[0];
}

static json_t *choices(
	const struct request *rq, const char *what, const char *const *names, const char *chosen)
{
	json_t *list = json_array();

	for (size_t i = 0; names[i]; i++) {
		AUTOFREE char *key = mem_printf("%s_%s", what, names[i]);

		json_push(
			list, json_make("{s:s, s:s, s:b}", "value", names[i], "text",
				      message(rq, key), "selected", strcmp(names[i], chosen) == 0));
	}
	return list;
}

static json_t *severity_choices(const struct request *rq, const char *chosen)
{
	const char *names[8] = {0};

	for (size_t i = 0; i < severities_n; i++)
		names[i] = severities[i].name;
	return choices(rq, "severity", names, chosen);
}

static bool is_new(const struct request *rq)
{
	return strcmp(act_of(rq), acts[0]) == 0;
}

static const char *given_if(const struct request *rq, bool filled, const char *input)
{
	return filled ? office_given(rq, input) : "";
}

/* "written": the form for a new incident with the values that it sent, so that none is lost. */
static json_t *new_view(const struct request *rq)
{
	static const char *const days[] = {"since", "aware", "public_on"};
	const bool filled = is_new(rq);
	json_t *view = json_object();

	for (size_t i = 0; i < COUNT(days); i++)
		json_put(view, days[i], json_text(given_if(rq, filled, days[i])));
	json_put(view, "what",
		text_inputs(rq, &(struct text_inputs){"what", "4", .filled = filled}));
	json_put(view, "affected",
		text_inputs(rq, &(struct text_inputs){"affected", "3", .filled = filled}));
	json_put(view, "done",
		text_inputs(rq, &(struct text_inputs){"done", "3", .filled = filled}));
	json_put(view, "severities", severity_choices(rq, given_if(rq, filled, "severity")));
	json_put(view, "grounds",
		choices(rq, "ground", incident_grounds, given_if(rq, filled, "ground")));
	return view;
}

/* The id of an input of the form for a note on the incident `entry`. */
static char *note_input(const char *name, const char *entry)
{
	return mem_printf("%s-%s", name, entry);
}

/* "form" of an open incident: for a note on it, with the values that the form sent. `page` has the
 * errors, by the input's id. */
static json_t *note_view(const struct request *rq, const json_t *page, int64_t incident)
{
	static const char *const errors[] = {"text", "told_on", "severity"};
	AUTOFREE char *entry = mem_printf("%lld", (long long)incident);
	const bool filled = !is_new(rq) && strcmp(office_given(rq, "incident"), entry) == 0;
	json_t *view = json_make("{s:b, s:s, s:o, s:o}", "filled", filled, "told_on",
		given_if(rq, filled, "told_on"), "text",
		text_inputs(rq, &(struct text_inputs){"text", "3", .of = entry, .filled = filled}),
		"severities", severity_choices(rq, given_if(rq, filled, "severity")));

	for (size_t i = 0; i < COUNT(errors); i++) {
		AUTOFREE char *id = note_input(errors[i], entry);
		AUTOFREE char *error = mem_printf("%s_error", id);
		AUTOFREE char *own = mem_printf("%s_error", errors[i]);

		json_put(view, own, json_incref(json_object_get(page, error) ?: json_null()));
	}
	return view;
}

/* The office may read descriptions that are held back, but only the department reports. */
static enum err find_system(const struct request *rq, bool reports, json_t **out)
{
	return reports ? reports_system(rq, out)
	               : query_system(rq->snap, request_path(rq, "slug"), out);
}

static void put_frame(const struct request *rq, const json_t *system, bool reports, json_t *view)
{
	const char *slug = json_str(system, "slug");

	if (reports) {
		reports_frame(rq, system, "incidents_report", view);
		return;
	}
	json_put(view, "title", json_text(message(rq, "incidents_title")));
	json_put(view, "name", office_name(rq, json_object_get(system, "name"), slug));
	json_put(view, "slug", json_text(slug));
	json_put(view, "reports", json_true());
	json_put(view, "in_desk", json_true());
	json_put(view, "reads", json_true());
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "desk_incidents"), "/%s/office/lists/incidents", rq->lang);
}

static enum err show(struct request *rq, struct response *rs, json_t *mine)
{
	json_auto_t *view = mine, *system = NULL, *found = NULL;
	const bool reports = access_may(rq->who->person.role, "report");
	const char *slug = request_path(rq, "slug");
	char today[DAY_TEXT];
	json_t *incidents;

	part_day(rq, 0, today);
	TRY(find_system(rq, reports, &system));
	TRY(incidents_of(rq->snap,
		&(struct incident_filter){.system = slug, .day = today, .theirs = true}, &found));
	put_frame(rq, system, reports, view);
	incidents = incidents_view(rq, found, today);
	json_each (incidents, one)
		if (reports && json_is_true(json_object_get(one, "open")))
			json_put(one, "form", note_view(rq, view, json_num(one, "entry")));
	json_put(view, "any_incidents", json_boolean(json_array_size(incidents) > 0));
	json_put(view, "incidents", incidents);
	json_put(view, "written", reports ? new_view(rq) : json_null());
	return office_render(rq, rs, "office_incidents.html", TAKE(view));
}

enum err page_incidents(struct request *rq, struct response *rs)
{
	return show(rq, rs, json_make("{s:b}", "done", request_query(rq, "done") != NULL));
}

/* --- the form's values --- */

static const char *said(const struct request *rq, const char *input)
{
	const char *given = office_given(rq, input);

	return *given ? given : NULL;
}

/* Checks what must be present before the register's rules can apply. */
static enum err check_form(const struct request *rq, const char **at)
{
	static const struct {
		const char *name;
		bool needed;
	} days[] = {{"since", true}, {"aware", true}, {"public_on", false}, {"told_on", false}};

	for (size_t i = 0; i < COUNT(days); i++) {
		const char *given = office_given(rq, *at = days[i].name);

		ENSURE(!*given || form_is_date(given), ERR_INVALID,
			"\"%.20s\" is no day: write it as 2026-03-01", given);
		ENSURE(*given || !days[i].needed || !is_new(rq), ERR_INVALID, "the day is missing");
	}
	*at = "severity";
	ENSURE(!is_new(rq) || said(rq, "severity"), ERR_INVALID, "choose how serious it is");
	return OK;
}

static enum err check_texts_of(const struct request *rq, const json_t *content, const char **at)
{
	static const char *const needed[2][2] = {{"text", "text"}, {"what", "affected"}};

	for (size_t i = 0; i < 2; i++) {
		*at = needed[is_new(rq)][i];
		ENSURE(json_object_get(content, needed[is_new(rq)][i]), ERR_INVALID,
			"write it in one language at least");
	}
	return OK;
}

/* `*at`: the input at fault. */
static enum err check(const struct request *rq, const json_t *content, const char **at)
{
	const struct incident_said incident = {
		.since = said(rq, "since"),
		.aware = said(rq, "aware"),
		.severity = said(rq, "severity"),
		.public_on = said(rq, "public_on"),
		.ground = said(rq, "ground"),
		.told_on = said(rq, "told_on"),
		.content = content,
		.note = !is_new(rq),
	};

	TRY(check_form(rq, at));
	TRY(check_texts_of(rq, content, at));
	return incident_said_check(&incident, site_now(rq->site), at);
}

static json_t *preview(const struct request *rq, const json_t *content)
{
	json_t *list = json_array();

	json_members (content, member, value) {
		AUTOFREE char *key = mem_printf("incident_%s", member);

		json_push(list, json_make("{s:s, s:o}", "label", message(rq, key), "text",
					view_text(rq, value)));
	}
	return list;
}

static void put_fact(const struct request *rq, json_t *list, const char *label, json_t *text)
{
	if (json_string_length(text))
		json_push(list, json_make("{s:s, s:O}", "label", message(rq, label), "text", text));
	json_decref(text);
}

static json_t *day_text(const struct request *rq, const char *day)
{
	return day ? view_date(rq, day) : json_null();
}

/* Days, severity and, of a new incident, the deadline that follows from them. */
static json_t *facts(const struct request *rq)
{
	const char *severity = said(rq, "severity");
	AUTOFREE char *key = mem_printf("severity_%s", severity ? severity : "");
	json_t *list = json_array();
	char due[DAY_TEXT];

	put_fact(rq, list, "incident_since_day", day_text(rq, said(rq, "since")));
	put_fact(rq, list, "incident_aware_day", day_text(rq, said(rq, "aware")));
	if (severity)
		put_fact(rq, list, "incident_severity", json_text(message(rq, key)));
	if (severity && is_new(rq) && incident_due(severity, said(rq, "aware"), due))
		put_fact(rq, list, "incident_due_by",
			say(rq, "incident_due_counted",
				json_make("{s:o,s:o}", "due", day_text(rq, due), "law",
					incident_law(rq, severity))));
	put_fact(rq, list, "incident_told_on", day_text(rq, said(rq, "told_on")));
	return list;
}

static enum err put_preview(const struct request *rq, json_t *content, json_t *view)
{
	json_auto_t *members = members_of(rq);
	AUTO(buf) line = BUF(4 * KIB), text = BUF(256 * KIB);

	json_canonical(members, &line);
	json_canonical(content, &text);
	TRY(buf_check(&line, "the report"));
	TRY(buf_check(&text, "the report"));
	json_put(view, "act", json_text(act_of(rq)));
	json_put(view, "members", json_text(buf_text(&line)));
	json_put(view, "content", json_text(buf_text(&text)));
	json_put(view, "preview", preview(rq, content));
	json_put(view, "facts", facts(rq));
	json_put(view, "hold",
		*office_given(rq, "public_on") ? view_date(rq, office_given(rq, "public_on"))
					       : json_null());
	return OK;
}

enum err page_incident_given(struct request *rq, struct response *rs)
{
	json_auto_t *view = json_object(), *content = content_of(rq);
	const char *at = "since";
	enum err e = check(rq, content, &at);

	if (e == OK)
		e = put_preview(rq, content, view);
	if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		AUTOFREE char *id =
			is_new(rq) ? mem_text(at) : note_input(at, office_given(rq, "incident"));

		rs->status = err_kind(e)->http;
		office_wrong(rq, view, id);
		e = OK;
	}
	TRY(e);
	return show(rq, rs, TAKE(view));
}
