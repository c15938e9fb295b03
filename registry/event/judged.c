/* Judgements of published records: at each publication, and when policies change. */
#include "registry/event/fold.h"
#include "registry/event/services.h"
#include "registry/policy/judgement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

SQL(SYSTEM, "judged.system", "SELECT version, state, judged_by FROM system WHERE slug = ?1");
SQL(LAST, "judged.last",
	"SELECT sha256, version FROM judgement WHERE system = ?1 ORDER BY "
	"entry DESC LIMIT 1");
SQL(PUBLISHED, "judged.published",
	"SELECT j.sha256, j.version FROM version v JOIN judgement j ON j.entry = v.entry"
	" WHERE v.system = ?1 AND v.n = ?2");
SQL(PUBLISHED_AT, "judged.published_at", "SELECT at FROM version WHERE system = ?1 AND n = ?2");
SQL(ADD, "judged.add",
	"INSERT INTO judgement (entry, system, version, at, sha256, level, changes)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(UPDATE, "judged.update",
	"UPDATE system SET judged_by = ?2, level = ?3, duties = ?4, duties_met = ?5"
	" + (SELECT count(*) FROM duty_event WHERE system = ?1 AND met = 0 AND entry IS NOT NULL),"
	" review_by = (SELECT min(day) FROM (SELECT ?6 AS day UNION ALL"
	" SELECT review_by FROM version WHERE system = ?1 AND n = ?7)), duty_due = (SELECT min(due) FROM due WHERE system = ?1 AND met = 0)"
	" WHERE slug = ?1");
SQL(FORGET_DUE, "judged.forget_due", "DELETE FROM due WHERE system = ?1");
/* A policy's author may give two duties the same name; the earlier day counts. */
SQL(ADD_DUE, "judged.add_due",
	"INSERT INTO due (system, department, policy, duty, due, met, about) VALUES"
	" (?1, (SELECT department FROM system WHERE slug = ?1), ?2, ?3, ?4, ?5, ?6)"
	" ON CONFLICT DO UPDATE SET due = min(due, excluded.due), met = min(met, excluded.met)");
SQL(MAY_GO, "judged.may_go", "UPDATE duty_event SET owed = 0 WHERE system = ?1");
SQL(STAYS, "judged.stays",
	"INSERT INTO duty_event (system, policy, duty, list, met, owed) VALUES (?1, ?2, ?3, ?4, ?5, 1)"
	" ON CONFLICT DO UPDATE SET list = excluded.list, met = min(iif(owed, met, 1), excluded.met),"
	" entry = iif(list = excluded.list, entry, NULL), owed = 1");
SQL(GOES, "judged.goes", "DELETE FROM duty_event WHERE system = ?1 AND owed = 0");
SQL(DONE, "judged.done",
	"UPDATE due SET met = 1 WHERE system = ?1 AND EXISTS (SELECT 1 FROM duty_event e"
	" WHERE e.system = ?1 AND e.policy = due.policy AND e.duty = due.duty AND e.entry IS NOT NULL)");
SQL(CHANGED, "judged.changed", "UPDATE system SET changed_at = ?2 WHERE slug = ?1");
SQL(ATTENTION, "judged.attention", "UPDATE system SET attention = ?2 WHERE slug = ?1");

/* The judgement must be by exactly the policies in force; otherwise it is out of date. */
static enum err check_set(struct state *st, const struct event *ev)
{
	char in_force[65], named[65];

	TRY(policies_key(st->db, in_force));
	if (!ev->sha256) {
		ENSURE(!*in_force, ERR_CONFLICT,
			"policies are in force: a publication carries what they say of the record");
		return OK;
	}
	if (!ev->content)
		return OK;
	TRY(judgement_form(ev->content));
	judgement_key(ev->content, named);
	ENSURE(strcmp(in_force, named) == 0, ERR_CONFLICT,
		"the record was not judged by the policies in force: judge it again");
	return OK;
}

enum err judged_check(struct state *st, const struct event *ev, const json_t *record)
{
	json_auto_t *problems = event_problems(ev);
	size_t before = json_array_size(problems);

