/* Questions from receipt to answer: who sees what, and what remains when one is erased. */
#include "base/env.h"
#include "registry/event/mask.h"
#include "registry/query/query.h"
#include "registry/verify/verify.h"
#include "tests/unit/small_register.h"

#define SYSTEM "smart-water"

static char dir[64];
static struct reg *reg;

static int set_up(void **state)
{
	(void)state;
	temp_dir(dir);
	copy_register(dir);
	must(reg_open(dir, &env_real, &reg));
	return 0;
}

/* After every test a rebuild must make the same rows. */
static int tear_down(void **state)
{
	(void)state;
	if (is_to_be_rebuilt())
		assert_rebuilds(reg, dir);
	reg_close(TAKE(reg));
	shell("rm -rf %s", dir);
	return 0;
}

static enum err ask_in_general(unsigned n)
{
	struct job_ask a = question(NULL, n);

	return reg_do(reg, &a.job);
}

static const char *id_of(unsigned n)
{
	static char id[FEEDBACK_ID + 1];

	snprintf(id, sizeof(id), "%032x", n);
	return id;
}

static enum err decide(unsigned n, const char *what)
{
	json_t *request = json_make("{s:s,s:s}", "do", what, "feedback", id_of(n));

	if (!strcmp(what, "feedback-withhold"))
		json_put(request, "reason", reason("전화번호가 있습니다."));
	if (!strcmp(what, "feedback-answer"))
		json_put(request, "text", reason("그렇지 않습니다."));
	return office(reg, request);
}

static enum err department_answers(unsigned n)
{
	AUTO(signed_event) event = {0};
	struct skey key = department_key();

	must(sign_event(&key, &env_real, "feedback.answered", "feedback", id_of(n),
		latest_of(reg, "feedback", id_of(n)), NULL,
		json_make("{s:o}", "text", reason("부서의 답변입니다.")), &event));
	return send_signed(reg, &event);
}

struct job_withdraw {
	struct job job;
	json_t *request;
};

static enum err run_withdraw(struct tx *tx, struct job *job)
{
	json_auto_t *reply = json_object();

	return office_feedback_withdraw(tx, ((struct job_withdraw *)job)->request, reply);
}

static enum err withdraw(unsigned n)
{
	json_auto_t *request = json_make("{s:s}", "feedback", id_of(n));
	struct job_withdraw w = {.job.run = run_withdraw, .request = request};

	return reg_do(reg, &w.job);
}

static json_t *question_for(unsigned n, enum answers whose)
{
	json_t *out = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(query_question(snap, id_of(n), whose, &out));
	reg_read_done(reg, snap);
	return out;
}

static json_t *counts_of(const char *slug)
{
	json_t *out = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(slug ? query_feedback(snap, *slug ? slug : NULL, &out) : query_counts(snap, &out));
	reg_read_done(reg, snap);
	return out;
}

static size_t answers_seen(unsigned n, enum answers whose)
{
	json_auto_t *q = question_for(n, whose);

	return json_array_size(json_object_get(q, "answers"));
}

static size_t waiting(const char *list)
{
	json_auto_t *request = json_make("{s:s}", "do", "waiting"), *reply = NULL;

	must(office_do(reg, request, NULL, &reply));
	return json_array_size(json_object_get(reply, list));
}

/* May anybody have the content of the n-th question's i-th answer by its hash? */
static enum err answer_by_hash(unsigned n)
{
	static const struct sql hash = {
		"test.answer", "SELECT sha256 FROM answer WHERE feedback = ?1 LIMIT 1"};
	AUTO(rows) row = {0};
	char type[64];
	int64_t size;
	const struct snapshot *snap;
	enum err e;

	must(reg_read(reg, &snap));
	must(db_one(snap->model, &hash, BIND(text(id_of(n))), &row));
	e = query_content_state(snap, rows_text(&row, 0), NULL, &size, type);
	rows_done(&row);
	reg_read_done(reg, snap);
	return e;
}

