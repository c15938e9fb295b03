/* policies.h - the policies in force in a register, loaded. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/policy/policy.h"

struct in_force {
	struct policy *policy;
	int64_t version; /* the number of this adoption of the policy, from 1 */
	char sha256[65];
};
/* By id. `key` names the set: "" for none, else a SHA-256 in hexadecimal. */
struct policies {
	struct in_force *all;
	size_t n;
	char key[65];
};
void policies_done(struct policies *ps);
/* Computes `key` from the loaded policies; or from a list of ids and hashes, in order of the ids.
 */
void policies_name(struct policies *ps);
void policies_name_add(struct buf *lines, const char *id, const char *sha256);
void policies_name_end(const struct buf *lines, char key[65]);

/* The key of the set in force in the current state of `db`. */
MUST_CHECK enum err policies_key(struct db *db, char key[65]);
/* Loads the policies in force in `snap`, unless `ps` holds exactly these already. */
MUST_CHECK enum err policies_refresh(const struct snapshot *snap, struct policies *ps);
