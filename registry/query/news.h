/* news.h - the content of feeds: the latest public events, and upcoming reviews.
 *
 * As JSON values, like query.h. For one system (`system`), for the systems of one department
 * (`department`), or for all (both NULL). */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/json.h"

struct news {
	const char *system, *department;
};
/* Milestones in the form of query_milestones(), with "slug", "name": {…}, "department_name": {…};
 * newest first. */
MUST_CHECK enum err news_milestones(
	const struct snapshot *snap, struct news of, int64_t limit, json_t **out);
/* Systems whose review is due before the day `before`, latest due date first: [{"slug", "name":
 * {…}, "department_name": {…}, "review_due"}…]. */
MUST_CHECK enum err news_reviews(const struct snapshot *snap, struct news of, const char *before,
	int64_t limit, json_t **out);
/* Changes of the standard and the policies: [{"type": "standard.adopted", "policy.adopted" or
 * "policy.retired", "id" of a policy or null, "version", "at", "entry", "sha256", "about":
 * {"title"…} of a policy or null, "reason": {…} of a retirement or null}…], newest first; `limit`
 * -1: all. */
MUST_CHECK enum err news_adoptions(const struct snapshot *snap, int64_t limit, json_t **out);

/* Published questions and public answers, newest first: [{"type": "feedback.published" or
 * "feedback.answered", or "feedback.merged" with the id of the question that answers it, and with a
 * text only if it was public before, "at", "entry", "id" of the question, "slug" of its system and
 * "name", both null if it is about none, "department_name", "asked", "answer": {…} or null}…]. */
MUST_CHECK enum err news_questions(
	const struct snapshot *snap, struct news of, int64_t limit, json_t **out);
