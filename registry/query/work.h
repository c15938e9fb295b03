/* work.h - lists of what waits for somebody, of one department or of all.
 *
 * No list costs more as the register grows: an index finds what is on it, a count ends at a limit,
 * and a page of a list begins after the last row of the page before it. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

/* Each row has "cursor", "department", "department_name" and, but for WORK_SILENT, "system" and
 * "name" (a text per language, or null). */
enum work {
	/* Filings that wait for a decision, the oldest first: "filing", "at", "version": the newest
	 * published one, "person": who filed, or null. */
	WORK_FILINGS,
	/* Filings that the office returned and that were not filed again: the same, "reason". */
	WORK_RETURNED,
	/* Questions without an answer, the oldest first: "id", "at", "state": 'received' (with
	 * `undecided` alone: the office decides about them, and nobody else may read them) or
	 * 'published', "question", "entry": the latest about it. "system" may be null. */
	WORK_QUESTIONS,
	/* Unmet duties due before `before`, the first due first: "policy", "duty", "about":
	 * {"text", "basis"}, "due". */
	WORK_DUES,
	/* Systems whose review is due before `before`, the first due first: "due". */
	WORK_REVIEWS,
	/* Systems whose level changed under new policies, the oldest change first: "at", "risk":
	 * that the record names, "level": that is derived now, "changes". */
	WORK_JUDGED,
	/* Departments that filed nothing and stated nothing since `before`, the longest silent
	 * first: "at": when they last did, or were added. */
	WORK_SILENT,
	WORK_LISTS
};
struct work_filter {
	const char *department; /* slug; NULL: all */
	const char *before;     /* a day */
	const char *after;      /* "cursor" of the last row that was shown; NULL: from the first */
	int64_t limit;          /* of rows, -1: none */
	bool undecided;
};
MUST_CHECK enum err work_rows(
	const struct snapshot *snap, enum work list, const struct work_filter *f, json_t **out);
/* A row of WORK_DUES, without "cursor". ERR_NOT_FOUND: there is no such duty with a day, or it is
 * fulfilled. */
MUST_CHECK enum err work_due(const struct snapshot *snap, const char *system, const char *policy,
	const char *duty, json_t **out);
/* How many there are, counted up to f->limit. */
MUST_CHECK enum err work_count(
	const struct snapshot *snap, enum work list, const struct work_filter *f, int64_t *out);
