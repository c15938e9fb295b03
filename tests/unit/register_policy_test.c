/* Policies in a register: adopting, changing, retiring; publications checked by them; judging
 * again. After each test the read model must equal a rebuild, and the register must verify. */
#include "registry/office/rejudge.h"
#include "registry/policy/judgement.h"
#include "registry/query/query.h"
#include "registry/verify/verify.h"
#include "registry/write/writer.h"
#include "tests/unit/both_files.h"
#include "tests/unit/small_policy.h"
#include "tests/unit/small_register.h"

#include <sched.h>

static char original[64]; /* a register that no test changes: "smart-water" is published */
static int64_t start, clock_now;

static int64_t test_now(void *arg)
{
	(void)arg;
	return __atomic_load_n(&clock_now, __ATOMIC_RELAXED);
}

static void test_random(void *arg, void *out, size_t len)
{
	(void)arg;
	crypto_random(out, len);
}
static const struct env test_env = {.now = test_now, .random = test_random};

struct fixture {
	char dir[64];
	struct reg *reg;
	bool is_false; /* the test makes a register that must not verify */
};

static int set_up(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	clock_now = start;
	temp_dir(f->dir);
	shell("cp -r %s/* %s", original, f->dir);
	must(reg_open(f->dir, &test_env, &f->reg));
	*state = f;
	return 0;
}

static enum err verify(const struct fixture *f)
{
	struct verified result;

	return verify_register(&(struct verify){.where = f->dir}, &result);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	if (is_to_be_rebuilt()) {
		assert_rebuilds(f->reg, f->dir);
		shell("rm %s/before %s/after", f->dir, f->dir);
	}
	reg_close(f->reg);
	if (!f->is_false)
		must(verify(f));
	shell("rm -rf %s", f->dir);
	free(f);
	return 0;
}

/* --- what happens --- */

static enum err adopt(struct fixture *f, const char *id, const char *rule, int n)
{
	return office(f->reg, json_make("{s:s,s:s,s:o}", "do", "policy-adopt", "policy", id,
				      "content", small_policy(id, rule, n)));
}

static enum err retire(struct fixture *f, const char *id)
{
	return office(f->reg, json_make("{s:s,s:s,s:o}", "do", "policy-retire", "policy", id,
				      "reason", reason("바꿉니다.")));
}

/* smart-water's record, with a level and with facts for the policy "small". */
static json_t *record_of(const char *risk, const char *facts)
{
	json_t *record = demo_record("smart-water"), *all = json_object();

	json_put(all, "small", json_loads(facts, 0, NULL));
	json_put(record, "assessments", all);
	json_put(record, "risk_category", json_text(risk));
	return record;
}

static void file(struct fixture *f, const char *slug, json_t *record)
{
	AUTO(signed_event) event = {0};

	sign_filing(&test_env, slug, record, latest_of(f->reg, "system", slug), &event);
	must(send_signed(f->reg, &event));
}

static enum err approve(struct fixture *f, const char *slug)
{
	return office(f->reg, json_make("{s:s,s:s}", "do", "approve", "system", slug));
}

static void publish(struct fixture *f, const char *slug, const char *risk, const char *facts)
{
	file(f, slug, record_of(risk, facts));
	must(approve(f, slug));
}

static json_t *do_office(struct fixture *f, const char *operation)
{
	json_auto_t *request = json_make("{s:s}", "do", operation);
	json_t *reply = NULL;

	must(office_do(f->reg, request, NULL, &reply));
	return reply;
}

/* Until none is left; returns how many were judged, and in how many steps. */
static int64_t rejudge(struct fixture *f, unsigned *steps)
{
	int64_t judged = 0, left;

	*steps = 0;
	do {
		json_auto_t *reply = do_office(f, "rejudge");

		judged += json_num(reply, "judged");
		left = json_num(reply, "left");
		++*steps;
	} while (left);
	return judged;
}

/* --- what is seen --- */

static json_t *system_of(struct fixture *f, const char *slug)
{
	json_t *system = NULL;
	const struct snapshot *snap;

	must(reg_read(f->reg, &snap));
	must(query_system(snap, slug, &system));
	reg_read_done(f->reg, snap);
	return system;
}

static void level_is(struct fixture *f, const char *slug, const char *level)
{
	json_auto_t *system = system_of(f, slug);
	const char *is = json_str(system, "level");

	if (strcmp(is ? is : "none", level ? level : "none") != 0)
		fail_msg("%s is %s, not %s", slug, is, level);
}

static void review_is(struct fixture *f, const char *day)
{
	json_auto_t *system = system_of(f, "smart-water");

	assert_string_equal(day, json_str(system, "review_due"));
}

static json_t *judgement_of(
	struct fixture *f, const char *slug, int64_t version, const char *before)
{
	json_t *judged = NULL;
	const struct snapshot *snap;
	enum err e;

	must(reg_read(f->reg, &snap));
	e = query_judgement(snap, slug, version, before, &judged);
	reg_read_done(f->reg, snap);
	return e == OK ? judged : NULL;
}

/* The systems whose judgement needs the office's attention, in order. */
static void attention_is(struct fixture *f, const char *slugs)
{
	json_auto_t *reply = do_office(f, "policies");
	AUTO(buf) list = BUF(KIB);
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(reply, "judged"), i, one)
		buf_printf(&list, "%s%s", i ? " " : "", json_str(one, "system"));
	assert_string_equal(slugs, buf_text(&list));
}

