/* service_list.h - the AI services of a public body in Korea, as Act 21392 looks at them: which are
 * on the list that Article 30 asks for, what the policy kr-public-ai-act says of each, when the
 * list was handed over, and what changed since.
 *
 * As JSON values, like query.h. The list itself is the export of the profile of its name, whose
 * rows are exactly the systems that are "listed" here. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

#define SERVICE_LIST "kr-ai-service-list"
#define SERVICE_POLICY "kr-public-ai-act"

/* The times that the list was handed over, the latest recorded first: [{"entry", "list", "at" of
 * the entry, "day" on which it was handed over, "file": SHA-256, "services": n, "to": {…}, "note":
 * {…}, the last two null once erased or where there is none}…]; `limit` -1: all. */
MUST_CHECK enum err service_list_submissions(
	const struct snapshot *snap, int64_t limit, json_t **out);
/* Every published system that is not retired, by its slug: [{"slug", "name": {…},
 * "department_name": {…}, "status" (effective), "listed": bool, "said": what the policy answers
 * (level, standing, duties…), null where it was not asked, "ground": the exemption that its record
 * claims, or null, "officer": {…} or null, "responsibility": {…} or null}…]. Reads every record. */
MUST_CHECK enum err service_list_systems(const struct snapshot *snap, json_t **out);
/* Systems that were on the list and are retired, by the office or by their own records: [{"slug",
 * "name": {…}, "department_name": {…}, "at": when the office retired it, or null, "until": what its
 * record says of its end, or null}…]. */
MUST_CHECK enum err service_list_retired(const struct snapshot *snap, json_t **out);
/* Of a submission as above: systems that came to the list, left it, or say something else in it
 * since the day on which it was handed over, or since its entry if that is earlier: [{"slug",
 * "name": {…}, "change": "added", "removed" or "changed"}…] by slug. `day_end` is the first moment
 * after that day, as a time text. */
MUST_CHECK enum err service_list_changes(
	const struct snapshot *snap, const json_t *submission, const char *day_end, json_t **out);
