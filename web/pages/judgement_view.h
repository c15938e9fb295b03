/* judgement_view.h - the policies' judgement of a version, for its page: "why this level". */
#pragma once
#include "web/view/view.h"

/* Do the levels of a policy tell more from less risk? Those of a law that grades nothing have all
 * the same risk, and in its colour a duty still to be done would look as if all were well. */
bool judgement_grades(const json_t *levels);
/* {"level": a value of the risk field, or null, "laxer", "stricter": bool, compared with the
 * published level, "reason": {"text", "title": of its policy}, the strictest, if that gave the
 * published level, "again": {"at", "entry"} of a judgement after the publication, else null,
 * "stale": bool, "entry", "sha256", "policies": [{"id", "title", "level" (a text) or null,
 * "not_binding": why the rules do not bind this city, a text, or null, "failed": bool, "reasons":
 * [{"rule", "basis", "text", "from"}…], "duties": [{"id", "basis", "text", "met", "fields":
 * [{"anchor" or null, "label", "missing"}…], "from", "due": part_days_left() by `today`, or null,
 * "event": {"entry", "date"} that fulfilled it, or null}…], "duties_n", "duties_met": numbers,
 * "facts": [{"label", "value"}…]}…]}. `judged` is from query_judgement(), `fulfilled` from
 * query_fulfilled(), or NULL on a page about another day than today. */
MUST_CHECK enum err judgement_view(const struct request *rq, const json_t *record,
	const json_t *judged, const json_t *fulfilled, int64_t published_entry, const char *today,
	json_t **out);