static void says(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

/* --- adopting and retiring --- */

static void a_policy_is_adopted_again_and_retired_and_each_version_is_kept(void **state)
{
	struct fixture *f = *state;
	json_auto_t *reply = NULL, *second = NULL;

	must(adopt(f, "small", NULL, 1));
	assert_int_equal(ERR_CONFLICT, adopt(f, "small", NULL, 1));
	says("in force already, as version 1");
	must(adopt(f, "small", NULL, 2));
	must(adopt(f, "other", NULL, 1));
	must(retire(f, "small"));
	assert_int_equal(ERR_NOT_FOUND, retire(f, "small"));
	assert_int_equal(ERR_NOT_FOUND, retire(f, "unheard"));
	must(adopt(f, "small", NULL, 2)); /* what was retired may come back */
	reply = do_office(f, "policies");
	assert_int_equal(4, json_array_size(json_object_get(reply, "policies")));
	second = json_incref(json_array_get(json_object_get(reply, "policies"), 2));
	assert_string_equal("small", json_str(second, "policy"));
	assert_int_equal(2, json_num(second, "version"));
	assert_false(json_is_true(json_object_get(second, "in_force")));
}

static void a_policy_whose_own_cases_fail_is_not_adopted(void **state)
{
	struct fixture *f = *state;
	uint64_t entries = entries_of(f->reg);

	assert_int_equal(
		ERR_INVALID, adopt(f, "small", "{level: \"high\", reasons: [], duties: []}", 1));
	says("case \"nothing\": \"level\" is \"high\", not null");
	assert_int_equal(ERR_INVALID, adopt(f, "small", "if", 1));
	says("small/rule.jq");
	assert_int_equal(ERR_INVALID, adopt(f, "small", "import \"a\" as a; .", 1));
	assert_int_equal(entries, entries_of(f->reg));
}

static void a_policy_of_another_form_is_not_adopted(void **state)
{
	struct fixture *f = *state;
	json_t *content = small_policy("small", NULL, 1);

	json_put(json_object_get(content, "files"), "questions.json", json_text("{}"));
	assert_int_equal(
		ERR_INVALID, office(f->reg, json_make("{s:s,s:s,s:o}", "do", "policy-adopt",
						    "policy", "small", "content", content)));
	says("questions.json");
}

/* --- publishing --- */

static void a_publication_carries_what_the_policies_say(void **state)
{
	struct fixture *f = *state;
	json_auto_t *system = NULL, *judged = NULL;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high",
		"{\"risk\": \"limited\", \"owed\": [\"a\", \"b\"], \"done\": [\"a\"]}");
	level_is(f, "smart-water", "limited"); /* published stricter than that */
	system = system_of(f, "smart-water");
	assert_int_equal(2, json_num(system, "duties"));
	assert_int_equal(1, json_num(system, "duties_met"));
	judged = judgement_of(f, "smart-water", 2, NULL);
	assert_string_equal("limited", json_str(json_object_get(judged, "judgement"), "level"));
	assert_false(json_is_true(json_object_get(judged, "stale")));
	/* What the first version was published without, it has none of. */
	assert_null(judgement_of(f, "smart-water", 1, NULL));
	attention_is(f, "");
}

struct job_draft {
	struct job job;
	struct draft draft;
};

static enum err run_draft(struct tx *tx, struct job *job)
{
	return tx_add(tx, ((struct job_draft *)job)->draft, NULL);
}

static enum err add(struct fixture *f, struct draft draft)
{
	struct job_draft d = {.job.run = run_draft, .draft = draft};

	return reg_do(f->reg, &d.job);
}

static enum err publish_with(struct fixture *f, int version, json_t *judgement)
{
	json_t *members = json_make("{s:I,s:i}", "filing",
		(json_int_t)latest_of(f->reg, "system", "smart-water"), "version", version);

	return add(f, (struct draft){.type = "system.published",
			      .by = "office",
			      .subject = "smart-water",
			      .members = members,
			      .content = judgement});
}

/* A judgement by the policies in force that differs from their results. */
static json_t *false_judgement(struct fixture *f, const char *level)
{
	json_auto_t *reply = do_office(f, "policies");
	const json_t *p = json_array_get(json_object_get(reply, "policies"), 0);

	return json_make("{s:s,s:[{s:s,s:I,s:s,s:s,s:s,s:[{s:s}],s:[]}]}", "level", level,
		"policies", "policy", json_str(p, "policy"), "version",
		(json_int_t)json_num(p, "version"), "sha256", json_str(p, "sha256"), "level", level,
		"risk", level, "reasons", "rule", level, "duties");
}

static void a_publication_without_a_judgement_is_a_conflict_while_a_policy_is_in_force(void **state)
{
	struct fixture *f = *state;

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\"}"));
	assert_int_equal(ERR_CONFLICT, publish_with(f, 2, NULL));
	says("policies are in force");
	must(approve(f, "smart-water"));
}

static void a_publication_judged_by_other_policies_is_a_conflict(void **state)
{
	struct fixture *f = *state;
	json_t *judgement;

	must(adopt(f, "small", NULL, 1));
	judgement = false_judgement(f, "high");
	must(adopt(f, "small", NULL, 2));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\"}"));
	assert_int_equal(ERR_CONFLICT, publish_with(f, 2, judgement));
	says("not judged by the policies in force");
	must(retire(f, "small"));
	assert_int_equal(ERR_CONFLICT, publish_with(f, 2, false_judgement(f, "high")));
	must(publish_with(f, 2, NULL));
}

static void a_judgement_of_another_form_is_refused(void **state)
{
	struct fixture *f = *state;
	json_t *judgement;

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\"}"));
	judgement = false_judgement(f, "high");
	json_put(judgement, "level", json_text("minimal"));
	assert_int_equal(ERR_INVALID, publish_with(f, 2, judgement));
	says("must be the strictest of its policies");
}

static void a_laxer_publication_is_refused_and_a_stricter_one_passes(void **state)
{
	struct fixture *f = *state;

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("limited", "{\"risk\": \"high\"}"));
	assert_int_equal(ERR_INVALID, approve(f, "smart-water"));
	says("laxer than the policies derive");
	file(f, "smart-water", record_of("prohibited", "{\"risk\": \"high\"}"));
	must(approve(f, "smart-water"));
	level_is(f, "smart-water", "high");
}

