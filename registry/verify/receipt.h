/* receipt.h - one downloaded proof, checked offline: is this entry in the log that this key
 * signed, and is this text the one that the entry speaks of?
 *
 * A citizen's receipt carries its entry and content in the proof's `extra`, as canonical JSON
 * {"content", "entry"}; the proof of /log/proof/N carries neither, so they are named. Nothing in
 * the files is trusted but the key. Proved is what follows from the checkpoint's signature; a
 * department's signature is not judged, for its key is known from other entries only. */
#pragma once
#include "audit/checkpoint.h"
#include "audit/tlog_policy.h"
#include "registry/event/event.h"

struct receipt_files {
	const struct buf *proof;
	const struct buf *entry, *content; /* NULL: not named */
	const struct vkey *key;            /* the log's */
	const struct tlog_policy *policy;  /* the witnesses that are to have cosigned; NULL: none */
};
struct receipt {
	struct checkpoint checkpoint;
	uint64_t index;
	struct buf entry, content;     /* as carried or named; empty: none */
	struct event event;            /* what the entry says */
	bool has_content;              /* `content` is what the event speaks of */
	struct policy_verdict verdict; /* where there was a policy */
	size_t others; /* signatures of other keys (witnesses), which were not judged */
};
void receipt_done(struct receipt *r);
/* ERR_INVALID: these are no such files, or one is missing. ERR_NOT_FOUND: another key of this name
 * signed, so nothing is known. ERR_FALSE: not proved; err_why() says which step failed. */
MUST_CHECK enum err receipt_check(const struct receipt_files *files, struct receipt *out);
