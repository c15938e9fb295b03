/* The cost of a page must not grow with the register. Counted in steps of SQLite's virtual machine,
 * not in time, in a register of 200 systems and in one of 2,000. */
#include "audit/store_sqlite.h"
#include "registry/event/search.h"
#include "registry/event/services.h"
#include "registry/event/state.h"
#include "registry/query/coverage.h"
#include "registry/query/news.h"
#include "registry/query/query.h"
#include "registry/query/search.h"
#include "registry/query/service_list.h"
#include "registry/query/work.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SMALL 200
#define LARGE 2000
#define PAGE 20
#define STATUSES 3

enum {
	DEPARTMENT,
	SYSTEM,
	PUBLISH,
	VERSION,
	JUDGEMENT,
	DUE,
	DAYS,
	MILESTONE,
	FILING,
	ASK,
	ANSWER,
	SUBJECT
};
#define ITS_DEPARTMENT "(SELECT department FROM system WHERE slug = ?1)"
static const struct sql sql[] = {
	[DEPARTMENT] = {"test.department",
		"INSERT INTO department (slug, about, sha256, entry, at) VALUES"
		" (?1, '{\"name\": {\"en\": \"Parks\"}}', '', 0, '')"},
	[SYSTEM] = {"test.system",
		"INSERT INTO system (slug, department, state, source_stays, first_at, changed_at, name,"
		" summary) VALUES (?1, ?2, 'filed', 0, ?3, ?3, '{\"en\": \"Tree\"}', '{}')"},
	[PUBLISH] = {"test.publish",
		"UPDATE system SET version = 1, state = 'published', status = ?2, risk = ?3"
		" WHERE slug = ?1"},
	[VERSION] = {"test.version",
		"INSERT INTO version (system, n, filing, entry, at, sha256, standard) VALUES"
		" (?1, 1, ?2, ?2, ?3, ?4, 1)"},
	[JUDGEMENT] = {"test.judgement",
		"INSERT INTO judgement (entry, system, version, at, sha256) VALUES (?2, ?1, 1, ?3, ?4)"},
	[DAYS] = {"test.days", "UPDATE system SET revision_date = ?2, duty_due = ?2, filing = ?3,"
			       " attention = ?3 WHERE slug = ?1"},
	[MILESTONE] = {"test.milestone",
		"INSERT INTO milestone (entry, system, department, type, at, state, by) VALUES"
		" (?2, ?1, " ITS_DEPARTMENT ", 'system.published', ?3, 'published', 'office')"},
	[FILING] = {"test.filing",
		"INSERT INTO filing (entry, system, department, sha256, at, outcome) VALUES"
		" (?2, ?1, 'parks', '', ?3, 'waiting')"},
	[ASK] = {"test.ask",
		"INSERT INTO feedback (id, system, department, sha256, entry, at, state, decided_entry,"
		" decided_at) VALUES (?1, ?1, " ITS_DEPARTMENT ", '', ?2, ?3, ?4, ?2, ?3)"},
	[SUBJECT] = {"test.subject",
		"INSERT INTO subject (kind, id, entry) VALUES ('feedback', ?1, ?2)"},
	[ANSWER] = {"test.answer",
		"INSERT INTO answer (entry, feedback, department, by, sha256, at, personal) VALUES"
		" (?2, ?1, " ITS_DEPARTMENT ", 'office', '', ?3, 0)"},
	[DUE] = {"test.due",
		"INSERT INTO due (system, department, policy, duty, due, met, about) VALUES"
		" (?1, " ITS_DEPARTMENT ", '" SERVICE_POLICY "', 'krp.32.1.a', ?2, 0, '{}')"},
};

static void must(enum err e)
{
	if (e != OK)
		fail_msg("%s", err_why());
}

static const char *status_of(int i)
{
	static const char *const statuses[STATUSES] = {"in_use", "pilot", "planned"};

	return statuses[i % STATUSES];
}

static void put_content(struct state *st, const json_t *content, char hex[SHA256_HEX])
{
	AUTO(buf) text = BUF(64 * KIB);
	struct sha256 hash;

	json_canonical(content, &text);
	hash = sha256_of(text.data, text.len);
	sha256_hex(&hash, hex);
	must(st->store.ops->put_content(st->store.self, &hash, text.data, text.len));
}