static void assert_counts(const json_t *counts, const char *expected)
{
	json_auto_t *want = json_loads(expected, 0, NULL);
	const char *key;
	json_t *n;

	assert_non_null(want);
	json_object_foreach (want, key, n)
		if (json_integer_value(n) != json_num(counts, key))
			fail_msg("%s: %lld, not %lld", key, (long long)json_num(counts, key),
				(long long)json_integer_value(n));
}

static void the_answer_to_a_withheld_question_is_for_who_asked_alone(void **state)
{
	json_auto_t *q = NULL;

	(void)state;
	must(ask(reg, SYSTEM, 1));
	assert_int_equal(ERR_CONFLICT, decide(1, "feedback-answer"));
	must(decide(1, "feedback-withhold"));
	assert_int_equal(ERR_DENIED, department_answers(1));
	must(decide(1, "feedback-answer"));
	assert_int_equal(1, answers_seen(1, FOR_ITS_SENDER));
	assert_int_equal(0, answers_seen(1, FOR_EVERYONE));
	assert_int_equal(ERR_DENIED, answer_by_hash(1));
	q = question_for(1, FOR_EVERYONE);
	assert_true(json_is_true(json_object_get(q, "personally")));
}

static void a_personal_answer_stays_personal_when_the_question_is_published_after_all(void **state)
{
	(void)state;
	must(ask(reg, SYSTEM, 1));
	must(decide(1, "feedback-withhold"));
	must(decide(1, "feedback-answer"));
	must(office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish", "feedback", id_of(1),
				 "withheld", 1)));
	assert_int_equal(0, answers_seen(1, FOR_EVERYONE));
	assert_int_equal(ERR_DENIED, answer_by_hash(1));
	must(department_answers(1));
	assert_int_equal(1, answers_seen(1, FOR_EVERYONE));
	assert_int_equal(2, answers_seen(1, FOR_ITS_SENDER));
}

static void a_public_answer_closes_with_its_question_and_opens_with_it_again(void **state)
{
	(void)state;
	must(ask(reg, SYSTEM, 1));
	must(decide(1, "feedback-publish"));
	must(department_answers(1));
	must(answer_by_hash(1));
	must(decide(1, "feedback-withhold"));
	assert_int_equal(ERR_DENIED, answer_by_hash(1));
	must(office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish", "feedback", id_of(1),
				 "withheld", 1)));
	must(answer_by_hash(1));
}

static void what_was_withheld_is_published_only_by_who_knows_that_it_was(void **state)
{
	(void)state;
	must(ask(reg, SYSTEM, 1));
	must(decide(1, "feedback-withhold"));
	assert_int_equal(ERR_CONFLICT, decide(1, "feedback-publish"));
	assert_int_equal(
		ERR_CONFLICT, office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish",
						  "feedback", id_of(1), "withheld", 0)));
	must(office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish", "feedback", id_of(1),
				 "withheld", 1)));
}

static void a_withdrawn_question_is_gone_and_waits_for_nothing(void **state)
{
	json_auto_t *q = NULL, *of_system = NULL, *all = NULL;
	static const char *const after[] = {
		"feedback-publish", "feedback-withhold", "feedback-answer"};

	(void)state;
	must(ask(reg, SYSTEM, 1));
	must(ask(reg, SYSTEM, 2));
	must(decide(2, "feedback-publish"));
	must(withdraw(1));
	must(withdraw(2));
	assert_int_equal(ERR_CONFLICT, withdraw(1));
	assert_int_equal(ERR_NOT_FOUND, withdraw(3));
	for (size_t i = 0; i < COUNT(after); i++)
		assert_int_equal(ERR_CONFLICT, decide(1, after[i]));
	assert_int_equal(ERR_CONFLICT, department_answers(2));
	q = question_for(2, FOR_ITS_SENDER);
	assert_true(json_is_true(json_object_get(q, "withdrawn")));
	assert_true(json_is_true(json_object_get(q, "erased")));
	assert_true(json_is_null(json_object_get(q, "text")));
	assert_int_equal(0, waiting("feedback"));
	assert_int_equal(0, waiting("unanswered"));
	of_system = counts_of(SYSTEM);
	assert_counts(of_system,
		"{\"received\": 2, \"published\": 0, \"unpublished\": 0, \"erased\": 2}");
	assert_int_equal(0, json_array_size(json_object_get(of_system, "questions")));
	all = counts_of(NULL);
	assert_counts(all, "{\"feedback\": 2, \"waiting\": 0, \"undecided\": 0, \"erased\": 2}");
}

