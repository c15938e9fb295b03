#include "base/file.h"
#include "registry/standard/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* Runs as text: " same", "-removed", "+added", separated by "|". */
static char *runs_text(const json_t *runs)
{
	AUTO(buf) out = BUF(MIB);
	const json_t *run;
	size_t i;

	json_array_foreach ((json_t *)runs, i, run) {
		const char *op = json_str(run, "op");

		buf_printf(&out, "%s%c%s", i ? "|" : "",
			*op == 's'   ? ' '
			: *op == 'r' ? '-'
				     : '+',
			json_str(run, "text"));
	}
	return buf_take(&out);
}

static void differ(const char *before, const char *after, const char *expected)
{
	json_t *runs = diff_words(before, after, &(int){DIFF_WORK});
	AUTOFREE char *got = runs_text(runs);

	assert_string_equal(expected, got);
	json_decref(runs);
}

/* The runs of `kind` and the unchanged ones, joined. */
static char *joined(const json_t *runs, const char *kind)
{
	AUTO(buf) out = BUF(MIB);
	const json_t *run;
	size_t i;

	json_array_foreach ((json_t *)runs, i, run) {
		const char *op = json_str(run, "op");

		if (strcmp(op, "same") == 0 || strcmp(op, kind) == 0)
			buf_puts(&out, json_str(run, "text"));
	}
	return buf_take(&out);
}

/* No two runs of a kind in a row, none empty, an addition never before its removal. */
static void runs_are_merged(const json_t *runs)
{
	const char *last = "";
	const json_t *run;
	size_t i;

	json_array_foreach ((json_t *)runs, i, run) {
		const char *op = json_str(run, "op");

		assert_string_not_equal(last, op);
		assert_true(*json_str(run, "text"));
		assert_false(strcmp(op, "removed") == 0 && strcmp(last, "added") == 0);
		last = op;
	}
}

static void gives_back(const char *before, const char *after)
{
	json_t *runs = diff_words(before, after, &(int){DIFF_WORK});
	AUTOFREE char *a = joined(runs, "removed"), *b = joined(runs, "added");

	assert_string_equal(before, a);
	assert_string_equal(after, b);
	runs_are_merged(runs);
	json_decref(runs);
}

static void equal_texts_are_one_run(void **state)
{
	differ("", "", "");
	differ("같은 글", "같은 글", " 같은 글");
}

static void words_are_compared_whole(void **state)
{
	differ("the red car", "the blue car", " the |-red|+blue|  car");
	differ("정확도 96%", "정확도 97%", " 정확도 |-96|+97| %");
	differ("교차로에서 조정", "교차로마다 조정", "-교차로에서|+교차로마다|  조정");
	differ("", "새 글", "+새 글");
	differ("옛 글", "", "-옛 글");
	differ("a b", "a b c", " a b|+ c");
}

static void what_is_marked_as_whole_is_one_word(void **state)
{
	(void)state;
	differ("– \002in trial use\002\n– \0022026. 2. 20.\002",
		"– \002in use\002\n– \0022026. 5. 20.\002",
		" – |-in trial use|+in use| \n– |-2026. 2. 20.|+2026. 5. 20.");
}

static void a_number_is_one_word(void **state)
{
	(void)state;
	differ("1,150 a day", "1,400 a day", "-1,150|+1,400|  a day");
	differ("by 0.5, 3.", "by 0.75, 3.", " by |-0.5|+0.75| , 3.");
	differ("하루 1,150건", "하루 1,400건", " 하루 |-1,150건|+1,400건");
}

static void ideographs_are_compared_one_by_one(void **state)
{
	differ("人工智能", "人工知能", " 人工|-智|+知| 能");
	differ("カメラ数", "カメラ量", " カメラ|-数|+量");
}

static void a_space_between_two_changes_joins_them(void **state)
{
	differ("a red car b", "a blue bus b", " a |-red car|+blue bus|  b");
	differ("red\n\ncar", "blue\n\nbus", "-red|+blue| \n\n|-car|+bus");
}

