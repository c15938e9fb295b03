/* restore.h - a register made again from a backup, without a second history.
 *
 * What was signed after the backup was made is in no backup, and neither is the mark that knew of
 * it. So the mark is made from what others saw: mirrors, witnesses, files with a checkpoint. The
 * largest counts. Where it is more than the backup has, nothing goes on until the entries that are
 * missing were taken from somebody who has them.
 *
 * All is done in a folder within the new one (REG_RESTORING) and moved up at the end, the mark
 * last: cut off at any moment, it leaves no register that could be started, and the same command
 * does it all again. The first new entry, register.restored, says from what the register was made,
 * and whom that was known by; a content.erased follows for each content that is lost. */
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
/* Copies the backup and verifies it whole. ERR_CONFLICT where `dir` holds a register; ERR_FALSE
 * where the backup is not what its key signed; ERR_DENIED for a wrong passphrase. */
MUST_CHECK enum err restore_open(const struct restore_options *o, struct restore **out);
/* Removes what was not finished. */
void restore_close(struct restore *r);
/* The folder where it is being made, for who asks its witnesses. */
const char *restore_folder(const struct restore *r);
/* Entries that are here by now. */
uint64_t restore_size(const struct restore *r);

/* --- what others saw --- */

/* The largest size that anybody saw; 0 where nobody was heard. `*where`: who that is. */
uint64_t restore_seen(const struct restore *r, const char **where);
void restore_forget_seen(struct restore *r);
/* A file with a checkpoint, as it came or as gaya verify --state keeps it; what is at an address.
 * `*size` is what it has. ERR_CORRUPT: it is of another history than the backup. */
MUST_CHECK enum err restore_see_file(struct restore *r, const char *path, uint64_t *size);
MUST_CHECK enum err restore_see_url(struct restore *r, const char *url, uint64_t *size);
/* A witness (its key's name), which has said so by itself. */
void restore_see_witness(struct restore *r, const char *name, uint64_t size);

/* Takes what is missing from a mirror or any other copy that serves the log; each entry is
 * verified. */
MUST_CHECK enum err restore_fetch(struct restore *r, const char *url);

struct restored {
	uint64_t backup, fetched, lost, entry; /* entries that it had, and that were taken; contents
	                                        * lost; the entry that says so */
};
/* Makes the mark and the first entries, and moves the register to its place. `reason` (texts) is
 * needed where nobody has seen the log; else it may be NULL. */
MUST_CHECK enum err restore_finish(struct restore *r, const json_t *reason, struct restored *out);
