/* search.h - finds systems by words. registry/event/search.h describes and maintains the index. */
#pragma once
#include "registry/query/query.h"

/* Hits that are counted and shown page by page, unless a filter sets fewer. */
#define SEARCH_MOST 1000

/* {"total": at most the limit, "more": are there more, "systems": [… like query_systems(), and
 * "match": {"in": "name", "tags", "summary", "rest", "asked" or "not_for", the first of these with
 * the words, and a piece of it with the words marked: "parts": [{"text", "mark": bool}…], or with
 * the filter's `ids` "marked", as by search_marked(), or null}…],
 * "suggestion": if nothing is found, the likely intended words, or all words but one, or null;
 * "unknown": the word that was left out, if no system has it, whatever the filter says, or missing;
 * "forms": the words searched for, folded, without spaces}. Best first: hits in names, then in
 * tags, summaries, the rest, questions and answers, and excluded uses. Among equals systems in use
 * come before retired ones. */
MUST_CHECK enum err search_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out);
/* The columns of a hit, by the "id" that it has with the filter's `ids`; valid in this snapshot. */
MUST_CHECK enum err search_row(const struct snapshot *snap, int64_t id, json_t **out);
/* A text whose lines tell which words they may have, to be looked through many times. */
struct search_text;
struct search_text *search_text_of(const char *s); /* the caller frees */
/* "forms" of a search's answer, which must outlive this, to be looked for in many texts. */
struct search_forms;
struct search_forms *search_forms_of(const json_t *forms); /* the caller frees */
/* A copy in which the words stand between TEXT_MARK and TEXT_UNMARK; NULL if it has none. The
 * caller frees. */
char *search_marked(const struct search_text *text, const struct search_forms *forms);
/* Is a piece in Hangul, on a page in another language? */
bool search_is_foreign(const char *marked, const char *lang);
/* Texts that searches keep for those after them (search_kept.h), for a filter's `kept`. They must
 * be forgotten where a new read model of the same entries takes the place of a damaged one. */
struct search_kept *search_kept_new(void);
void search_kept_forget(struct search_kept *kept);
void search_kept_free(struct search_kept *kept);
