#include "base/json_lists.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum err add_item(void *arg, const char *text, size_t len)
{
	buf_add(arg, text, len);
	buf_putc(arg, ';');
	return OK;
}

/* Reads the document in parts of `step` bytes: what is outside of the lists, and the items of one
 * with a semicolon behind each. */
static enum err read_by(
	const char *doc, size_t step, size_t list, struct buf *rest, struct buf *items)
{
	const struct json_lists_take take = {items, add_item, list, 20, 200};
	struct json_lists *r = json_lists_new(&take);
	size_t len = strlen(doc);
	const char *text;
	enum err e = OK;

	for (size_t at = 0; at < len && e == OK; at += step)
		e = json_lists_feed(r, doc + at, len - at < step ? len - at : step);
	if (e == OK)
		e = json_lists_end(r, &text, &len);
	if (e == OK)
		buf_add(rest, text, len);
	json_lists_free(r);
	return e;
}

static void reads(const char *doc, size_t list, const char *want_rest, const char *want_items)
{
	for (size_t step = 1; step < 40; step += 3) {
		AUTO(buf) rest = BUF(KIB), items = BUF(KIB);

		if (read_by(doc, step, list, &rest, &items) != OK)
			fail_msg("%s: %s", doc, err_why());
		assert_string_equal(want_rest, buf_text(&rest));
		assert_string_equal(want_items, buf_text(&items));
	}
}

static void refused(const char *doc, enum err want)
{
	AUTO(buf) rest = BUF(KIB), items = BUF(KIB);

	assert_int_equal(want, read_by(doc, 7, 0, &rest, &items));
}

static void a_document_may_be_its_list(void **state)
{
	(void)state;
	reads("[1, {\"a\": [2, 3]},\n \"x\"]", 0, "[0]", "1;{\"a\": [2, 3]};\"x\";");
	reads(" [ ] ", 0, " [0] ", "");
}

static void members_may_stand_before_and_after_the_lists(void **state)
{
	const char *doc =
		"{\"n\": 1, \"a\": [4], \"in\": {\"b\": [5,6], \"c\": []}, \"last\": null}";
	const char *rest =
		"{\"n\": 1, \"a\": [0], \"in\": {\"b\": [1], \"c\": [2]}, \"last\": null}";

	(void)state;
	reads(doc, 0, rest, "4;");
	reads(doc, 1, rest, "5;6;");
	reads(doc, 2, rest, "");
	reads(doc, 3, rest, "");
}

static void signs_within_texts_mean_nothing(void **state)
{
	(void)state;
	reads("{\"[\": \"]\\\"[\", \"a\": [\"],[\", \"\\\\\", \"\\\"]\"]}", 0,
		"{\"[\": \"]\\\"[\", \"a\": [0]}", "\"],[\";\"\\\\\";\"\\\"]\";");
}

static void a_document_without_lists_is_all_rest(void **state)
{
	(void)state;
	reads("{\"a\": 1}", 0, "{\"a\": 1}", "");
	reads("", 0, "", "");
}

static void a_list_that_cannot_be_one_is_refused(void **state)
{
	(void)state;
	refused("[1,]", ERR_INVALID);
	refused("[,1]", ERR_INVALID);
	refused("[1, , 2]", ERR_INVALID);
	refused("[1}", ERR_INVALID);
	refused("[1, [2]", ERR_INVALID);
	refused("{\"a\": [\"b]}", ERR_INVALID);
}

static bool is_sure(const char *item)
{
	return json_lists_sure(item, strlen(item));
}

static void an_item_that_is_not_valid_may_still_end_for_sure(void **state)
{
	static const char *const sure[] = {"{\"a\": 1e999, \"a\": [], \"b\": {}}",
		"[\"\\ud800\", \"\\q\\\"\"]", " tru ", "[[[[1], 2], \"[\"]]", "01", "\"\""};
	static const char *const unsure[] = {"", " ", "{\"a\" 1}", "{\"a\": 1,}", "[1,]", "[1 2]",
		"{\"a\": \"x\" y\"}", "{1: 2}", "{\"a\": [1}", "{,}", "[:]", "1 2", "\"a",
		"\"a\nb\"", "{\"a\"}", "{\"a\": }", "[", "]", "'a'", "{\"a\": 1} {", "\"a\\"};

	(void)state;
	for (size_t i = 0; i < COUNT(sure); i++)
		if (!is_sure(sure[i]))
			fail_msg("unsure: %s", sure[i]);
	for (size_t i = 0; i < COUNT(unsure); i++)
		if (is_sure(unsure[i]))
			fail_msg("sure: %s", unsure[i]);
}

static void items_and_rest_have_a_maximum(void **state)
{
	(void)state;
	refused("[\"more than twenty bytes\"]", ERR_TOO_LARGE);
	refused("{\"a\": \"                                                                "
		"                                                                               "
		"                                                            \"}",
		ERR_TOO_LARGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_may_be_its_list),
		cmocka_unit_test(members_may_stand_before_and_after_the_lists),
		cmocka_unit_test(signs_within_texts_mean_nothing),
		cmocka_unit_test(a_document_without_lists_is_all_rest),
		cmocka_unit_test(a_list_that_cannot_be_one_is_refused),
		cmocka_unit_test(an_item_that_is_not_valid_may_still_end_for_sure),
		cmocka_unit_test(items_and_rest_have_a_maximum),
	};

	return cmocka_run_group_tests_name("json_lists", tests, NULL, NULL);
}
