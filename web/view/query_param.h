/* query_param.h - the query parameters that an address knows, and what each may say.
 *
 * A route lists its own (web/pages/routes.def). A request that asks for another, for one twice, or
 * with a value that means nothing here is refused by name: an answer that passes over half of a
 * question is a wrong answer. An empty filter, as a form sends for what was left open, asks for
 * nothing. */
#pragma once
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct request;

enum query_kind {
	QUERY_WORDS,  /* a search: at most QUERY_CHARACTERS in QUERY_WORDS_MAX words (query.h) */
	QUERY_NUMBER, /* from 1 on */
	QUERY_OFFSET, /* from 0 on */
	QUERY_DAY,    /* 2026-03-01 */
	QUERY_FLAG,   /* 1 */
	QUERY_SYSTEM, /* a system's slug; whoever answers says when there is none */
	QUERY_DEPARTMENT, /* a department's slug */
	QUERY_STATUS,     /* a value of the standard's field */
	QUERY_RISK,
	QUERY_DEADLINE, /* overdue, soon */
	QUERY_RETURN,   /* an address of the office's pages; one that is none is passed over */
	QUERY_ANYTHING, /* of a redirect, under any name: where it leads decides */
};

struct query_param {
	const char *name; /* NULL ends a list */
	enum query_kind kind;
	int most; /* of a number; 0: QUERY_MOST */
};

#define QUERY_CHARACTERS 200 /* what people type is shorter */
#define QUERY_MOST 1000000

/* ERR_INVALID with a sentence in the request's language that names the parameter and what it may
 * be. */
MUST_CHECK enum err query_check(const struct request *rq);
/* Networks and mail programs mark the links that people share (utm_source, fbclid): a question
 * nobody asked. Takes such parameters out of an address. */
void query_unmark(char *uri);
