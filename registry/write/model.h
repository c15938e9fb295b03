/* model.h - the files of the read model, in the folder REG_MODEL beside the log's file.
 *
 * The log is the truth. The read model is folded from it into a separate file. After a crash this
 * file may be behind the log, but it is never ahead, and it can be removed whenever no process has
 * the register open. The files are numbered, "3.db". An empty file beside one, "3.1a2b3c4d.whole",
 * states that it was built completely, is on the disk, and has the tables of this schema. Of these
 * files the one with the highest number is current, so there is always either the old one or the
 * new, and a program of another version does not use it. This needs no right to rename files, which
 * would let a server rename its key on a kernel without Landlock. A number is never reused, because
 * SQLite finds a file's write-ahead log by its name.
 *
 * The file records the entries that it was made from, by their number and root hash. It is not used
 * if it does not match the log beside it (the log was restored from a backup or replaced), if
 * another version of this program made it, or if it is damaged. */
#pragma once
#include "audit/log.h"
#include "registry/event/state.h"

/* The path of the current file, which the caller frees. ERR_NOT_FOUND if there is none. */
MUST_CHECK enum err model_path(const char *dir, char **out);
/* Attaches the current file to a connection on the log's file. A folder of an earlier version has
 * the read model in the log's file; nothing is attached then. */
MUST_CHECK enum err model_attach(struct db *log, const char *dir);
/* Does the log's file contain the read model, too? Then no start has converted the folder yet. */
MUST_CHECK enum err model_is_inside(struct db *log, bool *out);

/* Makes the read model that this version of the program will need, while a server of another
 * version still runs. ERR_CONFLICT if there is one. Waits for another process that makes one. */
MUST_CHECK enum err model_make_ahead(const char *dir);

/* For the process that holds the folder's lock. Makes a current file that matches `log`, unless
 * there is one; removes all others, also from the log's own file `db`; attaches it to `db`; folds
 * the missing entries. `st` is the state over `db`. Journals what it had to do. */
MUST_CHECK enum err model_take(const char *dir, struct state *st, const struct log *log);
/* Folds the entries of the log that the read model lacks, in a transaction. */
MUST_CHECK enum err model_catch_up(struct state *st, const struct log *log);
/* Reads the whole current file, some seconds of a large one: ERR_CORRUPT, with the reason, if it is
 * missing or its structure is damaged. A changed text within a sound structure is not found; gaya
 * verify finds it. `stop` (may be NULL) ends the check with ERR_BUSY. */
MUST_CHECK enum err model_sound(const char *dir, bool (*stop)(void *arg), void *arg);
/* For the process that holds the folder's lock, after it could not open the register. If the
 * current file is damaged, journals that, and the next model_take() makes another one: true. */
bool model_condemn(const char *dir);
/* Records, at the end of a transaction, which entries the read model is made from now. */
MUST_CHECK enum err model_mark(struct db *db, const struct log *log);

/* Called after every thousand entries; if true, the build ends with ERR_BUSY. */
struct model_patience {
	bool (*over)(void *arg);
	void *arg;
};
/* Folds the whole log in `dir` into a new file, which is not current yet, while others read and
 * write. Entries added meanwhile may be missing. `*built` is its path, which the caller frees.
 * ERR_BUSY while another process, or another thread, builds one in this folder. */
MUST_CHECK enum err model_build(
	const char *dir, const struct model_patience *patience, char **built);
/* Is one being built by this process, and how far is it? `*folded` of the log's `*size` entries are
 * in it; the indexes of searches follow them. Any thread may ask. */
bool model_progress(uint64_t *folded, uint64_t *size);
/* Makes a built file the current one. */
MUST_CHECK enum err model_place(const char *dir, const char *built);
/* Builds a file and makes it the current one. Waits for another process that makes one. */
MUST_CHECK enum err model_make(const char *dir, char **path);
/* Removes every file of the folder except this one and its companions; nothing while another
 * process builds one. */
MUST_CHECK enum err model_keep_only(const char *dir, const char *path);
/* Removes the read model of a register that no process has open. */
MUST_CHECK enum err model_remove(const char *dir);
