/* witness.h - the witness's side of C2SP tlog-witness, without HTTP: bytes in, status and bytes
 * out.
 *
 * A witness cosigns a log's checkpoint only if it extends the last one that it cosigned, and
 * keeps what it cosigned before it answers: so it never helps a log to have two histories. What
 * a request says is trusted for nothing but the signatures of the logs' keys. */
#pragma once
#include "audit/checkpoint.h"
#include "base/env.h"

#define WITNESS_BODY_MAX (64 * KIB)
#define WITNESS_PROOF_MAX 63                 /* hashes */
#define WITNESS_SIZE_TYPE "text/x.tlog.size" /* of the body of a 409 */

/* What was cosigned last. Another store than witness_state.h's is one more table of functions. */
struct witness_state_ops {
	/* ERR_NOT_FOUND: nothing yet of this origin. `note` may be NULL. */
	enum err (*latest)(
		void *self, const char *origin, struct checkpoint *out, struct buf *note);
	/* Durably, and only where the latest is still `from` (NULL: none): ERR_CONFLICT else. */
	enum err (*move)(void *self, const struct checkpoint *from, const struct checkpoint *to,
		const char *note);
};
struct witness_state {
	const struct witness_state_ops *ops;
	void *self;
};

/* A key that a log signs with; a log has several while it changes them. */
struct witness_log {
	char *origin;
	struct vkey key;
};
struct witness {
	const struct skey *key;
	const struct env *env;
	struct witness_state state;
	const struct witness_log *logs;
	size_t logs_n;
	int64_t clock_gap; /* env_gap() at the start; only with a steady clock */
};

/* Answers the body of an add-checkpoint request: gives the HTTP status, and adds the answer's
 * body to `out`, of the type WITNESS_SIZE_TYPE for a 409 and plain text otherwise. 503: its clock
 * was set by more than an hour since the start, and a cosignature carries a time. `evidence` (may
 * be NULL) is given the checkpoint of a request that was answered 422, with the log's own lines
 * alone: its key signed it, and it was not shown to go on from the last one. Anybody can send a
 * junk proof with a good checkpoint, so that is not yet a fork. */
int witness_add_checkpoint(const struct witness *w, const void *body, size_t len, struct buf *out,
	struct buf *evidence);
/* Answers the address /<hex>/checkpoint, hex being the SHA-256 of an origin: 200 or 404. */
int witness_checkpoint(const struct witness *w, const char *hex, struct buf *out);
