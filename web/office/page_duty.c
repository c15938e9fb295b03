/* page_duty.c - /{lang}/office/duties/{slug}/{policy}/{duty}: assigns a duty of a system to a
 * person until a day, or withdraws it. Heads do so within their department, the office for all. */
#include "registry/people/given.h"
#include "registry/query/desk.h"
#include "registry/query/work.h"
#include "registry/standard/form.h"
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

struct owed {
	struct duty_name name;
	json_t *row; /* of work_due() */
};

/* The unmet duty that the address names, if the person is responsible for its department. */
static enum err find_owed(const struct request *rq, struct owed *out)
{
	const struct person *me = &rq->who->person;
	const char *department;

	out->name = (struct duty_name){
		request_path(rq, "slug"), request_path(rq, "policy"), request_path(rq, "duty")};
	TRY(work_due(rq->snap, out->name.system, out->name.policy, out->name.duty, &out->row));
	department = json_str(out->row, "department");
	ENSURE(!(me->role & ROLES_OF_DEPARTMENT) || strcmp(department, me->department) == 0,
		ERR_DENIED, "the system \"%s\" belongs to department %s", out->name.system,
		department);
	return OK;
}

/* People of the system's department may have it and, if the office assigns it, those of the
 * office. */
static bool may_have(const struct request *rq, const struct owed *owed, const json_t *person)
{
	const char *of = json_str(person, "department");

	return !json_is_true(json_object_get(person, "dismissed")) &&
	       strcmp(json_str(person, "role"), role_name(ROLE_AUDITOR)) != 0 &&
	       (strcmp(of, json_str(owed->row, "department")) == 0 ||
		       strcmp(of, rq->who->person.department) == 0);
}

static json_t *choice(
	const struct request *rq, struct people *people, const json_t *person, const char *now)
{
	AUTOFREE char *role = mem_printf("role_%s", json_str(person, "role"));
	const char *id = json_str(person, "person");
	struct account account;

	if (people_account(people, id, &account) != OK || account.disabled)
		return NULL;
	return json_make("{s:s,s:s,s:s,s:o,s:b}", "value", id, "person", account.name, "role",
		message(rq, role), "department_name",
		rq->who->person.role & ROLES_OF_DEPARTMENT
			? json_null()
			: view_text(rq, json_object_get(person, "department_name")),
		"selected", now && strcmp(now, id) == 0);
}

static enum err add_choices(const struct request *rq, struct people *people,
	const struct owed *owed, const char *now, json_t *view)
{
	json_t *list = json_array(), *one;
	json_auto_t *persons = NULL;

	json_put(view, "choices", list);
	TRY(desk_people(rq->snap, &persons));
	json_each (persons, person) {
		one = may_have(rq, owed, person) ? choice(rq, people, person, now) : NULL;
		if (one)
			json_push(list, one);
	}
	json_put(view, "any_choices", json_boolean(json_array_size(list) > 0));
	return OK;
}

static void fill(const struct request *rq, const struct owed *owed, json_t *view)
{
	const json_t *row = owed->row, *about = json_object_get(row, "about");
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	json_put(view, "title", json_text(message(rq, "duty_page")));
	json_put(view, "in_desk", json_true());
	json_put(view, "slug", json_text(owed->name.system));
	json_put(view, "name", office_name(rq, json_object_get(row, "name"), owed->name.system));
	json_put(view, "department_name", view_text(rq, json_object_get(row, "department_name")));
	json_put(view, "text", view_text(rq, json_object_get(about, "text")));
	json_put(view, "basis", part_basis(rq, json_str(about, "basis")));
	json_put(view, "due", part_days_left(rq, json_str(row, "due"), today));
	json_put(view, "today", json_text(today));
	json_put(view, "law_day", json_text(json_str(row, "due")));
}

/* `wrong`: the input of the last failure; NULL: none. */
static enum err show(
	struct request *rq, struct response *rs, const struct owed *owed, const char *wrong)
{
	json_auto_t *view = json_object(), *given = NULL;
	struct people *people = NULL;
	const char *now, *day;
	enum err e;

	if (wrong)
		office_wrong(rq, view, wrong);
	TRY(office_people(rq, &people));
	e = given_find(people, &owed->name, &given);
	if (e != ERR_NOT_FOUND)
		TRY(e);
	now = wrong ? office_given(rq, "person") : json_str(given, "account");
	day = wrong ? office_given(rq, "day") : json_str(given, "day");
	fill(rq, owed, view);
	json_put(view, "given", json_boolean(given != NULL));
	json_put(view, "holder", json_text(json_str(given, "name")));
	json_put(view, "until", given ? view_date(rq, json_str(given, "day")) : json_null());
	json_put(view, "day", json_text(day ? day : ""));
	TRY(add_choices(rq, people, owed, now, view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	view_crumb(view, message(rq, "desk_duties"), "/%s/office/lists/duties", rq->lang);
	return office_render(rq, rs, "office_duty.html", TAKE(view));
}

enum err page_duty(struct request *rq, struct response *rs)
{
	struct owed owed = {.row = NULL};
	enum err e = find_owed(rq, &owed);

	if (e == OK)
		e = show(rq, rs, &owed, NULL);
	json_decref(owed.row);
	return e;
}

/* --- acting --- */

static enum err check_person(const struct request *rq, const struct owed *owed, const char *id)
{
	json_auto_t *persons = NULL;

	TRY(desk_people(rq->snap, &persons));
	json_each (persons, person)
		if (strcmp(json_str(person, "person"), id) == 0 && may_have(rq, owed, person))
			return OK;
	return fail(ERR_INVALID, "choose a person of the department");
}

static enum err give(
	const struct request *rq, struct people *people, const struct owed *owed, const char **at)
{
	const char *person = office_given(rq, *at = "person"), *day = office_given(rq, "day");
	char today[DAY_TEXT];

	TRY(check_person(rq, owed, person));
	*at = "day";
	part_day(rq, 0, today);
	ENSURE(!form_is_date(day) || strcmp(day, today) >= 0, ERR_INVALID,
		"the day is over: choose today or a day to come");
	return given_set(people, &owed->name, person, day, rq->who->session.account.id);
}

static enum err change(struct request *rq, struct response *rs, const struct owed *owed)
{
	struct people *people = NULL;
	const char *at = "person";
	enum err e;

	TRY(office_people(rq, &people));
	e = strcmp(office_given(rq, "do"), "take") == 0 ? given_take(people, &owed->name)
	                                                : give(rq, people, owed, &at);
	if (e == OK) {
		office_go(rs, "/%s/office/lists/duties", rq->lang);
		return OK;
	}
	if (e != ERR_INVALID && e != ERR_NOT_FOUND)
		return e;
	rs->status = err_kind(e)->http;
	return show(rq, rs, owed, at);
}

enum err page_duty_given(struct request *rq, struct response *rs)
{
	struct owed owed = {.row = NULL};
	enum err e = find_owed(rq, &owed);

	if (e == OK)
		e = change(rq, rs, &owed);
	json_decref(owed.row);
	return e;
}
