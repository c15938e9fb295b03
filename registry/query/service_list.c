#include "registry/query/service_list.h"

#include "registry/query/query_parts.h"

enum { SUBMISSIONS };
static const struct sql sql[] = {
	[SUBMISSIONS] = {"service_list.submissions",
		"SELECT entry, list, at, day, file, services, sha256 AS \"to:to\", sha256 AS \"note:note\""
		" FROM list_submitted WHERE list = '" SERVICE_LIST "' ORDER BY entry DESC LIMIT ?1"},
};
const struct sql_table service_list_query_sql = SQL_TABLE(sql);

enum err service_list_submissions(struct db *db, int64_t limit, json_t **out)
{
	return query_rows(db, &sql[SUBMISSIONS], BIND(num(limit)), out);
}