	TRY(check_set(st, ev));
	if (!ev->content || !record)
		return OK;
	judgement_check_level(record, ev->content, problems);
	ENSURE(json_array_size(problems) == before, ERR_INVALID,
		"the record's risk level is laxer than the policies derive, or lacks the public "
		"justification that they ask for: return the filing");
	return OK;
}

#define DAY 40 /* longer than "2026-08-31", so that the compiler sees that any numbers fit */

/* "2026-08-31" plus 6 months is "2027-02-28". */
static void add_months(const char *at, int64_t months, char out[DAY])
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = 0, month = 0, day = 0, most;

	(void)!sscanf(at, "%4d-%2d-%2d", &year, &month, &day);
	month += (int)(months % 1200) - 1;
	year = (year + month / 12) % 10000;
	month %= 12;
	most = days[month];
	if (month == 1 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		most = 29;
	snprintf(out, DAY, "%04d-%02d-%02d", year, month + 1, day < most ? day : most);
}

static enum err check_sooner(const char *review_by, const char *other)
{
	ENSURE(!other || !*other || strcmp(review_by, other) < 0, ERR_INVALID,
		"\"review_by\" must be before %s, when a review is due anyway; it is %s", other,
		review_by);
	return OK;
}

enum err judged_check_review(const struct event *ev, const json_t *record)
{
	const char *review_by = event_str(ev, "review_by");
	int64_t months = json_num(ev->content, "review_months");
	char due[DAY] = "";

	if (!review_by)
		return OK;
	ENSURE(strncmp(review_by, ev->at, 10) > 0, ERR_INVALID,
		"\"review_by\" must be a day to come, not %s", review_by);
	if (months > 0)
		add_months(ev->at, months, due);
	TRY(check_sooner(review_by, due));
	return check_sooner(review_by, json_str(record, "revision_date"));
}

enum err system_judged_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, SYSTEM, BIND(text(ev->subject)), &row);
	char key[65];

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", ev->subject);
	TRY(e);
	ENSURE(rows_int(&row, 0) > 0 && event_num(ev, "version") == rows_int(&row, 0), ERR_CONFLICT,
		"version %lld of \"%s\" is not the newest", (long long)event_num(ev, "version"),
		ev->subject);
	ENSURE(strcmp(rows_text(&row, 1), "retired") != 0, ERR_CONFLICT,
		"\"%s\" is retired: it stays as it was judged", ev->subject);
	TRY(check_set(st, ev));
	TRY(policies_key(st->db, key));
	ENSURE(strcmp(rows_text(&row, 2), key) != 0, ERR_CONFLICT,
		"\"%s\" was judged by these policies already", ev->subject);
	return OK;
}

/* The judgement of the same version that `query` finds, or NULL. */
static enum err judgement_of(struct state *st, const struct event *ev, const struct sql *query,
	const struct val *args, json_t **out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, query, args, &row);

	*out = NULL;
	if (e == ERR_NOT_FOUND || (e == OK && rows_int(&row, 1) != event_num(ev, "version")))
		return OK;
	TRY(e);
	return state_content(st, rows_text(&row, 0), out);
}

/* When the version was published. Review periods start there, whenever it is judged again. */
static enum err published_at(struct state *st, const struct event *ev, char out[TIME_TEXT])
{
	AUTO(rows) row = {0};

	TRY(db_one(st->db, PUBLISHED_AT, BIND(text(ev->subject), num(event_num(ev, "version"))),
		&row));
	snprintf(out, TIME_TEXT, "%s", rows_text(&row, 0));
	return OK;
}

static enum err add_due(
	struct state *st, const char *system, const char *policy, const json_t *duty)
{
	json_auto_t *shown = json_make("{s:O?, s:s?}", "text", json_object_get(duty, "text"),
		"basis", json_str(duty, "basis"));
	const char *id = json_str(duty, "id"), *due = json_str(duty, "due");
	AUTO(buf) about = BUF(JUDGEMENT_MAX);

	if (!policy || !id || !due)
		return OK;
	json_canonical(shown, &about);
	return db_run(st->db, ADD_DUE,
		BIND(text(system), text(policy), text(id), text(due),
			num(json_is_true(json_object_get(duty, "met"))), text(buf_text(&about))));
}

