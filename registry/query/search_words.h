/* search_words.h - what search knows about words: policies/search.json, and a city's additions.
 *
 * Words are compared folded and without spaces and punctuation. */
#pragma once
#include "base/json.h"

/* Adds the synonyms of {"synonyms": [[word…]…]}. Must be called before any search, because nothing
 * locks the list. ERR_INVALID names the fault and leaves the list unchanged. */
MUST_CHECK enum err search_words_add(const json_t *words);
/* All synonyms of `word`, including itself, in their original spelling; NULL if none is known. */
const json_t *search_synonyms(const char *word);
/* The first word of a folded text, without the punctuation around it; NULL if there is none.
 * Punctuation inside a word stays in it: "3.5", "ai-정책", "city's". With `last` the word goes to
 * the end of the text. */
const char *search_word(const char *s, bool last, size_t *len);
/* Is `word` (folded) meaningless by itself: a particle, "the"? */
bool search_is_stop(const char *word);
/* The length of `word` in bytes without its particle. That is all of it if it ends in none, or if
 * the particle leaves less than two syllables and no letters. */
size_t search_stem(const char *word);
