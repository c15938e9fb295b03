/* import_plan.h - what the rows of an uploaded file would be as drafts of a department.
 *
 * The same reading and comparing as `gaya import` (registry/profile/sheet.h, known.h), but nothing
 * is written: each row says what it would change, and an officer chooses those that become drafts.
 */
#pragma once
#include "registry/profile/profile.h"
#include "web/office/office.h"

#define IMPORT_FILE_MAX (2 * MIB)
#define IMPORT_ROWS_MAX 1000
#define IMPORT_ROW_MAX (64 * KIB)  /* one row, as JSON */
#define IMPORT_CELL_MAX (16 * KIB) /* one text in it; no field takes more */
#define IMPORT_CELLS_MAX 200000    /* in all; the standard has some 140 columns */

struct import_plan {
	const char *department; /* whose drafts they would be; borrowed */
	/* One for each row, in the file's order: {"line", "outcome": "new" | "changed" | "same" |
	 * "duplicate" | "refused" | "other"} and
	 *   "name"     what people know the row by
	 *   "system"   its address, also of a "refused" one where it is known
	 *   "fields", "blanked": members of the record that change, and of these those emptied
	 *   "unread"   columns that the register fills in, where they say something else
	 *   "version", "record"  of what may become a draft
	 *   "problems" of that record, as standard_check() gives them
	 *   "draft"    the id of the department's draft of this system, where there is one
	 *   "of"       of a duplicate: the line that it repeats
	 *   "why"      of a refused one, in the reader's language; also of one that is another
	 *              department's */
	json_t *rows;
	json_t *left_out; /* columns that the profile's map left out: how many rows had them */
	json_t *unread;   /* columns that the profile does not know */
	json_t *gone;     /* slugs of the department's systems that no row is */
	json_t *drafts;   /* that the department has: slug -> id */
	size_t room;      /* drafts that the department may still have */
};
void import_plan_done(struct import_plan *plan);
/* `text` is UTF-8. `partial`: columns that are missing count as empty. ERR_INVALID, ERR_TOO_LARGE
 * with the reason, where the whole file is refused; ERR_BUSY where it took too long. */
MUST_CHECK enum err import_plan(struct request *rq, const char *profile, const char *text,
	size_t len, bool partial, struct import_plan *plan);
/* Can this row be chosen? */
bool import_may_choose(const json_t *row);
