/* witnesses.h - the witnesses of this log, as DIR/witness.policy names them (C2SP tlog-policy,
 * with URLs): each is asked to cosign after each new checkpoint.
 *
 * On a quiet log each is asked again half an hour after its answer, so that cosignatures never say
 * "some day": a reader can tell a register that rests from one that is frozen for them.
 *
 * It goes in rounds: a round asks all witnesses at once about the newest checkpoint, and what
 * was signed meanwhile waits for the next one, so that their lines come together under one size
 * however fast the log grows. A thread for each witness does the waiting; nobody else ever waits
 * for a witness. Lines are verified and stored by a writer's job that adds no entry. */
#pragma once
#include "audit/tlog_policy.h"
#include "registry/write/register.h"

struct witnesses;
/* `*out` is NULL where the register has no policy. ERR_INVALID for a policy that is none. */
MUST_CHECK enum err witnesses_start(struct reg *reg, struct witnesses **out);
/* Waits for what is being asked: some seconds at most. */
void witnesses_stop(struct witnesses *w);
/* Something new was signed. Never blocks; `w` may be NULL. */
void witnesses_wake(struct witnesses *w);
const struct tlog_policy *witnesses_policy(const struct witnesses *w);

struct witness_status {
	uint64_t size;     /* that it cosigned last, as far as this run knows */
	int64_t time;      /* of that cosignature; 0: none */
	uint64_t failures; /* since the start */
	bool alarm;        /* it says that it has seen a longer or another history than ours, */
	uint64_t proved;   /* and this is the size of a tree that is not ours and our key signed */
};
/* In the order of the policy. */
void witnesses_status(struct witnesses *w, struct witness_status out[POLICY_WITNESSES]);

/* Before a register is opened for writing: does a witness know a longer or another history than
 * the folder's? Then a restored backup would be signed on: ERR_CORRUPT, with what to do. A
 * witness that does not answer in time is passed over. */
MUST_CHECK enum err witnesses_compare(const char *dir);
/* The same for who restores a register: all of the policy's witnesses are asked about the folder's
 * newest checkpoint. */
struct witness_seen {
	char name[KEY_NAME_MAX + 1]; /* its key's */
	bool heard;
	uint64_t size; /* that it has seen; where the folder has as many, they are the same */
	char why[400]; /* where it was not heard */
};
/* `out` has room for POLICY_WITNESSES. No policy: none. ERR_CORRUPT: one has another history. */
MUST_CHECK enum err witnesses_seen(const char *dir, struct witness_seen *out, size_t *n);
/* Who of the policy's witnesses would refuse checkpoints that only `key` signed: their key names,
 * with ", " between, into `*strangers`. Asked with the newest checkpoint, which changes nothing. A
 * witness that does not answer in time is passed over. */
MUST_CHECK enum err witnesses_know(const char *dir, const struct vkey *key, struct buf *strangers);
