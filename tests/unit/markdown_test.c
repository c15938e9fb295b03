#include "base/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char *contained(const char *text, int level)
{
	AUTO(buf) out = BUF(MIB);

	markdown_contained(text, level, MARKDOWN_AS_TYPED, &out);
	assert_int_equal(OK, buf_check(&out, "contained"));
	return buf_take(&out);
}

static char *html_of(const char *text)
{
	AUTO(buf) out = BUF(MIB);

	markdown_html(text, strlen(text), &out);
	return buf_take(&out);
}

static char *repeated(const char *s, size_t times)
{
	AUTO(buf) out = BUF(MIB);

	while (times--)
		buf_puts(&out, s);
	return buf_take(&out);
}

static void contains_as(const char *text, const char *expected)
{
	AUTOFREE char *out = contained(text, 2);

	assert_string_equal(expected, out);
}

static void shows_as(const char *text, const char *expected)
{
	AUTOFREE char *out = contained(text, 2);
	AUTOFREE char *html = html_of(out);

	assert_string_equal(expected, html);
}

/* --- check --- */

static void flawed(enum markdown_flaw flaw, const char *excerpt, const char *text)
{
	char got[256];

	assert_int_equal(flaw, markdown_check(text, got));
	assert_string_equal(excerpt, got);
	assert_int_equal(flaw, markdown_check(text, NULL));
}

static void plain_text_and_common_marks_are_fine(void **state)
{
	flawed(MARKDOWN_FINE, "", "");
	flawed(MARKDOWN_FINE, "", "김해시는 *신호*를 **조정**합니다.\n\n- 하나\n- 둘\n\n1. 셋\n");
	flawed(MARKDOWN_FINE, "", "# 제목\n\n> 인용\n\n    코드\n\n```c\nint x;\n```\n\n---\n");
	flawed(MARKDOWN_FINE, "", "a < b > c & d [e] !f");
	flawed(MARKDOWN_FINE, "", "`<script>` \\<b>");
	flawed(MARKDOWN_FINE, "", "```\n<script>\n```\n");
}

static void raw_html_is_found_with_its_place(void **state)
{
	flawed(MARKDOWN_HTML, "<b>", "a <b>b</b>");
	flawed(MARKDOWN_HTML, "<!-- c -->", "a <!-- c -->");
	flawed(MARKDOWN_HTML, "<script> alert(1) </script> ",
		"x\n\n<script>\nalert(1)\n</script>\n");
	flawed(MARKDOWN_HTML, "<div> ", "- <div>\n");
}

static void a_link_leads_to_the_web_to_mail_to_a_phone_or_stays_here(void **state)
{
	static const char *const good[] = {"http://a", "https://a.kr/b", "HTTPS://a",
		"mailto:a@b.kr", "tel:+82-55-330-3114", "/ko/about", "#risks", "//a.kr"};
	static const char *const bad[] = {"javascript:alert", "JavaScript:a", "data:text/html;x",
		"vbscript:a", "file:///etc/passwd", "ftp://a", "about", "x:y", "../a"};

	for (size_t i = 0; i < COUNT(good); i++) {
		AUTOFREE char *text = mem_printf("[a](%s)", good[i]);

		flawed(MARKDOWN_FINE, "", text);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTOFREE char *text = mem_printf("[a](%s)", bad[i]);

		flawed(MARKDOWN_LINK, bad[i], text);
	}
}

static void a_scheme_in_disguise_is_seen_through(void **state)
{
	flawed(MARKDOWN_LINK, "javascript:a", "[a](&#106;avascript:a)");
	flawed(MARKDOWN_LINK, "javascript:a", "[a](javascript&colon;a)");
	flawed(MARKDOWN_LINK, "java script:a", "[a](java&#10;script:a)");
	flawed(MARKDOWN_LINK, "javascript:a", "<javascript:a>");
	flawed(MARKDOWN_LINK, "javascript:a", "[a][b]\n\n[b]: javascript:a");
	flawed(MARKDOWN_LINK, "", "[a]()");
}

