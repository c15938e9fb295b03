/* consultation.h - what the public was asked about a system, and what came of it. */
#pragma once
#include "audit/store.h"
#include "base/json.h"

/* Of a system, or (NULL) of all that are open, the newest first: [{"entry", "system", "at",
 * "closes": a day, "question": a text per language, "closed_entry" and "closed_at", null while it
 * is open, "answer", "name": the system's, "written": n that came in for it}…]. */
MUST_CHECK enum err consultation_list(const struct snapshot *snap, const char *slug, json_t **out);
/* Systems that are published as planned, of a level among `levels` (JSON, a list), whom nobody was
 * asked about yet: [{"system", "name"}…]. */
MUST_CHECK enum err consultation_lacking(
	const struct snapshot *snap, const json_t *levels, json_t **out);
