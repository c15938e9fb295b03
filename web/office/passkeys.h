/* passkeys.h - passkeys in the office's pages: where they work, and the exchange with passkey.js.
 *
 * A passkey belongs to a host name, not to an IP address: to the name in the register's address
 * (--base) if that is https, or to localhost, which browsers trust over plain http. */
#pragma once
#include "base/webauthn.h"
#include "web/office/office.h"

struct passkeys_here {
	char rp[256], origin[300];
	struct webauthn_site site; /* borrows these two */
};
/* False if no passkey works at the address of the request. */
bool passkeys_here(const struct request *rq, struct passkeys_here *out);
/* Adds to a page's view "passkeys" (to include its script) and "passkey_origin" (where they work)
 * or, if they do not work, "passkey_nowhere" and, on this machine, "passkey_localhost". */
void passkeys_add(const struct request *rq, json_t *view);
/* The answer that the script posted, for `here`, which is filled. ERR_INVALID if no passkey
 * works. */
MUST_CHECK enum err passkeys_answer(
	const struct request *rq, struct passkeys_here *here, struct passkey_answer *out);
