/* Sessions, and known browsers. The server makes a new token at every sign-in, so nobody can plant
 * a token in another person's browser (session fixation). */
#include "registry/people/people_parts.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

#define TOUCH 60      /* seconds between two updates of the time a session was seen */
#define BROWSERS "20" /* known browsers of an account; the longest unused one goes */
#define BROWSER_KEPT (180 * 24 * 3600)
#define OVER "ends <= ?1 OR seen <= ?1 - 7200"
_Static_assert(PEOPLE_IDLE == 7200, "as OVER says");

SQL(LOOK_UP, "session.look_up",
	"SELECT s.id, s.way, s.made, s.seen, s.ends, s.proved, s.csrf, a.id, a.login,"
	" a.name, a.email, a.language FROM session s JOIN account a ON a.id = s.account"
	" WHERE s.hash = ?1 AND s.way > 0 AND a.disabled = 0 AND s.ends > ?2"
	" AND s.seen > ?2 - 7200");
SQL(TOUCH_IT, "session.touch", "UPDATE session SET seen = ?2 WHERE id = ?1 AND seen < ?2");
SQL(ADD, "session.add",
	"INSERT INTO session (hash, account, way, csrf, made, seen, ends, proved, browser,"
	" network) VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?5, ?7, ?8)");
SQL(EXPIRE, "session.expire", "DELETE FROM session WHERE " OVER,
	"there are few that are not over; asked at each sign-in");
SQL(LIST, "session.list",
	"SELECT id, made, seen, ends, browser, network,"
	" CASE way WHEN ?3 THEN 'code' WHEN ?4 THEN 'passkey' ELSE 'password' END AS way"
	" FROM session"
	" WHERE account = ?1 AND way > 0 AND ends > ?2 AND seen > ?2 - 7200"
	" ORDER BY seen DESC, id DESC");
SQL(END_ONE, "session.end", "DELETE FROM session WHERE id = ?1 AND account = ?2");
SQL(HALF, "session.half",
	"SELECT s.id, s.account, a.login FROM session s JOIN account a ON a.id = s.account"
	" WHERE s.hash = ?1 AND s.way = 0 AND a.disabled = 0 AND s.ends > ?2");
SQL(END_HALF, "session.end_half", "DELETE FROM session WHERE id = ?1 AND way = 0");
SQL(KNOWN, "known_browser.one",
	"SELECT 1 FROM known_browser WHERE hash = ?1 AND account = ?2 AND used > ?3");
SQL(ANYBODYS, "known_browser.anybodys", "SELECT 1 FROM known_browser WHERE hash = ?1");
SQL(KNOW, "known_browser.add",
	"INSERT INTO known_browser (hash, account, used) VALUES (?1, ?2, ?3)"
	" ON CONFLICT (hash, account) DO UPDATE SET used = ?3");
SQL(FORGET, "known_browser.forget",
	"DELETE FROM known_browser WHERE account = ?1 AND hash NOT IN (SELECT hash"
	" FROM known_browser WHERE account = ?1 ORDER BY used DESC LIMIT " BROWSERS ")");
SQL(PROVE, "session.prove", "UPDATE session SET proved = ?2 WHERE id = ?1");
SQL(SET_WAY, "session.set_way", "UPDATE session SET way = ?2 WHERE id = ?1");
SQL(END_WEAK, "session.end_weak",
	"DELETE FROM session WHERE account = ?1 AND id <> ?2 AND way < ?3");

/* --- look-up --- */

