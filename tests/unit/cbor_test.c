#include "base/cbor.h"
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void bytes_of(const char *hex, struct buf *out)
{
	*out = BUF(KIB);
	for (; *hex; hex += 2) {
		unsigned byte;

		assert_int_equal(1, sscanf(hex, "%2x", &byte));
		buf_putc(out, (char)byte);
	}
}

/* RFC 8949, appendix A: its examples that JSON can express, and that are in this form. */
static const struct {
	const char *json, *cbor;
} examples[] = {
	{"0", "00"},
	{"1", "01"},
	{"10", "0a"},
	{"23", "17"},
	{"24", "1818"},
	{"25", "1819"},
	{"100", "1864"},
	{"1000", "1903e8"},
	{"1000000", "1a000f4240"},
	{"1000000000000", "1b000000e8d4a51000"},
	{"-1", "20"},
	{"-10", "29"},
	{"-100", "3863"},
	{"-1000", "3903e7"},
	{"1.1", "fb3ff199999999999a"},
	{"1.0e+300", "fb7e37e43c8800759c"},
	{"-4.1", "fbc010666666666666"},
	{"false", "f4"},
	{"true", "f5"},
	{"null", "f6"},
	{"\"\"", "60"},
	{"\"a\"", "6161"},
	{"\"IETF\"", "6449455446"},
	{"\"\\\"\\\\\"", "62225c"},
	{"\"\\u00fc\"", "62c3bc"},
	{"\"\\u6c34\"", "63e6b0b4"},
	{"\"\\ud800\\udd51\"", "64f0908591"},
	{"[]", "80"},
	{"[1,2,3]", "83010203"},
	{"[1,[2,3],[4,5]]", "8301820203820405"},
	{"[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25]",
		"98190102030405060708090a0b0c0d0e0f101112131415161718181819"},
	{"{}", "a0"},
	{"{\"a\":1,\"b\":[2,3]}", "a26161016162820203"},
	{"[\"a\",{\"b\":\"c\"}]", "826161a161626163"},
	/* not from the appendix */
	{"9223372036854775807", "1b7fffffffffffffff"},
	{"-9223372036854775808", "3b7fffffffffffffff"},
	{"255", "18ff"},
	{"256", "190100"},
	{"65535", "19ffff"},
	{"65536", "1a00010000"},
	{"4294967295", "1affffffff"},
	{"4294967296", "1b0000000100000000"},
};

static void values_are_written_as_in_the_standard_and_read_again(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		AUTO(buf) want = {0}, got = BUF(KIB);
		json_t *value, *again;

		bytes_of(examples[i].cbor, &want);
		assert_int_equal(OK, json_read(examples[i].json, strlen(examples[i].json), KIB,
					     RULES_LOOSE, &value));
		json_cbor(value, &got);
		assert_int_equal(want.len, got.len);
		assert_memory_equal(want.data, got.data, got.len);
		if (json_read_cbor(got.data, got.len, RULES_LOOSE, &again) != OK)
			fail_msg("%s: %s", examples[i].json, err_why());
		assert_true(json_equal(value, again));
		json_decref(value);
		json_decref(again);
	}
}

static void members_are_in_the_order_of_their_names(void **state)
{
	static const char *const names[] = {"z", "a", "m"};
	AUTO(buf) got = BUF(KIB), want = {0};
	json_t *object = json_object();

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++)
		json_put(object, names[i], json_integer((json_int_t)i));
	json_cbor(object, &got);
	bytes_of("a3616101616d02617a00", &want);
	assert_int_equal(want.len, got.len);
	assert_memory_equal(want.data, got.data, got.len);
	json_decref(object);
}

static void what_is_cut_off_foreign_or_no_json_is_refused(void **state)
{
	static const char *const bad[] = {
		"",                               /* nothing */
		"0000",                           /* two values */
		"18", "19ff", "1b0000",           /* a number's end */
		"61", "62c3",                     /* a text's */
		"81", "8101ff", "820100ff",       /* an array's, and too much of it */
		"a1", "a161", "a16161", "a10102", /* a map's, a name that is no text */
		"a2616101616102",                 /* a name twice */
		"a1600061", "a16300610001",       /* U+0000 in a name */
		"9bffffffffffffffff", "bbffffffffffffffff",
		"7bffffffffffffffff",                       /* no memory for these */
		"1bffffffffffffffff", "3bffffffffffffffff", /* over 64 bits */
		"4101", "c101",                             /* bytes, a tag */
		"9f01ff", "7f6161ff", "bf616101ff",         /* without a length */
		"1c", "1f", "3e", "ff", "f7", "f0", "f818", "f93c00", "fa47c35000",
		"fb7ff0000000000000", "fb7ff8000000000000", /* infinity, no number */
		"61ff", "62c328", "63eda080", "a161ff01",   /* no UTF-8 */
	};
	json_t *value = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		AUTO(buf) bytes = {0};

		bytes_of(bad[i], &bytes);
		if (json_read_cbor(buf_text(&bytes), bytes.len, RULES_LOOSE, &value) != ERR_INVALID)
			fail_msg("%s is taken", bad[i]);
		assert_null(value);
	}
}

static void nesting_ends_where_that_of_json_ends(void **state)
{
	AUTO(buf) bytes = BUF(KIB);
	json_t *value;

	(void)state;
	for (int i = 1; i < JSON_DEPTH; i++)
		buf_putc(&bytes, '\x81');
	buf_putc(&bytes, '\x80');
	assert_int_equal(OK, json_read_cbor(bytes.data, bytes.len, RULES_STRICT, &value));
	json_decref(value);
	bytes.data[bytes.len - 1] = '\x81';
	buf_putc(&bytes, '\x80');
	assert_int_equal(ERR_INVALID, json_read_cbor(bytes.data, bytes.len, RULES_STRICT, &value));
}

static void the_rules_of_json_hold(void **state)
{
	/* a control character, a name with a space, a real */
	static const char *const bad[] = {"6107", "a16161a161206161", "fb3ff199999999999a"};
	AUTO(buf) bytes = {0};
	json_t *value = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		buf_done(&bytes);
		bytes_of(bad[i], &bytes);
		assert_int_equal(
			ERR_INVALID, json_read_cbor(bytes.data, bytes.len, RULES_STRICT, &value));
		assert_null(value);
		assert_int_equal(OK, json_read_cbor(bytes.data, bytes.len, RULES_LOOSE, &value));
		json_decref(TAKE(value));
	}
	buf_done(&bytes);
	bytes_of("6365cc81", &bytes); /* e and an accent: one character in normal form C */
	assert_int_equal(OK, json_read_cbor(bytes.data, bytes.len, RULES_STRICT, &value));
	assert_string_equal("\xc3\xa9", json_string_value(value));
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_written_as_in_the_standard_and_read_again),
		cmocka_unit_test(members_are_in_the_order_of_their_names),
		cmocka_unit_test(what_is_cut_off_foreign_or_no_json_is_refused),
		cmocka_unit_test(nesting_ends_where_that_of_json_ends),
		cmocka_unit_test(the_rules_of_json_hold),
	};
	return cmocka_run_group_tests_name("cbor", tests, NULL, NULL);
}
