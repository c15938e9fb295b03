/* Keys that somebody's browser made and that the office is asked to grant. A row goes once the
 * office has decided; the log says whose a granted key is. */
#include "registry/people/people_parts.h"

#define ASKED_MAX 5 /* of an account: enough for its browsers */

SQL(ADD, "asked_key.add",
	"INSERT INTO asked_key (vkey, account, at, browser) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT DO NOTHING");
/* The last 44 characters are the public key: its name differs from department to department. */
SQL(OF_ANOTHER, "asked_key.of_another",
	"SELECT count(*) FROM asked_key WHERE substr(vkey, -44) = substr(?1, -44) AND account <> ?2",
	"all that wait: some at most for each account");
SQL(COUNT_OF, "asked_key.count", "SELECT count(*) FROM asked_key WHERE account = ?1");
SQL(ALL, "asked_key.all",
	"SELECT k.vkey, k.account, a.name, a.login, k.at, k.browser FROM asked_key k"
	" JOIN account a ON a.id = k.account WHERE ?1 IS NULL OR k.account = ?1"
	" ORDER BY k.at",
	"all that wait: some at most for each account");
SQL(REMOVE, "asked_key.remove", "DELETE FROM asked_key WHERE vkey = ?1");

struct asked {
	const char *account, *vkey, *browser;
};

static enum err add(struct people *p, void *arg)
{
	const struct asked *a = arg;
	int64_t n;

	TRY(db_int(p->write, OF_ANOTHER, BIND(text(a->vkey), text(a->account)), &n));
	ENSURE(!n, ERR_CONFLICT,
		"another account asked for this very key: a key is one person's, so make a new one");
	TRY(db_int(p->write, COUNT_OF, BIND(text(a->account)), &n));
	ENSURE(n < ASKED_MAX, ERR_LIMITED,
		"%d keys of this account wait to be granted already: ask the AI office to look at "
		"them",
		ASKED_MAX);
	return db_run(p->write, ADD,
		BIND(text(a->vkey), text(a->account), num(env_now(&p->env)), text(a->browser)));
}

enum err people_ask_key(
	struct people *p, const char *account, const char *vkey, const char *browser)
{
	struct asked a = {account, vkey, browser};

	return people_write(p, add, &a);
}

enum err people_asked_keys(struct people *p, const char *account, json_t **out)
{
	return people_rows(p, ALL, BIND(text(account)), out);
}

static enum err drop(struct people *p, void *arg)
{
	return db_run(p->write, REMOVE, BIND(text(arg)));
}

enum err people_drop_asked_key(struct people *p, const char *vkey)
{
	return people_write(p, drop, (void *)vkey);
}
