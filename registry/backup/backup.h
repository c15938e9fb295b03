/* backup.h - copies a register's folder, without the files that must not be in a backup. */
#pragma once
#include "base/sha256.h"
#include "registry/write/folder.h"

struct backup {
	uint64_t entries;
	struct sha256 root; /* their root, as signed */
};
/* Copies the register in `dir` to the folder `out`, even while a server writes to it: the copy is
 * one signed state, and its tree is hashed again. `keys`: include the secrets, which should be kept
 * apart from nightly copies. The database gets its final name once everything is durable.
 * ERR_CONFLICT if `out` holds a database or `dir` is a mirror. */
MUST_CHECK enum err backup_make(const char *dir, const char *out, bool keys, struct backup *made);

/* Copies the accounts' database, if there is one, without sessions and the operator's log, which a
 * long-kept copy must not hold. */
MUST_CHECK enum err backup_copy_people(const char *from, const char *to);

/* Copies the existing files of folder_files[]. */
MUST_CHECK enum err backup_copy_files(const char *from, const char *to, bool keys);
