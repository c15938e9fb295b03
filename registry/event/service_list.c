/* A list of the city's AI services that the office handed over, as Korea's Act 21392 (Article 30) asks: when,
 * how many services, and the file itself by its hash, so that whoever has the file can show that it is that one. */
#include "base/env.h"
#include "registry/event/fold.h"
#include "registry/standard/form.h"

#include <string.h>

enum { ADD };
static const struct sql sql[] = {
	[ADD] = {"service_list.add",
		"INSERT INTO list_submitted (entry, list, at, day, file, services, sha256)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
};
SQL_TABLE(sql);

/* A day begins fourteen hours earlier in the east than in UTC: the register's zone is not asked, so that the
 * check is the same on every machine. */
static enum err check_day(const struct event *ev)
{
	char latest[TIME_TEXT];
	const char *day = event_str(ev, "day");

	time_text(ev->time + 14 * 60 * 60, latest);
	ENSURE(strncmp(day, latest, strlen(day)) <= 0, ERR_INVALID,
		"a list cannot have been handed over on %s, which is still to come", day);
	return OK;
}

enum err list_submitted_check(struct state *st, const struct event *ev)
{
	const json_t *note = json_object_get(ev->content, "note");

	(void)st;
	TRY(check_day(ev));
	if (!ev->content)
		return OK;
	TRY(check_texts(json_object_get(ev->content, "to"), 200, "to whom it was handed over"));
	return note ? check_texts(note, 1000, "the note") : OK;
}

enum err list_submitted_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, &sql[ADD],
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->at),
			text(event_str(ev, "day")), text(event_str(ev, "file")),
			num(event_num(ev, "services")), text(ev->sha256)));
}
