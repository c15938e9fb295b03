/* Public consultations about a system: the office asks, citizens write until a day, the office
 * answers. If the city's rules ask for one (rules.h), a system comes into use only after it. */
#include "registry/event/fold.h"
#include "registry/event/rules.h"

#include <string.h>

SQL(SYSTEM, "consultation.system", "SELECT state, version FROM system WHERE slug = ?1");
SQL(OPEN_ONE, "consultation.open",
	"SELECT entry, closes FROM consultation WHERE system = ?1 AND closed_entry IS NULL");
SQL(CLOSED_ONE, "consultation.closed",
	"SELECT entry FROM consultation WHERE system = ?1 AND closed_entry IS NOT NULL"
	" LIMIT 1");
SQL(OF_ENTRY, "consultation.of_entry",
	"SELECT system, closes, closed_entry FROM consultation WHERE entry = ?1");
SQL(ADD, "consultation.add",
	"INSERT INTO consultation (entry, system, at, closes, sha256)"
	" VALUES (?1, ?2, ?3, ?4, ?5)");
SQL(CLOSE, "consultation.close",
	"UPDATE consultation SET closed_entry = ?2, closed_at = ?3, answer = ?4"
	" WHERE entry = ?1");
SQL(IN_USE, "consultation.in_use",
	"SELECT status = 'in_use' FROM system WHERE slug = ?1 AND status IS NOT NULL");

#define QUESTION_MAX 4000 /* characters, in each language */
#define ANSWER_MAX 10000
/* The longest that a consultation may be open, in seconds. */
#define LONGEST ((int64_t)366 * 86400)

/* The system must be public; `version` is its newest. */
static enum err find_public(struct state *st, const struct event *ev, int64_t *version)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, SYSTEM, BIND(text(ev->subject)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", ev->subject);
	TRY(e);
	*version = rows_int(&row, 1);
	ENSURE(*version > 0 && strcmp(rows_text(&row, 0), "retired") != 0, ERR_CONFLICT,
		"\"%s\" is not published, or is retired: people can be asked about what they can read, "
		"so publish the plan first",
		ev->subject);
	return OK;
}

enum err system_consultation_opened_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	char today[DAY_TEXT], last[TIME_TEXT];
	int64_t version;
	enum err e;

	TRY(find_public(st, ev, &version));
	e = db_one(st->db, OPEN_ONE, BIND(text(ev->subject)), &row);
	ENSURE(e != OK, ERR_CONFLICT,
		"a consultation about \"%s\" is open since entry %lld: close that one first",
		ev->subject, (long long)rows_int(&row, 0));
	ENSURE(e == ERR_NOT_FOUND, e, "%s", err_why());
	if (rules_day(st, ev->time, today))
		ENSURE(strcmp(event_str(ev, "closes"), today) >= 0, ERR_INVALID,
			"a consultation closes on a day that is not over: %s or later, not %s",
			today, event_str(ev, "closes"));
	time_text(ev->time + LONGEST, last);
	ENSURE(st->replays || strncmp(event_str(ev, "closes"), last, 10) <= 0, ERR_INVALID,
		"a consultation closes within a year, by %.10s, not on %s", last,
		event_str(ev, "closes"));
	return ev->content ? check_texts(json_object_get(ev->content, "question"), QUESTION_MAX,
				     "what is asked")
	                   : OK;
}

enum err system_consultation_opened_fold(struct state *st, const struct event *ev)
{
	int64_t version;

	TRY(db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->at),
			text(event_str(ev, "closes")), text(ev->sha256))));
	TRY(find_public(st, ev, &version));
	return system_milestone(st, ev, num(version));
}

enum err system_consultation_closed_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	char today[DAY_TEXT];
	enum err e = db_one(st->db, OPEN_ONE, BIND(text(ev->subject)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_CONFLICT, "no consultation about \"%s\" is open",
		ev->subject);
	TRY(e);
	ENSURE(rows_int(&row, 0) == event_num(ev, "opened"), ERR_CONFLICT,
		"the consultation that is open was opened by entry %lld, not by %lld",
		(long long)rows_int(&row, 0), (long long)event_num(ev, "opened"));
	if (rules_day(st, ev->time, today))
		ENSURE(strcmp(rows_text(&row, 1), today) < 0, ERR_CONFLICT,
			"people may write until the end of %s: answer them after that day",
			rows_text(&row, 1));
	return ev->content ? check_texts(json_object_get(ev->content, "answer"), ANSWER_MAX,
				     "the answer")
	                   : OK;
}

enum err system_consultation_closed_fold(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(db_run(st->db, CLOSE,
		BIND(num(event_num(ev, "opened")), num((int64_t)ev->index), text(ev->at),
			text(ev->sha256))));
	TRY(db_one(st->db, SYSTEM, BIND(text(ev->subject)), &row));
	return system_milestone(st, ev, num(rows_int(&row, 1)));
}

enum err consultation_takes(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	char today[DAY_TEXT];
	enum err e;

	if (!event_line_has(&ev->members, "consultation"))
		return OK;
	e = db_one(st->db, OF_ENTRY, BIND(num(event_num(ev, "consultation"))), &row);
	ENSURE(e != ERR_NOT_FOUND && (e != OK || (event_str(ev, "system") &&
							 strcmp(rows_text(&row, 0),
								 event_str(ev, "system")) == 0)),
		ERR_NOT_FOUND, "there is no such consultation about this system");
	TRY(e);
	ENSURE(rows_null(&row, 2) &&
			(!rules_day(st, ev->time, today) || strcmp(today, rows_text(&row, 1)) <= 0),
		ERR_CONFLICT, "this consultation closed on %s", rows_text(&row, 1));
	return OK;
}

enum err consultation_was_held(struct state *st, const char *slug, const json_t *record)
{
	const char *status = json_str(record, "status");
	int64_t one = 0;
	enum err e;

	if (!status || strcmp(status, "in_use") != 0)
		return OK;
	e = db_int(st->db, IN_USE, BIND(text(slug)), &one);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (e == OK && one)
		return OK;
	e = db_int(st->db, CLOSED_ONE, BIND(text(slug)), &one);
	ENSURE(e != ERR_NOT_FOUND, ERR_CONFLICT,
		"the city's rules ask for a public consultation before a system of this risk level is in "
		"use: publish \"%s\" as planned, consult, and answer first",
		slug);
	return e;
}
