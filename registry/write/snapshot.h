/* snapshot.h - the readers' connections.
 *
 * "Only checkpointed state is shown to the public": a connection keeps a read transaction open on
 * such a state and advances only under the gate, once the writer reports that its commit is signed.
 * While the signer is unavailable, readers keep the state they had. */
#pragma once
#include "audit/store.h"
#include "base/db.h"

struct snapshots;
/* Opens readers of the register in `dir`: of its log and of its current read model. */
MUST_CHECK enum err snapshots_open(const char *dir, size_t connections, struct snapshots **out);
void snapshots_close(struct snapshots *s);
MUST_CHECK enum err snapshots_borrow(struct snapshots *s, const struct snapshot **out);
void snapshots_return(struct snapshots *s, const struct snapshot *snap);
/* The writer closes the gate before its COMMIT and opens it after storing the checkpoint. `fresh`:
 * the committed state may be shown. */
void snapshots_gate_close(struct snapshots *s);
void snapshots_gate_open(struct snapshots *s, bool fresh);
/* While the gate is closed: readers that move on from now on use this file of the read model. */
void snapshots_take_model(struct snapshots *s, const char *path);
/* Lends no readers until snapshots_lend(), and waits at most `ms` for lent ones to be returned. */
void snapshots_drain(struct snapshots *s, unsigned ms);
void snapshots_lend(struct snapshots *s);