static void an_erased_question_waits_for_nothing_either(void **state)
{
	json_auto_t *q = NULL, *all = NULL;

	(void)state;
	for (unsigned n = 1; n <= 3; n++)
		must(ask(reg, SYSTEM, n));
	must(decide(1, "feedback-publish"));
	must(decide(2, "feedback-withhold"));
	for (unsigned n = 1; n <= 3; n++) {
		json_decref(TAKE(q));
		q = question_for(n, FOR_ITS_SENDER);
		must(office(reg, json_make("{s:s,s:O,s:o}", "do", "erase", "sha256",
					 json_object_get(q, "sha256"), "reason",
					 reason("개인정보가 있습니다."))));
	}
	assert_int_equal(0, waiting("feedback"));
	assert_int_equal(0, waiting("unanswered"));
	all = counts_of(NULL);
	assert_counts(all, "{\"feedback\": 3, \"waiting\": 0, \"withheld\": 0, \"undecided\": 0,"
			   " \"answered\": 0, \"erased\": 3}");
}

static void what_the_city_answered_stays_when_the_question_is_withdrawn(void **state)
{
	json_auto_t *of_system = NULL, *all = NULL;
	const json_t *one;

	(void)state;
	must(ask(reg, SYSTEM, 1));
	must(decide(1, "feedback-publish"));
	must(department_answers(1));
	must(withdraw(1));
	of_system = counts_of(SYSTEM);
	assert_counts(of_system, "{\"published\": 1, \"erased\": 0}");
	one = json_array_get(json_object_get(of_system, "questions"), 0);
	assert_true(json_is_true(json_object_get(one, "withdrawn")));
	assert_int_equal(1, json_array_size(json_object_get(one, "answers")));
	must(answer_by_hash(1));
	all = counts_of(NULL);
	assert_counts(all, "{\"answered\": 1, \"erased\": 0}");
}

static void a_question_about_no_system_is_the_office_s(void **state)
{
	json_auto_t *general = NULL, *of_system = NULL, *q = NULL;

	(void)state;
	must(ask_in_general(1));
	assert_int_equal(ERR_NOT_FOUND, ask(reg, "no-such-system", 2));
	assert_int_equal(1, waiting("feedback"));
	must(decide(1, "feedback-publish"));
	assert_int_equal(1, waiting("unanswered"));
	assert_int_equal(ERR_DENIED, department_answers(1));
	must(decide(1, "feedback-answer"));
	assert_int_equal(0, waiting("unanswered"));
	general = counts_of("");
	assert_counts(general, "{\"received\": 1, \"published\": 1}");
	assert_int_equal(1, json_array_size(json_object_get(general, "questions")));
	of_system = counts_of(SYSTEM);
	assert_counts(of_system, "{\"received\": 0}");
	q = question_for(1, FOR_EVERYONE);
	assert_true(json_is_null(json_object_get(q, "system")));
	must(withdraw(1));
}

static enum err withhold_for(unsigned n, const char *code, json_t *why)
{
	return office(reg, json_make("{s:s,s:s,s:s*,s:o*}", "do", "feedback-withhold", "feedback",
				   id_of(n), "code", code, "reason", why));
}

