#include "base/buf.h"
#include "base/josa.h"
#include "base/json.h"
#include "base/languages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#undef fail /* err.h has its own */

/* What stands before "은(는)", and the whole with a particle. */
static void the_particle_is_chosen_by_the_last_sound_of_the_word(void **state)
{
	static const struct {
		const char *sentence, *chosen;
	} cases[] = {
		/* Hangul */
		{"기록은(는)", "기록은"},
		{"부서은(는)", "부서는"},
		{"김해시이(가)", "김해시가"},
		{"등급이(가)", "등급이"},
		{"파일을(를)", "파일을"},
		{"표을(를)", "표를"},
		{"기준과(와)", "기준과"},
		{"문서과(와)", "문서와"},
		{"가은(는)", "가는"},
		{"힣은(는)", "힣은"},
		{"서울(으)로", "서울로"},
		{"부산(으)로", "부산으로"},
		{"제주(으)로", "제주로"},
		{"부산(이)라고", "부산이라고"},
		{"제주(이)라고", "제주라고"},
		{"서울(이)라고", "서울이라고"},
		/* digits: 영 일 이 삼 사 오 육 칠 팔 구 */
		{"0은(는)", "0은"},
		{"1은(는)", "1은"},
		{"2은(는)", "2는"},
		{"3은(는)", "3은"},
		{"4은(는)", "4는"},
		{"5은(는)", "5는"},
		{"6은(는)", "6은"},
		{"7은(는)", "7은"},
		{"8은(는)", "8은"},
		{"9은(는)", "9는"},
		{"1(으)로", "1로"},
		{"3(으)로", "3으로"},
		{"7(으)로", "7로"},
		{"8(으)로", "8로"},
		{"10(으)로", "10으로"},
		{"2026-03-01이(가)", "2026-03-01이"},
		{"30%은(는)", "30%는"},
		/* capitals by their names, small letters as words */
		{"URL은(는)", "URL은"},
		{"URL(으)로", "URL로"},
		{"AI은(는)", "AI는"},
		{"SPAM은(는)", "SPAM은"},
		{"LAN(으)로", "LAN으로"},
		{"OCR(으)로", "OCR로"},
		{"PDF을(를)", "PDF를"},
		{"csv은(는)", "csv는"},
		{"json은(는)", "json은"},
		{"html(으)로", "html로"},
		{"tourism-recommender-2은(는)", "tourism-recommender-2는"},
		{"training(으)로", "training으로"},
		{"list은(는)", "list는"},
		{"photo은(는)", "photo는"},
		{"name은(는)", "name은"},
		{"title(으)로", "title로"},
		{"service이(가)", "service가"},
		{"log을(를)", "log를"},
		{"id은(는)", "id는"},
		{"plan-b은(는)", "plan-b는"},
		{"traffic과(와)", "traffic과"},
		/* quotes and brackets behind the word */
		{"‘교통’은(는)", "‘교통’은"},
		{"\"AI\"이(가)", "\"AI\"가"},
		{"「조례」과(와)", "「조례」와"},
		{"김해시(Gimhae)은(는)", "김해시(Gimhae)는"},
		{"이름(risks[2].name)은(는)", "이름(risks[2].name)은"},
		{"‘이름’(name, 한국어)을(를)", "‘이름’(name, 한국어)을"},
		{"(전체)은(는)", "(전체)는"},
		{"&quot;교통&quot;은(는)", "&quot;교통&quot;은"},
		{"<b>교통</b>은(는)", "<b>교통</b>은"},
		/* nobody can know */
		{"type은(는)", "type은(는)"},
		{"bot은(는)", "bot은(는)"},
		{"漢은(는)", "漢은(는)"},
		{"은(는)", "은(는)"},
		{"\"\"이(가)", "\"\"이(가)"},
		{"é은(는)", "é은(는)"},
		/* several, and none */
		{"개은(는) 고양이을(를)", "개는 고양이를"},
		{"그대로", "그대로"},
		{"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTOFREE char *s = josa_mark(cases[i].sentence);

		josa_resolve(s);
		assert_string_equal(cases[i].chosen, s);
	}
}

static void what_a_value_says_stays_as_it_was_written(void **state)
{
	AUTOFREE char *fmt = josa_mark("‘%s’은(는) 없습니다");
	AUTO(buf) out = BUF(KIB);
	AUTOFREE char *s = NULL;

	(void)state;
	buf_puts(&out, "‘주민은(는) 무엇");
	buf_puts(&out, strchr(fmt, JOSA_MARK) - strlen("’"));
	s = buf_take(&out);
	josa_resolve(s);
	assert_string_equal("‘주민은(는) 무엇’은 없습니다", s);
}

static const char *sentence_in(const char *lang, const char *fmt)
{
	return strcmp(lang, "ko") == 0 && strcmp(fmt, "%s of %s is missing") == 0
	               ? "%2$s의 %1$s\x02이(가) 없습니다"
	               : NULL;
}

static void a_thread_that_speaks_korean_fails_in_korean(void **state)
{
	const char *before;

	(void)state;
	err_translator(sentence_in, "en");
	(void)fail(ERR_INVALID, "%s of %s is missing", "이름", "부서");
	assert_string_equal("이름 of 부서 is missing", err_why());
	before = err_speak("ko");
	assert_string_equal("en", before);
	(void)fail(ERR_INVALID, "%s of %s is missing", "이름", "부서");
	assert_string_equal("부서의 이름이 없습니다", err_why());
	(void)fail(ERR_INVALID, "the file: %s", err_why());
	assert_string_equal("the file: 부서의 이름이 없습니다", err_why());
	assert_string_equal("ko", err_speak("en"));
	(void)fail(ERR_INVALID, "%s of %s is missing", "a", "b");
	assert_string_equal("a of b is missing", err_why());
}

static void each_sentence_of_a_table_is_found(void **state)
{
	const struct language *l = language_or_first("ko");
	json_auto_t *table = NULL;
	const char *fmt;
	json_t *sentence;
	size_t n = 0;

	(void)state;
	assert_int_equal(OK, json_read(l->spoken, (size_t)(l->spoken_end - l->spoken), MIB,
				     RULES_LOOSE, &table));
	for (int again = 0; again < 2; again++) {
		json_object_foreach (table, fmt, sentence) {
			AUTOFREE char *marked = josa_mark(json_string_value(sentence));
			const char *said = language_sentence("ko", fmt);

			assert_non_null(said);
			assert_string_equal(marked, said);
			n++;
		}
	}
	assert_int_equal(2 * json_object_size(table), n);
	assert_true(n > 2000);
	assert_null(language_sentence("ko", "nobody says this"));
	assert_null(language_sentence("ko", "\xff\xfe"));
	assert_null(language_sentence("ko", ""));
	assert_null(language_sentence("en", "AI office"));
	assert_null(language_sentence("xx", "AI office"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sentence_of_a_table_is_found),
		cmocka_unit_test(the_particle_is_chosen_by_the_last_sound_of_the_word),
		cmocka_unit_test(what_a_value_says_stays_as_it_was_written),
		cmocka_unit_test(a_thread_that_speaks_korean_fails_in_korean),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
