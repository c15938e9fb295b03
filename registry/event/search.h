/* search.h - the texts that searches find, and their index.
 *
 * Each fold that changes public text updates only the rows of that system, question or department,
 * first in the table of texts, then in the FTS5 index over it. An erasure also rewrites the
 * indexes, because FTS5 keeps the words of a deleted row until it merges that part of the index. A
 * question that loses words because it was withdrawn, withheld or masked rewrites only the index of
 * questions. */
#pragma once
#include "registry/event/state.h"

#define SEARCH_RETIRED (INT64_C(1) << 40) /* greater than any entry's number */

/* Sets a system's texts from its newest published record (NULL: erased). `entry` gives its place in
 * lists; -1 keeps the present place. */
MUST_CHECK enum err search_system(
	struct state *st, const char *slug, const json_t *record, int64_t entry);
/* Its state changed at `entry`, but its texts did not. */
MUST_CHECK enum err search_system_state(struct state *st, const char *slug, int64_t entry);
MUST_CHECK enum err search_department(struct state *st, const struct event *ev);
/* Sets a question's text and answers, as far as they are public. */
MUST_CHECK enum err search_question(struct state *st, const char *id);
/* Updates each question that an erased content belonged to, and clears its words from the
 * indexes. */
MUST_CHECK enum err search_erased(struct state *st, const char *sha256);
/* Rebuilds all indexes from the tables of texts, at the end of a rebuild of the read model. */
MUST_CHECK enum err search_index(struct state *st);