static void what_lowers_a_presumed_level_is_refused_without_a_justification(void **state)
{
	struct fixture *f = *state;
	json_t *record = record_of("high", "{\"risk\": \"limited\", \"presumed\": [\"p\"]}");

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", json_deep_copy(record));
	assert_int_equal(ERR_INVALID, approve(f, "smart-water"));
	json_push(json_object_get(record, "risk_basis"),
		json_make("{s:s,s:s,s:{s:s,s:s}}", "policy", "small", "rule", "p", "justification",
			"ko", "까닭", "en", "Why"));
	file(f, "smart-water", record);
	must(approve(f, "smart-water"));
}

static void a_program_that_fails_publishes_with_its_failure_said(void **state)
{
	struct fixture *f = *state;
	json_auto_t *judged = NULL;
	const json_t *one;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"fails\": true}");
	level_is(f, "smart-water", NULL);
	judged = judgement_of(f, "smart-water", 2, NULL);
	one = json_array_get(json_object_get(json_object_get(judged, "judgement"), "policies"), 0);
	assert_non_null(strstr(json_str(one, "failed"), "as it was told"));
}

struct job_filing {
	struct job job;
	json_t *record;
};

static enum err run_filing(struct tx *tx, struct job *job)
{
	return tx_judge_filing(tx, ((struct job_filing *)job)->record);
}

/* The judgement of smart-water's newest filing, as its page shows it. */
static json_t *shown(struct fixture *f)
{
	json_auto_t *request = json_make("{s:s,s:I}", "do", "filing", "filing",
			    (json_int_t)latest_of(f->reg, "system", "smart-water")),
		    *reply = NULL;

	must(office_do(f->reg, request, NULL, &reply));
	return json_incref(json_object_get(reply, "judgement"));
}

static void readers_of_filings_share_a_judge_until_a_program_fails(void **state)
{
	struct fixture *f = *state;
	json_auto_t *first = NULL, *again = NULL, *failed = NULL, *after = NULL;
	const struct judge *judge;

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\"}"));
	first = shown(f);
	judge = f->reg->shown.judge;
	again = shown(f);
	assert_non_null(judge);
	assert_ptr_equal(judge, f->reg->shown.judge);
	assert_string_equal("high", json_str(first, "level"));
	assert_true(json_equal(first, again));
	file(f, "smart-water", record_of("high", "{\"fails\": true}"));
	failed = shown(f);
	assert_non_null(json_str(json_array_get(json_object_get(failed, "policies"), 0), "failed"));
	assert_null(f->reg->shown.judge);
	file(f, "smart-water", record_of("high", "{\"risk\": \"limited\"}"));
	after = shown(f);
	assert_string_equal("limited", json_str(after, "level"));
}

static void a_filing_is_told_all_that_the_policies_find_wrong(void **state)
{
	struct fixture *f = *state;
	json_auto_t *problems = json_array(),
		    *record = record_of("minimal", "{\"risk\": \"high\", \"presumed\": [\"p\"]}");
	struct job_filing job = {
		.job = {.run = run_filing, .problems = problems}, .record = record};
	AUTO(buf) rules = BUF(KIB);
	json_t *one;
	size_t i;

	must(reg_do(f->reg, &job.job)); /* nothing is in force */
	must(adopt(f, "small", NULL, 1));
	must(adopt(f, "two", NULL, 1));
	assert_int_equal(ERR_INVALID, reg_do(f->reg, &job.job));
	says("the record breaks 4 rules of the policies in force");
	json_array_foreach (problems, i, one)
		buf_printf(&rules, "%s ", json_str(one, "rule"));
	assert_string_equal("unknown_fact unassessed laxer unjustified ", buf_text(&rules));
}

static void *approve_slowly(void *arg)
{
	must(approve(arg, "smart-water"));
	return NULL;
}

/* The test keeps the judge busy, like a slow program. */
static void while_a_record_is_judged_a_question_is_written(void **state)
{
	struct fixture *f = *state;
	pthread_t approving;
	uint64_t before;

	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\"}"));
	before = reg_health(f->reg).commits;
	pthread_mutex_lock(&f->reg->judging.mutex);
	assert_int_equal(0, pthread_create(&approving, NULL, approve_slowly, f));
	while (reg_health(f->reg).commits ==
		before) /* until the approval was told to judge first */
		sched_yield();
	must(ask(f->reg, "smart-water", 1));
	level_is(f, "smart-water", NULL);
	pthread_mutex_unlock(&f->reg->judging.mutex);
	assert_int_equal(0, pthread_join(approving, NULL));
	level_is(f, "smart-water", "high");
}

static unsigned runs;
static enum err adopt_and_judge(struct tx *tx, struct job *job)
{
	json_auto_t *judgement = NULL;

	runs++;
	TRY(tx_add(tx,
		(struct draft){.type = "policy.adopted",
			.by = "office",
			.subject = "small",
			.members = json_make("{s:i}", "version", 1),
			.content = small_policy("small", NULL, 1)},
		NULL));
	TRY(tx_judge(tx, "smart-water", ((struct job_filing *)job)->record, NULL, &judgement));
	return strcmp(json_str(judgement, "level"), "high") == 0 ? OK : ERR_FALSE;
}

static void a_job_is_judged_by_the_policies_that_it_adopts_itself(void **state)
{
	struct fixture *f = *state;
	json_auto_t *record = record_of("high", "{\"risk\": \"high\"}");
	struct job_filing job = {.job = {.run = adopt_and_judge}, .record = record};

	runs = 0;
	must(reg_do(f->reg, &job.job));
	assert_true(runs > 1); /* others could not see them */
}

/* --- judging again --- */