static void flawed_if_new(enum markdown_flaw flaw, const char *excerpt, const char *text)
{
	char got[256];

	flawed(MARKDOWN_FINE, "", text); /* a log may hold it */
	assert_int_equal(flaw, markdown_check_new(text, got));
	assert_string_equal(excerpt, got);
}

static void a_new_link_leads_where_its_reader_thinks(void **state)
{
	flawed_if_new(MARKDOWN_ADDRESS, "//evil.kr/x", "[a](//evil.kr/x)");
	flawed_if_new(MARKDOWN_ADDRESS, "https://bank.kr@evil.kr", "[a](https://bank.kr@evil.kr)");
	flawed_if_new(MARKDOWN_ADDRESS, "https://bank.kr@evil.kr", "<https://bank.kr@evil.kr>");
	flawed_if_new(MARKDOWN_ADDRESS, "/\\evil.kr", "[a](/\\\\evil.kr)");
	flawed_if_new(MARKDOWN_ADDRESS, "/\\evil.kr", "[a](/&bsol;evil.kr)");
	flawed_if_new(MARKDOWN_ADDRESS, "//evil.kr", "[a][b]\n\n[b]: //evil.kr");
	flawed_if_new(MARKDOWN_WORDS, "https://evil.kr", "[**bank**.kr](https://evil.kr)");
	flawed_if_new(MARKDOWN_WORDS, "https://evil.kr", "[`bank.kr`](https://evil.kr)");
	flawed_if_new(
		MARKDOWN_WORDS, "https://evil.kr", "[a](https://evil.kr \"https://bank.kr\")");
	flawed_if_new(MARKDOWN_FINE, "",
		"[a.kr](https://www.a.kr/b) <https://a.kr> <kim@a.kr> [b](/ko/) [c](#d)");
}

static void an_old_link_that_leads_elsewhere_is_shown_for_what_it_is(void **state)
{
	shows_as("[a](//evil.kr/x)", "<p>a (//evil.kr/x)</p>\n");
	shows_as("[*bank*.kr](https://evil.kr)", "<p><em>bank</em>.kr (https://evil.kr)</p>\n");
	shows_as("<https://bank.kr@evil.kr>", "<p>https://bank.kr@evil.kr</p>\n");
	shows_as("[a](/&bsol;evil.kr)", "<p>a (/\\evil.kr)</p>\n");
	shows_as("[a](https:evil.kr \"b\")", "<p>a (https:evil.kr)</p>\n");
}

static void a_picture_is_refused_wherever_it_is_from(void **state)
{
	flawed(MARKDOWN_IMAGE, "https://a.kr/b.png", "![b](https://a.kr/b.png)");
	flawed(MARKDOWN_IMAGE, "/b.png", "[![b](/b.png)](https://a.kr)");
}

static void marks_may_nest_to_a_limit(void **state)
{
	AUTOFREE char *quotes = repeated(">", MARKDOWN_NESTING - 2);
	AUTOFREE char *fine = mem_printf("%s a", quotes);
	AUTOFREE char *deep = mem_printf("%s> a", quotes);
	AUTOFREE char *stars = repeated("*a _b ", 8);
	AUTOFREE char *ends = repeated("_ *", 8);
	AUTOFREE char *emphasis = mem_printf("%s%s", stars, ends);

	flawed(MARKDOWN_FINE, "", fine);
	assert_int_equal(MARKDOWN_NESTING_FLAW, markdown_check(deep, NULL));
	assert_int_equal(MARKDOWN_NESTING_FLAW, markdown_check("- - - - - - - - a", NULL));
	assert_int_equal(MARKDOWN_FINE, markdown_check(emphasis, NULL));
}

