#include "base/words.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* One token after the other, those at the place of the one before behind "=", whole words as "<x>".
 */
static int add(void *arg, bool beside, const char *token, size_t len, size_t from, size_t to)
{
	size_t mark = strlen(WORDS_WHOLE);
	struct buf *out = arg;

	assert_true(from < to);
	buf_puts(out, beside ? "=" : out->len ? " " : "");
	if (len > mark && memcmp(token, WORDS_WHOLE, mark) == 0)
		buf_printf(out, "<%.*s>", (int)(len - mark), token + mark);
	else
		buf_add(out, token, len);
	return 0;
}

static void gives(enum words_of of, const char *s, const char *expected)
{
	AUTO(buf) out = BUF(MIB);
	const struct words_take take = {add, &out};

	assert_int_equal(0, words_each(s, strlen(s), of, &take));
	assert_string_equal(expected, buf_text(&out));
}

static void syllables_are_pairs_across_spaces_with_the_whole_word_beside(void **state)
{
	(void)state;
	gives(WORDS_OF_TEXT, "민원 챗봇", "민원=<민원> 원챗 챗봇=<챗봇>");
	gives(WORDS_OF_TEXT, "민원챗봇", "민원=<민원챗봇> 원챗 챗봇");
	gives(WORDS_OF_QUERY, "민원챗봇", "민원 원챗 챗봇");
	gives(WORDS_OF_QUERY, "민원 챗봇", "민원 원챗 챗봇");
}

static void punctuation_and_lines_part_words(void **state)
{
	(void)state;
	gives(WORDS_OF_TEXT, "상담·안내\n물", "상담=<상담> 안내=<안내> <물>");
}

static void a_syllable_alone_is_a_whole_word(void **state)
{
	(void)state;
	gives(WORDS_OF_TEXT, "챗GPT", "<챗> gpt");
	gives(WORDS_OF_QUERY, "챗GPT", "<챗> gpt");
	gives(WORDS_OF_QUERY, "물", "<물>");
	gives(WORDS_OF_QUERY, WORDS_WHOLE "어린이", "<어린이>");
}

static void letters_are_folded_and_plurals_are_singulars(void **state)
{
	(void)state;
	gives(WORDS_OF_TEXT, "CCTV관제", "cctv 관제=<관제>");
	gives(WORDS_OF_TEXT, "Chatbots, Policies; bus status glass",
		"chatbot policy bus status glass");
	gives(WORDS_OF_TEXT, "ＣＣＴＶ Straße", "cctv strasse");
}

static void bytes_that_are_no_text_part_words_and_long_ones_are_cut(void **state)
{
	char word[4 * WORDS_TOKEN + 1] = {0}, cut[WORDS_TOKEN + 1] = {0};

	(void)state;
	gives(WORDS_OF_TEXT,
		"a\xff\xfe"
		"b",
		"a b");
	gives(WORDS_OF_TEXT, "", "");
	memset(word, 'x', sizeof(word) - 1);
	memset(cut, 'x', sizeof(cut) - 1);
	gives(WORDS_OF_TEXT, word, cut);
}

static int end_at_once(
	void *arg, bool beside, const char *token, size_t len, size_t from, size_t to)
{
	(void)arg, (void)beside, (void)token, (void)len, (void)from, (void)to;
	return 7;
}

static void who_takes_tokens_can_end_it(void **state)
{
	const struct words_take take = {end_at_once, NULL};

	(void)state;
	assert_int_equal(7, words_each("a b", 3, WORDS_OF_TEXT, &take));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(syllables_are_pairs_across_spaces_with_the_whole_word_beside),
		cmocka_unit_test(punctuation_and_lines_part_words),
		cmocka_unit_test(a_syllable_alone_is_a_whole_word),
		cmocka_unit_test(letters_are_folded_and_plurals_are_singulars),
		cmocka_unit_test(bytes_that_are_no_text_part_words_and_long_ones_are_cut),
		cmocka_unit_test(who_takes_tokens_can_end_it),
	};
	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
