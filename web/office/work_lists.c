#include "web/office/work_lists.h"

#include "registry/people/drafts.h"
#include "registry/people/given.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "registry/query/work.h"
#include "web/office/draft_form.h"
#include "web/pages/incidents_view.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define YEAR 365
#define LATER (100 * YEAR)

/* NULL: all departments. */
static const char *department_of(const struct request *rq)
{
	const struct person *p = &rq->who->person;

	return p->role & ROLES_OF_DEPARTMENT ? p->department : NULL;
}

/* The age of an item, in whole days. */
static json_t *age_view(const struct request *rq, const char *at)
{
	int64_t time;

	if (time_parse(at, &time) != OK)
		return json_null();
	return view_number((site_now(rq->site) - time) / 86400);
}

static void put_href(const struct request *rq, json_t *task, const char *path, const char *rest)
{
	AUTOFREE char *href = mem_printf("/%s/%s%s", rq->lang, path, rest);

	json_put(task, "href", json_text(href));
}

static void put_entry_href(const struct request *rq, json_t *task, const char *path,
	const json_t *row, const char *key)
{
	char number[24];

	snprintf(number, sizeof(number), "%lld", (long long)json_num(row, key));
	put_href(rq, task, path, number);
}

static json_t *due_view(const struct request *rq, const char *due)
{
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	return part_days_left(rq, due, today);
}

/* Sets every member that office_task.html knows, so that none comes from the page around it. */
static json_t *empty_task(void)
{
	static const char *const members[] = {"title", "href", "badge", "text", "said",
		"department_name", "when", "age", "due", "due_of", "due_law", "note", "until",
		"give", "saved", "held", "holder", "since"};
	json_t *task = json_object();

	for (size_t i = 0; i < COUNT(members); i++)
		json_put(task, members[i], json_null());
	return task;
}

/* --- lists of the read model --- */

static void add_filing(const struct request *rq, const json_t *row, json_t *task)
{
	put_entry_href(rq, task, "office/filings/", row, "filing");
	json_put(task, "text", view_text(rq, json_object_get(row, "reason")));
	json_put(task, "when", view_time(rq, json_str(row, "at")));
	json_put(task, "age", age_view(rq, json_str(row, "at")));
	if (json_num(row, "approvals") > 0 && json_is_null(json_object_get(task, "text")))
		json_put(task, "badge",
			say(rq, "desk_approvals",
				json_make("{s:o}", "n", view_number(json_num(row, "approvals")))));
}

static void add_question(const struct request *rq, const json_t *row, json_t *task)
{
	const char *at = json_str(row, "at"), *state = json_str(row, "state");
	char day[DAY_TEXT];
	int64_t asked = 0;

	if (!json_str(row, "system"))
		json_put(task, "title",
			json_make("{s:s,s:b}", "text", message(rq, "feedback_general"), "foreign",
				0));
	if (strcmp(state, "received") == 0)
		json_put(task, "badge", json_text(message(rq, "desk_undecided")));
	put_href(rq, task, "office/questions/", json_str(row, "id"));
	json_put(task, "said", json_incref(json_object_get(row, "question")));
	json_put(task, "when", view_time(rq, at));
	if (time_parse(at, &asked) != OK)
		return;
	zone_day(asked, (int)query_answer_days(rq->snap), day);
	json_put(task, "due", due_view(rq, day));
}

static void put_give(const struct request *rq, const struct duty_name *duty, json_t *task)
{
	const char *const parts[] = {duty->system, duty->policy, duty->duty};
	AUTO(buf) page = BUF(4 * KIB);

	buf_printf(&page, "/%s/office/duties", rq->lang);
	for (size_t i = 0; i < COUNT(parts); i++) {
		buf_putc(&page, '/');
		view_encode(&page, parts[i]);
	}
	json_put(task, "give", json_text(buf_text(&page)));
}

/* The person it is assigned to, for readers who may see names, and the page to change that. */
static void put_given(const struct request *rq, const struct duty_name *duty, json_t *task)
{
	struct people *people = NULL;
	json_auto_t *given = NULL;

	if (access_may(rq->who->person.role, "duties"))
		put_give(rq, duty, task);
	if (rq->who->person.role == ROLE_AUDITOR || office_people(rq, &people) != OK ||
		given_find(people, duty, &given) != OK)
		return;
	json_put(task, "holder", json_text(json_str(given, "name")));
	json_put(task, "until", view_date(rq, json_str(given, "day")));
}

static void add_due(const struct request *rq, const json_t *row, json_t *task)
{
	const struct duty_name duty = {
		json_str(row, "system"), json_str(row, "policy"), json_str(row, "duty")};
	AUTOFREE char *page = mem_printf("systems/%s", duty.system);

	put_href(rq, task, page, "#why");
	json_put(task, "text",
		view_text(rq, json_object_get(json_object_get(row, "about"), "text")));
	json_put(task, "due", due_view(rq, json_str(row, "due")));
	put_given(rq, &duty, task);
}