/* Counted by the page about Act 21392: systems with one of four days, some of which name a
 * responsible person. */
static void add_service(struct state *st, int i, const char *slug, const char *at)
{
	static const char *const days[] = {"2026-03-01", "2027-03-01", "2027-08-31", "2028-08-28"};
	json_auto_t *filing = json_make("{s:{s:s,s:{s:s},s:{s:s},s:{s:s}}}", "record", "status",
		status_of(i), "name", "ko", "나무", "ai_officer", "ko", i % 7 ? "홍길동" : "김철수",
		"final_responsibility", "ko", i % 11 ? "과장" : "국장");
	json_auto_t *judged = json_make("{s:[{s:s,s:s,s:s,s:[{s:s,s:{s:s}},{s:s,s:b}]}]}",
		"policies", "policy", SERVICE_POLICY, "level", "owed", "standing", "open", "duties",
		"id", "krp.32.1.a", "text", "ko", "평가", "id", "krp.3.5", "met", true);
	char record[SHA256_HEX], judgement[SHA256_HEX];

	put_content(st, filing, record);
	put_content(st, judged, judgement);
	must(db_run(st->db, &sql[VERSION], BIND(text(slug), num(i + 1), text(at), text(record))));
	must(db_run(
		st->db, &sql[JUDGEMENT], BIND(text(slug), num(i + 1), text(at), text(judgement))));
	must(db_run(st->db, &sql[DUE], BIND(text(slug), text(days[i % COUNT(days)]))));
	must(service_fold(st, slug, i + 1));
}

#define DUE_SYSTEMS 60 /* of either register: what is due does not grow with it here */
#define TODAY "2026-06-01"

/* What feeds tell, and work lists wait for. */
static void add_news(struct state *st, int i, const char *slug, const char *at)
{
	static const char *const asked[] = {"published", "received", "merged"};
	const struct val of[] = {text(slug), num(i + 1), text(at), text(asked[i % 3]), {0}};

	must(db_run(st->db, &sql[DAYS],
		BIND(text(slug), text(i < DUE_SYSTEMS ? "2026-03-01" : "2030-01-01"), num(i + 1))));
	must(db_run(st->db, &sql[MILESTONE], BIND(of[0], of[1], of[2])));
	must(db_run(st->db, &sql[FILING], BIND(of[0], of[1], of[2])));
	must(db_run(st->db, &sql[ASK], of));
	must(db_run(st->db, &sql[SUBJECT], BIND(of[0], of[1])));
	if (i % 6 == 0)
		must(db_run(st->db, &sql[ANSWER], BIND(of[0], of[1], of[2])));
}

/* One in 20 is about oaks. */
static void add_system(struct state *st, int i)
{
	AUTOFREE char *slug = mem_printf("system-%d", i);
	AUTOFREE char *at = mem_printf("2026-01-01T%02d:%02d:%02dZ", i / 3600, i / 60 % 60, i % 60);
	json_auto_t *record = json_make("{s:{s:s},s:{s:s}}", "name", "en",
		i % 20 ? "A tree that is counted" : "An oak", "description_short", "en",
		"Counts trees in parks");

	must(db_run(
		st->db, &sql[SYSTEM], BIND(text(slug), text(i % 2 ? "parks" : "roads"), text(at))));
	must(db_run(st->db, &sql[PUBLISH],
		BIND(text(slug), text(status_of(i)), text(i % 5 ? "minimal" : "high"))));
	must(search_system(st, slug, record, i + 1));
	add_service(st, i, slug, at);
	add_news(st, i, slug, at);
}

static struct db *make(int n)
{
	struct state st = {0};

