/* key.h - the file of a department's or a witness's private key: one line, as skey_text() writes
 * it, sealed by the passphrase of this run where there was one. */
#pragma once
#include "audit/note.h"

/* Reads and checks it; the caller wipes `out`. ERR_INVALID, naming the file, when it is not one. */
MUST_CHECK enum err key_read(const char *path, struct skey *out);
/* Writes it to a new file, mode 0600; ERR_CONFLICT where there is one. */
MUST_CHECK enum err key_keep(const struct skey *key, const char *path);
