#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "audit/tile_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MOST 66000 /* three levels of tiles, none of them full */

static struct db *db;
static struct log log_;

static void grow(uint64_t size)
{
	assert_int_equal(OK, log_.store.ops->begin(log_.store.self));
	for (uint64_t i = log_next(&log_); i < size; i++)
		assert_int_equal(OK, log_append(&log_, &i, sizeof(i)));
	assert_int_equal(OK, log_settle(&log_));
	assert_int_equal(OK, log_.store.ops->commit(log_.store.self));
}

static int open_log(void **state)
{
	(void)state;
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &db));
	assert_int_equal(OK, store_sqlite_create(db));
	assert_int_equal(OK, log_open(store_sqlite(db), &log_));
	return 0;
}

static int close_log(void **state)
{
	(void)state;
	log_done(&log_);
	db_free(db);
	return 0;
}

static void assert_proves(struct tile_cache *c, uint64_t index, uint64_t size)
{
	struct tile_cache_view view = {.cache = c, .store = &log_.store, .size = size};
	struct nodes nodes = tile_cache_nodes(&view), plain = log_nodes(&log_.store);
	struct sha256 leaf = merkle_leaf(&index, sizeof(index)), root;
	struct path path;

	assert_int_equal(OK, merkle_root_of(&plain, size, &root));
	assert_int_equal(OK, merkle_inclusion(&nodes, index, size, &path));
	assert_int_equal(OK, merkle_check_inclusion(index, size, &leaf, &path, &root));
}

static void proofs_hold_while_the_log_grows_and_in_older_trees_of_it(void **state)
{
	static const uint64_t sizes[] = {
		1, 2, 255, 256, 257, 511, 512, 1000, 65535, 65536, 65537, MOST};
	struct tile_cache *c = tile_cache_new();

	(void)state;
	for (size_t s = 0; s < COUNT(sizes); s++) {
		grow(sizes[s]);
		for (uint64_t i = 0; i < sizes[s]; i += sizes[s] / 300 + 1)
			assert_proves(c, i, sizes[s]);
		assert_proves(c, sizes[s] - 1, sizes[s]);
		if (s) /* an older tree, as a reader of an older snapshot asks */
			assert_proves(c, sizes[s - 1] - 1, sizes[s - 1]);
	}
	tile_cache_free(c);
}

/* Tiles that share a place: the 4,096th after another, in a log that is one leaf repeated. */
static void a_tile_is_not_taken_for_another_that_has_its_place(void **state)
{
	struct tile_cache *c = tile_cache_new();
	struct tile_cache_view view = {.cache = c, .store = &log_.store, .size = 4098 * 256};
	struct nodes nodes = tile_cache_nodes(&view);
	uint8_t tile[TILE_BYTES] = {0};
	struct sha256 a, b, again;

	(void)state;
	assert_int_equal(OK, db_exec(db, "BEGIN"));
	assert_int_equal(
		OK, log_.store.ops->put_tile(log_.store.self, 0, 4097, tile, sizeof(tile)));
	assert_int_equal(OK, nodes.get(nodes.arg, 5, 1 * 8, &a));
	assert_int_equal(OK, nodes.get(nodes.arg, 5, 4097 * 8, &b));
	assert_int_equal(OK, nodes.get(nodes.arg, 5, 1 * 8, &again));
	assert_false(sha256_equal(&a, &b));
	assert_true(sha256_equal(&a, &again));
	assert_int_equal(OK, db_exec(db, "ROLLBACK"));
	tile_cache_free(c);
}

static void a_node_beyond_the_tree_is_not_found(void **state)
{
	struct tile_cache *c = tile_cache_new();
	struct tile_cache_view view = {.cache = c, .store = &log_.store, .size = 257};
	struct nodes nodes = tile_cache_nodes(&view);
	struct sha256 hash;

	(void)state;
	assert_int_equal(ERR_NOT_FOUND, nodes.get(nodes.arg, 0, 257, &hash));
	assert_int_equal(ERR_NOT_FOUND, nodes.get(nodes.arg, 1, 128, &hash));
	assert_int_equal(ERR_NOT_FOUND, nodes.get(nodes.arg, 9, 0, &hash));
	assert_int_equal(ERR_NOT_FOUND, nodes.get(nodes.arg, 64, 0, &hash));
	assert_int_equal(OK, nodes.get(nodes.arg, 8, 0, &hash));
	tile_cache_free(c);
}

static void a_tile_that_is_cut_off_is_an_error_and_is_not_kept(void **state)
{
	struct tile_cache *c = tile_cache_new();
	struct tile_cache_view view = {.cache = c, .store = &log_.store, .size = 256};
	struct nodes nodes = tile_cache_nodes(&view);
	struct sha256 hash;

	(void)state;
	assert_int_equal(OK, db_exec(db, "BEGIN; UPDATE tile SET bytes = substr(bytes, 1, 32)"
					 " WHERE level = 0 AND idx = 0"));
	assert_int_equal(ERR_CORRUPT, nodes.get(nodes.arg, 0, 3, &hash));
	assert_int_equal(ERR_CORRUPT, nodes.get(nodes.arg, 5, 3, &hash));
	assert_int_equal(OK, db_exec(db, "ROLLBACK"));
	assert_int_equal(OK, nodes.get(nodes.arg, 0, 3, &hash));
	assert_int_equal(OK, nodes.get(nodes.arg, 5, 3, &hash));
	tile_cache_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proofs_hold_while_the_log_grows_and_in_older_trees_of_it),
		cmocka_unit_test(a_tile_is_not_taken_for_another_that_has_its_place),
		cmocka_unit_test(a_node_beyond_the_tree_is_not_found),
		cmocka_unit_test(a_tile_that_is_cut_off_is_an_error_and_is_not_kept),
	};
	return cmocka_run_group_tests_name("tile_cache", tests, open_log, close_log);
}
