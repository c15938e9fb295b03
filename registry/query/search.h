/* search.h - systems by words. registry/event/search.h keeps the index, and says what is in it. */
#pragma once
#include "registry/query/query.h"

/* Hits that are counted and can be paged through, unless a filter has fewer. */
#define SEARCH_MOST 1000

/* {"total": at most so many, "more": are there more than that, "systems": [… as
 * query_systems(), and "match": {"in": "name", "tags", "summary", "rest", "asked" or "not_for", the
 * first of these that has the words, "parts": [{"text", "mark": bool}…], a piece of that with the
 * words marked}…], "suggestion": where nothing is found, the words as they may have been meant, or
 * all of them but one, or null, "forms": what was looked for, folded, without spaces}. The best
 * come first: hits in names, then in tags, summaries, the rest, questions and answers, and what a
 * system is said not to be used for. Among equals what is in use comes before what is retired. */
MUST_CHECK enum err search_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out);
/* A text with the words marked that a search's answer has as "forms"; NULL where it has none. */
json_t *search_marked(const char *text, const json_t *forms);
/* Is a piece in the city's own script, on a page in another language? */
bool search_is_foreign(const json_t *parts, const char *lang);
