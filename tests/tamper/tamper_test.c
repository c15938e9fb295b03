/* Changing one byte is always detected: thousands of single bytes, in a register's database and in
 * its server's answers, and larger falsifications.
 *
 * The places are random, but the same in every run unless GAYA_SEED is set. */
#define QUESTIONS_N 30
#include "tests/unit/verify_fixture.h"

#include "audit/log.h"
#include "base/fetch.h"
#include "tests/unit/tiny_server.h"
#include "web/server/web.h"

#define FLIPS 2048 /* in each of the two */
#define RESOURCES_MAX 256

static struct verified result;
static char vkey[KIB];

static uint64_t chance(uint64_t below)
{
	static uint64_t x;

	if (!x)
		x = getenv("GAYA_SEED") ? strtoull(getenv("GAYA_SEED"), NULL, 0)
		                        : 0x9e3779b97f4a7c15;
	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return x % below;
}

static enum err verify_with(const char *where, const char *state)
{
	return verify_register(
		&(struct verify){.where = where, .key = vkey, .state = state}, &result);
}

static void assert_false_because(enum err e, const char *why)
{
	if (e != ERR_FALSE)
		fail_msg("%s instead of false: %s", err_kind(e)->name, err_why());
	if (!strstr(err_why(), why))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), why);
}

/* --- a database --- */

static const struct place {
	const char *what;
	struct sql count, read, write;
} places[] = {
#define PLACE(table, column, cast)                                                         \
	{                                                                                  \
		table "." column, {"count", "SELECT count(*) FROM " table},                \
			{"read", "SELECT rowid_, " column                                  \
				 " FROM (SELECT row_number() OVER () - 1 AS"               \
				 " rowid_, " column " FROM " table ") WHERE rowid_ = ?1"}, \
		{                                                                          \
			"write", "UPDATE " table " SET " column " = CAST(?2 AS " cast      \
				 ") WHERE " column " = CAST(?1 AS " cast ")"               \
		}                                                                          \
	}
	PLACE("entry", "bytes", "BLOB"),
	PLACE("tile", "bytes", "BLOB"),
	PLACE("content", "bytes", "BLOB"),
	PLACE("content", "sha256", "BLOB"),
	PLACE("checkpoint", "note", "TEXT"),
};

static void read_place(struct db *db, const struct place *p, uint64_t row, struct buf *out)
{
	AUTO(rows) rows = {0};
	size_t len;
	const void *data;

	must(db_one(db, &p->read, BIND(num((int64_t)row)), &rows));
	data = rows_blob(&rows, 1, &len);
	buf_add(out, data, len);
}

static void write_place(
	struct db *db, const struct place *p, const struct buf *from, const struct buf *to)
{
	must(db_run(db, &p->write, BIND(blob(from->data, from->len), blob(to->data, to->len))));
	assert_int_equal(1, db_changes(db));
}

/* Changes one byte, verifies, and restores it. */
static void flip_in_database(struct db *db, const char *dir)
{
	const struct place *p = &places[chance(COUNT(places))];
	AUTO(buf) was = BUF(MIB), is = BUF(MIB);
	int64_t rows = 0;
	uint64_t row, at;
	enum err e;

	must(db_int(db, &p->count, BIND_NONE, &rows));
	row = chance((uint64_t)rows);
	read_place(db, p, row, &was);
	buf_add(&is, was.data, was.len);
	at = chance(was.len);
	is.data[at] = (char)(is.data[at] ^ (char)(1 + chance(255)));
	write_place(db, p, &was, &is);
	e = verify_with(dir, NULL);
	if (e != ERR_FALSE)
		fail_msg("%s row %d, byte %d: %02x for %02x gives \"%s\": %s", p->what, (int)row,
			(int)at, (uint8_t)is.data[at], (uint8_t)was.data[at], err_kind(e)->name,
			err_why());
	write_place(db, p, &is, &was);
}

