/* query_parts.h - converts rows to JSON values for query*.c and similar files: a column named
 * "x:kind" is converted by `kind` (a JSON text, a member of a content, …). */
#pragma once
#include "registry/query/query.h"

/* The one row, as an object; ERR_NOT_FOUND. */
MUST_CHECK enum err query_row(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out);
/* All rows, as an array of objects. */
MUST_CHECK enum err query_rows(
	const struct snapshot *snap, const struct sql *query, const struct val *args, json_t **out);
/* The reason for an erasure, from its entry; null if not available. */
json_t *query_erasure_reason(const struct snapshot *snap, int64_t entry);

/* The review's due day: the earlier of the record's own and the policies' day; none for a retired
 * system. */
#define QUERY_REVIEW_DUE                                                              \
	" iif(s.state = 'retired', NULL, coalesce(min(s.revision_date, s.review_by)," \
	" s.revision_date, s.review_by))"
/* The earliest due day of an unmet duty; none for a retired system. */
#define QUERY_DUTY_DUE " iif(s.state = 'retired', NULL, s.duty_due)"
