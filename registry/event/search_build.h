/* search_build.h - makes the indexes of systems' texts while a build still folds.
 *
 * The indexes cost nearly as much as all folds, so a second thread makes them, in a file of its own
 * (a database has one writer). A row of texts is indexed after the last entry that changes it,
 * which is known from a look through the log's lines. That is only a guess: an entry that was added
 * meanwhile, or an erasure, may change a row later, which is then taken out and indexed again. At
 * the end the tables of the indexes are copied into the read model. */
#pragma once
#include "registry/event/event.h"
#include "registry/event/state.h"

struct search_build;
/* Looks through the log's entries and starts the thread. `path` is that of the file to make, until
 * the end. The tables of `st` must exist, and their transaction be open. */
MUST_CHECK enum err search_build_start(
	struct state *st, const char *path, struct search_build **out);
/* An event was folded. */
MUST_CHECK enum err search_build_folded(struct state *st, const struct event *ev);
/* The row of this system is about to change. */
MUST_CHECK enum err search_build_changes(struct state *st, const char *slug);
/* Everything is folded: indexes the rest and waits for the thread. */
MUST_CHECK enum err search_build_rest(struct state *st);
/* Copies the indexes into the read model, outside of a transaction. This connection must not use
 * them afterwards, because FTS5 keeps in memory what it knew of the tables before. */
MUST_CHECK enum err search_build_take(struct search_build *b, struct db *model);
/* Ends the thread at once, if it still runs, and removes the file. */
void search_build_free(struct search_build *b);
