/* Systems: lists of them, and a single one with its versions, events and judgements. */
#include "registry/query/query_parts.h"

#include "registry/event/logged.h"
#include "registry/query/search.h"

#include <stdlib.h>
#include <string.h>

#define STATUS QUERY_STATUS
#define SYSTEM_COLUMNS QUERY_SYSTEM_COLUMNS
#define OF_A_PAGE " ORDER BY s.changed_at DESC, s.slug LIMIT ?8 OFFSET ?9"
#define DUES_COLUMNS                                                                          \
	"s.slug, s.name AS \"name:json\", s.department, d.about AS \"department_name:name\"," \
	" " STATUS " AS status, u.policy, u.duty, u.about AS \"about:json\", u.due,"          \
	" u.met AS \"met:bool\""
#define DUES_OF(from, order, whose)                                                            \
	"SELECT " DUES_COLUMNS " FROM due u" from                                              \
	" CROSS JOIN system s ON s.slug = u.system JOIN department d ON d.slug = s.department" \
	" WHERE s.state <> 'retired' AND u.met = 0 AND u.due < ?1 AND " whose                  \
	" ORDER BY u.due" order ", u.system" order ", u.policy" order ", u.duty" order " LIMIT ?3"
#define DUES_ALL(order) DUES_OF(" INDEXED BY due_unmet", order, "?2 IS NULL")
#define DUES_OF_ONE(order) DUES_OF(" INDEXED BY due_unmet_of", order, "u.department = ?2")
#define DUES_OF_IT(order) DUES_OF("", order, "u.system = ?2")
#define DUES_SCANS "walks what is due, and stops after the limit"
#define DUE_SCANS "reads what is due within the days that are asked for"
/* Reads what is due within a range of days by an index over the due days, of all departments or of
 * one, and sorts it, so that the cost depends on what is due and not on the size of the register.
 * An open side of the range is the first or the last text that can be a day. */
#define DUE_FIRST ""
#define DUE_LAST "9999-99-99"
#define DUE_BETWEEN(index, whose, due, from, to)                                               \
	" FROM system s INDEXED BY " index " CROSS JOIN department d ON d.slug = s.department" \
	" WHERE s.version > 0 AND " whose " AND" due " >= ?" #from " AND" due " < ?" #to       \
	" AND (?2 IS NULL OR " STATUS " = ?2) AND (?3 IS NULL OR s.risk = ?3)"
#define REVIEW_FILTER(index, whose)                       \
	DUE_BETWEEN(index, whose, QUERY_REVIEW_DUE, 4, 5) \
	" AND (?6 IS NULL OR" QUERY_DUTY_DUE " >= ?6) AND (?7 IS NULL OR" QUERY_DUTY_DUE " < ?7)"
#define DUTY_FILTER(index, whose) DUE_BETWEEN(index, whose, QUERY_DUTY_DUE, 6, 7) " AND ?4 IS ?5"
#define WHOEVER "?1 IS NULL"
#define THEIRS "s.department = ?1"
/* Four statements: rows and their count, of all departments and of one. */
#define DUE_LIST(list, name, filter, index)                                                        \
	static const struct sql list[] = {                                                         \
		{"query." name, "SELECT" SYSTEM_COLUMNS filter(index, WHOEVER) OF_A_PAGE,          \
			DUE_SCANS},                                                                \
		{"query." name "_of",                                                              \
			"SELECT" SYSTEM_COLUMNS filter(index "_of", THEIRS) OF_A_PAGE, DUE_SCANS}, \
		{"query." name "_n", "SELECT count(*)" filter(index, WHOEVER), DUE_SCANS},         \
		{"query." name "_n_of", "SELECT count(*)" filter(index "_of", THEIRS),             \
			DUE_SCANS}};                                                               \
	SQL_TABLE(list)
#define LIST_SCANS "it reads the page that it took from an index"
#define LISTED(order, back)                                                                     \
	"SELECT" SYSTEM_COLUMNS " FROM (SELECT system FROM system_listed WHERE department = ?1" \
	" AND status = ?2 AND risk = ?3 ORDER BY changed_at" order ", system" back              \
	" LIMIT ?4 OFFSET ?5) l JOIN system s ON s.slug = l.system"                             \
	" JOIN department d ON d.slug = s.department ORDER BY s.changed_at DESC, s.slug"

SQL(OWNER, "query.owner", "SELECT department FROM system WHERE slug = ?1");
SQL(FULFILLED, "query.fulfilled",
	"SELECT e.system, e.policy, e.duty, e.entry, l.day FROM duty_event e"
	" JOIN list_submitted l ON l.entry = e.entry WHERE ?1 IS NULL OR e.system = ?1"
	" ORDER BY e.system, e.policy, e.duty",
	"a system has one such duty or none; the pages that show them are cached");
