/* outdated.h - translations that are older than their original: the original text changed from one
 * version of a record to the next, and the translation stayed identical.
 *
 * The original is the text in the language that the record lists as original ("translations"), else
 * in the standard's own language. A text listed as original is never a translation. Nothing is
 * refused for an outdated translation, because a corrected letter in the original may leave it
 * right. It ends when the translation changes or is listed as original. Items of lists are compared
 * by position. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/standard/standard.h"

/* Compares two records; `before` may be NULL. In the form of standard_check()'s problems:
 * [{"field", "at": "goal.en", "rule": "translation_outdated", "language": "en", "original": "ko"}…]
 */
json_t *outdated_between(const struct standard *s, const json_t *before, const json_t *after);
/* The same for a system's version `n`, from its whole history, each with "since", the time of the
 * version that first changed the original. With `next`: for that record, filed after version n;
 * translations that it makes outdated itself have no "since". */
MUST_CHECK enum err outdated_since(const struct snapshot *snap, const struct standard *s,
	const char *slug, int64_t n, const json_t *next, json_t **out);
