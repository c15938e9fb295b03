#include "registry/query/query_parts.h"

SQL(REGISTER, "query.register",
	"SELECT r.origin, (SELECT about FROM settings ORDER BY entry DESC LIMIT 1) AS \"about:json\","
	" r.opened_at, f.size AS entries, f.at"
	" FROM register r JOIN folded f ON f.one = r.one WHERE r.one = 1",
	"walks the newest settings backwards and stops at the first");
SQL(SIZE, "query.size", "SELECT size FROM folded WHERE one = 1");
SQL(SETTINGS, "query.settings",
	"SELECT s.entry, s.at, s.about AS \"about:json\", (SELECT b.about FROM settings b"
	" WHERE b.entry < s.entry ORDER BY b.entry DESC LIMIT 1) AS \"before:json\""
	" FROM settings s ORDER BY s.entry DESC LIMIT ?1",
	"a register's settings change a handful of times");
SQL(RESTORED, "query.restored",
	"SELECT entry, at, backup, seen, about AS \"about:json\" FROM restored"
	" ORDER BY entry DESC",
	"a row for each restore from a backup");
SQL(COUNTS, "query.counts",
	"SELECT coalesce(sum(systems), 0) AS systems,"
	" coalesce(sum(suspended), 0) AS suspended,"
	" coalesce(sum(systems - in_use), 0) AS retired,"
	" count(*) FILTER (WHERE systems > 0) AS departments,"
	" (SELECT count(*) FROM feedback) AS feedback,"
	" (SELECT count(*) FROM feedback WHERE answered_at IS NOT NULL) AS answered,"
	" (SELECT count(*) FROM feedback WHERE state IN ('published', 'merged') AND answered_at IS NULL"
	" AND erased_entry IS NULL) AS waiting,"
	" (SELECT count(*) FROM feedback WHERE state = 'withheld'"
	" AND (erased_entry IS NULL OR answered_at IS NOT NULL)) AS withheld,"
	" (SELECT count(*) FROM feedback WHERE state = 'received' AND answered_at IS NULL"
	" AND erased_entry IS NULL) AS undecided,"
	" (SELECT count(*) FROM feedback WHERE answered_at IS NULL"
	" AND erased_entry IS NOT NULL) AS erased FROM system_sum",
	"adds up departments, and counts all questions; the page that shows them is cached");
SQL(WAITING, "query.waiting",
	"SELECT (SELECT count(*) FROM system WHERE filing IS NOT NULL) AS filings,"
	" (SELECT min(f.at) FROM system s JOIN filing f ON f.entry = s.filing"
	" WHERE s.filing IS NOT NULL) AS oldest,"
	" (SELECT count(*) FROM system WHERE attention IS NOT NULL) AS judged,"
	" (SELECT count(*) FROM feedback WHERE state = 'received' AND answered_at IS NULL"
	" AND erased_entry IS NULL) AS undecided,"
	" (SELECT count(*) FROM feedback WHERE state IN ('received', 'published')"
	" AND answered_at IS NULL AND erased_entry IS NULL) AS unanswered,"
	" (SELECT count(*) FROM feedback WHERE state IN ('received', 'published')"
	" AND answered_at IS NULL AND erased_entry IS NULL AND at < ?1) AS late,"
	" (SELECT coalesce(sum(n), 0) FROM system_review_day WHERE day < ?2)"
	" AS reviews, (SELECT count(*) FROM due u JOIN system s ON s.slug = u.system"
	" WHERE u.met = 0 AND u.due < ?2 AND s.state <> 'retired') AS duties",
	"reads what waits, every question's state and every system's due date, for whoever"
	" watches the server, each time that they look");
SQL(RISKS, "query.risks",
	"SELECT risk, sum(n) AS n FROM (SELECT iif(risk = '', 'none', risk) AS risk,"
	" iif(risk = '', n - (SELECT coalesce(sum(n), 0) FROM system_count"
	" WHERE department = '' AND status = '' AND risk <> ''), n) AS n FROM system_count"
	" WHERE department = '' AND status = '') WHERE n > 0 GROUP BY 1");
