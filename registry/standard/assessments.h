/* assessments.h - the facts that a department answers for policies: a record's field of type
 * "assessments".
 *
 *     {"eu-ai-act": {"annex_iii": ["5a"], "profiling": true, "weeks": 3, "role": "deployer"}}
 *
 * A policy is named by its slug, a fact by [A-Za-z0-9_.-]{1,80}; a fact is true or false, a whole
 * number of less than 2^53 either way, a code, or a list of codes that are all different. What
 * the facts mean is the policy's; here they only have a form, so that every record of one
 * policy's facts is also readable without that policy. */
#pragma once
#include "base/json.h"

#define POLICIES_MAX 20
#define FACTS_MAX 400
#define FACT_NAME 80
#define FACT_CODE 100
#define FACT_CODES 100
#define FACT_NUMBER 9007199254740991LL /* 2^53 - 1: what every reader of JSON holds exactly */

bool fact_name_valid(const char *s);
/* One value as text, for people: "true", "3", "deployer", "5a, 5b". */
void fact_text(const json_t *value, struct buf *out);
/* Appends what differs between two values of `field`, a fact at a time, by name:
 * {"field", "policy", "fact", "before", "after"}. A policy that came or went without any fact has
 * no "fact"; values of another form count as one change of the whole field. */
void assessments_diff(json_t *list, const char *field, const json_t *before, const json_t *after);