static void a_question_is_withheld_by_the_published_list_or_in_own_words_or_both(void **state)
{
	json_auto_t *q = NULL;

	(void)state;
	for (unsigned n = 1; n <= 4; n++)
		must(ask(reg, SYSTEM, n));
	assert_int_equal(ERR_INVALID, withhold_for(1, NULL, NULL));
	assert_int_equal(ERR_INVALID, withhold_for(1, "because", NULL));
	assert_non_null(strstr(err_why(), "personal-data, others-rights"));
	assert_int_equal(ERR_INVALID, withhold_for(1, "personal-data", json_object()));
	must(withhold_for(1, "personal-data", NULL));
	must(withhold_for(2, NULL, reason("전화번호가 있습니다.")));
	must(withhold_for(3, "advertising", reason("같은 글이 네 번 왔습니다.")));
	q = question_for(1, FOR_ITS_SENDER);
	assert_string_equal("personal-data", json_str(q, "code"));
	assert_true(json_is_null(json_object_get(q, "reason")));
	json_decref(TAKE(q));
	q = question_for(3, FOR_ITS_SENDER);
	assert_string_equal("advertising", json_str(q, "code"));
	assert_true(json_is_object(json_object_get(q, "reason")));
	must(office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish", "feedback", id_of(3),
				 "withheld", 1)));
	json_decref(TAKE(q));
	q = question_for(3, FOR_EVERYONE);
	assert_true(json_is_null(json_object_get(q, "code")));
	assert_true(json_is_null(json_object_get(q, "reason")));
}

static enum err ask_with(unsigned n, const char *text, const char *name)
{
	struct job_ask a = question(SYSTEM, n);

	a.text = text;
	a.name = name;
	return reg_do(reg, &a.job);
}

static enum err publish_masked(unsigned n, const char *word, bool name)
{
	return office(
		reg, json_make("{s:s,s:s,s:[s],s:b,s:b}", "do", "feedback-publish", "feedback",
			     id_of(n), "mask", word, "mask_name", name, "withheld", 1));
}

/* May anybody have this content by its hash? */
static enum err by_hash(const char *sha256)
{
	const struct snapshot *snap;
	char type[64];
	int64_t size;
	enum err e;

	must(reg_read(reg, &snap));
	e = query_content_state(snap, sha256, NULL, &size, type);
	reg_read_done(reg, snap);
	return e;
}

static enum err erase(const char *sha256)
{
	return office(reg, json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", sha256, "reason",
				   reason("개인정보가 있습니다.")));
}

static void what_is_masked_is_shown_as_such_and_what_was_asked_stays_sealed(void **state)
{
	json_auto_t *all = NULL, *own = NULL;

	(void)state;
	must(ask_with(1, "저는 김가야입니다. 010-1234-5678로 전화 주세요. 김가야", "김가야"));
	assert_int_equal(ERR_INVALID, publish_masked(1, "이나라", false));
	must(publish_masked(1, "김가야", true));
	all = question_for(1, FOR_EVERYONE);
	assert_string_equal(
		"저는 ▇▇▇입니다. 010-1234-5678로 전화 주세요. ▇▇▇", json_str(all, "text"));
	assert_string_equal("▇▇▇", json_str(all, "name"));
	assert_int_equal(ERR_DENIED, by_hash(json_str(all, "sha256")));
	must(by_hash(json_str(all, "masked")));
	own = question_for(1, FOR_ITS_SENDER);
	assert_non_null(strstr(json_str(own, "text"), "김가야입니다"));
	assert_string_equal(json_str(all, "text"), json_str(json_object_get(own, "shown"), "text"));
	/* The number was seen too late. */
	must(publish_masked(1, "010-1234-5678", false));
	assert_int_equal(ERR_DENIED, by_hash(json_str(all, "masked")));
	json_decref(TAKE(all));
	all = question_for(1, FOR_EVERYONE);
	assert_string_equal("저는 김가야입니다. ▇▇▇로 전화 주세요. 김가야", json_str(all, "text"));
	assert_int_equal(ERR_CONFLICT, decide(1, "feedback-publish"));
	must(decide(1, "feedback-withhold"));
	assert_int_equal(ERR_DENIED, by_hash(json_str(all, "masked")));
	must(office(reg, json_make("{s:s,s:s,s:b}", "do", "feedback-publish", "feedback", id_of(1),
				 "withheld", 1)));
	must(by_hash(json_str(all, "sha256")));
}