static void punctuation_and_lines_stand_alone(void **state)
{
	differ("a, b", "a; b", " a|-,|+;|  b");
	differ("a\nb", "a b", " a|-\n|+ | b");
	differ("(가)", "(나)", " (|-가|+나| )");
}

static void random_texts_are_given_back_exactly(void **state)
{
	static const char *const words[] = {"가나", "다", " ", " ", "\n", ".", "人", "工", "a",
		"bc", "9", "\U0001f600", "é", "，"};
	unsigned seed = 7;

	for (int i = 0; i < 3000; i++) {
		struct buf text[2] = {BUF(MIB), BUF(MIB)};

		for (int side = 0; side < 2; side++)
			for (int n = rand_r(&seed) % 40; n > 0; n--)
				buf_puts(&text[side],
					words[(size_t)rand_r(&seed) % (i % COUNT(words) + 1)]);
		gives_back(buf_text(&text[0]), buf_text(&text[1]));
		buf_done(&text[0]);
		buf_done(&text[1]);
	}
}

static void a_small_edit_in_a_long_text_stays_small(void **state)
{
	AUTO(buf) before = BUF(MIB), after = BUF(MIB);
	json_t *runs;

	for (int i = 0; i < 1500; i++) {
		buf_printf(&before, "낱말%d ", i);
		buf_printf(&after, "%s%d ", i == 700 ? "새말" : "낱말", i);
	}
	runs = diff_words(before.data, after.data, &(int){DIFF_WORK});
	assert_int_equal(4, json_array_size(runs));
	json_decref(runs);
}

static void texts_without_likeness_are_replaced_in_bounded_time(void **state)
{
	AUTO(buf) before = BUF(MIB), after = BUF(MIB);
	clock_t start = clock();
	json_t *runs;

	for (int i = 0; i < 60000; i++) {
		buf_puts(&before, i % 3 ? "ab " : ".");
		buf_puts(&after, i % 5 ? "." : "cd ");
	}
	gives_back(before.data, after.data);
	runs = diff_words(before.data, after.data, &(int){DIFF_WORK});
	assert_int_equal(2, json_array_size(runs));
	json_decref(runs);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 5);
}

/* Sixteen texts, each costly alone, together cost no more than one may. */
static void many_texts_share_the_work_that_one_may_take(void **state)
{
	AUTO(buf) before = BUF(MIB), after = BUF(MIB);
	int left = DIFF_WORK, apart = 0;

	(void)state;
	for (int i = 0; i < 1500; i++) {
		buf_printf(&before, "낱말%d ", i);
		buf_printf(&after, "%s%d ", i % 2 ? "새말" : "낱말", i);
	}
	for (int i = 0; i < 16; i++) {
		json_auto_t *runs = diff_words(before.data, after.data, &left);

		/* Otherwise it is replaced from the first change to the last. */
		apart += json_array_size(runs) > 10;
		assert_true(left >= 0);
	}
	assert_in_range(apart, 1, 8);
	assert_int_equal(0, left);
}

/* --- records --- */

static struct standard *standard(void)
{
	AUTO(buf) text = BUF(MIB);
	struct standard *s = NULL;

	if (file_read("tests/vectors/standard-small.json", &text) != OK ||
		standard_load(text.data, text.len, &s) != OK)
		fail_msg("%s (tests run from the top of the tree)", err_why());
	return s;
}

static void changes(const char *before, const char *after, const char *expected)
{
	struct standard *s = standard();
	json_t *a = before ? json_loads(before, 0, NULL) : NULL;
	json_t *b = after ? json_loads(after, 0, NULL) : NULL;
	json_t *list = diff_records(s, a, b);
	AUTO(buf) got = BUF(64 * KIB);

	json_canonical(list, &got);
	assert_string_equal(expected, got.data);
	json_decref(a);
	json_decref(b);
	json_decref(list);
	standard_free(s);
}

