/* Incidents of systems, as their departments report them. */
#include "registry/event/incident.h"

#include "base/env.h"
#include "registry/event/fold.h"

#include <string.h>

const struct severity severities[] = {
	{"other", 0},    /* none of those below */
	{"serious", 15}, /* Art 73(2): health, fundamental rights, property, environment */
	{"death", 10},   /* Art 73(4) */
	{"infrastructure",
		2}, /* Art 73(3): critical infrastructure, or a widespread infringement */
};
const size_t severities_n = COUNT(severities);

const char *const incident_grounds[] = {"security", "investigation", "audit", "privacy", NULL};

SQL(ADD, "incident.add",
	"INSERT INTO incident (entry, system, department, person, at, since, aware, severity,"
	" public_on, ground, sha256) VALUES (?1, ?2, ?3,"
	" (SELECT person FROM person_key WHERE vkey = ?4), ?5, ?6, ?7, ?8, ?9, ?10, ?11)");
SQL(FIND, "incident.find",
	"SELECT system, closed_entry, aware, public_on FROM incident WHERE entry = ?1");
SQL(NOTE, "incident.note",
	"INSERT INTO incident_note (entry, incident, at, severity, told_on, closes, sha256)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(CLOSE, "incident.close", "UPDATE incident SET closed_entry = ?2 WHERE entry = ?1");
SQL(HOLD, "incident.hold",
	"INSERT INTO held (sha256, public_on) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
SQL(OPENS, "incident.opens", "SELECT count(*) FROM held WHERE public_on < date(?1, '-1 day')");
SQL(OPEN, "incident.open",
	"UPDATE content_state SET public = 1 WHERE sha256 IN"
	" (SELECT sha256 FROM held WHERE public_on < date(?1, '-1 day'))");
SQL(OPENED, "incident.opened", "DELETE FROM held WHERE public_on < date(?1, '-1 day')");

const struct severity *severity_named(const char *name)
{
	for (size_t i = 0; name && i < COUNT(severities); i++)
		if (strcmp(severities[i].name, name) == 0)
			return &severities[i];
	return NULL;
}

bool incident_due(const char *severity, const char *aware, char out[16])
{
	const struct severity *s = severity_named(severity);
	AUTOFREE char *noon = mem_printf("%sT12:00:00Z", aware ? aware : "");
	char due[TIME_TEXT];
	int64_t at;

	if (!s || !s->days || time_parse(noon, &at) != OK)
		return false;
	time_text(at + (int64_t)s->days * 86400, due);
	snprintf(out, 16, "%.10s", due);
	return true;
}

/* --- what may be reported --- */

static enum err check_severity(const char *severity)
{
	ENSURE(severity_named(severity), ERR_INVALID,
		"\"severity\" must be other, serious, death or infrastructure");
	return OK;
}

static enum err check_past(const char *day, int64_t now, const char *what)
{
	char latest[TIME_TEXT];

	time_latest(now, latest);
	ENSURE(strncmp(day, latest, 10) <= 0, ERR_INVALID, "%s is %s, a day that is still to come",
		what, day);
	return OK;
}

/* A description is held back for a ground of the list, until a day within the limit. */
static enum err check_held(const char *public_on, const char *ground, int64_t now)
{
	char last[TIME_TEXT];
	bool known = false;

	ENSURE(!public_on == !ground, ERR_INVALID,
		"what is held back needs both: the day on which it becomes public, and the ground");
	if (!public_on)
		return OK;
	for (size_t i = 0; incident_grounds[i]; i++)
		known |= strcmp(incident_grounds[i], ground) == 0;
	ENSURE(known, ERR_INVALID, "the ground must be security, investigation, audit or privacy");
	time_text(now + (int64_t)(INCIDENT_HELD_DAYS + 1) * 86400, last);
	ENSURE(strncmp(public_on, last, 10) <= 0, ERR_INVALID,
		"what happened may be held back for at most %d days: choose an earlier day",
		INCIDENT_HELD_DAYS);
	return OK;
}

static enum err check_began(const struct incident_said *said, int64_t now)
{
	TRY(check_past(said->aware, now, err_text("the day on which the city knew of it")));
	ENSURE(strcmp(said->since, said->aware) <= 0, ERR_INVALID,
		"nobody can have known of it on %s, before it began on %s", said->aware,
		said->since);
	return OK;
}

static enum err check_told(const struct incident_said *said, int64_t now)
{
	TRY(check_past(said->told_on, now, err_text("the day on which the authority was told")));
	ENSURE(!said->aware || strcmp(said->aware, said->told_on) <= 0, ERR_INVALID,
		"the authority cannot have been told on %s, before the city knew", said->told_on);
	return OK;
}

static enum err check_content(const struct incident_said *said, const char **at)
{
	static const struct {
		const char *member, *what;
		bool note, optional;
	} texts[] = {
		{"what", "what happened", false, false},
		{"affected", "who was affected", false, false},
		{"done", "what was done", false, true},
		{"text", "what there is to say", true, false},
	};

	for (size_t i = 0; said->content && i < COUNT(texts); i++) {
		const json_t *text = json_object_get(said->content, *at = texts[i].member);

		if (texts[i].note == said->note && (text || !texts[i].optional))
			TRY(check_texts(text, INCIDENT_TEXT_MAX, texts[i].what));
	}
	return OK;
}

enum err incident_said_check(const struct incident_said *said, int64_t now, const char **member)
{
	const char *none, **at = member ? member : &none;

	*at = "severity";
	if (said->severity)
		TRY(check_severity(said->severity));
	*at = "aware";
	if (said->since)
		TRY(check_began(said, now));
	*at = "told_on";
	if (said->told_on)
		TRY(check_told(said, now));
	*at = "public_on";
	TRY(check_held(said->public_on, said->ground, now));
	return check_content(said, at);
}

enum err incident_reported_check(struct state *st, const struct event *ev)
{
	const struct incident_said said = {
		.since = event_str(ev, "since"),
		.aware = event_str(ev, "aware"),
		.severity = event_str(ev, "severity"),
		.public_on = event_str(ev, "public_on"),
		.ground = event_str(ev, "ground"),
		.content = ev->content,
	};

	TRY(system_is_theirs(st, ev));
	return incident_said_check(&said, ev->time, NULL);
}

/* The day is one of the register's zone, so a report of the evening before, in UTC, is held too. */
static enum err hold(struct state *st, const struct event *ev, const char *public_on)
{
	if (!public_on)
		return state_open_content(st, ev->sha256, true);
	return db_run(st->db, HOLD, BIND(text(ev->sha256), text(public_on)));
}

enum err incident_reported_fold(struct state *st, const struct event *ev)
{
	const char *public_on = event_str(ev, "public_on");

	TRY(db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->department),
			text(ev->signer), text(ev->at), text(event_str(ev, "since")),
			text(event_str(ev, "aware")), text(event_str(ev, "severity")),
			text(public_on), text(event_str(ev, "ground")), text(ev->sha256))));
	TRY(hold(st, ev, public_on));
	return system_told(st, ev);
}

