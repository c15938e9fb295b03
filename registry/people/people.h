/* people.h - people who work with a register: accounts, passwords, codes, sessions, invitations.
 *
 * This is state of a register outside its log, like sealed e-mail addresses
 * (registry/write/private.h). It has its own file (folder.h: REG_PEOPLE), because sessions change
 * with every request, which must not wait for the log's single writer or for its durable commits,
 * and because names and password hashes must not be in a file that mirrors copy. Backups have it;
 * verify, rebuild and mirrors ignore it.
 *
 * Rights are not here: roles are events (person.appointed), and each request reads them from the
 * read model. So no event ends a session: people who are dismissed can only open the page of their
 * own account, and a revoked key only signs nothing more. When a machine is lost, its sessions must
 * be ended, too (people_end_sessions()). The log knows of a person only the account's id, which is
 * random.
 *
 * Threads: any thread may call any function. A look-up (people_session()) waits for changes at most
 * once a minute, when it records that the session is in use; if the disk is full, it does without.
 * Changes wait for one another and for the disk; hashing a password waits for its turn, a few
 * seconds at most. Other processes may use the file at the same time (`gaya account` beside a
 * server). Results are copies. Tokens are lower-case hexadecimal; only their SHA-256 is stored. */
#pragma once
#include "base/env.h"
#include "base/json.h"
#include "base/zone.h"
#include "registry/write/folder.h"

#define PEOPLE_ID 32    /* hexadecimal digits */
#define PEOPLE_TOKEN 64 /* hexadecimal digits of 256 random bits */
#define PEOPLE_LOGIN 64
#define PEOPLE_NAME 200 /* bytes, like the next two */
#define PEOPLE_EMAIL 254
#define PEOPLE_BROWSER 100

#define PEOPLE_PASSWORD_MIN 12      /* characters */
#define PEOPLE_IDLE (2 * 3600)      /* seconds after its last request until a session ends */
#define PEOPLE_ABSOLUTE (12 * 3600) /* seconds after its start */
#define PEOPLE_FRESH (15 * 60)      /* seconds that a re-authentication counts */
#define PEOPLE_HALF (5 * 60)        /* seconds between password and code */
#define PEOPLE_INVITED (7 * 24 * 3600)
#define PEOPLE_CODES 10 /* recovery codes */

struct people;
struct webauthn_site;
struct hashers;
struct people_options {
	const char *dir; /* the register's folder */
	const struct env *env;
	unsigned at_once;         /* concurrent password hashes, 7 MiB each; 0: by the processors */
	struct hashers *hashers;  /* of hashers.h, borrowed; NULL: threads hash */
	const char *const *words; /* words that passwords may not consist of, such as the city's
	                           * names; ends with NULL, copied; NULL: none */
};
/* Creates the file if there is none. A confined server cannot, so this must come before.
 * ERR_NOT_FOUND if the folder has no register, ERR_CONFLICT if it has a mirror. */
MUST_CHECK enum err people_create(const char *dir);
/* Opens the file, creating it if needed; the errors are the same. */
MUST_CHECK enum err people_open(const struct people_options *o, struct people **out);
void people_close(struct people *p);

/* --- accounts --- */

struct account {
	char id[PEOPLE_ID + 1];
	char login[PEOPLE_LOGIN + 1]; /* letters, digits, ".", "-", "_", "@"; case-folded */
	char name[PEOPLE_NAME + 1];
	char email[PEOPLE_EMAIL + 1];
	char language[9]; /* a code of languages.h */
	bool disabled, has_password, has_totp;
	unsigned passkeys, recovery_codes; /* unused codes */
	int64_t made;
};
/* Checks texts and fills an account for people_add(). ERR_INVALID names the member and the rule. */
MUST_CHECK enum err people_draft(const char *login, const char *name, const char *email,
	const char *language, struct account *out);
/* Uses login, name, e-mail and language; sets the id. `by` is an account, NULL for the operator.
 * ERR_INVALID names the member; ERR_CONFLICT if the login is taken. */
MUST_CHECK enum err people_add(struct people *p, struct account *account, const char *by);
MUST_CHECK enum err people_account(struct people *p, const char *id, struct account *out);
MUST_CHECK enum err people_account_of(struct people *p, const char *login, struct account *out);
/* [{"id", "login", "name", "email", "language", "disabled", "password", "totp", "passkeys", "made",
 * "seen" or null, "invited" (expiry) or null}…] by login; times in seconds. */