/* Without the read model, as a backup has it: comparing the two finds a change, too, and what is to
 * be seen here is that the log needs no such help. */
static struct db *open_log_alone(const char *dir)
{
	AUTOFREE char *log = file_in(dir, REG_DATABASE), *model = file_in(dir, REG_MODEL);
	struct db *db = NULL;

	remove_dir(model);
	must(db_open(log, DB_WRITE, &db));
	return db;
}

static void every_changed_byte_of_a_database_is_found(void **state)
{
	char dir[64];
	struct db *db;

	(void)state;
	copy_original(dir);
	must(verify_with(dir, NULL));
	db = open_log_alone(dir);
	must(verify_with(dir, NULL));
	must(db_exec(db, "PRAGMA synchronous=OFF"));
	for (int i = 0; i < FLIPS; i++)
		flip_in_database(db, dir);
	must(verify_with(dir, NULL)); /* everything was restored */
	db_free(db);
	remove_dir(dir);
}

/* --- a served log: a proxy before the real server that changes one answer --- */

struct resource {
	char path[160];
	int status;
	struct buf body;
};
static struct resource resources[RESOURCES_MAX];
static size_t resources_n;
static const struct resource *liar; /* replaces the answer for its path */
static struct web *web;
static struct reg *served;
static struct fetch *upstream;
static char upstream_url[64];

static struct resource *resource_of(const char *path)
{
	for (size_t i = 0; i < resources_n; i++)
		if (strcmp(resources[i].path, path) == 0)
			return &resources[i];
	return NULL;
}

/* The real server's answer; fetched once. */
static struct resource *truth(const char *path)
{
	struct resource *r = resource_of(path);
	AUTOFREE char *url = mem_printf("%s%s", upstream_url, path);

	if (r)
		return r;
	assert_true(resources_n < RESOURCES_MAX);
	r = &resources[resources_n++];
	snprintf(r->path, sizeof(r->path), "%s", path);
	r->body = BUF(16 * MIB);
	must(fetch_get(upstream, url, &r->body, &r->status));
	return r;
}

static int answer(void *arg, const char *path, const char *request, struct buf *out)
{
	const struct resource *r = liar && strcmp(liar->path, path) == 0 ? liar : truth(path);

	(void)arg;
	(void)request;
	buf_add(out, r->body.data, r->body.len);
	return r->status;
}
static struct tiny_server proxy = {.answer = answer};

static int serve(void **state)
{
	struct web_options options = {.listen = "127.0.0.1:0"};
	AUTO(buf) text = BUF(KIB);

	make_original(state);
	served = open_in(original);
	vkey_text(reg_vkey(served), &text);
	snprintf(vkey, sizeof(vkey), "%s", buf_text(&text));
	must(web_start(served, &options, &web));
	snprintf(upstream_url, sizeof(upstream_url), "http://127.0.0.1:%u", web_port(web));
	must(fetch_open(&upstream));
	fetch_named(upstream, upstream_url);
	tiny_start(&proxy);
	must(verify_with(proxy.url, NULL)); /* fills `resources` */
	return 0;
}

static int end(void **state)
{
	tiny_stop(&proxy);
	fetch_free(upstream);
	web_stop(web);
	reg_close(served);
	for (size_t i = 0; i < resources_n; i++)
		buf_done(&resources[i].body);
	return remove_original(state);
}

/* A copy of the true answer, to be changed. */
static struct resource lie_about(const char *path)
{
	const struct resource *r = truth(path);
	struct resource lie = {.status = r->status, .body = BUF(16 * MIB)};

	assert_int_equal(200, r->status);
	strcpy(lie.path, r->path);
	buf_add(&lie.body, r->body.data, r->body.len);
	return lie;
}

static enum err tell(struct resource *lie)
{
	enum err e;

	liar = lie;
	e = verify_with(proxy.url, NULL);
	liar = NULL;
	buf_done(&lie->body);
	return e;
}

