/* A department declares that it uses no AI; and the events that end this. */
#include "registry/query/coverage.h"
#include "registry/query/query.h"
#include "tests/unit/open_register.h"

#include <time.h>

#define TODAY "2026-06-01"

static json_t *statement(const char *ko)
{
	return json_make("{s:{s:s}}", "statement", "ko", ko);
}

/* Signed by the test department's key, in the name of `slug`; takes ownership of the content. */
static enum err declare_as(const char *slug, json_t *content)
{
	return send_about(reg, "department.declared_none", "department", slug, NULL, content);
}

static enum err declare(const char *ko)
{
	return declare_as(DEPARTMENT, statement(ko));
}

static void retire(const char *slug)
{
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "retire", "system", slug, "reason",
				 reason("다 썼습니다."))));
}

static json_t *department_on(const char *today)
{
	json_t *department = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(coverage_department(snap, DEPARTMENT, today, &department));
	reg_read_done(reg, snap);
	return department;
}

static void assert_coverage(const char *expected)
{
	json_auto_t *department = department_on(TODAY);

	assert_string_equal(json_str(department, "coverage"), expected);
	assert_int_equal(json_is_object(json_object_get(department, "declared")),
		strcmp(expected, "declared_none") == 0);
}

static void assert_counts(const char *today, const char *expected)
{
	AUTO(buf) text = BUF(KIB);
	json_auto_t *counts = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(coverage_counts(snap, today, &counts));
	reg_read_done(reg, snap);
	json_canonical(counts, &text);
	assert_string_equal(buf_text(&text), expected);
}

static void who_has_a_system_that_is_not_retired_cannot_declare(void **state)
{
	(void)state;
	assert_coverage("systems");
	assert_refused(declare("쓰지 않습니다."), ERR_CONFLICT,
		"waterworks has 1 system in this register that is not retired (\"smart-water\")");
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "suspend", "system", "smart-water",
				 "reason", reason("고장"))));
	assert_refused(declare("쓰지 않습니다."), ERR_CONFLICT, "not retired");
	assert_coverage("systems");
}

static void who_retired_all_may_declare(void **state)
{
	(void)state;
	retire("smart-water");
	assert_coverage("systems");
	must(declare("이제 쓰지 않습니다."));
	assert_coverage("declared_none");
	assert_counts(TODAY,
		"{\"declared_none\":1,\"departments\":1,\"old\":0,\"silent\":0,\"systems\":0}");
	assert_rebuilds(reg, dir);
	assert_coverage("declared_none");
}

static void a_department_without_anything_is_silent(void **state)
{
	(void)state;
	must(office(reg, json_make("{s:s,s:s,s:{s:s}}", "do", "department-add", "department",
				 "parks", "name", "en", "Parks")));
	assert_counts(TODAY,
		"{\"declared_none\":0,\"departments\":2,\"old\":0,\"silent\":1,\"systems\":1}");
}

static void a_publication_ends_the_declaration_and_a_filing_does_not(void **state)
{
	AUTO(signed_event) event = {0};
	json_auto_t *department = NULL;

	(void)state;
	retire("smart-water");
	must(declare("쓰지 않습니다."));
	sign_filing(&env_real, "new-one", renamed("smart-water", "새 시스템"), -1, &event);
	must(send_signed(reg, &event));
	assert_coverage("declared_none");
	must(office(reg, json_make("{s:s,s:s}", "do", "approve", "system", "new-one")));
	assert_coverage("systems");
	assert_rebuilds(reg, dir);
	retire("new-one");
	assert_coverage("systems"); /* a lapsed declaration stays lapsed */
	department = department_on(TODAY);
	assert_int_equal(1, json_array_size(json_object_get(department, "declarations")));
	assert_true(json_is_false(json_object_get(
		json_array_get(json_object_get(department, "declarations"), 0), "renewed")));
	must(declare("다시 쓰지 않습니다."));
	assert_coverage("declared_none");
}

static void a_declaration_can_be_renewed_and_the_newest_stands(void **state)
{
	json_auto_t *department = NULL;
	const json_t *all, *oldest;

	(void)state;
	retire("smart-water");
	must(declare("쓰지 않습니다."));
	must(declare("올해도 쓰지 않습니다."));
	department = department_on(TODAY);
	all = json_object_get(department, "declarations");
	assert_int_equal(json_array_size(all), 2);
	oldest = json_array_get(all, 1);
	assert_true(json_is_true(json_object_get(oldest, "renewed")));
	assert_int_equal(
		json_num(oldest, "ended_entry"), json_num(json_array_get(all, 0), "entry"));
	assert_string_equal(
		json_str(json_object_get(json_object_get(department, "declared"), "statement"),
			"ko"),
		"올해도 쓰지 않습니다.");
	assert_rebuilds(reg, dir);
}