static void a_changed_policy_judges_again_and_what_changed_is_listed_until_the_next_version(
	void **state)
{
	struct fixture *f = *state;
	json_auto_t *judged = NULL, *now = NULL;
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "limited", "{\"risk\": \"limited\", \"owed\": [\"a\"]}");
	publish(f, "civil-kiosk", "minimal", "{\"risk\": \"minimal\"}");
	attention_is(f, "");
	/* The second says high of what was limited, and the same of all else. */
	must(adopt(f, "small",
		SMALL_RULE " | if .level == \"limited\" then .level = \"high\" else . end", 2));
	judged = judgement_of(f, "smart-water", 2, NULL);
	assert_true(json_is_true(json_object_get(judged, "stale")));
	level_is(f, "smart-water", "limited");
	assert_int_equal(2, rejudge(f, &steps));
	assert_int_equal(1, steps);
	assert_int_equal(0, rejudge(f, &steps)); /* and not once more */
	level_is(f, "smart-water", "high");
	level_is(f, "civil-kiosk", "minimal");
	now = judgement_of(f, "smart-water", 2, NULL);
	assert_false(json_is_true(json_object_get(now, "stale")));
	assert_true(json_object_size(json_object_get(now, "changes")) > 0);
	attention_is(f, "smart-water");
	publish(f, "smart-water", "high", "{\"risk\": \"limited\", \"owed\": [\"a\"]}");
	attention_is(f, "");
}

static void a_day_shows_the_judgement_of_its_time(void **state)
{
	struct fixture *f = *state;
	json_auto_t *then = NULL, *now = NULL;
	char before[TIME_TEXT];
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "limited", "{\"risk\": \"limited\"}");
	clock_now += 86400;
	time_text(clock_now, before);
	must(adopt(f, "small",
		SMALL_RULE " | if .level == \"limited\" then .level = \"high\" else . end", 2));
	assert_int_equal(1, rejudge(f, &steps));
	then = judgement_of(f, "smart-water", 2, before);
	now = judgement_of(f, "smart-water", 2, NULL);
	assert_string_equal("limited", json_str(json_object_get(then, "judgement"), "level"));
	assert_string_equal("high", json_str(json_object_get(now, "judgement"), "level"));
}

static void what_was_judged_by_these_policies_is_not_judged_again(void **state)
{
	struct fixture *f = *state;
	json_t *judgement;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"risk\": \"high\"}");
	judgement = false_judgement(f, "minimal");
	assert_int_equal(ERR_CONFLICT, add(f, (struct draft){.type = "system.judged",
						      .by = "register",
						      .subject = "smart-water",
						      .members = json_make("{s:i}", "version", 2),
						      .content = json_incref(judgement)}));
	says("judged by these policies already");
	assert_int_equal(ERR_CONFLICT, add(f, (struct draft){.type = "system.judged",
						      .by = "register",
						      .subject = "smart-water",
						      .members = json_make("{s:i}", "version", 1),
						      .content = json_incref(judgement)}));
	says("is not the newest");
	assert_int_equal(ERR_NOT_FOUND, add(f, (struct draft){.type = "system.judged",
						       .by = "register",
						       .subject = "unheard",
						       .members = json_make("{s:i}", "version", 1),
						       .content = judgement}));
}

static void without_any_policy_left_records_have_no_level(void **state)
{
	struct fixture *f = *state;
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"risk\": \"high\", \"months\": 6}");
	must(retire(f, "small"));
	assert_int_equal(1, rejudge(f, &steps));
	level_is(f, "smart-water", NULL);
	attention_is(f, "smart-water");
	/* And what is published then carries no judgement. */
	publish(f, "smart-water", "minimal", "{\"risk\": \"high\"}");
	assert_null(judgement_of(f, "smart-water", 3, NULL));
}

static void retired_systems_stay_as_they_were_judged(void **state)
{
	struct fixture *f = *state;
	json_auto_t *judged = NULL;
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"risk\": \"high\"}");
	must(office(f->reg, json_make("{s:s,s:s,s:o}", "do", "retire", "system", "smart-water",
				    "reason", reason("끝났습니다."))));
	must(retire(f, "small"));
	assert_int_equal(0, rejudge(f, &steps));
	level_is(f, "smart-water", "high");
	judged = judgement_of(f, "smart-water", 2, NULL);
	assert_false(json_is_true(json_object_get(judged, "stale")));
	assert_int_equal(ERR_CONFLICT,
		add(f, (struct draft){.type = "system.judged",
			       .by = "register",
			       .subject = "smart-water",
			       .members = json_make("{s:i}", "version", 2),
			       .content = json_make("{s:n,s:[]}", "level", "policies")}));
	says("it stays as it was judged");
}

static void a_record_that_was_erased_is_judged_as_one_without_answers(void **state)
{
	struct fixture *f = *state;
	json_auto_t *version = NULL;
	const struct snapshot *snap;
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"risk\": \"high\"}");
	must(reg_read(f->reg, &snap));
	must(query_version(snap, "smart-water", 2, &version));
	reg_read_done(f->reg, snap);
	must(office(f->reg,
		json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", json_str(version, "sha256"),
			"reason", reason("이름이 있습니다."))));
	level_is(f, "smart-water", "high"); /* as it was published */
	must(adopt(f, "small", NULL, 2));
	assert_int_equal(1, rejudge(f, &steps));
	level_is(f, "smart-water", NULL);
}

/* 150 systems: more than two batches. */
static void many_records_are_judged_in_batches_and_others_get_their_turn(void **state)
{
	struct fixture *f = *state;
	json_auto_t *first = NULL;
	unsigned steps;

	for (unsigned i = 0; i < 149; i++) {
		AUTOFREE char *slug = mem_printf("system-%u", i);

		publish(f, slug, "high", "{\"risk\": \"high\"}");
	}
	must(adopt(f, "small", NULL, 1));
	first = do_office(f, "rejudge");
	assert_int_equal(64, json_num(first, "judged"));
	assert_int_equal(150 - 64, json_num(first, "left"));
	must(ask(f->reg, "smart-water", 1));
	publish(f, "system-148", "prohibited", "{\"risk\": \"high\"}"); /* judged with it */
	assert_true(rejudge(f, &steps) >= 150 - 64 - 1);
	assert_int_equal(2, steps);
	level_is(f, "system-0", "high");
	level_is(f, "system-148", "high");
	level_is(f, "smart-water", NULL); /* it has no answers */
}