static enum err read_session(struct people *p, const struct sha256 *hash, struct session *out,
	uint8_t csrf[HMAC], int64_t *seen)
{
	AUTO(rows) row = {0};
	const void *secret;
	size_t len;
	enum err e = db_one(p->read, LOOK_UP, BIND(hash_val(hash), num(env_now(&p->env))), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "the session is over: sign in again");
	TRY(e);
	*out = (struct session){.id = rows_int(&row, 0),
		.way = (enum people_way)rows_int(&row, 1),
		.made = rows_int(&row, 2),
		.ends = rows_int(&row, 4),
		.proved = rows_int(&row, 5)};
	*seen = rows_int(&row, 3);
	secret = rows_blob(&row, 6, &len);
	ENSURE(len == HMAC, ERR_CORRUPT, "a session of %s is damaged", REG_PEOPLE);
	memcpy(csrf, secret, HMAC);
	people_copy(out->account.id, sizeof(out->account.id), rows_text(&row, 7));
	people_copy(out->account.login, sizeof(out->account.login), rows_text(&row, 8));
	people_copy(out->account.name, sizeof(out->account.name), rows_text(&row, 9));
	people_copy(out->account.email, sizeof(out->account.email), rows_text(&row, 10));
	people_copy(out->account.language, sizeof(out->account.language), rows_text(&row, 11));
	return OK;
}

struct touching {
	int64_t id, now;
};

static enum err touch(struct people *p, void *arg)
{
	const struct touching *t = arg;

	return db_run(p->write, TOUCH_IT, BIND(num(t->id), num(t->now)));
}

/* The CSRF token depends on the session's token, so the file alone does not suffice to make one. */
static void set_csrf(struct session *s, const uint8_t secret[HMAC], const char *token)
{
	uint8_t mac[HMAC];

	crypto_hmac(secret, token, PEOPLE_TOKEN, mac);
	hex_text(mac, sizeof(mac), s->csrf);
}

enum err people_session(struct people *p, const char *token, struct session *out)
{
	uint8_t csrf[HMAC];
	struct session s;
	struct sha256 hash;
	int64_t seen = 0;
	enum err e;

	TRY(token_hash(token, &hash));
	pthread_mutex_lock(&p->reading);
	e = read_session(p, &hash, &s, csrf, &seen);
	pthread_mutex_unlock(&p->reading);
	TRY(e);
	set_csrf(&s, csrf, token);
	if (env_now(&p->env) - seen >= TOUCH)
		(void)!people_write(p, touch, &(struct touching){s.id, env_now(&p->env)});
	*out = s;
	return OK;
}

bool people_is_strong(const struct session *s)
{
	return s->way == PEOPLE_BY_CODE || s->way == PEOPLE_BY_PASSKEY;
}

bool people_is_fresh(struct people *p, const struct session *s)
{
	int64_t now = env_now(&p->env);

	return now < s->proved + PEOPLE_FRESH && s->proved <= now + PEOPLE_FRESH;
}

enum err session_is_fresh(struct people *p, const struct session *s)
{
	ENSURE(people_is_fresh(p, s), ERR_DENIED, "give your password again first");
	return OK;
}

bool people_csrf_valid(const struct session *s, const char *given)
{
	return given && strlen(given) == PEOPLE_TOKEN && crypto_equal(given, s->csrf, PEOPLE_TOKEN);
}

/* --- making --- */

enum err browser_is_known(
	struct people *p, const struct people_from *from, const char *account, bool *out)
{
	struct sha256 hash;
	int64_t one;
	enum err e;

	*out = false;
	if (!from->known || token_hash(from->known, &hash) != OK)
		return OK;
	pthread_mutex_lock(&p->reading);
	e = db_int(p->read, KNOWN,
		BIND(hash_val(&hash), text(account), num(env_now(&p->env) - BROWSER_KEPT)), &one);
	pthread_mutex_unlock(&p->reading);
	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* A browser that several people use has one cookie for all of them; only a cookie of ours is
 * kept. */
static enum err know_browser(
	struct people *p, const struct people_from *from, const char *account, char *token)
{
	struct sha256 hash;
	int64_t one;
	enum err e = ERR_NOT_FOUND;