MUST_CHECK enum err people_accounts(struct people *p, json_t **out);
/* If `disabled`, every session of the account ends at once. */
MUST_CHECK enum err people_disable(struct people *p, const char *id, bool disabled);
/* Deletes the account and everything stored with it. Its id remains in the log. */
MUST_CHECK enum err people_remove(struct people *p, const char *id);
/* ERR_INVALID names the rule: too short, common, or made of the account's or the city's names. */
MUST_CHECK enum err people_check_password(
	struct people *p, const struct account *account, const char *password);
/* Sets a password without asking for the old one, for the operator. Ends every session. */
MUST_CHECK enum err people_set_password(struct people *p, const char *id, const char *password);

/* The day of the account's latest daily letter, "" before the first (mailed.c). */
MUST_CHECK enum err people_mailed(struct people *p, const char *account, char day[DAY_TEXT]);
MUST_CHECK enum err people_set_mailed(struct people *p, const char *account, const char *day);

/* --- signing in --- */

/* The client of a request. */
struct people_from {
	const void *network; /* masked to the part that counts as one client (web/http/client.h) */
	size_t network_len;
	const char *network_shown; /* the same in readable form, "192.0.2.0"; "" if unknown */
	const char *browser;       /* "Firefox, Windows"; truncated to PEOPLE_BROWSER */
	const char *known;         /* cookie of an earlier sign-in (signed_in.known); or NULL */
};
enum people_way { PEOPLE_CODE_TO_COME, PEOPLE_BY_PASSWORD, PEOPLE_BY_CODE, PEOPLE_BY_PASSKEY };
struct signed_in {
	char account[PEOPLE_ID + 1];
	char token[PEOPLE_TOKEN + 1]; /* of the session, new at each sign-in */
	char known[PEOPLE_TOKEN +
		   1]; /* for a cookie of 180 days; "" while a code is still missing */
	bool half;     /* the password was right, but the account has an app or a passkey:
	                * people_enter_code() or a passkey completes the sign-in */
	int64_t wait;  /* seconds, after ERR_LIMITED */
};
/* ERR_DENIED has the same sentence and takes the same time for an unknown login and a wrong
 * password. ERR_LIMITED, with `wait`: too many failures; failures of others do not hold back a
 * known browser. ERR_BUSY: too many people sign in at once. */
MUST_CHECK enum err people_sign_in(struct people *p, const struct people_from *from,
	const char *login, const char *password, struct signed_in *out);
/* Completes a half session by its token and six digits of the app or a recovery code. The same
 * errors; ERR_NOT_FOUND if the half session is over. */
MUST_CHECK enum err people_enter_code(struct people *p, const struct people_from *from,
	const char *token, const char *code, struct signed_in *out);

/* --- sessions --- */

struct session {
	int64_t id;
	struct account account; /* only id, login, name, e-mail and language are set */
	enum people_way way;    /* PEOPLE_BY_CODE and _PASSKEY are strong */
	int64_t made, ends, proved;
	char csrf[PEOPLE_TOKEN + 1]; /* for the forms of its pages */
};
/* ERR_NOT_FOUND if there is no such session, or it is over or half, or its account is disabled.
 * Updates the time when it was last seen, once a minute. */
MUST_CHECK enum err people_session(struct people *p, const char *token, struct session *out);
bool people_is_strong(const struct session *s);
/* False if its owner must prove the password again: people_prove(). */
bool people_is_fresh(struct people *p, const struct session *s);
bool people_csrf_valid(const struct session *s, const char *given); /* NULL is invalid */
/* Checks the password and, if the account has them, a code (else NULL). The errors, and `*wait`,
 * are those of people_sign_in(). */
MUST_CHECK enum err people_prove(struct people *p, const struct people_from *from,
	const struct session *s, const char *password, const char *code, int64_t *wait);
/* Needs a fresh session, else ERR_DENIED; ends the account's other sessions. */
MUST_CHECK enum err people_change_password(
	struct people *p, const struct session *s, const char *password);
/* [{"id", "made", "seen", "ends", "browser", "network", "way"}…], newest first. */
MUST_CHECK enum err people_sessions(struct people *p, const char *account, json_t **out);
/* ERR_NOT_FOUND if the account has no such session. */
MUST_CHECK enum err people_end_session(struct people *p, const char *account, int64_t id);
/* Ends all sessions but the one with id `but` (0: all), and forgets the known browsers. */
MUST_CHECK enum err people_end_sessions(struct people *p, const char *account, int64_t but);

/* --- invitations to set a password, for the first time or again --- */

/* `resets` also removes second factors, for a person who lost the telephone. Ends earlier
 * invitations of the account. */
MUST_CHECK enum err people_invite(struct people *p, const char *account, bool resets,
	const char *by, char token[PEOPLE_TOKEN + 1]);