static void note_trouble(const char *why)
{
	fprintf(stderr, "rejudge: %s\n", why);
	abort();
}

static void a_thread_of_the_server_goes_on_with_what_was_left(void **state)
{
	struct fixture *f = *state;
	struct rejudge *thread = NULL;
	json_auto_t *reply = NULL;

	publish(f, "smart-water", "high", "{\"risk\": \"high\"}");
	must(adopt(f, "small", NULL, 1));
	must(rejudge_start(f->reg, note_trouble, &thread));
	for (int i = 0; i < 12000; i++) {
		json_auto_t *system = system_of(f, "smart-water");

		if (json_str(system, "level"))
			break;
		usleep(10000);
	}
	rejudge_stop(thread);
	level_is(f, "smart-water", "high");
	reply = do_office(f, "policies");
	assert_int_equal(0, json_num(reply, "left"));
}

static void a_thread_that_is_told_to_stop_stops_at_once(void **state)
{
	struct fixture *f = *state;
	struct rejudge *thread = NULL;

	for (int i = 0; i < 20; i++) {
		must(rejudge_start(f->reg, note_trouble, &thread));
		rejudge_stop(TAKE(thread));
	}
	rejudge_stop(NULL);
}

/* --- reviews --- */

static void what_came_back_to_what_was_published_is_not_listed_any_more(void **state)
{
	struct fixture *f = *state;
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "limited", "{\"risk\": \"limited\"}");
	must(adopt(f, "small",
		SMALL_RULE " | if .level == \"limited\" then .level = \"high\" else . end", 2));
	rejudge(f, &steps);
	attention_is(f, "smart-water");
	must(adopt(f, "small", NULL, 3));
	rejudge(f, &steps);
	level_is(f, "smart-water", "limited");
	attention_is(f, "");
}

static int64_t at(const char *text)
{
	int64_t time = 0;

	must(time_parse(text, &time));
	return time;
}

static void a_review_is_due_so_many_months_after_the_judgement(void **state)
{
	static const struct {
		const char *at;
		int months;
		const char *due;
	} reviews[] = {
		{"2096-01-15T03:00:00Z", 1, "2096-02-15"},
		{"2096-01-31T03:00:00Z", 1, "2096-02-29"}, /* a leap year */
		{"2097-01-31T03:00:00Z", 1, "2097-02-28"},
		{"2097-08-31T03:00:00Z", 6, "2098-02-28"},
		{"2098-12-31T03:00:00Z", 2, "2099-02-28"},
		{"2099-12-01T03:00:00Z", 1, "2100-01-01"},
		{"2099-12-31T03:00:00Z", 2, "2100-02-28"}, /* no leap year */
		{"2100-03-31T03:00:00Z", 12, "2101-03-31"},
		{"2100-05-31T03:00:00Z", 24, "2102-05-31"},
		{"2100-12-31T03:00:00Z", 1199, "2200-11-30"},
	};
	struct fixture *f = *state;

	must(adopt(f, "small", NULL, 1));
	for (size_t i = 0; i < COUNT(reviews); i++) {
		AUTOFREE char *facts =
			mem_printf("{\"risk\": \"high\", \"months\": %d}", reviews[i].months);
		json_t *record = record_of("high", facts);

		clock_now = at(reviews[i].at);
		json_put(record, "name",
			json_make("{s:s,s:s}", "ko", reviews[i].at, "en", reviews[i].at));
		json_put(record, "revision_date", json_text("2999-01-01")); /* the earlier counts */
		file(f, "smart-water", record);
		must(approve(f, "smart-water"));
		review_is(f, reviews[i].due);
	}
}

static void a_review_counts_from_the_publication_whoever_judges_later(void **state)
{
	struct fixture *f = *state;
	json_t *record = record_of("high", "{\"risk\": \"high\", \"months\": 6}");
	unsigned steps;

	must(adopt(f, "small", NULL, 1));
	clock_now = at("2096-01-15T03:00:00Z");
	json_put(record, "revision_date", json_text("2999-01-01"));
	file(f, "smart-water", record);
	must(approve(f, "smart-water"));
	review_is(f, "2096-07-15");
	clock_now = at("2096-05-01T03:00:00Z");
	must(adopt(f, "small", SMALL_RULE " | if .review_months then .review_months = 3 else . end",
		2));
	rejudge(f, &steps);
	review_is(f, "2096-04-15"); /* and is overdue at once */
	attention_is(f, "smart-water");
}

static void of_two_days_the_earlier_one_is_when_a_review_is_due(void **state)
{
	struct fixture *f = *state;
	json_t *record = record_of("high", "{\"risk\": \"high\", \"months\": 6}");

	must(adopt(f, "small", NULL, 1));
	clock_now = at("2090-01-10T00:00:00Z");
	json_put(record, "revision_date", json_text("2090-03-01"));
	file(f, "smart-water", json_deep_copy(record));
	must(approve(f, "smart-water"));
	review_is(f, "2090-03-01");
	json_put(record, "revision_date", json_text("2091-03-01"));
	file(f, "smart-water", record);
	must(approve(f, "smart-water"));
	review_is(f, "2090-07-10");
}

/* --- since when the log has it --- */

/* A policy that asks since when the log has the assessments; its duties are named after the
 * answer. */
#define LOGGED_RULE                                                                                \
	"{level: null, reasons: [{rule: \"told\", basis: \"1\"}], duties: [.impact_assessments[]?" \
	" | {id: (.logged_on // \"none\"), basis: \"1\", met: true, fields: [\"goal\"]}]}"

