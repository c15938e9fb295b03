/* model.h - the files of the read model: one folder, REG_MODEL, beside the log's file.
 *
 * The log is the truth. The read model is folded from it into a file of its own, which may be
 * behind the log after a crash, is never ahead of it, and can be removed whenever no process has
 * the register open. The files are numbered, "3.db". An
 * empty file beside one, "3.1a2b3c4d.whole", says that it was built to its end, is on the disk, and
 * has the tables of this schema: of these the highest number counts, so at any moment there is the
 * old one or the new, and a program of another version does not take it for its own. A server need
 * not rename files for that, which it could then do to its key where the kernel has no Landlock. No
 * number comes twice, because SQLite finds a file's write-ahead log by its name.
 *
 * The file says which entries it was made from, by their number and their root hash. One that does
 * not go with the log beside it (the log was put back from a backup, or another one put in its
 * place), that another version of this program made, or that is damaged, is not used. */
#pragma once
#include "audit/log.h"
#include "registry/event/state.h"

/* The path of the file that counts; the caller frees. ERR_NOT_FOUND: there is none. */
MUST_CHECK enum err model_path(const char *dir, char **out);
/* Attaches it to a connection on the log's file. A folder of before has the read model in that
 * file, and nothing is attached. */
MUST_CHECK enum err model_attach(struct db *log, const char *dir);
/* Whether the log's file holds the read model, too: then no start has taken the folder over yet. */
MUST_CHECK enum err model_is_inside(struct db *log, bool *out);

/* For a start of this version of the program that is to come, while a server of another one runs:
 * makes the read model that it needs. ERR_CONFLICT if there is one. */
MUST_CHECK enum err model_make_ahead(const char *dir);

/* For whoever holds the folder's lock. Makes a file that counts and goes with `log`, unless there
 * is one; removes all others, also from the log's own file `db`; attaches it to `db`; folds what is
 * missing. `st` is the state over `db`. Says in the journal what it had to do. */
MUST_CHECK enum err model_take(const char *dir, struct state *st, const struct log *log);
/* Folds the entries that the log has and the read model lacks, in a transaction. */
MUST_CHECK enum err model_catch_up(struct state *st, const struct log *log);
/* Notes, at the end of a transaction, what the read model is made from now. */
MUST_CHECK enum err model_mark(struct db *db, const struct log *log);

/* Asked between a thousand entries: true gives a build up, with ERR_BUSY. */
struct model_patience {
	bool (*over)(void *arg);
	void *arg;
};
/* Folds the whole log that lies in `dir` into a new file, which does not count yet, while others
 * read and write. Entries that come meanwhile may be missing in it. `*built`: its path, which the
 * caller frees. Only one at a time. */
MUST_CHECK enum err model_build(
	const char *dir, const struct model_patience *patience, char **built);
/* Makes it count. */
MUST_CHECK enum err model_place(const char *dir, const char *built);
/* Both. */
MUST_CHECK enum err model_make(const char *dir, char **path);
/* Removes every file of the folder but this one and what belongs to it. */
MUST_CHECK enum err model_keep_only(const char *dir, const char *path);
/* Removes the read model of a folder that no process has open. */
MUST_CHECK enum err model_remove(const char *dir);