static void the_sealed_text_of_a_masked_question_can_be_erased_and_the_masked_one_stays(
	void **state)
{
	json_auto_t *all = NULL, *own = NULL, *counts = NULL;

	(void)state;
	must(ask_with(1, "김가야입니다. 왜요?", NULL));
	must(publish_masked(1, "김가야", false));
	all = question_for(1, FOR_EVERYONE);
	must(erase(json_str(all, "sha256")));
	own = question_for(1, FOR_ITS_SENDER);
	assert_true(json_is_true(json_object_get(own, "erased")));
	assert_true(json_is_integer(json_object_get(own, "gone")));
	json_decref(TAKE(all));
	all = question_for(1, FOR_EVERYONE);
	assert_string_equal("▇▇▇입니다. 왜요?", json_str(all, "text"));
	assert_int_equal(1, waiting("unanswered"));
	assert_int_equal(ERR_CONFLICT, publish_masked(1, "왜요", false));
	counts = counts_of(SYSTEM);
	assert_counts(counts, "{\"published\": 1, \"erased\": 0}");
	must(erase(json_str(all, "masked")));
	assert_int_equal(0, waiting("unanswered"));
	json_decref(TAKE(counts));
	counts = counts_of(SYSTEM);
	assert_counts(counts, "{\"published\": 0, \"erased\": 1}");
}

static void who_withdraws_a_masked_question_erases_all_that_was_ever_shown_of_it(void **state)
{
	json_auto_t *first = NULL, *second = NULL, *own = NULL;

	(void)state;
	must(ask_with(1, "김가야, 이나라입니다.", "김가야"));
	must(publish_masked(1, "김가야", true));
	first = question_for(1, FOR_EVERYONE);
	must(publish_masked(1, "이나라", true));
	second = question_for(1, FOR_EVERYONE);
	must(withdraw(1));
	assert_int_equal(ERR_GONE, by_hash(json_str(first, "masked")));
	assert_int_equal(ERR_GONE, by_hash(json_str(second, "masked")));
	assert_int_equal(ERR_GONE, by_hash(json_str(first, "sha256")));
	own = question_for(1, FOR_ITS_SENDER);
	assert_true(json_is_true(json_object_get(own, "withdrawn")));
	assert_true(json_is_true(json_object_get(own, "erased")));
}

static void a_masked_question_with_one_other_character_is_refused(void **state)
{
	static const struct {
		const char *text, *name;
		enum err expected;
	} cases[] = {
		{"▇▇▇는 왜 010에 있나요?", "김가야", OK},
		{"수도는 왜 ▇▇▇", "김가야", OK},
		{"▇▇▇", "▇▇▇", OK},
		{"수도는 왜 010에 있나요?", "▇▇▇", OK},
		{"수▇▇▇ 왜 ▇▇▇에 ▇▇▇요?", "김가야", OK},
		{"수도는 왜 010에 있나요?", "김가야", ERR_INVALID},    /* nothing is masked */
		{"수도는 왜 ▇▇▇ 있나요!", "김가야", ERR_INVALID},      /* another character */
		{"수도는 왜 ▇▇▇010에 있나요?", "김가야", ERR_INVALID}, /* a mask of nothing */
		{"수도는 왜 010에 있나요?▇▇▇", "김가야", ERR_INVALID},
		{"▇▇▇수도는 왜 010에 있나요?", "김가야", ERR_INVALID},
		{"수도는 ▇▇▇ 010 ▇▇▇?", "김가야", ERR_INVALID}, /* a blank put in */
		{"▇▇▇ 있나요? ▇▇▇ 왜", "김가야", ERR_INVALID},  /* another order */
		{"▇▇▇는 왜 010에 있나요?", NULL, ERR_INVALID},  /* the name left out */
		{"▇▇▇는 왜 010에 있나요?", "이나라", ERR_INVALID},
		{"", "김가야", ERR_INVALID},
	};
	json_auto_t *original = json_make(
		"{s:s,s:s,s:s}", "text", "수도는 왜 010에 있나요?", "lang", "ko", "name", "김가야");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_auto_t *content = json_make("{s:s,s:s,s:s*}", "text", cases[i].text, "lang",
			"ko", "name", cases[i].name);
		enum err e = mask_check(content, original);

		if (e != cases[i].expected)
			fail_msg("%s: %d", cases[i].text, e);
	}
}

