#include "registry/event/lists.h"

SQL(TRIGGER, "lists.trigger",
	"SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'system_lists'",
	"the schema is a small table");
/* OR IGNORE: a system without a status or risk is in fewer than eight lists. */
SQL(LIST, "lists.list",
	"INSERT OR IGNORE INTO system_listed (department, status, risk, changed_at, system)"
	" SELECT iif(d.own, department, ''), iif(s.own, shown, ''), iif(r.own, risk, ''),"
	" changed_at, slug"
	" FROM (SELECT slug, department, changed_at, coalesce(risk, '') AS risk,"
	" iif(state IN ('suspended', 'retired'), state, coalesce(status, '')) AS shown"
	" FROM system WHERE version > 0), (SELECT 0 AS own UNION SELECT 1) d,"
	" (SELECT 0 AS own UNION SELECT 1) s, (SELECT 0 AS own UNION SELECT 1) r"
	" ORDER BY 1, 2, 3, 4 DESC, 5",
	"a build lists every system once");
SQL(COUNT_LISTED, "lists.count",
	"INSERT INTO system_count (department, status, risk, n)"
	" SELECT department, status, risk, count(*) FROM system_listed GROUP BY 1, 2, 3",
	"a build counts each list once");

enum err lists_put_off(struct db *db, char **trigger)
{
	AUTO(rows) row = {0};

	TRY(db_one(db, TRIGGER, BIND_NONE, &row));
	*trigger = rows_dup(&row, 0);
	rows_done(&row);
	return db_exec(db, "DROP TRIGGER system_lists");
}

enum err lists_make(struct db *db, const char *trigger)
{
	TRY(db_run(db, LIST, BIND_NONE));
	TRY(db_run(db, COUNT_LISTED, BIND_NONE));
	return db_exec(db, trigger);
}
