/* The office submitted a list of the city's AI services, as Korea's Act 21392 (Article 30)
 * requires: the day, the number of services, and the file's hash, with which whoever has the file
 * can prove that it is the one. */
#include "base/env.h"
#include "registry/event/fold.h"
#include "registry/event/services.h"

#include <string.h>

/* A list fulfils the duties of systems that were published by its day and are not retired. The days
 * of publications are in UTC, so that the fold is the same on every machine. A system that is
 * published in the hours after such a day ended in an eastern zone, but before the list is
 * recorded, therefore counts as published on that day. */
#define FULFILS                                                                            \
	" FROM duty_event e JOIN system s ON s.slug = e.system AND s.state <> 'retired'"   \
	" JOIN version v ON v.system = e.system AND v.n = 1 AND substr(v.at, 1, 10) <= ?2" \
	" WHERE e.list = ?1"

SQL(ADD, "service_list.add",
	"INSERT INTO list_submitted (entry, list, at, day, file, services, sha256)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(COUNT_MET, "service_list.count_met",
	"UPDATE system SET duties_met = duties_met + n FROM (SELECT e.system AS of, count(*) AS n" FULFILS
	" AND e.met = 0 AND e.entry IS NULL GROUP BY e.system) WHERE slug = of",
	"a list is handed over a few times a year, and is of many systems");
SQL(FULFIL, "service_list.fulfil",
	"UPDATE duty_event SET entry = ?3 WHERE list = ?1 AND system IN (SELECT e.system" FULFILS
	")");
SQL(DONE, "service_list.done",
	"UPDATE due SET met = 1 WHERE (system, policy, duty) IN"
	" (SELECT system, policy, duty FROM duty_event WHERE list = ?1 AND entry = ?2)");
SQL(NEXT, "service_list.next",
	"UPDATE system SET duty_due = (SELECT min(due) FROM due WHERE system = slug AND met = 0)"
	" WHERE slug IN (SELECT system FROM duty_event WHERE list = ?1 AND entry = ?2)");

/* Ignores the register's zone, so that the check is the same on every machine. */
static enum err check_day(const struct event *ev)
{
	char latest[TIME_TEXT];
	const char *day = event_str(ev, "day");

	time_latest(ev->time, latest);
	ENSURE(strncmp(day, latest, strlen(day)) <= 0, ERR_INVALID,
		"a list cannot have been handed over on %s, which is still to come", day);
	return OK;
}

enum err list_submitted_check(struct state *st, const struct event *ev)
{
	const json_t *note = json_object_get(ev->content, "note");

	TRY(check_day(ev));
	if (!ev->content)
		return OK;
	TRY(check_texts(json_object_get(ev->content, "to"), 200, "to whom it was handed over"));
	return note ? check_texts(note, 1000, "the note") : OK;
}

enum err list_submitted_fold(struct state *st, const struct event *ev)
{
	const char *day = event_str(ev, "day");

	TRY(db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->at), text(day),
			text(event_str(ev, "file")), num(event_num(ev, "services")),
			text(ev->sha256))));
	TRY(db_run(st->db, COUNT_MET, BIND(text(ev->subject), text(day))));
	TRY(db_run(st->db, FULFIL, BIND(text(ev->subject), text(day), num((int64_t)ev->index))));
	TRY(db_run(st->db, DONE, BIND(text(ev->subject), num((int64_t)ev->index))));
	TRY(db_run(st->db, NEXT, BIND(text(ev->subject), num((int64_t)ev->index))));
	return service_submitted(st, (int64_t)ev->index);
}
