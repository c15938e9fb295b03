#include "base/buf.h"
#include "base/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static bool matches(const char *pattern, const char *s)
{
	struct pattern *p = NULL;
	bool found;

	if (pattern_read(pattern, &p) != OK)
		fail_msg("%s", err_why());
	found = pattern_matches(p, s, strlen(s));
	pattern_free(p);
	return found;
}

static void a_pattern_matches_what_it_says(void **state)
{
	static const struct {
		const char *pattern, *yes, *no;
	} cases[] = {
		{"b", "abc", "ac"},
		{"^b", "bc", "ab"},
		{"b$", "ab", "bc"},
		{"^$", "", "a"},
		{"^a*$", "aaa", "aab"},
		{"^a+$", "a", ""},
		{"^ab?c$", "ac", "abbc"},
		{"^(ab|cd|)e$", "cde", "abcde"},
		{"^(ab|cd|)e$", "e", "ce"},
		{"^(?:a|b){2,3}$", "aba", "a"},
		{"^(?:a|b){2,3}$", "ab", "abab"},
		{"^a{2}$", "aa", "aaa"},
		{"^a{2,}$", "aaaa", "a"},
		{"^a{0,1}b$", "b", "aab"},
		{"^[a-c-]+$", "a-c", "d"},
		{"^[^a-c]$", "d", "b"},
		{"^[^a-c]$", "가", "a"},
		{"^[가-힣]{2}$", "김해", "ab"},
		{"^.$", "😀", "\n"},
		{"^..$", "가나", "가"},
		{"^\\d{4}-\\d{2}$", "2026-11", "2026-1a"},
		{"^\\w+$", "a_9", "a-9"},
		{"^\\W$", "-", "a"},
		{"^\\S+$", "a", "a\u3000"},
		{"^[\\s\\d]+$", "1 2", "a"},
		{"^[\\]\\-\\\\]+$", "]-\\", "a"},
		{"^\\u00e9\\u{1F600}$", "é😀", "e"},
		{"^\\$\\.\\*$", "$.*", "a"},
		{"^\\t$", "\t", "t"},
		{"(a|b)*c|d", "xxd", "xx"},
		{"^((a|b)|(c|d))+$", "adbc", "ae"},
		{"^(a*)*$", "aaaa", "b"},
		{"^(|a)+$", "aaa", "b"},
		{"^(x{2}){2}$", "xxxx", "xxx"},
		{"a$|^b", "ba", "cb"},
		/* ranges in any order, one within another, side by side; repeated with what
	         * jumps */
		{"^[x-zc-ea-da]+$", "abcdexyz", "fw"},
		{"^[^x-zc-ea-da]+$", "fw", "d"},
		{"^[z-zb-ya]+$", "azby", "A"},
		{"^[\\d\\D]$", "가", ""},
		{"^(a|b(c|d)*){3}$", "abcda", "acda"},
		{"^((a|b){2}c?){1,2}$", "abcba", "abccba"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		if (!matches(cases[i].pattern, cases[i].yes))
			fail_msg("%s does not match %s", cases[i].pattern, cases[i].yes);
		if (matches(cases[i].pattern, cases[i].no))
			fail_msg("%s matches %s", cases[i].pattern, cases[i].no);
	}
}

static void what_is_not_supported_is_refused(void **state)
{
	static const char *const bad[] = {"(?=a)", "(?<n>a)", "\\1", "\\b", "\\p{L}", "a*?", "a**",
		"[a", "[b-a]", "(a", "a)", "*a", "a{", "a{2", "a{3,2}", "a{x}", "a{9999}", "]", "}",
		"\\", "[\\b]", "[\\d-z]", "\\u12", "\\u{110000}", "\\q", "(((a{99}){99}){99}){99}"};

	for (size_t i = 0; i < COUNT(bad); i++) {
		struct pattern *p = NULL;

		if (pattern_read(bad[i], &p) == OK)
			fail_msg("%s is read", bad[i]);
		assert_null(p);
		assert_non_null(strstr(err_why(), "at byte"));
	}
}

/* What takes other engines an age: "(a*)*b" on many an a. */
static void no_text_makes_it_slow(void **state)
{
	AUTO(buf) text = BUF(64 * KIB);
	clock_t start = clock();

	for (int i = 0; i < 32 * 1024; i++)
		buf_putc(&text, 'a');
	assert_false(matches("^(a*)*b$", buf_text(&text)));
	assert_false(matches("^(a|aa|aaa)+b$", buf_text(&text)));
	assert_false(matches("(x+x+)+y", buf_text(&text)));
	/* Groups of nothing, repeated a million million times, are nothing. */
	assert_true(matches("^((((){1000}){1000}){1000}){1000}a", buf_text(&text)));
	assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
}

/* Each copy used to have ranges of its own, made one by one, and looked through one by one: 4,000
 * copies of 480 ranges. */
static void a_class_of_many_ranges_repeated_often_is_read_and_matched_in_bounded_time(void **state)
{
	AUTO(buf) pattern = BUF(KIB), text = BUF(64 * KIB);

	buf_puts(&pattern, "^([");
	for (unsigned c = 0x100; c < 0x100 + 2 * 470; c += 2)
		buf_printf(&pattern, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 0x3f)));
	buf_puts(&pattern, "a]{0,1000}){2}$");
	for (int i = 0; i < 2000; i++)
		buf_puts(&text, i % 2 ? "\u0100" : "a");
	assert_true(matches(buf_text(&pattern), buf_text(&text)));
	buf_puts(&text, "\u0101");
	assert_false(matches(buf_text(&pattern), buf_text(&text)));
}

static void a_text_with_a_nul_is_matched_to_its_end(void **state)
{
	struct pattern *p = NULL;

	assert_int_equal(OK, pattern_read("^a.b$", &p));
	assert_true(pattern_matches(p, "a\0b", 3));
	assert_false(pattern_matches(p, "a\0b\0", 4));
	pattern_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_matches_what_it_says),
		cmocka_unit_test(what_is_not_supported_is_refused),
		cmocka_unit_test(no_text_makes_it_slow),
		cmocka_unit_test(
			a_class_of_many_ranges_repeated_often_is_read_and_matched_in_bounded_time),
		cmocka_unit_test(a_text_with_a_nul_is_matched_to_its_end),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
