/* witness.h - the witness's side of C2SP tlog-witness, without HTTP: bytes in, status and bytes
 * out.
 *
 * A witness cosigns a log's checkpoint only if it extends the last one that it cosigned, and stores
 * the checkpoint before it answers, so it never helps a log to keep two histories. Of a request it
 * trusts only the signatures of the logs' keys. */
#pragma once
#include "audit/checkpoint.h"
#include "base/env.h"

#define WITNESS_BODY_MAX (64 * KIB)
#define WITNESS_PROOF_MAX 63                 /* hashes */
#define WITNESS_SIZE_TYPE "text/x.tlog.size" /* media type of a 409 answer */

/* Stores the checkpoints cosigned last. witness_state.h is one implementation. */
struct witness_state_ops {
	/* ERR_NOT_FOUND: nothing cosigned yet for this origin. `note` may be NULL. */
	enum err (*latest)(
		void *self, const char *origin, struct checkpoint *out, struct buf *note);
	/* Replaces `from` by `to`, durably; ERR_CONFLICT unless the latest is still `from` (NULL:
	 * none). */
	enum err (*move)(void *self, const struct checkpoint *from, const struct checkpoint *to,
		const char *note);
};
struct witness_state {
	const struct witness_state_ops *ops;
	void *self;
};

/* A key of a log; a log has several during a key change. */
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

/* Answers an add-checkpoint request: returns the HTTP status and adds the answer's body to `out`,
 * of type WITNESS_SIZE_TYPE for a 409 and plain text otherwise. 503: the machine's clock was set by
 * more than an hour since the start, and a cosignature carries a time. `evidence` (may be NULL)
 * gets the checkpoint of a request answered 422, with only the log's own signature lines: the log's
 * key signed it, but it was not proved to extend the last one. This alone does not show a fork,
 * because anybody can send a wrong proof with a good checkpoint. */
int witness_add_checkpoint(const struct witness *w, const void *body, size_t len, struct buf *out,
	struct buf *evidence);
/* Answers the address /<hex>/checkpoint, hex being the SHA-256 of an origin: 200 or 404. */
int witness_checkpoint(const struct witness *w, const char *hex, struct buf *out);