SQL(LISTED_FIRST, "query.listed_first", LISTED(" DESC", ""), LIST_SCANS);
SQL(LISTED_LAST, "query.listed_last", LISTED("", " DESC"), LIST_SCANS);
SQL(LISTED_N, "query.listed_n",
	"SELECT n FROM system_count WHERE department = ?1 AND status = ?2 AND risk = ?3");
DUE_LIST(REVIEW_SYSTEMS, "review_systems", REVIEW_FILTER, "system_review");
DUE_LIST(DUTY_SYSTEMS, "duty_systems", DUTY_FILTER, "system_duty");
SQL(SLUGS, "query.slugs",
	"SELECT slug, changed_at FROM system WHERE version > 0 ORDER BY slug"
	" LIMIT ?2 OFFSET ?1",
	"the sitemap lists all systems; it walks an index");
SQL(SLUGS_N, "query.slugs_n",
	"SELECT coalesce((SELECT n FROM system_count WHERE department = '' AND status = ''"
	" AND risk = ''), 0)");
SQL(SYSTEM, "query.system",
	"SELECT" SYSTEM_COLUMNS ", s.successor, s.reason AS \"reason:reason\", s.source,"
	" (SELECT max(at) FROM milestone m WHERE m.system = s.slug AND m.version IS NULL) AS since,"
	" (SELECT max(entry) FROM milestone m WHERE m.system = s.slug AND m.version IS NULL)"
	" AS since_entry"
	" FROM system s JOIN department d ON d.slug = s.department"
	" WHERE s.slug = ?1 AND s.version > 0");
SQL(PREDECESSORS, "query.predecessors",
	"SELECT slug FROM system WHERE successor = ?1 ORDER BY slug");
SQL(LATEST_FILING, "query.latest_filing",
	"SELECT entry, at, outcome, reason AS \"reason:reason\" FROM filing"
	" WHERE system = ?1 ORDER BY entry DESC LIMIT 1");
SQL(VERSION, "query.version",
	"SELECT v.n, v.at, v.entry, v.filing, f.at AS filed_at, f.department,"
	" f.signer IS NOT NULL AS \"signed:bool\", k.granted_entry AS key_entry,"
	" v.sha256, v.standard, v.review_by,"
	" v.sha256 AS \"record:record\", m.by, m.person, m.role, f.person AS filed_by"
	" FROM version v JOIN filing f ON f.entry = v.filing"
	" JOIN milestone m ON m.entry = v.entry"
	" LEFT JOIN department_key k ON k.vkey = f.signer WHERE v.system = ?1 AND v.n ="
	" iif(?2 > 0, ?2, (SELECT version FROM system WHERE slug = ?1))");
SQL(ERASED, "query.erased",
	"SELECT erased_entry AS entry FROM content_state"
	" WHERE sha256 = ?1 AND erased_entry IS NOT NULL");
SQL(MILESTONES, "query.milestones",
	"SELECT m.type, m.at, m.entry, m.version, m.state, m.successor,"
	" m.reason AS \"reason:reason\", m.by, m.person, m.role, v.filing, f.person AS filed_by"
	" FROM milestone m LEFT JOIN version v ON v.system = m.system AND v.n = m.version"
	" AND v.entry = m.entry LEFT JOIN filing f ON f.entry = v.filing"
	" WHERE m.system = ?1 ORDER BY m.entry DESC LIMIT ?3 OFFSET ?2");
SQL(MILESTONES_N, "query.milestones_n", "SELECT count(*) FROM milestone WHERE system = ?1");
SQL(AS_OF, "query.as_of",
	"SELECT m.state, d.reason AS \"reason:reason\", d.at AS since, d.successor,"
	" d.entry AS since_entry FROM milestone m LEFT JOIN milestone d ON d.entry ="
	" (SELECT max(entry) FROM milestone WHERE system = ?1 AND at < ?2"
	" AND version IS NULL)"
	" WHERE m.system = ?1 AND m.at < ?2 ORDER BY m.entry DESC LIMIT 1");
SQL(AS_OF_VERSION, "query.as_of_version",
	"SELECT max(n) FROM version WHERE system = ?1 AND at < ?2 HAVING max(n) > 0");
SQL(STANDARD, "query.standard",
	"SELECT version, sha256, entry, at FROM standard WHERE version = ?1");