/* In all contents, while no server has the register. */
static void reword(const char *from, const char *to)
{
	reg_close(TAKE(reg));
	shell("sqlite3 '%s/register.db' \"UPDATE content SET bytes ="
	      " CAST(replace(CAST(bytes AS TEXT), '%s', '%s') AS BLOB)\"",
		dir, from, to);
	must(reg_open(dir, &env_real, &reg));
}

/* A server that does not compare masks with the original accepts a text that says something else.
 * Afterwards the masked words return; they were never in the masked text. */
static void a_verification_finds_a_mask_over_words_that_nobody_asked(void **state)
{
	const struct verify folder = {.where = dir};
	struct verified result;
	json_auto_t *all = NULL;

	must(ask_with(1, "저는 김가야입니다. 수돗물이 맑나요?", NULL));
	must(publish_masked(1, "김가야", false));
	must(verify_register(&folder, &result));
	must(ask_with(2, "저는 이나라입니다. 수돗물이 흐려요.", NULL));
	reword("수돗물이 흐려요.", "수돗물이 좋아요.");
	must(publish_masked(2, "이나라", false));
	reword("저는 이나라입니다. 수돗물이 좋아요.", "저는 이나라입니다. 수돗물이 흐려요.");
	all = question_for(2, FOR_EVERYONE);
	assert_string_equal("저는 ▇▇▇입니다. 수돗물이 좋아요.", json_str(all, "text"));
	assert_refused(verify_register(&folder, &result), ERR_FALSE,
		"the masked question is not what was asked");
}

static void marks_around_words_mask_them_and_change_nothing_else(void **state)
{
	static const struct {
		const char *marked, *masked; /* NULL: refused */
	} cases[] = {
		{"[[김가야]]\n010 [[a]][[b]] 끝", "▇▇▇\n010 ▇▇▇ 끝"},
		{"김가야\n[[010 ab 끝]]", "김가야\n▇▇▇"},
		{"김가야\n010 ab 끝", NULL},
		{"김가야\n010 ab 끝[[]]", NULL},
		{"[[김가야\n010 ab 끝", NULL},
		{"김가야]]\n010 ab 끝", NULL},
		{"[[김가야]]\n010 ab 끝.", NULL},
	};
	json_auto_t *original = json_make("{s:s,s:s}", "text", "김가야\n010 ab 끝", "lang", "ko");

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		json_auto_t *made = NULL;
		enum err e = mask_marked(original, cases[i].marked, false, &made);

		assert_int_equal(cases[i].masked ? OK : ERR_INVALID, e);
		if (made)
			assert_string_equal(cases[i].masked, json_str(made, "text"));
	}
	assert_string_equal("{{", mask_marks("a [[b").open);
	assert_string_equal("[[", mask_marks("a {{b").open);
}

static enum err merge(unsigned n, unsigned into)
{
	char other[FEEDBACK_ID + 1];

	snprintf(other, sizeof(other), "%s", id_of(into));
	return office(reg, json_make("{s:s,s:s,s:s}", "do", "feedback-merge", "feedback", id_of(n),
				   "into", other));
}

static enum err part(unsigned n)
{
	return office(reg, json_make("{s:s,s:s}", "do", "feedback-part", "feedback", id_of(n)));
}

