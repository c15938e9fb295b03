/* checkpointed.h - a register's database, read from beside the one process that writes it.
 *
 * "Only checkpointed state is shown to the public" holds for such a reader too: it stands on a
 * state whose checkpoint covers every entry, until it is closed. It waits for nobody but the
 * signature, and the writer does not wait for it; what it keeps from being reset is the WAL, which
 * grows by what is written meanwhile. */
#pragma once
#include "audit/store.h"
#include "base/db.h"

/* Begins a read transaction on such a state. A writer that is between COMMIT and signature gets
 * two seconds; `*covered` is false where entries stay unsigned after that, and the transaction
 * stands on them. ERR_NOT_FOUND where nothing was signed yet. */
MUST_CHECK enum err checkpointed_stand(struct db *db, bool *covered);
/* Opens a folder's database so. ERR_NOT_FOUND without a register, ERR_BUSY where what is there
 * stays unsigned. */
MUST_CHECK enum err checkpointed_open(const char *dir, struct snapshot *out);
/* Opens it as it is, signed or not, and moving on with whoever writes. */
MUST_CHECK enum err checkpointed_open_newest(const char *dir, struct snapshot *out);
void checkpointed_close(struct snapshot *snap);
