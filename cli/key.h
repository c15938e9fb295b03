/* key.h - the file of a department's or a witness's private key: one line from skey_text(), sealed
 * by the passphrase of this run if there is one. */
#pragma once
#include "audit/note.h"

/* Reads and checks a key; the caller wipes `out`. ERR_INVALID names the file if it is not a key. */
MUST_CHECK enum err key_read(const char *path, struct skey *out);
/* Writes it to a new file, mode 0600; ERR_CONFLICT if the file exists. */
MUST_CHECK enum err key_keep(const struct skey *key, const char *path);