SQL(STANDARD_ON, "query.standard_on",
	"SELECT version, sha256, entry, at FROM standard WHERE ?1 IS NULL OR at < ?1"
	" ORDER BY version DESC LIMIT 1",
	"walks the adoptions backwards and stops at the first of before");
SQL(JUDGEMENT, "query.judgement",
	"SELECT j.entry, j.at, j.sha256 AS \"judgement:content\", j.changes AS "
	"\"changes:json\","
	" j.sha256, s.judged_by <> (SELECT coalesce(max(key), '') FROM policy_set)"
	" AND s.state <> 'retired' AS \"stale:bool\""
	" FROM judgement j JOIN system s ON s.slug = j.system"
	" WHERE j.system = ?1 AND j.version = ?2 AND (?3 IS NULL OR j.at < ?3)"
	" AND (?4 IS NULL OR j.entry = ?4)"
	" ORDER BY j.entry DESC LIMIT 1");
/* Each in two orders. */
#define DUES_LIST(list, name, dues)                                              \
	static const struct sql list[] = {{"query." name, dues(""), DUES_SCANS}, \
		{"query." name "_latest", dues(" DESC"), DUES_SCANS}};           \
	SQL_TABLE(list)
DUES_LIST(DUES, "dues", DUES_ALL);
DUES_LIST(DUES_OF_DEPARTMENT, "dues_of_department", DUES_OF_ONE);
DUES_LIST(DUES_OF_SYSTEM, "dues_of_system", DUES_OF_IT);

static bool has_words(const char *words)
{
	return words && words[strspn(words, " \t\n")];
}

/* '' stands for any, which forms send for an unset filter. */
static struct val listed(const char *filter)
{
	return text(filter ? filter : "");
}

/* Reads rows in the second half from the end; a page in the middle skips the most rows. */
static enum err list_systems(
	const struct snapshot *snap, const struct system_filter *f, json_t **out)
{
	struct val args[] = {
		listed(f->department), listed(f->status), listed(f->risk), {0}, {0}, {0}};
	int64_t total = 0, n, offset = f->offset;
	json_t *systems;
	bool back;
	enum err e = db_int(snap->model, LISTED_N, args, &total);

	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	n = offset < total ? total - offset : 0;
	n = n < f->limit ? n : f->limit;
	back = offset > total / 2;
	args[3] = num(n);
	args[4] = num(back && n ? total - offset - n : offset);
	TRY(query_rows(snap, back ? LISTED_LAST : LISTED_FIRST, args, &systems));
	*out = json_make("{s:I,s:o}", "total", (json_int_t)total, "systems", systems);
	return OK;
}

static struct val bound(const char *day, const char *otherwise)
{
	return text(day ? day : otherwise);
}

static enum err due_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out)
{
	struct val args[] = {text(filter->department), text(filter->status), text(filter->risk),
		text(filter->due_from), text(filter->due_before), text(filter->duty_from),
		text(filter->duty_before), {0}, num(filter->offset), {0}};
	bool review = filter->due_from || filter->due_before;
	size_t first = review ? 3 : 5;
	const struct sql *list =
		(review ? REVIEW_SYSTEMS : DUTY_SYSTEMS) + (filter->department != NULL);
	json_t *systems;
	int64_t total;

	args[first] = bound(review ? filter->due_from : filter->duty_from, DUE_FIRST);
	args[first + 1] = bound(review ? filter->due_before : filter->duty_before, DUE_LAST);
	TRY(db_int(snap->model, &list[2], args, &total));
	args[7] = num(filter->limit);
	TRY(query_rows(snap, list, args, &systems));
	*out = json_make("{s:I,s:o}", "total", (json_int_t)total, "systems", systems);
	return OK;
}

enum err query_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out)
{
	if (has_words(filter->words))
		return search_systems(snap, filter, out);
	if (filter->due_from || filter->due_before || filter->duty_from || filter->duty_before)
		return due_systems(snap, filter, out);
	return list_systems(snap, filter, out);
}

enum err query_system(const struct snapshot *snap, const char *slug, json_t **out)
{
	json_auto_t *system = NULL;
	AUTO(rows) rows = {0};
	json_t *before = json_array();

	if (query_row(snap, SYSTEM, BIND(text(slug)), &system) != OK) {
		json_decref(before);
		return fail(ERR_NOT_FOUND, "there is no published system \"%s\"", slug);
	}
	json_put(system, "predecessors", before);
	TRY(db_query(snap->model, PREDECESSORS, BIND(text(slug)), &rows));
	while (rows_next(&rows))
		json_push(before, query_text(rows_text(&rows, 0)));
	TRY(rows_end(&rows));
	*out = TAKE(system);
	return OK;
}

