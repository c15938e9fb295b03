/* verify.h - a whole register checked from outside: is it what its key signed, and do its
 * entries follow the rules?
 *
 * Nothing that the register says is taken on trust but its key, where none was named. Checked:
 * the checkpoint's signature, by the known key or one that it handed the log on to (log_key.h),
 * and, under a policy, its witnesses' cosignatures, of this checkpoint or of one that is the
 * beginning of it and was cosigned within the last hour; every entry and tile against its root;
 * every event's form, time and place in its subject's history; every department's signature, under
 * the keys granted and not revoked at that entry; the rules of every type of event; every content's
 * size and hash, and that what is missing was erased by an entry, or is not public yet; every
 * judgement, by running the policies again. Of a folder also: that the read model is the one that
 * the entries fold into, and that nothing else lies there. A read model that another version of
 * this program made is not compared: the next start drops it unread, and folds its own. */
#pragma once
#include "audit/checkpoint.h"
#include "audit/tlog_policy.h"
#include "base/db.h"
#include "base/env.h"

struct verify {
	const char *where; /* an http(s) address or a register's folder */
	const char *key;   /* verifier key; NULL: the remembered one, or what the register says */
	const char *state; /* file that remembers the last verified checkpoint; NULL for none */
	/* Check only what came after the remembered checkpoint. The read model is kept in
	 * `<state>.model`; without one that stands where the state file does, all is checked. */
	bool since;
	/* Check the log alone: checkpoint, cosignatures, entries and tiles against the root. What
	 * the entries say is not read, but for those that change the log's key; so no rule, content
	 * or row is checked. Not with `since`. */
	bool log_only;
	const struct tlog_policy
		*policy;   /* whose witnesses must have cosigned; NULL: nobody need */
	bool policy_given; /* by the caller: the logs it lists are trusted; else by the register */
	void (*progress)(void *arg, uint64_t done, uint64_t entries); /* may be NULL */
	void *arg;
};

enum trust {
	KEY_GIVEN,      /* the caller named it */
	KEY_REMEMBERED, /* as in the state file */
	KEY_ON_TRUST,   /* the register itself said so: it may have said anything */
};
struct verified {
	struct checkpoint checkpoint; /* `size` 0: it was not reached */
	struct vkey key;              /* that signs now */
	struct vkey
		from; /* that it was handed on from, by entries of the log; the same: it was not */
	enum trust trust;              /* in `from` */
	bool judged;                   /* by the policy; then */
	struct policy_verdict verdict; /* who cosigned, and whether that is enough, of */
	struct checkpoint cosigned;    /* this one: the newest, or one before that has a quorum */
	bool has_old; /* the state file remembered a checkpoint, and this one extends it */
	uint64_t old_size;
	bool increment;          /* only what came after `old_size` was checked */
	char old_at[TIME_TEXT];  /* when the remembered checkpoint was; "" unknown */
	char full_at[TIME_TEXT]; /* of an increment: when all were, from the first on */
	bool log_only;           /* only the log is what was signed: no rule was checked */
	bool folder;             /* of a folder: the read model was compared, too, */
	bool old_model;   /* unless another version of this program made it: nothing reads it so */
	uint64_t entries; /* that were read */
	uint64_t signatures;               /* of departments */
	uint64_t contents, erased, hidden; /* there; erased by an entry; not public */
	uint64_t systems, departments, questions;
	/* The latest time among the entries; and the clock that it is ahead of, by more than that
	 * of a department's machine may be off: of the witness that cosigned last, else of this
	 * machine. "" where it is not. */
	char newest_at[TIME_TEXT], ahead_of[TIME_TEXT];
	int64_t milliseconds;
};

/* An increment is sound as far as it goes: the tiles prove that the log still begins with the
 * entries that were checked before, and every new entry is held to every rule, for the read model
 * that they fold into was kept. Not asked for again: the bytes of entries and contents that were
 * there before, and full tiles over them, which a source may have lost since; a record that
 * was filed before and published since is held to its SHA-256, but not again to the standard.
 *
 * OK: everything holds. ERR_FALSE: something does not, and err_why() names the first wrong
 * entry, tile, content or row. ERR_INVALID: the key or the state file is not one. Others: it
 * could not be checked. `*out` says how far it came in any case; the state file is written
 * only on OK. */
MUST_CHECK enum err verify_register(const struct verify *v, struct verified *out);
