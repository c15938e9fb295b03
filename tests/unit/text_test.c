#include "base/buf.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void what_no_text_may_hold_is_named_wherever_it_stands(void **state)
{
	static const struct {
		const char *text, *bad; /* NULL: nothing */
	} cases[] = {
		{"", NULL},
		{"plain", NULL},
		{"김해시 AI", NULL},
		{"가힣", NULL},
		{"é, ñ, 漢字, 😀", NULL},
		{"two\nlines\tand a tab", NULL},
		{"가\x07", "U+0007"},
		{"\x7f", "U+007F"},
		{"가나\xc2\x85다", "U+0085"},
		{"left\xe2\x80\xaeright", "U+202E"},
		{"가\xef\xbb\xbf", "U+FEFF"},
		{"\xef\xbf\xbe", "U+FFFE"},
		{"가\u180e나", "U+180E"},
		{"\u2069\u206a", "U+2069"},
		{"a\u206ab", "U+206A"},
		{"a\u206fb", "U+206F"},
		{"\ufff9", "U+FFF9"},
		{"\ufffb", "U+FFFB"},
		{"\U000e0000", "U+E0000"},
		{"🏴\U000e0067\U000e0062\U000e007f", "U+E0067"},
		{"\ufffc\U000e0100, ❤\ufe0f, 👩\u200d💻", NULL},
		{"김\xed\xa0\x80", "U+FFFD"}, /* a surrogate */
		{"\xea\xb0", "U+FFFD"},
		{"\xea", "U+FFFD"},
		{"\xed\x9e", "U+FFFD"}, /* cut off */
		{"\xea\xb0가", "U+FFFD"},
		{"\xff", "U+FFFD"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *bad = text_forbidden(cases[i].text, true);

		if (!cases[i].bad)
			assert_null(bad);
		else
			assert_string_equal(cases[i].bad, bad ? bad : "nothing");
	}
	assert_string_equal("U+000A", text_forbidden("a\nb", false));
}

static void a_log_may_hold_invisible_characters_but_none_that_were_ever_forbidden(void **state)
{
	(void)state;
	assert_null(
		text_forbidden_in_log("\u180e\u206a\u206f\ufff9\ufffb\U000e0000\U000e007f", false));
	assert_string_equal("U+202E", text_forbidden_in_log("\u206a\u202e", false));
	assert_string_equal("U+000A", text_forbidden_in_log("\u206a\n", false));
}

static void what_no_text_may_hold_is_written_out_for_a_terminal(void **state)
{
	AUTOFREE char *shown = text_shown("가\xc2\x9b[2J\xe2\x80\xae\nb\xff\xea\xb0", false);
	AUTOFREE char *lines = text_shown("a\nb\tc\x1b", true), *none = text_shown("", false);

	(void)state;
	assert_string_equal("가<U+009B>[2J<U+202E><U+000A>b<U+FFFD><U+FFFD><U+FFFD>", shown);
	assert_string_equal("a\nb\tc<U+001B>", lines);
	assert_string_equal("", none);
}

/* What a quick look calls settled, utf8proc leaves alone: at each end of what is looked at quickly,
 * alone, and before what would join with it. */
static void what_is_settled_is_in_normal_form_c(void **state)
{
	static const char *const texts[] = {
		"",
		"a",
		"\n",
		"김해시",
		"\xea\xaf\xbf",
		"\xea\xb0\x80",
		"\xed\x9e\xa3",
		"\xed\x9e\xb0",
		"가\xe1\x86\xa8",           /* a final consonant, which joins the syllable */
		"\xe1\x84\x80\xe1\x85\xa1", /* two parts of a syllable */
		"e\xcc\x81",
		"가\xcc\x81",
		"é",
		"\xe2\x84\xab",
		"漢",
		"\xef\xa4\x80",
		"①",
		"😀",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		AUTOFREE char *nfc = text_nfc(texts[i]), *again = NULL;

		if (text_settled(texts[i]))
			assert_string_equal(texts[i], nfc);
		again = text_nfc(nfc);
		assert_string_equal(nfc, again);
	}
	assert_true(text_settled("김해시 AI정책과, 2026-11-26: “공개” 漢字"));
	assert_false(text_settled("가\xe1\x86\xa8"));
	assert_false(text_settled("e\xcc\x81"));
}

static void texts_are_put_into_normal_form_c(void **state)
{
	static const char *const pairs[][2] = {
		{"e\xcc\x81", "é"},
		{"\xe1\x84\x80\xe1\x85\xa1", "가"},
		{"가\xe1\x86\xa8", "각"},
		{"\xe2\x84\xab", "Å"},
		{"\xef\xa4\x80", "豈"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		AUTOFREE char *nfc = text_nfc(pairs[i][0]);

		assert_string_equal(pairs[i][1], nfc);
	}
}

/* `a` and then `n` times `marks`; the caller frees. */
static char *marked(const char *a, size_t n, const char *marks)
{
	AUTO(buf) out = BUF(4 * MIB);

	buf_puts(&out, a);
	for (size_t i = 0; i < n; i++)
		buf_puts(&out, marks);
	return buf_take(&out);
}

/* By exchanging neighbours alone, as utf8proc does it, this takes minutes. */
static void a_run_of_marks_however_long_is_put_in_order_in_the_time_of_its_length(void **state)
{
	const size_t n = MIB / 8;
	AUTOFREE char *mixed = marked("a", n, "\u0345\u0301\u0323\u0327");
	AUTOFREE char *first = marked("\u1ea1", n, "\u0327"), *second = marked("", n - 1, "\u0323");
	AUTOFREE char *third = marked("", n, "\u0301"), *last = marked("", n, "\u0345");
	AUTOFREE char *nfc = text_nfc(mixed), *again = text_nfc(nfc);
	AUTOFREE char *expected = mem_printf("%s%s%s%s", first, second, third, last);

	(void)state;
	assert_true(strcmp(expected, nfc) == 0);
	assert_true(strcmp(nfc, again) == 0);
}

static void marks_of_one_class_stay_as_they_stood_in_runs_short_and_long(void **state)
{
	(void)state;
	for (size_t n = 1; n < 40;
		n++) { /* U+0308 and U+0304 are of one class, U+0323 of a lower */
		AUTOFREE char *text = marked("x", n, "\u030a\u0304\u0323");
		AUTOFREE char *low = marked("x", n, "\u0323"),
			      *high = marked("", n, "\u030a\u0304");
		AUTOFREE char *expected = mem_printf("%s%s", low, high), *nfd = text_nfd(text);

		assert_string_equal(expected, nfd);
	}
}

static void more_marks_in_a_row_than_any_writing_has_are_not_stream_safe(void **state)
{
	AUTOFREE char *most = marked("a", 30, "\u0301"), *more = marked("a", 31, "\u0301");
	/* é is a letter with a mark, U+0344 is two marks, and a new letter begins a new run. */
	AUTOFREE char *composed = marked("é", 30, "\u0323"), *pairs = marked("a", 15, "\u0344");
	AUTOFREE char *sixteen = marked("a", 16, "\u0344"),
		      *many = marked("", 1000, "가\u0301b\u0323");
	AUTOFREE char *bare = marked("", 31, "\u0301"),
		      *after = marked("가나다 \U0001f600", 31, "\u3099");

	(void)state;
	assert_true(text_is_stream_safe("") && text_is_stream_safe("김해시") &&
		    text_is_stream_safe(most));
	assert_true(text_is_stream_safe(pairs) && text_is_stream_safe(many));
	assert_false(text_is_stream_safe(more) || text_is_stream_safe(composed));
	assert_false(text_is_stream_safe(sixteen) || text_is_stream_safe(bare));
	assert_false(text_is_stream_safe(after));
}

static void a_text_of_nothing_to_see_is_not_visible(void **state)
{
	static const char *const unseen[] = {"", " ", "\t\n", "\u3164", "\u115f\u1160", "\uffa0",
		"\u2800", "\u200b\u2060\ufeff", "\u034f", "\u0301", "\u00a0\u3000", "\u00ad",
		"\U000e0001\U000e0041\U000e007f", "\U000e0000"};
	static const char *const seen[] = {"a", " 김", "\u200b가", "-", "1", "漢", "🙂",
		"e\u0301", "\U0001f3f4\U000e0067\U000e007f"};

	(void)state;
	for (size_t i = 0; i < COUNT(unseen); i++)
		assert_false(text_is_visible(unseen[i]));
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_true(text_is_visible(seen[i]));
}

static void what_somebody_typed_is_kept_with_plain_line_ends_and_nothing_around_it(void **state)
{
	static const struct {
		const char *typed, *kept;
	} cases[] = {
		{NULL, ""},
		{" \r\n\t", ""},
		{"하나\r\n둘\r셋\n넷", "하나\n둘\n셋\n넷"},
		{"\r\n  a\r\n\r\nb \r", "a\n\nb"},
		{"e\u0301", "\u00e9"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *kept = text_typed(cases[i].typed);

		assert_string_equal(cases[i].kept, kept);
	}
}

static void a_code_point_is_of_one_sort_wherever_the_text_ends(void **state)
{
	static const struct {
		const char *s;
		size_t len, step;
		enum text_sort sort;
	} cases[] = {
		{"a", 1, 1, TEXT_LETTER},
		{"Z", 1, 1, TEXT_LETTER},
		{"0", 1, 1, TEXT_LETTER},
		{"9", 1, 1, TEXT_LETTER},
		{"@", 1, 1, TEXT_BREAK},
		{"[", 1, 1, TEXT_BREAK},
		{"`", 1, 1, TEXT_BREAK},
		{"{", 1, 1, TEXT_BREAK},
		{"/", 1, 1, TEXT_BREAK},
		{":", 1, 1, TEXT_BREAK},
		{" ", 1, 1, TEXT_SPACE},
		{"\t", 1, 1, TEXT_SPACE},
		{"\n", 1, 1, TEXT_BREAK},
		{"\0", 1, 1, TEXT_BREAK},
		{"\u00a0", 2, 2, TEXT_SPACE},
		{"\u00e9", 2, 2, TEXT_LETTER},
		{"\uac00", 3, 3, TEXT_SYLLABLE},
		{"\ud7a3", 3, 3, TEXT_SYLLABLE},
		{"\uabff", 3, 3, TEXT_BREAK},
		{"\ud7a4", 3, 3, TEXT_BREAK},
		{"\uac00", 2, 1, TEXT_BREAK},
		{"\uac00", 1, 1, TEXT_BREAK},
		{"\xea\xb0"
		 "a",
			3, 1, TEXT_BREAK},
		{"\u6f22", 3, 3, TEXT_SYLLABLE},
		{"", 0, 1, TEXT_BREAK},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		size_t step = 0;

		assert_int_equal(cases[i].sort, text_sort(cases[i].s, cases[i].len, &step));
		assert_int_equal(cases[i].step, step);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_of_nothing_to_see_is_not_visible),
		cmocka_unit_test(
			a_log_may_hold_invisible_characters_but_none_that_were_ever_forbidden),
		cmocka_unit_test(what_no_text_may_hold_is_named_wherever_it_stands),
		cmocka_unit_test(what_no_text_may_hold_is_written_out_for_a_terminal),
		cmocka_unit_test(what_is_settled_is_in_normal_form_c),
		cmocka_unit_test(texts_are_put_into_normal_form_c),
		cmocka_unit_test(
			a_run_of_marks_however_long_is_put_in_order_in_the_time_of_its_length),
		cmocka_unit_test(marks_of_one_class_stay_as_they_stood_in_runs_short_and_long),
		cmocka_unit_test(
			what_somebody_typed_is_kept_with_plain_line_ends_and_nothing_around_it),
		cmocka_unit_test(a_code_point_is_of_one_sort_wherever_the_text_ends),
		cmocka_unit_test(more_marks_in_a_row_than_any_writing_has_are_not_stream_safe),
	};
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
