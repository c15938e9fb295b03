#include "registry/query/coverage.h"

#include "registry/query/query_parts.h"

/* clang-format off */
#define YEAR_OF(at) "date(" at ", '+1 year')"
#define COLUMNS \
	"SELECT d.slug, d.about AS \"name:name\", d.about AS \"about:about\", d.at AS added_at," \
	" coalesce(c.systems, 0) AS systems, coalesce(c.in_use, 0) AS in_use," \
	" coalesce(c.records, 0) AS records, coalesce(c.required, 0) AS required," \
	" coalesce(c.filled, 0) AS filled, coalesce(c.withheld, 0) AS withheld," \
	" coalesce(c.duties, 0) AS duties, coalesce(c.duties_met, 0) AS duties_met," \
	" coalesce((SELECT sum(r.n) FROM system_review_day r WHERE r.department = d.slug" \
	" AND r.day < ?1), 0) AS overdue," \
	" n.entry, n.at, n.sha256 AS \"statement:statement\"," \
	" " YEAR_OF("n.at") " AS renew_by, " YEAR_OF("n.at") " < ?1 AS \"old:bool\"" \
	" FROM department d" \
	" LEFT JOIN system_sum c ON c.department = d.slug" \
	" LEFT JOIN declared_none n ON n.department = d.slug AND n.ended_entry IS NULL"
/* clang-format on */
#define CACHED "reads all departments; the page that shows them is cached"

SQL(COUNTS, "coverage.counts",
	"SELECT count(*) AS departments,"
	" count(*) FILTER (WHERE at IS NULL AND has) AS systems,"
	" count(*) FILTER (WHERE at IS NOT NULL) AS declared_none,"
	" count(*) FILTER (WHERE at IS NULL AND NOT has) AS silent,"
	" count(*) FILTER (WHERE " YEAR_OF(
		"at") " < ?1) AS old"
		      " FROM (SELECT n.at AS at, coalesce(c.systems, 0) > 0 AS has"
		      " FROM department d LEFT JOIN system_sum c ON c.department = d.slug"
		      " LEFT JOIN declared_none n ON n.department = d.slug AND "
		      "n.ended_entry IS NULL)",
	CACHED);
SQL(DEPARTMENTS, "coverage.departments", COLUMNS " ORDER BY d.slug", CACHED);
SQL(DEPARTMENT, "coverage.department", COLUMNS " WHERE d.slug = ?2");
SQL(DECLARATIONS, "coverage.declarations",
	"SELECT n.entry, n.at, n.sha256 AS \"statement:statement\", n.ended_entry,"
	" EXISTS (SELECT 1 FROM declared_none m WHERE m.entry = n.ended_entry)"
	" AS \"renewed:bool\" FROM declared_none n WHERE n.department = ?1"
	" ORDER BY n.entry DESC");

enum err coverage_counts(const struct snapshot *snap, const char *today, json_t **out)
{
	return query_row(snap, COUNTS, BIND(text(today)), out);
}

/* Moves members of a row into a nested object. */
static json_t *moved(json_t *row, const char *const *members, size_t n)
{
	json_t *out = json_object();

	for (size_t i = 0; i < n; i++) {
		json_put(out, members[i], json_incref(json_object_get(row, members[i])));
		json_object_del(row, members[i]);
	}
	return out;
}

static void shape(json_t *row)
{
	static const char *const of_declaration[] = {"entry", "at", "statement", "renew_by", "old"};
	static const char *const of_records[] = {
		"records", "required", "filled", "withheld", "duties", "duties_met", "overdue"};
	json_t *declared = moved(row, of_declaration, COUNT(of_declaration));
	bool stands = json_str(declared, "at") != NULL;

	json_put(row, "coverage",
		json_text(stands                     ? "declared_none"
			  : json_num(row, "systems") ? "systems"
						     : "silent"));
	json_put(row, "declared", stands ? json_incref(declared) : json_null());
	json_decref(declared);
	json_put(row, "completeness", moved(row, of_records, COUNT(of_records)));
}

enum err coverage_departments(const struct snapshot *snap, const char *today, json_t **out)
{
	json_t *list;

	TRY(query_rows(snap, DEPARTMENTS, BIND(text(today)), &list));
	json_each (list, row)
		shape(row);
	*out = list;
	return OK;
}

enum err coverage_department(
	const struct snapshot *snap, const char *slug, const char *today, json_t **out)
{
	json_auto_t *department = NULL;
	json_t *declarations;
	enum err e = query_row(snap, DEPARTMENT, BIND(text(today), text(slug)), &department);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no department \"%s\" in this register",
		slug);
	TRY(e);
	shape(department);
	TRY(query_rows(snap, DECLARATIONS, BIND(text(slug)), &declarations));
	json_put(department, "declarations", declarations);
	*out = TAKE(department);
	return OK;
}
