/* import_report.h - the outcome of every row of an imported file, for people or as JSON.
 *
 * {"profile", "file", "dry_run", "rows": 9, "new": [slug…], "changed": [slug…], "same": 5,
 * "resumed": [slug…], "retired": [slug…], "blanked": {field: systems}, "new_departments": {slug:
 * its name}, "duplicates": [{"line", "of"}…], "refused": [{"line", "name"?, "why", "error"?,
 * "problems"?, "texts"?}…], "left_out": {column: rows}, "lost": {column: {"rows", "examples":
 * [{"line", "value"}…]}}, "cleaned": the same, each example with "character", "kept"?: [slug…],
 * "why"?, "unread": [{"line", "name", "unread": [columns that the register fills in]}…], "edited"?:
 * [{"line", "outcome": "changed" | "resumed", "system", "fields"}…], "read_as"?: {"headers",
 * "values", "guide"}, "each"?: [{"line", "outcome": "new" | "changed" | "same" | "duplicate" |
 * "refused", …}…]}
 *
 * Only the report of a real import has "edited". Only that of a dry run has "each": every row, by
 * line, with "system" and, if changed, "fields" (the members of the record that differ); or "of";
 * or the members of "refused". */
#pragma once
#include "registry/profile/sheet.h"
#include "registry/standard/standard.h"

struct report {
	json_t *json;        /* NULL before report_begin(); the reports on rows are in `sheet` */
	struct sheet *sheet; /* borrowed */
	bool by_line;        /* "line" counts lines; otherwise rows, as a spreadsheet does */
	bool dry;
	json_t *counts; /* outcome -> rows */
	size_t nameless;
	size_t retired, kept; /* of the systems that the file lacks */
	size_t blanking;      /* systems that would lose values of fields */
	size_t restating; /* systems that are here, and would be retired or suspended by their row
	                   */
	enum err err;     /* the first failure to keep something */
};
void report_begin(
	struct report *r, const json_t *profile, const char *path, struct sheet *sheet, bool dry);
void report_done(struct report *r);

void report_duplicate(struct report *r, int64_t line, int64_t of);
void report_refused(struct report *r, int64_t line, const char *why, json_t *problems);
/* `error` is from a map: {"rule", "field", "message": {"ko", "en"}}. */
void report_unmapped(struct report *r, int64_t line, const json_t *error);
/* Adds the names of columns that the map omitted. */
void report_left_out(struct report *r, const json_t *columns);
/* Adds the outcome of a row, from the register's operation "import". */
void report_outcome(struct report *r, const json_t *outcome);
/* The first `n` systems that the file lacks (sheet_gone()) are, or would be, retired. */
void report_retired(struct report *r, size_t n);
/* They are not retired, because `nameless` rows of the file may describe them. */
void report_kept(struct report *r, size_t n, size_t nameless);

/* Copies the kept systems from the plan to the report of the import. */
void report_keep(struct report *to, const struct report *plan);
/* The length of one of its lists. */
size_t report_count(const struct report *r, const char *name);

/* Adds sentences for the rules that records broke. */
MUST_CHECK enum err report_explain(struct report *r, const struct standard *standard);
/* Prints on standard output; `e` is the result of the import, and err_why() stays unchanged. */
void report_print(struct report *r, bool json, enum err e);
/* ERR_INVALID if rows were refused. */
MUST_CHECK enum err report_outcome_of_all(const struct report *r);
