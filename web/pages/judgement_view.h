/* judgement_view.h - what the policies say of a version, as its page shows it: "why this level". */
#pragma once
#include "web/view/view.h"

/* {"level": a value of the risk field, or null, "laxer", "stricter": bool, against what is
 * published, "reason": {"text", "title": of its policy}, the strictest, where that is what is
 * published, "again": {"at", "entry"} where it was judged once more since the publication, else
 * null, "stale": bool, "entry", "sha256", "policies": [{"id", "title", "level" (a text) or null,
 * "not_binding": why the rules do not bind this city, a text, or null,
 * "failed": bool, "reasons": [{"rule", "basis", "text", "from"}…], "duties": [{"id", "basis",
 * "text", "met", "fields": [{"anchor" or null, "label", "missing"}…], "from", "due":
 * part_days_left() by `today`, or null, "event": {"entry", "date"} that fulfilled it, or null}…],
 * "duties_n", "duties_met": numbers, "facts": [{"label", "value"}…]}…]}. `judged` is what
 * query_judgement() gave, `fulfilled` what query_fulfilled() did, or NULL: on a page that speaks of
 * another day than today. */
MUST_CHECK enum err judgement_view(const struct request *rq, const json_t *record,
	const json_t *judged, const json_t *fulfilled, int64_t published_entry, const char *today,
	json_t **out);
