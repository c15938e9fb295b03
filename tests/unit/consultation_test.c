/* Public consultations before a system comes into use, if the city's rules require them. */
#include "tests/unit/small_register.h"

#include "base/zone.h"

static int64_t now; /* the tests' clock, which they advance by days */

static int64_t clock_of_tests(void *arg)
{
	(void)arg;
	return now;
}

struct fixture {
	char dir[64];
	struct reg *reg;
	struct env env;
};

static int setup(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	now = env_now(&env_real);
	f->env = (struct env){.now = clock_of_tests, .random = env_real.random};
	temp_dir(f->dir);
	make_register(f->dir, &f->env);
	must(reg_open(f->dir, &f->env, &f->reg));
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

static void refused(enum err is, enum err must_be, const char *why)
{
	if (is != must_be || !strstr(err_why(), why))
		fail_msg("%s: \"%s\" lacks \"%s\"", err_kind(is)->name, err_why(), why);
}

static void day(int days, char out[DAY_TEXT])
{
	must(zone_use("Asia/Seoul"));
	zone_day(now, days, out);
}

static enum err rules(struct fixture *f, const char *consultation)
{
	char from[DAY_TEXT];

	day(0, from);
	return office(f->reg, json_make("{s:s,s:s,s:s}", "do", "rules", "from", from,
				      "consultation", consultation));
}

/* Files "kiosk" as planned, in use …, and has it approved. */
static enum err publish(struct fixture *f, const char *status)
{
	static unsigned n;
	AUTO(signed_event) event = {0};
	AUTOFREE char *name = mem_printf("%s %u", status, n++);
	json_t *record = renamed("smart-water", name);

	json_put(record, "status", json_text(status));
	sign_filing(&f->env, "kiosk", record, latest_of(f->reg, "system", "kiosk"), &event);
	TRY(send_signed(f->reg, &event));
	return office(f->reg, json_make("{s:s,s:s}", "do", "approve", "system", "kiosk"));
}

struct job_event {
	struct job job;
	struct draft draft;
};

static enum err run_event(struct tx *tx, struct job *job)
{
	return tx_add(tx, ((struct job_event *)job)->draft, NULL);
}

static enum err happen(struct fixture *f, struct draft draft)
{
	struct job_event job = {.job.run = run_event, .draft = draft};

	return reg_do(f->reg, &job.job);
}

static enum err consult(struct fixture *f, int days)
{
	char closes[DAY_TEXT];

	day(days, closes);
	return happen(f, (struct draft){.type = "system.consultation_opened",
				 .by = "office",
				 .subject = "kiosk",
				 .members = json_make("{s:s}", "closes", closes),
				 .content = json_make("{s:{s:s}}", "question", "ko",
					 "이 안내기를 어디에 둘까요?")});
}

static enum err answer(struct fixture *f, int64_t opened)
{
	return happen(f,
		(struct draft){.type = "system.consultation_closed",
			.by = "office",
			.subject = "kiosk",
			.members = json_make("{s:I}", "opened", (json_int_t)opened),
			.content = json_make("{s:{s:s}}", "answer", "ko", "시청 1층에 둡니다.")});
}

static enum err write_to(struct fixture *f, unsigned n, const char *system, int64_t consultation)
{
	AUTOFREE char *id = mem_printf("%032x", n);

	return happen(f,
		(struct draft){.type = "feedback.received",
			.by = "citizen",
			.subject = id,
			.members = json_make("{s:s,s:I}", "system", system, "consultation",
				(json_int_t)consultation),
			.content = json_make("{s:s,s:s}", "text", "도서관에도요.", "lang", "ko")});
}

static void what_is_planned_comes_into_use_after_the_public_was_asked_and_answered(void **state)
{
	struct fixture *f = *state;
	int64_t opened;

	must(rules(f, "high"));
	refused(publish(f, "in_use"), ERR_CONFLICT, "ask for a public consultation");
	must(publish(f, "planned"));
	must(consult(f, 7));
	opened = latest_of(f->reg, "system", "kiosk");
	refused(publish(f, "in_use"), ERR_CONFLICT, "ask for a public consultation");
	must(write_to(f, 1, "kiosk", opened));
	refused(write_to(f, 2, "smart-water", opened), ERR_NOT_FOUND, "no such consultation");
	refused(write_to(f, 3, "kiosk", opened + 1), ERR_NOT_FOUND, "no such consultation");
	refused(answer(f, opened), ERR_CONFLICT, "may write until the end of");
	now += 8 * 86400;
	refused(write_to(f, 4, "kiosk", opened), ERR_CONFLICT, "closed on");
	refused(answer(f, opened + 1), ERR_CONFLICT, "was opened by entry");
	must(answer(f, opened));
	refused(answer(f, opened), ERR_CONFLICT, "no consultation");
	must(office(f->reg, json_make("{s:s,s:s}", "do", "approve", "system", "kiosk")));
	must(publish(f, "pilot"));
	dump_tables(f->dir, "live");
	must(office(f->reg, json_make("{s:s}", "do", "rebuild")));
	dump_tables(f->dir, "again");
	shell("cmp '%s/live' '%s/again'", f->dir, f->dir);
}

static void what_is_in_use_already_can_be_corrected(void **state)
{
	struct fixture *f = *state;

	must(publish(f, "in_use"));
	must(rules(f, "high"));
	must(publish(f, "in_use"));
	must(publish(f, "pilot"));
	refused(publish(f, "in_use"), ERR_CONFLICT, "ask for a public consultation");
}

static void other_levels_need_none(void **state)
{
	struct fixture *f = *state;

	must(rules(f, "prohibited"));
	must(publish(f, "in_use"));
}

static void one_consultation_at_a_time_about_what_people_can_read(void **state)
{
	struct fixture *f = *state;

	refused(consult(f, 7), ERR_NOT_FOUND, "no system");
	must(publish(f, "planned"));
	refused(consult(f, -1), ERR_INVALID, "not over");
	refused(consult(f, 400), ERR_INVALID, "within a year");
	must(consult(f, 0));
	refused(consult(f, 3), ERR_CONFLICT, "close that one first");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_planned_comes_into_use_after_the_public_was_asked_and_answered),
		TEST(what_is_in_use_already_can_be_corrected),
		TEST(other_levels_need_none),
		TEST(one_consultation_at_a_time_about_what_people_can_read),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
