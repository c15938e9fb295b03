/* changes_view.h - the differences between two records, by field and by word. */
#pragma once
#include "web/view/request.h"

/* By rq->standard: [{"name", "id" (of the page), "label", "kind": "edited", "added" or "removed" as
 * text, "here":
 * {"lang", "language", "runs": [{"same"|"removed"|"added": text, the others null}…]} in the page's
 * language, or null, "others": the same in each other language}…]. `before` NULL: all of `after` is
 * new. */
json_t *changes_view(const struct request *rq, const json_t *before, const json_t *after);