static void assert_state(unsigned n, const char *state, size_t answers)
{
	json_auto_t *q = question_for(n, FOR_ITS_SENDER);

	assert_string_equal(state, json_str(q, "state"));
	assert_int_equal(answers, json_array_size(json_object_get(q, "answers")));
}

static void the_answer_to_a_question_reaches_all_who_asked_the_same(void **state)
{
	json_auto_t *of_system = NULL, *all = NULL;

	(void)state;
	for (unsigned n = 1; n <= 4; n++)
		must(ask(reg, SYSTEM, n));
	must(decide(1, "feedback-publish"));
	must(decide(3, "feedback-publish"));
	must(merge(2, 1));
	must(merge(3, 1));
	assert_state(2, "merged", 0);
	assert_state(3, "published", 0);
	assert_int_equal(1, waiting("unanswered"));
	assert_int_equal(1, waiting("feedback"));
	of_system = counts_of(SYSTEM);
	assert_counts(of_system, "{\"received\": 4, \"published\": 2, \"merged\": 1,"
				 " \"unpublished\": 1, \"withheld\": 0, \"erased\": 0}");
	assert_int_equal(ERR_CONFLICT, department_answers(2));
	must(department_answers(1));
	assert_int_equal(0, waiting("unanswered"));
	assert_state(2, "merged", 1);
	assert_state(3, "published", 1);
	must(merge(4, 1)); /* later: the answer is there already */
	assert_state(4, "merged", 1);
	all = counts_of(NULL);
	assert_counts(all, "{\"feedback\": 4, \"answered\": 4, \"waiting\": 0, \"undecided\": 0}");
}

static void only_the_same_question_is_merged_and_nobody_is_led_in_a_circle(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 3; n++)
		must(ask(reg, SYSTEM, n));
	must(ask_in_general(4));
	must(decide(4, "feedback-publish"));
	assert_int_equal(ERR_CONFLICT, merge(2, 1)); /* nobody reads 1 yet */
	must(decide(1, "feedback-publish"));
	assert_int_equal(ERR_INVALID, merge(1, 1));
	assert_int_equal(ERR_INVALID, merge(2, 4));
	assert_int_equal(ERR_NOT_FOUND, merge(2, 9));
	must(decide(2, "feedback-publish"));
	must(merge(3, 2));
	assert_int_equal(ERR_CONFLICT, merge(3, 1));
	assert_int_equal(ERR_CONFLICT, merge(2, 3));
	must(merge(2, 1)); /* and what was merged into it follows */
	assert_int_equal(ERR_CONFLICT, merge(1, 2));
	must(department_answers(1));
	assert_state(3, "merged", 1);
	must(ask(reg, SYSTEM, 5));
	must(decide(5, "feedback-withhold"));
	assert_int_equal(ERR_CONFLICT, merge(5, 1));
}

static void a_question_that_is_parted_waits_for_an_answer_of_its_own(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 3; n++)
		must(ask(reg, SYSTEM, n));
	must(decide(1, "feedback-publish"));
	must(decide(3, "feedback-publish"));
	assert_int_equal(ERR_CONFLICT, part(2));
	must(merge(2, 1));
	must(merge(3, 1));
	must(department_answers(1));
	must(part(2));
	must(part(3));
	assert_state(2, "received", 0);
	assert_state(3, "published", 0);
	assert_int_equal(1, waiting("feedback"));
	assert_int_equal(1, waiting("unanswered"));
	must(merge(2, 3));
	must(decide(3, "feedback-withhold")); /* its answers are for one person alone from now on */
	assert_state(2, "received", 0);
	assert_int_equal(1, waiting("feedback"));
}

