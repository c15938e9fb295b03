/* page_incidents.c - /{lang}/office/reports/{slug}/incidents: incidents of a system, to report one,
 * to say what came of it, and to close it. As with figures, what was written is shown first as it
 * will be read, and signed then. */
#include "base/env.h"
#include "base/languages.h"
#include "base/text.h"
#include "registry/event/incident.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "registry/standard/form.h"
#include "web/office/office.h"
#include "web/pages/incidents_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

static const char *const acts[] = {"incident", "incident-update", "incident-close"};

/* Members of the entry, and texts of its content, by act. */
static const char *const members[] = {
	"since", "aware", "severity", "public_on", "ground", "incident", "told_on"};
static const char *const texts[] = {"what", "affected", "done", "text"};

static json_t *texts_of(const struct request *rq, const char *member)
{
	json_t *out = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		AUTOFREE char *name = mem_printf("%s.%s", member, languages[i].code);
		AUTOFREE char *text = text_typed(office_given(rq, name));

		if (text_is_visible(text))
			json_put(out, languages[i].code, json_text(text));
	}
	return out;
}

static json_t *content_of(const struct request *rq)
{
	json_t *content = json_object();

	for (size_t i = 0; i < COUNT(texts); i++) {
		json_t *said = texts_of(rq, texts[i]);

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

	for (size_t i = 0; i < COUNT(members); i++) {
		const char *given = office_given(rq, members[i]);

		if (!*given)
			continue;
		json_put(out, members[i],
			strcmp(members[i], "incident") == 0 ? json_integer(strtoll(given, NULL, 10))
							    : json_text(given));
	}
	return out;
}

/* --- the page --- */

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

/* What the form had, so that nothing of it is lost: a name's "." is "_" here. */
static json_t *written(const struct request *rq)
{
	const char *names[8] = {0};
	json_t *view = json_object();

	for (size_t i = 0; i < severities_n; i++)
		names[i] = severities[i].name;
	for (size_t i = 0; i < COUNT(members); i++)
		json_put(view, members[i], json_text(office_given(rq, members[i])));
	for (size_t i = 0; i < COUNT(texts); i++)
		for (size_t k = 0; k < languages_n; k++) {
			AUTOFREE char *name = mem_printf("%s.%s", texts[i], languages[k].code);
			AUTOFREE char *key = mem_printf("%s_%s", texts[i], languages[k].code);

			json_put(view, key, json_text(office_given(rq, name)));
		}
	json_put(view, "severities", choices(rq, "severity", names, office_given(rq, "severity")));
	json_put(view, "grounds",
		choices(rq, "ground", incident_grounds, office_given(rq, "ground")));
	return view;
}

static enum err find_theirs(const struct request *rq, json_t **out)
{
	json_auto_t *system = NULL;

	TRY(query_system(rq->snap, request_path(rq, "slug"), &system));
	ENSURE(strcmp(json_str(system, "department"), rq->who->person.department) == 0, ERR_DENIED,
		"the system \"%s\" belongs to department %s", json_str(system, "slug"),
		json_str(system, "department"));
	*out = TAKE(system);
	return OK;
}

static enum err show(struct request *rq, struct response *rs, json_t *mine)
{
	json_auto_t *view = mine, *system = NULL, *incidents = NULL;
	const char *slug = request_path(rq, "slug");
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	TRY(find_theirs(rq, &system));
	TRY(incidents_of(rq->snap,
		&(struct incident_filter){.system = slug, .day = today, .theirs = true},
		&incidents));
	json_put(view, "title", json_text(message(rq, "incidents_report")));
	json_put(view, "name", office_name(rq, json_object_get(system, "name"), slug));
	json_put(view, "slug", json_text(slug));
	json_put(view, "in_reports", json_true());
	json_put(view, "reports", json_true());
	json_put(view, "signing", json_true());
	json_put(view, "incidents", incidents_view(rq, incidents, today));
	json_put(view, "written", written(rq));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "reports_title"), "/%s/office/reports", rq->lang);
	return office_render(rq, rs, "office_incidents.html", TAKE(view));
}

