/* search_parts.h - shared by the files of search. */
#pragma once
#include "registry/query/search.h"

/* The line with the most of the words, preferring the page's language, cut around the first one and
 * marked as by search_marked(); NULL if it contains none. The caller frees. */
char *search_piece(
	const struct search_text *text, const struct search_forms *forms, const char *lang);
/* A marked text as [{"text", "mark"}…]. */
json_t *search_parts(const char *marked);
/* Words that find something if the given ones do not: the likely intended ones, each the nearest
 * word in names, tags and summaries; or, of two to five, all but one. */
struct search_meant {
	char *words;   /* NULL for none; the caller frees both */
	char *unknown; /* the only one of the given words that finds nothing, if no system has it,
	                  or NULL */
};
MUST_CHECK enum err search_suggest(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, struct search_meant *out);
