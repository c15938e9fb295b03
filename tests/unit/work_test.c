/* Lists of pending work: their items, whose they are, and how pages continue. */
#include "registry/query/work.h"

#include "tests/unit/open_register.h"

static void file(const char *slug)
{
	AUTOFREE char *name = mem_printf("%s %d", slug, rand());
	AUTO(signed_event) event = {0};

	sign_filing(reg_env(reg), slug, renamed("smart-water", name),
		latest_of(reg, "system", slug), &event);
	must(send_signed(reg, &event));
}

static void decide(const char *what, const char *slug)
{
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", what, "system", slug, "reason",
				 reason("고쳐 주세요."))));
}

/* The items of a list, "a b c", by system or by another member, and whether the count agrees. */
static void assert_list(
	enum work list, const struct work_filter *f, const char *member, const char *expected)
{
	struct work_filter counted = {
		.department = f->department, .before = f->before, .limit = 100};
	AUTO(buf) found = BUF(4 * KIB);
	json_auto_t *rows = NULL;
	const struct snapshot *snap;
	const json_t *row;
	int64_t n;
	size_t i;

	counted.undecided = f->undecided;
	must(reg_read(reg, &snap));
	must(work_rows(snap, list, f, &rows));
	must(work_count(snap, list, &counted, &n));
	reg_read_done(reg, snap);
	json_array_foreach (rows, i, row)
		buf_printf(&found, "%s%s", i ? " " : "", json_str(row, member));
	assert_string_equal(buf_text(&found), expected);
	if (f->limit < 0 && !f->after)
		assert_int_equal(n, json_array_size(rows));
}

static const struct work_filter all = {.limit = -1}, own = {.department = DEPARTMENT, .limit = -1},
				others = {.department = "elsewhere", .limit = -1};

static void what_was_returned_is_listed_until_it_is_filed_again(void **state)
{
	(void)state;
	file("one");
	file("two");
	assert_list(WORK_FILINGS, &all, "system", "one two");
	assert_list(WORK_FILINGS, &own, "system", "one two");
	assert_list(WORK_FILINGS, &others, "system", "");
	decide("return", "one");
	assert_list(WORK_FILINGS, &all, "system", "two");
	assert_list(WORK_RETURNED, &all, "system", "one");
	assert_list(WORK_RETURNED, &own, "system", "one");
	assert_rebuilds(reg, dir);
	file("one");
	assert_list(WORK_RETURNED, &own, "system", "");
	assert_list(WORK_FILINGS, &own, "system", "two one");
}

static void what_is_retired_waits_for_nobody_to_file_it_again(void **state)
{
	(void)state;
	file("smart-water");
	decide("return", "smart-water");
	assert_list(WORK_RETURNED, &all, "system", "smart-water");
	decide("retire", "smart-water");
	assert_list(WORK_RETURNED, &all, "system", "");
	assert_rebuilds(reg, dir);
}

static void a_page_of_a_list_begins_after_the_last_row_of_the_page_before(void **state)
{
	static const char *const slugs[] = {"a", "b", "c", "d", "e"};
	struct work_filter f = {.department = DEPARTMENT, .limit = 2};
	const struct snapshot *snap;
	json_auto_t *rows = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(slugs); i++)
		file(slugs[i]);
	assert_list(WORK_FILINGS, &f, "system", "a b");
	must(reg_read(reg, &snap));
	must(work_rows(snap, WORK_FILINGS, &f, &rows));
	reg_read_done(reg, snap);
	f.after = json_str(json_array_get(rows, 1), "cursor");
	assert_non_null(f.after);
	assert_list(WORK_FILINGS, &f, "system", "c d");
	f.department = NULL;
	f.limit = -1;
	assert_list(WORK_FILINGS, &f, "system", "c d e");
	f.after = "no cursor of ours";
	assert_list(WORK_FILINGS, &f, "system", "");
}

static void a_count_ends_at_its_limit(void **state)
{
	const struct snapshot *snap;
	int64_t n;

	(void)state;
	file("one");
	file("two");
	file("three");
	must(reg_read(reg, &snap));
	must(work_count(snap, WORK_FILINGS, &(struct work_filter){.limit = 2}, &n));
	reg_read_done(reg, snap);
	assert_int_equal(n, 2);
}

static void questions_wait_until_they_are_answered_and_only_the_office_sees_the_undecided(
	void **state)
{
	static const char one[] = "00000000000000000000000000000001",
			  two[] = "00000000000000000000000000000002";
	const struct work_filter office_sees = {.undecided = true, .limit = -1};
	AUTOFREE char *both = mem_printf("%s %s", one, two);

	(void)state;
	must(ask(reg, "smart-water", 1));
	must(ask(reg, NULL, 2));
	assert_list(WORK_QUESTIONS, &office_sees, "id", both);
	assert_list(WORK_QUESTIONS, &own, "id", "");
	assert_list(WORK_QUESTIONS, &all, "id", "");
	must(office(reg, json_make("{s:s,s:s}", "do", "feedback-publish", "feedback", one)));
	assert_list(WORK_QUESTIONS, &own, "id", one);
	assert_list(WORK_QUESTIONS, &others, "id", "");
	assert_list(WORK_QUESTIONS, &office_sees, "id", both);
	must(office(reg, json_make("{s:s,s:s,s:{s:s}}", "do", "feedback-answer", "feedback", one,
				 "text", "ko", "아닙니다.")));
	assert_list(WORK_QUESTIONS, &own, "id", "");
	assert_list(WORK_QUESTIONS, &office_sees, "id", two);
}

static void a_department_is_silent_from_a_year_after_it_filed_last(void **state)
{
	struct work_filter f = {.before = "9999-01-01", .limit = -1};

	(void)state;
	assert_list(WORK_SILENT, &f, "department", DEPARTMENT);
	f.department = DEPARTMENT;
	assert_list(WORK_SILENT, &f, "department", DEPARTMENT);
	f.before = "2000-01-01";
	assert_list(WORK_SILENT, &f, "department", "");
	f.department = "elsewhere";
	f.before = "9999-01-01";
	assert_list(WORK_SILENT, &f, "department", "");
}

static void reviews_are_listed_by_their_day(void **state)
{
	struct work_filter f = {.before = "9999-01-01", .limit = -1};

	(void)state;
	assert_list(WORK_REVIEWS, &f, "system", "smart-water");
	f.department = DEPARTMENT;
	assert_list(WORK_REVIEWS, &f, "system", "smart-water");
	f.before = "2000-01-01";
	assert_list(WORK_REVIEWS, &f, "system", "");
	f.before = "9999-01-01";
	decide("retire", "smart-water");
	assert_list(WORK_REVIEWS, &f, "system", "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_returned_is_listed_until_it_is_filed_again),
		TEST(what_is_retired_waits_for_nobody_to_file_it_again),
		TEST(a_page_of_a_list_begins_after_the_last_row_of_the_page_before),
		TEST(a_count_ends_at_its_limit),
		TEST(questions_wait_until_they_are_answered_and_only_the_office_sees_the_undecided),
		TEST(a_department_is_silent_from_a_year_after_it_filed_last),
		TEST(reviews_are_listed_by_their_day),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
