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
#include "registry/event/services.h"

/* The submissions of the list, latest recorded first: [{"entry", "list", "at" of the entry, "day"
 * of the submission, "file": SHA-256, "services": n, "to": {…}, "note": {…}, the last two null if
 * absent or erased}…]; `limit` -1: all. */
MUST_CHECK enum err service_list_submissions(
	const struct snapshot *snap, int64_t limit, json_t **out);
/* The number of systems counted as `what` (services.c), by a key: [{"of", "n"}…] by "of". The key
 * is "" for simple counts: "systems", "listed", "retired", "late", "no_officer", "says_n", "silent"
 * (they lack a required statement on responsibility); a kind for "kind" ("done", "exempt",
 * "unconfirmed", "out", "unanswered"), "ground", "officer" (canonical JSON), "says" (a hash), "met"
 * (a duty); a day for "owed" ("": without one), "undated", "next", "confirm"; both for "due" ("duty
 * day"). */
MUST_CHECK enum err service_list_counts(
	const struct snapshot *snap, const char *what, int64_t limit, json_t **out);
/* The duties that systems have: [{"duty", "n": systems, "about": {"text", "basis", "from"}}…]. */
MUST_CHECK enum err service_list_duties(const struct snapshot *snap, json_t **out);
/* Systems to assess, or with an exemption to confirm, earliest due first: [{"slug", "name",
 * "department_name", "due"}…]. */
MUST_CHECK enum err service_list_next(const struct snapshot *snap, int64_t limit, json_t **out);
/* Statements of listed systems on responsibility for decisions, by slug, the first after `after`:
 * [{"slug", "name", "department_name", "responsibility": {…}}…]. */
MUST_CHECK enum err service_list_says(
	const struct snapshot *snap, const char *after, int64_t limit, json_t **out);
/* Systems that were on the list and are retired, by the office or by their own records, by slug,
 * the first after `after`: [{"slug", "name": {…}, "department_name": {…}, "at": when the office
 * retired it, or null, "until": its end according to its record, or null}…]. */
MUST_CHECK enum err service_list_retired(
	const struct snapshot *snap, const char *after, int64_t limit, json_t **out);
/* For a submission as above: systems that were added to the list, removed or changed in it since
 * the day of the submission, or since its entry if that is earlier: {"counts": [{"change": "added",
 * "removed" or "changed", "n"}…], "systems": the first by slug: [{"slug", "name": {…},
 * "department_name": {…}, "change"}…]}. `day_end` is the first moment after that day, as a time
 * text. The cost depends on the changes since. */
MUST_CHECK enum err service_list_changes(const struct snapshot *snap, const json_t *submission,
	const char *day_end, int64_t limit, json_t **out);