static void a_text_over_the_limit_is_not_parsed(void **state)
{
	AUTOFREE char *most = repeated("*a ", MARKDOWN_MAX / 3);
	AUTOFREE char *more = repeated("[", 4 * MARKDOWN_MAX);

	flawed(MARKDOWN_FINE, "", most);
	flawed(MARKDOWN_TOO_LONG, "", more);
}

static void many_references_to_one_long_address_are_too_long(void **state)
{
	AUTOFREE char *address = repeated("x", 8000);
	AUTOFREE char *uses = repeated("[a]", 2000);
	AUTOFREE char *text = mem_printf("[a]: /%s\n\n%s", address, uses);
	AUTOFREE char *out = contained(text, 2);

	assert_int_equal(MARKDOWN_TOO_LONG, markdown_check(text, NULL));
	assert_true(strlen(out) < 2 * MARKDOWN_MAX);
}

/* --- contained --- */

static void an_ordinary_text_keeps_its_form(void **state)
{
	contains_as("", "");
	contains_as("하나  둘", "하나  둘\n\n");
	contains_as("**굵게**와 *기울임* `code`\n둘째 줄\\\n셋째 줄",
		"**굵게**와 *기울임* `code`  \n둘째 줄  \n셋째 줄\n\n");
	contains_as("[법](https://law.go.kr) <https://a.kr> <a@b.kr>",
		"[법](https://law.go.kr) <https://a.kr> <a@b.kr>\n\n");
	shows_as("- 하나\n- 둘\n  1. 셋\n",
		"<ul>\n<li>하나</li>\n<li>둘\n<ol>\n<li>셋</li>\n</ol>\n"
		"</li>\n</ul>\n");
	shows_as("> 인용\n\n```c\nint x;\n```\n",
		"<blockquote>\n<p>인용</p>\n</blockquote>\n"
		"<pre><code class=\"language-c\">int x;\n</code></pre>\n");
}

static void emphasis_ends_beside_a_letter_of_korean_whatever_is_within(void **state)
{
	shows_as("**마크다운(Markdown)**을", "<p><strong>마크다운(Markdown)</strong>을</p>\n");
	shows_as("가**(나)**다", "<p>가<strong>(나)</strong>다</p>\n");
	shows_as("**「인용」**은 *\"말\"*이다 **50%**입니다",
		"<p><strong>「인용」</strong>은 <em>&quot;말&quot;</em>이다 <strong>50%</strong>입니다</p>\n");
	shows_as("***(가)***를", "<p><em><strong>(가)</strong></em>를</p>\n");
	shows_as("**日本語。**です **中文（字）**是",
		"<p><strong>日本語。</strong>です <strong>中文（字）</strong>是</p>\n");
	contains_as("**(가)**를", "**(가)**를\n\n");
}

static void elsewhere_stars_mean_what_they_did(void **state)
{
	shows_as("`**(가)**를`", "<p><code>**(가)**를</code></p>\n");
	shows_as("    **(가)**를", "<pre><code>**(가)**를\n</code></pre>\n");
	shows_as("```\n가)**나\n```", "<pre><code>가)**나\n</code></pre>\n");
	shows_as("\\*\\*(가)\\*\\*를", "<p>**(가)**를</p>\n");
	shows_as("\\\\**(가)**를", "<p>\\<strong>(가)</strong>를</p>\n");
	shows_as("a**(b)**c", "<p>a**(b)**c</p>\n");
	shows_as("가 ** (나) ** 다", "<p>가 ** (나) ** 다</p>\n");
	shows_as("[가)**나](</가*(나> \"(다)**라\")",
		"<p><a href=\"/%EA%B0%80*(%EB%82%98\" title=\"(다)**라\">가)**나</a></p>\n");
	shows_as("* 하나\n* (둘)", "<ul>\n<li>하나</li>\n<li>(둘)</li>\n</ul>\n");
	shows_as("가)**나\ufdd0", "<p>가)**나\ufffd</p>\n");
}

