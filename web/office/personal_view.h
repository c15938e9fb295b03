/* personal_view.h - marks what looks like personal data in a text, for the person who is about to
 * publish it. */
#pragma once
#include "registry/event/mask.h"
#include "web/view/request.h"

struct personal_look {
	const char *text;
	struct mask_marks marks; /* the text between them is already marked; {0}: no marks */
	const json_t *published; /* already public, so it is not marked */
};
/* {"pieces": [{"text", "mark"}…], "kinds": [{"kind", "further"}…], "marked": the text with marks
 * around each span or, without marks, with MASK in place of it}; null if nothing is found. */
json_t *personal_pointed(const struct request *rq, const struct personal_look *look);
