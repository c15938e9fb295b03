/* memory.h - a ledger (registry/event/ledger.h) in memory, for a verification that folds: with it a
 * million entries are replayed without a statement each. A writer never has one: what it does can
 * be undone.
 *
 * A subject takes about 120 bytes, a key about 130; the log has at least twice as much for each. */
#pragma once
#include "registry/event/ledger.h"

struct memory;
/* `db` has the tables that it does not stand for. */
struct memory *memory_new(struct db *db);
void memory_free(struct memory *m);
struct ledger memory_ledger(struct memory *m);

/* Whether a database's tables `subject`, `department_key` and `folded` hold exactly what is here,
 * and the indexes of `department_key` exactly its rows, in their order. */
MUST_CHECK enum err memory_compare(const struct memory *m, struct db *db, bool *same);
/* Puts everything into the tables of a database that has none of it. */
MUST_CHECK enum err memory_store(const struct memory *m, struct db *db);
