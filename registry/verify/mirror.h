/* mirror.h - a register that is elsewhere, followed: its log, contents and pages in a folder of
 * ours, which is read and served, and never written to by anyone but its original.
 *
 * Nothing is taken over that was not verified, by the rules of verify.h: leaf hashes come from
 * tiles that prove themselves by the signed root, entries from their leaf hashes, contents from
 * their entries; every entry is held to every rule and folded. A batch is one transaction, and a
 * checkpoint is stored with the last entries that it covers: killed at any moment, it goes on
 * where it was. What does not hold is not taken over, and what was good stays and is served.
 *
 * A content that the original does not give (any more) is no reason to stop, for its entry is
 * signed all the same: it is asked for again each time, and reported. So is one that was not public
 * yet, once it is. What an entry erases is erased here. The log key is pinned by the first sync.
 * Of a checkpoint only lines of known keys are kept: the log's, and the policy's witnesses'. */
#pragma once
#include "audit/tlog_policy.h"
#include "base/env.h"

struct reg;
struct mirror;
struct mirror_options {
	const char *url; /* of the original */
	const char *dir;
	const char *key; /* verifier key; NULL: the remembered one, or what the original says */
	/* Whose witnesses must have cosigned within the last `fresh` seconds; NULL: nobody need. */
	const struct tlog_policy *policy;
	long fresh;
	/* Asked at least four times a second while something is waited for, and between entries:
	 * where it says so, a sync ends with ERR_BUSY. May be NULL. */
	bool (*stopping)(void *arg);
	void (*moved)(void *arg); /* an entry or a content was taken over; may be NULL */
	void (*progress)(void *arg, uint64_t done, uint64_t entries); /* may be NULL */
	void *arg;
};
/* Opens the folder, or makes it. ERR_BUSY: another process has it; ERR_CONFLICT: it holds
 * something else, or the log of another key. */
MUST_CHECK enum err mirror_open(const struct mirror_options *o, struct mirror **out);
void mirror_close(struct mirror *m);
/* The copy, for web_start(); NULL until a first checkpoint is whole. Good until mirror_close(). */
struct reg *mirror_reg(struct mirror *m);

enum finding {
	FINDING_GOOD,       /* followed to its newest checkpoint */
	FINDING_FORK,       /* its key signed a second history; the note is kept in the folder */
	FINDING_ROLLBACK,   /* it shows fewer entries than it had signed, of the same history */
	FINDING_MISSING,    /* it does not give contents that are public by its log */
	FINDING_UNCOSIGNED, /* nothing that enough witnesses cosigned lately */
	FINDING_FALSE,      /* what it gives breaks another rule */
	FINDING_AWAY,       /* it could not be asked */
};
struct mirrored {
	enum finding finding;
	char why[ERR_WHY_MAX]; /* "" where it is good */
	uint64_t size, taken;  /* entries in the checkpoint that is whole here; new ones */
	uint64_t missing;      /* contents */
	int64_t seen;          /* when it was last good, in seconds since 1970; 0: never */
	/* By the policy: entries that enough witnesses cosigned, and since when; 0: none. */
	uint64_t cosigned;
	int64_t cosigned_at;
};
const char *finding_name(enum finding finding);
/* Follows the original once. OK where it was good, ERR_FALSE for every other finding but AWAY;
 * else the error that kept it from being asked. `*out` is set in any case. */
MUST_CHECK enum err mirror_sync(struct mirror *m, struct mirrored *out);

#define MIRROR_FORK "fork.checkpoint" /* the first note that contradicts what is here */
const struct vkey *mirror_vkey(const struct mirror *m);
/* The key was taken from the original itself just now: it may have said anything. */
bool mirror_key_on_trust(const struct mirror *m);
