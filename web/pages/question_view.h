/* question_view.h - a question, its answers and the decision on it, for pages. All functions return
 * new references. */
#pragma once
#include "base/env.h"
#include "web/view/view.h"

/* Chooses from the languages of a text that was written for one person: the reader's, else that of
 * the question (may be NULL), else any. {"text": {"text", "lang", "own": the language's own name,
 * "foreign": not the page's} or null, "others": [the same, with "open": it is the language of the
 * question]}. "others" lists only languages that the interface lacks, because the page's switch
 * leads to the rest. */
json_t *question_texts(const struct request *rq, const json_t *texts, const char *asked_in);
/* The text of a masked question (mask.h), in pieces: [{"text"} or {"mask": true}…]. */
json_t *question_pieces(const char *text);
/* A question from query_feedback() or query_question(). */
json_t *question_view(const struct request *rq, const json_t *question);
/* The day by which the city intends to answer a question of `at`: {"date": in words, "days",
 * "late": it has passed}. */
json_t *question_due(const struct request *rq, const char *at);
/* {"n", "text"…} from query_answer_days(). */
json_t *question_days(const struct request *rq);
