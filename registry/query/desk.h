/* desk.h - the office's queries on persons, their keys, filings and rules. work.h has the lists of
 * pending work. */
#pragma once
#include "audit/store.h"
#include "base/json.h"

/* A person's keys, oldest first: [{"vkey", "granted_entry", "revoked": bool}…]. */
MUST_CHECK enum err desk_keys(const struct snapshot *snap, const char *person, json_t **out);
/* A key by the entry that granted it: {"vkey", "person", "department", "granted_entry",
 * "revoked_entry" or null, "since": the day from which it may have been stolen, or null}.
 * ERR_NOT_FOUND. */
MUST_CHECK enum err desk_key(const struct snapshot *snap, int64_t granted, json_t **out);
/* The entries that it signed, newest first: [{"entry", "at", "type", "subject"}…]. */
MUST_CHECK enum err desk_signed(const struct snapshot *snap, int64_t granted, json_t **out);
/* All appointed persons: [{"person", "role", "department", "department_name", "entry", "at",
 * "dismissed": bool, "keys": the number that may sign}…], by department. */
MUST_CHECK enum err desk_people(const struct snapshot *snap, json_t **out);
/* All earlier filings of a system, newest first: [{"filing", "at", "person", "outcome":
 * 'published', 'returned' or 'replaced', "decided_at", "decided_entry", "decided_by": the person of
 * the office, or null, "reason" of a return, "version" that it became, or null}…]. */
MUST_CHECK enum err desk_reviews(
	const struct snapshot *snap, const char *system, int64_t before, json_t **out);
/* {"record"} of a filing, also while nobody decided on it; null once erased. ERR_NOT_FOUND. */
MUST_CHECK enum err desk_filed(const struct snapshot *snap, int64_t filing, json_t **out);
/* The approvals of a filing, oldest first: [{"person", "role", "entry", "at"}…]. */
MUST_CHECK enum err desk_approvals(const struct snapshot *snap, int64_t filing, json_t **out);
/* All rules of the city (rules.h), newest first: [{"entry", "at", "from", "about":
 * {"two_approvals", "consultation", "reason"?}}…]. */
MUST_CHECK enum err desk_rules(const struct snapshot *snap, json_t **out);
/* Questions about a system, newest first, in the form of WORK_QUESTIONS (work.h), including
 * answered ones, with "answered_at". */
MUST_CHECK enum err desk_questions_of(
	const struct snapshot *snap, const char *system, bool undecided, json_t **out);
