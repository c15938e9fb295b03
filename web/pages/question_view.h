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
/* The days within which the office means to answer: the register's setting "answer_days", or
 * ANSWER_DAYS: the 14 within which Korean offices answer what asks for more than a look-up (Decree
 * on Civil Petitions, articles 14 and 15), counted as plain days in the register's zone. */
#define ANSWER_DAYS 14
int64_t question_answer_days(const struct snapshot *snap);
/* By which day the city means to answer what came in `at`: {"date": in words, "days", "late": it is
 * over}. */
/* Before which moment was asked what is overdue today? */
void question_late(const struct request *rq, char before[TIME_TEXT]);
json_t *question_due(const struct request *rq, const char *at);
/* {"n", "text"…} of the days. */
json_t *question_days(const struct request *rq);
