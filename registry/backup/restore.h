/* restore.h - restores a register from a backup without starting a second history.
 *
 * Entries signed after the backup are not in it, and neither is the mark that covers them. So the
 * mark is made from the checkpoints that others saw: mirrors, witnesses, files. The largest counts.
 * If it exceeds the backup, the restore stops until the missing entries are fetched from a copy
 * that has them.
 *
 * The work is done in a folder within the new one (REG_RESTORING) and moved up at the end, the mark
 * last: an interrupted restore leaves no register that could be started, and the same command
 * starts over. The first new entry, register.restored, names the backup and the observers of the
 * log; a content.erased follows for each lost content. */
#pragma once
#include "audit/key_statement.h"
#include "base/env.h"
#include "base/json.h"

struct restore;
struct restore_options {
	const char *from, *dir;
	const char *key; /* a file: the log's key; NULL: the backup's own */
	const struct buf *passphrase;
	const struct env *env;
};
/* Copies the backup and verifies it completely. ERR_CONFLICT if `dir` holds a register; ERR_FALSE
 * if the backup is not what its key signed; ERR_DENIED for a wrong passphrase. */
MUST_CHECK enum err restore_open(const struct restore_options *o, struct restore **out);
/* Removes an unfinished restore. */
void restore_close(struct restore *r);
/* The folder of the work, for asking its witnesses. */
const char *restore_folder(const struct restore *r);
/* The number of entries so far. */
uint64_t restore_size(const struct restore *r);

/* --- what others saw --- */

/* The largest size that was seen; 0 if nobody answered. `*where`: who saw it. */
uint64_t restore_seen(const struct restore *r, const char **where);
void restore_forget_seen(struct restore *r);
/* Reads a checkpoint from a file (a note, or the state file of gaya verify --state) or from an
 * address. `*size` is the checkpoint's. ERR_CORRUPT: it is from another history than the backup. */
MUST_CHECK enum err restore_see_file(struct restore *r, const char *path, uint64_t *size);
MUST_CHECK enum err restore_see_url(struct restore *r, const char *url, uint64_t *size);
/* Records the size that a witness (by its key's name) reported. */
void restore_see_witness(struct restore *r, const char *name, uint64_t size);

/* Fetches missing entries from a mirror or any other copy that serves the log; each is verified. */
MUST_CHECK enum err restore_fetch(struct restore *r, const char *url);

struct restored {
	uint64_t backup, fetched, lost, entry; /* entries that it had, and that were taken; contents
	                                        * lost; the entry that says so */
};
/* Makes the mark and the first entries, and moves the register to its place. `reason` (texts) is
 * required if nobody has seen the log; else it may be NULL. */
MUST_CHECK enum err restore_finish(struct restore *r, const json_t *reason, struct restored *out);
