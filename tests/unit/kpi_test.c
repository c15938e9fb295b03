/* Figures: valid ones, tables of them, and how reports are grouped. */
#include "registry/event/figure.h"
#include "registry/event/figure_sheet.h"
#include "registry/query/figures.h"
#include "tests/unit/open_register.h"

#define SYSTEM "smart-water"
#define LATEST "2026-11-30T00:00:00Z"

static json_t *parsed(const char *text)
{
	json_t *value;

	must(json_read(text, strlen(text), MIB, RULES_STRICT, &value));
	return value;
}

static enum err report(const char *content)
{
	return send_about(reg, "kpi.reported", "system", SYSTEM, NULL, parsed(content));
}

#define FIGURE(name, period, value)                                            \
	"{\"indicator\":" name ",\"period\":\"" period "\",\"value\":\"" value \
	"\",\"unit\":\"percent\"}"
#define REPORT(figures) "{\"figures\":[" figures "]}"
#define LEAKS "{\"ko\":\"누수\"}"
#define LEAKS_BOTH "{\"en\":\"Leaks\",\"ko\":\"누수\"}"
#define LEAKS_EN "{\"en\":\"Leaks\"}"

static void assert_figures(const char *expected)
{
	const struct snapshot *snap;
	json_auto_t *all = NULL;
	json_t *series, *one;
	AUTO(buf) text = BUF(MIB);
	size_t i, k;

	must(reg_read(reg, &snap));
	must(figures_of(snap, SYSTEM, NULL, &all));
	reg_read_done(reg, snap);
	json_array_foreach (all, i, series) {
		json_canonical(json_object_get(series, "indicator"), &text);
		json_array_foreach (json_object_get(series, "figures"), k, one) {
			buf_printf(
				&text, " %s=%s", json_str(one, "period"), json_str(one, "value"));
			if (json_array_size(json_object_get(one, "earlier")))
				buf_printf(&text, "(%s)",
					json_str(json_array_get(json_object_get(one, "earlier"), 0),
						"value"));
		}
		buf_puts(&text, ";");
	}
	assert_string_equal(buf_text(&text), expected);
}

