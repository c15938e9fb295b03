/* lost.h - finds cells of a file whose content reached no record, and characters that were left
 * out. It counts them and keeps examples, whatever the map itself reports.
 *
 * A cell is placed if its letters and digits are in the map's output for its row, or if the output
 * is different without the cell. A column of codes has few values; each is tried once by leaving it
 * out, because its letters may be in the output for another reason. In a column of many values,
 * only those whose letters are nowhere in the output are tried. */
#pragma once
#include "registry/profile/profile.h"

struct lost {
	struct profile *profile; /* borrowed */
	bool whole;      /* the format has every field unchanged, so comparing letters is enough */
	json_t *tried;   /* column -> {value: is it placed?} */
	json_t *trials;  /* column -> number of trials */
	json_t *columns; /* column -> {"rows": their number, "examples": [{"line", "value"}…]} */
	json_t *cleaned; /* column -> the same, for cells from which the map left out invisible
	                    characters; each example has the first, "character": "U+200B" */
	size_t tries;
};
void lost_begin(struct lost *l, struct profile *p);
void lost_done(struct lost *l);
/* Looks at a row and the output of profile_map() for it. Columns in its "dropped" are reported
 * already; `but`: a set of other columns to skip, or NULL. */
void lost_look(
	struct lost *l, int64_t line, const json_t *row, const json_t *made, const json_t *but);
