/* incidents.h - the incidents that departments reported, each with its notes. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

struct incident_filter {
	const char *system, *department; /* or NULL: any */
	const char *before;              /* a time text: as of then; NULL: as of now */
	const char *day; /* today, or that day: leaves out texts held back beyond it */
	bool theirs;     /* includes texts that are held back */
	bool waiting;    /* only open ones; of all systems, as of now */
};
/* [{"entry", "system", "name": {…}, "department", "at", "since", "aware", "severity", "due": the
 * last day to tell the authority, or null; "told_on": when it was told, or null; "public_on",
 * "ground": null if nothing is held back; "held": bool, "what", "affected", "done": texts, null
 * while held back, or once erased; "closed_at": or null; "notes": [{"entry", "at", "text",
 * "severity", "told_on", "closes": bool}…], oldest first}…], newest first. Severity and due are
 * those of the latest note. */
MUST_CHECK enum err incidents_of(
	const struct snapshot *snap, const struct incident_filter *f, json_t **out);
