/* query_parts.h - how query*.c and its like make rows values: columns named "x:kind" become what
 * `kind` says of them (a JSON text, a member of a content, …). */
#pragma once
#include "registry/query/query.h"

/* The one row, as an object; ERR_NOT_FOUND. */
MUST_CHECK enum err query_row(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out);
/* All rows, as an array of objects. */
MUST_CHECK enum err query_rows(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out);
/* Why a content was erased, as the entry that says so has it; null where that is not to be had. */
json_t *query_erasure_reason(const struct snapshot *snap, int64_t entry);

/* The day that the record itself names, or that the policies leave, whichever is sooner; a retired
 * system is not reviewed any more. */
#define QUERY_REVIEW_DUE                                                              \
	" iif(s.state = 'retired', NULL, coalesce(min(s.revision_date, s.review_by)," \
	" s.revision_date, s.review_by))"
/* The first day by which one of its duties is due that nothing shows; of a retired one, none. */
#define QUERY_DUTY_DUE " iif(s.state = 'retired', NULL, s.duty_due)"