	must(db_open(":memory:", DB_WRITE, &st.db));
	must(store_sqlite_create(st.db));
	must(state_create(st.db));
	st.store = store_sqlite(st.db);
	must(db_exec(st.db, "PRAGMA foreign_keys = OFF; BEGIN"));
	must(db_run(st.db, &sql[DEPARTMENT], BIND(text("parks"))));
	must(db_run(st.db, &sql[DEPARTMENT], BIND(text("roads"))));
	for (int i = 0; i < n; i++)
		add_system(&st, i);
	must(db_exec(st.db, "COMMIT"));
	state_remember(&st, NULL, NULL);
	return st.db;
}

struct pair {
	struct db *small, *large;
};

static int make_both(void **state)
{
	struct pair *both = mem_new(sizeof(*both));

	*both = (struct pair){make(SMALL), make(LARGE)};
	*state = both;
	return 0;
}

static int drop_both(void **state)
{
	struct pair *both = *state;

	db_free(both->small);
	db_free(both->large);
	free(both);
	return 0;
}

static uint64_t cost(struct db *db, const struct system_filter *filter, int64_t *total)
{
	const struct snapshot snap = {.model = db};
	json_auto_t *found = NULL;

	(void)db_steps(db);
	must(query_systems(&snap, filter, &found));
	*total = json_num(found, "total");
	assert_int_equal(PAGE, json_array_size(json_object_get(found, "systems")));
	return db_steps(db);
}

/* `last`: the page at the end, else the one at `offset`. */
static void costs_the_same(const struct pair *both, struct system_filter filter, bool last)
{
	int64_t small, large, total;
	uint64_t at_small, at_large;

	filter.limit = PAGE;
	at_small = cost(both->small, &filter, &small);
	at_large = cost(both->large, &filter, &large);
	assert_true(large >= 9 * small);
	if (last) {
		filter.offset = small - PAGE;
		at_small = cost(both->small, &filter, &total);
		filter.offset = large - PAGE;
		at_large = cost(both->large, &filter, &total);
	}
	if (at_large > at_small + at_small / 10)
		fail_msg("%llu steps among %d systems, %llu among %d", (unsigned long long)at_small,
			SMALL, (unsigned long long)at_large, LARGE);
}

static void first_pages_of_a_list_do_not_grow(void **state)
{
	costs_the_same(*state, (struct system_filter){0}, false);
	costs_the_same(*state, (struct system_filter){.offset = 2 * PAGE}, false);
}

static void last_pages_of_a_list_do_not_grow(void **state)
{
	costs_the_same(*state, (struct system_filter){0}, true);
}

static void filtered_pages_do_not_grow(void **state)
{
	const struct system_filter filters[] = {{.department = "parks"}, {.status = "pilot"},
		{.risk = "high"}, {.department = "parks", .status = "in_use"},
		{.department = "roads", .risk = "minimal"}, {.status = "in_use", .risk = "minimal"},
		{.department = "parks", .status = "in_use", .risk = "minimal"}};

	for (size_t i = 0; i < COUNT(filters); i++) {
		costs_the_same(*state, filters[i], false);
		costs_the_same(*state, filters[i], true);
	}
}

static void departments_are_not_counted_anew(void **state)
{
	struct pair *both = *state;
	uint64_t steps[2];

	for (int i = 0; i < 2; i++) {
		const struct snapshot snap = {.model = i ? both->large : both->small};
		json_auto_t *found = NULL;

		(void)db_steps(snap.model);
		must(query_departments(&snap, &found));
		steps[i] = db_steps(snap.model);
		assert_int_equal(
			(i ? LARGE : SMALL) / 2, json_num(json_array_get(found, 0), "systems"));
	}
	assert_int_equal(steps[0], steps[1]);
}

/* A list equals a scan of all systems. */
static void lists_are_as_long_and_in_the_order_that_systems_say(void **state)
{
	static const struct sql all = {"test.all",
		"SELECT group_concat(slug) FROM (SELECT slug FROM system WHERE department = 'parks'"
		" AND status = 'pilot' AND risk = 'minimal' ORDER BY changed_at DESC, slug)",
		"a test"};
	struct pair *both = *state;
	const struct snapshot snap = {.model = both->small};
	struct system_filter filter = {
		.department = "parks", .status = "pilot", .risk = "minimal", .limit = 7};
	AUTO(buf) slugs = BUF(64 * KIB);
	AUTO(rows) row = {0};
	int64_t total = 1;

	for (; filter.offset < total; filter.offset += filter.limit) {
		json_auto_t *found = NULL;
		const json_t *one;
		size_t i;

		must(query_systems(&snap, &filter, &found));
		total = json_num(found, "total");
		json_array_foreach (json_object_get(found, "systems"), i, one)
			buf_printf(&slugs, "%s%s", slugs.len ? "," : "", json_str(one, "slug"));
	}
	must(db_one(snap.model, &all, BIND_NONE, &row));
	assert_string_equal(rows_text(&row, 0), buf_text(&slugs));
}

