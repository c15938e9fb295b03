/* sheet.h - another register's file, row by row: each as the record that it is, or why it is none.
 *
 * The rows of one file are looked at in their order, each once, and kept in a database of the
 * sheet's own (sheet.sql); then their keys are settled, for which the register is asked; then each
 * is given out. Used by `gaya import` and by the office's page alike, so that a file means the same
 * to both. */
#pragma once
#include "base/db.h"
#include "registry/profile/labels.h"
#include "registry/profile/lost.h"

struct sheet {
	struct profile *profile; /* borrowed */
	struct db *db;
	struct profile_rows
		file; /* rows: all of them, or the first alone where a file is read in parts */
	struct labels *labels; /* of a profile whose columns are the form's; NULL otherwise */
	json_t *said;          /* what labels_apply() says; empty without labels */
	json_t *departments;   /* of the rows so far (departments.h) */
	struct lost lost;      /* cells that are in no record */
	json_t *filled_in;     /* a set: columns of our own format that the register fills in */
	size_t rows;           /* taken so far */
	size_t records;        /* of these, what the register can be asked about */
	size_t nameless;       /* refused rows whose key nobody can tell */
	int64_t stated;        /* the line up to which sheet_next_states() has looked */
};
/* Reads a whole file that is in memory into `file`, with labels read as labels_apply() says; its
 * rows are still to be taken. sheet_done() also after a failure. The standard may be NULL; it stays
 * the caller's, and must stay until sheet_done(). */
MUST_CHECK enum err sheet_read(struct sheet *s, struct profile *p, const struct standard *standard,
	const char *text, size_t len, char separator);
/* Reads and takes a file of any size. `check` is called when the header and the first row, if there
 * is one, are in `file`; `progress` now and then. */
struct sheet_file {
	const char *path;
	enum charset charset;
	char separator; /* 0: detected */
	void *arg;
	enum err (*check)(void *arg);
	void (*progress)(void *arg, size_t rows);
};
MUST_CHECK enum err sheet_read_file(struct sheet *s, struct profile *p,
	const struct standard *standard, const struct sheet_file *file);
void sheet_done(struct sheet *s);
/* As profile_lacks(); a sheet that people began themselves may lack what it likes. */
json_t *sheet_lacks(struct sheet *s);

/* One of file.rows, through the map. */
MUST_CHECK enum err sheet_take(struct sheet *s, const json_t *entry);
/* The same of a row that is refused unread. */
MUST_CHECK enum err sheet_refuse(struct sheet *s, const json_t *entry, const char *why);

/* sheet_keep.c. A sheet whose columns are the form's says nothing of a field that it has no column
 * for: `record`, which its row became, gets what the register's record `before` has there. */
void sheet_keep(const struct sheet *s, const json_t *before, json_t *record);

/* sheet_keys.c. Gives every row the key by which it is known from one import to the next. Rows with
 * the same key are told apart by what the register has: one whose record is there already keeps its
 * key, wherever it stands in the file; the others take theirs by their order. `known` answers for a
 * list of keys: {key: SHA-256 (hex) of the record of the system that is known by it}. */
typedef enum err (*sheet_known)(void *arg, const json_t *keys, json_t **out);
MUST_CHECK enum err sheet_settle(struct sheet *s, sheet_known known, void *arg);
/* SHA-256 of a record, as sheet_known has it. */
void sheet_content(const json_t *record, char out[65]);

/* The first row behind the line `*line`, which becomes its own; 0 to begin with. ERR_NOT_FOUND
 * behind the last. {"line", "name"?} and
 *   "mapped"   {"line", "key", "slug", "department", "record", "of"?, "state"?,
 *              "before"?: the slug that it once had}: as import_rows()
 * takes it, with "dropped": names of columns that the map left out; or "same_as"  the line of an
 * earlier row that is the same in every column; or "error"    as the profile tells it: {"rule",
 * "field", "message": {"ko", "en"}}; or "why"      in the language of err_speak(). A new object. */
MUST_CHECK enum err sheet_next(struct sheet *s, int64_t *line, json_t **out);

/* sheet_gone.c. Which systems that the profile brought does the file lack? First every row of our
 * own export says which one it is; then the register says which it has, part by part, as
 * import_systems() does. */
MUST_CHECK enum err sheet_name(struct sheet *s, const char *slug);
/* How many systems the rows named. */
MUST_CHECK enum err sheet_named(struct sheet *s, size_t *out);
/* [{"slug", "source"}…]: those that no row describes, by key or by name, are gone; refused rows
 * describe theirs, too. Adds their number to `gone`. */
MUST_CHECK enum err sheet_has(struct sheet *s, const json_t *systems, size_t *gone);
/* The first gone systems behind number `*n`, which becomes the last one's: at most `limit`. */
MUST_CHECK enum err sheet_gone(struct sheet *s, int64_t *n, size_t limit, json_t **out);

/* sheet_states.c. What its source retired or suspended becomes so after all rows, for a row may
 * name a later one as its successor, and before that one is retired itself. `state` as sheet_next()
 * gives it. */
MUST_CHECK enum err sheet_put_state(
	struct sheet *s, int64_t line, const char *key, const json_t *state);
/* The next ones, as import_states() takes them, at most `limit`; each is given out once. An empty
 * array at the end. */
MUST_CHECK enum err sheet_next_states(struct sheet *s, size_t limit, json_t **out);