/* A duty with {"event": {"type": "list.submitted", "list"}} is also fulfilled by that event. */
static enum err add_duty_event(
	struct state *st, const char *system, const char *policy, const json_t *duty)
{
	const json_t *event = json_object_get(duty, "event");
	const char *id = json_str(duty, "id"), *type = json_str(event, "type"),
		   *list = json_str(event, "list");

	if (!policy || !id || !type || !list || strcmp(type, "list.submitted") != 0)
		return OK;
	return db_run(st->db, STAYS,
		BIND(text(system), text(policy), text(id), text(list),
			num(json_is_true(json_object_get(duty, "met")))));
}

/* `judgement` NULL: nothing is owed. A duty that an event fulfilled stays fulfilled while it is
 * owed; pages show later changes beside it. */
static enum err fold_duties(struct state *st, const char *system, const json_t *judgement)
{
	TRY(db_run(st->db, FORGET_DUE, BIND(text(system))));
	TRY(db_run(st->db, MAY_GO, BIND(text(system))));
	json_each (json_object_get(judgement, "policies"), policy)
		json_each (json_object_get(policy, "duties"), duty) {
			TRY(add_due(st, system, json_str(policy, "policy"), duty));
			TRY(add_duty_event(st, system, json_str(policy, "policy"), duty));
		}
	TRY(db_run(st->db, GOES, BIND(text(system))));
	return db_run(st->db, DONE, BIND(text(system)));
}

static enum err fold_system(struct state *st, const struct event *ev)
{
	int64_t months = json_num(ev->content, "review_months"), n, met;
	char key[65], at[TIME_TEXT], review_by[DAY] = "";

	TRY(published_at(st, ev, at));
	if (months > 0)
		add_months(at, months, review_by);
	judgement_key(ev->content, key);
	judgement_duties(ev->content, &n, &met);
	state_remember(st, ev->sha256, ev->content); /* it is read again at the fold's end */
	TRY(fold_duties(st, ev->subject, ev->content));
	return db_run(st->db, UPDATE,
		BIND(text(ev->subject), text(key), text(json_str(ev->content, "level")), num(n),
			num(met), text(*review_by ? review_by : NULL),
			num(event_num(ev, "version"))));
}

static enum err add(struct state *st, const struct event *ev, const json_t *changes)
{
	AUTO(buf) shown = BUF(JUDGEMENT_MAX);

	if (changes)
		json_canonical(changes, &shown);
	return db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), num(event_num(ev, "version")),
			text(ev->at), text(ev->sha256), text(json_str(ev->content, "level")),
			text(changes ? buf_text(&shown) : NULL)));
}

enum err judged_fold(struct state *st, const struct event *ev)
{
	if (!ev->content) {
		TRY(fold_duties(st, ev->subject, NULL));
		return db_run(st->db, UPDATE,
			BIND(text(ev->subject), text(""), text(NULL), num(0), num(0), text(NULL),
				num(event_num(ev, "version"))));
	}
	TRY(add(st, ev, NULL));
	return fold_system(st, ev);
}

/* Readers learn the changes since the last judgement, the office those since the publication. */
enum err system_judged_fold(struct state *st, const struct event *ev)
{
	json_auto_t *last = NULL, *published = NULL, *news = NULL, *changes = NULL;
	const struct val version = num(event_num(ev, "version"));

	TRY(judgement_of(st, ev, LAST, BIND(text(ev->subject)), &last));
	TRY(judgement_of(st, ev, PUBLISHED, BIND(text(ev->subject), version), &published));
	news = judgement_changes(last, ev->content);
	changes = judgement_changes(published, ev->content);
	TRY(add(st, ev, changes));
	TRY(fold_system(st, ev));
	TRY(db_run(st->db, ATTENTION,
		BIND(text(ev->subject),
			changes ? num((int64_t)ev->index) : (struct val){.kind = VAL_NULL})));
	TRY(service_fold(st, ev->subject, (int64_t)ev->index));
	if (!news)
		return OK;
	TRY(db_run(st->db, CHANGED, BIND(text(ev->subject), text(ev->at))));
	return system_milestone(st, ev, version);
}
