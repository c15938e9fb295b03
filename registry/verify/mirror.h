/* mirror.h - follows a register elsewhere: keeps its log, contents and pages in a local folder that
 * is read and served; every change in it comes from the original.
 *
 * Only verified data is taken over, by the rules of verify.h: tiles are proved by the signed root,
 * leaf hashes by the tiles, entries by their leaf hashes, contents by their entries; every entry is
 * checked against every rule and folded. A batch is one transaction, and a checkpoint is stored
 * with the last entries that it covers, so a mirror killed at any moment continues where it was.
 * Data that fails verification is not taken over; the verified data stays and is served.
 *
 * A content that the original does not provide (any more) does not stop the mirror, because its
 * entry is signed all the same: the content is requested again at each sync, and reported as
 * missing. A content that was not public yet is requested once it is. Contents that an entry erases
 * are erased here. The first sync pins the log key. Of a checkpoint's signature lines only those of
 * known keys are kept: the log's, and those of the policy's witnesses. */
#pragma once
#include "audit/tlog_policy.h"
#include "base/env.h"

struct reg;
struct mirror;
struct mirror_options {
	const char *url; /* of the original */
	const char *dir;
	const char *key; /* verifier key; NULL: the remembered one, or the one that the original
	                    gives */
	/* The policy whose witnesses must have cosigned within the last `fresh` seconds; NULL:
	 * none. */
	const struct tlog_policy *policy;
	long fresh;
	/* Called at least four times a second while waiting, and between entries; when it returns
	 * true, a sync ends with ERR_BUSY. May be NULL. */
	bool (*stopping)(void *arg);
	void (*moved)(void *arg); /* an entry or a content was taken over; may be NULL */
	void (*progress)(void *arg, uint64_t done, uint64_t entries); /* may be NULL */
	void *arg;
};
/* Opens the folder or creates it. ERR_BUSY: another process has it; ERR_CONFLICT: it is not a
 * mirror, or holds the log of another key. */
MUST_CHECK enum err mirror_open(const struct mirror_options *o, struct mirror **out);
void mirror_close(struct mirror *m);
/* The copy, for web_start(); NULL until the first checkpoint is complete. Valid until
 * mirror_close(). */
struct reg *mirror_reg(struct mirror *m);

enum finding {
	FINDING_GOOD,       /* in sync with its newest checkpoint */
	FINDING_FORK,       /* its key signed a second history; the folder keeps the note */
	FINDING_ROLLBACK,   /* it shows fewer entries than it has signed, of the same history */
	FINDING_MISSING,    /* it does not provide contents that its log makes public */
	FINDING_UNCOSIGNED, /* no checkpoint recently cosigned by a quorum */
	FINDING_FALSE,      /* its data breaks another rule */
	FINDING_AWAY,       /* it could not be reached */
};
struct mirrored {
	enum finding finding;
	char why[ERR_WHY_MAX]; /* "" if it is good */
	uint64_t size, taken;  /* entries in the latest complete checkpoint; new entries */
	uint64_t missing;      /* contents */
	int64_t seen;          /* when it was last good, in seconds since 1970; 0: never */
	/* By the policy: the entries that a quorum cosigned, and since when; 0: none. */
	uint64_t cosigned;
	int64_t cosigned_at;
};
const char *finding_name(enum finding finding);
/* Syncs with the original once. OK for GOOD; the error of the request for AWAY; ERR_FALSE for every
 * other finding. `*out` is set in any case. */
MUST_CHECK enum err mirror_sync(struct mirror *m, struct mirrored *out);

#define MIRROR_FORK "fork.checkpoint" /* the first note that contradicts this log */
const struct vkey *mirror_vkey(const struct mirror *m);
/* Was the key just taken from the original itself, unverified? */
bool mirror_key_on_trust(const struct mirror *m);
