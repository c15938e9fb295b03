/* Signing in, and proving one's identity again. The order keeps the time and the words of a refusal
 * from revealing anything: first, whether this client may try at all; then a hash, even for an
 * unknown login; then one transaction for the result, which writes one row in every case. */
#include "base/locked.h"
#include "registry/people/people_parts.h"

#include "base/security.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define SECOND                                        \
	"SELECT a.id, a.password, a.totp IS NOT NULL" \
	" OR EXISTS (SELECT 1 FROM passkey k WHERE k.account = a.id), a.disabled FROM account a"

SQL(OF_LOGIN, "sign_in.of_login", SECOND " WHERE a.login = ?1");
SQL(HASH_OF, "sign_in.hash_of", SECOND " WHERE a.id = ?1");
SQL(REHASH, "sign_in.rehash", "UPDATE account SET password = ?3 WHERE id = ?1 AND password = ?2");

struct attempt {
	const struct people_from *from;
	char account[PEOPLE_ID + 1]; /* "": the login is unknown */
	char hash[PASSWORD_HASH];    /* "": none */
	bool has_second, disabled;
	bool known; /* the browser is known */
	struct slow_key keys[2];
	size_t keys_n;
};

static enum err read_account(
	struct people *p, const struct sql *by, const char *key, struct attempt *a)
{
	AUTO(rows) row = {0};
	enum err e;

	LOCKED(&p->reading);
	e = db_one(p->read, by, BIND(text(key)), &row);
	if (e == OK) {
		snprintf(a->account, sizeof(a->account), "%s", rows_text(&row, 0));
		if (!rows_null(&row, 1))
			snprintf(a->hash, sizeof(a->hash), "%s", rows_text(&row, 1));
		a->has_second = rows_int(&row, 2);
		a->disabled = rows_int(&row, 3);
	}
	rows_done(&row);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* `what` is the secret that is guessed: the password of a login, the code of an account. */
static enum err set_keys(struct people *p, struct attempt *a, const char *what, const char *of)
{
	AUTOFREE char *login = mem_printf("%s %s", what, of);
	AUTOFREE char *browser =
		mem_printf("%s %s %s", what, of, a->from->known ? a->from->known : "");

	TRY(browser_is_known(p, a->from, a->account, &a->known));
	if (a->known) {
		a->keys[0] = slow_key(p->slow, SLOW_BROWSER, browser, strlen(browser));
		a->keys_n = 1;
		return OK;
	}
	a->keys[0] = slow_key(p->slow, SLOW_LOGIN, login, strlen(login));
	a->keys[1] = slow_key(p->slow, SLOW_NETWORK, a->from->network, a->from->network_len);
	a->keys_n = 2;
	return OK;
}

static enum err take(struct people *p, struct attempt *a, int64_t *wait)
{
	enum err e = slow_take(p->slow, a->keys, a->keys_n, env_now(&p->env), wait);

	if (e == ERR_LIMITED)
		security_event(SECURITY_SIGN_IN);
	return e;
}

/* --- results --- */

struct noting {
	enum sign_in_kind kind;
	const char *account;
};

static enum err note(struct people *p, void *arg)
{
	const struct noting *n = arg;

	return sign_in_note(p, n->kind, *n->account ? n->account : NULL);
}

static enum err refuse(struct people *p, enum sign_in_kind kind, const char *account)
{
	security_event(SECURITY_SIGN_IN);
	TRY(people_write(p, note, &(struct noting){kind, account}));
	if (kind == SIGN_IN_WRONG_CODE)
		return fail(ERR_DENIED, "the code is wrong, or was used already");
	return fail(ERR_DENIED, "the login or the password is wrong");
}

/* An attempt that was not decided does not count. */
static enum err decide(struct people *p, const struct attempt *a, enum err e)
{
	if (e == OK)
		slow_succeeded(p->slow, a->keys, a->keys_n);
	else if (e == ERR_DENIED)
		slow_failed(p->slow, a->keys, a->keys_n);
	else
		slow_undo(p->slow, a->keys, a->keys_n);
	return e;
}

static enum err check_password(
	struct people *p, const struct attempt *a, const char *password, bool *again)
{
	bool matches;

	TRY(password_matches(p, a->known, a->hash[0] ? a->hash : NULL, password, &matches, again));
	return matches && !a->disabled ? OK : refuse(p, SIGN_IN_WRONG_PASSWORD, a->account);
}

/* --- password --- */

struct finishing {
	const struct attempt *attempt;
	struct signed_in *out;
	char hash[PASSWORD_HASH]; /* "": unchanged */
};

static enum err finish(struct people *p, void *arg)
{
	struct finishing *f = arg;
	const struct attempt *a = f->attempt;

