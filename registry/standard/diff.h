/* diff.h - the differences between two records, by field and by word. */
#pragma once
#include "registry/standard/standard.h"

enum change { CHANGE_SAME, CHANGE_REMOVED, CHANGE_ADDED };

/* Two texts as runs of same, removed and added words: a JSON array of {"op":
 * "same"|"removed"|"added", "text": "…"}; joined, the runs reproduce both texts exactly. Words are
 * runs of letters; a run of CJK ideographs splits by character, so that text without spaces stays
 * readable. Work is bounded: past a limit the whole text counts as replaced. `left` is the
 * remaining budget of a caller that compares many texts; it starts at DIFF_WORK and each call
 * reduces it. */
#define DIFF_WHOLE                                                                              \
	"\002" /* between two of these is one word, whatever it holds: a value's label, a date. \
	        * No text of a record has such a character, nor has any run */
#define DIFF_WORK 8000000 /* comparisons of words; some 20 ms */
json_t *diff_words(const char *before, const char *after, int *left);
/* The fields in which two records differ, in the standard's order (unknown fields last): [{"field":
 * "goal", "before": …, "after": …}], with absent values null. Facts for policies are listed one by
 * one, with "policy" and "fact". */
json_t *diff_records(const struct standard *s, const json_t *before, const json_t *after);