static enum err check_note(struct state *st, const struct event *ev)
{
	struct incident_said said = {
		.severity = event_str(ev, "severity"),
		.told_on = event_str(ev, "told_on"),
		.content = ev->content,
		.note = true,
	};
	AUTO(rows) row = {0};
	enum err e;

	TRY(system_is_theirs(st, ev));
	e = db_one(st->db, FIND, BIND(num(event_num(ev, "incident"))), &row);
	ENSURE(e != ERR_NOT_FOUND && (e != OK || strcmp(rows_text(&row, 0), ev->subject) == 0),
		ERR_NOT_FOUND, "entry %lld reports no incident of \"%s\"",
		(long long)event_num(ev, "incident"), ev->subject);
	TRY(e);
	ENSURE(rows_null(&row, 1), ERR_CONFLICT,
		"this incident was closed at entry %lld: report what is new as one of its own",
		(long long)rows_int(&row, 1));
	said.aware = rows_text(&row, 2);
	return incident_said_check(&said, ev->time, NULL);
}

enum err incident_updated_check(struct state *st, const struct event *ev)
{
	return check_note(st, ev);
}

enum err incident_closed_check(struct state *st, const struct event *ev)
{
	return check_note(st, ev);
}

/* A note on an incident that is held back is held back with it. */
static enum err fold_note(struct state *st, const struct event *ev, bool closes)
{
	int64_t incident = event_num(ev, "incident");
	AUTOFREE char *public_on = NULL;
	AUTO(rows) row = {0};

	TRY(db_one(st->db, FIND, BIND(num(incident)), &row));
	public_on = rows_null(&row, 3) ? NULL : rows_dup(&row, 3);
	rows_done(&row);
	TRY(db_run(st->db, NOTE,
		BIND(num((int64_t)ev->index), num(incident), text(ev->at),
			text(event_str(ev, "severity")), text(event_str(ev, "told_on")),
			num(closes), text(ev->sha256))));
	TRY(hold(st, ev, public_on));
	return system_told(st, ev);
}

enum err incident_updated_fold(struct state *st, const struct event *ev)
{
	return fold_note(st, ev, false);
}

enum err incident_closed_fold(struct state *st, const struct event *ev)
{
	TRY(fold_note(st, ev, true));
	return db_run(st->db, CLOSE, BIND(num(event_num(ev, "incident")), num((int64_t)ev->index)));
}

enum err incidents_open(struct state *st, const char *at)
{
	int64_t n;

	TRY(db_int(st->db, OPENS, BIND(text(at)), &n));
	if (!n)
		return OK;
	TRY(db_run(st->db, OPEN, BIND(text(at))));
	return db_run(st->db, OPENED, BIND(text(at)));
}