static const char *const kinds[] = {
	"/log/checkpoint", "/log/tile/0/", "/log/tile/entries/", "/log/content/"};

static const struct resource *choose(void)
{
	const char *kind = kinds[chance(COUNT(kinds))];
	const struct resource *r;

	do
		r = &resources[chance(resources_n)];
	while (strncmp(r->path, kind, strlen(kind)) != 0 || r->status != 200);
	return r;
}

static void flip_in_answer(void)
{
	struct resource lie = lie_about(choose()->path);
	uint64_t at = chance(lie.body.len);
	enum err e;

	lie.body.data[at] = (char)(lie.body.data[at] ^ (char)(1 + chance(255)));
	e = tell(&lie);
	if (e != ERR_FALSE)
		fail_msg(
			"%s, byte %d: \"%s\": %s", lie.path, (int)at, err_kind(e)->name, err_why());
}

static void every_changed_byte_of_a_served_log_is_found(void **state)
{
	(void)state;
	for (int i = 0; i < FLIPS; i++)
		flip_in_answer();
	must(verify_with(proxy.url, NULL));
}

/* --- larger falsifications --- */

static struct bytes bundle_entries[TILE_WIDTH];
static unsigned bundle_n;

static const char *bundle_path(void)
{
	static char path[64];
	AUTO(buf) name = BUF(KIB);
	struct tile tile = {.entries = true};

	must(verify_with(proxy.url, NULL));
	tile.width = (unsigned)result.checkpoint.size;
	tile_path(&tile, &name);
	snprintf(path, sizeof(path), "/log/tile/%s", buf_text(&name));
	return path;
}

static void split_bundle(const struct resource *r)
{
	struct bytes rest = {(const uint8_t *)r->body.data, r->body.len};

	for (bundle_n = 0; rest.len; bundle_n++)
		must(bundle_next(&rest, &bundle_entries[bundle_n]));
}

/* The bundle with its entries in this order; -1 omits one. */
static struct resource reordered(int (*at)(int i))
{
	const struct resource *r = truth(bundle_path());
	struct resource lie = lie_about(r->path);

	split_bundle(r);
	buf_clear(&lie.body);
	for (int i = 0; i < (int)bundle_n; i++)
		if (at(i) >= 0)
			must(bundle_add(
				&lie.body, bundle_entries[at(i)].data, bundle_entries[at(i)].len));
	return lie;
}

static int without_20(int i)
{
	return i == 20 ? -1 : i;
}

static int twice_20(int i)
{
	return i == 21 ? 20 : i;
}

static int swapped_20(int i)
{
	return i == 20 ? 21 : i == 21 ? 20 : i;
}

static void a_served_log_with_other_entries_is_found(void **state)
{
	struct resource dropped = reordered(without_20), doubled = reordered(twice_20);
	struct resource swapped = reordered(swapped_20);

	(void)state;
	assert_false_because(tell(&dropped), "tile entries/");
	assert_false_because(tell(&doubled), "entry 21");
	assert_false_because(tell(&swapped), "entry 20");
}

static void a_truncated_bundle_is_found(void **state)
{
	struct resource lie;
	size_t len = truth(bundle_path())->body.len;

	(void)state;
	for (size_t cut = 1; cut < len; cut += 997) {
		lie = lie_about(bundle_path());
		lie.body.len -= cut;
		assert_false_because(tell(&lie), "tile entries/");
	}
	lie = lie_about(bundle_path());
	buf_putc(&lie.body, 0);
	assert_false_because(tell(&lie), "tile entries/");
}

