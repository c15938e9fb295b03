/* key_notice.h - says at the top of a page with forms to sign why its reader cannot sign yet.
 *
 * The register knows which keys of a person it granted, not which one a browser holds: who has a
 * key in another browser reads nothing here, and learns from sign.js that this one has none. */
#pragma once
#include "web/view/request.h"

/* The command that grants `vkey` to who is signed in, for the operator; the caller's. */
char *key_command(const struct request *rq, const char *vkey);

/* Adds "key_lacks" to the view, where a role that signs has no key: {"waits": bool, "granters":
 * names of the administrators who can grant it, joined, or null, "command": for the operator, or
 * null}. */
MUST_CHECK enum err key_notice_add(const struct request *rq, json_t *view);
