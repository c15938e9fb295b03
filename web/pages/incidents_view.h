/* incidents_view.h - incidents that a department reported, as pages show them. */
#pragma once
#include "web/view/request.h"

/* Of incidents_of(): [{"entry", "severity": in words, "since", "aware", "when": reported, "open",
 * "closed": when, or null; "held": {"public_on", "ground", "basis"} or null; "what", "affected",
 * "done", "due": by when the authority is to be told, as part_days_left() has it, or null where it
 * was, or there is no such duty; "told": a day or null; "name", "slug", "notes"}…]. `today` NULL:
 * nothing is said of days that are left. */
json_t *incidents_view(const struct request *rq, const json_t *incidents, const char *today);
