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
/* profile.json of every built-in export profile, by name, once for each file that it makes
 * (profile_files()): a new array. */
MUST_CHECK enum err profile_exports(json_t **out);
/* profile.json of every built-in import profile, our own formats first: a new array. */
MUST_CHECK enum err profile_imports(json_t **out);
/* Reads profile.json alone, checked as by profile_open(), without compiling a program. */
MUST_CHECK enum err profile_read_about(const char *name, json_t **out);
/* A profile may write the same rows in more than one output ("also"): its profile.json once for
 * each, "output", "file" and "type" of "export" being that file's. A new array. */
json_t *profile_files(const json_t *about);
/* Selects the output: "csv", "json" or "jsonl". ERR_NOT_FOUND if the profile does not have it. */
MUST_CHECK enum err profile_choose(struct profile *p, const char *output);

/* --- in --- */

/* The rows of a file, one by one as they are read. */
struct profile_take {
	void *arg;
	/* Once, before the rows: the columns of a CSV file, NULL for JSON. */
	enum err (*columns)(void *arg, const json_t *columns);
	/* {"line": 2, "row": …, "cells"?: 3, "quote"?: true}, the callee's to free: "line" is the
	 * row's number in a spreadsheet for CSV, the line for JSON Lines, and the item's number
	 * from 1 for a JSON document; "cells" is present if their number differs from the header's;
	 * "quote" where a stray quote makes them doubtful. Names and texts are in normal form C.
	 * A failure ends the reading. */
	enum err (*row)(void *arg, json_t *entry);
};
/* If the profile also exports CSV, csv_add_row()'s guards against formulas are removed, because the
 * file may be our own. `separator` is the CSV separator, or 0 to detect it. */
MUST_CHECK enum err profile_read(const struct profile *p, const char *text, size_t len,
	char separator, const struct profile_take *take);
/* The same of a file of any size, of which a part is in memory at a time; of a JSON document all of
 * it is. ERR_NOT_FOUND, ERR_SYSTEM if it cannot be read. */
MUST_CHECK enum err profile_read_file(const struct profile *p, const char *path,
	enum charset charset, char separator, const struct profile_take *take);
struct profile_rows {
	json_t *rows;    /* as the callback above gets them */
	json_t *columns; /* NULL for JSON */
};
void profile_rows_done(struct profile_rows *r);
/* The columns that the profile reads and a CSV file lacks, in the profile's order: a new array. The
 * columns that it reads are "columns" of profile.json, else its export columns without "may_lack",
 * else those that map.jq reads of the first row. */
json_t *profile_lacks(struct profile *p, const struct profile_rows *r);
/* The file's columns that the profile does not read, as far as can be told without a row: a new
 * array. */
json_t *profile_unread(const struct profile *p, const struct profile_rows *r);
/* Converts a row to {"id", "key", "key_if_repeated", "slug_hint", "of"?, "department", "record",
 * "dropped"}, or {"error": {"rule", "field", "message"}, "key"?}. ERR_INVALID with the reason if
 * the program fails or its output is not allowed in a record. */
MUST_CHECK enum err profile_map(struct profile *p, const json_t *row, json_t **out);

/* --- out --- */

enum profile_output profile_output(const struct profile *p);
/* A member of "export" in profile.json; NULL if it is missing or null. */
const json_t *profile_export(const struct profile *p, const char *member);
/* Does its program read the system's number among those exported? If so, a system that comes
 * changes the input of all behind it. */
bool profile_numbers(const struct profile *p);
/* Converts a system to {"row": {…}, "lost": [{"field", "why": {ko, en}}…]}, or {"skip": {ko, en}}.
 * ERR_INVALID if the program fails or its output has another form; for CSV also if a cell is not a
 * text or has no column. */
MUST_CHECK enum err profile_unmap(struct profile *p, const json_t *system, json_t **out);
/* The document around the rows, its member `rows_at` an empty list; ERR_NOT_FOUND if the profile
 * has no wrap.jq: then the list is the document. */
MUST_CHECK enum err profile_wrap(struct profile *p, const json_t *input, json_t **out);
