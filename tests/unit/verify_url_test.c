/* Verification over HTTP, against a server that lies. */
#include "tests/unit/verify_fixture.h"

#include "audit/log.h"
#include "registry/query/query.h"
#include "tests/unit/tiny_server.h"

/* One answer that differs from the register's own. */
static struct lie {
	const char *path;
	int status;
	const void *body;
	size_t len;
} lies[2];

static char served[64];  /* the folder that is served */
static const char *work; /* the one that is served once the checkpoint was */
static struct verified result;

static int log_answer(struct db *db, const char *path, struct buf *out)
{
	const struct snapshot snap = snapshot_sqlite(db);
	struct store store = snap.log;
	struct tile tile;
	uint64_t size;
	char type[64];
	enum err e = ERR_NOT_FOUND;

	must(store.ops->size(store.self, &size));
	if (strcmp(path, "checkpoint") == 0)
		e = store.ops->checkpoint(store.self, out);
	else if (strncmp(path, "content/", 8) == 0)
		e = query_content(&snap, path + 8, out, type);
	else if (strncmp(path, "tile/", 5) == 0 && tile_parse(path + 5, &tile) == OK)
		e = log_tile(&store, &tile, size, out);
	return err_kind(e)->http;
}

/* The served database: opening it costs more than an answer. */
static struct db *open_served(void)
{
	static struct db *open;
	static char of[sizeof(served)];
	AUTOFREE char *database = file_in(served, REG_DATABASE);

	if (strcmp(of, served) != 0) {
		db_free(TAKE(open));
		must(db_open(database, DB_READ, &open));
		must(model_attach(open, served));
		strcpy(of, served);
	}
	return open;
}

static int answer(void *arg, const char *path, const char *request, struct buf *out)
{
	int status;

	(void)arg;
	(void)request;
	if (strncmp(path, "/log/", 5) != 0)
		return 404;
	for (size_t i = 0; i < COUNT(lies); i++)
		if (lies[i].path && strcmp(lies[i].path, path + 5) == 0) {
			buf_add(out, lies[i].body, lies[i].len);
			return lies[i].status;
		}
	status = log_answer(open_served(), path + 5, out);
	if (work && strcmp(path, "/log/checkpoint") == 0)
		strcpy(served, TAKE(work));
	return status;
}

static struct tiny_server server = {.answer = answer};
static char key[KIB];

static int start(void **state)
{
	struct reg *reg;
	AUTO(buf) vkey = BUF(KIB);

	make_original(state);
	strcpy(served, original);
	reg = open_in(original);
	vkey_text(reg_vkey(reg), &vkey);
	strcpy(key, buf_text(&vkey));
	reg_close(reg);
	tiny_start(&server);
	return 0;
}

static int stop(void **state)
{
	tiny_stop(&server);
	return remove_original(state);
}

static int tell_the_truth(void **state)
{
	(void)state;
	memset(lies, 0, sizeof(lies));
	return 0;
}

static enum err verify(void)
{
	return verify_register(&(struct verify){.where = server.url, .key = key}, &result);
}