static void add_review(const struct request *rq, const json_t *row, json_t *task)
{
	put_href(rq, task, "systems/", json_str(row, "system"));
	json_put(task, "due", due_view(rq, json_str(row, "due")));
}

static json_t *level_view(const struct request *rq, const char *level)
{
	json_auto_t *value = part_value(rq, FIELD_RISK, level);
	const char *label = json_str(json_object_get(value, "label"), "text");

	return json_text(label ? label : level ? level : "–");
}

/* "6 new duties, 1 no longer met", over all policies. */
static void say_duties(const struct request *rq, const json_t *changes, struct buf *out)
{
	static const char *const kinds[] = {"added", "now_unmet", "removed"};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		AUTOFREE char *key = mem_printf("desk_duties_%s", kinds[i]);
		AUTOFREE char *said = NULL;
		json_auto_t *number = NULL;
		size_t n = 0;

		json_each (json_object_get(changes, "policies"), policy)
			n += json_array_size(json_object_get(policy, kinds[i]));
		if (!n)
			continue;
		number = view_number((int64_t)n);
		said = view_say(rq->site->view, rq->lang, key, number);
		buf_printf(out, "%s%s", out->len ? ", " : "", said);
	}
}

static void add_judged(const struct request *rq, const json_t *row, json_t *task)
{
	AUTOFREE char *page = mem_printf("systems/%s", json_str(row, "system"));
	const char *risk = json_str(row, "risk"), *level = json_str(row, "level");
	AUTO(buf) duties = BUF(4 * KIB);

	put_href(rq, task, page, "#why");
	say_duties(rq, json_object_get(row, "changes"), &duties);
	json_put(task, "said", duties.len ? json_text(buf_text(&duties)) : json_null());
	if (level && strcmp(level, risk ? risk : "") != 0) {
		json_auto_t *levels = json_make(
			"{s:o,s:o}", "risk", level_view(rq, risk), "level", level_view(rq, level));
		AUTOFREE char *said = view_say(rq->site->view, rq->lang, "desk_levels", levels);

		json_put(task, "text", json_make("{s:s,s:b}", "text", said, "foreign", 0));
	}
	json_put(task, "when", view_time(rq, json_str(row, "at")));
	json_put(task, "age", age_view(rq, json_str(row, "at")));
}

static void add_silent(const struct request *rq, const json_t *row, json_t *task)
{
	json_auto_t *when = view_time(rq, json_str(row, "at"));
	AUTOFREE char *said = view_say(rq->site->view, rq->lang, "desk_said", when);

	json_put(task, "title", view_text(rq, json_object_get(row, "department_name")));
	json_put(task, "department_name", json_null());
	put_href(rq, task, "departments/", json_str(row, "department"));
	json_put(task, "note", json_text(said));
}

/* A published system has a name; before that, its filing has one. */
static const json_t *name_of(const json_t *row)
{
	const json_t *filed = json_object_get(row, "record");

	return json_object_get(json_is_object(filed) ? filed : row, "name");
}

static json_t *task_of(const struct request *rq, const struct work_list *l, const json_t *row)
{
	json_t *task = empty_task();
	const char *slug = json_str(row, "system");

	if (slug)
		json_put(task, "title", office_name(rq, name_of(row), slug));
	if (!department_of(rq))
		json_put(task, "department_name",
			view_text(rq, json_object_get(row, "department_name")));
	json_put(task, "cursor", json_incref(json_object_get(row, "cursor")));
	l->add(rq, row, task);
	return task;
}

static void work_filter(const struct request *rq, const struct work_list *l,
	struct work_filter *out, char before[DAY_TEXT])
{
	part_day(rq, l->from_today, before);
	*out = (struct work_filter){.department = department_of(rq),
		.before = before,
		.undecided = (rq->who->person.role & ROLES_OF_OFFICE) != 0};
}

static enum err count_work(const struct request *rq, const struct work_list *l, int64_t *out)
{
	struct work_filter f;
	char before[DAY_TEXT];

	work_filter(rq, l, &f, before);
	f.limit = WORK_COUNT_MAX;
	return work_count(rq->snap, (enum work)l->of, &f, out);
}

static enum err rows_work(const struct request *rq, const struct work_list *l, const char *after,
	int64_t limit, json_t **out)
{
	json_auto_t *rows = NULL;
	struct work_filter f;
	char before[DAY_TEXT];

	work_filter(rq, l, &f, before);
	f.after = after;
	f.limit = limit;
	TRY(work_rows(rq->snap, (enum work)l->of, &f, &rows));
	*out = json_array();
	json_each (rows, row)
		json_push(*out, task_of(rq, l, row));
	return OK;
}

