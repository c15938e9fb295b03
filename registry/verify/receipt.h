/* receipt.h - checks a downloaded proof offline: is this entry in the log that this key signed, and
 * is this text the entry's content?
 *
 * A citizen's receipt carries its entry and content in the proof's `extra`, as canonical JSON
 * {"content", "entry"}; a proof from /log/proof/N carries neither, so the caller names them. Only
 * the key is trusted. The check proves what follows from the checkpoint's signature; it does not
 * verify a department's signature, because only other entries tell the department's key. */
#pragma once
#include "audit/checkpoint.h"
#include "audit/tlog_policy.h"
#include "registry/event/event.h"

struct receipt_files {
	const struct buf *proof;
	const struct buf *entry, *content; /* NULL: not given */
	const struct vkey *key;            /* the log's */
	const struct tlog_policy *policy;  /* the witnesses that must have cosigned; NULL: none */
};
struct receipt {
	struct checkpoint checkpoint;
	uint64_t index;
	struct buf entry, content;     /* as carried or given; empty: none */
	struct event event;            /* the parsed entry */
	bool has_content;              /* `content` is the event's content */
	struct policy_verdict verdict; /* if there was a policy */
	size_t others;                 /* signatures of other keys (witnesses), not verified */
};
void receipt_done(struct receipt *r);
/* ERR_INVALID: a file is malformed or missing. ERR_NOT_FOUND: signed by another key of this name,
 * so nothing is proved or refuted. ERR_FALSE: not proved; err_why() names the step that failed. */
MUST_CHECK enum err receipt_check(const struct receipt_files *files, struct receipt *out);
