/* rules_view.h - how the city decides (rules.h), as pages show it. */
#pragma once
#include "web/view/request.h"

/* All rules that were ever made, the newest first: [{"entry", "from": the day, in words, "now": are
 * they in force today, "ahead": is their day to come, "two_approvals", "consultation": [a value of
 * the risk field…], "any": is either not empty, "reason": a text or null}…]. */
MUST_CHECK enum err rules_view(const struct request *rq, json_t **out);
/* "two_approvals", "consultation" and "any" of rules as an entry has them, into `view`. */
void rules_view_levels(const struct request *rq, const json_t *about, json_t *view);
