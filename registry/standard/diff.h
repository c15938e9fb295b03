/* diff.h - what changed between two records, field by field and word by word. */
#pragma once
#include "registry/standard/standard.h"

enum change { CHANGE_SAME, CHANGE_REMOVED, CHANGE_ADDED };

/* Two texts as runs of same, removed and added words: a JSON array of
 * {"op": "same"|"removed"|"added", "text": "…"}; joined, the runs give the texts back exactly.
 * Words are runs of letters; Han, Hangul syllables without spaces stay readable because a run
 * of CJK ideographs splits by character. Work is bounded: past a limit the whole text counts
 * as replaced. `left` is what whoever compares many texts has left for them all, DIFF_WORK at
 * first: it goes down with each. */
#define DIFF_WHOLE                                                                              \
	"\002" /* between two of these is one word, whatever it holds: a value's label, a date. \
	        * No text of a record has such a character, nor has any run */
#define DIFF_WORK 8000000 /* comparisons of words; some 20 ms */
json_t *diff_words(const char *before, const char *after, int *left);
/* The fields in which two records differ, in the standard's order (fields that the standard
 * does not know come last): [{"field": "goal", "before": …, "after": …}], with absent ones null.
 * Facts for policies are listed one by one, with "policy" and "fact" beside. */
json_t *diff_records(const struct standard *s, const json_t *before, const json_t *after);
