/* coverage.h - how much of the city the register covers: which departments published systems, which
 * stated that they use none, which said nothing yet; and how complete their records are.
 *
 * As JSON values, like query.h. `today` is a day in the register's zone, "2026-03-01"; overdue and
 * a year old are relative to it. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* {"departments": n, the sum of the next three, "systems": n, "declared_none": n, "silent": n,
 * "old": n of the declared, whose statement is over a year old} */
MUST_CHECK enum err coverage_counts(const struct snapshot *snap, const char *today, json_t **out);

/* A department: {"slug", "name": {…}, "about": {…}, "added_at", "systems": n published, "in_use": n
 * of them not retired, "completeness": of all its published records, imported and retired ones too:
 * {"records": n that could be counted, "required": fields that the standard in force requires of
 * them, "filled" and "withheld": n of these, "duties": by the policies, "duties_met", "overdue":
 * reviews}, "coverage": "systems", "declared_none" or "silent", "declared": null, or {"entry",
 * "at", "statement": {…}, null once erased, "renew_by": the last day of its year, "old": bool}}. A
 * declaration takes precedence over the department's retired systems; a system that is not retired
 * ends it. */
/* All of them, by slug. */
MUST_CHECK enum err coverage_departments(
	const struct snapshot *snap, const char *today, json_t **out);
/* One of them, with "declarations": all of them, newest first: [{"entry", "at", "statement",
 * "ended_entry": null while it stands, "renewed": bool, another took its place}…]. ERR_NOT_FOUND.
 */
MUST_CHECK enum err coverage_department(
	const struct snapshot *snap, const char *slug, const char *today, json_t **out);
