/* Incremental verification: cheap, but as strict about new entries as a full one. */
#include "tests/unit/verify_fixture.h"

static struct verified result;
static char dir[64], state_path[80], kept_path[90];

static int begin(void **state)
{
	(void)state;
	copy_original(dir);
	snprintf(state_path, sizeof(state_path), "%s/state", dir);
	snprintf(kept_path, sizeof(kept_path), "%s/state.model", dir);
	return 0;
}

static int end(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

static enum err verify_from(const char *where)
{
	return verify_register(
		&(struct verify){.where = where, .state = state_path, .since = true}, &result);
}

static enum err verify(void)
{
	return verify_from(dir);
}

static void assert_why(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

static void grow(unsigned first, unsigned n)
{
	struct reg *reg = open_in(dir);

	for (unsigned i = 0; i < n; i++)
		ask(reg, first + i);
	reg_close(reg);
}

static void spoil(const char *script)
{
	struct db *db = open_db(dir);

	must(db_exec(db, script));
	db_free(db);
}

static void the_first_time_all_is_checked(void **state)
{
	(void)state;
	must(verify());
	assert_false(result.increment);
	assert_int_equal(result.checkpoint.size, result.entries);
}

static void then_only_what_is_new(void **state)
{
	struct verified whole;
	char full_at[TIME_TEXT];

	(void)state;
	must(verify());
	memcpy(full_at, result.full_at, TIME_TEXT);
	must(verify());
	assert_true(result.increment);
	assert_int_equal(0, result.entries);
	assert_string_equal(full_at, result.full_at);
	assert_string_not_equal("", result.old_at);
	grow(1000, 3);
	must(verify());
	assert_int_equal(3, result.entries);
	must(verify_register(&(struct verify){.where = dir}, &whole));
	assert_int_equal(whole.checkpoint.size, result.checkpoint.size);
	assert_int_equal(whole.contents, result.contents);
	assert_int_equal(whole.erased, result.erased);
	assert_int_equal(whole.questions, result.questions);
}

static void grow_verified(unsigned *first, unsigned n)
{
	grow(*first, n);
	*first += n;
	must(verify());
	assert_true(result.increment);
	assert_int_equal(n, result.entries);
}

/* From many positions in a tile; by single entries to its end, by a whole tile to the next, and on.
 */
static void increments_of_all_sizes_meet_the_ends_of_tiles(void **state)
{
	unsigned n = 1000;

	(void)state;
	must(verify());
	for (unsigned step = 1; step < 300; step += step / 2 + 1)
		grow_verified(&n, step);
	if (result.checkpoint.size % 256 < 253)
		grow_verified(&n, 253 - result.checkpoint.size % 256);
	while (result.checkpoint.size % 256)
		grow_verified(&n, 1);
	grow_verified(&n, 256);
	grow_verified(&n, 1);
}

static void a_changed_new_entry_is_found(void **state)
{
	(void)state;
	must(verify());
	grow(1000, 2);
	spoil("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'citizen', 'citizem')"
	      " AS BLOB) WHERE idx = (SELECT max(idx) FROM entry)");
	assert_int_equal(ERR_FALSE, verify());
	assert_why("is not the one that was signed");
}

static void an_old_entry_changed_in_the_bundle_that_grew_is_found(void **state)
{
	(void)state;
	must(verify());
	grow(1000, 1);
	spoil("UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'citizen', 'citizem')"
	      " AS BLOB) WHERE idx = 300");
	assert_int_equal(ERR_FALSE, verify());
	assert_why("entry 300 is not the one that was there when it was last verified");
}

static void a_changed_tile_at_the_edge_is_found(void **state)
{
	(void)state;
	must(verify());
	grow(1000, 1);
	spoil("UPDATE tile SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB)"
	      " WHERE level = 0 AND idx = (SELECT max(idx) FROM tile WHERE level = 0)");
	assert_int_equal(ERR_FALSE, verify());
	assert_why("the tiles do not give the root");
}

static void a_second_history_is_a_fork(void **state)
{
	char other[64];
	struct reg *reg;

	(void)state;
	copy_original(other);
	grow(4000, 1);
	must(verify());
	reg = open_in(other);
	ask(reg, 5000);
	ask(reg, 5001);
	reg_close(reg);
	assert_int_equal(ERR_FALSE, verify_from(other));
	assert_why("fork: ");
	must(verify()); /* what was remembered stands */
	assert_true(result.increment);
	remove_dir(other);
}

static void a_log_that_shrank_is_a_rollback(void **state)
{
	(void)state;
	grow(1000, 1);
	must(verify());
	assert_int_equal(ERR_FALSE, verify_from(original));
	assert_why("rollback");
}

static void new_entries_are_held_to_the_rules(void **state)
{
	struct reg *reg;

	(void)state;
	must(verify());
	reg = open_in(dir);
	publish(reg, "civil-kiosk", 8, 2); /* entry 8 waits since the fixture */
	reg_close(reg);
	must(verify());
	assert_int_equal(1, result.entries);
	spoil("UPDATE system SET version = 7 WHERE slug = 'civil-kiosk'");
	assert_int_equal(ERR_FALSE, verify());
	assert_why("table system");
}

static void content_of_entry(uint64_t index, struct sha256 *hash, struct buf *bytes)
{
	struct db *db = open_db(dir);
	struct store store = store_sqlite(db);
	char hex[SHA256_HEX];

	content_name(&store, index, hex);
	must(sha256_from_hex(hex, hash));
	must(store.ops->content(store.self, hash, bytes));
	db_free(db);
}

static void erase_entry(uint64_t index)
{
	struct reg *reg = open_in(dir);

	erase(reg, index);
	reg_close(reg);
}

static void what_was_erased_since_must_be_gone(void **state)
{
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	struct store store;
	struct db *db;

	(void)state;
	must(verify());
	erase_entry(question_entry + 5);
	must(verify());
	assert_int_equal(3, result.erased);
	content_of_entry(question_entry + 6, &hash, &bytes);
	erase_entry(question_entry + 6);
	db = open_db(dir);
	store = store_sqlite(db);
	must(store.ops->put_content(store.self, &hash, bytes.data, bytes.len));
	db_free(db);
	assert_int_equal(ERR_FALSE, verify());
	assert_why("and is still there");
}

static void a_model_that_is_not_of_the_state_file_is_not_used(void **state)
{
	(void)state;
	must(verify());
	grow(1000, 1);
	must(verify_register(&(struct verify){.where = dir, .state = state_path}, &result));
	grow(1001, 1);
	must(verify());
	assert_false(result.increment);
	assert_int_equal(result.checkpoint.size, result.entries);
	must(verify());
	assert_true(result.increment);
}

static void a_model_of_another_version_of_this_program_is_not_used(void **state)
{
	struct db *db = NULL;

	(void)state;
	must(verify());
	must(db_open(kept_path, DB_WRITE, &db));
	must(db_exec(db, "DROP TABLE list_submitted; PRAGMA user_version=12345"));
	db_free(db);
	grow(1000, 1);
	must(verify());
	assert_false(result.increment);
	must(verify());
	assert_true(result.increment);
}

static void a_model_that_is_damaged_is_told(void **state)
{
	(void)state;
	must(file_write(kept_path, "hello, this is no database at all\n", 34, 0600));
	assert_int_equal(ERR_INVALID, verify());
	assert_why("remove it");
}

static void an_increment_needs_a_state_file(void **state)
{
	(void)state;
	assert_int_equal(ERR_INVALID,
		verify_register(&(struct verify){.where = dir, .since = true}, &result));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(the_first_time_all_is_checked),
		TEST(then_only_what_is_new),
		TEST(increments_of_all_sizes_meet_the_ends_of_tiles),
		TEST(a_changed_new_entry_is_found),
		TEST(an_old_entry_changed_in_the_bundle_that_grew_is_found),
		TEST(a_changed_tile_at_the_edge_is_found),
		TEST(a_second_history_is_a_fork),
		TEST(a_log_that_shrank_is_a_rollback),
		TEST(new_entries_are_held_to_the_rules),
		TEST(what_was_erased_since_must_be_gone),
		TEST(a_model_that_is_not_of_the_state_file_is_not_used),
		TEST(a_model_of_another_version_of_this_program_is_not_used),
		TEST(a_model_that_is_damaged_is_told),
		TEST(an_increment_needs_a_state_file),
	};
	return cmocka_run_group_tests_name("verify since", tests, make_original, remove_original);
}