enum err page_incidents(struct request *rq, struct response *rs)
{
	return show(rq, rs, json_object());
}

/* --- what was written --- */

static const char *act_of(const struct request *rq)
{
	for (size_t i = 0; i < COUNT(acts); i++)
		if (strcmp(acts[i], office_given(rq, "do")) == 0)
			return acts[i];
	return acts[0];
}

/* What the register itself would say of it when it is signed, as far as it is no one's but the
 * writer's to mend. `*at`: the input that the error is about. */
static enum err check(const struct request *rq, const char *act, const char **at)
{
	static const char *const days[] = {"since", "aware", "public_on", "told_on"};
	bool is_new = strcmp(act, acts[0]) == 0;

	for (size_t i = 0; i < COUNT(days); i++) {
		const char *given = office_given(rq, *at = days[i]);

		ENSURE(!*given || form_is_date(given), ERR_INVALID,
			"\"%.20s\" is no day: write it as 2026-03-01", given);
		ENSURE(*given || !is_new || i > 1, ERR_INVALID, "the day is missing");
	}
	*at = "aware";
	ENSURE(!is_new || strcmp(office_given(rq, "since"), office_given(rq, "aware")) <= 0,
		ERR_INVALID, "nobody can have known of it on %s, before it began on %s",
		office_given(rq, "aware"), office_given(rq, "since"));
	*at = "severity";
	ENSURE(!is_new || severity_named(office_given(rq, "severity")), ERR_INVALID,
		"choose how serious it is");
	*at = "public_on";
	ENSURE(!*office_given(rq, "public_on") == !*office_given(rq, "ground"), ERR_INVALID,
		"what is held back needs both: the day on which it becomes public, and the ground");
	return OK;
}

static enum err check_texts_of(const json_t *content, const char *act, const char **at)
{
	static const char *const needed[2][2] = {{"what", "affected"}, {"text", "text"}};
	const size_t of = strcmp(act, acts[0]) == 0 ? 0 : 1;

	for (size_t i = 0; i < 2; i++) {
		*at = needed[of][i];
		ENSURE(json_object_get(content, needed[of][i]), ERR_INVALID,
			"write it in one language at least");
	}
	return OK;
}

static json_t *preview(const struct request *rq, const json_t *content)
{
	json_t *list = json_array();
	const char *member;
	json_t *value;

	json_object_foreach ((json_t *)content, member, value) {
		AUTOFREE char *key = mem_printf("incident_%s", member);

		json_push(list, json_make("{s:s, s:o}", "label", message(rq, key), "text",
					view_text(rq, value)));
	}
	return list;
}

static enum err put_preview(
	const struct request *rq, const char *act, json_t *content, json_t *view)
{
	json_auto_t *said = members_of(rq);
	AUTO(buf) line = BUF(4 * KIB), text = BUF(256 * KIB);

	json_canonical(said, &line);
	json_canonical(content, &text);
	TRY(buf_check(&line, "the report"));
	TRY(buf_check(&text, "the report"));
	json_put(view, "act", json_text(act));
	json_put(view, "members", json_text(buf_text(&line)));
	json_put(view, "content", json_text(buf_text(&text)));
	json_put(view, "preview", preview(rq, content));
	json_put(view, "hold",
		*office_given(rq, "public_on") ? view_date(rq, office_given(rq, "public_on"))
					       : json_null());
	return OK;
}

enum err page_incident_given(struct request *rq, struct response *rs)
{
	json_auto_t *view = json_object(), *content = content_of(rq);
	const char *act = act_of(rq), *at = "since";
	enum err e = check(rq, act, &at);

	if (e == OK)
		e = check_texts_of(content, act, &at);
	if (e == OK)
		e = put_preview(rq, act, content, view);
	if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		rs->status = err_kind(e)->http;
		office_wrong(rq, view, at);
		e = OK;
	}
	TRY(e);
	return show(rq, rs, TAKE(view));
}
