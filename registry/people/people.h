/* people.h - who works with a register: accounts, passwords and codes, sessions, invitations.
 *
 * State of a register outside its log, as sealed e-mail addresses are (registry/write/private.h).
 * It lies in a file of its own (folder.h: REG_PEOPLE), because sessions move with every request,
 * which must neither wait for the log's one writer nor share its durable commits, and because names
 * and password hashes have no place in a file that mirrors copy. A backup has it; verify, rebuild
 * and mirrors know nothing of it.
 *
 * What somebody may do is not here: roles are events (person.appointed), read from the read model
 * at each request. All that the log ever says of a person is the account's id, which is random.
 *
 * Threads: every function may be called from any. A look-up (people_session()) waits for no change;
 * changes wait for one another and for the disk; what hashes a password waits for its turn, a few
 * seconds at the most. Other processes may use the file at the same time (`gaya account` beside a
 * server). Whatever comes out is a copy. Tokens are lower-case hexadecimal, and only their SHA-256
 * is kept. */
#pragma once
#include "base/env.h"
#include "base/json.h"
#include "base/zone.h"
#include "registry/write/folder.h"

#define PEOPLE_ID 32    /* digits */
#define PEOPLE_TOKEN 64 /* digits of 256 random bits */
#define PEOPLE_LOGIN 64
#define PEOPLE_NAME 200 /* bytes, as the next two */
#define PEOPLE_EMAIL 254
#define PEOPLE_BROWSER 100

#define PEOPLE_PASSWORD_MIN 12      /* characters */
#define PEOPLE_IDLE (2 * 3600)      /* a session ends so many seconds after its last request */
#define PEOPLE_ABSOLUTE (12 * 3600) /* and after its beginning */
#define PEOPLE_FRESH (15 * 60)      /* how long a re-authentication counts */
#define PEOPLE_HALF (5 * 60)        /* between password and code */
#define PEOPLE_INVITED (7 * 24 * 3600)
#define PEOPLE_CODES 10 /* recovery codes */

struct people;
struct webauthn_site;
struct people_options {
	const char *dir; /* the register's folder */
	const struct env *env;
	unsigned at_once; /* passwords hashed at the same time, 19 MiB each; 0: by the processors */
	const char *const *words; /* of which no password may be made, such as the city's names;
	                           * NULL- ended, copied; NULL: none */
};
/* Makes the file where there is none: before a server is confined, which could not. ERR_NOT_FOUND
 * where the folder holds no register, ERR_CONFLICT where it holds a mirror. */
MUST_CHECK enum err people_create(const char *dir);
/* Makes it, too, with the same errors. */
MUST_CHECK enum err people_open(const struct people_options *o, struct people **out);
void people_close(struct people *p);

/* --- accounts --- */

struct account {
	char id[PEOPLE_ID + 1];
	char login[PEOPLE_LOGIN + 1]; /* letters, digits, ".", "-", "_", "@"; folded */
	char name[PEOPLE_NAME + 1];
	char email[PEOPLE_EMAIL + 1];
	char language[9]; /* of languages.h */
	bool disabled, has_password, has_totp;
	unsigned passkeys, recovery_codes; /* codes that are left */
	int64_t made;
};
/* A draft for the next two, of texts from outside. ERR_INVALID naming the member and the rule. */
MUST_CHECK enum err people_draft(const char *login, const char *name, const char *email,
	const char *language, struct account *out);
/* Takes login, name, e-mail and language; gives the id. `by`: an account, NULL on the machine.
 * ERR_INVALID naming the member; ERR_CONFLICT where the login is taken. */
MUST_CHECK enum err people_add(struct people *p, struct account *account, const char *by);
/* The same members of an account that is there, by its id. */
MUST_CHECK enum err people_change(struct people *p, const struct account *account);
MUST_CHECK enum err people_account(struct people *p, const char *id, struct account *out);
MUST_CHECK enum err people_account_of(struct people *p, const char *login, struct account *out);
/* [{"id", "login", "name", "email", "language", "disabled", "password", "totp", "passkeys", "made",
 * "seen" or null, "invited" (until when) or null}…] by login; times in seconds. */
MUST_CHECK enum err people_accounts(struct people *p, json_t **out);
/* Ends every session with it, at once, when `disabled`. */
MUST_CHECK enum err people_disable(struct people *p, const char *id, bool disabled);
/* With all that is kept of it, for good. The id stays where the log has it. */
MUST_CHECK enum err people_remove(struct people *p, const char *id);
/* ERR_INVALID naming the rule: too short, common, or made of the account's or the city's names. */
MUST_CHECK enum err people_check_password(
	struct people *p, const struct account *account, const char *password);
