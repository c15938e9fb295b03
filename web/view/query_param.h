/* query_param.h - the query parameters of an address, and their allowed values.
 *
 * A route lists its own (web/pages/routes.def). An unknown or repeated parameter, or one with an
 * invalid value, is refused by name, because an answer that ignores part of a query is wrong. An
 * empty filter, which a form sends for an unused field, is ignored. */
#pragma once
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct request;

enum query_kind {
	QUERY_WORDS,  /* a search: at most QUERY_CHARACTERS in QUERY_WORDS_MAX words (query.h) */
	QUERY_NUMBER, /* counts from 1 */
	QUERY_OFFSET, /* counts from 0 */
	QUERY_DAY,    /* 2026-03-01 */
	QUERY_FLAG,   /* 1 */
	QUERY_SYSTEM, /* a system's slug; the handler reports an unknown one */
	QUERY_DEPARTMENT, /* a department's slug */
	QUERY_STATUS,     /* a value of the standard's field */
	QUERY_RISK,
	QUERY_DEADLINE, /* overdue, soon */
	QUERY_RETURN,   /* an address of the office's pages; any other is ignored */
	QUERY_ANYTHING, /* any parameter, for a redirect; its target checks them */
};

struct query_param {
	const char *name; /* NULL ends a list */
	enum query_kind kind;
	int most; /* the maximum of a number; 0: QUERY_MOST */
};

#define QUERY_CHARACTERS 200 /* typed searches are shorter */
#define QUERY_MOST 1000000

/* Checks the query's parameters. ERR_INVALID, in the request's language, names the parameter and
 * its allowed values. */
MUST_CHECK enum err query_check(const struct request *rq);
/* Removes the tracking parameters that social networks and mail programs add to shared links
 * (utm_source, fbclid). */
void query_unmark(char *uri);
