/* The second factor: codes of an app, each accepted once, and recovery codes for a lost
 * telephone. */
#include "registry/people/people_parts.h"

#include "base/totp.h"

#include <ctype.h>
#include <string.h>

#define RECOVERY 10        /* random bytes: too many to try them all against a list of hashes */
#define RECOVERY_DIGITS 16 /* in base32 */

SQL(GET, "second.get", "SELECT totp, totp_new, totp_used FROM account WHERE id = ?1");
SQL(USED, "second.used", "UPDATE account SET totp_used = ?2 WHERE id = ?1 AND totp_used < ?2");
SQL(PROPOSE, "second.propose", "UPDATE account SET totp_new = ?2 WHERE id = ?1");
SQL(CONFIRM, "second.confirm",
	"UPDATE account SET totp = totp_new, totp_new = NULL, totp_used = ?2 WHERE id = ?1");
SQL(CODE_USED, "second.code_used", "DELETE FROM recovery_code WHERE account = ?1 AND hash = ?2");
SQL(CODES_GO, "second.codes_go", "DELETE FROM recovery_code WHERE account = ?1");
SQL(CODE_ADD, "second.code_add", "INSERT INTO recovery_code (account, hash) VALUES (?1, ?2)");

struct secret {
	uint8_t bytes[TOTP_SECRET];
	bool there;
	int64_t used;
};

static enum err read_secret(struct people *p, const char *account, int col, struct secret *out)
{
	AUTO(rows) row = {0};
	const void *bytes;
	size_t len;

	*out = (struct secret){0};
	TRY(db_one(p->write, GET, BIND(text(account)), &row));
	out->used = rows_int(&row, 2);
	if (rows_null(&row, col))
		return OK;
	bytes = rows_blob(&row, col, &len);
	ENSURE(len == TOTP_SECRET, ERR_CORRUPT, "a secret of %s is damaged", REG_PEOPLE);
	memcpy(out->bytes, bytes, len);
	out->there = true;
	return OK;
}

/* Accepts capitals, spaces and hyphens as people type them. */
static void settle(const char *code, char out[RECOVERY_DIGITS + 2])
{
	size_t n = 0;

	for (; *code && n <= RECOVERY_DIGITS; code++)
		if (*code != ' ' && *code != '-')
			out[n++] = (char)tolower((unsigned char)*code);
	out[n] = '\0';
}

static enum err use_recovery_code(struct people *p, const char *account, const char *code)
{
	struct sha256 hash = sha256_of(code, strlen(code));

	TRY(db_run(p->write, CODE_USED, BIND(text(account), hash_val(&hash))));
	ENSURE(db_changes(p->write), ERR_DENIED, "the code is wrong, or was used already");
	return sign_in_note(p, SIGN_IN_RECOVERY_CODE, account);
}

enum err second_use(struct people *p, const char *account, const char *code)
{
	char settled[RECOVERY_DIGITS + 2];
	struct secret s;
	int64_t step;
	bool right;

	settle(code, settled);
	if (strlen(settled) == RECOVERY_DIGITS)
		return use_recovery_code(p, account, settled);
	TRY(read_secret(p, account, 0, &s));
	right = s.there && totp_matches(s.bytes, settled, env_now(&p->env), s.used, &step);
	crypto_wipe(&s, sizeof(s));
	ENSURE(right, ERR_DENIED, "the code is wrong, or was used already");
	return db_run(p->write, USED, BIND(text(account), num(step)));
}

/* --- a new app --- */

struct proposing {
	const char *account;
	uint8_t secret[TOTP_SECRET];
};

static enum err propose(struct people *p, void *arg)
{
	const struct proposing *pr = arg;

	return db_run(
		p->write, PROPOSE, BIND(text(pr->account), blob(pr->secret, sizeof(pr->secret))));
}

enum err people_totp_begin(
	struct people *p, const struct session *s, const char *issuer, char **secret, char **uri)
{
	AUTO(buf) typed = BUF(KIB), link = BUF(8 * KIB);
	struct proposing pr = {.account = s->account.id};
	enum err e;

	TRY(session_is_fresh(p, s));
	env_random(&p->env, pr.secret, sizeof(pr.secret));
	totp_text(pr.secret, &typed);
	totp_uri(pr.secret, issuer, s->account.login, &link);
	e = people_write(p, propose, &pr);
	crypto_wipe(&pr.secret, sizeof(pr.secret));
	TRY(e);
	TRY(buf_check(&link, "the register's name"));
	*secret = buf_take(&typed);
	*uri = buf_take(&link);
	return OK;
}

/* --- recovery codes --- */

static enum err add_code(struct people *p, const char *account, json_t *shown)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz234567";
	char code[RECOVERY_DIGITS + 1] = {0};
	uint8_t bytes[RECOVERY_DIGITS];
	AUTOFREE char *text_ = NULL;
	struct sha256 hash;

	env_random(&p->env, bytes, sizeof(bytes));
	for (size_t i = 0; i < RECOVERY_DIGITS; i++)
		code[i] = digits[bytes[i] % 32];
	hash = sha256_of(code, RECOVERY_DIGITS);
	text_ = mem_printf("%.4s-%.4s-%.4s-%.4s", code, code + 4, code + 8, code + 12);
	json_push(shown, json_text(text_));
	return db_run(p->write, CODE_ADD, BIND(text(account), hash_val(&hash)));
}

static enum err renew_codes(struct people *p, const char *account, json_t *shown)
{
	TRY(db_run(p->write, CODES_GO, BIND(text(account))));
	for (unsigned i = 0; i < PEOPLE_CODES; i++)
		TRY(add_code(p, account, shown));
	return sign_in_note(p, SIGN_IN_SECOND_FACTOR, account);
}

struct confirming {
	const struct session *session;
	const char *code; /* NULL: only make new recovery codes */
	json_t *shown;
};

static enum err confirm_app(struct people *p, const struct confirming *c)
{
	const char *account = c->session->account.id;
	char settled[RECOVERY_DIGITS + 2];
	struct secret s;
	int64_t step;
	bool right;

	settle(c->code, settled);
	TRY(read_secret(p, account, 1, &s));
	right = s.there && totp_matches(s.bytes, settled, env_now(&p->env), 0, &step);
	crypto_wipe(&s, sizeof(s));
	ENSURE(right, ERR_DENIED,
		"the code is not the one that the app shows now: is the telephone's clock right?");
	TRY(db_run(p->write, CONFIRM, BIND(text(account), num(step))));
	return session_strengthen(p, c->session, PEOPLE_BY_CODE);
}

static enum err confirm(struct people *p, void *arg)
{
	struct confirming *c = arg;

	if (c->code)
		TRY(confirm_app(p, c));
	return renew_codes(p, c->session->account.id, c->shown);
}

static enum err confirm_fresh(struct people *p, struct confirming *c, json_t **codes)
{
	enum err e;

	TRY(session_is_fresh(p, c->session));
	c->shown = json_array();
	e = people_write(p, confirm, c);
	if (e == OK)
		*codes = c->shown;
	else
		json_decref(c->shown);
	return e;
}

enum err people_totp_confirm(
	struct people *p, const struct session *s, const char *code, json_t **codes)
{
	return confirm_fresh(p, &(struct confirming){.session = s, .code = code}, codes);
}

enum err people_recovery_codes(struct people *p, const struct session *s, json_t **codes)
{
	return confirm_fresh(p, &(struct confirming){.session = s}, codes);
}