/* --- the city under the law --- */

static int64_t counted(const struct snapshot *snap, const char *what)
{
	json_auto_t *counts = NULL;
	const json_t *one;
	int64_t n = 0;
	size_t i;

	must(service_list_counts(snap, what, -1, &counts));
	json_array_foreach (counts, i, one)
		n += json_num(one, "n");
	return n;
}

static uint64_t cost_of_law(struct db *db, int n)
{
	static const char *const whats[] = {"kind", "owed", "undated", "ground", "confirm", "late",
		"listed", "retired", "officer", "no_officer", "says", "silent", "met", "due"};
	const struct snapshot snap = {.model = db};
	json_auto_t *duties = NULL, *next = NULL, *says = NULL, *retired = NULL;

	(void)db_steps(db);
	assert_int_equal(n, counted(&snap, "systems"));
	assert_int_equal(n, counted(&snap, "owed"));
	assert_int_equal(n, counted(&snap, "next"));
	for (size_t i = 0; i < COUNT(whats); i++)
		counted(&snap, whats[i]);
	must(service_list_duties(&snap, &duties));
	assert_int_equal(n, json_num(json_array_get(duties, 0), "n"));
	must(service_list_next(&snap, PAGE, &next));
	must(service_list_says(&snap, "system-1", PAGE, &says));
	assert_int_equal(PAGE, json_array_size(next) * json_array_size(says) / PAGE);
	must(service_list_retired(&snap, "", PAGE, &retired));
	return db_steps(db);
}

static void the_page_of_the_law_does_not_grow(void **state)
{
	struct pair *both = *state;
	uint64_t small = cost_of_law(both->small, SMALL), large = cost_of_law(both->large, LARGE);

	if (large > small + small / 10)
		fail_msg("%llu steps among %d systems, %llu among %d", (unsigned long long)small,
			SMALL, (unsigned long long)large, LARGE);
}

static void what_records_say_of_who_answers_is_read_page_by_page_each_once(void **state)
{
	struct pair *both = *state;
	const struct snapshot snap = {.model = both->small};
	char after[64] = "";
	int64_t n = 0;

	for (;;) {
		json_auto_t *page = NULL;
		const json_t *one;
		size_t i;

		must(service_list_says(&snap, after, 7, &page));
		json_array_foreach (page, i, one) {
			assert_true(strcmp(json_str(one, "slug"), after) > 0);
			snprintf(after, sizeof(after), "%s", json_str(one, "slug"));
			n++;
		}
		if (json_array_size(page) < 7)
			break;
	}
	assert_int_equal(counted(&snap, "says_n"), n);
	assert_int_equal(counted(&snap, "listed"), n);
}

/* Counts are reduced again when a system changes. */
static void counts_are_those_of_the_rows(void **state)
{
	static const struct sql differ = {"test.differ",
		"SELECT count(*) FROM (SELECT key AS what, count(*) AS n FROM service,"
		" json_each(counted) GROUP BY key) FULL JOIN service_count c USING (what)"
		" WHERE c.n IS NOT (SELECT count(*) FROM service, json_each(counted) WHERE key = what)",
		"a test"};
	struct pair *both = *state;
	struct state st = {.db = both->small, .store = store_sqlite(both->small)};
	int64_t n;

	must(db_exec(st.db,
		"SAVEPOINT test; UPDATE system SET state = 'retired' WHERE slug < 'system-5'"));
	for (int i = 0; i < SMALL; i += 3) {
		AUTOFREE char *slug = mem_printf("system-%d", i);

		must(service_fold(&st, slug, SMALL + i + 1));
	}
	must(db_int(st.db, &differ, BIND_NONE, &n));
	assert_int_equal(0, n);
	must(db_exec(st.db, "ROLLBACK TO test; RELEASE test"));
	state_remember(&st, NULL, NULL);
}

