/* people_parts.h - the internals of an open people.db, for the files of this room. */
#pragma once
#include "base/crypto.h"
#include "base/db.h"
#include "base/sha256.h"
#include "registry/people/hashers.h"
#include "registry/people/people.h"
#include "registry/people/slow.h"
#include "registry/people/turnstile.h"

#include <pthread.h>

struct people {
	struct env env;
	/* Two connections, so that no look-up waits for a change that is being written to disk. */
	pthread_mutex_t reading, writing;
	struct db *read, *write;
	struct turnstile *turnstile;
	struct hashers *hashers; /* borrowed; NULL: threads hash */
	struct slow *slow;
	uint8_t challenge_key[HMAC]; /* of this process: see passkey.c */
	char **words;                /* ends with NULL, case-folded */
};

/* Runs `change` in one transaction on p->write and undoes it if it fails. */
MUST_CHECK enum err people_write(
	struct people *p, enum err (*change)(struct people *p, void *arg), void *arg);

/* The rows that a query finds, as values like those of registry/query/query_parts.h. */
MUST_CHECK enum err people_rows(
	struct people *p, const struct sql *query, const struct val *args, json_t **out);

/* Makes a new token and its hash; hashes a given token, ERR_NOT_FOUND if it is malformed. */
void token_make(struct people *p, char token[PEOPLE_TOKEN + 1], struct sha256 *hash);
MUST_CHECK enum err token_hash(const char *token, struct sha256 *out);
static inline struct val hash_val(const struct sha256 *hash)
{
	return blob(hash->bytes, SHA256);
}

/* Must run inside a transaction. */
MUST_CHECK enum err account_find(struct db *db, const char *id, struct account *out);
MUST_CHECK enum err account_set_password(
	struct people *p, const char *id, const char *hash, int64_t but);
enum sign_in_kind {
	SIGN_IN_DONE,
	SIGN_IN_HALF,
	SIGN_IN_WRONG_PASSWORD,
	SIGN_IN_WRONG_CODE,
	SIGN_IN_RECOVERY_CODE,
	SIGN_IN_INVITED,
	SIGN_IN_INVITATION_REFUSED,
	SIGN_IN_ACCEPTED,
	SIGN_IN_PROVED,
	SIGN_IN_PASSWORD_CHANGED,
	SIGN_IN_SECOND_FACTOR,
	SIGN_IN_DISABLED,
	SIGN_IN_ENABLED,
	SIGN_IN_REMOVED,
	SIGN_IN_PASSKEY_REFUSED,
	SIGN_IN_KINDS
};
MUST_CHECK enum err sign_in_note(struct people *p, enum sign_in_kind kind, const char *account);
/* Makes a session, and the tokens for the browser. */
MUST_CHECK enum err session_make(struct people *p, const struct people_from *from,
	enum people_way way, struct signed_in *out);
/* A session that waits for its code; only that code completes it, once. */
struct half {
	int64_t id;
	char account[PEOPLE_ID + 1];
};
MUST_CHECK enum err session_half(struct people *p, const char *token, struct half *out);
MUST_CHECK enum err session_end_half(struct people *p, const struct half *half);
MUST_CHECK enum err session_prove(struct people *p, int64_t id);
/* The account now has a second factor: ends its sessions that were made without one. */
MUST_CHECK enum err session_strengthen(
	struct people *p, const struct session *s, enum people_way way);
MUST_CHECK enum err session_is_fresh(struct people *p, const struct session *s);

/* Did this account sign in with this browser before? */
MUST_CHECK enum err browser_is_known(
	struct people *p, const struct people_from *from, const char *account, bool *out);

/* password.c: the rules, and hashing in turn. `known`: from a known browser. */
MUST_CHECK enum err password_check(
	const struct people *p, const struct account *account, const char *password);
MUST_CHECK enum err password_make(struct people *p, const char *password, char out[PASSWORD_HASH]);
/* `hash` NULL takes the same time and matches nothing. `*again`: rehash with the present
 * parameters. */
MUST_CHECK enum err password_matches(struct people *p, bool known, const char *hash,
	const char *password, bool *matches, bool *again);

/* second.c: uses up six digits of the app, or a recovery code. In a transaction. ERR_DENIED. */
MUST_CHECK enum err second_use(struct people *p, const char *account, const char *code);
/* A login as it is stored and looked for: folded, and without the space that telephones put behind
 * a word that they complete. `typed` is well-formed; the caller frees. */
char *people_login(const char *typed);
/* NULL becomes "". */
void people_copy(char *to, size_t room, const char *from);