/* Without being asked for the old one: on the machine, by who has the folder. Ends every session.
 */
MUST_CHECK enum err people_set_password(struct people *p, const char *id, const char *password);

/* The day of an account's newest daily letter, "" before the first (mailed.c). */
MUST_CHECK enum err people_mailed(struct people *p, const char *account, char day[DAY_TEXT]);
MUST_CHECK enum err people_set_mailed(struct people *p, const char *account, const char *day);

/* --- signing in --- */

/* Where a request comes from. */
struct people_from {
	const void *network; /* masked: what counts as one client (web/http/client.h) */
	size_t network_len;
	const char *network_shown; /* the same for its owner to read, "192.0.2.0"; "" for nothing */
	const char *browser;       /* in words, "Firefox, Windows"; cut at PEOPLE_BROWSER */
	const char *known; /* the cookie that an earlier sign-in left (signed_in.known); or NULL */
};
enum people_way { PEOPLE_CODE_TO_COME, PEOPLE_BY_PASSWORD, PEOPLE_BY_CODE, PEOPLE_BY_PASSKEY };
struct signed_in {
	char account[PEOPLE_ID + 1];
	char token[PEOPLE_TOKEN + 1]; /* of the session, always a new one */
	char known[PEOPLE_TOKEN +
		   1]; /* for a cookie that stays, 180 days; "" while a code is to come */
	bool half; /* the password was right, and the account has an app or a passkey: a code is to
	            * come, people_enter_code(), or the passkey alone */
	int64_t wait; /* after ERR_LIMITED: so many seconds */
};
/* ERR_DENIED: one sentence and one time for a login that there is not and a password that is wrong.
 * ERR_LIMITED, with `wait`: it failed too often; who comes with a browser that is known is not held
 * back by what others did. ERR_BUSY: too many sign in at once. */
MUST_CHECK enum err people_sign_in(struct people *p, const struct people_from *from,
	const char *login, const char *password, struct signed_in *out);
/* With the half session's token, and six digits of the app or a recovery code. The same errors;
 * ERR_NOT_FOUND where the half session is over. */
MUST_CHECK enum err people_enter_code(struct people *p, const struct people_from *from,
	const char *token, const char *code, struct signed_in *out);

/* --- sessions --- */

struct session {
	int64_t id;
	struct account account; /* id, login, name, e-mail, language; the rest is not looked up */
	enum people_way way;    /* PEOPLE_BY_CODE and _PASSKEY are the strong ones */
	int64_t made, ends, proved;
	char csrf[PEOPLE_TOKEN + 1]; /* for the forms of its pages */
};
/* ERR_NOT_FOUND where there is none, it is over, half, or its account disabled. Notes that it was
 * seen, once a minute. */
MUST_CHECK enum err people_session(struct people *p, const char *token, struct session *out);
bool people_is_strong(const struct session *s);
/* Is it long since its owner gave the password? Then ask for it: people_prove(). */
bool people_is_fresh(struct people *p, const struct session *s);
bool people_csrf_valid(const struct session *s, const char *given); /* NULL is not */
/* Password, and, where the account has them, a code (else NULL). Errors of people_sign_in();
 * `*wait` is its `wait`. */
MUST_CHECK enum err people_prove(struct people *p, const struct people_from *from,
	const struct session *s, const char *password, const char *code, int64_t *wait);
/* Of a session that is fresh; ends the account's others. ERR_DENIED where it is not fresh. */
MUST_CHECK enum err people_change_password(
	struct people *p, const struct session *s, const char *password);
/* [{"id", "made", "seen", "ends", "browser", "network", "way"}…], the newest first. */
MUST_CHECK enum err people_sessions(struct people *p, const char *account, json_t **out);
/* ERR_NOT_FOUND: none of this account. */
MUST_CHECK enum err people_end_session(struct people *p, const char *account, int64_t id);
/* All, but the one whose id is `but` (0: none is kept), and the browsers that are known. */
MUST_CHECK enum err people_end_sessions(struct people *p, const char *account, int64_t but);

/* --- invitations: setting a password for the first time, or anew --- */

/* `resets`: second factors go with it, too: for who lost the telephone. Earlier ones of the account
 * are over. */
MUST_CHECK enum err people_invite(struct people *p, const char *account, bool resets,
	const char *by, char token[PEOPLE_TOKEN + 1]);