static json_t *logged_policy(int n)
{
	json_t *content = small_policy("small", LOGGED_RULE, n),
	       *files = json_object_get(content, "files");
	json_auto_t *questions = json_loads(json_str(files, "questions.json"), 0, NULL);
	AUTO(buf) text = BUF(64 * KIB);

	json_put(questions, "logged",
		json_loads("{\"impact_assessments\": {\"claimed\": \"published_on\","
			   " \"same\": [\"kind\", \"date\"], \"any\": [\"url\", \"sha256\"]}}",
			0, NULL));
	json_canonical(questions, &text);
	json_put(files, "questions.json", json_text(buf_text(&text)));
	return content;
}

static enum err adopt_logged(struct fixture *f, int n)
{
	return office(f->reg, json_make("{s:s,s:s,s:o}", "do", "policy-adopt", "policy", "small",
				      "content", logged_policy(n)));
}

/* An assessment of that day: its address, result and claimed day. */
static json_t *assessment(
	const char *date, const char *url, const char *summary, const char *claimed)
{
	return json_make("{s:s,s:s,s:s*,s:{s:s,s:s},s:s*}", "kind", "dpia", "date", date, "url",
		url, "summary", "ko", summary, "en", summary, "published_on", claimed);
}

static void publish_assessed(struct fixture *f, json_t *assessments, const char *goal)
{
	json_t *record = record_of("minimal", "{\"risk\": \"minimal\"}");

	json_object_del(record, "impact_assessments");
	if (assessments)
		json_put(record, "impact_assessments", assessments);
	json_put(record, "goal", json_make("{s:s,s:s}", "ko", goal, "en", goal));
	file(f, "smart-water", record);
	must(approve(f, "smart-water"));
}

#define A "https://gimhae.example/a"
#define B "https://gimhae.example/b"

/* The days given to the newest judgement. */
static void told(struct fixture *f, const char *days)
{
	json_auto_t *system = system_of(f, "smart-water"),
		    *judged = judgement_of(f, "smart-water", json_num(system, "version"), NULL);
	const json_t *one = json_array_get(
			     json_object_get(json_object_get(judged, "judgement"), "policies"), 0),
		     *duty;
	AUTO(buf) list = BUF(KIB);
	size_t i;

	json_array_foreach (json_object_get(one, "duties"), i, duty)
		buf_printf(&list, "%s%s", i ? " " : "", json_str(duty, "id"));
	assert_string_equal(days, buf_text(&list));
}

static void it_is(const char *at)
{
	must(time_parse(at, &clock_now));
}

static void an_assessment_is_in_the_log_since_the_day_of_its_first_version(void **state)
{
	struct fixture *f = *state;

	it_is("2090-03-01T03:00:00Z");
	must(adopt_logged(f, 1));
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", "2090-01-10")), "1");
	told(f, "2090-03-01");
	it_is("2090-04-01T03:00:00Z"); /* other things change, a second one comes */
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A, "a", "2090-01-10"),
			assessment("2090-03-20", B, "b", "2090-03-20")),
		"2");
	told(f, "2090-03-01 2090-04-01");
	it_is("2090-05-01T03:00:00Z"); /* its words and its claim are put right */
	publish_assessed(
		f, json_make("[o]", assessment("2090-01-05", A, "more", "2090-03-01")), "2");
	told(f, "2090-03-01");
	it_is("2090-06-01T03:00:00Z"); /* another document, or one of another day, is another one */
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A "2", "a", "2090-01-10"),
			assessment("2090-01-04", A, "a", "2090-01-10")),
		"2");
	told(f, "2090-06-01 2090-06-01");
	it_is("2090-07-01T03:00:00Z"); /* taken out; then put back: the first version still has
	                                * it */
	publish_assessed(f, NULL, "2");
	told(f, "");
	it_is("2090-08-01T03:00:00Z");
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A, "a", NULL),
			assessment("2090-03-20", B, "b", "2090-03-20")),
		"3");
	told(f, "2090-03-01 2090-04-01");
}

static void an_assessment_that_nobody_can_read_has_no_day_in_the_log(void **state)
{
	struct fixture *f = *state;

	it_is("2090-03-01T03:00:00Z");
	must(adopt_logged(f, 1));
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", NULL, "a", NULL)), "1");
	told(f, "none");
	it_is("2090-04-01T03:00:00Z"); /* it is there since it can be read */
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", "2090-01-10")), "1");
	told(f, "2090-04-01");
}

static void a_day_of_the_log_begins_at_midnight_where_the_register_is(void **state)
{
	struct fixture *f = *state;

	it_is("2090-03-01T14:59:59Z");
	must(adopt_logged(f, 1));
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", NULL)), "1");
	told(f, "2090-03-01");
	it_is("2090-03-01T15:00:00Z");
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A, "a", NULL),
			assessment("2090-01-05", B, "b", NULL)),
		"1");
	told(f, "2090-03-01 2090-03-02");
	/* The zone moves on: from then on days are told by it, and what was told stays as it
	 * was. */
	must(office(f->reg, json_make("{s:s,s:s}", "do", "register-change", "timezone", "UTC")));
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A, "a", NULL),
			assessment("2090-01-05", B, "b", NULL)),
		"2");
	told(f, "2090-03-01 2090-03-01");
	must(office(
		f->reg, json_make("{s:s,s:s}", "do", "register-change", "timezone", "Asia/Seoul")));
}

static void a_policy_that_comes_later_is_told_of_the_versions_before_it(void **state)
{
	struct fixture *f = *state;
	unsigned steps;

	it_is("2090-03-01T03:00:00Z");
	must(adopt(f, "small", LOGGED_RULE, 1)); /* it asks nothing of the log */
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", "2090-01-10")), "1");
	told(f, "none");
	it_is("2090-04-01T03:00:00Z");
	publish_assessed(f,
		json_make("[oo]", assessment("2090-01-05", A, "a", "2090-01-10"),
			assessment("2090-01-05", B, "b", "2090-01-10")),
		"1");
	it_is("2090-05-01T03:00:00Z");
	must(adopt_logged(f, 2));
	assert_int_equal(1, rejudge(f, &steps));
	told(f, "2090-03-01 2090-04-01");
}

