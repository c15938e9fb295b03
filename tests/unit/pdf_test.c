/* What counts as a PDF, and what a download is called. */
#include "base/pdf.h"
#include "web/http/filename.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define END "startxref\n9\n%%EOF\n"

static enum err check(const char *s)
{
	return pdf_check(s, strlen(s));
}

static void a_pdf_is_known_by_how_it_begins_and_ends(void **state)
{
	static const char *const good[] = {"%PDF-1.0\n" END, "%PDF-1.4\r" END, "%PDF-1.7 \n" END,
		"%PDF-2.0\n" END, "%PDF-1.4\nstartxref\n9\n%%EOF",
		"%PDF-1.4\n" END "\n\nsomething after the end", "\xef\xbb\xbf%PDF-1.4\n" END,
		"\r\n%PDF-1.4\n" END, "\xef\xbb\xbf\n%PDF-1.4\n" END};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++)
		assert_int_equal(OK, check(good[i]));
}

static void what_is_no_pdf_is_refused_by_its_bytes(void **state)
{
	static const struct {
		const char *bytes, *why;
	} bad[] = {
		{"", "it is empty"},
		{"%PDF-1.", "does not begin"},
		{"%PDF-1.8\n" END, "does not begin"},
		{"%PDF-2.1\n" END, "does not begin"},
		{"%PDF-1.75\n" END, "does not begin"},
		{"%pdf-1.4\n" END, "does not begin"},
		{"\xef\xbb%PDF-1.4\n" END, "does not begin"},
		{"\xef\xbb\xbf<%PDF-1.4\n" END, "does not begin"},
		{"\xef\xbb\xbf", "does not begin"},
		{"<html>%PDF-1.4\n" END, "does not begin"},
		{"PK\003\004 %PDF-1.4\n" END, "does not begin"},
		{"%PDF-1.4\n", "does not end"},
		{"%PDF-1.4\n%%EOF\n", "does not end"},
		{"%PDF-1.4\nstartxref\n9\n%%EO", "does not end"},
		{"%PDF-1.4\n%%EOF\nstartxref\n9\n", "does not end"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(ERR_INVALID, check(bad[i].bytes));
		assert_non_null(strstr(err_why(), bad[i].why));
	}
}

static void the_end_is_looked_for_in_the_last_1024_bytes_alone(void **state)
{
	AUTO(buf) b = BUF(4 * KIB);

	(void)state;
	buf_puts(&b, "%PDF-1.4\n" END);
	while (b.len < strlen("%PDF-1.4\n") + 1024)
		buf_putc(&b, 'x');
	assert_int_equal(OK, pdf_check(b.data, b.len));
	buf_putc(&b, 'x');
	assert_int_equal(ERR_INVALID, pdf_check(b.data, b.len));
}

static void white_space_and_nul_bytes_behind_a_pdf_are_no_part_of_it(void **state)
{
	static const char fillings[] = {'\0', '\n', ' ', '\f'};

	(void)state;
	for (size_t i = 0; i < COUNT(fillings); i++) {
		AUTO(buf) b = BUF(16 * KIB);

		buf_puts(&b, "%PDF-1.4\n" END);
		while (b.len < 9000)
			buf_putc(&b, fillings[i]);
		assert_int_equal(OK, pdf_check(b.data, b.len));
	}
}

static void white_space_before_a_pdf_is_passed_over_for_1024_bytes(void **state)
{
	AUTO(buf) b = BUF(4 * KIB);

	(void)state;
	while (b.len < 1024)
		buf_putc(&b, '\n');
	buf_puts(&b, "%PDF-1.4\n" END);
	assert_int_equal(OK, pdf_check(b.data, b.len));
	b.len = 0;
	while (b.len < 1025)
		buf_putc(&b, '\n');
	buf_puts(&b, "%PDF-1.4\n" END);
	assert_int_equal(ERR_INVALID, pdf_check(b.data, b.len));
}

static void white_space_alone_is_no_pdf(void **state)
{
	static const char nothing[2000];

	(void)state;
	for (size_t len = 0; len < sizeof(nothing); len += 333)
		assert_int_equal(ERR_INVALID, pdf_check(nothing, len));
}

static void an_empty_file_is_called_empty(void **state)
{
	(void)state;
	assert_int_equal(ERR_INVALID, pdf_check("", 0));
	assert_non_null(strstr(err_why(), "it is empty"));
}

static void a_title_becomes_a_name_that_is_safe_everywhere(void **state)
{
	static const struct {
		const char *title, *name;
	} names[] = {
		{"Impact assessment 2026", "Impact assessment 2026.pdf"},
		{"복지급여 영향평가(예시)", "복지급여 영향평가(예시).pdf"},
		{"../../etc/passwd", "_._etc_passwd.pdf"},
		{"...hidden", "hidden.pdf"},
		{"a\"; rm -rf *", "a__ rm -rf _.pdf"},
		{"line\nbreak", "line_break.pdf"},
		{"ends with dots. . .", "ends with dots.pdf"},
		{"C:\\con", "C__con.pdf"},
		{"...", NULL},
		{"", NULL},
		{"a\u202efdp.exe", NULL},
		{"bell\007", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		AUTOFREE char *name = filename_of(names[i].title, ".pdf");

		if (names[i].name)
			assert_string_equal(names[i].name, name);
		else
			assert_null(name);
	}
}

static void a_name_is_given_in_two_spellings_where_it_needs_them(void **state)
{
	AUTOFREE char *one = filename_disposition("receipt.tlog-proof", NULL);
	AUTOFREE char *two = filename_disposition("계약 1.pdf", "water-0a1b.pdf");
	AUTOFREE char *odd = filename_disposition("a\"b\r\nX: y.pdf", NULL);

	(void)state;
	assert_string_equal("attachment; filename=\"receipt.tlog-proof\"", one);
	assert_string_equal("attachment; filename=\"water-0a1b.pdf\"; "
			    "filename*=UTF-8''%EA%B3%84%EC%95%BD%201.pdf",
		two);
	assert_string_equal("attachment; filename=\"a_b__X__y.pdf\"", odd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pdf_is_known_by_how_it_begins_and_ends),
		cmocka_unit_test(what_is_no_pdf_is_refused_by_its_bytes),
		cmocka_unit_test(the_end_is_looked_for_in_the_last_1024_bytes_alone),
		cmocka_unit_test(white_space_and_nul_bytes_behind_a_pdf_are_no_part_of_it),
		cmocka_unit_test(white_space_before_a_pdf_is_passed_over_for_1024_bytes),
		cmocka_unit_test(white_space_alone_is_no_pdf),
		cmocka_unit_test(an_empty_file_is_called_empty),
		cmocka_unit_test(a_title_becomes_a_name_that_is_safe_everywhere),
		cmocka_unit_test(a_name_is_given_in_two_spellings_where_it_needs_them),
	};

	return cmocka_run_group_tests_name("pdf", tests, NULL, NULL);
}
