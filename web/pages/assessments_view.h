/* assessments_view.h - the facts that a record states for policies, for pages. */
#pragma once
#include "web/view/parts.h"

/* [{"policy", "name", "none": bool, "facts": [{"fact", "value"}…]}…], policies and facts by name;
 * "value" is a text in the page's language. */
json_t *assessments_view(const struct request *rq, const json_t *value);
/* The same as members of the view of value.md. */
json_t *assessments_members(const struct request *rq, const json_t *value);
/* As lines in `lang`, for comparing: a whole value, one policy's facts or one fact. */
void assessments_text(
	const struct request *rq, const json_t *value, const char *lang, struct buf *out);
