/* snapshot.h - the readers' connections.
 *
 * "Only checkpointed state is shown to the public": a connection keeps a read transaction open on
 * such a state and advances only under the gate, once the writer reports that its commit is signed.
 * While the signer is unavailable, readers keep the state they had. */
#pragma once
#include "audit/store.h"
#include "base/db.h"

struct snapshots;
/* Of the register in `dir`: its log's file, and the read model that counts. */
MUST_CHECK enum err snapshots_open(const char *dir, size_t connections, struct snapshots **out);
void snapshots_close(struct snapshots *s);
MUST_CHECK enum err snapshots_borrow(struct snapshots *s, const struct snapshot **out);
void snapshots_return(struct snapshots *s, const struct snapshot *snap);
/* The writer holds the gate from before its COMMIT until the checkpoint is stored. `fresh`: the
 * committed state may be shown. */
void snapshots_gate_close(struct snapshots *s);
void snapshots_gate_open(struct snapshots *s, bool fresh);
/* While the gate is closed: readers that move on from now on read this file of the read model. */
void snapshots_take_model(struct snapshots *s, const char *path);
/* Lends none until snapshots_lend(), and waits for those that are lent to come back, `ms` at most.
 */
void snapshots_drain(struct snapshots *s, unsigned ms);
void snapshots_lend(struct snapshots *s);