	if (f->hash[0])
		TRY(db_run(p->write, REHASH, BIND(text(a->account), text(a->hash), text(f->hash))));
	return session_make(
		p, a->from, a->has_second ? PEOPLE_CODE_TO_COME : PEOPLE_BY_PASSWORD, f->out);
}

static enum err with_password(
	struct people *p, struct attempt *a, const char *password, struct signed_in *out)
{
	struct finishing f = {.attempt = a, .out = out};
	bool again;

	TRY(check_password(p, a, password, &again));
	if (again)
		TRY(password_make(p, password, f.hash));
	memcpy(out->account, a->account, sizeof(out->account));
	return people_write(p, finish, &f);
}

enum err people_sign_in(struct people *p, const struct people_from *from, const char *login,
	const char *password, struct signed_in *out)
{
	struct attempt a = {.from = from};
	AUTOFREE char *folded = NULL;
	struct signed_in in = {0};
	enum err e;

	out->wait = 0;
	/* A malformed login is treated like an unknown one. */
	folded = strlen(login) <= PEOPLE_LOGIN && text_is_utf8(login, strlen(login))
	                 ? people_login(login)
	                 : mem_text("");
	TRY(read_account(p, OF_LOGIN, folded, &a));
	TRY(set_keys(p, &a, "password", folded));
	TRY(take(p, &a, &out->wait));
	e = decide(p, &a, with_password(p, &a, password, &in));
	crypto_wipe(a.hash, sizeof(a.hash));
	TRY(e);
	*out = in;
	return OK;
}

/* --- code --- */

struct coding {
	const struct attempt *attempt;
	const struct half *half;
	const char *code;
	struct signed_in *out;
};

static enum err use_code(struct people *p, void *arg)
{
	struct coding *c = arg;

	TRY(second_use(p, c->attempt->account, c->code));
	TRY(session_end_half(p, c->half));
	return session_make(p, c->attempt->from, PEOPLE_BY_CODE, c->out);
}

static enum err with_code(struct people *p, struct coding *c)
{
	enum err e = people_write(p, use_code, c);

	return e == ERR_DENIED ? refuse(p, SIGN_IN_WRONG_CODE, c->attempt->account) : e;
}

enum err people_enter_code(struct people *p, const struct people_from *from, const char *token,
	const char *code, struct signed_in *out)
{
	struct attempt a = {.from = from};
	struct signed_in in = {0};
	struct half half;
	struct coding c = {&a, &half, code, &in};

	out->wait = 0;
	TRY(session_half(p, token, &half));
	memcpy(a.account, half.account, sizeof(a.account));
	memcpy(in.account, half.account, sizeof(in.account));
	TRY(set_keys(p, &a, "code", a.account));
	TRY(take(p, &a, &out->wait));
	TRY(decide(p, &a, with_code(p, &c)));
	*out = in;
	return OK;
}

/* --- proving one's identity again --- */

struct proving {
	const struct session *session;
	const char *account, *code; /* NULL: the account has none */
};

static enum err prove(struct people *p, void *arg)
{
	const struct proving *pr = arg;

	if (pr->code)
		TRY(second_use(p, pr->account, pr->code));
	TRY(session_prove(p, pr->session->id));
	return sign_in_note(p, SIGN_IN_PROVED, pr->account);
}

static enum err prove_all(struct people *p, const struct attempt *a, const struct session *s,
	const char *password, const char *code)
{
	struct proving pr = {s, a->account, a->has_second ? (code ? code : "") : NULL};
	bool again;
	enum err e;

	e = check_password(p, a, password, &again);
	ENSURE(e != ERR_DENIED, ERR_DENIED, "the password is wrong"); /* no login was asked for */
	TRY(e);
	e = people_write(p, prove, &pr);
	return e == ERR_DENIED ? refuse(p, SIGN_IN_WRONG_CODE, a->account) : e;
}

enum err people_prove(struct people *p, const struct people_from *from, const struct session *s,
	const char *password, const char *code, int64_t *wait)
{
	struct attempt a = {.from = from};
	enum err e;

	*wait = 0;
	TRY(read_account(p, HASH_OF, s->account.id, &a));
	TRY(set_keys(p, &a, "prove", s->account.id));
	TRY(take(p, &a, wait));
	e = decide(p, &a, prove_all(p, &a, s, password, code));
	crypto_wipe(a.hash, sizeof(a.hash));
	return e;
}
