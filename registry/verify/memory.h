/* memory.h - a ledger (registry/event/ledger.h) in memory, for the replay of a verification: it
 * replays a million entries without an SQL statement for each. A writer never uses it, because a
 * writer's changes may be rolled back.
 *
 * A subject takes about 120 bytes, a key about 130; the log has at least twice as much for each. */
#pragma once
#include "registry/event/ledger.h"

struct memory;
/* `db` has the tables that it does not replace. */
struct memory *memory_new(struct db *db);
void memory_free(struct memory *m);
struct ledger memory_ledger(struct memory *m);

/* `*same`: whether a database's tables `subject`, `department_key` and `folded` hold exactly the
 * memory's contents, and the indexes of `department_key` exactly its rows, in order. */
MUST_CHECK enum err memory_compare(const struct memory *m, struct db *db, bool *same);
/* Writes everything to the empty tables of a database. */
MUST_CHECK enum err memory_store(const struct memory *m, struct db *db);
