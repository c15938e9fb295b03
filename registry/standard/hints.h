/* hints.h - how the texts of a record could be easier to read. Nothing is refused for a hint: an
 * officer is told while writing, and decides.
 *
 * In the form of standard_check()'s problems, at texts of the types text and markdown only. Rules:
 * long_sentence ("got" and "limit" in words, "allowed": how the sentence begins), abbreviation
 * ("got": capitals that no text of the record explains in brackets), short_word ("got": a
 * customary short form, "allowed": its full one, which no text of the record has), only_label (the
 * text says no more than the field's label). Limits and words are data: policies/words.json. */
#pragma once
#include "registry/standard/standard.h"

/* Appends to `hints`; a text gets each hint once. `only`: a field of the record, or NULL for all.
 */
void hints_find(const struct standard *s, const json_t *record, const char *only, json_t *hints);
