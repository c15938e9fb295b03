/* diff.h - what changed between two records, field by field and word by word. */
#pragma once
#include "registry/standard.h"

enum change { CHANGE_SAME, CHANGE_REMOVED, CHANGE_ADDED };

/* Two texts as runs of same, removed and added words: a JSON array of
 * {"op": "same"|"removed"|"added", "text": "…"}; joined, the runs give the texts back exactly.
 * Words are runs of letters; Han, Hangul syllables without spaces stay readable because a run
 * of CJK ideographs splits by character. Work is bounded: past a limit the whole text counts
 * as replaced. */
json_t *diff_words(const char *before, const char *after);
/* The fields in which two records differ, in the standard's order (fields that the standard
 * does not know come last): [{"field": "goal", "before": …, "after": …}], with absent ones null.
 * Facts for policies are listed one by one, with "policy" and "fact" beside. */
json_t *diff_records(const struct standard *s, const json_t *before, const json_t *after);
