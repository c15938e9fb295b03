#include "base/csv.h"
#include "registry/profile/sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct profile *profile;

static void must(enum err e)
{
	if (e != OK)
		fail_msg("%s", err_why());
}

static int setup(void **state)
{
	must(profile_open("csv", PROFILE_IMPORT, &profile));
	return 0;
}

static int teardown(void **state)
{
	profile_free(profile);
	return 0;
}

/* The standard that comes with Gaya, in which `from` stands as `to`. */
static struct standard *standard_with(const char *from, const char *to)
{
	AUTO(buf) text = BUF(2 * MIB), changed = BUF(2 * MIB);
	struct standard *standard;
	const char *at;

	must(standard_load_file("policies/standard.json", &text, &standard));
	standard_free(standard);
	at = strstr(buf_text(&text), from);
	assert_non_null(at);
	buf_add(&changed, buf_text(&text), (size_t)(at - buf_text(&text)));
	buf_printf(&changed, "%s%s", to, at + strlen(from));
	must(standard_load(buf_text(&changed), changed.len, &standard));
	return standard;
}

/* What a text of a table is read as: "column=cell" of its first row, or why it is refused. */
static void expect_with(struct standard *standard, const char *text, const char *expected)
{
	struct sheet s = {0};
	AUTO(buf) out = BUF(MIB);
	enum err e = sheet_read(&s, profile, standard, text, strlen(text), 0);
	const json_t *entry = json_array_get(s.file.rows, 0), *name;
	size_t i;

	if (e != OK)
		buf_puts(&out, err_why());
	else if (json_str(entry, "why"))
		buf_puts(&out, json_str(entry, "why"));
	else
		json_array_foreach (s.file.columns, i, name)
			buf_printf(&out, "%s%s=%s", i ? " " : "", json_string_value(name),
				json_str(json_object_get(entry, "row"), json_string_value(name)));
	sheet_done(&s);
	standard_free(standard);
	assert_string_equal(expected, buf_text(&out));
}

static void expect(const char *text, const char *expected)
{
	expect_with(standard_with("", ""), text, expected);
}

static void label_is_its_column_in_each_language(void **state)
{
	expect("명칭,상태\n가,운영 중\n", "name.ko=가 status=in_use");
	expect("Name,Status\na,In use\n", "name.en=a status=in_use");
	expect("명칭 (영어),Name (ko)\na,가\n", "name.en=a name.ko=가");
}

static void names_and_codes_stay_as_they_are(void **state)
{
	expect("name.ko,status\n가,in_use\n", "name.ko=가 status=in_use");
	expect("name.nl,odd\na,운영 중\n", "name.nl=a odd=운영 중");
}

static void case_and_spaces_make_no_difference(void **state)
{
	expect(" nAME , 상  태\na, 운영중 \n", "name.en=a status=in_use");
}

static void list_of_words_is_a_list_of_codes(void **state)
{
	expect("명칭,인공지능취약계층\n가,장애인; aged_65;\n",
		"name.ko=가 vulnerable_groups=disabled; aged_65");
	expect("명칭\t인공지능취약계층\n가\t장애인, 한부모가족、65세 이상인 사람\n",
		"name.ko=가 vulnerable_groups=disabled; single_parent; aged_65");
	expect("명칭\t정책 분야\n가\t교통, 안전\n", "name.ko=가 category=교통, 안전");
	expect("명칭,인공지능취약계층\n가,\"[\"\"disabled\"\"]\"\n",
		"name.ko=가 vulnerable_groups=[\"disabled\"]");
}

static void word_that_is_no_label_stays_for_the_check(void **state)
{
	expect("명칭,상태\n가,돌아가는 중\n", "name.ko=가 status=돌아가는 중");
}

static void words_that_officials_type_are_known_too(void **state)
{
	expect("시스템명,담당부서,도입목적,운영상태\n가,나,다,운영\n",
		"name.ko=가 department.ko=나 goal.ko=다 status=in_use");
	expect("서비스명,부서,위험도,개발업체,상태\n가,나,고위험,다,시범\n",
		"name.ko=가 department.ko=나 risk_category=high provider.ko=다 status=pilot");
	expect("시스템명(영문),전화번호,이메일,개인정보 처리 여부\na,055,b,해당 없음\n",
		"name.en=a contact_phone=055 contact_email=b personal_data=none");
	expect("System name,Vendor,Status\na,b,In use\n", "name.en=a provider.en=b status=in_use");
}

