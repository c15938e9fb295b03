/* Passkeys. Anybody may ask for a challenge, so none is stored: each carries its expiry and
 * purpose, authenticated by a key of this process. Only challenges that were answered correctly are
 * stored, so that each is answered once. */
#include "registry/people/people_parts.h"

#include "base/security.h"
#include "base/text.h"
#include "base/webauthn.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHALLENGE_SECONDS 300
#define PASSKEYS 20   /* of an account */
#define NAME_CHARS 60 /* as its owner names it: "office laptop" */

SQL(FIND, "passkey.find",
	"SELECT k.account, k.algorithm, k.key, k.count, a.disabled FROM passkey k"
	" JOIN account a ON a.id = k.account WHERE k.credential = ?1");
SQL(ADD, "passkey.add",
	"INSERT INTO passkey (credential, account, algorithm, key, count, name, made)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(COUNT_OF, "passkey.count_of", "SELECT count(*) FROM passkey WHERE account = ?1");
SQL(USED, "passkey.used",
	"UPDATE passkey SET count = ?2, used = ?3 WHERE credential = ?1"
	" AND (count < ?2 OR (count = 0 AND ?2 = 0))");
SQL(LIST, "passkey.list",
	"SELECT id, lower(hex(credential)) AS credential, name, made, used FROM passkey"
	" WHERE account = ?1 ORDER BY id");
SQL(REMOVE, "passkey.remove", "DELETE FROM passkey WHERE id = ?1 AND account = ?2");
SQL(SPEND, "passkey.spend", "INSERT INTO challenge (hash, expires) VALUES (?1, ?2)");
SQL(TIDY, "passkey.tidy", "DELETE FROM challenge WHERE expires <= ?1", "those of five minutes");

/* --- challenges --- */

struct challenge {
	uint8_t random[18];
	uint8_t expires[8]; /* big-endian */
	uint8_t mac[16];
};
_Static_assert(sizeof(struct challenge) / 3 * 4 == PEOPLE_CHALLENGE, "in base64url");

/* `session` 0: for signing in. */
static void sign_challenge(
	const struct people *p, const struct challenge *c, int64_t session, uint8_t mac[16])
{
	uint8_t all[sizeof(c->random) + sizeof(c->expires) + sizeof(session)], whole[HMAC];

	memcpy(all, c->random, sizeof(c->random));
	memcpy(all + sizeof(c->random), c->expires, sizeof(c->expires));
	memcpy(all + sizeof(c->random) + sizeof(c->expires), &session, sizeof(session));
	crypto_hmac(p->challenge_key, all, sizeof(all), whole);
	memcpy(mac, whole, 16);
}

enum err people_challenge(struct people *p, const struct session *s, char out[PEOPLE_CHALLENGE + 1])
{
	uint64_t expires = (uint64_t)(env_now(&p->env) + CHALLENGE_SECONDS);
	AUTO(buf) text = BUF(KIB);
	struct challenge c;

	TRY(webauthn_ready());
	env_random(&p->env, c.random, sizeof(c.random));
	for (int i = 0; i < 8; i++)
		c.expires[i] = (uint8_t)(expires >> (56 - 8 * i));
	sign_challenge(p, &c, s ? s->id : 0, c.mac);
	base64url_add(&text, &c, sizeof(c));
	snprintf(out, PEOPLE_CHALLENGE + 1, "%s", buf_text(&text));
	return OK;
}

static enum err check_challenge(
	struct people *p, const struct session *s, const char *text, struct challenge *out)
{
	AUTO(buf) bytes = BUF(KIB);
	int64_t expires = 0, now = env_now(&p->env);
	uint8_t mac[16];

	ENSURE(text && strlen(text) == PEOPLE_CHALLENGE &&
			base64url_parse(text, PEOPLE_CHALLENGE, &bytes) == OK &&
			bytes.len == sizeof(*out),
		ERR_INVALID, "the passkey's answer is to another question than was asked");
	memcpy(out, bytes.data, sizeof(*out));
	sign_challenge(p, out, s ? s->id : 0, mac);
	for (int i = 0; i < 8; i++)
		expires = (int64_t)((uint64_t)expires << 8 | out->expires[i]);
	ENSURE(crypto_equal(mac, out->mac, sizeof(mac)) && expires > now &&
			expires <= now + CHALLENGE_SECONDS,
		ERR_INVALID, "the passkey was asked for too long ago: begin again");
	return OK;
}

static enum err spend(struct people *p, const struct challenge *c)
{
	struct sha256 hash = sha256_of(c, sizeof(*c));
	int64_t now = env_now(&p->env);
	enum err e;

	TRY(db_run(p->write, TIDY, BIND(num(now))));
	e = db_run(p->write, SPEND, BIND(hash_val(&hash), num(now + CHALLENGE_SECONDS)));
	ENSURE(e != ERR_CONFLICT, ERR_DENIED, "the passkey's answer was used already");
	return e;
}

/* --- answers --- */

struct answer {
	struct buf client_data, authenticator, signature, credential, user;
	struct challenge challenge;
};
#define ANSWER                                                                 \
	{                                                                      \
		.client_data = BUF(8 * KIB), .authenticator = BUF(16 * KIB),   \
		.signature = BUF(KIB), .credential = BUF(KIB), .user = BUF(64) \
	}

static void answer_done(struct answer *a)
{
	buf_done(&a->client_data);
	buf_done(&a->authenticator);
	buf_done(&a->signature);
	buf_done(&a->credential);
	buf_done(&a->user);
}

static enum err decode(const char *text, bool needed, struct buf *out)
{
	ENSURE(text || !needed, ERR_INVALID, "the passkey's answer is damaged");
	if (!text)
		return OK;
	ENSURE(strlen(text) / 4 * 3 <= out->max && base64url_parse(text, strlen(text), out) == OK &&
			(out->len || !needed),
		ERR_INVALID, "the passkey's answer is damaged");
	return buf_check(out, "the passkey's answer");
}

static enum err read_answer(struct people *p, const struct session *s,
	const struct passkey_answer *given, bool signs, struct answer *out)
{
	TRY(check_challenge(p, s, given->challenge, &out->challenge));
	TRY(decode(given->client_data, true, &out->client_data));
	TRY(decode(given->authenticator, true, &out->authenticator));
	if (!signs)
		return OK;
	TRY(decode(given->signature, true, &out->signature));
	TRY(decode(given->credential, true, &out->credential));
	return decode(given->user, false, &out->user);
}

static struct webauthn_bytes bytes_of(const struct buf *b)
{
	return (struct webauthn_bytes){buf_text(b), b->len};
}

/* --- a new one --- */

struct adding {
	const struct session *session;
	const struct passkey *key;
	const struct challenge *challenge;
	const char *name;
};

static enum err add(struct people *p, void *arg)
{
	const struct adding *a = arg;
	const char *account = a->session->account.id;
	int64_t n;
	enum err e;

	TRY(spend(p, a->challenge));
	TRY(db_int(p->write, COUNT_OF, BIND(text(account)), &n));
	ENSURE(n < PASSKEYS, ERR_INVALID,
		"an account has %d passkeys at the most: remove one first", PASSKEYS);
	e = db_run(p->write, ADD,
		BIND(blob(a->key->id, a->key->id_len), text(account), num(a->key->algorithm),
			blob(a->key->key, a->key->key_len), num(a->key->count), text(a->name),
			num(env_now(&p->env))));
	ENSURE(e != ERR_CONFLICT, ERR_CONFLICT, "the passkey is registered already");
	TRY(e);
	TRY(sign_in_note(p, SIGN_IN_SECOND_FACTOR, account));
	return session_strengthen(p, a->session, PEOPLE_BY_PASSKEY);
}

static enum err check_name(const char *name)
{
	ENSURE(text_is_utf8(name, strlen(name)) && text_is_stream_safe(name) &&
			!text_forbidden(name, false) && text_is_visible(name) &&
			text_length(name) <= NAME_CHARS,
		ERR_INVALID, "the passkey's name is empty, or has more than %d characters",
		NAME_CHARS);
	return OK;
}

enum err people_passkey_add(struct people *p, const struct session *s,
	const struct passkey_answer *given, const char *name)
{
	AUTO(answer) answer = ANSWER;
	AUTOFREE char *settled = NULL;
	struct passkey key;
	struct adding a = {.session = s, .key = &key, .challenge = &answer.challenge};

	TRY(session_is_fresh(p, s));
	TRY(check_name(name));
	TRY(read_answer(p, s, given, false, &answer));
	TRY(webauthn_register(given->site, given->challenge, bytes_of(&answer.client_data),
		bytes_of(&answer.authenticator), &key));
	a.name = settled = text_nfc(name);
	return people_write(p, add, &a);
}

/* --- using one --- */

struct using
{
	const struct people_from *from; /* NULL: another proof in `session` */
	const struct session *session;
	const struct answer *answer;
	char account[PEOPLE_ID + 1];
	bool disabled;
	struct passkey key;
	uint32_t count;
	struct signed_in *out;
};

static enum err find_passkey(struct people *p, struct using *u)
{
	const struct buf *credential = &u->answer->credential;
	AUTO(rows) row = {0};
	const void *key;
	size_t len;

	TRY(db_one(p->read, FIND, BIND(blob(credential->data, credential->len)), &row));
	snprintf(u->account, sizeof(u->account), "%s", rows_text(&row, 0));
	u->key.algorithm = (int)rows_int(&row, 1);
	u->key.count = (uint32_t)rows_int(&row, 3);
	u->disabled = rows_int(&row, 4);
	key = rows_blob(&row, 2, &len);
	ENSURE(len <= sizeof(u->key.key), ERR_CORRUPT, "a passkey's key is damaged");
	memcpy(u->key.key, key, len);
	u->key.key_len = len;
	return OK;
}

/* The passkey must belong to the account and, if the browser names one, to the person it was made
 * for. */
static enum err check_owner(const struct using *u)
{
	const struct buf *user = &u->answer->user;
	uint8_t id[PEOPLE_ID / 2];

	TRY(hex_parse(u->account, id, sizeof(id)));
	ENSURE(!user->len || (user->len == sizeof(id) && crypto_equal(user->data, id, sizeof(id))),
		ERR_DENIED, "the passkey is another account's");
	ENSURE(!u->session || strcmp(u->session->account.id, u->account) == 0, ERR_DENIED,
		"the passkey is another account's");
	ENSURE(!u->disabled, ERR_DENIED, "the account is disabled");
	return OK;
}

static enum err use(struct people *p, void *arg)
{
	struct using *u = arg;
	const struct buf *credential = &u->answer->credential;

	TRY(spend(p, &u->answer->challenge));
	TRY(db_run(p->write, USED,
		BIND(blob(credential->data, credential->len), num(u->count),
			num(env_now(&p->env)))));
	ENSURE(db_changes(p->write), ERR_DENIED,
		"the passkey counts fewer signatures than before: there is a copy of it");
	if (u->from) {
		memcpy(u->out->account, u->account, sizeof(u->out->account));
		return session_make(p, u->from, PEOPLE_BY_PASSKEY, u->out);
	}
	TRY(session_prove(p, u->session->id));
	return sign_in_note(p, SIGN_IN_PROVED, u->account);
}

static enum err look_up(struct people *p, struct using *u)
{
	enum err e;

	pthread_mutex_lock(&p->reading);
	e = find_passkey(p, u);
	pthread_mutex_unlock(&p->reading);
	ENSURE(e != ERR_NOT_FOUND, ERR_DENIED, "the passkey is not registered here");
	return e;
}

static enum err check_and_use(struct people *p, const struct passkey_answer *given, struct using *u)
{
	TRY(look_up(p, u));
	TRY(webauthn_assert(given->site, given->challenge, &u->key,
		bytes_of(&u->answer->client_data), bytes_of(&u->answer->authenticator),
		bytes_of(&u->answer->signature), &u->count));
	TRY(check_owner(u));
	return people_write(p, use, u);
}

static enum err note_refused(struct people *p, void *arg)
{
	const struct using *u = arg;

	return sign_in_note(p, SIGN_IN_PASSKEY_REFUSED, *u->account ? u->account : NULL);
}

/* Logs a refusal only if it concerns an account; otherwise anybody could fill the table. */
static enum err refuse(struct people *p, struct using *u, enum err e)
{
	char why[ERR_WHY_MAX];

	if (e != ERR_DENIED && e != ERR_INVALID)
		return e;
	snprintf(why, sizeof(why), "%s", err_why());
	security_event(SECURITY_SIGN_IN);
	if (*u->account)
		TRY(people_write(p, note_refused, u));
	return fail(e, "%s", why);
}

static enum err answer_used(struct people *p, const struct passkey_answer *given, struct using *u)
{
	AUTO(answer) answer = ANSWER;
	enum err e = read_answer(p, u->session, given, true, &answer);

	u->answer = &answer;
	if (e == OK)
		e = check_and_use(p, given, u);
	return e == OK ? OK : refuse(p, u, e);
}

enum err people_passkey_sign_in(struct people *p, const struct people_from *from,
	const struct passkey_answer *given, struct signed_in *out)
{
	struct signed_in in = {0};
	struct using u = {.from = from, .out = &in};
	struct slow_key key = slow_key(p->slow, SLOW_NETWORK, from->network, from->network_len);
	enum err e;

	TRY(slow_take(p->slow, &key, 1, env_now(&p->env), &out->wait));
	e = answer_used(p, given, &u);
	if (e == ERR_DENIED || e == ERR_INVALID)
		slow_failed(p->slow, &key, 1);
	else
		slow_undo(p->slow, &key, 1);
	TRY(e);
	*out = in;
	return OK;
}

enum err people_passkey_prove(
	struct people *p, const struct session *s, const struct passkey_answer *given)
{
	return answer_used(p, given, &(struct using){.session = s});
}

/* --- its owner's list --- */

enum err people_passkeys(struct people *p, const char *account, json_t **out)
{
	return people_rows(p, LIST, BIND(text(account)), out);
}

struct removing {
	const char *account;
	int64_t id;
};

static enum err remove_passkey(struct people *p, void *arg)
{
	const struct removing *r = arg;

	TRY(db_run(p->write, REMOVE, BIND(num(r->id), text(r->account))));
	ENSURE(db_changes(p->write), ERR_NOT_FOUND, "there is no such passkey");
	return sign_in_note(p, SIGN_IN_SECOND_FACTOR, r->account);
}

enum err people_passkey_remove(struct people *p, const struct session *s, int64_t id)
{
	TRY(session_is_fresh(p, s));
	return people_write(p, remove_passkey, &(struct removing){s->account.id, id});
}
