/* assessments.h - a department's answers to the questions of policies: a record's field of type
 * "assessments".
 *
 *     {"eu-ai-act": {"annex_iii": ["5a"], "profiling": true, "weeks": 3, "role": "deployer"}}
 *
 * A policy is named by its slug, a fact by [A-Za-z0-9_.-]{1,80}; a fact is true or false, an
 * integer of magnitude below 2^53, a code, or a list of distinct codes. The policy defines their
 * meaning; this module checks only their form, so a record can be read without its policies. */
#pragma once
#include "base/json.h"

#define POLICIES_MAX 20
#define FACTS_MAX 400
#define FACT_NAME 80
#define FACT_CODE 100
#define FACT_CODES 100
#define FACT_NUMBER 9007199254740991LL /* 2^53 - 1: exact in every JSON parser */

/* One value as text, for people: "true", "3", "deployer", "5a, 5b". */
void fact_text(const json_t *value, struct buf *out);
/* Appends the differences between two values of `field`, one per fact, by name: {"field", "policy",
 * "fact", "before", "after"}. A policy that was added or removed without any fact has no "fact";
 * malformed values count as one change of the whole field. */
void assessments_diff(json_t *list, const char *field, const json_t *before, const json_t *after);