static void second_word_for_a_column_stays_unknown(void **state)
{
	expect("담당팀,부서,서비스명,명칭\n가,나,다,라\n",
		"department.ko=가 부서=나 서비스명=다 name.ko=라");
}

/* Not who answers for it, and not under whose name: "담당자" stays for the officer to decide. */
static void word_whose_meaning_is_uncertain_is_not_guessed(void **state)
{
	expect("명칭,담당자,유형,상태\n가,나,다,중단\n",
		"name.ko=가 담당자=나 유형=다 status=중단");
}

static void label_of_the_standard_is_stronger_than_another_word(void **state)
{
	expect_with(standard_with("\"en\": \"Status\"", "\"en\": \"Vendor\""),
		"Name,Vendor\na,in_use\n", "name.en=a status=in_use");
}

static void label_of_two_fields_is_refused_with_both(void **state)
{
	expect_with(standard_with("\"en\": \"Status\"", "\"en\": \"Telephone\""),
		"Name,Telephone\na,1\n",
		"the header \"Telephone\" may be \"contact_phone\" or \"status\": write one of these "
		"instead");
	expect_with(standard_with("\"en\": \"Status\"", "\"en\": \"Telephone\""),
		"Name,status\na,in_use\n", "name.en=a status=in_use");
}

static void word_of_two_codes_refuses_the_row_with_both(void **state)
{
	expect_with(standard_with("\"ko\": \"시범 운영\"", "\"ko\": \"운영 중\""),
		"명칭,상태\n가,운영 중\n",
		"\"운영 중\" in the column \"상태\" may be \"pilot\" or \"in_use\": write one of these "
		"instead");
}

static void column_is_there_once(void **state)
{
	expect("명칭,name.ko\n가,나\n",
		"the headers \"명칭\" and \"name.ko\" are both the column \"name.ko\": keep one of "
		"them");
}

/* Each language's sheet is read in both, and its guide is no row. */
static void empty_sheet_has_no_row(void **state)
{
	struct standard *standard = standard_with("", "");
	struct labels *labels = labels_open(profile, standard);

	for (size_t i = 0; i < 2; i++) {
		AUTO(buf) text = BUF(MIB);
		struct sheet s;

		labels_template(labels, i ? "en" : "ko", &text);
		must(sheet_read(&s, profile, standard, buf_text(&text), text.len, 0));
		assert_int_equal(0, json_array_size(s.file.rows));
		assert_int_equal(1, json_array_size(json_object_get(s.said, "guide")));
		assert_int_equal(json_array_size(s.file.columns),
			json_array_size(json_object_get(s.said, "headers")));
		sheet_done(&s);
	}
	labels_free(labels);
	standard_free(standard);
}

static void text_that_is_no_label_costs_nothing_and_changes_nothing(void **state)
{
	AUTO(buf) text = BUF(MIB);

	buf_puts(&text, "명칭,상태\n가,");
	for (size_t i = 0; i < 20000; i++)
		buf_puts(&text, "\u0345");
	buf_puts(&text, "\n");
	struct standard *standard = standard_with("", "");
	struct sheet s;
	must(sheet_read(&s, profile, standard, buf_text(&text), text.len, 0));
	assert_int_equal(0, json_array_size(json_object_get(s.said, "values")));
	sheet_done(&s);
	standard_free(standard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(label_is_its_column_in_each_language),
		cmocka_unit_test(names_and_codes_stay_as_they_are),
		cmocka_unit_test(case_and_spaces_make_no_difference),
		cmocka_unit_test(list_of_words_is_a_list_of_codes),
		cmocka_unit_test(word_that_is_no_label_stays_for_the_check),
		cmocka_unit_test(words_that_officials_type_are_known_too),
		cmocka_unit_test(second_word_for_a_column_stays_unknown),
		cmocka_unit_test(word_whose_meaning_is_uncertain_is_not_guessed),
		cmocka_unit_test(label_of_the_standard_is_stronger_than_another_word),
		cmocka_unit_test(label_of_two_fields_is_refused_with_both),
		cmocka_unit_test(word_of_two_codes_refuses_the_row_with_both),
		cmocka_unit_test(column_is_there_once),
		cmocka_unit_test(empty_sheet_has_no_row),
		cmocka_unit_test(text_that_is_no_label_costs_nothing_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
