/* question_view.h - a question, its answers and what was decided, as pages show them. All return
 * new references. */
#pragma once
#include "base/env.h"
#include "web/view/view.h"

/* A text that was written for a person, in whichever of its languages reaches them: the reader's,
 * else that of who asked (may be NULL), else any. {"text": {"text", "lang", "own": what the
 * language calls itself, "foreign": not the page's} or null, "others": [the same, with "open": it
 * is the language of who asked]}, the others being those that the interface lacks: a reader gets
 * to its own languages by the page's switch. */
json_t *question_texts(const struct request *rq, const json_t *texts, const char *asked_in);
/* What is shown of a question that is masked (mask.h), in pieces: [{"text"} or {"mask": true}…]. */
json_t *question_pieces(const char *text);
/* A question as query_feedback() and query_question() give it. */
json_t *question_view(const struct request *rq, const json_t *question);
/* By which day the city means to answer what came in `at`: {"date": in words, "days", "late": it is
 * over}. */
json_t *question_due(const struct request *rq, const char *at);
/* {"n", "text"…} of query_answer_days(). */
json_t *question_days(const struct request *rq);
