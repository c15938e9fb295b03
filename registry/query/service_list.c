#include "registry/query/service_list.h"

#include "registry/query/query_parts.h"

#include <string.h>

#define OF_SYSTEM "s.slug, s.name AS \"name:json\", d.about AS \"department_name:name\""
#define SYSTEM_OF \
	"CROSS JOIN system s ON s.slug = o.system JOIN department d ON d.slug = s.department"
/* Each system with an event since an entry: its state then, if it existed, and now. A system on the
 * list both times has changed if it has a new version, another state, or another result of the
 * policy. */
#define MOVED                                                                                    \
	"WITH moved AS (SELECT n.system, iif(n.listed IS NOT coalesce(t.listed, 0),"             \
	" iif(n.listed, 'added', 'removed'), iif(n.listed AND (n.version, n.state, n.level,"     \
	" n.standing, n.due) IS NOT (t.version, t.state, t.level, t.standing, t.due),"           \
	" 'changed', NULL)) AS change FROM (SELECT system, max(entry) AS newest"                 \
	" FROM service_past WHERE entry > ?1 GROUP BY system) m"                                 \
	" CROSS JOIN service_past n ON n.entry = m.newest LEFT JOIN service_past t ON t.entry =" \
	" (SELECT max(entry) FROM service_past WHERE system = m.system AND entry <= ?1))"
#define SINCE_THEN "reads what changed since the list was handed over"

SQL(SUBMISSIONS, "service_list.submissions",
	"SELECT entry, list, at, day, file, services, sha256 AS \"to:to\", sha256 AS \"note:note\""
	" FROM list_submitted WHERE list = '" SERVICE_LIST "' ORDER BY entry DESC LIMIT ?1");
SQL(COUNTS, "service_list.counts",
	"SELECT substr(what, length(?1) + 2) AS \"of\", n FROM service_count"
	" WHERE what >= ?1 || ' ' AND what < ?1 || '!' ORDER BY what LIMIT ?2");
SQL(DUTIES, "service_list.duties",
	"SELECT c.what, c.n, d.duty, d.about AS \"about:json\" FROM service_count c"
	" JOIN service_duty d ON d.duty = substr(c.what, 6)"
	" WHERE c.what >= 'duty ' AND c.what < 'duty!'");
SQL(NEXT, "service_list.due_next",
	"SELECT " OF_SYSTEM ", o.next_due AS due FROM service o " SYSTEM_OF
	" WHERE o.next_due IS NOT NULL"
	" ORDER BY o.next_due, o.system LIMIT ?1");
SQL(SAYS, "service_list.says",
	"SELECT " OF_SYSTEM
	", o.responsibility AS \"responsibility:json\" FROM service o " SYSTEM_OF
	" WHERE o.responsibility IS NOT NULL AND o.system > ?1 ORDER BY o.system LIMIT ?2");
/* Retired by the office, or published with such a status. */
SQL(RETIRED, "service_list.retired",
	"SELECT " OF_SYSTEM
	", o.ended AS until, (SELECT at FROM milestone m WHERE m.system = o.system"
	" AND m.type = 'system.retired' ORDER BY m.entry DESC LIMIT 1) AS at"
	" FROM service o " SYSTEM_OF
	" WHERE o.retired = 1 AND o.system > ?1 ORDER BY o.system LIMIT ?2");
SQL(LAST_BEFORE, "service_list.last_before",
	"SELECT max(coalesce((SELECT entry FROM milestone WHERE at < ?1 ORDER BY entry DESC LIMIT 1), 0),"
	" coalesce((SELECT entry FROM judgement WHERE at < ?1 ORDER BY entry DESC LIMIT 1), 0))",
	"walks the newest of both backwards and stops at the first before");
SQL(CHANGED_N, "service_list.changed_n",
	MOVED " SELECT change, count(*) AS n FROM moved WHERE change IS NOT NULL"
	      " GROUP BY change",
	SINCE_THEN);
SQL(CHANGED, "service_list.changed",
	MOVED " SELECT " OF_SYSTEM ", o.change FROM moved o " SYSTEM_OF
	      " WHERE o.change IS NOT NULL ORDER BY o.system LIMIT ?2",
	SINCE_THEN);

enum err service_list_submissions(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, SUBMISSIONS, BIND(num(limit)), out);
}

enum err service_list_counts(
	const struct snapshot *snap, const char *what, int64_t limit, json_t **out)
{
	return query_rows(snap, COUNTS, BIND(text(what), num(limit)), out);
}

enum err service_list_duties(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, DUTIES, BIND_NONE, out);
}

enum err service_list_next(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, NEXT, BIND(num(limit)), out);
}

enum err service_list_says(
	const struct snapshot *snap, const char *after, int64_t limit, json_t **out)
{
	return query_rows(snap, SAYS, BIND(text(after), num(limit)), out);
}

enum err service_list_retired(
	const struct snapshot *snap, const char *after, int64_t limit, json_t **out)
{
	return query_rows(snap, RETIRED, BIND(text(after), num(limit)), out);
}

/* The last entry that the submission covers; later ones are changes. */
static enum err since_of(
	const struct snapshot *snap, const json_t *submission, const char *day_end, int64_t *entry)
{
	if (strcmp(json_str(submission, "at"), day_end) >= 0)
		return db_int(snap->model, LAST_BEFORE, BIND(text(day_end)), entry);
	*entry = json_num(submission, "entry");
	return OK;
}

enum err service_list_changes(const struct snapshot *snap, const json_t *submission,
	const char *day_end, int64_t limit, json_t **out)
{
	json_auto_t *counts = NULL, *systems = NULL;
	int64_t entry;

	TRY(since_of(snap, submission, day_end, &entry));
	TRY(query_rows(snap, CHANGED_N, BIND(num(entry)), &counts));
	TRY(query_rows(snap, CHANGED, BIND(num(entry), num(limit)), &systems));
	*out = json_make("{s:O,s:O}", "counts", counts, "systems", systems);
	return OK;
}
