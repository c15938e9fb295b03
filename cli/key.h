/* key.h - the file of a department's or a witness's private key: one line, as skey_text() writes
 * it, sealed by the passphrase of this run where there was one. */
#pragma once
#include "audit/note.h"

/* Reads and checks it; the caller wipes `out`. ERR_INVALID, naming the file, if it is not a key. */
MUST_CHECK enum err key_read(const char *path, struct skey *out);
/* Writes it to a new file, mode 0600; ERR_CONFLICT if the file exists. */
MUST_CHECK enum err key_keep(const struct skey *key, const char *path);
