/* The log of sign-ins, for the operator: it holds no login, name, address or browser. */
#include "registry/people/people_parts.h"

#define KEPT "10000" /* rows */

SQL(ADD, "sign_in.add", "INSERT INTO sign_in (at, account, kind) VALUES (?1, ?2, ?3)");
SQL(TRIM, "sign_in.trim", "DELETE FROM sign_in WHERE id <= (SELECT max(id) FROM sign_in) - " KEPT);
SQL(NEWEST, "sign_in.newest", "SELECT at, account, kind FROM sign_in ORDER BY id DESC LIMIT ?1",
	"the newest rows, in the order of the table");

static const char *const kinds[SIGN_IN_KINDS] = {
	[SIGN_IN_DONE] = "signed_in",
	[SIGN_IN_HALF] = "password_right",
	[SIGN_IN_WRONG_PASSWORD] = "password_wrong",
	[SIGN_IN_WRONG_CODE] = "code_wrong",
	[SIGN_IN_RECOVERY_CODE] = "recovery_code_used",
	[SIGN_IN_INVITED] = "invitation_made",
	[SIGN_IN_INVITATION_REFUSED] = "invitation_refused",
	[SIGN_IN_ACCEPTED] = "invitation_used",
	[SIGN_IN_PROVED] = "proved_again",
	[SIGN_IN_PASSWORD_CHANGED] = "password_changed",
	[SIGN_IN_SECOND_FACTOR] = "second_factor_set",
	[SIGN_IN_DISABLED] = "account_disabled",
	[SIGN_IN_ENABLED] = "account_enabled",
	[SIGN_IN_PASSKEY_REFUSED] = "passkey_refused",
	[SIGN_IN_REMOVED] = "account_removed",
};

enum err sign_in_note(struct people *p, enum sign_in_kind kind, const char *account)
{
	TRY(db_run(p->write, ADD, BIND(num(env_now(&p->env)), text(account), text(kinds[kind]))));
	return db_run(p->write, TRIM, BIND_NONE);
}

enum err people_log(struct people *p, unsigned most, json_t **out)
{
	return people_rows(p, NEWEST, BIND(num(most)), out);
}