/* --- incidents: a city has only a few open ones --- */

static enum err open_incidents(const struct request *rq, json_t **out)
{
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	return incidents_of(rq->snap,
		&(struct incident_filter){
			.department = department_of(rq), .day = today, .waiting = true},
		out);
}

static enum err count_incidents(const struct request *rq, const struct work_list *l, int64_t *out)
{
	json_auto_t *open = NULL;

	TRY(open_incidents(rq, &open));
	*out = (int64_t)json_array_size(open);
	return OK;
}

static json_t *incident_task(const struct request *rq, const json_t *incident)
{
	bool reports = access_may(rq->who->person.role, "held");
	AUTOFREE char *page = mem_printf(
		reports ? "office/reports/%s/incidents#incident-%lld" : "systems/%s#incident-%lld",
		json_str(incident, "slug"), (long long)json_num(incident, "entry"));
	json_t *task = empty_task();

	json_put(task, "title", json_incref(json_object_get(incident, "name")));
	json_put(task, "badge", json_incref(json_object_get(incident, "severity")));
	put_href(rq, task, page, "");
	json_put(task, "since", json_incref(json_object_get(incident, "since")));
	json_put(task, "due", json_incref(json_object_get(incident, "due")));
	json_put(task, "due_of", json_text(message(rq, "incident_due")));
	json_put(task, "due_law", json_incref(json_object_get(incident, "law")));
	json_put(task, "held", json_incref(json_object_get(incident, "held")));
	return task;
}

/* In descending order of entry: `after` is the last one shown. */
static enum err rows_incidents(const struct request *rq, const struct work_list *l,
	const char *after, int64_t limit, json_t **out)
{
	int64_t last = after ? strtoll(after, NULL, 10) : INT64_MAX;
	json_auto_t *open = NULL, *view = NULL;
	char today[DAY_TEXT];

	part_day(rq, 0, today);
	TRY(open_incidents(rq, &open));
	view = incidents_view(rq, open, today);
	*out = json_array();
	json_each (view, one) {
		AUTOFREE char *cursor = mem_printf("%lld", (long long)json_num(one, "entry"));
		json_t *task;

		if (json_num(one, "entry") >= last || (int64_t)json_array_size(*out) == limit)
			continue;
		task = incident_task(rq, one);
		json_put(task, "cursor", json_text(cursor));
		json_push(*out, task);
	}
	return OK;
}

/* --- state outside the log --- */

/* Duties of the person signed in that are still owed; the rest are skipped. */
static enum err given_to_me(const struct request *rq, json_t **out)
{
	json_auto_t *given = NULL, *list = json_array();
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	TRY(given_list(people, rq->who->session.account.id, &given));
	json_each (given, one) {
		const struct duty_name duty = {
			json_str(one, "system"), json_str(one, "policy"), json_str(one, "duty")};
		json_t *row;
		enum err e = work_due(rq->snap, duty.system, duty.policy, duty.duty, &row);

		if (e == ERR_NOT_FOUND) {
			TRY(given_take(people, &duty));
			continue;
		}
		TRY(e);
		json_put(row, "day", json_incref(json_object_get(one, "day")));
		json_push(list, row);
	}
	*out = TAKE(list);
	return OK;
}

static enum err count_given(const struct request *rq, const struct work_list *l, int64_t *out)
{
	json_auto_t *list = NULL;

	TRY(given_to_me(rq, &list));
	*out = (int64_t)json_array_size(list);
	return OK;
}

/* By position: `after` is the number of rows shown. */
static enum err rows_given(const struct request *rq, const struct work_list *l, const char *after,
	int64_t limit, json_t **out)
{
	size_t from = after ? (size_t)strtoul(after, NULL, 10) : 0;
	json_auto_t *list = NULL;

	TRY(given_to_me(rq, &list));
	*out = json_array();
	json_each_at (list, i, row) {
		AUTOFREE char *cursor = mem_printf("%zu", i + 1);
		json_t *task;

		if (i < from || (int64_t)json_array_size(*out) == limit)
			continue;
		task = task_of(rq, l, row);
		json_put(task, "cursor", json_text(cursor));
		json_put(task, "due", due_view(rq, json_str(row, "day")));
		json_put(task, "holder", json_null());
		json_push(*out, task);
	}
	return OK;
}

static enum err in_work(const struct request *rq, json_t **out)
{
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	return drafts_in_work(rq->snap, people, rq->who->person.department, out);
}

static enum err count_drafts(const struct request *rq, const struct work_list *l, int64_t *out)
{
	json_auto_t *rows = NULL;

	TRY(in_work(rq, &rows));
	*out = (int64_t)json_array_size(rows);
	return OK;
}

