/* passkeys.h - passkeys in the office's pages: where they work, and what a page's script
 * (passkey.js) asks and sends.
 *
 * A passkey belongs to a name, not to an address of numbers: the one of the register's address
 * (--base) where that is https, or localhost, where a browser takes plain http for safe. */
#pragma once
#include "base/webauthn.h"
#include "web/office/office.h"

struct passkeys_here {
	char rp[256], origin[300];
	struct webauthn_site site; /* of these two */
};
/* False where no passkey works at the address that the request came to. */
bool passkeys_here(const struct request *rq, struct passkeys_here *out);
/* Adds to a page's view "passkeys" (its script comes along), "passkey_origin" (where they work),
 * or, where they do not, "passkey_nowhere" and, on this machine, "passkey_localhost". */
void passkeys_add(const struct request *rq, json_t *view);
/* What the script posted, as the request has it, for `here`, which it fills. ERR_INVALID where no
 * passkey works. */
MUST_CHECK enum err passkeys_answer(
	const struct request *rq, struct passkeys_here *here, struct passkey_answer *out);
