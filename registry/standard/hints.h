/* hints.h - hints on texts of a record that could be easier to read. No text is refused for a hint:
 * an officer sees it while writing, and decides.
 *
 * In the form of standard_check()'s problems, only for texts of the types text and markdown. Rules:
 * long_sentence ("got" and "limit" in words, "allowed": how the sentence begins), abbreviation
 * ("got": capitals that no text of the record explains in brackets), short_word ("got": a customary
 * short form, "allowed": its full one, which no text of the record has), only_label (the text
 * repeats the field's label), contradiction (at any field; "says", a text per language: the answer
 * hardly goes together with another). Limits, words and contradictions are data:
 * policies/words.json. */
#pragma once
#include "registry/standard/standard.h"

/* Appends to `hints`; a text gets each hint once. `only`: a field of the record, or NULL for all.
 */
void hints_find(const struct standard *s, const json_t *record, const char *only, json_t *hints);
/* The contradictions, which the other function leaves out. `today`: a day, as 2026-03-01. */
void hints_contradictions(const struct standard *s, const json_t *record, const char *only,
	const char *today, json_t *hints);
