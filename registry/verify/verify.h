/* verify.h - checks a whole register from outside: that its key signed it, and that its entries
 * follow the rules.
 *
 * Nothing from the register is trusted, except its key if the caller names none. Checked are: the
 * checkpoint's signature, by the known key or a successor of it (log_key.h), and, under a policy,
 * the witnesses' cosignatures of this checkpoint or of an earlier one of the same history cosigned
 * within the last hour; every entry and tile against the root; every event's form, time and place
 * in its subject's history; every department's signature, under the keys granted and not revoked at
 * that entry; the rules of every event type; every content's size and hash, and that a missing
 * content was erased by an entry or is not public yet; every judgement, by running the policies
 * again. For a folder also: that the read model equals the fold of the entries, and that the folder
 * holds nothing else. A read model from another version of this program is not compared: the next
 * start drops it unread and folds its own.
 *
 * A server applies the same rules to an entry when it arrives. Of everything older it compares only
 * the hashes (registry/write/scrub.h). A verification applies the rules to every entry again and
 * judges the records again (verify_replay.c), compares each row of the read model with its own fold
 * (verify_model.c), and compares the log with the checkpoint that its caller saw last and with the
 * witnesses' (verify.c, verify_policy.c). */
#pragma once
#include "audit/checkpoint.h"
#include "audit/tlog_policy.h"
#include "base/db.h"
#include "base/env.h"

struct verify {
	const char *where; /* an http(s) address or a register's folder */
	const char *key;   /* verifier key; NULL: the remembered one, or the one that the register
	                      gives */
	const char *state; /* file with the last verified checkpoint; NULL for none */
	/* Check only entries after the remembered checkpoint. The read model is kept in
	 * `<state>.model`; unless it matches the state file, everything is checked. */
	bool since;
	/* Check the log alone: checkpoint, cosignatures, entries and tiles against the root.
	 * Entries are not parsed, except those that change the log's key; so no rule, content or
	 * row is checked. Not with `since`. */
	bool log_only;
	const struct tlog_policy *policy; /* whose witnesses must have cosigned; NULL: none */
	bool policy_given; /* by the caller, so the logs it lists are trusted; else by the register
	                    */
	void (*progress)(void *arg, uint64_t done, uint64_t entries); /* may be NULL */
	void *arg;
};

enum trust {
	KEY_GIVEN,      /* the caller named it */
	KEY_REMEMBERED, /* as in the state file */
	KEY_ON_TRUST,   /* from the register itself, unverified */
};
struct verified {
	struct checkpoint checkpoint; /* `size` 0: not reached */
	struct vkey key;              /* the current signing key */
	struct vkey from; /* the trusted key that entries of the log lead from; the same key if it
	                     never changed */
	enum trust trust; /* in `from` */
	bool judged;      /* a policy was applied; then */
	struct policy_verdict
		verdict; /* the witnesses that cosigned, and whether they form a quorum, for */
	struct checkpoint cosigned; /* this one: the newest, or one before that has a quorum */
	bool has_old;               /* the state file has a checkpoint, and this one extends it */
	uint64_t old_size;
	bool increment;                    /* only entries after `old_size` were checked */
	char old_at[TIME_TEXT];            /* the time of the remembered checkpoint; "": unknown */
	char full_at[TIME_TEXT];           /* of an increment: when all entries were last checked */
	bool log_only;                     /* only the log was checked, and no rule */
	bool folder;                       /* of a folder: the read model was compared, too, */
	bool old_model;                    /* unless another version of this program made it, */
	bool no_model;                     /* or there is none, as in a backup */
	uint64_t entries;                  /* entries read */
	uint64_t signatures;               /* of departments */
	uint64_t contents, erased, hidden; /* present; erased by an entry; not public */
	uint64_t systems, departments, questions;
	/* The latest time among the entries; and the clock that it is ahead of by more than the
	 * tolerance for a department's machine: that of the latest witness, else of this machine.
	 * "" if it is not ahead. */
	char newest_at[TIME_TEXT], ahead_of[TIME_TEXT];
	int64_t milliseconds;
};

/* An increment is sound within its scope: the tiles prove that the log still begins with the
 * entries checked before, and every new entry is checked against every rule, because the read model
 * was kept. Not read again: earlier entries and contents, and the full tiles over them, which a
 * source may have lost since. A record filed before and published since is checked against its
 * SHA-256, but not again against the standard.
 *
 * OK: everything holds. ERR_FALSE: something does not, and err_why() names the first wrong entry,
 * tile, content or row. ERR_INVALID: the key or the state file is malformed. Others: it could not
 * be checked. `*out` shows the progress in any case; the state file is written only on OK. */
MUST_CHECK enum err verify_register(const struct verify *v, struct verified *out);