struct invitation {
	struct account account;
	bool resets;
	int64_t expires;
};
/* ERR_NOT_FOUND if there is none; ERR_GONE if it was used or is over. */
MUST_CHECK enum err people_invitation(struct people *p, const char *token, struct invitation *out);
/* Sets the password, once, and signs in; ends every earlier session. */
MUST_CHECK enum err people_accept(struct people *p, const struct people_from *from,
	const char *token, const char *password, struct signed_in *out);

/* --- the second factor: codes of an app (RFC 6238), and recovery codes --- */

/* Makes a new secret, which replaces an earlier one only when a code confirms it. `*uri`:
 * otpauth://, for a QR code; `*secret`: the same in base32, for typing. The caller frees both;
 * `issuer` is the register's name. This and the next two: ERR_DENIED if the session is not
 * fresh. */
MUST_CHECK enum err people_totp_begin(
	struct people *p, const struct session *s, const char *issuer, char **secret, char **uri);
/* ERR_DENIED for a wrong code. The session becomes PEOPLE_BY_CODE. `*codes`: PEOPLE_CODES texts,
 * shown only once. */
MUST_CHECK enum err people_totp_confirm(
	struct people *p, const struct session *s, const char *code, json_t **codes);
/* Replaces the remaining recovery codes by new ones. */
MUST_CHECK enum err people_recovery_codes(
	struct people *p, const struct session *s, json_t **codes);

/* --- keys that wait for the office --- */

/* Adds a key that the account's browser made. ERR_LIMITED if too many of its keys wait;
 * ERR_CONFLICT if another account asked for the same public key. */
MUST_CHECK enum err people_ask_key(
	struct people *p, const char *account, const char *vkey, const char *browser);
/* [{"vkey", "account", "name", "login", "at": in seconds, "browser"}…], oldest first; those of an
 * account, or (NULL) all. */
MUST_CHECK enum err people_asked_keys(struct people *p, const char *account, json_t **out);
/* Removes a key that was granted or refused. */
MUST_CHECK enum err people_drop_asked_key(struct people *p, const char *vkey);

/* --- passkeys: two factors in one, also for people without a telephone --- */

#define PEOPLE_CHALLENGE 56
/* A challenge in base64url for one answer within five minutes: for a new passkey or another proof
 * in the session `s`; NULL: for signing in. ERR_SYSTEM if libfido2 is not installed. */
MUST_CHECK enum err people_challenge(
	struct people *p, const struct session *s, char out[PEOPLE_CHALLENGE + 1]);
/* An answer as the page's script posts it, every member in base64url. For a new passkey the last
 * three are NULL, and `authenticator` comes from getAuthenticatorData(). The script must ask for
 * `WEBAUTHN_ALGORITHMS`, a resident key, userVerification "required", attestation "none", and pass
 * the bytes of the account's id as user.id. */
struct passkey_answer {
	const struct webauthn_site *site; /* base/webauthn.h */
	const char *challenge;            /* unchanged */
	const char *client_data, *authenticator;
	const char *signature, *credential; /* rawId */
	const char *user;                   /* userHandle; NULL if the browser gave none */
};
/* ERR_DENIED if the session is not fresh; ERR_INVALID names the fault; ERR_CONFLICT if it is
 * registered already. The session becomes PEOPLE_BY_PASSKEY; weak sessions of the account end. */
MUST_CHECK enum err people_passkey_add(struct people *p, const struct session *s,
	const struct passkey_answer *answer, const char *name);
/* ERR_DENIED and ERR_INVALID: it is not registered here, or the answer is wrong; ERR_LIMITED with
 * `wait`. Failed passwords of an account do not delay its passkeys, but those of a network do. */
MUST_CHECK enum err people_passkey_sign_in(struct people *p, const struct people_from *from,
	const struct passkey_answer *answer, struct signed_in *out);
/* Proves the owner's presence in place of people_prove(). */
MUST_CHECK enum err people_passkey_prove(
	struct people *p, const struct session *s, const struct passkey_answer *answer);
/* [{"id", "credential": its id in hexadecimal, "name", "made", "used" or null}…] */
MUST_CHECK enum err people_passkeys(struct people *p, const char *account, json_t **out);
MUST_CHECK enum err people_passkey_remove(struct people *p, const struct session *s, int64_t id);

/* --- for the operator --- */

/* Newest first: [{"at", "account" or null, "kind"}…]. Old rows are deleted. */
MUST_CHECK enum err people_log(struct people *p, unsigned most, json_t **out);
struct people_health {
	uint64_t hashed;        /* passwords, since the start */
	unsigned at_once, peak; /* the limit of concurrent hashes, and the most so far */
};
struct people_health people_health(struct people *p);
/* Removes everything that a long-lived copy must not hold: sessions, known browsers, the log. */
struct db;
MUST_CHECK enum err people_strip(struct db *db);
