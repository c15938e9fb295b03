/* incidents.h - what departments reported of incidents, put together. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

struct incident_filter {
	const char *system, *department; /* or NULL: of all */
	const char *before;              /* a time text: as it was then; NULL: as it is */
	const char
		*day; /* that is today, or was then: what is held back until after it is not told */
	bool theirs;  /* to who may read what is held back */
	bool waiting; /* those alone that are not closed; of all systems, as it is now */
};
/* [{"entry", "system", "name": {…}, "department", "at", "since", "aware", "severity", "due": the
 * last day to tell the authority, or null; "told_on": when it was, or null; "public_on", "ground":
 * null where nothing is held back; "held": bool, "what", "affected", "done": texts, null while held
 * back, or once erased; "closed_at": or null; "notes": [{"entry", "at", "text", "severity",
 * "told_on", "closes": bool}…], the first first}…], the newest first. Severity and due are those of
 * the latest note. */
MUST_CHECK enum err incidents_of(
	const struct snapshot *snap, const struct incident_filter *f, json_t **out);
