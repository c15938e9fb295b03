/* Errors for JSON that an editor damaged. The tests of events cover which JSON is allowed. */
#include "base/file.h"
#include "base/json.h"
#include "base/json_parse.h"
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

static void what_comes_in_with_an_invisible_character_is_refused_but_not_what_a_log_holds(
	void **state)
{
	json_t *value;

	(void)state;
	for (enum json_rules rules = RULES_GIVEN; rules <= RULES_EXACT; rules++) {
		assert_int_equal(ERR_INVALID, read_by(rules, "{\"a\": \"b\u206ac\"}", &value));
		assert_non_null(strstr(err_why(), "U+206A"));
	}
	assert_int_equal(OK, read_by(RULES_STRICT, "{\"a\": \"b\u206ac\"}", &value));
	json_decref(value);
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

/* --- json_parse() reads what jansson reads --- */

static void assert_read_alike(const char *text, size_t len)
{
	json_auto_t *ours = json_parse(text, len);
	json_auto_t *theirs = json_loadb(
		text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
	AUTOFREE char *a = ours ? json_dumps(ours, JSON_ENCODE_ANY) : mem_text("refused");
	AUTOFREE char *b = theirs ? json_dumps(theirs, JSON_ENCODE_ANY) : mem_text("refused");

	if (!ours && memchr(text, '\0', len))
		return; /* jansson takes some for the end */
	if (strcmp(a, b) != 0 || (ours && !json_equal(ours, theirs)))
		fail_msg("\"%.*s\" is %s, and to jansson %s", (int)len, text, a, b);
}

static const char *const texts[] = {"", " ", "{}", "[]", " { } ", "[ ]\n", "null", "true", "false",
	"nul", "truex", "[true,false,null]", "0", "-0", "1", "-1", "01", "-01", "-", "+1", "1.",
	".5", "1.5", "-1.5e3", "1e5", "1E+5", "1e", "1e400", "0x10", "1-2", "123456789012345678",
	"-123456789012345678", "1234567890123456789", "9223372036854775807", "9223372036854775808",
	"-9223372036854775808", "-9223372036854775809", "[1,2]", "[1 ,2 ]", "[1,]", "[,1]", "[1 2]",
	"[1", "1]", "1 2", "{\"a\":1}", "{\"a\":1,\"b\":[{}]}", "{\"a\":1,\"a\":2}",
	"{\"a\":1,\"\\u0061\":2}", "{\"a\" : 1 , \"b\" : 2}", "{\"a\":1,}", "{,}", "{\"a\"}",
	"{\"a\":}", "{a:1}", "{1:1}", "{\"a\":1 \"b\":2}", "{\"\":1}", "{\"\\u0000\":1}",
	"{\"a\\n\":\"b\\n\"}", "{\"a", "{\"a\\", "\"\"", "\"a\"", "\"a",
	"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\a\"", "\"\\", "\"\\\"", "\"a\nb\"", "\"a\tb\"",
	"\"\x7f\"", "\"\\u0000\"", "\"a\\u0000b\"",
	"\"\\u001f\\u007F\\u0080\\u07ff\\u0800\\uFFFF\"", "\"\\ud83d\\ude00\"",
	"\"\\uD83D\\uDE00\"", "\"\\ud83d\"", "\"\\ud83dx\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"",
	"\"\\ud83d\\ud83d\"", "\"\\uDBFF\\uDFFF\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\u\"",
	"\"가나\"", "\"\xea\xb0\"", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
	"\"\xf4\x90\x80\x80\"", "\"\xef\xbf\xbf\"", "\"\xf0\x9f\x98\x80\"", "\xef\xbb\xbf{}",
	"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", "\v1", "[1]\f", "{}x"};

static void json_is_read_as_jansson_reads_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_read_alike(texts[i], strlen(texts[i]));
	assert_read_alike("1\0", 2);
	assert_read_alike("\"\0\"", 3);
}

/* jansson ends its reading at one, and would say nothing of what follows. */
static void a_zero_byte_is_no_end(void **state)
{
	static const char *const with[] = {"1\0", "{}\0x", "[1,2\0]", "\0{}", "{\"a\":\"\0\"}"};
	static const size_t lengths[] = {2, 4, 6, 3, 9};

	(void)state;
	for (size_t i = 0; i < COUNT(with); i++) {
		json_t *value = NULL;

		assert_int_equal(
			ERR_INVALID, json_read(with[i], lengths[i], MIB, RULES_LOOSE, &value));
		assert_null(value);
	}
}

/* Each byte of a text is replaced, left out, doubled, and is its end. */
static void a_changed_byte_changes_nothing_about_that(void **state)
{
	static const char text[] =
		"{\"a\\u00e9b\": [-12, 3.5e1, \"\\ud83d\\ude00 \\n가\", true, null], \"b\":{}, \"c\\n\" : \"\\\\\"}\n";
	static const char others[] = "{}[],:\"\\u0dDe1.-+ \n\t\x01\x7f\xc3\xea\xff/tfn";
	const size_t len = strlen(text);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		char changed[sizeof(text) + 1];

		assert_read_alike(text, i);
		for (size_t j = 0; j < sizeof(others); j++) {
			memcpy(changed, text, len);
			changed[i] = others[j];
			assert_read_alike(changed, len);
			memmove(changed + i + 1, text + i, len - i);
			assert_read_alike(changed, len + 1);
		}
		memcpy(changed, text, len);
		memmove(changed + i, text + i + 1, len - i - 1);
		assert_read_alike(changed, len - 1);
	}
}

