#include "base/locked.h"
#include "registry/people/people_parts.h"

#include "base/languages.h"
#include "base/text.h"

#include <string.h>

#define NAME_CHARS 60

/* The columns of `struct account`, in its order. */
#define COLUMNS                                                          \
	"SELECT a.id, a.login, a.name, a.email, a.language, a.disabled," \
	" a.password IS NOT NULL, a.totp IS NOT NULL, a.made,"           \
	" (SELECT count(*) FROM passkey k WHERE k.account = a.id),"      \
	" (SELECT count(*) FROM recovery_code r WHERE r.account = a.id)"

SQL(ONE, "account.one", COLUMNS " FROM account a WHERE a.id = ?1");
SQL(OF_LOGIN, "account.of_login", COLUMNS " FROM account a WHERE a.login = ?1");
SQL(LIST, "account.list",
	"SELECT a.id, a.login, a.name, a.email, a.language, a.disabled AS \"disabled:bool\","
	" a.password IS NOT NULL AS \"password:bool\", a.totp IS NOT NULL AS \"totp:bool\","
	" (SELECT count(*) FROM passkey k WHERE k.account = a.id) AS passkeys, a.made,"
	" (SELECT max(s.seen) FROM session s WHERE s.account = a.id) AS seen,"
	" (SELECT max(i.expires) FROM invitation i WHERE i.account = a.id"
	" AND i.used IS NULL AND i.expires > ?1) AS invited FROM account a ORDER BY a.login",
	"all are listed");