static void a_content_swapped_for_another_is_found(void **state)
{
	char dir[64];
	struct db *db;
	struct resource lie;
	const struct resource *a, *b;

	(void)state;
	do
		a = choose();
	while (strncmp(a->path, "/log/content/", 13) != 0);
	do
		b = choose();
	while (strncmp(b->path, "/log/content/", 13) != 0 || a == b);
	lie = lie_about(a->path);
	buf_clear(&lie.body);
	buf_add(&lie.body, b->body.data, b->body.len);
	assert_false_because(tell(&lie), "its bytes have another SHA-256");

	copy_original(dir);
	db = open_db(dir);
	must(db_exec(db,
		"CREATE TEMP TABLE two AS SELECT rowid AS r, bytes FROM content"
		" WHERE rowid IN (3, 4);"
		"UPDATE content SET bytes = (SELECT bytes FROM two WHERE r = 7 - content.rowid)"
		" WHERE rowid IN (3, 4)"));
	db_free(db);
	assert_false_because(verify_with(dir, NULL), "its bytes have another SHA-256");
	remove_dir(dir);
}

/* Somebody with the database rewrites entries and tiles; only the key is missing. */
static void rewrite_log(struct db *db, int (*at)(int i))
{
	struct store store = store_sqlite(db);
	struct log log = {0};
	const struct resource *r = truth(bundle_path());

	split_bundle(r);
	must(db_exec(db, "DELETE FROM entry; DELETE FROM tile"));
	must(log_open(store, &log));
	must(store.ops->begin(store.self));
	for (int i = 0; i < (int)bundle_n; i++)
		if (at(i) >= 0)
			must(log_append(
				&log, bundle_entries[at(i)].data, bundle_entries[at(i)].len));
	must(log_settle(&log));
	must(store.ops->commit(store.self));
	log_done(&log);
}

static void a_database_with_other_entries_and_the_tiles_to_them_is_found(void **state)
{
	int (*const orders[])(int) = {without_20, twice_20, swapped_20};

	(void)state;
	for (size_t i = 0; i < COUNT(orders); i++) {
		char dir[64];
		struct db *db;

		copy_original(dir);
		db = open_db(dir);
		rewrite_log(db, orders[i]);
		db_free(db);
		assert_false_because(verify_with(dir, NULL), "");
		remove_dir(dir);
	}
}

/* Somebody with the key can sign a second history, but a checkpoint of the first one proves it. */
static void a_forked_history_is_found(void **state)
{
	char a[64], b[64];
	AUTOFREE char *file = mem_printf("%s.state", original);
	struct reg *reg;

	(void)state;
	copy_original(a);
	copy_original(b);
	reg = open_in(a);
	ask(reg, 900);
	reg_close(reg);
	reg = open_in(b);
	ask(reg, 901);
	ask(reg, 902);
	reg_close(reg);
	must(verify_with(a, file));
	assert_false_because(verify_with(b, file), "fork");
	must(verify_with(b, NULL)); /* consistent by itself: that is why witnesses are needed */
	unlink(file);
	remove_dir(a);
	remove_dir(b);
}

static void a_rolled_back_database_is_found(void **state)
{
	char dir[64];
	AUTOFREE char *file = mem_printf("%s.state", original);
	struct reg *reg;

	(void)state;
	copy_original(dir);
	reg = open_in(dir);
	ask(reg, 900);
	reg_close(reg);
	must(verify_with(dir, file));
	assert_false_because(verify_with(original, file), "rollback");
	assert_false_because(verify_with(proxy.url, file), "rollback");
	unlink(file);
	remove_dir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_changed_byte_of_a_database_is_found),
		cmocka_unit_test(every_changed_byte_of_a_served_log_is_found),
		cmocka_unit_test(a_served_log_with_other_entries_is_found),
		cmocka_unit_test(a_truncated_bundle_is_found),
		cmocka_unit_test(a_content_swapped_for_another_is_found),
		cmocka_unit_test(a_database_with_other_entries_and_the_tiles_to_them_is_found),
		cmocka_unit_test(a_forked_history_is_found),
		cmocka_unit_test(a_rolled_back_database_is_found),
	};

	return cmocka_run_group_tests(tests, serve, end);
}
