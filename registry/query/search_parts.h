/* search_parts.h - between the files of search. */
#pragma once
#include "registry/query/search.h"

/* The line of `text` that has the most of `forms` (folded, without spaces), of those the first in
 * the page's language, cut around the first: [{"text", "mark"}…]; NULL where none stands in it. */
json_t *search_piece(const char *text, const json_t *forms, const char *lang);
/* Words that find something, where these find nothing: as they may have been meant, each the
 * nearest of those that names, tags and summaries have; else all but one, of three and more. NULL
 * for none. The caller frees. */
MUST_CHECK enum err search_suggest(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, char **out);