	if (from->known && token_hash(from->known, &hash) == OK)
		e = db_int(p->write, ANYBODYS, BIND(hash_val(&hash)), &one);
	if (e == OK)
		people_copy(token, PEOPLE_TOKEN + 1, from->known);
	else if (e == ERR_NOT_FOUND)
		token_make(p, token, &hash);
	else
		return e;
	TRY(db_run(p->write, KNOW, BIND(hash_val(&hash), text(account), num(env_now(&p->env)))));
	return db_run(p->write, FORGET, BIND(text(account)));
}

/* A browser's description of itself may be any text. */
static char *shown(const char *said)
{
	AUTOFREE char *whole = text_shown(said ? said : "", false);

	return mem_printf("%.*s", (int)text_prefix(whole, PEOPLE_BROWSER), whole);
}

static enum err add(struct people *p, const struct people_from *from, enum people_way way,
	struct signed_in *out)
{
	AUTOFREE char *browser = shown(from->browser), *network = shown(from->network_shown);
	int64_t now = env_now(&p->env);
	uint8_t csrf[HMAC];
	struct sha256 hash;

	token_make(p, out->token, &hash);
	env_random(&p->env, csrf, sizeof(csrf));
	return db_run(p->write, ADD,
		BIND(hash_val(&hash), text(out->account), num(way), blob(csrf, sizeof(csrf)),
			num(now), num(now + (way ? PEOPLE_ABSOLUTE : PEOPLE_HALF)), text(browser),
			text(network)));
}

enum err session_make(struct people *p, const struct people_from *from, enum people_way way,
	struct signed_in *out)
{
	TRY(db_run(p->write, EXPIRE, BIND(num(env_now(&p->env)))));
	TRY(add(p, from, way, out));
	out->half = way == PEOPLE_CODE_TO_COME;
	out->known[0] = '\0';
	TRY(sign_in_note(p, out->half ? SIGN_IN_HALF : SIGN_IN_DONE, out->account));
	return out->half ? OK : know_browser(p, from, out->account, out->known);
}

enum err session_half(struct people *p, const char *token, struct half *out)
{
	AUTO(rows) row = {0};
	struct sha256 hash;
	enum err e;

	TRY(token_hash(token, &hash));
	pthread_mutex_lock(&p->reading);
	e = db_one(p->read, HALF, BIND(hash_val(&hash), num(env_now(&p->env))), &row);
	if (e == OK) {
		out->id = rows_int(&row, 0);
		people_copy(out->account, sizeof(out->account), rows_text(&row, 1));
	}
	rows_done(&row);
	pthread_mutex_unlock(&p->reading);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"the password was given too long ago: begin again");
	return e;
}

enum err session_end_half(struct people *p, const struct half *half)
{
	TRY(db_run(p->write, END_HALF, BIND(num(half->id))));
	ENSURE(db_changes(p->write), ERR_NOT_FOUND,
		"the password was given too long ago: begin again");
	return OK;
}

enum err session_prove(struct people *p, int64_t id)
{
	return db_run(p->write, PROVE, BIND(num(id), num(env_now(&p->env))));
}

enum err session_strengthen(struct people *p, const struct session *s, enum people_way way)
{
	TRY(db_run(p->write, END_WEAK, BIND(text(s->account.id), num(s->id), num(PEOPLE_BY_CODE))));
	return db_run(p->write, SET_WAY, BIND(num(s->id), num(way)));
}

/* --- its owner's list --- */

enum err people_sessions(struct people *p, const char *account, json_t **out)
{
	return people_rows(p, LIST,
		BIND(text(account), num(env_now(&p->env)), num(PEOPLE_BY_CODE),
			num(PEOPLE_BY_PASSKEY)),
		out);
}

struct ending {
	const char *account;
	int64_t id;
};

static enum err end(struct people *p, void *arg)
{
	const struct ending *ending = arg;

	TRY(db_run(p->write, END_ONE, BIND(num(ending->id), text(ending->account))));
	ENSURE(db_changes(p->write), ERR_NOT_FOUND, "the session is over already");
	return OK;
}

enum err people_end_session(struct people *p, const char *account, int64_t id)
{
	return people_write(p, end, &(struct ending){account, id});
}
