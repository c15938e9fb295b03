#include "audit/tile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	const char *path;
	struct tile tile;
} spelled[] = {
	{"0/x001/x234/067", {.index = 1234067, .width = 256}},
	{"0/005", {.index = 5, .width = 256}},
	{"0/x001/000", {.index = 1000, .width = 256}},
	{"0/000", {.index = 0, .width = 256}},
	{"0/999", {.index = 999, .width = 256}},
	{"0/x001/x234/067.p/7", {.index = 1234067, .width = 7}},
	{"3/000.p/1", {.level = 3, .width = 1}},
	{"7/123.p/255", {.level = 7, .index = 123, .width = 255}},
	{"63/000", {.level = 63, .width = 256}},
	{"entries/005", {.entries = true, .index = 5, .width = 256}},
	{"entries/x273/000.p/112", {.entries = true, .index = 273000, .width = 112}},
	{"0/x001/x000/x000/000", {.index = 1000000000, .width = 256}},
	{"0/x018/x446/x744/x073/x709/x551/615", {.index = UINT64_MAX, .width = 256}},
};

static void a_tile_has_one_path_and_the_path_one_tile(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(spelled); i++) {
		const struct tile *want = &spelled[i].tile;
		AUTO(buf) path = BUF(128);
		struct tile got;

		assert_int_equal(OK, tile_parse(spelled[i].path, &got));
		assert_true(want->entries == got.entries && want->level == got.level);
		assert_true(want->index == got.index && want->width == got.width);
		tile_path(want, &path);
		assert_string_equal(spelled[i].path, buf_text(&path));
	}
}

static const char *const misspelled[] = {"", "/", "0", "0/", "/000", "0//000", "0/000/", "/0/000",
	"tile/0/000", "0/000 ", " 0/000",
	/* zeroes too many */
	"00/000", "01/000", "0/x000/001", "0/x000/000", "0/0005", "0/000.p/01", "0/000.p/001",
	/* zeroes too few, and other groups */
	"0/5", "0/05", "0/x1/000", "0/x001/5", "0/x1234/067", "0/1234067", "0/1234/067",
	"0/x001/x234/x067", "0/x001/x234", "0/x001", "0/x001/", "0/x", "0/xx001/000",
	/* an x too few or out of place */
	"0/001/000", "0/001/234/067", "0/x001/234/067", "0/001/x234/067", "0/x005", "x0/000",
	"0/X001/000",
	/* widths */
	"0/000.p/0", "0/000.p/256", "0/000.p/257", "0/000.p/1000", "0/000.p/99999999999999999999",
	"0/000.p/", "0/000.p", "0/000.p/-1", "0/000.p/+1", "0/000.p/1/", "0/000.p/1.p/1",
	"0/000.P/1", "0/000p/1", "0/000.p//1",
	/* levels */
	"64/000", "99/000", "100/000", "-1/000", "+1/000", "4294967296/000", "a/000",
	/* bundles */
	"entries", "entries/", "entries/0/000", "entriesx001/000", "entries//000", "Entries/000",
	"data/000",
	/* 2^64 and more */
	"0/x018/x446/x744/x073/x709/x551/616", "0/x018/x446/x744/x073/x709/x552/000",
	"0/x999/x999/x999/x999/x999/x999/999", "0/x001/x000/x000/x000/x000/x000/x000/000",
	/* what else an address may hold */
	"0/000?x=1", "0/%30%30%30", "0/..", "0/../checkpoint", "0/000\n", "0/٠٠٠"};

static void any_other_spelling_is_not_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(misspelled); i++) {
		struct tile tile = {.width = 42};

		if (tile_parse(misspelled[i], &tile) != ERR_NOT_FOUND)
			fail_msg("taken for a tile: %s", misspelled[i]);
		assert_int_equal(42, tile.width);
	}
}

static const struct {
	uint64_t size;
	unsigned level;
	uint64_t full; /* so many full tiles; then one of `part`, if that is not 0 */
	unsigned part;
} shapes[] = {
	{0, 0, 0, 0},
	{1, 0, 0, 1},
	{1, 1, 0, 0},
	{255, 0, 0, 255},
	{255, 1, 0, 0},
	{256, 0, 1, 0},
	{256, 1, 0, 1},
	{257, 0, 1, 1},
	{257, 1, 0, 1},
	{65535, 0, 255, 255},
	{65535, 1, 0, 255},
	{65535, 2, 0, 0},
	{65536, 0, 256, 0},
	{65536, 1, 1, 0},
	{65536, 2, 0, 1},
	{65537, 0, 256, 1},
	{65537, 1, 1, 0},
	{65537, 2, 0, 1},
	{70000, 0, 273, 112},
	{70000, 1, 1, 17},
	{70000, 2, 0, 1},
	{70000, 3, 0, 0},
	{UINT64_MAX, 0, UINT64_MAX >> 8, 255},
	{UINT64_MAX, 7, 0, 255},
	{UINT64_MAX, 8, 0, 0},
	{UINT64_MAX, 63, 0, 0},
	{UINT64_MAX, 1000, 0, 0},
};

