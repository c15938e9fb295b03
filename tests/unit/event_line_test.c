#include "registry/event/event_line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define LIMIT (8 * KIB)
/* More members than the scanner has room for. */
#define FIFTEEN                                                                             \
	"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1," \
	"\"k\":1,\"l\":1,\"m\":1,\"n\":1,\"o\":1}"

static bool scans(const char *line)
{
	AUTO(event_line) l = {0};

	return event_line_scan(line, strlen(line), &l);
}

static enum err reads(const char *line)
{
	AUTO(event_line) l = {0};

	return event_line_read(line, strlen(line), LIMIT, &l);
}

static void a_plain_line_is_scanned_and_its_members_found(void **state)
{
	static const char line[] = "{\"after\":-1,\"by\":\"office\",\"content\":{\"sha256\":\"ab\","
				   "\"size\":120},\"type\":\"x.y\"}";
	AUTO(event_line) l = {0};
	struct line_value v;

	(void)state;
	assert_int_equal(OK, event_line_read(line, strlen(line), LIMIT, &l));
	assert_null(l.tree);
	assert_int_equal(4, event_line_size(&l));
	assert_int_equal(2, event_line_size_of(&l, "content"));
	assert_true(event_line_get(&l, NULL, "after", &v) && !v.text && v.number == -1);
	assert_true(event_line_get(&l, NULL, "by", &v));
	assert_string_equal("office", v.text);
	assert_true(event_line_get(&l, "content", "size", &v) && v.number == 120);
	assert_false(event_line_get(&l, NULL, "size", &v));
	assert_false(event_line_get(&l, NULL, "content", &v));
	assert_false(event_line_get(&l, "by", "size", &v));
	assert_true(event_line_has(&l, "content") && !event_line_has(&l, "sha256"));
}

static void what_needs_more_than_the_scanner_is_read_all_the_same(void **state)
{
	static const char *const lines[] = {"{}", "{\"a\":\"\\\"\"}", "{\"a\":\"가\"}",
		"{\"a\":true}", "{\"a\":[1]}", "{\"a\":{\"b\":{}}}",
		"{\"a\":{\"b\":1},\"c\":{\"d\":1}}", "{\"a\":1234567890123456789}", FIFTEEN};
	struct line_value v;
	AUTO(event_line) l = {0};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_false(scans(lines[i]));
		assert_int_equal(OK, reads(lines[i]));
	}
	assert_int_equal(OK, event_line_read(lines[2], strlen(lines[2]), LIMIT, &l));
	assert_true(event_line_get(&l, NULL, "a", &v));
	assert_string_equal("가", v.text);
}

static void what_is_not_canonical_is_refused_by_both(void **state)
{
	static const char *const lines[] = {"", "{", "[]", "{\"a\":1", "{\"a\":1}}", "{\"a\":1} ",
		" {\"a\":1}", "{\"a\" :1}", "{\"a\":1,}", "{,\"a\":1}", "{\"b\":1,\"a\":1}",
		"{\"a\":1,\"a\":1}", "{\"a\":01}", "{\"a\":-0}", "{\"a\":-}", "{\"a\":1.0}",
		"{\"a\":1e3}", "{\"a b\":1}", "{\"\":1}", "{\"a\":\"\t\"}", "{\"a\":\"\x7f\"}",
		"{\"a\":\"\\u0041\"}", "{\"a\":{\"c\":1,\"b\":1}}", "{\"a\":\"x}",
		"{\"a\":1\"b\":2}"};

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		assert_false(scans(lines[i]));
		assert_int_equal(ERR_INVALID, reads(lines[i]));
	}
	assert_false(event_line_scan("{\"a\":\"x\0y\"}", 11, &(struct event_line){0}));
}

static void a_line_over_its_limit_is_too_large(void **state)
{
	AUTO(event_line) l = {0};

	(void)state;
	assert_int_equal(ERR_TOO_LARGE, event_line_read("{\"a\":1}", 7, 6, &l));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_line_is_scanned_and_its_members_found),
		cmocka_unit_test(what_needs_more_than_the_scanner_is_read_all_the_same),
		cmocka_unit_test(what_is_not_canonical_is_refused_by_both),
		cmocka_unit_test(a_line_over_its_limit_is_too_large),
	};
	return cmocka_run_group_tests_name("event_line", tests, NULL, NULL);
}
