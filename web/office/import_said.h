/* import_said.h - how a sheet with the form's labels was read, for the import page, and the empty
 * sheet that the page offers. */
#pragma once
#include "web/office/office.h"

/* The result of labels_apply() (registry/profile/labels.h), for the page: {"headers": [{"header",
 * "label", "column"}…], "headers_n", "values": [{"said", "field", "label", "code"}…], "values_n",
 * "guide": [{"line"}…], "any"}, with null for empty lists; null if nothing was replaced. */
json_t *import_said_view(const struct request *rq, const json_t *said);
/* The sentence about a word that a field does not allow, with the labels that it allows, or about a
 * day that cannot be read, with what was written; NULL for
 * another kind of problem. `problem` is from standard_check(). */
json_t *import_refused_value(const struct request *rq, const json_t *problem);
/* The name of the first format with such a sheet; NULL: none. The caller frees. */
char *import_sheet_profile(void);