/* --- feeds, days, work --- */

static void read_feed(const struct snapshot *snap, int part)
{
	const struct news all = {0}, parks = {.department = "parks"}, one = {.system = "system-7"};
	const struct due_filter over = {.before = TODAY, .latest_first = true, .limit = PAGE},
				theirs = {.department = "roads",
					.before = TODAY,
					.latest_first = true,
					.limit = PAGE},
				first = {.department = "roads", .before = TODAY, .limit = PAGE};
	json_auto_t *found = NULL;

	must(part == 0      ? news_milestones(snap, all, PAGE, &found)
		: part == 1 ? news_reviews(snap, all, TODAY, PAGE, &found)
		: part == 2 ? news_reviews(snap, parks, TODAY, PAGE, &found)
		: part == 3 ? news_questions(snap, all, PAGE, &found)
		: part == 4 ? query_dues(snap, &over, &found)
		: part == 5 ? news_milestones(snap, parks, PAGE, &found)
		: part == 6 ? news_questions(snap, parks, PAGE, &found)
		: part == 7 ? query_dues(snap, &theirs, &found)
		: part == 8 ? query_dues(snap, &first, &found)
		: part == 9 ? query_milestones(snap, "system-7", 0, PAGE, &found)
			    : news_milestones(snap, one, PAGE, &found));
	assert_int_equal(part < 9 ? PAGE : 1, json_array_size(found));
}

static void read_due(const struct snapshot *snap, int part)
{
	const struct system_filter filters[] = {{.due_before = TODAY, .limit = PAGE},
		{.due_from = "2026-02-01", .due_before = TODAY, .limit = PAGE},
		{.duty_before = TODAY, .limit = PAGE},
		{.duty_before = TODAY, .risk = "high", .limit = 5},
		{.due_before = TODAY, .duty_before = TODAY, .limit = PAGE, .offset = PAGE}};
	json_auto_t *found = NULL;

	must(query_systems(snap, &filters[part], &found));
	assert_int_equal(
		filters[part].risk ? DUE_SYSTEMS / 5 : DUE_SYSTEMS, json_num(found, "total"));
	assert_int_equal(filters[part].limit, json_array_size(json_object_get(found, "systems")));
}

static void read_work(const struct snapshot *snap, int part)
{
	static const enum work lists[] = {WORK_FILINGS, WORK_QUESTIONS, WORK_DUES, WORK_REVIEWS};
	struct work_filter f = {.before = TODAY,
		.limit = PAGE,
		.department = part < 4 ? NULL : "roads",
		.undecided = true};
	json_auto_t *found = NULL;
	int64_t n;

	must(work_rows(snap, lists[part % 4], &f, &found));
	assert_int_equal(PAGE, json_array_size(found));
	must(work_count(snap, lists[part % 4], &f, &n));
	assert_int_equal(PAGE, n);
}

static void all_cost_the_same(
	const struct pair *both, void (*read)(const struct snapshot *snap, int part), int parts)
{
	uint64_t steps[2];

	for (int part = 0; part < parts; part++) {
		for (int i = 0; i < 2; i++) {
			const struct snapshot snap = {.model = i ? both->large : both->small,
				.log = store_sqlite(i ? both->large : both->small)};

			(void)db_steps(snap.model);
			read(&snap, part);
			steps[i] = db_steps(snap.model);
		}
		if (steps[1] > steps[0] + steps[0] / 10)
			fail_msg("part %d: %llu steps among %d systems, %llu among %d", part,
				(unsigned long long)steps[0], SMALL, (unsigned long long)steps[1],
				LARGE);
	}
}

static void feeds_and_histories_do_not_grow(void **state)
{
	all_cost_the_same(*state, read_feed, 11);
}

