/* Links to another place than their text says, and harmless ones. */
#include "base/buf.h"
#include "base/link.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void an_address_that_browsers_read_otherwise_is_not_plain(void **state)
{
	static const char *const plain[] = {"https://www.gimhae.go.kr/a?b=c@d#e",
		"http://[::1]:80/", "HTTPS://A.KR", "/ko/systems", "/", "#a", "mailto:a@b.kr",
		"tel:055-330-3114", "https://김해.kr/가", "https://a.kr/@b"};
	static const char *const not_plain[] = {"//evil.kr/x", "/\\evil.kr", "\\\\evil.kr",
		"https:\\\\evil.kr", "https://bank.kr@evil.kr", "https://bank.kr:pw@evil.kr/",
		"http:evil.kr", "https:/evil.kr", "https:///evil.kr", "https://", "https://.kr",
		"https://bank%2ekr", "https://a.kr\\@evil.kr", "/\t/evil.kr", "https://a b",
		"javascript:alert(1)", "data:text/html,x", "evil.kr", ""};

	(void)state;
	for (size_t i = 0; i < COUNT(plain); i++)
		if (!link_is_plain(plain[i]))
			fail_msg("%s", plain[i]);
	for (size_t i = 0; i < COUNT(not_plain); i++)
		if (link_is_plain(not_plain[i]))
			fail_msg("%s", not_plain[i]);
}

static const struct {
	const char *text, *url;
} honest[] =
	{
		{"https://a.kr/x", "https://a.kr/x"},
		{"a.kr", "https://www.a.kr/long/path"},
		{"www.gimhae.go.kr", "https://gimhae.go.kr"},
		{"gimhae.go.kr에서 보기", "https://ai.gimhae.go.kr/ko"},
		{"HTTPS://A.KR", "https://a.kr/"},
		{"개인정보 영향평가서", "https://evil.example/a"},
		{"report.pdf", "https://a.kr/report.pdf"},
		{"README.md, Node.js 3.5", "https://b.org"},
		{"제3조 1.2.3", "https://law.go.kr"},
		{"and/or, 24/7", "/ko/about"},
		{"either //", "/ko/about"},
		{"kim@gimhae.go.kr", "mailto:kim@gimhae.go.kr?subject=a"},
		{"055-330-3114", "tel:+82553303114"},
		{"120", "tel:120"},
		{"a.kr.", "https://a.kr"},
		{"(https://a.kr)", "https://a.kr"},
		{"https://김해.kr", "https://김해.kr/가"},
		{"e.g. this", "https://a.kr"},
		{"김해.한국", "https://김해.한국/가"},
		{"김해.한국/가", "https://www.김해.한국"},
		{"끝났습니다.한국 정부", "https://a.kr"},
		{"대한민국.한국어", "https://a.kr"},
},
  deceiving[] = {
	  {"https://bank.kr", "https://evil.kr"},
	  {"bank.kr", "https://evil.kr"},
	  {"www.bank.example", "https://bank.example.evil.kr"},
	  {"see bank.co.kr for more", "https://evil.kr"},
	  {"bank.kr", "https://evilbank.kr"},
	  {"https://bank.kr@evil.kr", "https://bank.kr"},
	  {"//bank.kr", "https://evil.kr"},
	  {"ｂａｎｋ．ｋｒ", "https://evil.kr"},
	  {"bank。kr", "https://evil.kr"},
	  {"ba\u200bnk.kr", "https://evil.kr"},
	  {"BANK.KR", "https://evil.kr"},
	  {"a.kr and bank.kr", "https://a.kr"},
	  {"kim@bank.kr", "mailto:lee@evil.kr"},
	  {"https://bank.kr", "/ko/about"},
	  {"https://bank.kr", "tel:112"},
	  {"055-330-3114", "tel:060-700-1234"},
	  {"112", "tel:060-700-1234"},
	  {"https:\\\\bank.kr", "https://evil.kr"},
	  {"은행bank.kr", "https://evil.kr"},
	  {"https://김해.kr", "https://김해.evil.kr"},
	  {"김해.한국", "https://evil.kr"},
	  {"(김해.한국)", "https://김해.한국.evil.kr"},
	  {"시청 누리집 김해.한국/가", "https://evil.kr"},
	  {"bank.한국", "https://evil.kr"},
	  {"a.kr 김해.한국", "https://a.kr"},
	  {"bank.xn--3e0b707e", "https://evil.kr"},
};

/* Anything that shows nothing inside the words of a link, so that they read as before. */
static void characters_that_show_nothing_hide_no_address(void **state)
{
	static const char *const unseen[] = {"\u00ad", "\u034f", "\u115f", "\u1160", "\u17b4",
		"\u17b5", "\u180b", "\u180e", "\u180f", "\u200b", "\u200c", "\u200d", "\u200f",
		"\u2060", "\u2061", "\u2065", "\u206a", "\u206f", "\u3164", "\ufe00", "\ufe0f",
		"\ufeff", "\uffa0", "\ufff0", "\ufff9", "\U0001d173", "\U000e0001", "\U000e0061",
		"\U000e0080", "\U000e0100", "\U000e0fff"};

	(void)state;
	for (size_t i = 0; i < COUNT(unseen); i++) {
		AUTOFREE char *latin = mem_printf("ba%snk.kr", unseen[i]);
		AUTOFREE char *korean = mem_printf("김해.한%s국", unseen[i]);
		AUTOFREE char *number = mem_printf("055-330-%s3114", unseen[i]);

		if (!link_deceives(latin, "https://nk.kr/"))
			fail_msg("[%s]", latin);
		if (link_deceives(latin, "https://bank.kr/"))
			fail_msg("honest: [%s]", latin);
		if (!link_deceives(korean, "https://evil.kr"))
			fail_msg("[%s]", korean);
		if (!link_deceives(number, "tel:060-700-1234"))
			fail_msg("[%s]", number);
	}
}

static void words_that_are_another_address_deceive(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(honest); i++)
		if (link_deceives(honest[i].text, honest[i].url))
			fail_msg("honest: [%s](%s)", honest[i].text, honest[i].url);
	for (size_t i = 0; i < COUNT(deceiving); i++)
		if (!link_deceives(deceiving[i].text, deceiving[i].url))
			fail_msg("deceiving: [%s](%s)", deceiving[i].text, deceiving[i].url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_that_browsers_read_otherwise_is_not_plain),
		cmocka_unit_test(characters_that_show_nothing_hide_no_address),
		cmocka_unit_test(words_that_are_another_address_deceive),
	};
	return cmocka_run_group_tests_name("link", tests, NULL, NULL);
}
