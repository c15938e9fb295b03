/* page_desk.c - /{lang}/office: what waits for who is signed in. */
#include "registry/query/desk.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/incidents_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

#define SOON 30 /* days before a duty is due that it is listed here */

/* Officers see what is their department's; the office and auditors all. NULL: all. */
static const char *department_of(const struct request *rq)
{
	const struct person *p = &rq->who->person;

	return p->role & ROLES_OF_DEPARTMENT ? p->department : NULL;
}

/* How long something waits, in whole days. */
static int64_t age(const struct request *rq, const char *at)
{
	int64_t time;

	if (time_parse(at, &time) != OK)
		return 0;
	return (site_now(rq->site) - time) / 86400;
}

static json_t *item(const struct request *rq, const json_t *row)
{
	json_t *view = json_object();
	const char *slug = json_str(row, "system"), *at = json_str(row, "at");

	json_put(view, "name", office_name(rq, json_object_get(row, "name"), slug));
	json_put(view, "slug", slug ? json_text(slug) : json_null());
	json_put(view, "department_name", view_text(rq, json_object_get(row, "department_name")));
	if (at) {
		json_put(view, "when", view_time(rq, at));
		json_put(view, "age", view_number(age(rq, at)));
	}
	json_put(view, "filing", json_integer(json_num(row, "filing")));
	json_put(view, "id", json_incref(json_object_get(row, "id")));
	json_put(view, "reason", view_text(rq, json_object_get(row, "reason")));
	json_put(view, "undecided",
		json_boolean(
			json_str(row, "state") && strcmp(json_str(row, "state"), "received") == 0));
	json_put(view, "question", json_incref(json_object_get(row, "question")));
	return view;
}

/* "…" and "…_n": a list and how many are on it. Takes `rows` over. */
static void add_list(const struct request *rq, json_t *view, const char *name, json_t *rows)
{
	AUTOFREE char *count = mem_printf("%s_n", name);
	json_t *list = json_array();
	const json_t *row;
	size_t i;

	json_array_foreach (rows, i, row)
		json_push(list, item(rq, row));
	json_put(view, count, view_number((int64_t)json_array_size(list)));
	json_put(view, name, list);
	json_decref(rows);
}

static enum err add_dues(const struct request *rq, json_t *view)
{
	json_t *list = json_array();
	json_auto_t *dues = NULL;
	char today[16], before[16];
	const json_t *due;
	size_t i;

	part_day(rq, 0, today);
	part_day(rq, SOON + 1, before);
	json_put(view, "dues", list);
	TRY(query_dues(rq->snap,
		&(struct due_filter){
			.department = department_of(rq), .unmet_before = before, .limit = -1},
		&dues));
	json_array_foreach (dues, i, due)
		json_push(list, json_make("{s:o,s:s,s:o,s:o}", "name",
					view_text(rq, json_object_get(due, "name")), "slug",
					json_str(due, "slug"), "text",
					view_text(rq, json_object_get(json_object_get(due, "about"),
							      "text")),
					"due", part_days_left(rq, json_str(due, "due"), today)));
	json_put(view, "dues_n", view_number((int64_t)json_array_size(list)));
	return OK;
}

/* Those that are open: by when an authority is to be told, and when they become public. */
static enum err add_incidents(const struct request *rq, json_t *view)
{
	json_auto_t *incidents = NULL;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	TRY(incidents_of(rq->snap,
		&(struct incident_filter){
			.department = department_of(rq), .day = today, .waiting = true},
		&incidents));
	json_put(view, "incidents_n", view_number((int64_t)json_array_size(incidents)));
	json_put(view, "incidents", incidents_view(rq, incidents, today));
	return OK;
}

static enum err add_all(const struct request *rq, json_t *view)
{
	const char *department = department_of(rq);
	json_t *rows;

	json_put(view, "department_name", office_department(rq, rq->who->person.department));
	TRY(desk_filings(rq->snap, department, &rows));
	add_list(rq, view, "filings", rows);
	TRY(desk_returned(rq->snap, department, &rows));
	add_list(rq, view, "returned", rows);
	TRY(desk_questions(
		rq->snap, department, (rq->who->person.role & ROLES_OF_OFFICE) != 0, &rows));
	add_list(rq, view, "questions", rows);
	TRY(add_incidents(rq, view));
	return add_dues(rq, view);
}

enum err page_desk(struct request *rq, struct response *rs)
{
	json_t *view = json_make("{s:s,s:b}", "title", message(rq, "office_home"), "in_desk", 1);
	enum err e;

	json_put(view, "filed", json_boolean(request_query(rq, "filed") != NULL));
	e = add_all(rq, view);

	if (e != OK) {
		json_decref(view);
		return e;
	}
	return office_render(rq, rs, "office_desk.html", view);
}
