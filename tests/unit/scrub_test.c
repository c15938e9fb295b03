/* The scrub of a register with two full levels of tiles, at a higher speed than usual. */
#include "tests/unit/verify_fixture.h"

#include "registry/write/scrub.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char heard[512]; /* the first fault; guarded by `mutex` */

static void hear(void *arg, const char *why)
{
	(void)arg;
	pthread_mutex_lock(&mutex);
	if (!heard[0])
		snprintf(heard, sizeof(heard), "%s", why);
	pthread_mutex_unlock(&mutex);
}

static const struct scrub_options fast = {.things = 500, .pause_ms = 1, .fault = hear};

static struct reg_scrub scrub_passes(struct reg *reg, uint64_t passes)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	struct scrub *scrub = NULL;
	struct reg_scrub at;

	heard[0] = '\0';
	must(scrub_start(reg, &fast, &scrub));
	for (int i = 0; i < 20000 && reg_health(reg).scrub.passes < passes; i++)
		nanosleep(&pause, NULL);
	scrub_stop(scrub);
	at = reg_health(reg).scrub;
	assert_true(at.passes >= passes);
	return at;
}

static void a_sound_register_has_no_faults(void **state)
{
	struct reg *reg = open_in(original);

	(void)state;
	assert_int_equal(0, scrub_passes(reg, 3).faults);
	assert_string_equal("", heard);
	reg_close(reg);
}

/* Damages a copy with a script, opens it like a server, and expects the scrub to report it. */
static void assert_fault(const char *script, const char *why)
{
	char dir[64];
	struct reg *reg;
	struct db *db;

	copy_original(dir);
	db = open_db(dir);
	must(db_exec(db, script));
	db_free(db);
	reg = open_in(dir);
	assert_true(scrub_passes(reg, 1).faults > 0);
	if (!strstr(heard, why))
		fail_msg("\"%s\" does not say \"%s\"", heard, why);
	reg_close(reg);
	remove_dir(dir);
}

static void a_flipped_byte_of_an_entry_is_found(void **state)
{
	(void)state;
	assert_fault(
		"UPDATE entry SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE idx = 17",
		"entry 17: it is not what its leaf hash is over");
	assert_fault(
		"UPDATE entry SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || x'00' AS BLOB)"
		" WHERE idx = 300",
		"entry 300: ");
	assert_fault("DELETE FROM entry WHERE idx = 40", "entry 40: ");
}

static void a_flipped_byte_of_a_tile_is_found(void **state)
{
	(void)state;
	assert_fault("UPDATE tile SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB)"
		     " WHERE level = 0 AND idx = 0",
		"entry 0: ");
}

/* Entry and leaf hash in step: the hash above tells. */
static void a_tile_that_does_not_fit_the_one_above_is_found(void **state)
{
	char dir[64];
	AUTO(buf) entry = BUF(ENTRY_MAX), tile = BUF(TILE_BYTES);
	struct sha256 leaf;
	struct store store;
	struct reg *reg;
	struct db *db;

	(void)state;
	copy_original(dir);
	db = open_db(dir);
	store = store_sqlite(db);
	must(store.ops->entry(store.self, 20, &entry));
	entry.data[9] ^= 1;
	leaf = merkle_leaf(entry.data, entry.len);
	must(store.ops->tile(store.self, 0, 0, &tile));
	memcpy(tile.data + 20 * SHA256, leaf.bytes, SHA256);
	must(db_run(db, &(struct sql){"test", "UPDATE entry SET bytes = ?1 WHERE idx = 20"},
		BIND(blob(entry.data, entry.len))));
	must(store.ops->put_tile(store.self, 0, 0, tile.data, tile.len));
	db_free(db);
	reg = open_in(dir);
	assert_true(scrub_passes(reg, 1).faults > 0);
	assert_non_null(strstr(heard, "tile 0/0 does not give the hash above it"));
	reg_close(reg);
	remove_dir(dir);
}

static void a_flipped_byte_of_a_content_is_found(void **state)
{
	(void)state;
	assert_fault("UPDATE content SET bytes = CAST(bytes || x'20' AS BLOB) WHERE rowid ="
		     " (SELECT max(rowid) FROM content)",
		"its bytes have another SHA-256");
}

static void what_is_written_while_it_runs_is_no_fault(void **state)
{
	struct scrub *scrub = NULL;
	struct reg *reg;
	char dir[64];

	(void)state;
	copy_original(dir);
	reg = open_in(dir);
	heard[0] = '\0';
	must(scrub_start(reg, &fast, &scrub));
	for (unsigned i = 0; i < 60; i++)
		ask(reg, 1000 + i);
	erase(reg, question_entry + 9);
	scrub_stop(scrub);
	assert_string_equal("", heard);
	reg_close(reg);
	remove_dir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_register_has_no_faults),
		cmocka_unit_test(a_flipped_byte_of_an_entry_is_found),
		cmocka_unit_test(a_flipped_byte_of_a_tile_is_found),
		cmocka_unit_test(a_tile_that_does_not_fit_the_one_above_is_found),
		cmocka_unit_test(a_flipped_byte_of_a_content_is_found),
		cmocka_unit_test(what_is_written_while_it_runs_is_no_fault),
	};

	return cmocka_run_group_tests(tests, make_original, remove_original);
}
