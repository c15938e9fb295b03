#include "base/buf.h"
#include "web/http/multipart.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define TYPE "multipart/form-data; boundary=----x1"
#define PART(head) "------x1\r\nContent-Disposition: form-data; " head "\r\n\r\n"
#define END "\r\n------x1--\r\n"

static void next(struct multipart *m, const char *name, const char *data)
{
	struct part part;
	bool more;

	if (multipart_next(m, &part, &more) != OK)
		fail_msg("%s", err_why());
	assert_true(more);
	assert_string_equal(name, part.name);
	assert_int_equal(strlen(data), part.len);
	assert_memory_equal(data, part.data, part.len);
}

static void ends(struct multipart *m)
{
	struct part part;
	bool more;

	assert_int_equal(OK, multipart_next(m, &part, &more));
	assert_false(more);
}

static void a_form_with_a_file_is_read_part_by_part(void **state)
{
	const char body[] = PART("name=\"csrf\"") "abc\r\n" PART(
		"name=\"file\"; filename=\"a.csv\"") "x,y\r\n------x2\r\n1,2\r\n\r\n" PART("name=\"empty\"")
		END;
	struct multipart m;

	assert_int_equal(OK, multipart_open(TYPE, body, strlen(body), &m));
	next(&m, "csrf", "abc");
	next(&m, "file", "x,y\r\n------x2\r\n1,2\r\n");
	next(&m, "empty", "");
	ends(&m);
}

static struct part only(const char *head)
{
	char body[KIB];
	struct multipart m;
	struct part part;
	bool more;

	snprintf(body, sizeof(body), "------x1\r\n%s\r\n\r\n" END, head);
	assert_int_equal(OK, multipart_open(TYPE, body, strlen(body), &m));
	assert_int_equal(OK, multipart_next(&m, &part, &more));
	return part;
}

static void a_file_s_name_is_one_without_its_folders_and_as_its_writer_wrote_it(void **state)
{
	assert_string_equal("나무.csv",
		only("Content-Disposition: form-data; name=\"f\"; filename=\"나무.csv\"").file);
	assert_string_equal("c.csv",
		only("Content-Disposition: form-data; name=\"f\"; filename=\"C:\\a\\b/c.csv\"")
			.file);
	assert_string_equal("a\"b %41.csv",
		only("content-disposition: form-data; filename=\"a%22b %41.csv\"; name=\"f\"")
			.file);
	assert_true(only("Content-Disposition: form-data; name=\"f\"; filename=\"\"").is_file);
	assert_false(only("Content-Disposition: form-data; name=\"filename\"").is_file);
}

static void a_long_name_is_cut_between_characters(void **state)
{
	char head[KIB] = "Content-Disposition: form-data; name=\"f\"; filename=\"";
	size_t len;

	for (int i = 0; i < 100; i++)
		strcat(head, "가");
	strcat(head, "\"");
	len = strlen(only(head).file);
	assert_true(len <= MULTIPART_NAME && len > MULTIPART_NAME - 3 && len % 3 == 0);
}

static void refused(const char *type, const char *body)
{
	struct multipart m;
	struct part part;
	bool more = true;
	enum err e = multipart_open(type, body, strlen(body), &m);

	for (int i = 0; e == OK && more && i < 10; i++)
		e = multipart_next(&m, &part, &more);
	assert_int_equal(ERR_INVALID, e);
}

static void what_is_cut_off_or_no_form_is_refused(void **state)
{
	const char whole[] = PART("name=\"a\"") "1\r\n" PART("name=\"b\"") "2" END;

	for (size_t len = 0; len < strlen(whole) - 4; len++) {
		char cut[sizeof(whole)];

		memcpy(cut, whole, len);
		cut[len] = '\0';
		refused(TYPE, cut);
	}
	refused("multipart/form-data", whole);
	refused("multipart/form-data; boundary=", whole);
	refused("multipart/form-data; boundary=----other", whole);
	refused(TYPE, "------x1\r\nContent-Type: text/plain\r\n\r\nno name" END);
	refused(TYPE, PART("name=\"\xff\"") "1" END);
	assert_false(multipart_is(NULL));
	assert_false(multipart_is("multipart/form-databoundary=x"));
	assert_false(multipart_is("application/x-www-form-urlencoded"));
}

static void a_form_of_too_many_inputs_is_too_large(void **state)
{
	AUTO(buf) body = BUF(MIB);
	struct multipart m;
	struct part part;
	bool more = true;
	enum err e;

	for (int i = 0; i <= MULTIPART_PARTS; i++)
		buf_puts(&body, PART("name=\"a\"") "\r\n");
	buf_puts(&body, "------x1--\r\n");
	assert_int_equal(OK, multipart_open(TYPE, buf_text(&body), body.len, &m));
	do
		e = multipart_next(&m, &part, &more);
	while (e == OK && more);
	assert_int_equal(ERR_TOO_LARGE, e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_with_a_file_is_read_part_by_part),
		cmocka_unit_test(
			a_file_s_name_is_one_without_its_folders_and_as_its_writer_wrote_it),
		cmocka_unit_test(a_long_name_is_cut_between_characters),
		cmocka_unit_test(what_is_cut_off_or_no_form_is_refused),
		cmocka_unit_test(a_form_of_too_many_inputs_is_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
