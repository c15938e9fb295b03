/* Figures that departments report on their systems. They are in the entry's content, so that a text
 * that names a person can be erased; registry/query/figures.h groups them when they are read. A
 * later report for the same indicator and period corrects the earlier one, which stays in the
 * log. */
#include "base/env.h"
#include "registry/event/figure.h"
#include "registry/event/fold.h"

SQL(ADD, "kpi.add",
	"INSERT INTO kpi_report (entry, system, department, person, at, sha256)"
	" VALUES (?1, ?2, ?3, (SELECT person FROM person_key WHERE vkey = ?4), ?5, ?6)");

enum err kpi_reported_check(struct state *st, const struct event *ev)
{
	char latest[TIME_TEXT];

	TRY(system_is_theirs(st, ev));
	if (!ev->content)
		return OK;
	time_latest(ev->time, latest);
	return figures_check(json_object_get(ev->content, "figures"), latest);
}

enum err kpi_reported_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->department),
			text(ev->signer), text(ev->at), text(ev->sha256))));
	return system_told(st, ev);
}
