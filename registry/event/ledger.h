/* ledger.h - the part of the read model that nearly every event reads and writes: the latest entry
 * of each subject, the keys of departments, how far the fold is, whose log it is.
 *
 * A register keeps it in tables (ledger.c). A verification keeps it in memory
 * (registry/verify/memory.h), because it folds a million entries and throws the result away. Checks
 * and folds use this interface and need not know which. */
#pragma once
#include "audit/note.h"
#include "base/db.h"
#include "base/env.h"

/* A key that was granted once. */
struct granted {
	char *department; /* owned */
	bool revoked;
};
void granted_done(struct granted *g);

/* Called for a key; false ends the walk. */
typedef bool ledger_key_fn(void *arg, const struct vkey *key, bool revoked);

struct ledger {
	const struct ledger_ops *ops;
	void *self;
};
struct ledger_ops {
	/* Index of the latest event about a subject; -1 for none. `kind` outlives the ledger: it
	 * comes from the table of types. */
	enum err (*after)(void *self, const char *kind, const char *id, int64_t *out);
	enum err (*set_after)(void *self, const char *kind, const char *id, int64_t entry);
	/* How many entries are folded, and the latest time among them ("" for none). */
	enum err (*folded)(void *self, uint64_t *size, char at[TIME_TEXT]);
	enum err (*set_folded)(void *self, uint64_t size, const char *at);
	enum err (*origin)(void *self, char out[KEY_NAME_MAX + 1]);
	/* ERR_NOT_FOUND without a reason: most keys that are looked up are about to be granted. */
	enum err (*key)(void *self, const char *vkey, struct granted *out);
	enum err (*grant)(void *self, const char *vkey, const struct vkey *key,
		const char *department, int64_t entry);
	enum err (*revoke)(void *self, const char *vkey, int64_t entry);
	/* A department's keys, in the order in which they were granted. */
	enum err (*keys)(void *self, const char *department, ledger_key_fn *each, void *arg);
};

/* The one in the tables of `db`: `subject`, `department_key`, `folded` and `register` of
 * schema.sql. */
struct ledger ledger_in_tables(struct db *db);
