/* incident.h - words of incidents (incident.reported): how serious, by when an authority is to be
 * told, and why what happened may be held back for a while.
 *
 * That there was an incident, since when and how serious is in the entry, so in the log at once;
 * what happened and who was affected is in its content. That is public at once, too, or from a day
 * on that the entry names, with the ground for it. */
#pragma once
#include "registry/event/state.h"

/* As long as people who find holes in software commonly wait for the mending. */
#define INCIDENT_HELD_DAYS 90
#define INCIDENT_TEXT_MAX 2000 /* characters */

/* EU AI Act (Regulation 2024/1689) Art 73: days from the day on which the city knew of it. */
struct severity {
	const char *name;
	int days; /* 0: no duty to report */
};
extern const struct severity severities[];
extern const size_t severities_n;
const struct severity *severity_named(const char *name); /* NULL where there is none */

/* Why it is not public yet, each with its legal basis in the messages of pages; NULL ends it. */
extern const char *const incident_grounds[];

/* The last day for the report to the authority ("2026-07-09"); false: there is no such duty. */
bool incident_due(const char *severity, const char *aware, char out[16]);

/* What an entry says of an incident; NULL for what it does not say. */
struct incident_said {
	const char *since, *aware; /* days; of a note, `aware` is that of its incident */
	const char *severity, *public_on, *ground, *told_on;
	const json_t *content; /* NULL once it is erased */
	bool note;             /* incident.updated or closed; false: incident.reported */
};
/* The rules that hold for what is said at `now`, whoever says it. ERR_INVALID, ERR_TOO_LARGE;
 * `*member` (may be NULL) is then the one that is wrong. */
MUST_CHECK enum err incident_said_check(
	const struct incident_said *said, int64_t now, const char **member);

/* Whatever entry comes after the day until which a content was held back opens it: `at` is the
 * entry's time. The day must be over everywhere, so that the fold is the same on every machine. */
MUST_CHECK enum err incidents_open(struct state *st, const char *at);
