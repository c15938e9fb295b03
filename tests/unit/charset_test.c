#include "base/charset.h"
#include "base/languages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void gives(enum charset from, const char *bytes, const char *want)
{
	AUTO(buf) out = BUF(KIB);

	if (charset_decode(from, bytes, strlen(bytes), &out) != OK)
		fail_msg("%s", err_why());
	assert_string_equal(want, buf_text(&out));
}

static void refused(enum charset from, const char *bytes, size_t len, const char *why)
{
	AUTO(buf) out = BUF(KIB);

	assert_int_equal(ERR_INVALID, charset_decode(from, bytes, len, &out));
	if (!strstr(err_why(), why))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), why);
}

static void utf8_stays_and_loses_its_mark(void **state)
{
	gives(CHARSET_UTF8, "a,가나,é,😀\n", "a,가나,é,😀\n");
	gives(CHARSET_UTF8, "\xef\xbb\xbf이름\n", "이름\n");
	gives(CHARSET_UTF8, "", "");
}

static void windows_1252_becomes_utf8(void **state)
{
	gives(CHARSET_WINDOWS_1252, "caf\xe9 \x80 \x93q\x94 \x9f \xff", "café € “q” Ÿ ÿ");
	gives(CHARSET_WINDOWS_1252, "plain", "plain");
}

static void cp949_becomes_utf8(void **state)
{
	gives(CHARSET_CP949, "\xb1\xe8\xc7\xd8\xbd\xc3,AI", "김해시,AI");
	gives(CHARSET_CP949, "\x8c\x63", "똠"); /* not in EUC-KR */
}

static void korean_text_that_is_said_to_be_western_is_refused_and_the_reverse(void **state)
{
	const char *korean = "\xb9\xf8\xc8\xa3,\xc0\xcc\xb8\xa7\n1,\xc3\xaa\xba\xbf\n";

	refused(CHARSET_WINDOWS_1252, korean, strlen(korean),
		"the file is CP949 (it contains \"번호\")");
	gives(CHARSET_CP949, korean, "번호,이름\n1,챗봇\n");
	gives(CHARSET_WINDOWS_1252, "\xc4rzte, \xd6l, na\xefve \xb0\xb1", "Ärzte, Öl, naïve °±");
	refused(CHARSET_CP949, "\xc4rzte", 6, "the file is Windows-1252");
	gives(CHARSET_CP949, "\xb1\xe8 \xc4\x72", "김 훣");
}

static void a_part_of_a_file_tells_lines_of_the_whole(void **state)
{
	AUTO(buf) out = BUF(KIB);

	assert_int_equal(ERR_INVALID, charset_decode_part(CHARSET_UTF8, "a\n\xff", 3, 7, &out));
	assert_non_null(strstr(err_why(), "line 9, byte 1: 0xFF"));
}

static void the_first_wrong_byte_is_told_by_line_and_place(void **state)
{
	refused(CHARSET_UTF8, "a\nb\r\nc\xe9", 7, "line 3, byte 2: 0xE9 is not UTF-8");
	refused(CHARSET_UTF8, "a\r\xff", 3, "line 2, byte 1: 0xFF");
	refused(CHARSET_UTF8, "ok \xed\xa0\x80", 6, "line 1, byte 4: 0xED"); /* a surrogate */
	refused(CHARSET_UTF8, "\xc0\x80", 2, "byte 1: 0xC0");                /* overlong */
	refused(CHARSET_UTF8, "\xf4\x90\x80\x80", 4, "byte 1: 0xF4");        /* past U+10FFFF */
	refused(CHARSET_UTF8, "ab\xe2\x82", 4, "byte 3: 0xE2");              /* cut off */
	refused(CHARSET_CP949, "\xb1\xe8\xe8", 3, "byte 3: 0xE8");
	refused(CHARSET_WINDOWS_1252, "x\ny\x81", 4, "line 2, byte 2: 0x81 is not Windows-1252");
	refused(CHARSET_CP949, "x\n\xb1\xe8\xff\xff", 6, "line 2, byte 3: 0xFF is not CP949");
	refused(CHARSET_CP949, "x\xb1", 2, "line 1, byte 2: 0xB1");
}

static void utf16_is_refused_however_it_begins(void **state)
{
	static const enum charset all[] = {CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_CP949};

	for (size_t i = 0; i < COUNT(all); i++) {
		refused(all[i],
			"\xff\xfe"
			"a\0b\0",
			6, "UTF-16");
		refused(all[i], "\xfe\xff\0a\0b", 6, "UTF-16");
		refused(all[i], "a\0b\0", 4, "UTF-16");
		refused(all[i], "\0a\0b", 4, "save it again as UTF-8");
	}
}

static void utf8_is_not_read_as_something_else(void **state)
{
	refused(CHARSET_WINDOWS_1252, "caf\xc3\xa9", 5, "the file is UTF-8");
	refused(CHARSET_CP949,
		"\xef\xbb\xbf"
		"a",
		4, "the file is UTF-8");
}

static void what_reads_as_cp949_is_called_so_in_both_languages(void **state)
{
	(void)state;
	refused(CHARSET_UTF8, "a\n\xb1\xe8\xc7\xd8\xbd\xc3,AI\n", 12, "--encoding cp949");
	assert_non_null(strstr(err_why(), "line 2, byte 1: 0xB1 is not UTF-8"));
	err_speak("ko");
	refused(CHARSET_UTF8, "a\n\xb1\xe8\xc7\xd8\xbd\xc3,AI\n", 12,
		"2번째 줄 1번째 바이트: 0xB1은 UTF-8 문자가 아닙니다");
	assert_non_null(strstr(err_why(), "CSV UTF-8(쉼표로 분리)"));
	err_speak(LANGUAGE_OF_C);
	refused(CHARSET_UTF8, "caf\xe9\n", 5, "Windows-1252 or CP949");
}

static void an_encoding_is_found_by_name_in_any_case(void **state)
{
	enum charset found;

	assert_int_equal(OK, charset_find("Windows-1252", &found));
	assert_int_equal(CHARSET_WINDOWS_1252, found);
	assert_int_equal(OK, charset_find("EUC-KR", &found));
	assert_int_equal(CHARSET_CP949, found);
	assert_int_equal(ERR_INVALID, charset_find("latin-9", &found));
	assert_non_null(strstr(err_why(), "utf-8, windows-1252 and cp949"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8_stays_and_loses_its_mark),
		cmocka_unit_test(windows_1252_becomes_utf8),
		cmocka_unit_test(cp949_becomes_utf8),
		cmocka_unit_test(korean_text_that_is_said_to_be_western_is_refused_and_the_reverse),
		cmocka_unit_test(a_part_of_a_file_tells_lines_of_the_whole),
		cmocka_unit_test(the_first_wrong_byte_is_told_by_line_and_place),
		cmocka_unit_test(utf16_is_refused_however_it_begins),
		cmocka_unit_test(utf8_is_not_read_as_something_else),
		cmocka_unit_test(what_reads_as_cp949_is_called_so_in_both_languages),
		cmocka_unit_test(an_encoding_is_found_by_name_in_any_case),
	};
	err_translator(language_sentence, LANGUAGE_OF_C);
	return cmocka_run_group_tests_name("charset", tests, NULL, NULL);
}