static void a_decimal_is_what_people_write_and_nothing_else(void **state)
{
	static const char *const good[] = {
		"0", "-1", "87.5", "0.050", "123456789012345", "-12345678901234.5"};
	static const char *const bad[] = {"", "-", "+1", "01", "1.", ".5", "1,000", "1e3", "NaN",
		"0x10", "1 ", " 1", "1234567890123456", "--1", "1.2.3", "٣"};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		if (!figure_is_decimal(good[i]))
			fail_msg("%s is a decimal", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (figure_is_decimal(bad[i]))
			fail_msg("\"%s\" is no decimal", bad[i]);
	assert_true(figure_compare("9.95", "10") < 0);
	assert_true(figure_compare("-2", "-10") > 0);
	assert_int_equal(figure_compare("5", "5.0"), 0);
}

static void a_period_is_a_month_a_quarter_or_a_year(void **state)
{
	static const char *const bad[] = {"", "26", "2026-", "2026-13", "2026-00", "2026-Q0",
		"2026-Q5", "2026-Q", "2026-Q11", "2026-1", "2026-03-01", "1989", "20260", "2026-q1",
		"2026Q1", " 2026"};
	char begins[PERIOD_TEXT];

	(void)state;
	assert_int_equal(period_read("2026", begins), PERIOD_YEAR);
	assert_string_equal(begins, "2026-01-01");
	assert_int_equal(period_read("2026-Q4", begins), PERIOD_QUARTER);
	assert_string_equal(begins, "2026-10-01");
	assert_int_equal(period_read("2026-03", begins), PERIOD_MONTH);
	assert_string_equal(begins, "2026-03-01");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (period_read(bad[i], begins) != PERIOD_NONE)
			fail_msg("\"%s\" is no period", bad[i]);
}

static void people_write_periods_numbers_and_units_in_their_own_way(void **state)
{
	static const struct {
		const char *row, *figure;
	} cases[] = {
		{"2026년 3월,\"1,250\",건,이상", "2026-03 1250 cases at_least"},
		{"2026. 3.,87.5 %,％,≤", "2026-03 87.5 percent at_most"},
		{"2025/12,-0.5,점,이하", "2025-12 -0.5 points at_most"},
		{"2026년 2분기,1,명,at least", "2026-Q2 1 people at_least"},
		{"2026Q3,1,회,", "2026-Q3 1 times at_least"},
		{"2026-q1,1,마리,", "2026-Q1 1 마리 at_least"},
		{"2026년,1,원,", "2026 1 won at_least"},
		{"2026-03-01,1,일,", NULL},
		{"2026-3,\"1,25\",초,", NULL},
		{"Mar-26,많음,h,", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *sheet =
			mem_printf("기간,값,단위,기준,목표,지표\n%s,5,이름\n", cases[i].row);
		json_auto_t *read = NULL;
		const json_t *figure;
		AUTOFREE char *got = NULL;

		must(figure_sheet_read(sheet, strlen(sheet), LATEST, &read));
		figure = json_array_get(json_object_get(read, "figures"), 0);
		if (!cases[i].figure) {
			assert_int_equal(json_array_size(json_object_get(read, "refused")), 1);
			continue;
		}
		got = mem_printf("%s %s %s %s", json_str(figure, "period"),
			json_str(figure, "value"), json_str(figure, "unit"),
			json_str(figure, "aim"));
		assert_string_equal(got, cases[i].figure);
	}
}

static void a_row_is_told_all_that_is_wrong_with_the_column_and_the_cell(void **state)
{
	static const char sheet[] = "지표,대상 기간,값,단위\n가,2026-13,많음,건\n나,2026-03,1,\n";
	json_auto_t *read = NULL;
	const json_t *refused;

	(void)state;
	must(figure_sheet_read(sheet, strlen(sheet), LATEST, &read));
	refused = json_object_get(read, "refused");
	assert_int_equal(json_array_size(refused), 2);
	assert_string_equal(json_str(json_array_get(refused, 0), "why"),
		"대상 기간 \"2026-13\": the period must be a month (2026-03), a quarter (2026-Q1) or "
		"a year (2026); 값 \"많음\": the value must be a number such as 87.5, of at most 15 "
		"digits");
	assert_string_equal(
		json_str(json_array_get(refused, 1), "why"), "단위: the unit is missing");
}

static void a_report_comes_together_by_indicator_and_period(void **state)
{
	(void)state;
	must(report(REPORT(FIGURE(LEAKS, "2026-02", "61.5") "," FIGURE(LEAKS, "2026-01", "60"))));
	must(report(REPORT(FIGURE(LEAKS_BOTH, "2025-12", "59"))));
	must(report(REPORT(FIGURE(LEAKS_EN, "2026-Q1", "62"))));
	assert_figures("{\"en\":\"Leaks\",\"ko\":\"누수\"} 2025-12=59 2026-01=60 2026-Q1=62 "
		       "2026-02=61.5;");
	assert_rebuilds(reg, dir);
}

static void a_later_report_corrects_and_the_earlier_one_stays(void **state)
{
	(void)state;
	must(report(REPORT(FIGURE(LEAKS, "2026-01", "60"))));
	must(report(REPORT(FIGURE(LEAKS, "2026-01", "6.0"))));
	must(report(REPORT(FIGURE(LEAKS, "2026-01", "61"))));
	assert_figures("{\"ko\":\"누수\"} 2026-01=61(6.0);");
}

static void a_report_that_breaks_a_rule_is_refused_by_name(void **state)
{
	static const struct {
		const char *content, *why;
	} cases[] = {
		{"{\"figures\":[]}", "a report has 1 to 200 figures"},
		{"{\"figures\":{}}", "a report has 1 to 200 figures"},
		{REPORT("1"), "a figure must be a JSON object"},
		{REPORT(FIGURE("{}", "2026-01", "1")), "write the indicator"},
		{REPORT(FIGURE("{\"ko\":\"a\\nb\"}", "2026-01", "1")), "one line"},
		{REPORT(FIGURE(LEAKS, "2026-1", "1")), "the period must be a month"},
		{REPORT(FIGURE(LEAKS, "2999", "1")), "has not begun"},
		{REPORT(FIGURE(LEAKS, "2026-01", "1,5")), "the value must be a number"},
		{REPORT(FIGURE(LEAKS, "2026-01", "1") "," FIGURE(LEAKS_BOTH, "2026-01", "2")),
			"stands twice in this report"},
		{REPORT("{\"indicator\":" LEAKS
			",\"period\":\"2026\",\"unit\":\"%\",\"value\":\"1\","
			"\"target\":\"2\"}"),
			"\"at_least\" or \"at_most\""},
		{REPORT("{\"indicator\":" LEAKS
			",\"period\":\"2026\",\"unit\":\"%\",\"value\":\"1\","
			"\"aim\":\"at_least\"}"),
			"goes with a target"},
		{REPORT("{\"indicator\":" LEAKS ",\"period\":\"2026\",\"unit\":\"%\",\"value\":1}"),
			"the value must be a number"},
		{REPORT("{\"indicator\":" LEAKS ",\"period\":\"2026\",\"value\":\"1\"}"),
			"the unit is missing"},
		{REPORT("{\"indicator\":" LEAKS
			",\"period\":\"2026\",\"unit\":\"%\",\"value\":\"1\","
			"\"by\":\"홍길동\"}"),
			"a figure has no \"by\""},
	};
	const uint64_t entries = entries_of(reg);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_refused(report(cases[i].content), ERR_INVALID, cases[i].why);
	assert_int_equal(entries_of(reg), entries);
}

static void nothing_is_reported_of_what_is_not_public(void **state)
{
	AUTO(signed_event) filing = {0}, event = {0};
	struct skey key = department_key();

	(void)state;
	sign_filing(&env_real, "new-one", renamed(SYSTEM, "새 시스템"), -1, &filing);
	must(send_signed(reg, &filing));
	must(sign_event(&key, &env_real, "kpi.reported", "system", "new-one",
		latest_of(reg, "system", "new-one"), NULL,
		parsed(REPORT(FIGURE(LEAKS, "2026", "1"))), &event));
	assert_refused(send_signed(reg, &event), ERR_CONFLICT, "nothing is published");
}

static void a_report_that_was_erased_says_nothing_and_its_proof_holds(void **state)
{
	static const struct sql newest = {"test.newest",
		"SELECT sha256 FROM kpi_report ORDER BY entry DESC LIMIT 1", "a test"};
	AUTOFREE char *sha256 = NULL;
	AUTO(rows) row = {0};
	const struct snapshot *snap;

	(void)state;
	must(report(REPORT(FIGURE(LEAKS, "2026-01", "60"))));
	must(report(REPORT(FIGURE("{\"ko\":\"홍길동 처리 건수\"}", "2026-01", "7"))));
	must(reg_read(reg, &snap));
	must(db_one(snap->model, &newest, BIND_NONE, &row));
	sha256 = rows_dup(&row, 0);
	rows_done(&row);
	reg_read_done(reg, snap);
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", sha256, "reason",
				 reason("이름이 있어 지웁니다."))));
	assert_figures("{\"ko\":\"누수\"} 2026-01=60;");
	assert_rebuilds(reg, dir);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_decimal_is_what_people_write_and_nothing_else),
		cmocka_unit_test(a_period_is_a_month_a_quarter_or_a_year),
		cmocka_unit_test(people_write_periods_numbers_and_units_in_their_own_way),
		cmocka_unit_test(a_row_is_told_all_that_is_wrong_with_the_column_and_the_cell),
		TEST(a_report_comes_together_by_indicator_and_period),
		TEST(a_later_report_corrects_and_the_earlier_one_stays),
		TEST(a_report_that_breaks_a_rule_is_refused_by_name),
		TEST(nothing_is_reported_of_what_is_not_public),
		TEST(a_report_that_was_erased_says_nothing_and_its_proof_holds),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
