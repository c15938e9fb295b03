/* search_words.h - what search knows of words: data of policies/search.json, and what a city adds.
 *
 * Words compare folded and without spaces. */
#pragma once
#include "base/json.h"

/* Adds the synonyms of {"synonyms": [[word…]…]}. Before any search, as nothing locks the list.
 * ERR_INVALID says what is wrong, and leaves the list as it was. */
MUST_CHECK enum err search_words_add(const json_t *words);
/* All that mean the same as `word`, and it itself, as they are written; NULL: none is known. */
const json_t *search_synonyms(const char *word);
/* Says nothing by itself: a particle, "the". `word` is folded. */
bool search_is_stop(const char *word);
/* Bytes of `word` before its particle; all of them where it ends in none, or in one that leaves
 * less than two syllables, and no letters before them. */
size_t search_stem(const char *word);