static void only_fields_that_differ_are_listed_in_the_standards_order(void **state)
{
	changes("{\"level\": \"low\", \"ref\": \"1\", \"name\": {\"ko\": \"a\", \"en\": \"b\"}}",
		"{\"name\": {\"en\": \"b\", \"ko\": \"a\"}, \"level\": \"high\", \"ref\": \"2\"}",
		"[{\"after\":\"2\",\"before\":\"1\",\"field\":\"ref\"},"
		"{\"after\":\"high\",\"before\":\"low\",\"field\":\"level\"}]");
	changes("{\"ref\": \"1\"}", "{\"ref\": \"1\"}", "[]");
}

static void an_absent_field_is_null(void **state)
{
	changes("{\"ref\": \"1\"}", "{\"due\": \"2026-01-01\"}",
		"[{\"after\":null,\"before\":\"1\",\"field\":\"ref\"},"
		"{\"after\":\"2026-01-01\",\"before\":null,\"field\":\"due\"}]");
	changes(NULL, "{\"ref\": \"1\"}", "[{\"after\":\"1\",\"before\":null,\"field\":\"ref\"}]");
}

static void fields_that_the_standard_does_not_know_come_last(void **state)
{
	changes("{\"zz\": 1, \"same\": 2}", "{\"same\": 2, \"aa\": [3], \"tags\": []}",
		"[{\"after\":[],\"before\":null,\"field\":\"tags\"},"
		"{\"after\":[3],\"before\":null,\"field\":\"aa\"},"
		"{\"after\":null,\"before\":1,\"field\":\"zz\"}]");
}

static void facts_for_policies_are_compared_one_by_one(void **state)
{
	changes("{\"assessments\": {\"b\": {\"x\": true, \"y\": 1}, \"gone\": {}}}",
		"{\"assessments\": {\"b\": {\"y\": 1, \"x\": false}, \"a\": {\"z\": [\"5a\"]}}}",
		"[{\"after\":[\"5a\"],\"before\":null,\"fact\":\"z\",\"field\":\"assessments\","
		"\"policy\":\"a\"},"
		"{\"after\":false,\"before\":true,\"fact\":\"x\",\"field\":\"assessments\","
		"\"policy\":\"b\"},"
		"{\"after\":null,\"before\":{},\"field\":\"assessments\",\"policy\":\"gone\"}]");
	changes("{\"assessments\": {}}", "{\"assessments\": {}}", "[]");
	changes("{}", "{\"assessments\": {}}",
		"[{\"after\":{},\"before\":null,\"field\":\"assessments\"}]");
	changes("{\"assessments\": 1}", "{\"assessments\": {\"a\": {}}}",
		"[{\"after\":{\"a\":{}},\"before\":1,\"field\":\"assessments\"}]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_texts_are_one_run),
		cmocka_unit_test(words_are_compared_whole),
		cmocka_unit_test(what_is_marked_as_whole_is_one_word),
		cmocka_unit_test(a_number_is_one_word),
		cmocka_unit_test(ideographs_are_compared_one_by_one),
		cmocka_unit_test(a_space_between_two_changes_joins_them),
		cmocka_unit_test(punctuation_and_lines_stand_alone),
		cmocka_unit_test(random_texts_are_given_back_exactly),
		cmocka_unit_test(a_small_edit_in_a_long_text_stays_small),
		cmocka_unit_test(texts_without_likeness_are_replaced_in_bounded_time),
		cmocka_unit_test(many_texts_share_the_work_that_one_may_take),
		cmocka_unit_test(only_fields_that_differ_are_listed_in_the_standards_order),
		cmocka_unit_test(an_absent_field_is_null),
		cmocka_unit_test(fields_that_the_standard_does_not_know_come_last),
		cmocka_unit_test(facts_for_policies_are_compared_one_by_one),
	};

	return cmocka_run_group_tests_name("diff", tests, NULL, NULL);
}