static void a_line_ends_where_its_writer_ended_it(void **state)
{
	AUTO(buf) wrapped = BUF(MIB);

	shows_as("○ 첫째\n○ 둘째", "<p>○ 첫째<br />\n○ 둘째</p>\n");
	contains_as("○ 첫째\n○ 둘째\n\n셋째", "○ 첫째  \n○ 둘째\n\n셋째\n\n");
	shows_as("**가**\n나", "<p><strong>가</strong><br />\n나</p>\n");
	shows_as("- 하나\n이어서\n- 둘", "<ul>\n<li>하나<br />\n이어서</li>\n<li>둘</li>\n</ul>\n");
	shows_as("| 가 | 나 |\n|---|---|\n| 1 | 2 |",
		"<p>| 가 | 나 |<br />\n|---|---|<br />\n| 1 | 2 |</p>\n");
	markdown_contained("one\ntwo", 2, MARKDOWN_WRAPPED, &wrapped);
	assert_string_equal("one\ntwo\n\n", buf_text(&wrapped));
}

static void headings_go_below_the_level_of_the_page(void **state)
{
	contains_as("# 하나", "### 하나\n\n");
	contains_as("### 셋", "##### 셋\n\n");
	contains_as("##### 다섯", "###### 다섯\n\n");
	contains_as("하나\n둘\n===", "### 하나 둘\n\n");
	contains_as("> # 안", "> ### 안\n\n");
}

static void html_becomes_the_text_that_it_is(void **state)
{
	shows_as("a <b>b</b>", "<p>a &lt;b&gt;b&lt;/b&gt;</p>\n");
	shows_as("<script>\n\nalert(1)\n</script>",
		"<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n");
	shows_as("<!-- a", "<p>&lt;!-- a</p>\n");
	shows_as("[http://a\\>\\<script\\>](http://a\\>\\<script\\>)",
		"<p>http://a&gt;&lt;script&gt;</p>\n");
}

static void unsafe_links_and_pictures_become_their_words(void **state)
{
	contains_as("[하나 **둘**](javascript:x)", "하나 **둘**\n\n");
	contains_as("![그림](https://a.kr/b.png)", "그림\n\n");
	contains_as("[](javascript:x)", "javascript:x\n\n");
	contains_as("<javascript:x>", "javascript:x\n\n");
}

static void an_entity_brings_in_no_lines_and_no_hidden_marks(void **state)
{
	shows_as("[a](/b \"q&#10;&#10;~~~\")", "<p><a href=\"/b\" title=\"q  ~~~\">a</a></p>\n");
	shows_as("a&#10;&#10;# b", "<p>a  # b</p>\n");
	shows_as("a&#x202e;b", "<p>a\ufffdb</p>\n");
}

static void what_cmark_cannot_write_back_stays_as_plain_text(void **state)
{
	shows_as("[x](mailto:x)", "<p>[x](mailto:x)</p>\n");
}

/* --- containment in a larger document --- */

static const char *const hostile[] = {
	"```\nopen fence",
	"~~~ a`b\nopen fence",
	"> ~~~\n> open",
	"\\~~~",
	"\\`\\`\\`",
	"a&#10;~~~",
	"&#126;~~",
	"[a](/b \"&#10;&#10;~~~&#10;\")",
	"[a](</b&#10;&#10;~~~>)",
	"``` x&#10;~~~\n```",
	"<!-- open",
	"<script>",
	"<pre>",
	"<![CDATA[",
	"<?php",
	"<div\n",
	"<div>\n*a*",
	"[After]: /stolen\n[one]: /stolen\n",
	"a\n\n[x]: /stolen 'open",
	"[x",
	"a [x][",
	"trailing\\",
	"trailing\\\n",
	"trailing  \n",
	"text",
	"text\n\n===",
	"# h",
	"- a\n- b",
	"* a\n\n- b\n\n1. c",
	"1. a\n   - b\n     - c",
	"- ",
	"-",
	"- a\n\n      code",
	"> - a",
	"> q",
	"    code",
	"*open **emphasis",
	"`open code",
	"***",
	"- a\n  ***",
	"![open",
	"[//]: # (x",
	"\\",
	"&",
	"&#",
};

