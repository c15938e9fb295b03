/* judged_view.h - what the policies say of a record that is not published: for the officer who
 * writes it, and for the reviewer who decides about it. */
#pragma once
#include "web/office/office.h"

/* Where a field of the record can be seen or mended; NULL: nowhere. The caller frees. */
typedef char *judged_place(const void *where, const char *field);

struct judged {
	const struct request *rq;
	const json_t *judgement; /* of the record as it is now */
	const json_t *before;    /* of what is published, judged_before(); NULL: nothing is */
	judged_place *place;
	const void *where;
};
/* {"level": a value of the risk field, or null, "was": the published one, where it was another,
 * "policies": [{"title", "level" (a text) or null, "was": the same of what is published, where it
 * was another, "risk", "failed": bool, "reasons": [{"text", "basis"}…], "unmet": [{"text", "basis",
 * "missing": [{"href" or null, "label"}…], "due": part_days_left(), "added": bool, "broken": bool,
 * was met}…], "added_met", "now_met", "removed": [text…], "duties_n", "duties_met": numbers,
 * "any_unmet": bool}…]}; null where there is no judgement. */
json_t *judged_view(const struct judged *j);
/* What the policies said last of the version that is published; NULL for none. The caller owns it.
 */
MUST_CHECK enum err judged_before(const struct request *rq, const char *slug, json_t **out);
