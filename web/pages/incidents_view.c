#include "web/pages/incidents_view.h"

#include "registry/event/incident.h"
#include "web/view/parts.h"
#include "web/view/view.h"

static json_t *severity_view(const struct request *rq, const char *severity)
{
	AUTOFREE char *key = mem_printf("severity_%s", severity);

	return severity ? json_text(message(rq, key)) : json_null();
}

static json_t *held_view(const struct request *rq, const json_t *incident)
{
	const char *ground = json_str(incident, "ground");
	AUTOFREE char *title = mem_printf("ground_%s", ground ? ground : "");
	AUTOFREE char *basis = mem_printf("ground_%s_basis", ground ? ground : "");

	if (!json_is_true(json_object_get(incident, "held")))
		return json_null();
	return json_make("{s:o, s:s, s:s}", "public_on",
		view_date(rq, json_str(incident, "public_on")), "ground", message(rq, title),
		"basis", message(rq, basis));
}

static json_t *day_view(const struct request *rq, const json_t *of, const char *member)
{
	return json_str(of, member) ? view_date(rq, json_str(of, member)) : json_null();
}

static json_t *notes_view(const struct request *rq, const json_t *notes)
{
	json_t *list = json_array();

	json_each (notes, note)
		json_push(list, json_make("{s:o, s:O, s:o, s:o, s:o, s:O}", "when",
					view_time(rq, json_str(note, "at")), "entry",
					json_object_get(note, "entry"), "text",
					view_text(rq, json_object_get(note, "text")), "severity",
					severity_view(rq, json_str(note, "severity")), "told",
					day_view(rq, note, "told_on"), "closes",
					json_object_get(note, "closes")));
	return list;
}

/* The days left for telling the authority, unless it was told. */
static json_t *due_view(const struct request *rq, const json_t *incident, const char *today)
{
	const char *due = json_str(incident, "due");

	return due && !json_str(incident, "told_on") ? part_days_left(rq, due, today) : json_null();
}

json_t *incident_law(const struct request *rq, const char *severity)
{
	const struct severity *of = severity ? severity_named(severity) : NULL;

	return of && of->days ? say(rq, "incident_due_law", json_make("{s:i}", "days", of->days))
	                      : json_null();
}

static json_t *incident_view(const struct request *rq, const json_t *incident, const char *today)
{
	const char *closed = json_str(incident, "closed_at");
	json_t *view = json_make("{s:O, s:o, s:o, s:o, s:o, s:b, s:o, s:o}", "entry",
		json_object_get(incident, "entry"), "severity",
		severity_view(rq, json_str(incident, "severity")), "since",
		day_view(rq, incident, "since"), "aware", day_view(rq, incident, "aware"), "when",
		view_time(rq, json_str(incident, "at")), "open", !closed, "closed",
		closed ? view_time(rq, closed) : json_null(), "held", held_view(rq, incident));

	json_put(view, "what", view_text(rq, json_object_get(incident, "what")));
	json_put(view, "affected", view_text(rq, json_object_get(incident, "affected")));
	json_put(view, "done", view_text(rq, json_object_get(incident, "done")));
	json_put(view, "due", due_view(rq, incident, today));
	json_put(view, "law", incident_law(rq, json_str(incident, "severity")));
	json_put(view, "told", day_view(rq, incident, "told_on"));
	json_put(view, "name", view_text(rq, json_object_get(incident, "name")));
	json_put(view, "slug", json_text(json_str(incident, "system")));
	json_put(view, "notes", notes_view(rq, json_object_get(incident, "notes")));
	return view;
}

json_t *incidents_view(const struct request *rq, const json_t *incidents, const char *today)
{
	json_t *list = json_array();

	json_each (incidents, one)
		json_push(list, incident_view(rq, one, today));
	return list;
}
