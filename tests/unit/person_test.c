/* People with roles: who may sign what, and that nobody approves their own filing. */
#include "tests/unit/small_register.h"

#include "base/zone.h"
#include "registry/event/access.h"
#include "registry/event/event.h"
#include "registry/query/query.h"

#define MINJI "00000000000000000000000000000a01" /* an officer who files */
#define JIHO "00000000000000000000000000000b02"  /* a reviewer */
#define SORA "00000000000000000000000000000c03"
#define HANA "00000000000000000000000000000d04" /* another reviewer */

struct fixture {
	char dir[64];
	struct reg *reg;
};

static struct skey key_of(uint8_t n)
{
	const uint8_t seed[ED25519_SEED] = {n};
	struct skey key;

	must(skey_make(ORIGIN "/" DEPARTMENT, seed, &key));
	return key;
}

static enum err appoint(struct fixture *f, const char *person, const char *role)
{
	return office(f->reg, json_make("{s:s,s:s,s:s,s:s}", "do", "appoint", "person", person,
				      "role", role, "department", DEPARTMENT));
}

/* NULL for `person`: to the whole department. */
static enum err grant_in(struct fixture *f, const char *department, const char *person, uint8_t n)
{
	AUTOFREE char *name = mem_printf("%s/%s", ORIGIN, department);
	const uint8_t seed[ED25519_SEED] = {n};
	AUTO(buf) vkey = BUF(KIB);
	struct skey key;

	must(skey_make(name, seed, &key));
	vkey_text(&key.vkey, &vkey);
	return office(f->reg, json_make("{s:s,s:s,s:s,s:s*}", "do", "key-grant", "department",
				      department, "key", buf_text(&vkey), "person", person));
}

static enum err grant(struct fixture *f, const char *person, uint8_t n)
{
	return grant_in(f, DEPARTMENT, person, n);
}

static int setup(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	temp_dir(f->dir);
	copy_register(f->dir);
	must(reg_open(f->dir, &env_real, &f->reg));
	must(appoint(f, MINJI, "officer"));
	must(appoint(f, JIHO, "reviewer"));
	must(grant(f, MINJI, 21));
	must(grant(f, JIHO, 22));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	reg_close(f->reg);
	shell("rm -rf '%s'", f->dir);
	free(f);
	return 0;
}

/* Takes `record` over. */
static enum err file_record(struct fixture *f, uint8_t n, const char *slug, json_t *record)
{
	struct skey key = key_of(n);
	AUTO(signed_event) event = {0};

	must(sign_event(&key, reg_env(f->reg), "system.filed", "system", slug,
		latest_of(f->reg, "system", slug), json_make("{s:s}", "department", DEPARTMENT),
		json_make("{s:o}", "record", record), &event));
	return send_signed(f->reg, &event);
}

static enum err file_by(struct fixture *f, uint8_t n, const char *slug, const char *name)
{
	return file_record(f, n, slug, renamed("smart-water", name));
}

/* Takes `members` over. NULL for `person`: the line names nobody. */
static enum err decide_on(struct fixture *f, uint8_t n, const char *person, const char *type,
	const char *kind, const char *id, json_t *members)
{
	struct skey key = key_of(n);
	AUTO(signed_event) event = {.entry = BUF(ENTRY_MAX)};
	AUTO(buf) line = BUF(EVENT_LINE_MAX);
	char at[TIME_TEXT];

	time_text(env_now(reg_env(f->reg)), at);
	json_put(members, "type", json_text(type));
	json_put(members, "by", json_text("office"));
	json_put(members, "at", json_text(at));
	json_put(members, kind, json_text(id));
	json_put(members, "after", json_integer(latest_of(f->reg, kind, id)));
	if (person)
		json_put(members, "signed_by", json_text(person));
	json_canonical(members, &line);
	json_decref(members);
	buf_putc(&line, '\n');
	note_sign(&key, buf_text(&line), line.len, &event.entry);
	return send_signed(f->reg, &event);
}

static enum err decide(struct fixture *f, uint8_t n, const char *person, const char *type,
	const char *slug, json_t *members)
{
	return decide_on(f, n, person, type, "system", slug, members);
}

static enum err approve(
	struct fixture *f, uint8_t n, const char *person, const char *slug, int version)
{
	return decide(f, n, person, "system.published", slug,
		json_make("{s:I,s:i}", "filing", (json_int_t)latest_of(f->reg, "system", slug),
			"version", version));
}

