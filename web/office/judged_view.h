/* judged_view.h - the policies' judgement of a record that is not published, for the officer who
 * writes it and the reviewer who decides on it. */
#pragma once
#include "web/office/office.h"

/* The link to where a field of the record is shown or edited; NULL: none. The caller frees. */
typedef char *judged_place(const void *where, const char *field);

struct judged {
	const struct request *rq;
	const json_t *judgement; /* of the present record */
	const json_t *before;    /* of the published one, from judged_before(); NULL: none */
	judged_place *place;
	const void *where;
};
/* {"level": a value of the risk field, or null, "was": the published one if it differs, "policies":
 * [{"title", "level" (a text) or null, "was": the published level if it differs, "risk", "failed":
 * bool, "reasons": [{"text", "basis"}…], "unmet": [{"text", "basis", "missing": [{"href" or null,
 * "label"}…], "due": part_days_left(), "added": bool, "broken": bool: it was met}…], "added_met",
 * "now_met", "removed": [text…], "duties_n", "duties_met": numbers, "any_unmet": bool}…]}; null
 * without a judgement. */
json_t *judged_view(const struct judged *j);
/* The policies' last judgement of the published version; NULL for none. The caller owns it. */
MUST_CHECK enum err judged_before(const struct request *rq, const char *slug, json_t **out);
