/* A decision of the office names its basis; if that is no longer the newest, it is a conflict. */
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "tests/unit/open_register.h"
#include "tests/unit/small_policy.h"

/* As through the socket, without help. Takes ownership of the request. */
static enum err plain(json_t *request)
{
	json_t *reply = NULL;
	enum err e = office_do(reg, request, NULL, &reply);

	json_decref(request);
	json_decref(reply);
	return e;
}

static void says(const char *text)
{
	if (!strstr(err_why(), text))
		fail_msg("\"%s\" lacks \"%s\"", err_why(), text);
}

static void file_as(const char *name)
{
	AUTO(signed_event) event = {0};

	sign_filing(&env_real, "smart-water", renamed("smart-water", name),
		latest_of(reg, "system", "smart-water"), &event);
	must(send_signed(reg, &event));
}

static json_t *standard_in_force(void)
{
	json_auto_t *request = json_make("{s:s}", "do", "standard"), *reply = NULL;

	must(office_do(reg, request, NULL, &reply));
	return json_incref(json_object_get(reply, "standard"));
}

/* A request for every operation that decides on something that exists in this register. */
static json_t *request_of(const char *op)
{
	struct job_ask a = question("smart-water", 1), b = question("smart-water", 2);

	return json_make("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:{s:s},s:{s:s},s:o,s:o}", "do", op,
		"system", "smart-water", "feedback", a.id, "into", b.id, "department", DEPARTMENT,
		"policy", "small", "reason", reason("이유"), "text", "ko", "답", "name", "ko",
		"새 이름", "content", small_policy("small", NULL, 2), "standard",
		standard_in_force());
}

static void every_decision_must_name_what_it_was_made_on_and_is_a_conflict_when_that_is_old(
	void **state)
{
	unsigned n = 0;

	(void)state;
	must(ask(reg, "smart-water", 1));
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "policy-adopt", "policy", "small",
				 "content", small_policy("small", NULL, 1))));
	must(office(reg, json_make("{s:s}", "do", "rejudge")));
	file_as("Another");
	for (size_t i = 0; i < office_ops_n; i++) {
		json_auto_t *newest = json_make("{s:s}", "do", "newest"), *reply = NULL;
		const char *op = office_ops[i].name, *member;
		uint64_t entries = latest_of(reg, "system", "smart-water");
		json_t *request;

		if (!office_ops[i].on)
			continue;
		n++;
		assert_int_equal(ERR_INVALID, plain(request_of(op)));
		says("is missing");
		json_object_update_new(newest, request_of(op));
		json_put(newest, "do", json_text("newest"));
		json_put(newest, "of", json_text(op));
		must(office_do(reg, newest, NULL, &reply));
		member = json_str(reply, "member");
		assert_true(json_is_object(json_object_get(reply, "about")));
		request = request_of(op);
		json_put(request, member, json_integer(json_num(reply, "newest") + 1));
		assert_true(plain(request) != OK);
		if (office_ops[i].on != ON_FILING)
			says("look at that first");
		assert_int_equal(entries, latest_of(reg, "system", "smart-water"));
	}
	assert_int_equal(n, 14);
}

/* All decisions of the table, except those on something that does not change. */
static void what_an_operation_decides_on_is_in_the_table(void **state)
{
	static const char *const others[] = {"appoint", "dismiss", "key-grant", "key-revoke",
		"log-key-add", "log-key-retire", "log-key-reload", "feedback-forget",
		"feedback-sweep", "erase", "import", "import-retire", "import-states",
		"list-submitted", "register-change", "rejudge", "rebuild", "rules"};

	(void)state;
	for (size_t i = 0; i < office_ops_n; i++) {
		bool listed = office_ops[i].read || office_ops[i].on;

		for (size_t k = 0; k < COUNT(others); k++)
			listed |= strcmp(others[k], office_ops[i].name) == 0;
		if (!listed)
			fail_msg("%s writes, and nobody said what it is decided on",
				office_ops[i].name);
	}
}

static void a_filing_that_arrives_between_reading_and_approving_is_not_published(void **state)
{
	int64_t read;

	(void)state;
	file_as("Read");
	read = latest_of(reg, "system", "smart-water");
	file_as("Unread");
	assert_int_equal(ERR_CONFLICT, plain(json_make("{s:s,s:s,s:I}", "do", "approve", "system",
					       "smart-water", "filing", (json_int_t)read)));
	says("was replaced by the one at entry");
}

static void an_answer_that_a_colleague_gave_meanwhile_is_seen_first(void **state)
{
	struct job_ask a = question("smart-water", 1);
	int64_t read;

	(void)state;
	must(ask(reg, "smart-water", 1));
	must(office(reg, json_make("{s:s,s:s}", "do", "feedback-publish", "feedback", a.id)));
	read = latest_of(reg, "feedback", a.id);
	must(office(reg, json_make("{s:s,s:s,s:{s:s}}", "do", "feedback-answer", "feedback", a.id,
				 "text", "ko", "네")));
	assert_int_equal(ERR_CONFLICT,
		plain(json_make("{s:s,s:s,s:I,s:{s:s}}", "do", "feedback-answer", "feedback", a.id,
			"entry", (json_int_t)read, "text", "ko", "아니요")));
}

/* A member of an entry's event, which is a number. */
static int64_t event_member(int64_t index, const char *member)
{
	AUTO(buf) entry = BUF(64 * KIB);
	AUTO(event) ev = {0};
	struct store store;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	store = snap->log;
	must(store.ops->entry(store.self, (uint64_t)index, &entry));
	reg_read_done(reg, snap);
	must(event_parse(entry.data, entry.len, &ev));
	assert_true(event_line_has(&ev.members, member));
	return event_num(&ev, member);
}

/* Everybody can read what the events say, and a check enforces it. */
static void the_event_carries_what_was_decided_on(void **state)
{
	struct job_ask a = question("smart-water", 1);

	(void)state;
	must(ask(reg, "smart-water", 1));
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "suspend", "system", "smart-water",
				 "reason", reason("점검"))));
	assert_int_equal(1, event_member(latest_of(reg, "system", "smart-water"), "version"));
	file_as("Set aside");
	must(office(reg, json_make("{s:s,s:s,s:I,s:o}", "do", "retire", "system", "smart-water",
				 "filing", (json_int_t)latest_of(reg, "system", "smart-water"),
				 "reason", reason("그만"))));
	assert_int_equal(1, event_member(latest_of(reg, "system", "smart-water"), "version"));
	assert_int_equal(latest_of(reg, "system", "smart-water") - 1,
		event_member(latest_of(reg, "system", "smart-water"), "filing"));
	must(office(reg, json_make("{s:s,s:s}", "do", "feedback-publish", "feedback", a.id)));
	assert_true(event_member(latest_of(reg, "feedback", a.id), "after") >= 0);
}

static void a_filing_that_waits_is_not_set_aside_unread(void **state)
{
	(void)state;
	file_as("Unread");
	assert_int_equal(
		ERR_CONFLICT, office(reg, json_make("{s:s,s:s,s:o}", "do", "retire", "system",
						  "smart-water", "reason", reason("그만"))));
	says("name it, too: --filing");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_decision_must_name_what_it_was_made_on_and_is_a_conflict_when_that_is_old),
		TEST(what_an_operation_decides_on_is_in_the_table),
		TEST(a_filing_that_arrives_between_reading_and_approving_is_not_published),
		TEST(an_answer_that_a_colleague_gave_meanwhile_is_seen_first),
		TEST(the_event_carries_what_was_decided_on),
		TEST(a_filing_that_waits_is_not_set_aside_unread),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
