/* key_notice.h - a notice at the top of a page with forms to sign: why its reader cannot sign yet.
 *
 * The register knows which keys it granted to a person, but not which one a browser holds. A person
 * whose key is in another browser sees no notice, and sign.js reports the missing key. */
#pragma once
#include "web/view/request.h"

/* The operator's command that grants `vkey` to the person signed in; the caller frees. */
char *key_command(const struct request *rq, const char *vkey);

/* Adds "key_lacks" to the view if the reader's role signs but has no key: {"waits": bool,
 * "revoked": a key was granted and revoked, "granters": names of the administrators who can grant
 * it, joined, or null, "command": for the operator, or null}. */
MUST_CHECK enum err key_notice_add(const struct request *rq, json_t *view);
