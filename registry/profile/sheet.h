/* sheet.h - another register's file, row by row: each as the record that it is, or why it is none.
 *
 * The rows of one file are looked at in their order, each once: what an earlier one said decides
 * which later one repeats it, and by which key it is known. Used by `gaya import` and by the
 * office's page alike, so that a file means the same to both. */
#pragma once
#include "registry/profile/labels.h"

struct sheet {
	struct profile *profile; /* borrowed */
	struct profile_rows file;
	struct labels *labels; /* of a profile whose columns are the form's; NULL otherwise */
	json_t *said;          /* what labels_apply() says; empty without labels */
	json_t *seen;          /* SHA-256 of a whole row -> the line it stands on */
	json_t *keys;          /* a set: every key of the file, those of refused rows too */
	json_t *departments;   /* of the rows so far (departments.h) */
	json_t *names;         /* line -> what people know the row by */
	size_t nameless;       /* refused rows whose key nobody can tell */
};
/* As profile_rows(), with labels read as labels_apply() says; sheet_done() also after a failure.
 * The standard may be NULL; it stays the caller's, and must stay until sheet_done(). */
MUST_CHECK enum err sheet_read(struct sheet *s, struct profile *p, const struct standard *standard,
	const char *text, size_t len, char separator);
void sheet_done(struct sheet *s);
/* As profile_lacks(); a sheet that people began themselves may lack what it likes. */
json_t *sheet_lacks(struct sheet *s);

/* One of file.rows: {"line"} and
 *   "mapped"   {"line", "key", "slug", "department", "record", "of"?}: as import_rows() takes it,
 *              with "dropped": names of columns that the map left out; or
 *   "same_as"  the line of an earlier row that is the same in every column; or
 *   "error"    as the profile tells it: {"rule", "field", "message": {"ko", "en"}}; or
 *   "why"      in the language of err_speak().
 * A new object. */
json_t *sheet_row(struct sheet *s, const json_t *entry);
/* What people know a row by that was looked at: its key, else its first cell; NULL for nothing. */
const char *sheet_name(const struct sheet *s, int64_t line);
