/* Errors for JSON that an editor damaged. The tests of events cover which JSON is allowed. */
#include "base/json.h"
#include "base/languages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void refused(const char *text, const char *en, const char *ko)
{
	json_t *value = NULL;

	assert_int_equal(ERR_INVALID, json_read(text, strlen(text), MIB, RULES_STRICT, &value));
	if (!strstr(err_why(), en))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), en);
	err_speak("ko");
	assert_int_equal(ERR_INVALID, json_read(text, strlen(text), MIB, RULES_STRICT, &value));
	err_speak(LANGUAGE_OF_C);
	if (!strstr(err_why(), ko))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), ko);
}

static void what_editors_put_into_json_is_named_in_both_languages(void **state)
{
	(void)state;
	refused("\xef\xbb\xbf{}", "begins with a byte order mark", "BOM 없는 UTF-8");
	refused("\xff\xfe{", "UTF-16", "UTF-16");
	refused("{\n\"a\": \"\xb1\xe8\"}", "line 2: it is not UTF-8", "UTF-8 파일이 아닙니다");
	refused("{\n“a”: 1}", "line 2 has a curly quote (“)", "2번째 줄에 둥근따옴표(“)");
	refused("{\"a\": ‘b’}", "line 1 has a curly quote (‘)", "둥근따옴표(‘)");
	refused("{\"a\": 1,\n}", "line 1 has a comma after the last value", "쉼표를 지우십시오");
	refused("[1,\n2 , \n\n]", "line 2 has a comma after the last value",
		"2번째 줄의 마지막 값");
	refused("{\"a\" 1}", "not JSON at line 1, column", "올바른 JSON이 아닙니다(1번째 줄");
}

static void curly_quotes_and_commas_within_texts_are_texts(void **state)
{
	static const char good[] = "{\"a\": \"“b”,}\", \"c\": \"\\\",]\"}";
	json_t *value = NULL;

	(void)state;
	assert_int_equal(OK, json_read(good, strlen(good), MIB, RULES_STRICT, &value));
	json_decref(value);
	refused("{\"a\": \"“b”,}\", \"c\" 1}", "not JSON at line 1", "올바른 JSON이 아닙니다");
}

static enum err read_by(enum json_rules rules, const char *text, json_t **value)
{
	*value = NULL;
	return json_read(text, strlen(text), 2 * MIB, rules, value);
}

static void what_comes_in_with_too_many_marks_is_refused_by_its_place(void **state)
{
	AUTO(buf) text = BUF(2 * MIB);
	json_t *value;

	(void)state;
	buf_puts(&text, "{\"record\": {\"names\": [{\"ko\": \"가\"}, {\"ko\": \"a");
	while (text.len < MIB)
		buf_puts(&text, "\u0345\u0301\u0323\u0327");
	buf_puts(&text, "\"}]}}");
	for (enum json_rules rules = RULES_GIVEN; rules <= RULES_EXACT; rules++) {
		assert_int_equal(ERR_INVALID, read_by(rules, buf_text(&text), &value));
		assert_non_null(
			strstr(err_why(), "\"record.names[1].ko\" has more than 30 combining"));
		err_speak("ko");
		assert_int_equal(ERR_INVALID, read_by(rules, buf_text(&text), &value));
		err_speak(LANGUAGE_OF_C);
		assert_non_null(strstr(err_why(), "\"record.names[1].ko\"에 결합 문자"));
	}
	/* A log may hold such a text from before this rule. */
	assert_int_equal(OK, read_by(RULES_STRICT, buf_text(&text), &value));
	json_decref(value);
}

static void what_comes_in_is_put_into_normal_form_c_but_what_is_kept_as_it_is_must_have_it(
	void **state)
{
	static const char tag[] = "{\"a\": \"<img src=x>\\u0338\"}";
	json_t *value;

	(void)state;
	for (enum json_rules rules = RULES_STRICT; rules <= RULES_GIVEN; rules++) {
		assert_int_equal(OK, read_by(rules, tag, &value));
		assert_string_equal("<img src=x\u226f", json_str(value, "a"));
		json_decref(value);
	}
	assert_int_equal(ERR_INVALID, read_by(RULES_EXACT, tag, &value));
	assert_non_null(strstr(err_why(), "normal form C"));
	assert_int_equal(OK, read_by(RULES_EXACT, "{\"a\": \"<img src=x\u226f, é, 가\"}", &value));
	json_decref(value);
	assert_int_equal(OK, read_by(RULES_LOOSE, tag, &value));
	json_settle(value);
	assert_string_equal("<img src=x\u226f", json_str(value, "a"));
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_editors_put_into_json_is_named_in_both_languages),
		cmocka_unit_test(curly_quotes_and_commas_within_texts_are_texts),
		cmocka_unit_test(what_comes_in_with_too_many_marks_is_refused_by_its_place),
		cmocka_unit_test(
			what_comes_in_is_put_into_normal_form_c_but_what_is_kept_as_it_is_must_have_it),
	};
	err_translator(language_sentence, LANGUAGE_OF_C);
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