static char *asked(struct fixture *f, const char *query)
{
	AUTO(buf) out = BUF(KIB);
	AUTOFREE char *command =
		mem_printf("sqlite3 -readonly '%s'/model/*.db \"%s\"", f->dir, query);
	FILE *p = popen(command, "r");
	int c;

	assert_non_null(p);
	while ((c = fgetc(p)) != EOF)
		buf_putc(&out, (char)c);
	pclose(p);
	return buf_take(&out);
}

static void refused(enum err is, enum err must_be, const char *why)
{
	if (is != must_be || !strstr(err_why(), why))
		fail_msg("%s: \"%s\" lacks \"%s\"", err_kind(is)->name, err_why(), why);
}

static void one_files_and_another_approves(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *row = NULL, *decided = NULL;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(approve(f, 22, JIHO, "kiosk", 1));
	row = asked(f, "SELECT person, outcome FROM filing WHERE system = 'kiosk'");
	assert_string_equal(row, MINJI "|published\n");
	decided = asked(f, "SELECT person, role FROM milestone WHERE system = 'kiosk'");
	assert_string_equal(decided, JIHO "|reviewer\n");
}

static void nobody_approves_what_they_filed(void **state)
{
	struct fixture *f = *state;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(appoint(f, MINJI, "administrator"));
	refused(approve(f, 21, MINJI, "kiosk", 1), ERR_DENIED, "another person of the office");
	/* Nor with a second key of theirs. */
	must(grant(f, MINJI, 31));
	refused(approve(f, 31, MINJI, "kiosk", 1), ERR_DENIED, "another person of the office");
	must(approve(f, 22, JIHO, "kiosk", 1));
}

static void a_role_that_is_too_low_signs_nothing(void **state)
{
	struct fixture *f = *state;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(appoint(f, SORA, "officer"));
	must(grant(f, SORA, 23));
	refused(approve(f, 23, SORA, "kiosk", 1), ERR_DENIED, "whose role is officer");
	/* A reviewer files nothing, an administrator's acts are no reviewer's. */
	refused(file_by(f, 22, "other", "다른 것"), ERR_DENIED, "whose role is reviewer");
	must(appoint(f, SORA, "auditor"));
	refused(file_by(f, 23, "other", "다른 것"), ERR_DENIED, "whose role is auditor");
	refused(grant(f, SORA, 24), ERR_DENIED,
		"an auditor signs nothing: grant the key to a person with another role");
}

static void who_is_dismissed_signs_nothing_any_more(void **state)
{
	struct fixture *f = *state;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(office(f->reg, json_make("{s:s,s:s}", "do", "dismiss", "person", JIHO)));
	refused(approve(f, 22, JIHO, "kiosk", 1), ERR_DENIED, "is dismissed");
	refused(grant(f, JIHO, 24), ERR_NOT_FOUND, "appoint the person first");
	refused(office(f->reg, json_make("{s:s,s:s}", "do", "dismiss", "person", JIHO)),
		ERR_CONFLICT, "dismissed before");
	must(appoint(f, JIHO, "reviewer"));
	must(approve(f, 22, JIHO, "kiosk", 1));
}

static void a_key_speaks_for_its_own_person_alone(void **state)
{
	struct fixture *f = *state;

	must(file_by(f, 21, "kiosk", "안내기"));
	refused(approve(f, 21, JIHO, "kiosk", 1), ERR_DENIED, "not one of the person");
	/* The department's common key is nobody's. */
	refused(approve(f, 7, JIHO, "kiosk", 1), ERR_DENIED, "not one of the person");
	refused(approve(f, 99, JIHO, "kiosk", 1), ERR_DENIED, "no key that was granted");
	refused(approve(f, 22, SORA, "kiosk", 1), ERR_DENIED, "nobody was appointed");
	refused(approve(f, 22, NULL, "kiosk", 1), ERR_INVALID, "must not carry a signature");
}

static void what_the_machine_alone_does_is_signed_by_nobody(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) alone = BUF(KIB);

	(void)f;
	for (size_t i = 0; i < event_types_n; i++) {
		const struct event_type *t = &event_types[i];
		bool people = false;

		for (enum role role = 1; role < ROLES; role *= 2)
			people |= access_may(role, t->name);
		if (people && !(t->by & (BY_OFFICE | BY_DEPARTMENT)))
			fail_msg("%s is signed by people, who may not cause it", t->name);
		if (!people && t->by & (BY_OFFICE | BY_DEPARTMENT))
			buf_printf(&alone, "%s ", t->name);
	}
	assert_string_equal("register.restored log.key_added log.key_retired ", buf_text(&alone));
	assert_false(access_may(ROLE_ADMINISTRATOR, "no such action"));
}

