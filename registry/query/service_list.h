/* service_list.h - the AI services of a Korean public body under Act 21392: which are on the list
 * required by Article 30, the result of the policy kr-public-ai-act for each, the submissions of
 * the list, and the changes since.
 *
 * As JSON values, like query.h. The list itself is the export of the profile SERVICE_LIST; its rows
 * are exactly the systems "listed" here. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

#define SERVICE_LIST "kr-ai-service-list"
#define SERVICE_POLICY "kr-public-ai-act"

/* The submissions of the list, the latest recorded first: [{"entry", "list", "at" of the entry,
 * "day" on which it was handed over, "file": SHA-256, "services": n, "to": {…}, "note": {…}, the
 * last two null if absent or erased}…]; `limit` -1: all. */
MUST_CHECK enum err service_list_submissions(
	const struct snapshot *snap, int64_t limit, json_t **out);
/* Every published system that is not retired, by its slug: [{"slug", "name": {…},
 * "department_name": {…}, "status" (effective), "listed": bool, "said": the policy's result (level,
 * standing, duties…), or null if it was not run, "ground": the exemption that its record claims, or
 * null, "officer": {…} or null, "responsibility": {…} or null}…]. Reads every record. */
MUST_CHECK enum err service_list_systems(const struct snapshot *snap, json_t **out);
/* Systems that were on the list and are retired, by the office or by their own records: [{"slug",
 * "name": {…}, "department_name": {…}, "at": when the office retired it, or null, "until": what its
 * record says of its end, or null}…]. */
MUST_CHECK enum err service_list_retired(const struct snapshot *snap, json_t **out);
/* For a submission as above: systems that were added to the list, removed or changed in it since
 * the day of the submission, or since its entry if that is earlier: [{"slug", "name": {…},
 * "change": "added", "removed" or "changed"}…] by slug. `day_end` is the first moment after that
 * day, as a time text. */
MUST_CHECK enum err service_list_changes(
	const struct snapshot *snap, const json_t *submission, const char *day_end, json_t **out);
