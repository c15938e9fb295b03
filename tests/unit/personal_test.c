/* A question's personal data is pointed at before it is published, with few false alarms. */
#include "base/personal.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The text of which one span is found, "kind:span"; or nothing. */
static void expect(const char *text, const char *wanted)
{
	struct personal found = {0};
	bool any = personal_find(text, text, &found);
	AUTOFREE char *got =
		any ? mem_printf("%s:%.*s", found.kind, (int)found.len, found.at) : mem_text("");

	if (strcmp(got, wanted) != 0)
		print_error("%s\n", text);
	assert_string_equal(wanted, got);
}

static void numbers_of_people_are_found_in_every_common_form(void **state)
{
	static const char *const cases[][2] = {
		{"제 번호는 010-1234-5678입니다.", "phone:010-1234-5678"},
		{"01012345678로 전화 주세요", "phone:01012345678"},
		{"010 1234 5678", "phone:010 1234 5678"},
		{"010.1234.5678", "phone:010.1234.5678"},
		{"010–1234–5678", "phone:010–1234–5678"},
		{"전화(010-1234-5678)", "phone:010-1234-5678"},
		{"017-123-4567", "phone:017-123-4567"},
		{"call +82 10-1234-5678.", "phone:+82 10-1234-5678"},
		{"+82-55-330-1234", "phone:+82-55-330-1234"},
		{"055-330-1234번", "phone:055-330-1234"},
		{"055)330-1234", "phone:055)330-1234"},
		{"0553301234", "phone:0553301234"},
		{"02-1234-5678", "phone:02-1234-5678"},
		{"02 123 4567", "phone:02 123 4567"},
		{"070-1234-5678", "phone:070-1234-5678"},
		{"민원실 (055) 330-1234로", "phone:(055) 330-1234"},
		{"（０５５）３３０－１２３４", "phone:（０５５）３３０－１２３４"},
		{"(055-330-1234)", "phone:055-330-1234"},
		{"０１０-１２３４-５６７８로 전화", "phone:０１０-１２３４-５６７８"},
		{"010　1234　5678", "phone:010　1234　5678"},
		{"0505-123-4567", "phone:0505-123-4567"},
		{"메일은 kim.gaya+1@gimhae.example.kr.", "email:kim.gaya+1@gimhae.example.kr"},
		{"<kim@mail.example>", "email:kim@mail.example"},
		{"kim@mail.example으로 주세요", "email:kim@mail.example"},
		{"kim@김해시.한국으로 주세요", "email:kim@김해시.한국"},
		{"kim@mail.김해.한국.", "email:kim@mail.김해.한국"},
		{"kim@mail.kr입니다.www.kr", "email:kim@mail.kr"},
		{"kim@xn--hc0b.xn--3e0b707e-로", "email:kim@xn--hc0b.xn--3e0b707e"},
		{"kim@mail.kr_2", "email:kim@mail.kr"},
		{"kim@mail.한국전력.kr", "email:kim@mail.한국전력.kr"},
		{"ｋｉｍ＠ｍａｉｌ．ｅｘａｍｐｌｅ", "email:ｋｉｍ＠ｍａｉｌ．ｅｘａｍｐｌｅ"},
		{"900101-1234567", "resident:900101-1234567"},
		{"900101 - 1234567", "resident:900101 - 1234567"},
		{"９００１０１－１２３４５６７", "resident:９００１０１－１２３４５６７"},
		{"제 주민번호 9001011234568", "resident:9001011234568"}, /* its check digit */
		{"201105-3123456", "resident:201105-3123456"},
		{"외국인등록번호 900101-5234567", "resident:900101-5234567"},
		{"카드 4111-1111-1111-1111", "card:4111-1111-1111-1111"},
		{"3782 822463 10005", "card:3782 822463 10005"},
		{"농협 351-1234-5678-90", "account:351-1234-5678-90"},
		{"국민은행 123456-01-123456", "account:123456-01-123456"},
		{"제 차는 12가 3456입니다", "plate:12가 3456"},
		{"경남 123하4567", "plate:123하4567"},
		{"여권 M12345678", "passport:M12345678"},
		{"M123A4567", "passport:M123A4567"},
		{"면허 11-12-345678-90", "licence:11-12-345678-90"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i][0], cases[i][1]);
}

