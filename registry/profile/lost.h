/* lost.h - what of a file's cells is in no record, and what was taken out of them: counted, with
 * examples, whatever the map says of itself.
 *
 * A cell is placed if its letters and digits stand in what the map made of its row, or if the map
 * makes something else of the row without it. The few values of a column of codes are all tried by
 * leaving them out, each once, for their letters may stand elsewhere; of a column of many values
 * those are tried whose letters are nowhere. */
#pragma once
#include "registry/profile/profile.h"

struct lost {
	struct profile *profile; /* borrowed */
	bool whole;      /* of a format that has every field as it stands: letters tell enough */
	json_t *tried;   /* column -> {value: is it placed?} */
	json_t *trials;  /* column -> how often */
	json_t *columns; /* column -> {"rows": in how many, "examples": [{"line", "value"}…]} */
	json_t *cleaned; /* column -> the same, of cells of which the map left out characters that
	                    nobody sees; each example has the first, "character": "U+200B" */
	size_t tries;
};
void lost_begin(struct lost *l, struct profile *p);
void lost_done(struct lost *l);
/* Looks at a row and at what profile_map() made of it. Columns that it calls "dropped" are told as
 * such already; `but`: others that are not looked at (a set), or NULL. */
void lost_look(
	struct lost *l, int64_t line, const json_t *row, const json_t *made, const json_t *but);
