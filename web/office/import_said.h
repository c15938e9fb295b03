/* import_said.h - what a sheet of the form's labels was read as, for the import page, and the empty
 * sheet that it offers. */
#pragma once
#include "web/office/office.h"

/* What labels_apply() said (registry/profile/labels.h), for the page: {"headers": [{"header",
 * "label", "column"}…], "headers_n", "values": [{"said", "field", "label", "code"}…], "values_n",
 * "guide": [{"line"}…], "any"}, lists that are empty being null; null where nothing was replaced.
 */
json_t *import_said_view(const struct request *rq, const json_t *said);
/* The name of the first format that has such a sheet; NULL: none. The caller frees. */
char *import_sheet_profile(void);
