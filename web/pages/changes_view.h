/* changes_view.h - what changed between two records, field by field and word by word. */
#pragma once
#include "web/view/request.h"

/* By rq->standard: [{"name", "label", "kind": edited, added or removed in words, "here": {"lang",
 * "language", "runs": [{"same"|"removed"|"added": text, the others null}…]} in the page's language,
 * or null, "others": the same in each other one}…]. `before` NULL: there was none, and all of
 * `after` is new. */
json_t *changes_view(const struct request *rq, const json_t *before, const json_t *after);
