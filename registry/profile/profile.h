/* profile.h - converts rows of another register to records, and records to rows of another format,
 * by a description and jq programs.
 *
 * policies/profiles/NAME/ holds them, and its README explains the files. These profiles are built
 * into the program (profile_own.h); a folder elsewhere is read from disk. The jq programs come from
 * the user who runs the command, and are trusted as far as base/jq.h says; their output is not: a
 * record passes the same strict parser as any other JSON, and a row must have the form that
 * profile.json defines. Belongs to one thread. */
#pragma once
#include "base/charset.h"
#include "base/json.h"

enum profile_use { PROFILE_IMPORT, PROFILE_EXPORT };
enum profile_output { OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV };

struct profile;
/* `name` is a built-in profile or a folder ("./mine"). ERR_NOT_FOUND lists the existing names;
 * ERR_INVALID names the file and its fault, or says that the profile is not made for this use. */
MUST_CHECK enum err profile_open(const char *name, enum profile_use use, struct profile **out);
void profile_free(struct profile *p);
const char *profile_name(const struct profile *p);
/* profile.json: title per language, source, retire_missing, export … */
const json_t *profile_about(const struct profile *p);
/* The profile.json of every built-in export profile, sorted by name, once for each file that the
 * profile makes (profile_files()). The result is a new array. */
MUST_CHECK enum err profile_exports(json_t **out);
/* The profile.json of every built-in import profile, our own formats first: a new array. */
MUST_CHECK enum err profile_imports(json_t **out);
/* Reads only profile.json, with the checks of profile_open(), and compiles no program. */
MUST_CHECK enum err profile_read_about(const char *name, json_t **out);
/* A profile may write the same rows in several outputs ("also"): its profile.json once for each,
 * with that file's "output", "file" and "type" in "export". A new array. */
json_t *profile_files(const json_t *about);
/* Selects the output: "csv", "json" or "jsonl". ERR_NOT_FOUND if the profile does not have it. */
MUST_CHECK enum err profile_choose(struct profile *p, const char *output);

/* --- import --- */

/* Receives the rows of a file one by one, as they are read. */
struct profile_take {
	void *arg;
	/* Called once, before the rows, with the columns of a CSV file, or NULL for JSON. */
	enum err (*columns)(void *arg, const json_t *columns);
	/* Called for each row with {"line": 2, "row": …, "cells"?: 3, "quote"?: true}, which the
	 * callee frees. "line" is the row's number in a spreadsheet for CSV, the line for JSON
	 * Lines, and the item's number from 1 for a JSON document. "cells" is present if the number
	 * of cells differs from the header's; "quote" is present if a stray quote makes them
	 * doubtful. Names and texts are in normal form C. A failure ends the reading. */
	enum err (*row)(void *arg, json_t *entry);
};
/* If the profile also exports CSV, csv_add_row()'s guards against formulas are removed, because the
 * file may be our own. `separator` is the CSV separator, or 0 to detect it. */
MUST_CHECK enum err profile_read(const struct profile *p, const char *text, size_t len,
	char separator, const struct profile_take *take);
/* The same for a file of any size, with only a part in memory at a time. A JSON document is read
 * whole, and at most 256 MB of it, if it comes through a pipe or the profile's "rows" does more
 * than choose one of its lists. ERR_NOT_FOUND if it does not exist, ERR_SYSTEM if it cannot be
 * read. */
MUST_CHECK enum err profile_read_file(const struct profile *p, const char *path,
	enum charset charset, char separator, const struct profile_take *take);
struct profile_rows {
	json_t *rows;    /* as struct profile_take receives them */
	json_t *columns; /* NULL for JSON */
};
void profile_rows_done(struct profile_rows *r);
/* The columns that the profile reads and a CSV file lacks, in the profile's order: a new array. The
 * profile reads "columns" of profile.json, else its export columns without "may_lack", else the
 * columns that map.jq reads from the first row. */
json_t *profile_lacks(struct profile *p, const struct profile_rows *r);
/* The file's columns that the profile is known not to read, without trying a row, as a new
 * array. */
json_t *profile_unread(const struct profile *p, const struct profile_rows *r);
/* Converts a row to {"id", "key", "key_if_repeated", "slug_hint", "of"?, "department", "record",
 * "dropped"}, or {"error": {"rule", "field", "message"}, "key"?}. ERR_INVALID with the reason if
 * the program fails or its output is not allowed in a record. */
MUST_CHECK enum err profile_map(struct profile *p, const json_t *row, json_t **out);

/* --- export --- */

enum profile_output profile_output(const struct profile *p);
/* A member of "export" in profile.json; NULL if it is missing or null. */
const json_t *profile_export(const struct profile *p, const char *member);
/* Does the program read the system's number among the exported ones? If so, a new system changes
 * the input of all systems after it. */
bool profile_numbers(const struct profile *p);
/* Converts a system to {"row": {…}, "lost": [{"field", "why": {ko, en}}…]}, or to {"skip": {ko,
 * en}}. ERR_INVALID if the program fails or its output has another form; for CSV also if a cell is
 * not a text or has no column. */
MUST_CHECK enum err profile_unmap(struct profile *p, const json_t *system, json_t **out);
/* The document around the rows, with an empty list as its member `rows_at`. ERR_NOT_FOUND if the
 * profile has no wrap.jq; the list is then the document. */
MUST_CHECK enum err profile_wrap(struct profile *p, const json_t *input, json_t **out);