struct invitation {
	struct account account;
	bool resets;
	int64_t expires;
};
/* ERR_NOT_FOUND where there is none; ERR_GONE where it was used or is over. */
MUST_CHECK enum err people_invitation(struct people *p, const char *token, struct invitation *out);
/* Sets the password, once, and signs in; every earlier session is over. */
MUST_CHECK enum err people_accept(struct people *p, const struct people_from *from,
	const char *token, const char *password, struct signed_in *out);

/* --- the second factor: codes of an app (RFC 6238), and recovery codes --- */

/* A new secret, which counts once a code confirms it; until then an earlier one does. `*uri`:
 * otpauth://, for a QR code; `*secret`: the same in base32, to be typed in. The caller frees, and
 * `issuer` is the register's name. ERR_DENIED where the session is not fresh; so the next two. */
MUST_CHECK enum err people_totp_begin(
	struct people *p, const struct session *s, const char *issuer, char **secret, char **uri);
/* ERR_DENIED for a wrong code. The session becomes PEOPLE_BY_CODE. `*codes`: PEOPLE_CODES texts,
 * shown this once. */
MUST_CHECK enum err people_totp_confirm(
	struct people *p, const struct session *s, const char *code, json_t **codes);
/* New recovery codes instead of those that were left. */
MUST_CHECK enum err people_recovery_codes(
	struct people *p, const struct session *s, json_t **codes);

/* --- keys that wait to be granted --- */

/* A key that the account's browser made. ERR_LIMITED: too many of it wait. */
MUST_CHECK enum err people_ask_key(
	struct people *p, const char *account, const char *vkey, const char *browser);
/* [{"vkey", "account", "name", "login", "at": in seconds, "browser"}…], the oldest first; of an
 * account, or (NULL) of all. */
MUST_CHECK enum err people_asked_keys(struct people *p, const char *account, json_t **out);
/* It was granted, or will not be. */
MUST_CHECK enum err people_drop_asked_key(struct people *p, const char *vkey);

/* --- passkeys: two factors in one, which is for who has no telephone, too --- */

#define PEOPLE_CHALLENGE 56
/* In base64url, good for five minutes and one answer: for a new passkey and for proving again, in
 * the session `s`; NULL: to sign in. ERR_SYSTEM where libfido2 is not installed. */
MUST_CHECK enum err people_challenge(
	struct people *p, const struct session *s, char out[PEOPLE_CHALLENGE + 1]);
/* As a page's script posts it, every member in base64url. For a new passkey the last three are
 * NULL, and `authenticator` is of getAuthenticatorData(). Ask for `WEBAUTHN_ALGORITHMS`, a resident
 * key, userVerification "required", attestation "none", and as user.id the bytes of the account's
 * id. */
struct passkey_answer {
	const struct webauthn_site *site; /* base/webauthn.h */
	const char *challenge;            /* as it was given out */
	const char *client_data, *authenticator;
	const char *signature, *credential; /* rawId */
	const char *user;                   /* userHandle; NULL where the browser gave none */
};
/* ERR_DENIED where the session is not fresh; ERR_INVALID with what does not fit; ERR_CONFLICT where
 * it is registered. The session becomes PEOPLE_BY_PASSKEY; weak sessions of the account end. */
MUST_CHECK enum err people_passkey_add(struct people *p, const struct session *s,
	const struct passkey_answer *answer, const char *name);
/* ERR_DENIED and ERR_INVALID: not one that is registered here, or not right; ERR_LIMITED with
 * `wait`. Who failed with passwords does not wait here, but its network does. */
MUST_CHECK enum err people_passkey_sign_in(struct people *p, const struct people_from *from,
	const struct passkey_answer *answer, struct signed_in *out);
/* Instead of the password: people_prove(). */
MUST_CHECK enum err people_passkey_prove(
	struct people *p, const struct session *s, const struct passkey_answer *answer);
/* [{"id", "credential": its id in hexadecimal, "name", "made", "used" or null}…] */
MUST_CHECK enum err people_passkeys(struct people *p, const char *account, json_t **out);
MUST_CHECK enum err people_passkey_remove(struct people *p, const struct session *s, int64_t id);

/* --- for the operator --- */

/* The newest first: [{"at", "account" or null, "kind"}…]. Bounded: the oldest rows go. */
MUST_CHECK enum err people_log(struct people *p, unsigned most, json_t **out);
struct people_health {
	uint64_t hashed;        /* passwords, since the start */
	unsigned at_once, peak; /* may be hashed at the same time, and were */
	uint64_t busy, slowed;  /* attempts that were refused without looking */
};
struct people_health people_health(struct people *p);
/* What a copy that is kept for long must not hold: sessions, known browsers, the log. */
struct db;
MUST_CHECK enum err people_strip(struct db *db);
