/* personal_view.h - what looks like personal data in a text, marked for the person who is about to
 * publish it. */
#pragma once
#include "registry/event/mask.h"
#include "web/view/request.h"

struct personal_look {
	const char *text;
	struct mask_marks marks; /* between them it is marked already; {0}: nowhere */
	const json_t *published; /* public already, so not pointed at when it stands in the text */
};
/* {"pieces": [{"text", "mark"}…], "kinds": [{"kind", "further"}…], "marked": the text with marks
 * around each span or, without marks, with MASK in place of it}; null if nothing is found. */
json_t *personal_pointed(const struct request *rq, const struct personal_look *look);