static void appointments_are_checked(void **state)
{
	struct fixture *f = *state;

	refused(appoint(f, SORA, "mayor"), ERR_INVALID, "is no role");
	refused(appoint(f, "kim", "officer"), ERR_INVALID, "32 digits");
	refused(appoint(f, MINJI, "officer"), ERR_CONFLICT, "already");
	refused(office(f->reg, json_make("{s:s,s:s,s:s,s:s}", "do", "appoint", "person", SORA,
				       "role", "officer", "department", "nowhere")),
		ERR_NOT_FOUND, "no department \"nowhere\"");
	refused(grant(f, SORA, 24), ERR_NOT_FOUND, "appoint the person first");
}

static void add_parks(struct fixture *f)
{
	must(office(f->reg, json_make("{s:s,s:s,s:{s:s,s:s}}", "do", "department-add", "department",
				    "parks", "name", "ko", "공원과", "en", "Parks")));
}

static enum err appoint_in_parks(struct fixture *f, const char *person)
{
	return office(f->reg, json_make("{s:s,s:s,s:s,s:s}", "do", "appoint", "person", person,
				      "role", "officer", "department", "parks"));
}

static void one_key_is_never_held_by_two_people_whatever_its_name(void **state)
{
	struct fixture *f = *state;

	add_parks(f);
	must(appoint(f, HANA, "reviewer"));
	refused(grant(f, HANA, 22), ERR_CONFLICT, "granted before");
	must(appoint_in_parks(f, SORA));
	refused(grant_in(f, "parks", SORA, 22), ERR_CONFLICT, "is the person 00000000…'s");
	refused(grant_in(f, "parks", NULL, 22), ERR_CONFLICT, "is the person 00000000…'s");
	must(grant_in(f, "parks", SORA, 23));
	/* The browser of who moves keeps its key. */
	must(appoint_in_parks(f, MINJI));
	must(grant_in(f, "parks", MINJI, 21));
	dump_tables(f->dir, "live");
	must(office(f->reg, json_make("{s:s}", "do", "rebuild")));
	dump_tables(f->dir, "again");
	shell("cmp '%s/live' '%s/again'", f->dir, f->dir);
}

static void who_moves_to_another_department_leaves_its_keys_behind(void **state)
{
	struct fixture *f = *state;

	add_parks(f);
	must(appoint_in_parks(f, MINJI));
	refused(file_by(f, 21, "kiosk", "안내기"), ERR_DENIED, "belongs to department parks now");
}

/* --- two who approve --- */

static enum err rules(struct fixture *f, int days, const char *two_approvals)
{
	char from[DAY_TEXT];

	must(zone_use("Asia/Seoul"));
	zone_day(env_now(reg_env(f->reg)), days, from);
	return office(f->reg, json_make("{s:s,s:s,s:s}", "do", "rules", "from", from,
				      "two_approvals", two_approvals));
}

static enum err approve_first(struct fixture *f, uint8_t n, const char *person, int64_t filing)
{
	return decide(f, n, person, "system.approved", "kiosk",
		json_make("{s:I}", "filing", (json_int_t)filing));
}

static enum err publish(struct fixture *f, uint8_t n, const char *person, int64_t filing)
{
	return decide(f, n, person, "system.published", "kiosk",
		json_make("{s:I,s:i}", "filing", (json_int_t)filing, "version", 1));
}

static void high_risk_takes_two_people_where_the_rules_ask_for_them(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *rows = NULL;
	int64_t filing;

	must(rules(f, 0, "high,prohibited"));
	must(appoint(f, HANA, "reviewer"));
	must(grant(f, HANA, 24));
	must(file_by(f, 21, "kiosk", "안내기"));
	filing = latest_of(f->reg, "system", "kiosk");
	refused(publish(f, 22, JIHO, filing), ERR_DENIED, "another person than 00000000");
	refused(office(f->reg, json_make("{s:s,s:s}", "do", "approve", "system", "kiosk")),
		ERR_DENIED, "nobody publishes it on the machine");
	refused(approve_first(f, 21, MINJI, filing), ERR_DENIED, "whose role is officer");
	must(appoint(f, MINJI, "reviewer"));
	refused(approve_first(f, 21, MINJI, filing), ERR_DENIED, "another person of the office");
	must(approve_first(f, 22, JIHO, filing));
	refused(approve_first(f, 22, JIHO, filing), ERR_CONFLICT, "already");
	refused(publish(f, 22, JIHO, filing), ERR_DENIED, "another person than 00000000");
	refused(publish(f, 21, MINJI, filing), ERR_DENIED, "filed this record");
	must(publish(f, 24, HANA, filing));
	rows = asked(f, "SELECT person, role FROM approval");
	assert_string_equal(rows, JIHO "|reviewer\n");
	dump_tables(f->dir, "live");
	must(office(f->reg, json_make("{s:s}", "do", "rebuild")));
	dump_tables(f->dir, "again");
	shell("cmp '%s/live' '%s/again'", f->dir, f->dir);
}

