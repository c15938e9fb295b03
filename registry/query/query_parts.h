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
/* A cell's text; NULL gives null. Bytes that are not UTF-8 can only come from a damaged file, which
 * must not end the server: they are written out. */
json_t *query_text(const char *s);
/* The reason for an erasure, from its entry; null if not available. */
json_t *query_erasure_reason(const struct snapshot *snap, int64_t entry);

/* The review's due day: the earlier of the record's own and the policies' day; none for a retired
 * system. */
#define QUERY_REVIEW_DUE                                                              \
	" iif(s.state = 'retired', NULL, coalesce(min(s.revision_date, s.review_by)," \
	" s.revision_date, s.review_by))"
/* The earliest due day of an unmet duty; none for a retired system. */
#define QUERY_DUTY_DUE " iif(s.state = 'retired', NULL, s.duty_due)"
/* Both within a filter's days: the numbers of its four parameters, each NULL for an open side. */
#define QUERY_DUE(a, b, c, d)                                                               \
	" AND (?" #a " IS NULL OR" QUERY_REVIEW_DUE " >= ?" #a ") AND (?" #b                \
	" IS NULL OR" QUERY_REVIEW_DUE " < ?" #b ") AND (?" #c " IS NULL OR" QUERY_DUTY_DUE \
	" >= ?" #c ") AND (?" #d " IS NULL OR" QUERY_DUTY_DUE " < ?" #d ")"
/* The status that a reader sees: the office's "suspended" and "retired" win over the record's
 * status. */
#define QUERY_STATUS "CASE WHEN s.state IN ('suspended', 'retired') THEN s.state ELSE s.status END"
/* The columns of query_systems(), for a system `s` of a department `d`. */
#define QUERY_SYSTEM_COLUMNS                                                                   \
	" s.slug, s.department, d.about AS \"department_name:name\", s.state, s.version,"      \
	" s.name AS \"name:json\", s.summary AS \"summary:json\", " QUERY_STATUS " AS status," \
	" s.risk, s.first_at, s.changed_at, s.level, s.duties, s.duties_met," QUERY_REVIEW_DUE \
	" AS review_due," QUERY_DUTY_DUE " AS duty_due, s.required, s.filled, s.withheld"
