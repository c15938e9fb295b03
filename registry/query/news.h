/* news.h - what feeds tell: the latest public happenings, and reviews that come up.
 *
 * As JSON values, like query.h. Of one system (`system`), of those of one department
 * (`department`), or of all (both NULL). */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

struct news {
	const char *system, *department;
};
/* Milestones as query_milestones() has them, with "slug", "name": {…}, "department_name": {…};
 * newest first. */
MUST_CHECK enum err news_milestones(
	const struct snapshot *snap, struct news of, int64_t limit, json_t **out);
/* Systems whose review is due before the day `before`, latest due date first: [{"slug", "name":
 * {…}, "department_name": {…}, "review_due"}…]. */
MUST_CHECK enum err news_reviews(const struct snapshot *snap, struct news of, const char *before,
	int64_t limit, json_t **out);
/* What all records are held to, and when that changed: [{"type": "standard.adopted",
 * "policy.adopted" or "policy.retired", "id" of a policy or null, "version", "at", "entry",
 * "sha256", "about": {"title"…} of a policy or null, "reason": {…} of a retirement or null}…],
 * newest first; `limit` -1: all. */
MUST_CHECK enum err news_adoptions(const struct snapshot *snap, int64_t limit, json_t **out);

/* Published questions and public answers; the newest first: [{"type": "feedback.published" or
 * "feedback.answered", "at", "entry", "id" of the question, "slug" of its system and "name", both
 * null where it is about none, "department_name", "asked", "answer": {…} or null}…]. */
MUST_CHECK enum err news_questions(
	const struct snapshot *snap, struct news of, int64_t limit, json_t **out);