static void dates_amounts_ids_and_laws_are_no_alarm(void **state)
{
	static const char *const cases[] = {
		"2026-10-01부터 2026. 11. 30.까지",
		"2026-010-1234-5678호",
		"1,234,567,890원",
		"국번 없이 120, 1588-1234",
		"제10조제2항 30도 2000명",
		"20대 1234명이 12시 3000원",
		"10월 2026년",
		"로그 243번, 031d35d49f212b29877ba3ea6d39bc2f",
		"주문 4111-1111-1111-1112",
		"시각 1764486000000",
		"123456-01-123456",      /* nothing speaks of a bank */
		"901301-1234567",        /* a thirteenth month */
		"9001011234567",         /* neither hyphen nor check digit */
		"302동 1101호, 1.2.3.4", /* a house, an address of a machine */
		"@gimhae, a@b, user@host",
		"김해시@한국, a@김해시. 한국은", /* no name before it; no domain of two parts */
		"１２３４５６-０１-１２３４５６",
		"(참고) 2026-10-01",
		"ISBN 979-11-1234-567-8",
		"+1-202-555-0100x",
		"v2.0.1, IP 192.168.0.1",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		expect(cases[i], "");
}

static void every_span_is_found_in_turn(void **state)
{
	const char *text = "010-1234-5678, kim@mail.example, 12가3456", *rest = text;
	struct personal found;
	size_t n = 0;

	(void)state;
	for (; personal_find(text, rest, &found); rest = found.at + found.len)
		n++;
	assert_int_equal(3, n);
}

static bool are_same(const char *a, const char *b)
{
	struct personal first, second;

	assert_true(personal_find(a, a, &first));
	assert_true(personal_find(b, b, &second));
	return personal_is_same(&first, &second);
}

/* What a record publishes is not pointed at in a question: nothing else may pass for it. */
static void only_the_same_number_or_address_is_the_same(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} cases[] = {
		{"055-330-1234", "(055) 330 1234", true},
		{"０５５－３３０－１２３４", "055–330–1234", true},
		{"０５５－３３０－１２３４", "０１０－９９９９－８８８８", false},
		{"010-1234-5678", "０１０－１２３４－５６７９", false},
		{"Kim@gimhae.go.kr", "ｋｉｍ＠ｇｉｍｈａｅ．ｇｏ．ｋｒ", true},
		{"kim@gimhae.go.kr", "kimg@imhae.go.kr", false},
		{"kim@김해.한국", "kim@창원.한국", false},
		{"12가 3456", "１２가3456", true},
		{"12가 3456", "12나 3456", false},
		{"M12345678", "S12345678", false},
		{"010-1234-5678", "kim@gimhae.go.kr", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (are_same(cases[i].a, cases[i].b) != cases[i].same)
			fail_msg("%s, %s", cases[i].a, cases[i].b);
}

static bool is_question(const char *member)
{
	return strcmp(member, "text") == 0;
}

/* The texts of a demo file; how many are pointed at. */
static size_t alarms(const json_t *value, bool text, size_t *texts)
{
	struct personal found;
	const char *member, *s = json_string_value(value);
	size_t n = 0, i;
	json_t *one;

	if (s && text) {
		++*texts;
		return personal_find(s, s, &found);
	}
	json_object_foreach ((json_t *)value, member, one)
		n += alarms(one, is_question(member), texts);
	json_array_foreach (value, i, one)
		n += alarms(one, false, texts);
	return n;
}

static void of_the_demos_questions_only_that_with_a_number_is_pointed_at(void **state)
{
	static const char *const files[] = {"ai-human-guide", "button-chatbot", "cctv-control",
		"civil-chatbot", "civil-kiosk", "disaster-twin", "drop-off-zone", "emergency-edge",
		"energy-forecast", "participation-digest", "smart-senior-centre", "smart-water",
		"tourism-recommender", "traffic-signal-optimisation", "welfare-precheck"};
	size_t texts = 0, n = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		AUTOFREE char *path = mem_printf("demo/systems/%s.json", files[i]);
		AUTO(buf) text = BUF(MIB);
		json_auto_t *demo = NULL;

		assert_int_equal(OK, file_read(path, &text));
		assert_int_equal(OK, json_read(buf_text(&text), text.len, MIB, RULES_LOOSE, &demo));
		n += alarms(demo, false, &texts);
	}
	assert_true(texts > 15);
	assert_int_equal(1, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_of_people_are_found_in_every_common_form),
		cmocka_unit_test(dates_amounts_ids_and_laws_are_no_alarm),
		cmocka_unit_test(every_span_is_found_in_turn),
		cmocka_unit_test(only_the_same_number_or_address_is_the_same),
		cmocka_unit_test(of_the_demos_questions_only_that_with_a_number_is_pointed_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
