/* search.h - finds systems by words. registry/event/search.h describes and maintains the index. */
#pragma once
#include "registry/query/query.h"

/* Hits that are counted and shown page by page, unless a filter sets fewer. */
#define SEARCH_MOST 1000

/* {"total": at most the limit, "more": are there more, "systems": [… like query_systems(), and
 * "match": {"in": "name", "tags", "summary", "rest", "asked" or "not_for", the first of these with
 * the words, "parts": [{"text", "mark": bool}…], a piece of it with the words marked}…],
 * "suggestion": if nothing is found, the likely intended words, or all words but one, or null;
 * "unknown": the word that was left out, if no system has it, whatever the filter says, or missing;
 * "forms": the words searched for, folded, without spaces}. Best first: hits in names, then in
 * tags, summaries, the rest, questions and answers, and excluded uses. Among equals systems in use
 * come before retired ones. */
MUST_CHECK enum err search_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out);
/* The columns of a hit, by the "id" that it has with the filter's `ids`; valid in this snapshot. */
MUST_CHECK enum err search_row(const struct snapshot *snap, int64_t id, json_t **out);
/* A text in which the words of "forms", from a search's answer, are marked; NULL if it has none. */
json_t *search_marked(const char *text, const json_t *forms);
/* Is a piece in Hangul, on a page in another language? */
bool search_is_foreign(const json_t *parts, const char *lang);
/* Texts that searches keep for those after them (search_kept.h), for a filter's `kept`. They must
 * be forgotten where a new read model of the same entries takes the place of a damaged one. */
struct search_kept *search_kept_new(void);
void search_kept_forget(struct search_kept *kept);
void search_kept_free(struct search_kept *kept);