/* tear_down() verifies both: what was told before, and what is told since. */
static void a_version_that_was_erased_proves_nothing_any_more(void **state)
{
	struct fixture *f = *state;
	json_auto_t *version = NULL;
	unsigned steps;
	const struct snapshot *snap;

	it_is("2090-03-01T03:00:00Z");
	must(adopt_logged(f, 1));
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", NULL)), "1");
	it_is("2090-04-01T03:00:00Z");
	publish_assessed(f, json_make("[o]", assessment("2090-01-05", A, "a", NULL)), "2");
	told(f, "2090-03-01");
	must(reg_read(f->reg, &snap));
	must(query_version(snap, "smart-water", 2, &version));
	reg_read_done(f->reg, snap);
	must(office(f->reg,
		json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", json_str(version, "sha256"),
			"reason", reason("이름이 있습니다."))));
	told(f, "2090-03-01"); /* as it was judged */
	must(adopt_logged(f, 2));
	assert_int_equal(1, rejudge(f, &steps));
	told(f, "2090-04-01");
}

/* --- fulfilled by an event --- */

#define LISTED_RULE                                                                                       \
	"{level: null, reasons: [{rule: \"told\", basis: \"1\"}], duties: (if .status == \"in_use\" then" \
	" [{id: \"hand.over\", basis: \"1\", met: (.government_list != null), fields: [\"goal\"],"        \
	" due: \"2090-12-31\", event: {type: \"list.submitted\", list: \"kr-ai-service-list\"}}] else [] end)}"

static void publish_used(struct fixture *f, const char *slug, const char *status, const char *goal)
{
	json_t *record = record_of("minimal", "{\"risk\": \"minimal\"}");

	json_put(record, "status", json_text(status));
	json_put(record, "goal", json_make("{s:s,s:s}", "ko", goal, "en", goal));
	file(f, slug, record);
	must(approve(f, slug));
}

static void hand_over(struct fixture *f, const char *on)
{
	must(office(
		f->reg, json_make("{s:s,s:s,s:i,s:{s:s},s:s}", "do", "list-submitted", "file",
				"00000000000000000000000000000000000000000000000000000000000000ff",
				"services", 1, "to", "ko", "행정안전부", "on", on)));
}

/* How many of its duties are met; the due day of the first unmet one. */
static void has_met(struct fixture *f, const char *slug, int64_t n, const char *due)
{
	json_auto_t *system = system_of(f, slug);
	const char *is = json_str(system, "duty_due");

	if (json_num(system, "duties_met") != n || strcmp(is ? is : "", due) != 0)
		fail_msg("%s has met %lld, and has to do something by \"%s\"", slug,
			(long long)json_num(system, "duties_met"), is);
}

/* tear_down() compares with what a rebuild makes, and verifies. */
static void a_list_that_is_handed_over_fulfils_the_duty_of_what_is_on_it(void **state)
{
	struct fixture *f = *state;

	it_is("2090-03-01T03:00:00Z");
	must(adopt(f, "small", LISTED_RULE, 1));
	publish_used(f, "smart-water", "in_use", "1");
	publish_used(f, "civil-kiosk", "planned", "1");
	has_met(f, "smart-water", 0, "2090-12-31");
	it_is("2090-04-01T03:00:00Z");
	hand_over(f, "2020-01-01"); /* it was not published yet */
	has_met(f, "smart-water", 0, "2090-12-31");
	hand_over(f, "2090-03-01");
	has_met(f, "smart-water", 1, "");
	it_is("2090-05-01T03:00:00Z"); /* what changes since is still on it; what comes is not */
	publish_used(f, "smart-water", "in_use", "2");
	has_met(f, "smart-water", 1, "");
	publish_used(f, "civil-kiosk", "in_use", "1");
	has_met(f, "civil-kiosk", 0, "2090-12-31");
	hand_over(f, "2090-05-01");
	has_met(f, "smart-water", 1, "");
	has_met(f, "civil-kiosk", 1, "");
	publish_used(f, "civil-kiosk", "planned", "1"); /* it leaves the list, and comes back */
	publish_used(f, "civil-kiosk", "in_use", "1");
	has_met(f, "civil-kiosk", 0, "2090-12-31");
}

/* --- lies --- */

static void a_judgement_that_claims_an_earlier_day_of_the_log_is_found(void **state)
{
	struct fixture *f = *state;
	json_t *judgement, *record = record_of("minimal", "{\"risk\": \"minimal\"}"), *one;

	f->is_false = true;
	it_is("2090-03-01T03:00:00Z");
	must(adopt_logged(f, 1));
	json_put(record, "impact_assessments",
		json_make("[o]", assessment("2090-01-05", A, "a", "2090-01-10")));
	file(f, "smart-water", record);
	judgement = false_judgement(f, "minimal");
	one = json_array_get(json_object_get(judgement, "policies"), 0);
	json_put(judgement, "level", json_null());
	json_put(one, "level", json_null());
	json_put(one, "risk", json_null());
	json_put(one, "reasons", json_make("[{s:s,s:s}]", "rule", "told", "basis", "1"));
	json_put(one, "duties",
		json_make("[{s:s,s:s,s:b,s:[s]}]", "id", "2090-01-10", "basis", "1", "met", 1,
			"fields", "goal"));
	must(publish_with(f, 2, judgement));
	assert_int_equal(ERR_FALSE, verify(f));
	says("or give other reasons or duties");
}

static void a_false_level_is_found_by_who_runs_the_policies_again(void **state)
{
	struct fixture *f = *state;

	f->is_false = true;
	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("minimal", "{\"risk\": \"high\"}"));
	must(publish_with(f, 2, false_judgement(f, "minimal")));
	assert_int_equal(ERR_FALSE, verify(f));
	says("derive another level, or give other reasons or duties, than it says (level high, it "
	     "says minimal)");
}