SQL(ANSWER_DAYS, "query.answer_days",
	"SELECT julianday(answered_at) - julianday(at) FROM feedback WHERE answered_at IS NOT NULL"
	" ORDER BY 1 LIMIT 1 OFFSET (SELECT count(*) / 2 FROM feedback"
	" WHERE answered_at IS NOT NULL)",
	"the median over all; the page that shows it is cached");
SQL(LATEST, "query.latest",
	"SELECT m.type, m.at, m.entry, m.version, m.state, m.system AS slug,"
	" s.name AS \"name:json\" FROM milestone m JOIN system s ON s.slug = m.system"
	" ORDER BY m.entry DESC LIMIT ?1",
	"walks the newest milestones backwards and stops after the limit");
SQL(DEPARTMENTS, "query.departments",
	"SELECT d.slug, d.about AS \"name:name\", coalesce(c.n, 0) AS systems FROM department d"
	" LEFT JOIN system_count c ON c.department = d.slug AND c.status = '' AND c.risk = ''"
	" ORDER BY d.slug",
	"lists all departments; the page is cached");
SQL(DEPARTMENT, "query.department",
	"SELECT slug, about AS \"name:name\", about AS \"about:about\", at AS added_at, entry"
	" FROM department WHERE slug = ?1");
SQL(DEPARTMENT_KEYS, "query.department_keys",
	"SELECT k.vkey, k.granted_entry, k.revoked_entry, s.since FROM department_key k"
	" LEFT JOIN stolen_key s ON s.vkey = k.vkey WHERE k.department = ?1"
	" ORDER BY k.granted_entry");
SQL(POLICIES, "query.policies",
	"SELECT id, version, sha256, about AS \"about:json\", entry, at, until_entry,"
	" reason AS \"reason:reason\" FROM policy WHERE ?1 IS NULL OR id = ?1"
	" ORDER BY id, version DESC",
	"a register has a handful of policies");
SQL(POLICY, "query.policy",
	"SELECT id, version, sha256, about AS \"about:json\", entry, "
	"at, until_entry FROM policy"
	" WHERE id = ?1 AND version = ?2");
SQL(CONTENT, "query.content",
	"SELECT public OR EXISTS (SELECT 1 FROM held h WHERE h.sha256 = ?1"
	" AND h.public_on <= ?2), erased_entry, type, size FROM content_state WHERE sha256 = ?1");
SQL(FILE_STATE, "query.file",
	"SELECT sha256, type, size, public AS \"public:bool\", erased_entry FROM content_state"
	" WHERE sha256 = ?1 AND EXISTS (SELECT 1 FROM attachment WHERE sha256 = ?1)");
SQL(FILE_BY, "query.file_by",
	"SELECT department, entry, at FROM attachment WHERE sha256 = ?1 ORDER BY entry");
SQL(FILE_VERSION, "query.file_version",
	"SELECT max(n) FROM version_file WHERE sha256 = ?1 AND system = ?2"
	" HAVING max(n) > 0");

enum err query_register(const struct snapshot *snap, json_t **out)
{
	return query_row(snap, REGISTER, BIND_NONE, out);
}

enum err query_size(const struct snapshot *snap, int64_t *out)
{
	return db_int(snap->model, SIZE, BIND_NONE, out);
}

enum err query_settings(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, SETTINGS, BIND(num(limit)), out);
}

enum err query_restored(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, RESTORED, BIND_NONE, out);
}

static enum err add_risks(const struct snapshot *snap, json_t *counts)
{
	AUTO(rows) rows = {0};
	json_t *risks = json_object();

	json_put(counts, "risk", risks);
	TRY(db_query(snap->model, RISKS, BIND_NONE, &rows));
	while (rows_next(&rows))
		json_put(risks, rows_text(&rows, 0), json_integer(rows_int(&rows, 1)));
	return rows_end(&rows);
}

