/* import_plan.h - the drafts that the rows of an uploaded file would become in a department.
 *
 * It reads and compares as `gaya import` does (registry/profile/sheet.h, known.h) but writes
 * nothing: each row says what it would change, and an officer chooses rows to become drafts. */
#pragma once
#include "registry/profile/profile.h"
#include "web/office/office.h"

#define IMPORT_FILE_MAX (2 * MIB)
#define IMPORT_ROWS_MAX 1000
#define IMPORT_ROW_MAX (64 * KIB)  /* one row, as JSON */
#define IMPORT_CELL_MAX (16 * KIB) /* one text of a row; no field takes more */
#define IMPORT_CELLS_MAX 200000    /* in the whole file; the standard has about 140 columns */

struct import_plan {
	const char *department; /* the department of the drafts; borrowed */
	/* One for each row, in the file's order: {"line", "outcome": "new" | "changed" | "same" |
	 * "duplicate" | "refused" | "other"} and
	 *    "name"     the row's name for people
	 *    "system"   its slug, also of a "refused" one if known
	 *    "fields", "blanked": members of the record that change, and those that become empty
	 *    "unread"   columns with a value other than the one that the register fills in
	 *    "version", "record"  of a row that may become a draft
	 *    "problems" of that record, from standard_check()
	 *    "draft"    the id of the department's draft of this system, if one is in work
	 *    "twin"     of a new system: the line of an earlier row with the same name
	 *    "namesake" of a new system: {"slug", "name"} of a published one of the department with
	 *               the same name
	 *    "waits"    is a draft of it filed, and not decided on?
	 *    "of"       of a duplicate: the line that it repeats
	 *    "why"      of a refused row, or of another department's, in the reader's language */
	json_t *rows;
	json_t *left_out; /* columns omitted by the profile's map: how many rows had them */
	json_t *lost;     /* cells that are in no record (registry/profile/lost.h): its "columns" */
	json_t *cleaned;  /* cells from which invisible characters were left out: its "cleaned" */
	json_t *unread;   /* columns unknown to the profile */
	json_t *gone;     /* slugs of the department's systems that no row describes */
	json_t *drafts;   /* the department's in work: slug -> {"id", "revision"} */
	json_t *filed;    /* the same of those that are filed: a row may take their place */
	json_t *said;     /* the output of labels_apply() for the file */
	size_t room;      /* drafts that the department may still have */
};
void import_plan_done(struct import_plan *plan);
/* `text` is UTF-8. `partial`: columns may be missing (sheet_keep()). ERR_INVALID and ERR_TOO_LARGE
 * refuse the whole file, with the reason; ERR_BUSY if it took too long. */
MUST_CHECK enum err import_plan(struct request *rq, const char *profile, const char *text,
	size_t len, bool partial, struct import_plan *plan);
/* Can this row be chosen? */
bool import_may_choose(const json_t *row);