static json_t *draft_task(const struct request *rq, const json_t *row)
{
	struct record_draft d = {.record = json_object_get(row, "record")};
	AUTOFREE char *name = NULL;
	json_t *task = empty_task();

	snprintf(d.system, sizeof(d.system), "%s", json_str(row, "system"));
	name = draft_name(rq, &d);
	json_put(task, "title", json_make("{s:s,s:b}", "text", name, "foreign", 0));
	put_href(rq, task, "office/drafts/", json_str(row, "id"));
	json_put(task, "saved", draft_saved_view(rq, json_str(row, "by"), json_num(row, "saved")));
	return task;
}

static enum err rows_drafts(const struct request *rq, const struct work_list *l, const char *after,
	int64_t limit, json_t **out)
{
	json_auto_t *rows = NULL;

	TRY(in_work(rq, &rows));
	*out = json_array();
	json_each_at (rows, i, row)
		if ((int64_t)i < limit)
			json_push(*out, draft_task(rq, row));
	return OK;
}

static enum err count_keys(const struct request *rq, const struct work_list *l, int64_t *out)
{
	struct people *people = NULL;
	json_auto_t *keys = NULL;

	TRY(office_people(rq, &people));
	TRY(office_waiting_keys(rq, people, NULL, &keys));
	*out = (int64_t)json_array_size(keys);
	return OK;
}

static enum err rows_keys(const struct request *rq, const struct work_list *l, const char *after,
	int64_t limit, json_t **out)
{
	struct people *people = NULL;
	json_auto_t *keys = NULL;

	TRY(office_people(rq, &people));
	TRY(office_waiting_keys(rq, people, NULL, &keys));
	*out = json_array();
	json_each_at (keys, i, key) {
		char at[TIME_TEXT];
		json_t *task;

		if ((int64_t)i == limit)
			break;
		task = empty_task();
		time_text(json_num(key, "at"), at);
		json_put(task, "title",
			json_make("{s:O,s:b}", "text", json_object_get(key, "name"), "foreign", 0));
		put_href(rq, task, "office/people#asked", "");
		json_put(task, "when", view_time(rq, at));
		json_put(task, "age", age_view(rq, at));
		json_push(*out, task);
	}
	return OK;
}

/* --- the table --- */

#define DEPARTMENTS ROLES_OF_DEPARTMENT
#define OFFICE ROLES_OF_OFFICE
#define WORK(list, days, add) NULL, count_work, rows_work, list, days, add

/* clang-format off */
const struct work_list work_lists[] = {
	{"given",     "desk",   DEPARTMENTS | OFFICE, NULL, count_given, rows_given, 0, 0, add_due},
	{"returned",  "desk",   DEPARTMENTS,          WORK(WORK_RETURNED, 0, add_filing)},
	{"filings",   "desk",   OFFICE,               WORK(WORK_FILINGS, 0, add_filing)},
	{"keys",      "people", ROLE_ADMINISTRATOR,   "/people#asked", count_keys, rows_keys, 0, 0, NULL},
	{"questions", "desk",   DEPARTMENTS | OFFICE, WORK(WORK_QUESTIONS, 0, add_question)},
	{"incidents", "desk",   DEPARTMENTS,          NULL, count_incidents, rows_incidents, 0, 0, NULL},
	{"dues",      "desk",   DEPARTMENTS,          "/lists/duties", count_work, rows_work, WORK_DUES, DUE_SOON_DAYS + 1, add_due},
	{"reviews",   "desk",   DEPARTMENTS,          WORK(WORK_REVIEWS, DUE_SOON_DAYS + 1, add_review)},
	{"judged",    "desk",   DEPARTMENTS | OFFICE, WORK(WORK_JUDGED, 0, add_judged)},
	{"drafts",    "drafts", DEPARTMENTS,          "/drafts", count_drafts, rows_drafts, 0, 0, NULL},
	{"duties",    "desk",   0,                    WORK(WORK_DUES, LATER, add_due)},
	{"silent",    "desk",   OFFICE,               WORK(WORK_SILENT, -YEAR, add_silent)},
};
/* clang-format on */
const size_t work_lists_n = COUNT(work_lists);

bool work_list_is_seen(const struct request *rq, const struct work_list *l)
{
	return access_may(rq->who->person.role, l->access);
}

const struct work_list *work_list_named(const struct request *rq, const char *name)
{
	for (size_t i = 0; i < work_lists_n; i++)
		if (strcmp(work_lists[i].name, name) == 0 && work_list_is_seen(rq, &work_lists[i]))
			return &work_lists[i];
	return NULL;
}

json_t *work_number(const struct request *rq, int64_t n)
{
	json_t *number = view_number(n);
	AUTOFREE char *more = mem_printf("%s+", json_str(number, "text"));

	if (n >= WORK_COUNT_MAX)
		json_put(number, "text", json_text(more));
	return number;
}
