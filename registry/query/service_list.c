#include "registry/query/service_list.h"

#include "registry/query/query_parts.h"

#include <string.h>

enum { SUBMISSIONS, SYSTEMS, RETIRED, LAST_BEFORE, SINCE, THEN };
static const struct sql sql[] = {
	[SUBMISSIONS] = {"service_list.submissions",
		"SELECT entry, list, at, day, file, services, sha256 AS \"to:to\", sha256 AS \"note:note\""
		" FROM list_submitted WHERE list = '" SERVICE_LIST
		"' ORDER BY entry DESC LIMIT ?1"},
	[SYSTEMS] = {"service_list.systems",
		"SELECT s.slug, s.state, s.version, d.about AS \"department_name:name\""
		" FROM system s CROSS JOIN department d ON d.slug = s.department"
		" WHERE s.version > 0 AND s.state <> 'retired' ORDER BY s.slug",
		"what is said of the city is of every system; the page is cached"},
	/* Retired by the office, or published with such a status: by then its last version but that
           was another. */
	[RETIRED] = {"service_list.retired",
		"SELECT s.slug, s.state, s.version, d.about AS \"department_name:name\","
		" (SELECT at FROM milestone m WHERE m.system = s.slug AND m.type = 'system.retired'"
		" ORDER BY m.entry DESC LIMIT 1) AS at"
		" FROM system s CROSS JOIN department d ON d.slug = s.department"
		" WHERE s.version > 0 AND (s.state = 'retired' OR s.status = 'retired') ORDER BY s.slug",
		"what is said of the city is of every system; the page is cached"},
	[LAST_BEFORE] = {"service_list.last_before",
		"SELECT max(coalesce((SELECT entry FROM milestone WHERE at < ?1 ORDER BY entry DESC LIMIT 1), 0),"
		" coalesce((SELECT entry FROM judgement WHERE at < ?1 ORDER BY entry DESC LIMIT 1), 0))",
		"walks the newest of both backwards and stops at the first before"},
	[SINCE] = {"service_list.since",
		"SELECT slug, state, version FROM system WHERE version > 0 AND slug IN"
		" (SELECT system FROM milestone WHERE entry > ?1"
		" UNION SELECT system FROM judgement WHERE entry > ?1) ORDER BY slug"},
	[THEN] = {"service_list.then",
		"SELECT (SELECT max(n) FROM version WHERE system = ?1 AND entry <= ?2) AS version,"
		" (SELECT state FROM milestone WHERE system = ?1 AND entry <= ?2"
		" ORDER BY entry DESC LIMIT 1) AS state,"
		" (SELECT max(entry) FROM judgement WHERE system = ?1 AND entry <= ?2) AS judged"},
};
SQL_TABLE(sql);

enum err service_list_submissions(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, &sql[SUBMISSIONS], BIND(num(limit)), out);
}

/* --- one system, as it is or was --- */

static const json_t *facts_of(const json_t *record)
{
	return json_object_get(json_object_get(record, "assessments"), SERVICE_POLICY);
}

/* As the profile's export.jq has it: in use in some way, with a Korean name, and not answered to be
 * no AI. */
static bool is_listed(const json_t *record, const char *status)
{
	const char *name = json_str(json_object_get(record, "name"), "ko");
	bool used = status && (strcmp(status, "pilot") == 0 || strcmp(status, "in_use") == 0 ||
				      strcmp(status, "suspended") == 0);

	return used && name && *name &&
	       !json_is_false(json_object_get(facts_of(record), "uses_ai"));
}

static json_t *said_of(const json_t *judged)
{
	const json_t *one;
	size_t i;

	json_array_foreach (
		json_object_get(json_object_get(judged, "judgement"), "policies"), i, one) {
		const char *policy = json_str(one, "policy");

		if (policy && strcmp(policy, SERVICE_POLICY) == 0)
			return json_incref((json_t *)one);
	}
	return json_null();
}

static json_t *claimed_ground(const json_t *record)
{
	const char *ground = json_str(facts_of(record), "exemption");

	return ground && strcmp(ground, "none") != 0 ? json_text(ground) : json_null();
}

/* Of a version, by what the judgement of an entry says of it (0: the newest). Without "name" once
 * its record is erased. */
static enum err service_of(const struct snapshot *snap, const char *slug, const char *state,
	int64_t n, int64_t entry, json_t **out)
{
	json_auto_t *version = NULL, *judged = NULL;
	const json_t *record;
	const char *status;
	enum err e;

	TRY(query_version(snap, slug, n, &version));
	e = entry ? query_judgement_at(snap, slug, n, entry, &judged)
	          : query_judgement(snap, slug, n, NULL, &judged);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	record = json_object_get(version, "record");
	status = strcmp(state, "published") == 0 ? json_str(record, "status") : state;
	*out = json_make("{s:s,s:O*,s:s?,s:b,s:o,s:o,s:O?,s:O?}", "slug", slug, "name",
		json_object_get(record, "name"), "status", status, "listed",
		is_listed(record, status), "said", said_of(judged), "ground",
		claimed_ground(record), "officer", json_object_get(record, "ai_officer"),
		"responsibility", json_object_get(record, "final_responsibility"));
	return OK;
}

enum err service_list_systems(const struct snapshot *snap, json_t **out)
{
	json_auto_t *systems = NULL, *list = json_array();
	const json_t *one;
	size_t i;