enum err query_counts(const struct snapshot *snap, json_t **out)
{
	json_auto_t *counts = NULL;
	int64_t days;
	enum err e;

	TRY(query_row(snap, COUNTS, BIND_NONE, &counts));
	TRY(add_risks(snap, counts));
	e = db_int(snap->model, ANSWER_DAYS, BIND_NONE, &days);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	json_put(counts, "answer_days", e == OK ? json_integer(days) : json_null());
	*out = TAKE(counts);
	return OK;
}

enum err query_waiting(
	const struct snapshot *snap, const char *asked_before, const char *today, json_t **out)
{
	return query_row(snap, WAITING, BIND(text(asked_before), text(today)), out);
}

enum err query_policies(const struct snapshot *snap, const char *id, json_t **out)
{
	return query_rows(snap, POLICIES, BIND(text(id)), out);
}

enum err query_policy(const struct snapshot *snap, const char *id, int64_t version, json_t **out)
{
	return query_row(snap, POLICY, BIND(text(id), num(version)), out);
}

enum err query_latest(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, LATEST, BIND(num(limit)), out);
}

enum err query_departments(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, DEPARTMENTS, BIND_NONE, out);
}

enum err query_department(const struct snapshot *snap, const char *slug, json_t **out)
{
	json_auto_t *department = NULL;
	json_t *keys;

	TRY(query_row(snap, DEPARTMENT, BIND(text(slug)), &department));
	TRY(query_rows(snap, DEPARTMENT_KEYS, BIND(text(slug)), &keys));
	json_put(department, "keys", keys);
	*out = TAKE(department);
	return OK;
}

enum err query_content_state(const struct snapshot *snap, const char *hex, const char *today,
	int64_t *size, char type[64])
{
	AUTO(rows) row = {0};
	struct sha256 hash;
	enum err e;

	ENSURE(sha256_from_hex(hex, &hash) == OK, ERR_NOT_FOUND, "not the SHA-256 of a content");
	e = db_one(snap->model, CONTENT, BIND(text(hex), text(today)), &row);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "the log speaks of no content %s", hex);
	TRY(e);
	ENSURE(rows_null(&row, 1), ERR_GONE, "erased; entry %lld says why",
		(long long)rows_int(&row, 1));
	ENSURE(rows_int(&row, 0), ERR_DENIED, "this content is not published");
	snprintf(type, 64, "%s", rows_text(&row, 2));
	*size = rows_int(&row, 3);
	return OK;
}

enum err query_content(
	const struct snapshot *snap, const char *hex, struct buf *bytes, char type[64])
{
	const struct store *store = &snap->log;
	struct sha256 hash;
	int64_t size;

	TRY(query_content_state(snap, hex, NULL, &size, type));
	TRY(sha256_from_hex(hex, &hash));
	return store->ops->content(store->self, &hash, bytes);
}

enum err query_file(const struct snapshot *snap, const char *hex, json_t **out)
{
	json_auto_t *file = NULL;
	json_t *by = NULL;
	enum err e = query_row(snap, FILE_STATE, BIND(text(hex)), &file);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no file %.64s was attached", hex);
	TRY(e);
	TRY(query_rows(snap, FILE_BY, BIND(text(hex)), &by));
	json_put(file, "attached", by);
	json_put(file, "reason",
		json_is_integer(json_object_get(file, "erased_entry"))
			? query_erasure_reason(snap, json_num(file, "erased_entry"))
			: json_null());
	*out = TAKE(file);
	return OK;
}

enum err query_file_version(
	const struct snapshot *snap, const char *slug, const char *hex, int64_t *n)
{
	enum err e = db_int(snap->model, FILE_VERSION, BIND(text(hex), text(slug)), n);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no published version of \"%s\" names this file",
		slug);
	return e;
}
