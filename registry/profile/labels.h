/* labels.h - reads a sheet that people wrote: headers are labels of the form, values are words.
 *
 * A profile with "form" in its profile.json names its CSV columns by the fields of the standard,
 * "goal.ko" or "status". Officers know these fields by the labels that the form shows: "목표",
 * "운영 상태", and "운영 중" for a code. This module replaces such words by columns and codes
 * before the profile's map reads a row, in every language of the standard. Only letters and digits
 * count: spaces, marks and case make no difference. A column's own name and a code always stay
 * unchanged. The module also makes the empty sheet that people fill in, and removes its guide, the
 * row under the header that explains what each column should contain.
 *
 *   "form": {"known_by": a column by which a row is a system of this register; "needs": a field
 *   without which no row is a record; "languages":
 *   {language: [its names]}; "also": {field: {"headers": {language: [other words for its label]},
 *   "values": {code: [other words for it]}}}; "required", "one_of", "some_of", "several":
 * {language: text}} */
#pragma once
#include "registry/profile/profile.h"
#include "registry/standard/standard.h"

struct labels;
/* NULL if the profile has no "form". The profile and the standard are borrowed. */
struct labels *labels_open(const struct profile *p, const struct standard *s);
void labels_free(struct labels *l);

/* Replaces labels by columns and codes, in place. `said` gets
 *   "headers"  [{"header", "column"}…] that were replaced
 *   "values"   [{"column", "said", "code"}…], each once
 *   "guide"    [line…] of rows that were left out because they are the guide
 * A row of which some cells are still the guide, or of which a word may be two codes, gets "why",
 * in the language of err_speak(). ERR_INVALID with both names if a header may be two columns, or
 * two headers are one. */
MUST_CHECK enum err labels_apply(struct labels *l, struct profile_rows *r, json_t *said);
/* The same in steps, for a file that is read row by row: first the header, then each row in order.
 * False for a row that is left out. */
MUST_CHECK enum err labels_header(struct labels *l, struct profile_rows *r, json_t *said);
bool labels_row(struct labels *l, json_t *entry, json_t *said);
/* Replaces the name of a field by the file's own header in an error that the map reported for a
 * row: {"field", "message": {language: text}}. The result is a new reference. */
json_t *labels_reword(const json_t *said, const json_t *error);
/* May the header lack columns? It may if no row can belong to a system that already exists here. */
bool labels_may_lack(const struct labels *l, const struct profile_rows *r, const json_t *said);

/* The field that "needs" names, if the header has no column for it; NULL otherwise. */
const struct field *labels_needed(const struct labels *l, const struct profile_rows *r);

/* The empty sheet in a language: a header of labels, and the guide. CSV as csv_add_header() starts
 * it, with a column for each field that fits one cell and that the register does not fill in. */
void labels_template(const struct labels *l, const char *lang, struct buf *out);