	TRY(query_rows(snap, &sql[SYSTEMS], BIND_NONE, &systems));
	json_array_foreach (systems, i, one) {
		json_t *service = NULL;

		TRY(service_of(snap, json_str(one, "slug"), json_str(one, "state"),
			json_num(one, "version"), 0, &service));
		json_put(service, "department_name",
			json_incref(json_object_get(one, "department_name")));
		json_push(list, service);
	}
	*out = TAKE(list);
	return OK;
}

/* --- what is retired --- */

/* The newest version that was in use. */
static enum err last_in_use(
	const struct snapshot *snap, const json_t *system, bool *listed, json_t **out)
{
	*listed = false;
	for (int64_t n = json_num(system, "version"); n > 0 && !*listed; n--) {
		json_auto_t *version = NULL;
		const json_t *record;

		TRY(query_version(snap, json_str(system, "slug"), n, &version));
		record = json_object_get(version, "record");
		*listed = is_listed(record, json_str(record, "status"));
		if (n == json_num(system, "version") || *listed) {
			json_decref(*out);
			*out = json_incref((json_t *)record);
		}
	}
	return OK;
}

/* The office's own day of the entry goes before what the record says: {"at"} or {"until"}. */
static json_t *retired_row(const json_t *system, const json_t *record, const char *ended)
{
	return json_make("{s:s,s:O?,s:O?,s:O?,s:s?}", "slug", json_str(system, "slug"), "name",
		json_object_get(record, "name"), "department_name",
		json_object_get(system, "department_name"), "at", json_object_get(system, "at"),
		"until", ended);
}

enum err service_list_retired(const struct snapshot *snap, json_t **out)
{
	json_auto_t *systems = NULL, *list = json_array();
	const json_t *one;
	size_t i;

	TRY(query_rows(snap, &sql[RETIRED], BIND_NONE, &systems));
	json_array_foreach (systems, i, one) {
		json_auto_t *record = NULL, *newest = NULL;
		bool listed;

		TRY(query_version(snap, json_str(one, "slug"), 0, &newest));
		TRY(last_in_use(snap, one, &listed, &record));
		if (listed)
			json_push(list,
				retired_row(one, record,
					json_str(json_object_get(newest, "record"), "end_date")));
	}
	*out = TAKE(list);
	return OK;
}

/* --- what changed --- */

/* As it was once an entry was the newest; NULL where nothing of it was published by then. */
static enum err service_then(
	const struct snapshot *snap, const char *slug, const json_t *then, json_t **out)
{
	int64_t judged = json_num(then, "judged");

	*out = NULL;
	if (json_is_null(json_object_get(then, "version")))
		return OK;
	return service_of(snap, slug, json_str(then, "state"), json_num(then, "version"),
		judged ? judged : -1, out); /* -1: no entry at all */
}

static bool says_the_same(const json_t *a, const json_t *b)
{
	static const char *const members[] = {"level", "standing", "due"};
	const json_t *one = json_object_get(a, "said"), *other = json_object_get(b, "said");

	for (size_t i = 0; i < COUNT(members); i++) {
		json_t *x = json_object_get(one, members[i]),
		       *y = json_object_get(other, members[i]);

		if (!json_equal(x ? x : json_null(), y ? y : json_null()))
			return false;
	}
	return true;
}

/* NULL: the list says of it what it said. */
static const char *change_of(const json_t *then, const json_t *now, bool happened)
{
	bool was = json_is_true(json_object_get(then, "listed"));
	bool is = json_is_true(json_object_get(now, "listed"));

	if (was != is)
		return is ? "added" : "removed";
	return is && (happened || !says_the_same(then, now)) ? "changed" : NULL;
}

static enum err add_change(
	const struct snapshot *snap, const json_t *system, int64_t entry, json_t *list)
{
	const char *slug = json_str(system, "slug"), *state = json_str(system, "state"), *change;
	json_auto_t *as_of = NULL, *then = NULL, *now = NULL;
	int64_t n = json_num(system, "version");
	bool happened;

	TRY(query_row(snap, &sql[THEN], BIND(text(slug), num(entry)), &as_of));
	TRY(service_then(snap, slug, as_of, &then));
	TRY(service_of(snap, slug, state, n, 0, &now));
	happened = !then || json_num(as_of, "version") != n ||
	           strcmp(json_str(as_of, "state"), state) != 0;
	change = change_of(then, now, happened);
	if (change)
		json_push(list, json_make("{s:s,s:O?,s:s}", "slug", slug, "name",
					json_object_get(now, "name"), "change", change));
	return OK;
}

/* The entry after which all came that is newer than what was handed over. */
static enum err since_of(
	const struct snapshot *snap, const json_t *submission, const char *day_end, int64_t *entry)
{
	if (strcmp(json_str(submission, "at"), day_end) >= 0)
		return db_int(snap->model, &sql[LAST_BEFORE], BIND(text(day_end)), entry);
	*entry = json_num(submission, "entry");
	return OK;
}

enum err service_list_changes(
	const struct snapshot *snap, const json_t *submission, const char *day_end, json_t **out)
{
	json_auto_t *systems = NULL, *list = json_array();
	const json_t *one;
	int64_t entry;
	size_t i;

	TRY(since_of(snap, submission, day_end, &entry));
	TRY(query_rows(snap, &sql[SINCE], BIND(num(entry)), &systems));
	json_array_foreach (systems, i, one) {
		TRY(add_change(snap, one, entry, list));
	}
	*out = TAKE(list);
	return OK;
}