static void a_merged_question_outlives_the_other_s_withdrawal_as_far_as_it_was_answered(
	void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 4; n++)
		must(ask(reg, SYSTEM, n));
	must(decide(1, "feedback-publish"));
	must(decide(3, "feedback-publish"));
	must(merge(2, 1));
	must(merge(4, 3));
	must(department_answers(1));
	must(withdraw(1));
	must(withdraw(3));
	assert_state(2, "merged", 1);
	assert_state(4, "received", 0);
	must(withdraw(2));
	assert_int_equal(1, waiting("feedback"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

struct job_sweep {
	struct job job;
	json_t *ids;
	int64_t questions;
};

static enum err run_sweep(struct tx *tx, struct job *job)
{
	struct job_sweep *j = (struct job_sweep *)job;

	return tx_add(tx,
		(struct draft){.type = "feedback.swept",
			.by = "office",
			.subject = ORIGIN,
			.members = json_make("{s:I}", "questions", (json_int_t)j->questions),
			.content = json_make("{s:o}", "feedback", j->ids)},
		NULL);
}

static void assert_sweep(enum err expected, const char *why, int64_t questions, json_t *ids)
{
	struct job_sweep j = {.job.run = run_sweep, .ids = ids, .questions = questions};

	assert_int_equal(reg_do(reg, &j.job), expected);
	if (expected && !strstr(err_why(), why))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), why);
}

static json_t *ids_of(unsigned a, unsigned b)
{
	json_t *ids = json_array();

	json_push(ids, json_text(id_of(a)));
	json_push(ids, json_text(id_of(b)));
	return ids;
}

/* Each tear-down rebuilds and compares. */
static void a_flood_is_taken_out_by_a_list_of_undecided_questions(void **state)
{
	(void)state;
	for (unsigned n = 1; n <= 4; n++)
		must(ask(reg, SYSTEM, n));
	must(decide(4, "feedback-publish"));
	assert_sweep(ERR_INVALID, "as many as", 3, ids_of(1, 2));
	assert_sweep(ERR_INVALID, "the ids must be sorted and unique", 2, ids_of(2, 1));
	assert_sweep(ERR_INVALID, "sorted and unique", 2, ids_of(2, 2));
	assert_sweep(ERR_NOT_FOUND, "no feedback", 2, ids_of(2, 9));
	assert_sweep(ERR_CONFLICT, "was decided on", 2, ids_of(2, 4));
	assert_sweep(OK, NULL, 2, ids_of(1, 2));
	assert_sweep(ERR_CONFLICT, "was decided on", 2, ids_of(2, 3));
	assert_int_equal(ERR_CONFLICT, decide(1, "feedback-publish"));
	must(decide(3, "feedback-publish"));
	must(decide(1, "feedback-answer")); /* only to the person who asked */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_flood_is_taken_out_by_a_list_of_undecided_questions),
		TEST(the_answer_to_a_withheld_question_is_for_who_asked_alone),
		TEST(a_personal_answer_stays_personal_when_the_question_is_published_after_all),
		TEST(a_public_answer_closes_with_its_question_and_opens_with_it_again),
		TEST(what_was_withheld_is_published_only_by_who_knows_that_it_was),
		TEST(a_withdrawn_question_is_gone_and_waits_for_nothing),
		TEST(an_erased_question_waits_for_nothing_either),
		TEST(what_the_city_answered_stays_when_the_question_is_withdrawn),
		TEST(a_question_about_no_system_is_the_office_s),
		TEST(the_answer_to_a_question_reaches_all_who_asked_the_same),
		TEST(only_the_same_question_is_merged_and_nobody_is_led_in_a_circle),
		TEST(a_question_that_is_parted_waits_for_an_answer_of_its_own),
		TEST(a_merged_question_outlives_the_other_s_withdrawal_as_far_as_it_was_answered),
		TEST(what_is_masked_is_shown_as_such_and_what_was_asked_stays_sealed),
		TEST(the_sealed_text_of_a_masked_question_can_be_erased_and_the_masked_one_stays),
		TEST(who_withdraws_a_masked_question_erases_all_that_was_ever_shown_of_it),
		TEST(a_masked_question_with_one_other_character_is_refused),
		TEST(a_verification_finds_a_mask_over_words_that_nobody_asked),
		TEST(marks_around_words_mask_them_and_change_nothing_else),
		TEST(a_question_is_withheld_by_the_published_list_or_in_own_words_or_both),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
