/* consultation.h - public consultations on systems, and their outcome. */
#pragma once
#include "audit/store.h"
#include "base/json.h"

/* Those of a system, or (NULL) all open ones, newest first: [{"entry", "system", "at", "closes": a
 * day, "question": a text per language, "closed_entry" and "closed_at", null while it is open,
 * "answer", "name": the system's, "written": the number of contributions}…]. */
MUST_CHECK enum err consultation_list(const struct snapshot *snap, const char *slug, json_t **out);