/* Most systems of the larger register are overdue in another department. */
static void what_is_due_in_a_department_costs_what_is_due_there(void **state)
{
	const struct system_filter filters[] = {
		{.department = "roads", .due_before = TODAY, .limit = PAGE},
		{.department = "roads", .duty_before = TODAY, .limit = PAGE}};
	struct pair *both = *state;
	const struct snapshot snap = {.model = both->large};

	for (size_t i = 0; i < COUNT(filters); i++) {
		json_auto_t *before = NULL, *after = NULL;
		uint64_t few, many;

		(void)db_steps(snap.model);
		must(query_systems(&snap, &filters[i], &before));
		few = db_steps(snap.model);
		must(db_exec(snap.model,
			"SAVEPOINT test; UPDATE system SET revision_date = '2026-02-03',"
			" duty_due = '2026-02-03' WHERE department = 'parks'"));
		(void)db_steps(snap.model);
		must(query_systems(&snap, &filters[i], &after));
		many = db_steps(snap.model);
		must(db_exec(snap.model, "ROLLBACK TO test; RELEASE test"));
		assert_true(json_equal(before, after));
		assert_int_equal(DUE_SYSTEMS / 2, json_num(before, "total"));
		assert_int_equal(few, many);
	}
}

static void lists_of_what_is_due_cost_what_is_due(void **state)
{
	all_cost_the_same(*state, read_due, 5);
}

static void work_lists_do_not_grow(void **state)
{
	all_cost_the_same(*state, read_work, 8);
}

/* What the pages of departments say. */
static void read_departments(const struct snapshot *snap, int part)
{
	json_auto_t *found = NULL;
	const json_t *of = NULL;

	if (part == 0)
		must(coverage_department(snap, "parks", TODAY, &found));
	else if (part == 1)
		must(coverage_departments(snap, TODAY, &found));
	else if (part == 2)
		must(coverage_counts(snap, TODAY, &found));
	else
		must(query_department(snap, "parks", &found));
	of = part == 1 ? json_array_get(found, 0) : found;
	if (part < 2) {
		assert_true(json_num(of, "systems") >= SMALL / 2);
		assert_int_equal(
			DUE_SYSTEMS / 2, json_num(json_object_get(of, "completeness"), "overdue"));
	}
}

static void pages_of_departments_do_not_grow(void **state)
{
	all_cost_the_same(*state, read_departments, 4);
}

/* Sums and news of departments are those of the rows after systems changed and moved. */
static void departments_have_the_sums_and_the_news_of_their_systems(void **state)
{
	static const struct sql sums = {"test.sums",
		"SELECT count(*) FROM (SELECT department, count(*), sum(state <> 'retired'), sum(state = 'suspended'),"
		" count(required), coalesce(sum(required), 0), coalesce(sum(filled), 0),"
		" coalesce(sum(withheld), 0), sum(duties), sum(duties_met) FROM system"
		" WHERE version > 0 GROUP BY department EXCEPT SELECT * FROM system_sum)",
		"a test"};
	static const struct sql days = {"test.days_differ",
		"SELECT count(*) FROM (SELECT * FROM (SELECT department, min(coalesce(revision_date,"
		" review_by), coalesce(review_by, revision_date)) AS day, count(*) FROM system"
		" WHERE version > 0 AND state <> 'retired' GROUP BY 1, 2) WHERE day IS NOT NULL"
		" EXCEPT SELECT * FROM system_review_day)",
		"a test"};
	static const struct sql rows = {"test.rows",
		"SELECT (SELECT sum(n) FROM system_review_day) - (SELECT count(*) FROM system"
		" WHERE version > 0 AND state <> 'retired' AND (revision_date > '' OR review_by > ''))"
		" + (SELECT count(*) FROM (SELECT system, department FROM milestone UNION ALL SELECT"
		" system, department FROM feedback UNION ALL SELECT feedback, department FROM answer"
		" UNION ALL SELECT system, department FROM due) n JOIN system s ON s.slug = n.system"
		" WHERE n.department <> s.department)",
		"a test"};
	struct pair *both = *state;
	struct db *db = both->small;
	int64_t n;

	must(db_exec(db,
		"SAVEPOINT test;"
		"UPDATE system SET department = 'roads', filing = NULL WHERE slug < 'system-12';"
		"UPDATE system SET required = 20, filled = length(slug), withheld = 1, duties = 3,"
		" duties_met = 2 WHERE slug > 'system-11';"
		"UPDATE system SET state = 'retired' WHERE slug < 'system-14';"
		"UPDATE system SET state = 'suspended' WHERE slug LIKE '%7';"
		"UPDATE system SET review_by = '2026-02-02' WHERE slug > 'system-13';"
		"UPDATE system SET revision_date = NULL, required = NULL WHERE slug > 'system-5';"
		"UPDATE system SET department = 'parks', filled = 3 WHERE slug BETWEEN 'system-10'"
		" AND 'system-6'"));
	must(db_int(db, &sums, BIND_NONE, &n));
	assert_int_equal(0, n);
	must(db_int(db, &days, BIND_NONE, &n));
	assert_int_equal(0, n);
	must(db_int(db, &rows, BIND_NONE, &n));
	assert_int_equal(0, n);
	must(db_exec(db, "ROLLBACK TO test; RELEASE test"));
}