static void what_follows_reads_as_if_the_text_were_not_there(void **state)
{
	static const char *const after[] = {"After\n===\n", "===\n", "---\n", "- one\n- two\n",
		"1. one\n", "   para [x] [one] [After]\n", "  - deeper\n", "# After\n", "> q\n",
		"\"title\"\n", "    code\n", "``` c\nx\n```\n", "<p>\n", "*e* `c`\n"};

	for (size_t i = 0; i < COUNT(hostile); i++) {
		AUTOFREE char *inside = contained(hostile[i], 2);

		for (size_t j = 0; j < COUNT(after); j++) {
			AUTOFREE char *both = mem_printf("%s%s", inside, after[j]);
			AUTOFREE char *html = html_of(both);
			AUTOFREE char *alone = html_of(after[j]);
			size_t len = strlen(html), end = strlen(alone);

			if (len < end || strcmp(html + len - end, alone) != 0)
				fail_msg("%s\nswallows %s\nas %s", hostile[i], after[j], html);
		}
	}
}

static void what_comes_before_keeps_its_meaning(void **state)
{
	static const char before[] = "Before\n\n- one [x]\n\nPara\n\n";
	AUTOFREE char *alone = html_of(before);

	for (size_t i = 0; i < COUNT(hostile); i++) {
		AUTOFREE char *inside = contained(hostile[i], 2);
		AUTOFREE char *both = mem_printf("%s%s", before, inside);
		AUTOFREE char *html = html_of(both);

		if (strncmp(html, alone, strlen(alone)) != 0)
			fail_msg("%s\nchanges what stands before it: %s", hostile[i], html);
	}
}

static void what_is_contained_passes_the_check_and_shows_no_comments(void **state)
{
	for (size_t i = 0; i < COUNT(hostile); i++) {
		AUTOFREE char *once = contained(hostile[i], 0);
		AUTOFREE char *html = html_of(once);

		assert_int_equal(MARKDOWN_FINE, markdown_check(once, NULL));
		assert_null(strstr(html, "<!--"));
	}
}

static void neighbouring_lists_need_no_comment_between_them(void **state)
{
	shows_as("- a\n* b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n");
	shows_as("- a\n\n1. b\n1) c",
		"<ul>\n<li>a</li>\n</ul>\n<ol>\n<li>b</li>\n</ol>\n<ol>\n<li>c</li>\n</ol>\n");
}

/* --- escape and HTML --- */

static void escaped_text_shows_every_character(void **state)
{
	static const char *const texts[] = {"# a", "1. a", "12) a", "- a", "+ a", "* a", "= a",
		"a_b_c", "**a**", "[a](b)", "![a](b)", "`a`", "&amp; &lt;", "a\\b", "a\\", "~~~",
		"> a", "C#", "C #", "<http://a.kr>", "3.14", "2026. 11. 22.", "|a|b|",
		"[//]: # (a)", "---", "==="};

	for (size_t i = 0; i < COUNT(texts); i++) {
		AUTO(buf) escaped = BUF(KIB), plain = BUF(KIB);
		AUTOFREE char *html = NULL, *expected = NULL;

		markdown_escape(texts[i], &escaped);
		html = html_of(buf_text(&escaped));
		for (const char *p = texts[i]; *p; p++)
			if (strchr("<>&", *p))
				buf_puts(&plain, *p == '<' ? "&lt;" : *p == '>' ? "&gt;" : "&amp;");
			else
				buf_putc(&plain, *p);
		expected = mem_printf("<p>%s</p>\n", buf_text(&plain));
		assert_string_equal(expected, html);
	}
}

