/* lists.h - the tables system_listed and system_count, made at once at the end of a build or a
 * verification.
 *
 * A trigger of schema.sql keeps them while a register is in use. A build would run it several times
 * for each version of each system, and most of what it writes is replaced later. */
#pragma once
#include "base/db.h"

/* Takes the trigger out, in the transaction of the build; `*trigger` is its text, which the caller
 * frees. */
MUST_CHECK enum err lists_put_off(struct db *db, char **trigger);
/* Fills both tables from the systems, and puts the trigger back. */
MUST_CHECK enum err lists_make(struct db *db, const char *trigger);
