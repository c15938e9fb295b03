/* witnesses.h - the witnesses of this log, named in DIR/witness.policy (C2SP tlog-policy, with
 * URLs). Each is asked to cosign after each new checkpoint.
 *
 * On a quiet log each is asked again half an hour after its answer, so that cosignatures stay
 * recent: a reader can tell an idle register from one frozen for that reader.
 *
 * It works in rounds: a round asks all witnesses at once about the newest checkpoint, and
 * checkpoints signed meanwhile wait for the next round, so that the lines are for the same size
 * however fast the log grows. Each witness has a thread of its own; no other thread waits for a
 * witness. Lines are verified and stored by a writer's job that adds no entry. */
#pragma once
#include "audit/tlog_policy.h"
#include "registry/write/register.h"

struct witnesses;
/* `*out` is NULL if the register has no policy. ERR_INVALID for a malformed policy. */
MUST_CHECK enum err witnesses_start(struct reg *reg, struct witnesses **out);
/* Waits for open requests, some seconds at most. */
void witnesses_stop(struct witnesses *w);
/* Call it after a new checkpoint is signed. Never blocks; `w` may be NULL. */
void witnesses_wake(struct witnesses *w);
const struct tlog_policy *witnesses_policy(const struct witnesses *w);

struct witness_status {
	uint64_t size;     /* the size it cosigned last, as far as this run knows */
	int64_t time;      /* of that cosignature; 0: none */
	uint64_t failures; /* since the start */
	bool alarm;        /* it reports a longer or different history, */
	uint64_t proved;   /* and this is the size of a different tree signed by our key */
};
/* In the order of the policy. */
void witnesses_status(struct witnesses *w, struct witness_status out[POLICY_WITNESSES]);

/* Call it before a register is opened for writing. ERR_CORRUPT, with advice, if a witness knows a
 * longer or different history than the folder's, because signing would then continue a restored
 * backup. A witness that does not answer in time is ignored. */
MUST_CHECK enum err witnesses_compare(const char *dir);
/* The same for a restore: asks all of the policy's witnesses about the folder's newest checkpoint.
 */
struct witness_seen {
	char name[KEY_NAME_MAX + 1]; /* its key's */
	bool heard;
	uint64_t size; /* the size it has seen; if the folder has as many entries, the trees are
	                  equal */
	char why[400]; /* if it did not answer */
};
/* `out` has room for POLICY_WITNESSES. No policy: none. ERR_CORRUPT: one has another history. */
MUST_CHECK enum err witnesses_seen(const char *dir, struct witness_seen *out, size_t *n);
/* Appends to `*strangers` the key names, separated by ", ", of the policy's witnesses that would
 * refuse checkpoints signed only by `key`. The request uses the newest checkpoint and changes
 * nothing. A witness that does not answer in time is ignored. */
MUST_CHECK enum err witnesses_know(const char *dir, const struct vkey *key, struct buf *strangers);
