/* profile.h - how the rows of another register become ours, and our records rows of another
 * format: a description and jq programs.
 *
 * policies/profiles/NAME/ holds them, and its README says what goes where. Those are in the
 * program (profile_own.h); a folder elsewhere is read from disk. The jq programs are data of
 * whoever runs the command, and are trusted as far as base/jq.h says; what they make is not:
 * a record comes in through the same strict door as any other JSON, and a row goes out only in
 * the form that profile.json says. Belongs to one thread. */
#pragma once
#include "base/json.h"

enum profile_use { PROFILE_IMPORT, PROFILE_EXPORT };
enum profile_output { OUTPUT_JSON, OUTPUT_JSONL, OUTPUT_CSV };

struct profile;
/* `name` is one of the program's own, or a folder ("./mine"). ERR_NOT_FOUND, with the names
 * that there are; ERR_INVALID, naming what is wrong in which file, or that the profile is not
 * made for this use. */
MUST_CHECK enum err profile_open(const char *name, enum profile_use use, struct profile **out);
void profile_free(struct profile *p);
const char *profile_name(const struct profile *p);
/* profile.json: title per language, source, retire_missing, export … */
const json_t *profile_about(const struct profile *p);
/* profile.json of every own profile that can be exported to, by name, once for each file that it
 * makes (profile_files()): a new array. */
MUST_CHECK enum err profile_exports(json_t **out);
/* Of the folder alone, checked as profile_open() would, no program compiled. */
MUST_CHECK enum err profile_read_about(const char *name, json_t **out);
/* A profile may write the same rows in more than one output ("also"): its profile.json once for
 * each, "output", "file" and "type" of "export" being that file's. A new array. */
json_t *profile_files(const json_t *about);
/* From now on it writes this output: "csv", "json" or "jsonl". ERR_NOT_FOUND where it has none. */
MUST_CHECK enum err profile_choose(struct profile *p, const char *output);

/* --- in --- */

/* The rows of a file as an array of {"line": 2, "row": …, "cells"?: 3}: of CSV the row's number in
 * a spreadsheet, of JSON Lines the line, in a JSON document its number from 1; "cells" where their
 * number is not the header's. What csv_add_row() put before cells against formulas is taken off
 * where the profile also exports CSV: then the file may be our own. Names and texts are in normal
 * form C. Of a CSV file also its columns; its separator is told, or 0. */
struct profile_rows {
	json_t *rows;
	json_t *columns; /* NULL for JSON */
};
void profile_rows_done(struct profile_rows *r);
MUST_CHECK enum err profile_rows(const struct profile *p, const char *text, size_t len,
	char separator, struct profile_rows *out);
/* The columns that the profile reads and a CSV file lacks, in the profile's order: a new array.
 * Those that it reads are "columns" of profile.json, else those that it exports, without
 * "may_lack"; else what map.jq is seen to read of the first row. */
json_t *profile_lacks(struct profile *p, const struct profile_rows *r);
/* The file's columns that the profile does not read, as far as that is seen without a row: a new
 * array. */
json_t *profile_unread(const struct profile *p, const struct profile_rows *r);
/* What a row becomes: {"id", "key", "key_if_repeated", "slug_hint", "of"?, "department", "record",
 * "dropped"}, or {"error": {"rule", "field", "message"}, "key"?}. ERR_INVALID with the reason
 * where the program fails or makes what no record may hold. */
MUST_CHECK enum err profile_map(struct profile *p, const json_t *row, json_t **out);

/* --- out --- */

enum profile_output profile_output(const struct profile *p);
/* A member of "export" in profile.json; NULL where it is not there, or null. */
const json_t *profile_export(const struct profile *p, const char *member);
/* What a system becomes: {"row": {…}, "lost": [{"field", "why": {ko, en}}…]}, or
 * {"skip": {ko, en}}. ERR_INVALID where the program fails, or makes anything else; for CSV also
 * where a cell is no text or has no column. */
MUST_CHECK enum err profile_unmap(struct profile *p, const json_t *system, json_t **out);
/* The document around the rows, its member `rows_at` an empty list; ERR_NOT_FOUND where the
 * profile has no wrap.jq: then the list is the document. */
MUST_CHECK enum err profile_wrap(struct profile *p, const json_t *input, json_t **out);