static void after_a_year_a_declaration_is_old_and_stands_on(void **state)
{
	char year[16], day_after[16];
	time_t now = time(NULL), later = now + (time_t)367 * 24 * 3600;
	json_auto_t *fresh = NULL, *old = NULL;
	const char *renew_by;
	struct tm tm;

	(void)state;
	retire("smart-water");
	must(declare("쓰지 않습니다."));
	gmtime_r(&later, &tm);
	strftime(day_after, sizeof(day_after), "%Y-%m-%d", &tm);
	fresh = department_on(TODAY);
	renew_by = json_str(json_object_get(fresh, "declared"), "renew_by");
	snprintf(year, sizeof(year), "%s", renew_by);
	assert_true(json_is_false(json_object_get(json_object_get(fresh, "declared"), "old")));
	assert_counts(year,
		"{\"declared_none\":1,\"departments\":1,\"old\":0,\"silent\":0,\"systems\":0}");
	old = department_on(day_after);
	assert_true(json_is_true(json_object_get(json_object_get(old, "declared"), "old")));
	assert_string_equal(json_str(old, "coverage"), "declared_none");
	assert_counts(day_after,
		"{\"declared_none\":1,\"departments\":1,\"old\":1,\"silent\":0,\"systems\":0}");
}

static void nobody_declares_for_another_department(void **state)
{
	(void)state;
	must(office(reg, json_make("{s:s,s:s,s:{s:s}}", "do", "department-add", "department",
				 "parks", "name", "en", "Parks")));
	assert_refused(declare_as("parks", statement("쓰지 않습니다.")), ERR_DENIED,
		"waterworks signed, but the declaration is in the name of parks");
	assert_refused(
		declare_as("nowhere", statement("쓰지 않습니다.")), ERR_NOT_FOUND, "nowhere");
}

static void a_declaration_needs_its_statement_and_nothing_else(void **state)
{
	(void)state;
	retire("smart-water");
	assert_refused(declare_as(DEPARTMENT, json_object()), ERR_INVALID, "statement");
	assert_refused(declare_as(DEPARTMENT,
			       json_make("{s:{s:s},s:s}", "statement", "ko", "없음", "more", "x")),
		ERR_INVALID, "{\"statement\": …, \"salt\": …}");
	assert_refused(declare_as(DEPARTMENT, json_make("{s:s}", "statement", "없음")), ERR_INVALID,
		"the statement");
	assert_refused(declare(""), ERR_INVALID, "the statement");
	assert_coverage("systems");
}

static void a_statement_that_was_erased_still_stands(void **state)
{
	static const struct sql newest = {"test.newest", "SELECT sha256 FROM declared_none"};
	json_auto_t *department = NULL;
	AUTOFREE char *sha256 = NULL;
	AUTO(rows) row = {0};
	const struct snapshot *snap;

	(void)state;
	retire("smart-water");
	must(declare("담당 홍길동, 쓰지 않습니다."));
	must(reg_read(reg, &snap));
	must(db_one(snap->model, &newest, BIND_NONE, &row));
	sha256 = rows_dup(&row, 0);
	rows_done(&row);
	reg_read_done(reg, snap);
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", sha256, "reason",
				 reason("이름이 있어 지웁니다."))));
	department = department_on(TODAY);
	assert_string_equal(json_str(department, "coverage"), "declared_none");
	assert_true(json_is_null(
		json_object_get(json_object_get(department, "declared"), "statement")));
	assert_rebuilds(reg, dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(who_has_a_system_that_is_not_retired_cannot_declare),
		TEST(who_retired_all_may_declare),
		TEST(a_department_without_anything_is_silent),
		TEST(a_publication_ends_the_declaration_and_a_filing_does_not),
		TEST(a_declaration_can_be_renewed_and_the_newest_stands),
		TEST(after_a_year_a_declaration_is_old_and_stands_on),
		TEST(nobody_declares_for_another_department),
		TEST(a_declaration_needs_its_statement_and_nothing_else),
		TEST(a_statement_that_was_erased_still_stands),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
