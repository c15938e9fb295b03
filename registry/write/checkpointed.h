/* checkpointed.h - reads a register's database from another process than the writer.
 *
 * "Only checkpointed state is shown to the public" holds for such a reader, too: until it is
 * closed, it reads one state, whose checkpoint covers every entry. It waits only for the signature,
 * and the writer does not wait for it, but while its transaction is open the WAL cannot be reset
 * and grows with each write. Whoever reads for more than a second or two calls checkpointed_keep().
 */
#pragma once
#include "audit/store.h"
#include "base/db.h"

/* Begins a read transaction on such a state of the log. Waits up to two seconds for a writer
 * between COMMIT and signature; `*covered` is false if entries are still unsigned after that, and
 * the transaction then includes them. ERR_NOT_FOUND if nothing has been signed yet. */
MUST_CHECK enum err checkpointed_stand(struct db *db, bool *covered);
/* Opens a folder at such a state of its log and read model. ERR_NOT_FOUND without a register or a
 * read model, ERR_BUSY if entries stay unsigned. */
MUST_CHECK enum err checkpointed_open(const char *dir, struct snapshot *out);
/* The same for the log only, which needs no read model; the caller frees the result. */
MUST_CHECK enum err checkpointed_open_log(const char *dir, struct db **out);
/* Opens it without a read transaction: it shows each new commit, signed or not. */
MUST_CHECK enum err checkpointed_open_newest(const char *dir, struct snapshot *out);
/* Ends the read transaction of a snapshot of checkpointed_open(), and keeps its state of the read
 * model: a copy, which no other process sees and which is gone when this one ends. Takes a second
 * for about a gigabyte, and as much room on the folder's disk: ERR_FULL if that is nearly full. No
 * statement may be open. From then on, snap->log is the log as of each read: it never loses an
 * entry, but contents are erased; and a statement that stays open keeps its state again. Does
 * nothing at the second call. */
MUST_CHECK enum err checkpointed_keep(struct snapshot *snap, const char *dir);
/* The same for a user who may lack the right or the room to make a copy: the read transaction then
 * goes on. */
MUST_CHECK enum err checkpointed_keep_if_possible(struct snapshot *snap, const char *dir);
/* The same for a connection that has only the read model: it is exchanged for one to the copy. */
MUST_CHECK enum err checkpointed_keep_model(struct db **model, const char *dir);
void checkpointed_close(struct snapshot *snap);
