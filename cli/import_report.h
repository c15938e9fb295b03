/* import_report.h - the outcome of every row of an imported file, for people or as JSON.
 *
 * {"profile", "file", "dry_run", "rows": 9, "new": [slug…], "changed": [slug…], "same": 5,
 * "resumed": [slug…], "retired": [slug…], "blanked": {field: systems}, "duplicates": [{"line",
 * "of"}…], "refused": [{"line", "name"?, "why", "error"?, "problems"?, "texts"?}…], "left_out":
 * {column: rows}, "kept"?: [slug…], "why"?, "unread": [{"line", "name", "unread": [columns that the
 * register fills in]}…], "edited"?: [{"line", "outcome": "changed" | "resumed", "system",
 * "fields"}…], "each"?: [{"line", "outcome": "new" | "changed" | "same" | "duplicate" | "refused",
 * …}…]}
 *
 * "edited" is only in the report of a real import. "each" has every row, by line, and is in a dry
 * run's report alone: with "system" and, of a changed one, "fields" (members of the record that
 * differ); "of"; or what "refused" has. */
#pragma once
#include "registry/standard/standard.h"

struct report {
	json_t *json;        /* NULL before report_begin() */
	bool by_line;        /* "line" counts lines; else rows, as a spreadsheet does */
	const json_t *names; /* line -> what people know the row by; borrowed, may be NULL */
	bool dry;
	size_t nameless;
	size_t blanking; /* systems of which fields would be emptied */
};
void report_begin(struct report *r, const json_t *profile, const char *path, size_t rows, bool dry);
void report_done(struct report *r);

void report_duplicate(struct report *r, int64_t line, int64_t of);
void report_refused(struct report *r, int64_t line, const char *why, json_t *problems);
/* `error` as a map gives it: {"rule", "field", "message": {"ko", "en"}}. */
void report_unmapped(struct report *r, int64_t line, const json_t *error);
/* The names of columns that the map left out. */
void report_left_out(struct report *r, const json_t *columns);
/* As the register's operation "import" tells it of a row. */
void report_outcome(struct report *r, const json_t *outcome);
void report_retired(struct report *r, json_t *slugs);
/* Not retired, because `nameless` rows of the file may be them. */
void report_kept(struct report *r, json_t *slugs, size_t nameless);

/* `to` begins as `from` stands, not as a plan: what is known of rows before the register sees
 * them. */
void report_copy(struct report *to, const struct report *from);
/* Copies the kept systems from the plan to the report of the import. */
void report_keep(struct report *to, const struct report *plan);
/* Of a list, how many are in it. */
size_t report_count(const struct report *r, const char *name);

/* Puts the rules that records broke into words. */
MUST_CHECK enum err report_explain(struct report *r, const struct standard *standard);
/* On standard output; `e` is how the import ended, with err_why(), which stays as it is. */
void report_print(struct report *r, bool json, enum err e);
/* ERR_INVALID when rows were refused. */
MUST_CHECK enum err report_outcome_of_all(const struct report *r);
