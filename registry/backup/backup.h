/* backup.h - a register's folder as it is kept elsewhere: all of it but what must not be kept. */
#pragma once
#include "base/sha256.h"
#include "registry/write/folder.h"

struct backup {
	uint64_t entries;
	struct sha256 root; /* of them, as it was signed */
};
/* Copies the register in `dir` to the folder `out`, also while a server writes to it: the copy is
 * one signed state, and its tree was hashed again. `keys`: with the secrets, which belong in
 * another place than nightly copies. The database appears under its name once all is there and
 * durable. ERR_CONFLICT where `out` holds one, or `dir` is a mirror. */
MUST_CHECK enum err backup_make(const char *dir, const char *out, bool keys, struct backup *made);

/* Copies who may sign in, where there is such a file: without sessions and the operator's log,
 * which a copy that is kept for long must not hold. */
MUST_CHECK enum err backup_copy_people(const char *from, const char *to);

/* Copies the files of folder_files[] that are there. */
MUST_CHECK enum err backup_copy_files(const char *from, const char *to, bool keys);
