/* incident.h - the vocabulary of incidents (incident.reported): severities, the deadline for
 * telling an authority, and the grounds for holding a description back.
 *
 * The entry says that there was an incident, since when and how serious it is, so the log shows
 * this at once. The content says what happened and who was affected. It is public at once too, or
 * from a day that the entry names together with the ground. */
#pragma once
#include "registry/event/state.h"

/* Disclosure of security holes in software commonly allows this long for the fix. */
#define INCIDENT_HELD_DAYS 90
#define INCIDENT_TEXT_MAX 2000 /* characters */

/* EU AI Act (Regulation 2024/1689) Art 73: days from the day on which the city learned of it. */
struct severity {
	const char *name;
	int days; /* 0: no duty to report */
};
extern const struct severity severities[];
extern const size_t severities_n;
const struct severity *severity_named(const char *name); /* NULL if there is none of this name */

/* Grounds for holding a description back; the pages' messages give the legal basis of each. NULL
 * ends it. */
extern const char *const incident_grounds[];

/* The last day for the report to the authority ("2026-07-09"); false if there is no such duty. */
bool incident_due(const char *severity, const char *aware, char out[16]);

/* The members of an incident's entry; NULL for those that are missing. */
struct incident_said {
	const char *since, *aware; /* days; for a note, `aware` is that of its incident */
	const char *severity, *public_on, *ground, *told_on;
	const json_t *content; /* NULL once it is erased */
	bool note;             /* incident.updated or closed; false: incident.reported */
};
/* Checks the rules for an incident reported at `now`, whoever reports it. ERR_INVALID,
 * ERR_TOO_LARGE; `*member` (may be NULL) is then the member at fault. */
MUST_CHECK enum err incident_said_check(
	const struct incident_said *said, int64_t now, const char **member);

/* Makes the contents public whose day has passed at the time `at` of any later entry. The day must
 * be over in every time zone, so that the fold is the same on every machine. */
MUST_CHECK enum err incidents_open(struct state *st, const char *at);
