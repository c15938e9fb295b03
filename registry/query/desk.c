#include "registry/query/desk.h"

#include "registry/query/query_parts.h"

SQL(KEYS, "desk.keys",
	"SELECT k.vkey, d.granted_entry, d.revoked_entry IS NOT NULL AS \"revoked:bool\""
	" FROM person_key k JOIN department_key d ON d.vkey = k.vkey WHERE k.person = ?1"
	" ORDER BY d.granted_entry");
SQL(KEY, "desk.key",
	"SELECT k.vkey, k.person, d.department, d.granted_entry, d.revoked_entry, s.since"
	" FROM person_key k JOIN department_key d ON d.vkey = k.vkey"
	" LEFT JOIN stolen_key s ON s.vkey = k.vkey WHERE k.entry = ?1");
SQL(SIGNED, "desk.signed",
	"SELECT entry, at, type, subject FROM signed WHERE key = ?1 ORDER BY entry DESC");
SQL(PEOPLE, "desk.people",
	"SELECT p.id AS person, p.role, p.department, d.about AS \"department_name:name\","
	" p.entry, p.at, p.dismissed_entry IS NOT NULL AS \"dismissed:bool\","
	" (SELECT count(*) FROM person_key k JOIN department_key g ON g.vkey = k.vkey"
	" WHERE k.person = p.id AND g.revoked_entry IS NULL) AS keys"
	" FROM person p JOIN department d ON d.slug = p.department"
	" ORDER BY p.department, p.role, p.id",
	"everybody there is: some hundreds");
SQL(REVIEWS, "desk.reviews",
	"SELECT f.entry AS filing, f.at, f.person, f.outcome, f.outcome_at AS decided_at,"
	" f.outcome_entry AS decided_entry, f.decided_by, f.reason AS \"reason:reason\","
	" m.version FROM filing f LEFT JOIN milestone m ON m.entry = f.outcome_entry"
	" AND m.type = 'system.published'"
	" WHERE f.system = ?1 AND f.entry < ?2 ORDER BY f.entry DESC");
SQL(FILED, "desk.filed", "SELECT sha256 AS \"record:record\" FROM filing WHERE entry = ?1");
SQL(APPROVALS, "desk.approvals",
	"SELECT person, role, entry, at FROM approval WHERE filing = ?1 ORDER BY entry");
SQL(RULES, "desk.rules",
	"SELECT entry, at, from_day AS \"from\", about AS \"about:json\" FROM decision_rules"
	" ORDER BY entry DESC",
	"a city changes its rules a few times in a decade");
SQL(QUESTIONS_OF, "desk.questions_of",
	"SELECT f.id, f.at, f.state, coalesce(f.masked, f.sha256) AS \"question:text\","
	" f.answered_at"
	" FROM feedback f WHERE f.system = ?1 AND f.erased_entry IS NULL"
	" AND (f.state = 'published' OR (f.state = 'received' AND ?2)) ORDER BY f.entry DESC");

enum err desk_keys(const struct snapshot *snap, const char *person, json_t **out)
{
	return query_rows(snap, KEYS, BIND(text(person)), out);
}

enum err desk_key(const struct snapshot *snap, int64_t granted, json_t **out)
{
	return query_row(snap, KEY, BIND(num(granted)), out);
}

enum err desk_signed(const struct snapshot *snap, int64_t granted, json_t **out)
{
	return query_rows(snap, SIGNED, BIND(num(granted)), out);
}

enum err desk_people(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, PEOPLE, BIND_NONE, out);
}

enum err desk_reviews(const struct snapshot *snap, const char *system, int64_t before, json_t **out)
{
	return query_rows(snap, REVIEWS, BIND(text(system), num(before)), out);
}

enum err desk_questions_of(
	const struct snapshot *snap, const char *system, bool undecided, json_t **out)
{
	return query_rows(snap, QUESTIONS_OF, BIND(text(system), num(undecided)), out);
}

enum err desk_filed(const struct snapshot *snap, int64_t filing, json_t **out)
{
	return query_row(snap, FILED, BIND(num(filing)), out);
}

enum err desk_approvals(const struct snapshot *snap, int64_t filing, json_t **out)
{
	return query_rows(snap, APPROVALS, BIND(num(filing)), out);
}

enum err desk_rules(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, RULES, BIND_NONE, out);
}
