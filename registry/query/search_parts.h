/* search_parts.h - shared by the files of search. */
#pragma once
#include "registry/query/search.h"

/* A text whose lines tell which words they may have. */
struct search_text;
struct search_text *search_text_of(const char *s); /* the caller frees */
/* The line with the most of `forms` (folded, without spaces), preferring the page's language, cut
 * around the first one: [{"text", "mark"}…]; NULL if it contains none. */
json_t *search_piece(const struct search_text *text, const json_t *forms, const char *lang);
/* Words that find something if the given ones do not: the likely intended ones, each the nearest
 * word in names, tags and summaries; or, of two to five, all but one. */
struct search_meant {
	char *words;   /* NULL for none; the caller frees both */
	char *unknown; /* the only one of the given words that finds nothing, if no system has it,
	                  or NULL */
};
MUST_CHECK enum err search_suggest(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, struct search_meant *out);
