/* What policies say of what is published: with each publication, and again when they change. */
#include "registry/fold.h"
#include "registry/judgement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SYSTEM, LAST, ADD, UPDATE, CHANGED };
static const struct sql sql[] = {
	[SYSTEM] = {"judged.system",
		"SELECT version, state, judged_by FROM system WHERE slug = ?1"},
	[LAST] = {"judged.last", "SELECT sha256, version FROM judgement WHERE system = ?1 ORDER BY "
                                 "entry DESC LIMIT 1"},
	[ADD] = {"judged.add",
		"INSERT INTO judgement (entry, system, version, at, sha256, level, changes)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
	[UPDATE] = {"judged.update",
		"UPDATE system SET judged_by = ?2, level = ?3, duties = ?4, duties_met = ?5,"
		" review_by = ?6 WHERE slug = ?1"},
	[CHANGED] = {"judged.changed",
		"UPDATE system SET changed_at = ?2, attention = ?3 WHERE slug = ?1"},
};
const struct sql_table judged_sql = SQL_TABLE(sql);

/* By the policies in force, all of them and no other: else it is of another moment. */
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
		"the record was judged by other policies than are in force: judge it again");
	return OK;
}

enum err judged_check(struct state *st, const struct event *ev, const json_t *record)
{
	json_auto_t *own = json_array();
	json_t *problems = st->problems ? st->problems : own;
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

enum err system_judged_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, &sql[SYSTEM], BIND(text(ev->subject)), &row);
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

/* The judgement of the same version before this one; NULL where there is none. */
static enum err last(struct state *st, const struct event *ev, json_t **out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, &sql[LAST], BIND(text(ev->subject)), &row);

	*out = NULL;
	if (e == ERR_NOT_FOUND || (e == OK && rows_int(&row, 1) != event_num(ev, "version")))
		return OK;
	TRY(e);
	return state_content(st, rows_text(&row, 0), out);
}

#define DAY 40 /* more than "2026-08-31", so that the compiler sees that any numbers fit */

/* "2026-08-31" and 6 months: "2027-02-28". */
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

static enum err fold_system(struct state *st, const struct event *ev)
{
	int64_t months = json_num(ev->content, "review_months"), n, met;
	char key[65], review_by[DAY] = "";

	if (months > 0)
		add_months(ev->at, months, review_by);
	judgement_key(ev->content, key);
	judgement_duties(ev->content, &n, &met);
	return db_run(st->db, &sql[UPDATE],
		BIND(text(ev->subject), text(key), text(json_str(ev->content, "level")), num(n),
			num(met), text(*review_by ? review_by : NULL)));
}

static enum err add(struct state *st, const struct event *ev, const json_t *changes)
{
	AUTO(buf) shown = BUF(JUDGEMENT_MAX);

	if (changes)
		json_canonical(changes, &shown);
	return db_run(st->db, &sql[ADD],
		BIND(num((int64_t)ev->index), text(ev->subject), num(event_num(ev, "version")),
			text(ev->at), text(ev->sha256), text(json_str(ev->content, "level")),
			text(changes ? buf_text(&shown) : NULL)));
}

enum err judged_fold(struct state *st, const struct event *ev)
{
	if (!ev->content)
		return db_run(st->db, &sql[UPDATE],
			BIND(text(ev->subject), text(""), text(NULL), num(0), num(0), text(NULL)));
	TRY(add(st, ev, NULL));
	return fold_system(st, ev);
}

enum err system_judged_fold(struct state *st, const struct event *ev)
{
	json_auto_t *before = NULL, *changes = NULL;

	TRY(last(st, ev, &before));
	changes = judgement_changes(before, ev->content);
	TRY(add(st, ev, changes));
	TRY(fold_system(st, ev));
	if (!changes)
		return OK;
	TRY(db_run(st->db, &sql[CHANGED],
		BIND(text(ev->subject), text(ev->at), num((int64_t)ev->index))));
	return system_milestone(st, ev, num(event_num(ev, "version")));
}