static void a_tree_has_full_tiles_and_at_most_one_partial_tile_a_level(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		uint64_t size = shapes[i].size, full = shapes[i].full;
		unsigned level = shapes[i].level;

		if (full > 0) {
			assert_int_equal(256, tile_width_at(size, level, 0));
			assert_int_equal(256, tile_width_at(size, level, full - 1));
		}
		assert_int_equal(shapes[i].part, tile_width_at(size, level, full));
		assert_int_equal(0, tile_width_at(size, level, full + 1));
		assert_int_equal(0, tile_width_at(size, level, UINT64_MAX));
	}
}

static void a_bundle_gives_back_the_entries_put_in(void **state)
{
	AUTOFREE char *longest = mem_new(ENTRY_MAX);
	const struct bytes in[] = {
		{(const uint8_t *)"first", 5},
		{(const uint8_t *)"", 0},
		{(const uint8_t *)"\0\xff\n", 3},
		{(const uint8_t *)longest, ENTRY_MAX},
	};
	AUTO(buf) bundle = BUF(MIB);
	struct bytes rest, entry;

	(void)state;
	memset(longest, 'x', ENTRY_MAX);
	for (size_t i = 0; i < COUNT(in); i++)
		assert_int_equal(OK, bundle_add(&bundle, in[i].data, in[i].len));
	assert_memory_equal("\0\5first\0\0\0\3\0\xff\n\xff\xff", bundle.data, 16);
	rest = (struct bytes){(const uint8_t *)bundle.data, bundle.len};
	for (size_t i = 0; i < COUNT(in); i++) {
		assert_int_equal(OK, bundle_next(&rest, &entry));
		assert_int_equal(in[i].len, entry.len);
		if (entry.len)
			assert_memory_equal(in[i].data, entry.data, entry.len);
	}
	assert_int_equal(0, rest.len);
}

static void an_entry_over_the_limit_is_not_put_in(void **state)
{
	AUTOFREE char *entry = mem_new(ENTRY_MAX + 1);
	AUTO(buf) bundle = BUF(MIB);

	(void)state;
	assert_int_equal(ERR_TOO_LARGE, bundle_add(&bundle, entry, ENTRY_MAX + 1));
	assert_int_equal(0, bundle.len);
	assert_int_equal(OK, bundle_add(&bundle, entry, ENTRY_MAX));
}

static void a_bundle_that_is_full_says_so(void **state)
{
	AUTO(buf) bundle = BUF(8);

	(void)state;
	assert_int_equal(OK, bundle_add(&bundle, "six by", 6));
	assert_int_equal(ERR_TOO_LARGE, bundle_add(&bundle, "", 0));
}

static void a_bundle_cut_off_anywhere_is_corrupt(void **state)
{
	static const uint8_t whole[] = "\0\3one\1\0";
	struct bytes entry = {NULL, 42};

	(void)state;
	for (size_t len = 0; len < 5; len++) {
		struct bytes rest = {whole, len};

		assert_int_equal(ERR_CORRUPT, bundle_next(&rest, &entry));
		assert_int_equal(len, rest.len);
		assert_int_equal(42, entry.len);
	}
	for (size_t len = 6; len <= 7; len++) {
		struct bytes rest = {whole, len};

		assert_int_equal(OK, bundle_next(&rest, &entry));
		assert_int_equal(ERR_CORRUPT, bundle_next(&rest, &entry));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tile_has_one_path_and_the_path_one_tile),
		cmocka_unit_test(any_other_spelling_is_not_found),
		cmocka_unit_test(a_tree_has_full_tiles_and_at_most_one_partial_tile_a_level),
		cmocka_unit_test(a_bundle_gives_back_the_entries_put_in),
		cmocka_unit_test(an_entry_over_the_limit_is_not_put_in),
		cmocka_unit_test(a_bundle_that_is_full_says_so),
		cmocka_unit_test(a_bundle_cut_off_anywhere_is_corrupt),
	};
	return cmocka_run_group_tests_name("tile", tests, NULL, NULL);
}
