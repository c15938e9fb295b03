/* witness_state.h - a witness's state, in a small SQLite file of its own.
 *
 * Never restore it from a backup: a witness that forgot what it cosigned may cosign a fork. */
#pragma once
#include "audit/witness.h"
#include "base/db.h"

/* Borrows `db`; nothing to free. */
struct witness_state witness_state_sqlite(struct db *db);
/* Creates its table unless it exists. */
MUST_CHECK enum err witness_state_create(struct db *db);
