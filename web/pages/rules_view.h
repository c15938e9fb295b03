/* rules_view.h - the city's rules for decisions (rules.h), for pages. */
#pragma once
#include "web/view/request.h"

/* All rules so far, newest first: [{"entry", "from": the day, in words, "now": they are in force,
 * "ahead": their day is to come, "two_approvals", "consultation": [a value of the risk field…],
 * "any": one of the two is not empty, "reason": a text or null}…]. */
MUST_CHECK enum err rules_view(const struct request *rq, json_t **out);
/* Adds "two_approvals", "consultation" and "any" of an entry's rules to `view`. */
void rules_view_levels(const struct request *rq, const json_t *about, json_t *view);
