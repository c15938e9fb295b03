/* user.h - the user that a program runs as when root starts it. */
#pragma once
#include "base/err.h"

/* Changes permanently to the user `name`, with only that user's own group. NULL changes nothing.
 * Call it before any thread starts. ERR_INVALID: there is no such user, or it is root; ERR_DENIED:
 * the caller is not root. */
MUST_CHECK enum err user_become(const char *name);
/* ERR_DENIED, with advice, if `path` or a file in that folder belongs to another user and the
 * program was started by root or is to run as the user `name`. Root gives up its power over others'
 * files and would fail on them one by one. OK if `path` does not exist. */
MUST_CHECK enum err user_check_owner(const char *path, const char *name);