static void escaped_lines_open_no_block(void **state)
{
	AUTO(buf) escaped = BUF(KIB);
	AUTOFREE char *html = NULL;

	markdown_escape("    a\n\tb\n- c\n\n    1. d\r# e", &escaped);
	html = html_of(buf_text(&escaped));
	assert_string_equal("<p>a\nb\n- c</p>\n<p>1. d\n# e</p>\n", html);
}

static void reads_as(const char *line, const char *expected)
{
	bool markup[256];
	char words[256];
	size_t n = 0;

	markdown_markup(line, strlen(line), markup);
	for (size_t i = 0; line[i]; i++)
		if (!markup[i])
			words[n++] = line[i];
	words[n] = '\0';
	assert_string_equal(words, expected);
}

static void the_words_of_a_line_are_what_a_reader_sees(void **state)
{
	reads_as("- 찾지 않는 것: **얼굴, 이름**", "찾지 않는 것: 얼굴, 이름");
	reads_as("## Faces", "Faces");
	reads_as("> - *a* and ***b*** and `**c**`", "a and b and **c**");
	reads_as("see [the *law*](https://example.org/a), 3\\*", "see the law, 3*");
	reads_as("1. first", "1. first");
	reads_as("", "");
}

static void marks_without_a_partner_are_words(void **state)
{
	reads_as("2 * 3 * 4, a_b_c, -5, #7", "2 * 3 * 4, a_b_c, -5, #7");
	reads_as("**not ended", "**not ended");
	reads_as("a ` tick [or](this", "a ` tick [or](this");
	reads_as("#", "");
	reads_as("C:\\dir\\", "C:\\dir\\");
	reads_as("`", "`");
}

static void html_comes_in_safe_mode(void **state)
{
	AUTOFREE char *html = html_of("<script>x</script>\n\n[a](javascript:b)");

	assert_null(strstr(html, "script"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_and_common_marks_are_fine),
		cmocka_unit_test(raw_html_is_found_with_its_place),
		cmocka_unit_test(a_link_leads_to_the_web_to_mail_to_a_phone_or_stays_here),
		cmocka_unit_test(a_scheme_in_disguise_is_seen_through),
		cmocka_unit_test(a_picture_is_refused_wherever_it_is_from),
		cmocka_unit_test(a_new_link_leads_where_its_reader_thinks),
		cmocka_unit_test(an_old_link_that_leads_elsewhere_is_shown_for_what_it_is),
		cmocka_unit_test(marks_may_nest_to_a_limit),
		cmocka_unit_test(a_text_over_the_limit_is_not_parsed),
		cmocka_unit_test(many_references_to_one_long_address_are_too_long),
		cmocka_unit_test(an_ordinary_text_keeps_its_form),
		cmocka_unit_test(emphasis_ends_beside_a_letter_of_korean_whatever_is_within),
		cmocka_unit_test(elsewhere_stars_mean_what_they_did),
		cmocka_unit_test(a_line_ends_where_its_writer_ended_it),
		cmocka_unit_test(headings_go_below_the_level_of_the_page),
		cmocka_unit_test(html_becomes_the_text_that_it_is),
		cmocka_unit_test(unsafe_links_and_pictures_become_their_words),
		cmocka_unit_test(an_entity_brings_in_no_lines_and_no_hidden_marks),
		cmocka_unit_test(what_cmark_cannot_write_back_stays_as_plain_text),
		cmocka_unit_test(what_follows_reads_as_if_the_text_were_not_there),
		cmocka_unit_test(what_comes_before_keeps_its_meaning),
		cmocka_unit_test(what_is_contained_passes_the_check_and_shows_no_comments),
		cmocka_unit_test(neighbouring_lists_need_no_comment_between_them),
		cmocka_unit_test(escaped_text_shows_every_character),
		cmocka_unit_test(escaped_lines_open_no_block),
		cmocka_unit_test(the_words_of_a_line_are_what_a_reader_sees),
		cmocka_unit_test(marks_without_a_partner_are_words),
		cmocka_unit_test(html_comes_in_safe_mode),
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
