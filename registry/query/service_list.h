/* service_list.h - the list of AI services that a public body in Korea keeps and hands over (Act 21392,
 * Article 30): when that was done last.
 *
 * As JSON values, like query.h. The list itself is the export of the profile of its name. */
#pragma once
#include "base/db.h"
#include "base/json.h"

#define SERVICE_LIST "kr-ai-service-list"

/* The times that the list was handed over, the latest recorded first: [{"entry", "list", "at" of the entry,
 * "day" on which it was handed over, "file": SHA-256, "services": n, "to": {…}, "note": {…}, the last two
 * null once erased or where there is none}…]; `limit` -1: all. */
MUST_CHECK enum err service_list_submissions(struct db *db, int64_t limit, json_t **out);

extern const struct sql_table service_list_query_sql;
