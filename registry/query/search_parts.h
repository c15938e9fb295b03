/* search_parts.h - between the files of search. */
#pragma once
#include "registry/query/search.h"

/* The line of `text` that has the most of `forms` (folded, without spaces), of those the first in
 * the page's language, cut around the first: [{"text", "mark"}…]; NULL where none stands in it. */
json_t *search_piece(const char *text, const json_t *forms, const char *lang);
/* Words as they may have been meant, of which one at least is another: the nearest of those that
 * names, tags and summaries have. NULL for none. The caller frees. */
MUST_CHECK enum err search_suggest(
	const struct snapshot *snap, char *const words[], size_t n, char **out);
