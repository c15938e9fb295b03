/* Incidents: what may be reported, what is held back and what makes it public, and deadlines for
 * telling authorities. */
#include "base/env.h"
#include "registry/event/incident.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"
#include "tests/unit/small_register.h"

#define SYSTEM "smart-water"
#define DAY_SECONDS 86400

static char dir[64];
static struct reg *reg;
static int64_t clock_ahead; /* seconds */

static int64_t test_now(void *arg)
{
	(void)arg;
	return env_now(&env_real) + clock_ahead;
}

static void test_random(void *arg, void *out, size_t len)
{
	(void)arg;
	env_random(&env_real, out, len);
}

static const struct env test_env = {.now = test_now, .random = test_random};

static int set_up(void **state)
{
	(void)state;
	clock_ahead = 0;
	temp_dir(dir);
	make_register(dir, &test_env);
	must(reg_open(dir, &test_env, &reg));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	reg_close(TAKE(reg));
	shell("rm -rf %s", dir);
	return 0;
}

/* The day so many days from now, UTC. */
static const char *day(int days)
{
	static char out[8][TIME_TEXT];
	static unsigned next;
	char *text = out[next++ % 8];

	time_text(env_now(&test_env) + (int64_t)days * DAY_SECONDS, text);
	text[10] = '\0';
	return text;
}

static json_t *told(void)
{
	return json_make("{s:{s:s},s:{s:s}}", "what", "ko", "수위가 틀렸습니다.", "affected", "ko",
		"아무도 없습니다.");
}

static enum err report(const char *severity, const char *public_on, const char *ground)
{
	return send_about(reg, "incident.reported", "system", SYSTEM,
		json_make("{s:s,s:s,s:s,s:s*,s:s*}", "since", day(-2), "aware", day(-1), "severity",
			severity, "public_on", public_on, "ground", ground),
		told());
}

static enum err note(const char *type, int64_t incident, json_t *more)
{
	json_auto_t *others = more;
	json_t *members = json_make("{s:I}", "incident", (json_int_t)incident);

	json_object_update(members, others);
	return send_about(reg, type, "system", SYSTEM, members,
		json_make("{s:{s:s}}", "text", "ko", "고쳤습니다."));
}

static int64_t latest(void)
{
	return (int64_t)entries_of(reg) - 1;
}

static json_t *the_incident(const char *today, bool theirs)
{
	const struct snapshot *snap;
	json_auto_t *all = NULL;

	must(reg_read(reg, &snap));
	must(incidents_of(snap,
		&(struct incident_filter){.system = SYSTEM, .day = today, .theirs = theirs}, &all));
	reg_read_done(reg, snap);
	return json_incref(json_array_get(all, 0));
}

static char *content_of_report(void)
{
	static const struct sql query = {"test.incident", "SELECT sha256 FROM incident", "a test"};
	AUTO(rows) row = {0};
	const struct snapshot *snap;
	char *sha256;

	must(reg_read(reg, &snap));
	must(db_one(snap->model, &query, BIND_NONE, &row));
	sha256 = rows_dup(&row, 0);
	rows_done(&row);
	reg_read_done(reg, snap);
	return sha256;
}

static enum err given_out(const char *sha256, const char *today)
{
	const struct snapshot *snap;
	char type[64];
	int64_t size;
	enum err e;

	must(reg_read(reg, &snap));
	e = query_content_state(snap, sha256, today, &size, type);
	reg_read_done(reg, snap);
	return e;
}

static void an_incident_is_told_at_once_with_the_day_by_which_an_authority_is_told(void **state)
{
	json_auto_t *incident = NULL;
	AUTOFREE char *sha256 = NULL;

	(void)state;
	must(report("serious", NULL, NULL));
	incident = the_incident(day(0), false);
	assert_non_null(json_str(json_object_get(incident, "what"), "ko"));
	assert_string_equal(json_str(incident, "due"), day(14));
	sha256 = content_of_report();
	must(given_out(sha256, NULL));
	assert_rebuilds(reg, dir);
}

static void the_law_counts_days_by_seriousness(void **state)
{
	char due[16];

	(void)state;
	assert_true(incident_due("infrastructure", "2026-02-27", due));
	assert_string_equal(due, "2026-03-01");
	assert_true(incident_due("death", "2026-06-24", due));
	assert_string_equal(due, "2026-07-04");
	assert_true(incident_due("serious", "2026-12-24", due));
	assert_string_equal(due, "2027-01-08");
	assert_false(incident_due("other", "2026-06-24", due));
}