static void what_a_word_costs_is_by_what_it_finds(void **state)
{
	struct pair *both = *state;
	struct system_filter filter = {.words = "oak", .limit = 10};
	uint64_t steps[2];

	for (int i = 0; i < 2; i++) {
		const struct snapshot snap = {.model = i ? both->large : both->small};
		json_auto_t *found = NULL;

		(void)db_steps(snap.model);
		must(query_systems(&snap, &filter, &found));
		steps[i] = db_steps(snap.model);
		assert_int_equal((i ? LARGE : SMALL) / 20, json_num(found, "total"));
	}
	/* Per hit, not per system: ten times the hits, of which ten are shown. */
	assert_true(steps[1] - steps[0] < 90 * 300);
}

static void a_word_of_all_is_counted_to_a_thousand(void **state)
{
	struct pair *both = *state;
	const struct snapshot snap = {.model = both->large};
	json_auto_t *found = NULL;

	must(query_systems(
		&snap, &(struct system_filter){.words = "parks", .limit = PAGE}, &found));
	assert_int_equal(SEARCH_MOST, json_num(found, "total"));
	assert_true(json_is_true(json_object_get(found, "more")));
	assert_string_equal("system-1999",
		json_str(json_array_get(json_object_get(found, "systems"), 0), "slug"));
}

/* Of the high risks 300 have a tree in their names, and 100 in their summaries alone. A search for
 * one page reads no more of the names than it shows. */
static void pages_of_a_search_are_parts_of_one_list(void **state)
{
	static const char *const words[] = {"tree", "oak", "tree parks", "counted tree", "parks"};
	const struct pair *both = *state;
	const struct snapshot snap = {.model = both->large};

	for (size_t i = 0; i < COUNT(words); i++) {
		struct system_filter filter = {.words = words[i], .risk = "high", .limit = 1000};
		json_auto_t *all = NULL;
		json_t *systems;

		must(query_systems(&snap, &filter, &all));
		systems = json_object_get(all, "systems");
		assert_int_equal(json_num(all, "total"), json_array_size(systems));
		assert_true(json_array_size(systems) >= 100);
		filter.limit = 70;
		for (; filter.offset < json_num(all, "total"); filter.offset += filter.limit) {
			json_auto_t *page = NULL;
			const json_t *one;
			size_t at;

			must(query_systems(&snap, &filter, &page));
			assert_int_equal(json_num(all, "total"), json_num(page, "total"));
			json_array_foreach (json_object_get(page, "systems"), at, one)
				assert_true(json_equal(
					json_array_get(systems, (size_t)filter.offset + at), one));
			assert_true(at == (size_t)filter.limit ||
				    filter.offset + (int64_t)at == json_num(all, "total"));
		}
	}
}

static void read_common_words(const struct snapshot *snap, int part)
{
	static const char *const words[] = {"tree", "tree counted", "counted tree that parks"};
	struct system_filter filter = {.words = words[part], .limit = PAGE, .most = 50};
	json_auto_t *found = NULL;

	must(query_systems(snap, &filter, &found));
	assert_int_equal(50, json_num(found, "total"));
	assert_true(json_is_true(json_object_get(found, "more")));
}