enum err query_dues(const struct snapshot *snap, const struct due_filter *f, json_t **out)
{
	const struct sql *whose = f->system       ? DUES_OF_SYSTEM
	                          : f->department ? DUES_OF_DEPARTMENT
	                                          : DUES;

	return query_rows(snap, whose + f->latest_first,
		BIND(text(f->before), text(f->system ? f->system : f->department), num(f->limit)),
		out);
}

enum err query_fulfilled(const struct snapshot *snap, const char *system, json_t **out)
{
	return query_rows(snap, FULFILLED, BIND(text(system)), out);
}

enum err query_latest_filing(const struct snapshot *snap, const char *slug, json_t **out)
{
	return query_row(snap, LATEST_FILING, BIND(text(slug)), out);
}

enum err query_owner(const struct snapshot *snap, const char *slug, json_t **out)
{
	return query_row(snap, OWNER, BIND(text(slug)), out);
}

enum err query_version(const struct snapshot *snap, const char *slug, int64_t n, json_t **out)
{
	json_auto_t *version = NULL;
	json_t *erased = NULL;
	enum err e = query_row(snap, VERSION, BIND(text(slug), num(n)), &version);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "\"%s\" has no version %lld", slug, (long long)n);
	TRY(e);
	e = query_row(snap, ERASED, BIND(text(json_str(version, "sha256"))), &erased);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	if (e == OK)
		json_put(erased, "reason", query_erasure_reason(snap, json_num(erased, "entry")));
	json_put(version, "erased", e == OK ? erased : json_null());
	*out = TAKE(version);
	return OK;
}

enum err query_judgement(const struct snapshot *snap, const char *slug, int64_t version,
	const char *before, json_t **out)
{
	return query_row(snap, JUDGEMENT,
		BIND(text(slug), num(version), text(before), (struct val){.kind = VAL_NULL}), out);
}

enum err query_judgement_at(
	const struct snapshot *snap, const char *slug, int64_t version, int64_t entry, json_t **out)
{
	return query_row(
		snap, JUDGEMENT, BIND(text(slug), num(version), text(NULL), num(entry)), out);
}

enum err query_logged_days(const struct snapshot *snap, const char *slug, const json_t *record,
	const json_t *asked, json_t **out)
{
	AUTO(state) state = state_of(snap);
	struct logged_of of = {.system = slug};
	json_auto_t *days = json_object();
	json_t *list;

	json_members (asked, field, how) {
		TRY(logged_days(&state, &of, field, json_object_get(record, field), how, &list));
		json_put(days, field, list);
	}
	*out = TAKE(days);
	return OK;
}

enum err query_logged_fields(const struct snapshot *snap, const char *slug, const json_t *record,
	const json_t *asked, json_t **out)
{
	AUTO(state) state = state_of(snap);
	struct logged_of of = {.system = slug};

	return logged_fields(&state, &of, record, asked, out);
}

enum err query_standard(const struct snapshot *snap, int64_t version, json_t **out)
{
	return query_row(snap, STANDARD, BIND(num(version)), out);
}

enum err query_standard_on(const struct snapshot *snap, const char *before, json_t **out)
{
	return query_row(snap, STANDARD_ON, BIND(text(before)), out);
}

enum err query_slugs(const struct snapshot *snap, int64_t offset, int64_t limit, json_t **out)
{
	return query_rows(snap, SLUGS, BIND(num(offset), num(limit)), out);
}

enum err query_slugs_n(const struct snapshot *snap, int64_t *out)
{
	return db_int(snap->model, SLUGS_N, BIND_NONE, out);
}

enum err query_milestones(
	const struct snapshot *snap, const char *slug, int64_t offset, int64_t limit, json_t **out)
{
	return query_rows(snap, MILESTONES, BIND(text(slug), num(offset), num(limit)), out);
}

enum err query_milestones_n(const struct snapshot *snap, const char *slug, int64_t *out)
{
	return db_int(snap->model, MILESTONES_N, BIND(text(slug)), out);
}

enum err query_as_of(
	const struct snapshot *snap, const char *slug, const char *before, json_t **out)
{
	json_auto_t *state = NULL;
	int64_t n;
	enum err e = db_int(snap->model, AS_OF_VERSION, BIND(text(slug), text(before)), &n);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "\"%s\" was not published before %s", slug,
		before);
	TRY(e);
	TRY(query_row(snap, AS_OF, BIND(text(slug), text(before)), &state));
	json_put(state, "version", json_integer(n));
	*out = TAKE(state);
	return OK;
}