static void an_approval_of_a_filing_that_was_replaced_does_not_count(void **state)
{
	struct fixture *f = *state;
	int64_t filing;

	must(rules(f, 0, "high"));
	must(appoint(f, HANA, "reviewer"));
	must(grant(f, HANA, 24));
	must(file_by(f, 21, "kiosk", "안내기"));
	must(approve_first(f, 22, JIHO, latest_of(f->reg, "system", "kiosk")));
	must(file_by(f, 21, "kiosk", "다른 안내기"));
	filing = latest_of(f->reg, "system", "kiosk");
	refused(publish(f, 24, HANA, filing), ERR_DENIED, "another person than 00000000");
	must(approve_first(f, 24, HANA, filing));
	must(publish(f, 22, JIHO, filing));
}

static void rules_hold_from_their_day_and_for_their_levels(void **state)
{
	struct fixture *f = *state;

	refused(rules(f, -1, "high"), ERR_INVALID, "not over");
	refused(rules(f, 0, "dangerous"), ERR_INVALID, "\"dangerous\" is not a risk level");
	refused(rules(f, 0, "high,high"), ERR_INVALID, "twice");
	must(rules(f, 1, "high")); /* tomorrow */
	must(rules(f, 0, "prohibited"));
	must(file_by(f, 21, "kiosk", "안내기"));
	must(publish(f, 22, JIHO, latest_of(f->reg, "system", "kiosk")));
}

static void a_review_is_set_sooner_and_never_later(void **state)
{
	struct fixture *f = *state;
	json_auto_t *record = renamed("smart-water", "안내기");
	AUTOFREE char *row = NULL;
	int64_t filing;
	char day[DAY_TEXT];

	json_put(record, "revision_date", json_text("2190-01-01"));
	must(file_record(f, 21, "kiosk", TAKE(record)));
	filing = latest_of(f->reg, "system", "kiosk");
	zone_day(env_now(reg_env(f->reg)), 30, day);
	refused(decide(f, 22, JIHO, "system.published", "kiosk",
			json_make("{s:I,s:i,s:s}", "filing", (json_int_t)filing, "version", 1,
				"review_by", "2020-01-01")),
		ERR_INVALID, "a day to come");
	refused(decide(f, 22, JIHO, "system.published", "kiosk",
			json_make("{s:I,s:i,s:s}", "filing", (json_int_t)filing, "version", 1,
				"review_by", "2199-01-01")),
		ERR_INVALID, "when a review is due anyway");
	must(decide(f, 22, JIHO, "system.published", "kiosk",
		json_make("{s:I,s:i,s:s}", "filing", (json_int_t)filing, "version", 1, "review_by",
			day)));
	row = asked(f, "SELECT review_by FROM version WHERE system = 'kiosk'");
	assert_int_equal(0, strncmp(row, day, 10));
}

static json_t *decision_on(struct fixture *f, const char *id)
{
	const struct snapshot *snap;
	json_auto_t *question = NULL;

	must(reg_read(f->reg, &snap));
	must(query_question(snap, id, FOR_EVERYONE, &question));
	reg_read_done(f->reg, snap);
	return json_incref(json_object_get(question, "decided"));
}

