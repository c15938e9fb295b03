/* user.h - as whom a program runs that root started. */
#pragma once
#include "base/err.h"

/* Changes to the user `name` for good, with that user's own group alone. NULL changes nothing. Call
 * it before any thread starts. ERR_INVALID: there is none, or it is root; ERR_DENIED: only root
 * can. */
MUST_CHECK enum err user_become(const char *name);
/* ERR_DENIED, with what to do, where `path`, or what lies in that folder, is another's and the
 * program was started by root or is meant for the user `name`: root gives up its power over others'
 * files, and would find them closed one by one. Passed over where there is none. */
MUST_CHECK enum err user_check_owner(const char *path, const char *name);
