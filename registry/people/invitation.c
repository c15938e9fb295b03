/* A link with which a person sets a password, for the first time or after forgetting it. It works
 * once, within a week; a newer link for the account ends it. */
#include "base/locked.h"
#include "registry/people/people_parts.h"

#include <string.h>

SQL(FIND, "invitation.find",
	"SELECT account, resets, expires, used FROM invitation WHERE hash = ?1");
SQL(ADD, "invitation.add",
	"INSERT INTO invitation (hash, account, resets, made, made_by, expires)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
SQL(END, "invitation.end", "DELETE FROM invitation WHERE account = ?1 AND used IS NULL");
SQL(USE, "invitation.use",
	"UPDATE invitation SET used = ?2 WHERE hash = ?1 AND used IS NULL AND expires > ?2");
SQL(TIDY, "invitation.tidy", "DELETE FROM invitation WHERE made < ?1",
	"there are few; asked where one is made");
SQL(RESET, "invitation.reset", "UPDATE account SET totp = NULL, totp_new = NULL WHERE id = ?1");
SQL(CODES, "invitation.codes", "DELETE FROM recovery_code WHERE account = ?1");
SQL(PASSKEYS, "invitation.passkeys", "DELETE FROM passkey WHERE account = ?1");
SQL(HAS_SECOND, "invitation.has_second",
	"SELECT totp IS NOT NULL OR EXISTS (SELECT 1 FROM passkey WHERE account = ?1)"
	" FROM account WHERE id = ?1");

#define REMEMBERED (90 * 24 * 3600) /* seconds that a used link differs from an unknown one */

struct inviting {
	const char *account, *by;
	bool resets;
	char token[PEOPLE_TOKEN + 1];
};

static enum err invite(struct people *p, void *arg)
{
	struct inviting *i = arg;
	int64_t now = env_now(&p->env);
	struct account account;
	struct sha256 hash;

	TRY(account_find(p->write, i->account, &account));
	ENSURE(!account.disabled, ERR_CONFLICT, "the account of %s is disabled: enable it first",
		account.login);
	TRY(db_run(p->write, TIDY, BIND(num(now - REMEMBERED))));
	TRY(db_run(p->write, END, BIND(text(i->account))));
	token_make(p, i->token, &hash);
	TRY(db_run(p->write, ADD,
		BIND(hash_val(&hash), text(i->account), num(i->resets), num(now), text(i->by),
			num(now + PEOPLE_INVITED))));
	return sign_in_note(p, SIGN_IN_INVITED, i->account);
}

enum err people_invite(struct people *p, const char *account, bool resets, const char *by,
	char token[PEOPLE_TOKEN + 1])
{
	struct inviting i = {.account = account, .by = by, .resets = resets};

	TRY(people_write(p, invite, &i));
	memcpy(token, i.token, sizeof(i.token));
	return OK;
}

static enum err find(
	struct people *p, struct db *db, const struct sha256 *hash, struct invitation *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, FIND, BIND(hash_val(hash)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"there is no such invitation, or a newer one took its place: use the newest, or ask for one");
	TRY(e);
	ENSURE(rows_null(&row, 3), ERR_GONE,
		"the invitation was used already: sign in with the password that was set, or ask for a new one");
	out->resets = rows_int(&row, 1);
	out->expires = rows_int(&row, 2);
	ENSURE(out->expires > env_now(&p->env), ERR_GONE,
		"the invitation is older than seven days: ask for a new one");
	TRY(account_find(db, rows_text(&row, 0), &out->account));
	ENSURE(!out->account.disabled, ERR_GONE, "the account is disabled");
	return OK;
}

static enum err look_up(struct people *p, const struct sha256 *hash, struct invitation *out)
{
	LOCKED(&p->reading);
	return find(p, p->read, hash, out);
}

static enum err hash_of(const char *token, struct sha256 *out)
{
	ENSURE(token_hash(token, out) == OK, ERR_NOT_FOUND,
		"there is no such invitation: is the whole link there?");
	return OK;
}

enum err people_invitation(struct people *p, const char *token, struct invitation *out)
{
	struct sha256 hash;

	TRY(hash_of(token, &hash));
	return look_up(p, &hash, out);
}

/* --- using it --- */

struct accepting {
	const struct people_from *from;
	const struct invitation *invitation;
	struct sha256 token;
	char hash[PASSWORD_HASH];
	struct signed_in *out;
};

static enum err reset(struct people *p, const char *account)
{
	TRY(db_run(p->write, RESET, BIND(text(account))));
	TRY(db_run(p->write, CODES, BIND(text(account))));
	return db_run(p->write, PASSKEYS, BIND(text(account)));
}

static enum err accept(struct people *p, void *arg)
{
	struct accepting *a = arg;
	const char *account = a->invitation->account.id;
	int64_t has_second;

	TRY(db_run(p->write, USE, BIND(hash_val(&a->token), num(env_now(&p->env)))));
	ENSURE(db_changes(p->write), ERR_GONE,
		"the invitation was used already: sign in with the password that was set, or ask for a new one");
	if (a->invitation->resets)
		TRY(reset(p, account));
	TRY(sign_in_note(p, SIGN_IN_ACCEPTED, account));
	TRY(account_set_password(p, account, a->hash, 0));
	TRY(db_int(p->write, HAS_SECOND, BIND(text(account)), &has_second));
	return session_make(
		p, a->from, has_second ? PEOPLE_CODE_TO_COME : PEOPLE_BY_PASSWORD, a->out);
}

enum err people_accept(struct people *p, const struct people_from *from, const char *token,
	const char *password, struct signed_in *out)
{
	struct invitation invitation;
	struct signed_in in = {0};
	struct accepting a = {.from = from, .invitation = &invitation, .out = &in};

	TRY(hash_of(token, &a.token));
	TRY(look_up(p, &a.token, &invitation));
	TRY(password_check(p, &invitation.account, password));
	TRY(password_make(p, password, a.hash));
	memcpy(in.account, invitation.account.id, sizeof(in.account));
	TRY(people_write(p, accept, &a));
	*out = in;
	return OK;
}