static void a_decision_on_a_question_names_who_signed_it(void **state)
{
	struct fixture *f = *state;
	struct job_ask asked = question(NULL, 1);
	json_auto_t *before = NULL, *by_person = NULL, *by_operator = NULL;

	must(reg_do(f->reg, &asked.job));
	before = decision_on(f, asked.id);
	assert_true(json_is_null(before));
	must(decide_on(f, 22, JIHO, "feedback.published", "feedback", asked.id, json_object()));
	by_person = decision_on(f, asked.id);
	assert_string_equal("person", json_str(by_person, "by"));
	assert_string_equal(JIHO, json_str(by_person, "person"));
	assert_int_equal(latest_of(f->reg, "feedback", asked.id), json_num(by_person, "entry"));
	must(office(f->reg, json_make("{s:s,s:s,s:{s:s}}", "do", "feedback-withhold", "feedback",
				    asked.id, "reason", "ko", "전화번호가 있습니다.")));
	by_operator = decision_on(f, asked.id);
	assert_string_equal("operator", json_str(by_operator, "by"));
	assert_null(json_str(by_operator, "person"));
}

static void people_fold_again_to_the_same_rows(void **state)
{
	struct fixture *f = *state;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(approve(f, 22, JIHO, "kiosk", 1));
	must(office(f->reg, json_make("{s:s,s:s}", "do", "dismiss", "person", MINJI)));
	dump_tables(f->dir, "live");
	must(office(f->reg, json_make("{s:s}", "do", "rebuild")));
	dump_tables(f->dir, "again");
	shell("cmp '%s/live' '%s/again'", f->dir, f->dir);
}

static enum err revoke_key(struct fixture *f, uint8_t n, const char *since)
{
	struct skey key = key_of(n);
	AUTO(buf) vkey = BUF(KIB);
	json_t *request;

	vkey_text(&key.vkey, &vkey);
	request = json_make("{s:s,s:s,s:s}", "do", "key-revoke", "department", DEPARTMENT, "key",
		buf_text(&vkey));
	if (since)
		json_put(request, "since", json_text(since));
	return office(f->reg, request);
}

static void a_stolen_key_is_revoked_with_a_day_and_what_it_signed_is_known(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *signed_by_her = NULL, *stolen = NULL, *lost = NULL;

	must(file_by(f, 21, "kiosk", "안내기"));
	must(approve(f, 22, JIHO, "kiosk", 1));
	must(file_by(f, 21, "kiosk", "안내기 둘"));
	refused(revoke_key(f, 21, "2999-01-01"), ERR_INVALID, "still to come");
	refused(revoke_key(f, 21, "2026-02-30"), ERR_INVALID, "a day that exists");
	must(revoke_key(f, 21, "2026-01-02"));
	refused(revoke_key(f, 21, "2026-01-02"), ERR_CONFLICT, "revoked before");
	refused(file_by(f, 21, "kiosk", "안내기 셋"), ERR_DENIED, "revoked");
	signed_by_her =
		asked(f, "SELECT type, subject FROM signed s JOIN person_key k"
			 " ON k.entry = s.key WHERE k.person = '" MINJI "' ORDER BY s.entry");
	assert_string_equal(signed_by_her, "system.filed|kiosk\nsystem.filed|kiosk\n");
	stolen = asked(f, "SELECT since FROM stolen_key");
	assert_string_equal(stolen, "2026-01-02\n");
	/* One that is lost, and in nobody's hands, has no day. */
	must(revoke_key(f, 22, NULL));
	lost = asked(f, "SELECT count(*) FROM stolen_key");
	assert_string_equal(lost, "1\n");
	dump_tables(f->dir, "live");
	must(office(f->reg, json_make("{s:s}", "do", "rebuild")));
	dump_tables(f->dir, "again");
	shell("cmp '%s/live' '%s/again'", f->dir, f->dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_files_and_another_approves),
		TEST(nobody_approves_what_they_filed),
		TEST(a_role_that_is_too_low_signs_nothing),
		TEST(who_is_dismissed_signs_nothing_any_more),
		TEST(a_key_speaks_for_its_own_person_alone),
		TEST(what_the_machine_alone_does_is_signed_by_nobody),
		TEST(appointments_are_checked),
		TEST(one_key_is_never_held_by_two_people_whatever_its_name),
		TEST(who_moves_to_another_department_leaves_its_keys_behind),
		TEST(high_risk_takes_two_people_where_the_rules_ask_for_them),
		TEST(an_approval_of_a_filing_that_was_replaced_does_not_count),
		TEST(rules_hold_from_their_day_and_for_their_levels),
		TEST(a_review_is_set_sooner_and_never_later),
		TEST(a_decision_on_a_question_names_who_signed_it),
		TEST(people_fold_again_to_the_same_rows),
		TEST(a_stolen_key_is_revoked_with_a_day_and_what_it_signed_is_known),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