static void common_words_cost_the_same_however_many_have_them(void **state)
{
	all_cost_the_same(*state, read_common_words, 3);
}

static void of_many_words_none_is_left_out(void **state)
{
	static const char *const words[] = {
		"oak counted parks", "oak counted tree that parks oak counted tree"};
	const struct pair *both = *state;
	const struct snapshot snap = {.model = both->large, .log = store_sqlite(both->large)};

	for (size_t i = 0; i < COUNT(words); i++) {
		struct system_filter filter = {.words = words[i], .limit = PAGE};
		json_auto_t *found = NULL;

		must(query_systems(&snap, &filter, &found));
		assert_int_equal(0, json_num(found, "total"));
		assert_true((json_str(found, "suggestion") != NULL) == (i == 0));
	}
}

/* The pieces of the hits that a search shows first, as text; the caller frees. */
static char *pieces_of(const struct snapshot *snap, const char *words, struct search_kept *kept)
{
	struct system_filter filter = {.words = words, .limit = PAGE, .kept = kept};
	json_auto_t *found = NULL;

	must(query_systems(snap, &filter, &found));
	return json_dumps(found, JSON_SORT_KEYS);
}

static void what_searches_keep_is_of_one_state(void **state)
{
	static const char *const words[] = {"oak", "tree counted", "parks", "counte"};
	const struct pair *both = *state;
	const struct snapshot snap = {.model = both->small, .log = store_sqlite(both->small)};
	struct search_kept *kept = search_kept_new();

	must(db_exec(both->small,
		"SAVEPOINT test; INSERT INTO folded (one, size, at) VALUES (1, 7, '')"));
	for (size_t i = 0; i < 2 * COUNT(words); i++) {
		AUTOFREE char *first = pieces_of(&snap, words[i % COUNT(words)], NULL),
			      *again = pieces_of(&snap, words[i % COUNT(words)], kept);

		assert_string_equal(first, again);
	}
	must(db_exec(both->small,
		"UPDATE search_text SET name = 'An old oak'; UPDATE folded SET size = 8"));
	for (int i = 0; i < 2; i++) {
		AUTOFREE char *changed = pieces_of(&snap, "oak", i ? kept : NULL);

		assert_non_null(strstr(changed, "An old"));
	}
	search_kept_free(kept);
	must(db_exec(both->small, "ROLLBACK TO test; RELEASE test"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_pages_of_a_list_do_not_grow),
		cmocka_unit_test(last_pages_of_a_list_do_not_grow),
		cmocka_unit_test(filtered_pages_do_not_grow),
		cmocka_unit_test(departments_are_not_counted_anew),
		cmocka_unit_test(lists_are_as_long_and_in_the_order_that_systems_say),
		cmocka_unit_test(the_page_of_the_law_does_not_grow),
		cmocka_unit_test(what_records_say_of_who_answers_is_read_page_by_page_each_once),
		cmocka_unit_test(counts_are_those_of_the_rows),
		cmocka_unit_test(feeds_and_histories_do_not_grow),
		cmocka_unit_test(lists_of_what_is_due_cost_what_is_due),
		cmocka_unit_test(what_is_due_in_a_department_costs_what_is_due_there),
		cmocka_unit_test(work_lists_do_not_grow),
		cmocka_unit_test(pages_of_departments_do_not_grow),
		cmocka_unit_test(departments_have_the_sums_and_the_news_of_their_systems),
		cmocka_unit_test(what_a_word_costs_is_by_what_it_finds),
		cmocka_unit_test(a_word_of_all_is_counted_to_a_thousand),
		cmocka_unit_test(pages_of_a_search_are_parts_of_one_list),
		cmocka_unit_test(common_words_cost_the_same_however_many_have_them),
		cmocka_unit_test(of_many_words_none_is_left_out),
		cmocka_unit_test(what_searches_keep_is_of_one_state),
	};
	return cmocka_run_group_tests_name("growth", tests, make_both, drop_both);
}
