/* page_passkey.c - answers passkey.js before it calls the browser. page_sign_in.c and
 * page_account.c handle the browser's answer. */
#include "web/office/passkeys.h"
#include "web/pages/pages.h"

#include <string.h>

/* Ids of the account's passkeys, so that an authenticator does not store a second one for it. */
static enum err add_known(struct people *people, const char *account, json_t *asked)
{
	json_auto_t *passkeys = NULL;
	json_t *known = json_array();

	json_put(asked, "known", known);
	TRY(people_passkeys(people, account, &passkeys));
	json_each (passkeys, key)
		json_push(known, json_incref(json_object_get(key, "credential")));
	return OK;
}

/* {"challenge", "rp", "algorithms"} and, if signed in, {"id", "login", "name", "known"}. */
enum err page_passkey_asked(struct request *rq, struct response *rs)
{
	const struct session *session = rq->who ? &rq->who->session : NULL;
	char challenge[PEOPLE_CHALLENGE + 1];
	json_auto_t *asked = NULL, *algorithms = NULL;
	struct passkeys_here here;
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	ENSURE(passkeys_here(rq, &here), ERR_INVALID,
		"passkeys work at the register's https address, and on this machine at "
		"http://localhost");
	TRY(people_challenge(people, session, challenge));
	TRY(json_read(
		WEBAUTHN_ALGORITHMS, strlen(WEBAUTHN_ALGORITHMS), 64, RULES_LOOSE, &algorithms));
	asked = json_make(
		"{s:s,s:s,s:O}", "challenge", challenge, "rp", here.rp, "algorithms", algorithms);
	if (session) {
		json_put(asked, "id", json_text(session->account.id));
		json_put(asked, "login", json_text(session->account.login));
		json_put(asked, "name", json_text(session->account.name));
		TRY(add_known(people, session->account.id, asked));
	}
	rs->private_ = true;
	rs->body.max = 64 * KIB;
	return page_json(rs, TAKE(asked));
}