static void assert_why(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

static void assert_lie(enum err e, struct lie lie, const char *why)
{
	lies[0] = lie;
	assert_int_equal(e, verify());
	assert_why(why);
	tell_the_truth(NULL);
}

static void content_path(uint64_t entry, char out[80])
{
	struct db *db = open_db(original);
	struct store store = store_sqlite(db);
	char hex[SHA256_HEX];

	content_name(&store, entry, hex);
	db_free(db);
	snprintf(out, 80, "content/%s", hex);
}

static uint64_t log_size(void)
{
	must(verify());
	return result.checkpoint.size;
}

static void a_register_verifies_over_http(void **state)
{
	(void)state;
	must(verify());
	assert_int_equal(result.checkpoint.size, result.entries);
	assert_int_equal(KEY_GIVEN, result.trust);
	assert_false(result.folder);
	assert_int_equal(3, result.signatures);
	assert_int_equal(2, result.erased);
	/* every question but the published and the erased one, and the filing that waits */
	assert_int_equal(QUESTIONS_N - 2 + 1, result.hidden);
}

static void an_address_may_end_in_log(void **state)
{
	char url[80];

	(void)state;
	snprintf(url, sizeof(url), "%s/log/", server.url);
	must(verify_register(&(struct verify){.where = url, .key = key}, &result));
}

static void without_a_key_the_registers_own_is_taken_on_trust(void **state)
{
	struct verify v = {.where = server.url};

	(void)state;
	lies[0] = (struct lie){"vkey", 200, key, strlen(key)};
	must(verify_register(&v, &result));
	assert_int_equal(KEY_ON_TRUST, result.trust);
	lies[0].body = "nonsense";
	lies[0].len = 8;
	assert_int_equal(ERR_FALSE, verify_register(&v, &result));
	assert_why("the register's key");
}

static void a_partial_tile_may_have_become_a_full_one(void **state)
{
	unsigned width = tile_width_at(log_size(), 0, 1);
	char hashes[64], entries[64];
	AUTO(buf) tile = BUF(TILE_BYTES);
	struct db *db = open_db(original);
	struct store store = store_sqlite(db);

	(void)state;
	must(store.ops->tile(store.self, 0, 1, &tile));
	tile.len = width * SHA256;
	while (tile.len < TILE_BYTES)
		buf_putc(&tile, 'x');
	db_free(db);
	snprintf(hashes, sizeof(hashes), "tile/0/001.p/%u", width);
	snprintf(entries, sizeof(entries), "tile/entries/001.p/%u", width);
	lies[0] = (struct lie){hashes, 404};
	lies[1] = (struct lie){"tile/0/001", 200, tile.data, tile.len};
	must(verify());
	lies[1] = (struct lie){0};
	assert_lie(ERR_FALSE, (struct lie){hashes, 404}, "tile 0/001.p/");
	assert_lie(ERR_FALSE, (struct lie){entries, 404}, "tile entries/001.p/");
}

static void what_is_not_a_register_is_not_found(void **state)
{
	(void)state;
	assert_lie(ERR_NOT_FOUND, (struct lie){"checkpoint", 404}, "is this a register's address?");
}

static void a_server_that_fails_is_not_called_a_liar(void **state)
{
	(void)state;
	assert_lie(ERR_SYSTEM, (struct lie){"checkpoint", 500}, "HTTP status 500");
	assert_lie(ERR_SYSTEM, (struct lie){"tile/entries/000", 500}, "HTTP status 500");
	assert_lie(ERR_SYSTEM, (struct lie){"tile/0/000", 502}, "HTTP status 502");
}

static void a_server_that_fails_at_one_content_alone_keeps_it_back(void **state)
{
	char public[80], waiting[80], standard[80];

	(void)state;
	content_path(question_entry, public);
	content_path(question_entry + 9, waiting);
	content_path(1, standard);
	assert_lie(ERR_FALSE, (struct lie){public, 500}, "is public by the log, but is kept back");
	assert_lie(ERR_FALSE, (struct lie){standard, 500}, "entry 1: content ");
	assert_why("which is never erased, is not given (");
	assert_why("HTTP status 500");
	lies[0] = (struct lie){waiting, 500}; /* an honest server would refuse it */
	must(verify());
}

static void nonsense_is_refused(void **state)
{
	static const char zeroes[20 * MIB];

	(void)state;
	assert_lie(ERR_FALSE, (struct lie){"checkpoint", 200, "<html>", 6}, "the checkpoint");
	assert_lie(ERR_FALSE, (struct lie){"checkpoint", 200, zeroes, 0}, "the checkpoint");
	assert_lie(ERR_FALSE, (struct lie){"tile/entries/000", 200, "\xff\xff", 2},
		"ends within an entry");
	assert_lie(ERR_FALSE, (struct lie){"tile/entries/000", 200, "", 0}, "ends within a length");
	assert_lie(ERR_FALSE, (struct lie){"tile/entries/000", 200, zeroes, 1024},
		"longer than its 256 entries");
	assert_lie(ERR_FALSE, (struct lie){"tile/entries/000", 200, zeroes, 512},
		"entry 0 is not the one that was signed");
	assert_lie(ERR_FALSE, (struct lie){"tile/entries/000", 200, zeroes, sizeof(zeroes)},
		"tile entries/000");
	assert_lie(ERR_FALSE, (struct lie){"tile/0/000", 200, zeroes, TILE_BYTES},
		"tile 0/000: hash 0");
	assert_lie(
		ERR_FALSE, (struct lie){"tile/0/000", 200, zeroes, TILE_BYTES + 1}, "tile 0/000");
	assert_lie(ERR_FALSE, (struct lie){"tile/1/000.p/1", 200, zeroes, 0}, "tile 1/000.p/1");
}

static void content_must_be_what_its_entry_says(void **state)
{
	char public[80], waiting[80], erased[80];

	(void)state;
	content_path(question_entry, public);
	content_path(question_entry + 9, waiting);
	content_path(question_entry + 2, erased);
	assert_lie(ERR_FALSE, (struct lie){public, 200, "{}", 2}, "another SHA-256");
	assert_lie(ERR_FALSE, (struct lie){public, 200, "", 0}, "another SHA-256");
	assert_lie(ERR_FALSE, (struct lie){public, 404}, "it is missing");
	assert_lie(ERR_FALSE, (struct lie){public, 410}, "is gone, and no entry erased it");
	assert_lie(ERR_FALSE, (struct lie){public, 403}, "is public by the log, but is kept back");
	assert_lie(ERR_FALSE, (struct lie){waiting, 410}, "is gone, and no entry erased it");
	assert_lie(ERR_FALSE, (struct lie){erased, 200, "{}", 2}, "another SHA-256");
}

/* The checkpoint is fetched first, so later changes of the register can look like a lie: here a
 * question is erased during the verification, and the log has grown at the next request. */
static void a_register_at_work_is_asked_to_be_verified_again(void **state)
{
	char dir[64], path[80];
	struct reg *reg;

	(void)state;
	content_path(question_entry, path);
	copy_original(dir);
	reg = open_in(dir);
	ask(reg, 7000);
	reg_close(reg);
	lies[0] = (struct lie){path, 410};
	work = dir;
	assert_int_equal(ERR_BUSY, verify());
	assert_why("verify again");
	strcpy(served, original);
	remove_dir(dir);
}

static void a_log_that_no_longer_answers_for_its_past_is_a_fork(void **state)
{
	char dir[64], path[80];
	struct verify v = {.where = server.url, .key = key, .state = path};
	struct reg *reg;

	(void)state;
	copy_original(dir);
	snprintf(path, sizeof(path), "%s/verified", dir);
	reg = open_in(dir);
	ask(reg, 8000);
	reg_close(reg);
	strcpy(served, dir);
	must(verify_register(&v, &result));
	strcpy(served, original);
	assert_int_equal(ERR_FALSE, verify_register(&v, &result));
	assert_why("fork or rollback");
	remove_dir(dir);
}

#define TEST(name) cmocka_unit_test_teardown(name, tell_the_truth)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_register_verifies_over_http),
		TEST(an_address_may_end_in_log),
		TEST(without_a_key_the_registers_own_is_taken_on_trust),
		TEST(a_partial_tile_may_have_become_a_full_one),
		TEST(what_is_not_a_register_is_not_found),
		TEST(a_server_that_fails_is_not_called_a_liar),
		TEST(a_server_that_fails_at_one_content_alone_keeps_it_back),
		TEST(nonsense_is_refused),
		TEST(content_must_be_what_its_entry_says),
		TEST(a_register_at_work_is_asked_to_be_verified_again),
		TEST(a_log_that_no_longer_answers_for_its_past_is_a_fork),
	};
	return cmocka_run_group_tests_name("verify over HTTP", tests, start, stop);
}
