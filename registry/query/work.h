/* work.h - lists of pending work, of one department or of all.
 *
 * The cost of a list does not grow with the register: an index finds its items, a count ends at a
 * limit, and a page begins after the last row of the page before it. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

#define DUE_SOON_DAYS 30 /* so many days before its due day a duty or a review is named */

/* Each row has "cursor", "department", "department_name" and, except for WORK_SILENT, "system" and
 * "name" (a text per language, or null). */
enum work {
	/* Filings that wait for a decision, oldest first: "filing", "at", "version": the newest
	 * published one, "person": who filed, or null, "approvals": how many it has so far. */
	WORK_FILINGS,
	/* Filings that the office returned and nobody filed again: the same, and "reason". */
	WORK_RETURNED,
	/* Questions without an answer, oldest first: "id", "at", "state": 'received' (only with
	 * `undecided`: the office decides on them, and nobody else may read them) or 'published',
	 * "question", "entry": the latest about it. "system" may be null. */
	WORK_QUESTIONS,
	/* Unmet duties due before `before`, earliest first: "policy", "duty", "about": {"text",
	 * "basis"}, "due". */
	WORK_DUES,
	/* Systems whose review is due before `before`, earliest first: "due". */
	WORK_REVIEWS,
	/* Systems whose level changed under new policies, oldest change first: "at", "risk": in the
	 * record, "level": derived now, "changes". */
	WORK_JUDGED,
	/* Departments that filed and stated nothing since `before`, longest silent first: "at":
	 * their last filing or statement, or when they were added. */
	WORK_SILENT,
	WORK_LISTS
};
struct work_filter {
	const char *department; /* slug; NULL: all */
	const char *before;     /* a day */
	const char *after;      /* "cursor" of the last row shown; NULL: from the first */
	int64_t limit;          /* of rows, -1: none */
	bool undecided;
};
MUST_CHECK enum err work_rows(
	const struct snapshot *snap, enum work list, const struct work_filter *f, json_t **out);
/* A row of WORK_DUES, without "cursor". ERR_NOT_FOUND if there is no such duty with a due day, or
 * it is fulfilled. */
MUST_CHECK enum err work_due(const struct snapshot *snap, const char *system, const char *policy,
	const char *duty, json_t **out);
/* The number of rows, counted up to f->limit. */
MUST_CHECK enum err work_count(
	const struct snapshot *snap, enum work list, const struct work_filter *f, int64_t *out);