static void a_duty_left_out_of_a_judgement_is_found(void **state)
{
	struct fixture *f = *state;

	f->is_false = true;
	must(adopt(f, "small", NULL, 1));
	file(f, "smart-water", record_of("high", "{\"risk\": \"high\", \"owed\": [\"a\"]}"));
	must(publish_with(f, 2, false_judgement(f, "high")));
	assert_int_equal(ERR_FALSE, verify(f));
	says("or give other reasons or duties");
}

static void a_false_judgement_of_a_record_judged_again_is_found(void **state)
{
	struct fixture *f = *state;

	f->is_false = true;
	publish(f, "smart-water", "minimal", "{\"risk\": \"high\"}");
	must(adopt(f, "small", NULL, 1));
	must(add(f, (struct draft){.type = "system.judged",
			    .by = "register",
			    .subject = "smart-water",
			    .members = json_make("{s:i}", "version", 2),
			    .content = false_judgement(f, "minimal")}));
	assert_int_equal(ERR_FALSE, verify(f));
	says("level high, it says minimal");
}

static void a_judgement_whose_bytes_were_changed_is_found(void **state)
{
	struct fixture *f = *state;
	struct db *db;

	must(adopt(f, "small", NULL, 1));
	publish(f, "smart-water", "high", "{\"risk\": \"high\"}");
	reg_close(TAKE(f->reg));
	must(verify(f));
	db = open_both(f->dir);
	must(db_exec(db, "CREATE TEMP TABLE was AS SELECT * FROM content"));
	must(db_exec(db, "UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), "
			 "'\"risk\":\"high\"', '\"risk\":null  ') AS BLOB) WHERE CAST(bytes AS "
			 "TEXT) LIKE '{\"level\"%'"));
	assert_int_equal(1, db_changes(db));
	assert_int_equal(ERR_FALSE, verify(f));
	says("its bytes have another SHA-256");
	must(db_exec(db, "UPDATE content SET bytes = (SELECT w.bytes FROM was w WHERE w.sha256 = "
			 "content.sha256)"));
	/* The read model's copy of it, too. */
	must(db_exec(db, "UPDATE system SET level = 'minimal'"));
	assert_int_equal(ERR_FALSE, verify(f));
	must(db_exec(db, "UPDATE system SET level = 'high'"));
	must(db_exec(db, "DELETE FROM judgement"));
	assert_int_equal(ERR_FALSE, verify(f));
	db_free(db);
	f->is_false = true;
	must(reg_open(f->dir, &test_env, &f->reg));
	must(reg_rebuild(f->reg)); /* tear_down() compares with what a rebuild makes */
}

static int make_original(void **state)
{
	(void)state;
	crypto_init();
	clock_now = start = env_now(&env_real);
	temp_dir(original);
	make_register(original, &test_env);
	return 0;
}

static int remove_original(void **state)
{
	(void)state;
	shell("rm -r %s", original);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_policy_is_adopted_again_and_retired_and_each_version_is_kept),
		TEST(what_came_back_to_what_was_published_is_not_listed_any_more),
		TEST(a_review_counts_from_the_publication_whoever_judges_later),
		TEST(a_policy_whose_own_cases_fail_is_not_adopted),
		TEST(a_policy_of_another_form_is_not_adopted),
		TEST(a_publication_carries_what_the_policies_say),
		TEST(a_publication_without_a_judgement_is_a_conflict_while_a_policy_is_in_force),
		TEST(a_publication_judged_by_other_policies_is_a_conflict),
		TEST(a_judgement_of_another_form_is_refused),
		TEST(a_laxer_publication_is_refused_and_a_stricter_one_passes),
		TEST(what_lowers_a_presumed_level_is_refused_without_a_justification),
		TEST(a_program_that_fails_publishes_with_its_failure_said),
		TEST(readers_of_filings_share_a_judge_until_a_program_fails),
		TEST(a_filing_is_told_all_that_the_policies_find_wrong),
		TEST(while_a_record_is_judged_a_question_is_written),
		TEST(a_job_is_judged_by_the_policies_that_it_adopts_itself),
		TEST(a_changed_policy_judges_again_and_what_changed_is_listed_until_the_next_version),
		TEST(a_day_shows_the_judgement_of_its_time),
		TEST(what_was_judged_by_these_policies_is_not_judged_again),
		TEST(without_any_policy_left_records_have_no_level),
		TEST(retired_systems_stay_as_they_were_judged),
		TEST(a_record_that_was_erased_is_judged_as_one_without_answers),
		TEST(many_records_are_judged_in_batches_and_others_get_their_turn),
		TEST(a_thread_of_the_server_goes_on_with_what_was_left),
		TEST(a_thread_that_is_told_to_stop_stops_at_once),
		TEST(a_review_is_due_so_many_months_after_the_judgement),
		TEST(of_two_days_the_earlier_one_is_when_a_review_is_due),
		TEST(an_assessment_is_in_the_log_since_the_day_of_its_first_version),
		TEST(an_assessment_that_nobody_can_read_has_no_day_in_the_log),
		TEST(a_day_of_the_log_begins_at_midnight_where_the_register_is),
		TEST(a_policy_that_comes_later_is_told_of_the_versions_before_it),
		TEST(a_version_that_was_erased_proves_nothing_any_more),
		TEST(a_list_that_is_handed_over_fulfils_the_duty_of_what_is_on_it),
		TEST(a_judgement_that_claims_an_earlier_day_of_the_log_is_found),
		TEST(a_false_level_is_found_by_who_runs_the_policies_again),
		TEST(a_duty_left_out_of_a_judgement_is_found),
		TEST(a_false_judgement_of_a_record_judged_again_is_found),
		TEST(a_judgement_whose_bytes_were_changed_is_found),
	};

	reg_readers(2); /* of many registers that are opened */
	return cmocka_run_group_tests(tests, make_original, remove_original);
}