static void what_is_held_back_is_not_told_before_its_day_and_then_is(void **state)
{
	const char *until = day(10), *before = day(9);
	json_auto_t *held = NULL, *open = NULL, *own = NULL;
	AUTOFREE char *sha256 = NULL;

	(void)state;
	must(report("other", until, "security"));
	held = the_incident(before, false);
	assert_true(json_is_true(json_object_get(held, "held")));
	assert_true(json_is_null(json_object_get(held, "what")));
	assert_string_equal(json_str(held, "ground"), "security");
	own = the_incident(before, true);
	assert_non_null(json_str(json_object_get(own, "what"), "ko"));
	open = the_incident(until, false);
	assert_non_null(json_str(json_object_get(open, "what"), "ko"));
	sha256 = content_of_report();
	assert_refused(given_out(sha256, before), ERR_DENIED, "not published");
	assert_int_equal(given_out(sha256, NULL), ERR_DENIED);
	must(given_out(sha256, until));
	assert_rebuilds(reg, dir);
}

static void whatever_comes_after_the_day_opens_it_for_good(void **state)
{
	AUTOFREE char *sha256 = NULL;

	(void)state;
	must(report("other", day(3), "audit"));
	sha256 = content_of_report();
	clock_ahead = 3 * DAY_SECONDS;
	must(note("incident.updated", latest(), json_object()));
	assert_int_equal(given_out(sha256, NULL), ERR_DENIED);
	clock_ahead = 6 * DAY_SECONDS;
	must(office(reg, json_make("{s:s,s:s,s:{s:s}}", "do", "department-add", "department",
				 "parks", "name", "en", "Parks")));
	must(given_out(sha256, NULL));
	assert_rebuilds(reg, dir);
}

static void what_breaks_a_rule_is_refused_by_name(void **state)
{
	const uint64_t entries = entries_of(reg);

	(void)state;
	assert_refused(report("grave", NULL, NULL), ERR_INVALID, "\"severity\" must be");
	assert_refused(report("other", day(92), "security"), ERR_INVALID, "at most 90 days");
	assert_refused(report("other", day(9), "shame"), ERR_INVALID, "the ground must be");
	assert_refused(report("other", day(9), NULL), ERR_INVALID, "needs both");
	assert_refused(report("other", NULL, "security"), ERR_INVALID, "needs both");
	assert_refused(send_about(reg, "incident.reported", "system", SYSTEM,
			       json_make("{s:s,s:s,s:s}", "since", day(-1), "aware", day(-2),
				       "severity", "other"),
			       told()),
		ERR_INVALID, "nobody can have known");
	assert_refused(send_about(reg, "incident.reported", "system", SYSTEM,
			       json_make("{s:s,s:s,s:s}", "since", day(-1), "aware", day(3),
				       "severity", "other"),
			       told()),
		ERR_INVALID, "still to come");
	assert_refused(send_about(reg, "incident.reported", "system", SYSTEM,
			       json_make("{s:s,s:s,s:s}", "since", day(-2), "aware", day(-1),
				       "severity", "other"),
			       json_make("{s:{s:s}}", "what", "ko", "?")),
		ERR_INVALID, "who was affected");
	assert_refused(note("incident.updated", 1, json_object()), ERR_NOT_FOUND,
		"reports no incident of \"smart-water\"");
	assert_int_equal(entries_of(reg), entries);
}

static void notes_change_what_is_due_and_the_last_one_closes(void **state)
{
	json_auto_t *graver = NULL, *closed = NULL;
	int64_t incident;

	(void)state;
	must(report("serious", NULL, NULL));
	incident = latest();
	must(note("incident.updated", incident, json_make("{s:s}", "severity", "death")));
	graver = the_incident(day(0), false);
	assert_string_equal(json_str(graver, "due"), day(9));
	assert_true(json_is_null(json_object_get(graver, "closed_at")));
	assert_refused(note("incident.updated", incident, json_make("{s:s}", "told_on", day(-5))),
		ERR_INVALID, "before the city knew");
	must(note("incident.closed", incident, json_make("{s:s}", "told_on", day(0))));
	closed = the_incident(day(0), false);
	assert_non_null(json_str(closed, "closed_at"));
	assert_string_equal(json_str(closed, "told_on"), day(0));
	assert_int_equal(json_array_size(json_object_get(closed, "notes")), 2);
	assert_refused(
		note("incident.updated", incident, json_object()), ERR_CONFLICT, "was closed at");
	assert_rebuilds(reg, dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_law_counts_days_by_seriousness),
		TEST(an_incident_is_told_at_once_with_the_day_by_which_an_authority_is_told),
		TEST(what_is_held_back_is_not_told_before_its_day_and_then_is),
		TEST(whatever_comes_after_the_day_opens_it_for_good),
		TEST(what_breaks_a_rule_is_refused_by_name),
		TEST(notes_change_what_is_due_and_the_last_one_closes),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
