/* key_file.h - a file with private keys, one a line, each sealed by a passphrase or not.
 *
 * The log's key, departments', witnesses' and the contact key are kept so. Who gets a text here
 * wipes it. */
#pragma once
#include "base/buf.h"

/* Two sealed lines, and no more. */
#define KEY_FILE_MAX (4 * KIB)
#define PASSPHRASE_MIN 12 /* characters */

/* The passphrase of this run: the text of the file that GAYA_PASSPHRASE_FILE names, else
 * GAYA_PASSPHRASE; empty without either. */
MUST_CHECK enum err key_passphrase(struct buf *out);
/* The same for a key that is made now. ERR_INVALID, with how to choose one, where one is named and
 * is empty or too short: nobody meant that key to lie there unsealed. A key that was sealed with a
 * shorter one before opens as ever. */
MUST_CHECK enum err key_new_passphrase(struct buf *out);
/* The one that is to come, of the file that GAYA_NEW_PASSPHRASE_FILE names, by the same rules.
 * ERR_INVALID where it names none. */
MUST_CHECK enum err key_next_passphrase(struct buf *out);

/* A line of the file for a key's text, sealed where there is a passphrase; appended to `out`. */
void key_line_add(const char *text, const struct buf *passphrase, struct buf *out);
/* The text of a line. ERR_DENIED where it is sealed, and by another passphrase or while there is
 * none. */
MUST_CHECK enum err key_line_open(const char *line, const struct buf *passphrase, struct buf *text);
/* All lines of a file, opened. */
MUST_CHECK enum err key_file_read(const char *path, const struct buf *passphrase, struct buf *text);
/* Seals each line by `next` instead: after a crash the file is the old one or the new. `check`
 * refuses a line that is no key. `*n`: how many there were. */
MUST_CHECK enum err key_file_seal(const char *path, const struct buf *passphrase,
	const struct buf *next, enum err (*check)(const char *text), size_t *n);
