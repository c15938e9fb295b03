/* incidents_view.h - reported incidents for pages. */
#pragma once
#include "web/view/request.h"

/* From incidents_of(): [{"entry", "severity": in words, "since", "aware", "when": reported, "open",
 * "closed": when, or null; "held": {"public_on", "ground", "basis"} or null; "what", "affected",
 * "done", "due": part_days_left() until an authority must be told, or null if it was told or there
 * is no such duty; "law": incident_law(); "told": a day or null; "name", "slug", "notes"}…].
 * `today` NULL: leaves out the days left. */
json_t *incidents_view(const struct request *rq, const json_t *incidents, const char *today);
/* From when the days count until an authority must be told, how many, and by which law; null if
 * there is no such duty. */
json_t *incident_law(const struct request *rq, const char *severity);
