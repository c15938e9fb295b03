/* search.h - what searches find, and how their index is kept.
 *
 * Each fold that changes what the public reads changes the rows of that system, question or
 * department alone, first in the table of texts, then in the FTS5 index over it. An erasure also
 * rewrites the indexes, because FTS5 keeps the words of a row that is gone until it merges the part
 * of the index that they are in. A question that loses words, because it was withdrawn, withheld or
 * masked, rewrites the index of questions alone. */
#pragma once
#include "registry/event/state.h"

#define SEARCH_RETIRED (INT64_C(1) << 40) /* more than any entry's number */

/* A system's texts, from its newest published record (NULL: erased). `entry` is what changed it, -1
 * where nothing did that moves it in lists. */
MUST_CHECK enum err search_system(
	struct state *st, const char *slug, const json_t *record, int64_t entry);
/* Its state changed by `entry`, and no text. */
MUST_CHECK enum err search_system_state(struct state *st, const char *slug, int64_t entry);
MUST_CHECK enum err search_department(struct state *st, const struct event *ev);
/* A question's text and answers, as far as the public may read them. */
MUST_CHECK enum err search_question(struct state *st, const char *id);
/* Whatever question a content that was erased was part of; and nothing of it stays in an index. */
MUST_CHECK enum err search_erased(struct state *st, const char *sha256);
/* Makes all indexes again from the tables of texts: the end of a rebuild. */
MUST_CHECK enum err search_index(struct state *st);
