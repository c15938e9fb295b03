/* key_file.h - a file with private keys, one a line, each sealed by a passphrase or not.
 *
 * The log's key, the keys of departments and witnesses, and the contact key are stored in this
 * form. The caller wipes every text returned here. */
#pragma once
#include "base/buf.h"

/* Room for two sealed lines. */
#define KEY_FILE_MAX (4 * KIB)
#define PASSPHRASE_MIN 12 /* characters */

/* The passphrase of this run: from the file that GAYA_PASSPHRASE_FILE names, else from
 * GAYA_PASSPHRASE; empty if neither is set. */
MUST_CHECK enum err key_passphrase(struct buf *out);
/* The same for a new key. ERR_INVALID, with advice on choosing one, if a passphrase is set but
 * empty or too short, because the key would be left unsealed by mistake. A key sealed earlier with
 * a shorter passphrase still opens. */
MUST_CHECK enum err key_new_passphrase(struct buf *out);
/* The next passphrase, from the file that GAYA_NEW_PASSPHRASE_FILE names, by the same rules.
 * ERR_INVALID if it is not set. */
MUST_CHECK enum err key_next_passphrase(struct buf *out);

/* Appends the file's line for a key, sealed if there is a passphrase. */
void key_line_add(const char *text, const struct buf *passphrase, struct buf *out);
/* Opens a line. ERR_DENIED if it is sealed and the passphrase is wrong or missing. */
MUST_CHECK enum err key_line_open(const char *line, const struct buf *passphrase, struct buf *text);
/* Reads a file and opens all its lines. */
MUST_CHECK enum err key_file_read(const char *path, const struct buf *passphrase, struct buf *text);
/* Reseals each line under `next`: after a crash the file is either the old one or the new. `check`
 * refuses a line that is not a key. `*n` receives the number of lines. */
MUST_CHECK enum err key_file_seal(const char *path, const struct buf *passphrase,
	const struct buf *next, enum err (*check)(const char *text), size_t *n);
