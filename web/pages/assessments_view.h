/* assessments_view.h - the facts that a record states for policies, in the words of the policies'
 * questions. rq->words_before chooses the adoption whose words are used. A policy that was not
 * adopted by then, and facts and codes unknown to it, are shown as the record has them. */
#pragma once
#include "registry/policy/policy.h"
#include "registry/standard/assessments.h"
#include "web/view/parts.h"

/* The policies of a page, each loaded once. */
struct spoken {
	const struct request *rq;
	size_t n;
	struct spoken_policy {
		char id[SLUG_MAX + 1];
		const struct policy *policy; /* NULL: not adopted */
		int64_t entry;               /* of the adoption */
		char sha256[65];
	} all[POLICIES_MAX];
};
const struct spoken_policy *spoken_policy(struct spoken *s, const char *id);
/* Appends the value of a fact in `lang`. `question` is the fact's question, or NULL. */
void fact_words(const struct request *rq, const json_t *question, const json_t *value,
	const char *lang, struct buf *out);

/* [{"policy", "name", "entry" and "sha256": of the adoption whose words are used, or null, "none":
 * bool, "facts": [{"fact", "value"}…]}…], policies by name, facts in the order of the questions, or
 * by name if there is no question. Texts are in the page's language. */
json_t *assessments_view(const struct request *rq, const json_t *value);
/* The same as members of the view of value.md. */
json_t *assessments_members(const struct request *rq, const json_t *value);
/* As lines in `lang`, for comparing: a whole value (`policy` NULL), one policy's facts (`fact`
 * NULL) or one fact. */
void assessments_text(struct spoken *s, const char *policy, const char *fact, const json_t *value,
	const char *lang, struct buf *out);
