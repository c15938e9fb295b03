/* import_view.h - the rows of an uploaded file, as the import page shows them: those that may be
 * chosen, those that are refused, and what of the file is in no record. */
#pragma once
#include "web/office/import_plan.h"

struct import_shown {
	const struct import_plan *plan;
	const int64_t *chosen; /* lines of the rows that were ticked; NULL before anybody chose */
	size_t chosen_n;
};
bool import_is_chosen(const struct import_shown *shown, const json_t *row);
bool import_is_new(const json_t *row);
/* Puts into `report`: "rows", "refused", "same", "duplicates", "others" with their numbers, "gone",
 * "unread", "lost", "said", "room", and whether anything can be chosen. */
MUST_CHECK enum err import_view(
	const struct request *rq, const struct import_shown *shown, json_t *report);