static void files_of_this_tree_are_read_as_jansson_reads_them(void **state)
{
	static const char *const files[] = {"policies/standard.json", "policies/words.json",
		"cli/ko.json", "web/messages/ko.json", "policies/eu-ai-act/cases.json",
		"demo/systems/smart-water.json"};

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++) {
		AUTO(buf) bytes = BUF(MIB);

		assert_int_equal(OK, file_read(files[i], &bytes));
		assert_read_alike(buf_text(&bytes), bytes.len);
		json_decref(json_parse(buf_text(&bytes), bytes.len));
	}
}

static void what_is_nested_too_deeply_is_left_to_be_refused(void **state)
{
	char text[2 * (JSON_DEPTH + 1) + 1] = "";
	json_t *value = NULL;

	(void)state;
	memset(text, '[', JSON_DEPTH + 1);
	memset(text + JSON_DEPTH + 1, ']', JSON_DEPTH + 1);
	assert_null(json_parse(text, sizeof(text) - 1));
	assert_int_equal(ERR_INVALID, json_read(text, sizeof(text) - 1, MIB, RULES_LOOSE, &value));
	assert_non_null(strstr(err_why(), "deeper than 32"));
	value = json_parse(text + 1, sizeof(text) - 3);
	assert_non_null(value);
	json_decref(value);
}

static void a_text_that_only_a_damaged_database_holds_ends_nothing(void **state)
{
	json_auto_t *null = json_make("{s:s, s:i}", "name", NULL, "n", 1);
	json_auto_t *bytes = json_make("[s]", "\xff\xfe");
	json_auto_t *text = json_text("\xff\xfe");

	(void)state;
	assert_int_equal(0, json_object_size(null));
	assert_true(json_is_array(bytes));
	assert_int_equal(0, json_array_size(bytes));
	assert_true(json_is_null(text));
}

static void a_loop_ends_at_a_break_and_goes_on_at_a_continue(void **state)
{
	json_auto_t *list = json_make("[s,s,s,s]", "a", "b", "c", "d");
	json_auto_t *object = json_make("{s:i,s:i,s:i}", "a", 1, "b", 2, "c", 3);
	AUTO(buf) seen = BUF(KIB);
	json_int_t sum = 0;

	(void)state;
	json_each_at (list, i, item) {
		if (i == 1)
			continue;
		if (i == 3)
			break;
		buf_printf(&seen, "%zu%s", i, json_string_value(item));
		json_each (list, inner)
			if (strcmp(json_string_value(inner), "b") == 0)
				break;
			else
				buf_puts(&seen, json_string_value(inner));
	}
	assert_string_equal("0aa2ca", buf_text(&seen));
	json_members (object, key, value) {
		if (strcmp(key, "a") == 0)
			continue;
		sum += json_integer_value(value);
		if (strcmp(key, "b") == 0)
			break;
	}
	assert_int_equal(2, sum);
	json_each (NULL, item)
		fail_msg("nothing has an item: %p", (void *)item);
	json_members (NULL, name, member)
		fail_msg("nothing has a member: %s %p", name, (void *)member);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_loop_ends_at_a_break_and_goes_on_at_a_continue),
		cmocka_unit_test(json_is_read_as_jansson_reads_it),
		cmocka_unit_test(a_text_that_only_a_damaged_database_holds_ends_nothing),
		cmocka_unit_test(a_zero_byte_is_no_end),
		cmocka_unit_test(a_changed_byte_changes_nothing_about_that),
		cmocka_unit_test(files_of_this_tree_are_read_as_jansson_reads_them),
		cmocka_unit_test(what_is_nested_too_deeply_is_left_to_be_refused),
		cmocka_unit_test(what_editors_put_into_json_is_named_in_both_languages),
		cmocka_unit_test(curly_quotes_and_commas_within_texts_are_texts),
		cmocka_unit_test(
			what_comes_in_with_an_invisible_character_is_refused_but_not_what_a_log_holds),
		cmocka_unit_test(what_comes_in_with_too_many_marks_is_refused_by_its_place),
		cmocka_unit_test(
			what_comes_in_is_put_into_normal_form_c_but_what_is_kept_as_it_is_must_have_it),
	};
	err_translator(language_sentence, LANGUAGE_OF_C);
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