SQL(ADD, "account.add",
	"INSERT INTO account (id, login, name, email, language, made, made_by)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(DISABLE, "account.disable", "UPDATE account SET disabled = ?2 WHERE id = ?1");
SQL(REMOVE, "account.remove", "DELETE FROM account WHERE id = ?1"); /* cascades */
SQL(SET_PASSWORD, "account.set_password", "UPDATE account SET password = ?2 WHERE id = ?1");
SQL(END_SESSIONS, "account.end_sessions", "DELETE FROM session WHERE account = ?1 AND id <> ?2");
SQL(FORGET_BROWSERS, "account.forget_browsers", "DELETE FROM known_browser WHERE account = ?1");

static void read_row(struct rows *row, struct account *out)
{
	*out = (struct account){.disabled = rows_int(row, 5),
		.has_password = rows_int(row, 6),
		.has_totp = rows_int(row, 7),
		.made = rows_int(row, 8),
		.passkeys = (unsigned)rows_int(row, 9),
		.recovery_codes = (unsigned)rows_int(row, 10)};
	people_copy(out->id, sizeof(out->id), rows_text(row, 0));
	people_copy(out->login, sizeof(out->login), rows_text(row, 1));
	people_copy(out->name, sizeof(out->name), rows_text(row, 2));
	people_copy(out->email, sizeof(out->email), rows_text(row, 3));
	people_copy(out->language, sizeof(out->language), rows_text(row, 4));
}

static enum err find(struct db *db, const struct sql *by, const char *key, struct account *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, by, BIND(text(key)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no account \"%.64s\"", key);
	TRY(e);
	read_row(&row, out);
	return OK;
}

enum err account_find(struct db *db, const char *id, struct account *out)
{
	return find(db, ONE, id, out);
}

static enum err look_up(
	struct people *p, const struct sql *by, const char *key, struct account *out)
{
	LOCKED(&p->reading);
	return find(p->read, by, key, out);
}

enum err people_account(struct people *p, const char *id, struct account *out)
{
	return look_up(p, ONE, id, out);
}

enum err people_account_of(struct people *p, const char *login, struct account *out)
{
	AUTOFREE char *folded = NULL;

	ENSURE(text_is_utf8(login, strlen(login)) && strlen(login) <= PEOPLE_LOGIN, ERR_NOT_FOUND,
		"there is no account of this login");
	folded = people_login(login);
	return look_up(p, OF_LOGIN, folded, out);
}

enum err people_accounts(struct people *p, json_t **out)
{
	return people_rows(p, LIST, BIND(num(env_now(&p->env))), out);
}

/* --- changes --- */

char *people_login(const char *typed)
{
	AUTOFREE char *folded = text_folded(typed);

	return text_trimmed(folded);
}

static enum err settle_login(struct account *a)
{
	AUTOFREE char *folded = NULL;

	ENSURE(text_is_utf8(a->login, strlen(a->login)), ERR_INVALID, "the login is no text");
	folded = people_login(a->login);
	ENSURE(*folded &&
			strspn(folded, "abcdefghijklmnopqrstuvwxyz0123456789.-_@") ==
				strlen(folded) &&
			strlen(folded) <= PEOPLE_LOGIN,
		ERR_INVALID,
		"the login \"%.80s\" is made of other characters than Latin letters, digits, \".\", \"-\", \"_\" and "
		"\"@\", or of none, or of more than %d",
		a->login, PEOPLE_LOGIN);
	people_copy(a->login, sizeof(a->login), folded);
	return OK;
}

static enum err settle_name(struct account *a)
{
	AUTOFREE char *name = NULL;

	ENSURE(text_is_utf8(a->name, strlen(a->name)) && text_is_stream_safe(a->name) &&
			!text_forbidden(a->name, false) && text_is_visible(a->name),
		ERR_INVALID, "the name is empty, or holds a character that no name has");
	name = text_nfc(a->name);
	ENSURE(text_length(name) <= NAME_CHARS && strlen(name) <= PEOPLE_NAME, ERR_INVALID,
		"the name has more than %d characters", NAME_CHARS);
	people_copy(a->name, sizeof(a->name), name);
	return OK;
}

/* One "@", with something before it and a host name after it; only a delivered mail could prove
 * more. */
static enum err check_email(const char *email)
{
	const char *at = strchr(email, '@');

	for (const char *c = email; *c; c++)
		ENSURE(*c > ' ' && *c != 0x7f && !strchr("<>()[]\\,;:\"", *c), ERR_INVALID,
			"the e-mail address holds a character that none has");
	ENSURE(at && at > email && !strchr(at + 1, '@') && strchr(at + 1, '.') && at[1] != '.' &&
			email[strlen(email) - 1] != '.',
		ERR_INVALID, "\"%.80s\" is no e-mail address", email);
	return OK;
}

static enum err settle_account(struct account *a)
{
	const struct language *l = language_of(a->language, strlen(a->language));

	TRY(settle_login(a));
	TRY(settle_name(a));
	TRY(check_email(a->email));
	ENSURE(l, ERR_INVALID, "the program speaks no language \"%.8s\"", a->language);
	people_copy(a->language, sizeof(a->language), l->code);
	return OK;
}

static enum err check_fits(const char *what, const char *given, size_t room)
{
	ENSURE(strlen(given) < room, ERR_INVALID, "the %s has more than %zu bytes", err_text(what),
		room - 1);
	return OK;
}

enum err people_draft(const char *login, const char *name, const char *email, const char *language,
	struct account *out)
{
	struct account a = {0};

	TRY(check_fits("login", login, sizeof(a.login)));
	TRY(check_fits("name", name, sizeof(a.name)));
	TRY(check_fits("e-mail address", email, sizeof(a.email)));
	TRY(check_fits("language", language, sizeof(a.language)));
	people_copy(a.login, sizeof(a.login), login);
	people_copy(a.name, sizeof(a.name), name);
	people_copy(a.email, sizeof(a.email), email);
	people_copy(a.language, sizeof(a.language), language);
	TRY(settle_account(&a));
	*out = a;
	return OK;
}

struct adding {
	struct account *account;
	const char *by;
};

static enum err add(struct people *p, void *arg)
{
	const struct adding *adding = arg;
	const struct account *a = adding->account;

	return db_run(p->write, ADD,
		BIND(text(a->id), text(a->login), text(a->name), text(a->email), text(a->language),
			num(a->made), text(adding->by)));
}

enum err people_add(struct people *p, struct account *account, const char *by)
{
	uint8_t id[PEOPLE_ID / 2];
	struct adding adding = {account, by};
	enum err e;

	TRY(settle_account(account));
	env_random(&p->env, id, sizeof(id));
	hex_text(id, sizeof(id), account->id);
	account->made = env_now(&p->env);
	e = people_write(p, add, &adding);
	ENSURE(e != ERR_CONFLICT, ERR_CONFLICT, "there is an account with the login \"%s\" already",
		account->login);
	return e;
}

static enum err found_one(struct people *p, const char *id)
{
	ENSURE(db_changes(p->write), ERR_NOT_FOUND, "there is no account \"%.64s\"", id);
	return OK;
}

static enum err drop_sessions(struct people *p, const char *id, int64_t but)
{
	TRY(db_run(p->write, END_SESSIONS, BIND(text(id), num(but))));
	return db_run(p->write, FORGET_BROWSERS, BIND(text(id)));
}

struct disabling {
	const char *id;
	bool disabled;
};

static enum err disable(struct people *p, void *arg)
{
	const struct disabling *d = arg;

	TRY(db_run(p->write, DISABLE, BIND(text(d->id), num(d->disabled))));
	TRY(found_one(p, d->id));
	TRY(sign_in_note(p, d->disabled ? SIGN_IN_DISABLED : SIGN_IN_ENABLED, d->id));
	return d->disabled ? drop_sessions(p, d->id, 0) : OK;
}

enum err people_disable(struct people *p, const char *id, bool disabled)
{
	struct disabling d = {id, disabled};

	return people_write(p, disable, &d);
}

static enum err remove_one(struct people *p, void *arg)
{
	const char *id = arg;

	TRY(db_run(p->write, REMOVE, BIND(text(id))));
	TRY(found_one(p, id));
	return sign_in_note(p, SIGN_IN_REMOVED, id);
}

enum err people_remove(struct people *p, const char *id)
{
	char copied[PEOPLE_ID + 1];

	ENSURE(strlen(id) == PEOPLE_ID, ERR_NOT_FOUND, "there is no account \"%.64s\"", id);
	memcpy(copied, id, sizeof(copied));
	return people_write(p, remove_one, copied);
}

/* --- passwords --- */

enum err account_set_password(struct people *p, const char *id, const char *hash, int64_t but)
{
	TRY(db_run(p->write, SET_PASSWORD, BIND(text(id), text(hash))));
	TRY(found_one(p, id));
	TRY(sign_in_note(p, SIGN_IN_PASSWORD_CHANGED, id));
	return drop_sessions(p, id, but);
}

struct new_password {
	const char *id;
	int64_t but; /* the session that stays */
	char hash[PASSWORD_HASH];
};

static enum err set_password(struct people *p, void *arg)
{
	const struct new_password *n = arg;

	return account_set_password(p, n->id, n->hash, n->but);
}

static enum err take_password(struct people *p, const char *id, int64_t but, const char *password)
{
	struct new_password n = {.id = id, .but = but};
	struct account account;

	TRY(people_account(p, id, &account));
	TRY(password_check(p, &account, password));
	TRY(password_make(p, password, n.hash));
	return people_write(p, set_password, &n);
}

enum err people_set_password(struct people *p, const char *id, const char *password)
{
	return take_password(p, id, 0, password);
}

enum err people_change_password(struct people *p, const struct session *s, const char *password)
{
	TRY(session_is_fresh(p, s));
	return take_password(p, s->account.id, s->id, password);
}

struct ending {
	const char *id;
	int64_t but;
};

static enum err end_sessions(struct people *p, void *arg)
{
	const struct ending *ending = arg;

	return drop_sessions(p, ending->id, ending->but);
}

enum err people_end_sessions(struct people *p, const char *account, int64_t but)
{
	struct ending ending = {account, but};

	return people_write(p, end_sessions, &ending);
}
