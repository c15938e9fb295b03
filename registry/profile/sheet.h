/* sheet.h - reads another register's file row by row. Each row becomes a record, or the reason why
 * it is none.
 *
 * It takes the rows of one file in their order, each once, and keeps them in a database of its own
 * (sheet.sql). Then it asks the register and settles the rows' keys. Then it gives the rows out,
 * one by one. `gaya import` and the office's page both use it, so that a file means the same to
 * both. */
#pragma once
#include "base/db.h"
#include "registry/profile/labels.h"
#include "registry/profile/lost.h"

struct sheet {
	struct profile *profile; /* borrowed */
	struct db *db;
	struct profile_rows
		file; /* rows: all of them, or the first alone where a file is read in parts */
	struct labels *labels; /* if the profile's columns are the form's; NULL otherwise */
	json_t *said;          /* the output of labels_apply(); empty without labels */
	json_t *departments;   /* of the rows so far (departments.h) */
	struct lost lost;      /* cells that are in no record */
	json_t *filled_in;     /* a set: columns of our own format that the register fills in */
	size_t rows;           /* taken so far */
	size_t records;        /* rows that became records */
	size_t nameless;       /* refused rows without a known key */
	int64_t stated;        /* the line up to which sheet_next_states() has looked */
};
/* Reads a whole file that is in memory into `file` and applies labels (labels_apply()); the caller
 * then takes its rows. Call sheet_done() also after a failure. The standard may be NULL; it is
 * borrowed until sheet_done(). */
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
/* The same as profile_lacks(), but a sheet that people began themselves may lack any column. */
json_t *sheet_lacks(struct sheet *s);

/* Converts one of file.rows by the map and keeps the result. */
MUST_CHECK enum err sheet_take(struct sheet *s, const json_t *entry);
/* The same for a row that is refused without reading it. */
MUST_CHECK enum err sheet_refuse(struct sheet *s, const json_t *entry, const char *why);

/* sheet_keep.c. A sheet whose columns are the form's does not change a field for which it has no
 * column: `record`, made from its row, gets the value of the register's record `before`. */
void sheet_keep(const struct sheet *s, const json_t *before, json_t *record);

/* sheet_keys.c. Gives every row the key by which later imports recognise it. The register tells
 * rows with the same key apart: a row whose record it already has keeps its key, wherever it is in
 * the file; the others get theirs in their order. `known` answers for a list of keys: {key: SHA-256
 * (hex) of the record of the system with this key}. */
typedef enum err (*sheet_known)(void *arg, const json_t *keys, json_t **out);
MUST_CHECK enum err sheet_settle(struct sheet *s, sheet_known known, void *arg);
/* The SHA-256 of a record, as sheet_known returns it. */
void sheet_content(const json_t *record, char out[65]);

/* The first row after the line `*line`, which is set to the row's; begin with 0. ERR_NOT_FOUND
 * after the last. A new object, {"line", "name"?} and one of
 *    "mapped"   the input of import_rows(): {"line", "key", "slug", "department", "record",
 *               "of"?, "state"?, "before"?: the slug that it had once}; with "dropped": names of
 *               columns that the map left out
 *    "same_as"  the line of an earlier row that is the same in every column
 *    "error"    the profile refuses the row, in its own words: {"rule", "field", "message":
 *               {"ko", "en"}}
 *    "why"      the register refuses it; in the language of err_speak() */
MUST_CHECK enum err sheet_next(struct sheet *s, int64_t *line, json_t **out);

/* sheet_gone.c. Finds the systems that an earlier import by this profile made and that the file
 * lacks. First, each row of our own export names its system. */
MUST_CHECK enum err sheet_name(struct sheet *s, const char *slug);
/* How many systems the rows named. */
MUST_CHECK enum err sheet_named(struct sheet *s, size_t *out);
/* Then the register lists its systems, part by part (import_systems()): [{"slug", "source"}…].
 * Those that no row describes, by key or by name, are gone; refused rows describe theirs, too. Adds
 * their number to `gone`. */
MUST_CHECK enum err sheet_has(struct sheet *s, const json_t *systems, size_t *gone);
/* The gone systems after number `*n`, at most `limit`; `*n` is set to the last one's. */
MUST_CHECK enum err sheet_gone(struct sheet *s, int64_t *n, size_t limit, json_t **out);

/* sheet_states.c. Systems that their source retired or suspended are retired or suspended after all
 * rows, because a row may name a later one as its successor. A system is retired before its
 * successor. `mapped` is from sheet_next(), and has a "state". */
MUST_CHECK enum err sheet_put_state(struct sheet *s, int64_t line, const json_t *mapped);
/* The next ones, as the input of import_states(), at most `limit`; each is returned once. An empty
 * array at the end. */
MUST_CHECK enum err sheet_next_states(struct sheet *s, size_t limit, json_t **out);
