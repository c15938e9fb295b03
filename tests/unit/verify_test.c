#include "base/zone.h"
#include "tests/unit/verify_fixture.h"

#define FIRST_BYTE "CAST(x'00' || substr(bytes, 2) AS BLOB)"

static struct verified result;

static enum err verify(const char *dir)
{
	return verify_register(&(struct verify){.where = dir}, &result);
}

static void assert_why(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

/* Damages a copy with a script, and expects a report. */
static void assert_found(const char *script, const char *why)
{
	char dir[64];
	struct db *db;

	copy_original(dir);
	db = open_db(dir);
	must(db_exec(db, script));
	db_free(db);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why(why);
	remove_dir(dir);
}

static void a_register_verifies(void **state)
{
	(void)state;
	must(verify(original));
	assert_int_equal(result.checkpoint.size, result.entries);
	assert_string_equal(ORIGIN, result.checkpoint.origin);
	assert_int_equal(KEY_ON_TRUST, result.trust);
	assert_true(result.folder);
	assert_int_equal(3, result.signatures);
	assert_int_equal(2, result.erased);
	assert_int_equal(0, result.hidden);
	assert_int_equal(2, result.systems);
	assert_int_equal(1, result.departments);
	assert_int_equal(QUESTIONS_N, result.questions);
}

static void a_register_verifies_while_a_server_has_it_open(void **state)
{
	struct reg *reg;
	char dir[64];

	(void)state;
	copy_original(dir);
	reg = open_in(dir);
	ask(reg, 1000);
	must(verify(dir));
	reg_close(reg);
	remove_dir(dir);
}

static void a_folder_without_a_register_is_not_found(void **state)
{
	(void)state;
	assert_int_equal(ERR_NOT_FOUND, verify("/tmp"));
}

static void a_checkpoint_of_another_key_is_false(void **state)
{
	struct verify v = {.where = original,
		.key = "register.example/ai+7f4ea9b5+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"};
	AUTO(buf) key = BUF(KIB);
	struct vkey other;
	uint8_t public[ED25519_PUBLIC] = {1};

	(void)state;
	assert_int_equal(ERR_INVALID, verify_register(&v, &result));
	must(vkey_make(ORIGIN, KEY_ED25519, public, &other));
	vkey_text(&other, &key);
	v.key = buf_text(&key);
	assert_int_equal(ERR_FALSE, verify_register(&v, &result));
	assert_why("not signed by the key of " ORIGIN);
}

static void a_changed_signature_is_found(void **state)
{
	(void)state;
	assert_found("UPDATE checkpoint SET note = replace(note, 'A', 'B')", "checkpoint");
}

static void a_changed_size_in_the_checkpoint_is_found(void **state)
{
	(void)state;
	assert_found("UPDATE checkpoint SET note = replace(note, char(10) || size || char(10),"
		     " char(10) || (size - 1) || char(10))",
		"checkpoint");
	assert_found("UPDATE checkpoint SET size = size - 1", "table checkpoint");
}

static void one_byte_in_an_entry_is_found_and_the_entry_named(void **state)
{
	(void)state;
	assert_found(
		"UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'citizen', 'citizem')"
		" AS BLOB) WHERE idx = 20",
		"entry 20 is not the one that was signed");
	assert_found("UPDATE entry SET bytes = CAST(bytes || x'0a' AS BLOB) WHERE idx = 280",
		"entry 280 is not the one that was signed");
	assert_found("UPDATE entry SET bytes = x'' WHERE idx = 0",
		"entry 0 is not the one that was signed");
}

static void an_entry_changed_together_with_its_tile_is_found(void **state)
{
	char dir[64];
	AUTO(buf) entry = BUF(ENTRY_MAX), tile = BUF(TILE_BYTES);
	struct sha256 leaf;
	struct store store;
	struct db *db;

	(void)state;
	copy_original(dir);
	db = open_db(dir);
	store = store_sqlite(db);
	/* Changes only the second, so that only the hashes can reveal it. */
	must(store.ops->entry(store.self, 290, &entry));
	entry.data[strcspn(entry.data, "Z") - 1] ^= 1;
	must(store.ops->tile(store.self, 0, 1, &tile));
	leaf = merkle_leaf(entry.data, entry.len);
	memcpy(tile.data + (290 - 256) * SHA256, leaf.bytes, SHA256);
	must(db_run(db, &(struct sql){"test", "UPDATE entry SET bytes = ?1 WHERE idx = 290"},
		BIND(blob(entry.data, entry.len))));
	must(store.ops->put_tile(store.self, 0, 1, tile.data, tile.len));
	db_free(db);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why("do not give the root that was signed");
	remove_dir(dir);
}

static void a_dropped_last_entry_is_found(void **state)
{
	(void)state;
	assert_found("DELETE FROM entry WHERE idx = (SELECT max(idx) FROM entry)", "is missing");
	assert_found("DELETE FROM entry WHERE idx = 100", "entry 100 is missing");
}

static void swapped_entries_are_found(void **state)
{
	(void)state;
	assert_found("UPDATE entry SET idx = -1 WHERE idx = 30;"
		     "UPDATE entry SET idx = 30 WHERE idx = 31;"
		     "UPDATE entry SET idx = 31 WHERE idx = -1",
		"entry 30 is not the one that was signed");
}

static void an_entry_that_nobody_signed_is_found(void **state)
{
	(void)state;
	assert_found("INSERT INTO entry (idx, bytes) SELECT max(idx) + 1, x'00' FROM entry",
		"not covered by the checkpoint");
	assert_found(
		"INSERT INTO entry (idx, bytes) VALUES (-5, x'00')", "entry -5 is not covered");
}

static void a_changed_tile_is_found_and_named(void **state)
{
	(void)state;
	assert_found("UPDATE tile SET bytes = " FIRST_BYTE " WHERE level = 0 AND idx = 0",
		"tile 0/000: hash 0");
	assert_found("UPDATE tile SET bytes = " FIRST_BYTE " WHERE level = 0 AND idx = 1",
		"tile 0/001.p/");
	assert_found(
		"UPDATE tile SET bytes = " FIRST_BYTE " WHERE level = 1", "tile 1/000.p/1: hash 0");
	assert_found("UPDATE tile SET bytes = CAST(bytes || x'00' AS BLOB) WHERE level = 1",
		"tile 1/000.p/1 has 33 bytes");
	assert_found("DELETE FROM tile WHERE level = 1", "tile 1/000.p/1: it is missing");
	assert_found("INSERT INTO tile VALUES (2, 0, x'00')", "tile 2/0 is there");
	assert_found("INSERT INTO tile VALUES (0, 2, x'00')", "tile 0/2 is there");
}

static void a_changed_content_is_found(void **state)
{
	(void)state;
	assert_found(
		"UPDATE content SET bytes = CAST(bytes || x'20' AS BLOB)", "entry 0: content ");
	assert_found("UPDATE content SET bytes = " FIRST_BYTE " WHERE sha256 ="
		     " (SELECT sha256 FROM content ORDER BY length(bytes) DESC LIMIT 1)",
		"its bytes have another SHA-256");
	assert_found("INSERT INTO content VALUES (zeroblob(32), x'00')", "no entry speaks of it");
}

static void content_that_is_gone_without_an_erasure_is_found(void **state)
{
	char dir[64], hex[SHA256_HEX];
	AUTOFREE char *script = NULL, *why = NULL;
	struct store store;
	struct db *db;

	(void)state;
	copy_original(dir);
	db = open_db(dir);
	store = store_sqlite(db);
	content_name(&store, question_entry + 5, hex);
	db_free(db);
	script = mem_printf("DELETE FROM content WHERE sha256 = x'%s'", hex);
	why = mem_printf("content %s, of entry %d, is gone", hex, (int)question_entry + 5);
	assert_found(script, why);
	remove_dir(dir);
}

static void content_that_is_back_after_its_erasure_is_found(void **state)
{
	const char text[] = "{\"lang\":\"ko\",\"salt\":\"";
	char dir[64], hex[SHA256_HEX];
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	struct store store;
	struct reg *reg;
	struct db *db;

	(void)state;
	copy_original(dir);
	db = open_db(dir);
	store = store_sqlite(db);
	content_name(&store, question_entry + 7, hex);
	must(sha256_from_hex(hex, &hash));
	must(store.ops->content(store.self, &hash, &bytes));
	assert_memory_equal(text, bytes.data, strlen(text));
	db_free(db);
	reg = open_in(dir);
	erase(reg, question_entry + 7);
	reg_close(reg);
	must(verify(dir));
	db = open_db(dir);
	store = store_sqlite(db);
	must(store.ops->put_content(store.self, &hash, bytes.data, bytes.len));
	db_free(db);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why("was erased by entry");
	remove_dir(dir);
}

static void a_changed_row_of_the_read_model_is_found_and_named(void **state)
{
	(void)state;
	assert_found("UPDATE system SET state = 'published' WHERE slug = 'smart-water'",
		"table system, row \"smart-water\" (\"waterworks\"): state is \"published\", but "
		"the entries make it \"suspended\"");
	assert_found("DELETE FROM answer", "table answer lacks the row");
	assert_found(
		"INSERT INTO subject VALUES ('zzz', 'x', 1)", "table subject has the row \"zzz\"");
	assert_found("UPDATE folded SET at = at || ' '", "table folded");
	assert_found("UPDATE content_state SET public = 1", "table content_state");
	assert_found("CREATE TRIGGER evil AFTER INSERT ON system BEGIN SELECT 1; END", "\"evil\"");
	assert_found("CREATE TRIGGER beside.evil AFTER INSERT ON entry BEGIN SELECT 1; END",
		"the trigger \"evil\" is none that this program makes");
	assert_found("CREATE TABLE beside.more (x INTEGER) STRICT", "\"more\"");
	assert_found("CREATE TABLE more (x INTEGER) STRICT", "\"more\"");
}

static void spoil(const char *script, char dir[64])
{
	struct db *db;

	copy_original(dir);
	db = open_db(dir);
	must(db_exec(db, script));
	db_free(db);
}

/* The state before the first start after an upgrade: other tables, and another schema name. */
#define OLDER                                                                      \
	"PRAGMA foreign_keys=OFF; DROP TABLE list_submitted; DROP TABLE restored;" \
	"ALTER TABLE system DROP COLUMN first_at; PRAGMA user_version=12345;"

static void a_read_model_of_another_version_is_not_compared_and_the_rest_is_checked(void **state)
{
	char dir[64];

	(void)state;
	spoil(OLDER, dir);
	must(verify(dir));
	assert_true(result.old_model);
	assert_int_equal(3, result.signatures);
	reg_close(open_in(dir));
	must(verify(dir));
	assert_false(result.old_model);
	remove_dir(dir);
	assert_found(OLDER "UPDATE entry SET bytes = " FIRST_BYTE " WHERE idx = 3", "entry 3");
	assert_found(OLDER "DELETE FROM content WHERE rowid = 2", "content");
	assert_found(OLDER "INSERT INTO entry VALUES (5000, x'00')", "entry 5000");
}

/* A table is compared row by row in the order of its primary key. */
static void every_table_of_the_read_model_has_a_primary_key(void **state)
{
	static const struct sql without = {"test",
		"SELECT count(*) FROM pragma_table_list s WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
		" AND NOT EXISTS (SELECT 1 FROM pragma_table_info(s.name) WHERE pk > 0)"};
	struct db *db = NULL;
	int64_t n;

	(void)state;
	must(db_open(":memory:", DB_WRITE, &db));
	must(state_create(db));
	must(db_int(db, &without, BIND_NONE, &n));
	assert_int_equal(0, n);
	db_free(db);
}

static void log_key(const char *dir, struct skey *out)
{
	AUTOFREE char *path = file_in(dir, REG_KEY);
	AUTO(buf) text = BUF(KIB);

	must(file_read(path, &text));
	text.data[strcspn(text.data, "\n")] = '\0';
	must(skey_parse(text.data, out));
}

/* Appends an entry and signs it with the log's own key, as somebody who controls the server could,
 * without asking the rules. */
static uint64_t sign_anything(const char *dir, const char *entry, size_t len)
{
	struct db *db = open_db(dir);
	struct store store = store_sqlite(db);
	struct checkpoint cp = {.origin = ORIGIN};
	AUTO(buf) text = BUF(KIB), note = BUF(NOTE_MAX);
	struct skey key;
	struct log log;

	must(log_open(store, &log));
	must(log_append(&log, entry, len));
	must(log_settle(&log));
	cp.size = log.size;
	cp.root = log_root(&log);
	log_key(dir, &key);
	checkpoint_text(&cp, &text);
	note_sign(&key, buf_text(&text), text.len, &note);
	must(store.ops->put_checkpoint(store.self, cp.size, buf_text(&note)));
	log_done(&log);
	db_free(db);
	return cp.size - 1;
}

#define LATE "\"at\":\"2030-01-01T00:00:00Z\""

/* Texts from before there were rules for their form: not in normal form C, with a tag that this
 * form would hide, with a run of marks. */
static json_t *old_record(void)
{
	json_t *record = demo_record("civil-kiosk");
	AUTO(buf) marks = BUF(KIB);

	buf_puts(&marks, "cafe\u0301 a");
	for (int i = 0; i < 40; i++)
		buf_puts(&marks, "\u0323\u0301");
	json_object_set_new(record, "name",
		json_make("{s:s,s:s}", "ko", buf_text(&marks), "en", buf_text(&marks)));
	json_object_set_new(record, "goal",
		json_make("{s:s,s:s}", "ko", "<img src=x>\u0338", "en", "<img src=x>\u0338"));
	return record;
}

static void an_entry_of_before_the_rules_on_normal_form_and_marks_opens_and_verifies(void **state)
{
	AUTO(buf) content = BUF(MIB), entry = BUF(ENTRY_MAX);
	json_auto_t *value = json_make(
		"{s:o,s:s}", "record", old_record(), "salt", "00112233445566778899aabbccddeeff");
	json_auto_t *event = NULL;
	struct sha256 hash;
	struct store store;
	struct db *db;
	uint64_t entries;
	char dir[64];

	(void)state;
	copy_original(dir);
	json_canonical(value, &content);
	hash = sha256_of(buf_text(&content), content.len);
	event = json_make("{s:s,s:s,s:s,s:I,s:s,s:s,s:o}", "type", "system.filed", "at",
		"2030-01-01T00:00:00Z", "by", "department/waterworks", "after", (json_int_t)-1,
		"system", "old-kiosk", "department", "waterworks", "content", content_of(&content));
	sign_event(event, &entry);
	db = open_db(dir);
	store = store_sqlite(db);
	must(store.ops->put_content(store.self, &hash, buf_text(&content), content.len));
	db_free(db);
	sign_anything(dir, entry.data, entry.len);
	must(reg_repair(dir, &test_env, &entries));
	reg_close(open_in(dir));
	must(verify(dir));
	assert_int_equal(4, result.signatures);
	remove_dir(dir);
}

static json_t *an_import(json_t *content, struct buf *bytes)
{
	json_canonical(content, bytes);
	json_decref(content);
	return json_make("{s:s,s:s,s:s,s:I,s:s,s:s,s:s,s:o}", "type", "system.filed", "at",
		"2030-01-01T00:00:00Z", "by", "register", "after", (json_int_t)-1, "system",
		"imported-kiosk", "department", "waterworks", "profile", "nl", "content",
		content_of(bytes));
}

static void add_to_the_log(const char *dir, json_t *event, const struct buf *content)
{
	struct sha256 hash = sha256_of(content->data, content->len);
	AUTO(buf) line = BUF(EVENT_LINE_MAX);
	struct db *db = open_db(dir);
	struct store store = store_sqlite(db);

	json_canonical(event, &line);
	buf_putc(&line, '\n');
	must(store.ops->put_content(store.self, &hash, content->data, content->len));
	db_free(db);
	sign_anything(dir, line.data, line.len);
}

static char *source_of(const char *dir)
{
	static const struct sql query = {"test.source",
		"SELECT source || ' ' || imported FROM system WHERE slug = 'imported-kiosk'"};
	struct db *db = open_db(dir);
	AUTO(rows) row = {0};
	char *source;

	must(db_one(db, &query, BIND_NONE, &row));
	source = rows_dup(&row, 0);
	rows_done(&row);
	db_free(db);
	return source;
}

#define SHA_OF_7 "7902699be42c8a8e46fbbb4501726517e86b22c56a189f7625a6da49081b2451"

/* Such an entry holds the other register's id itself. */
static void an_import_of_before_keys_were_contents_opens_and_verifies(void **state)
{
	AUTO(buf) content = BUF(MIB);
	json_auto_t *event = an_import(json_make("{s:o,s:s}", "record", demo_record("civil-kiosk"),
					       "salt", "00112233445566778899aabbccddee00"),
		&content);
	AUTOFREE char *source = NULL;
	uint64_t entries;
	char dir[64];

	(void)state;
	copy_original(dir);
	json_put(event, "source", json_text("7"));
	add_to_the_log(dir, event, &content);
	must(reg_repair(dir, &test_env, &entries));
	reg_close(open_in(dir));
	must(verify(dir));
	source = source_of(dir);
	assert_string_equal("nl 7 nl " SHA_OF_7, source);
	remove_dir(dir);
}

static void an_import_whose_key_is_not_the_one_it_names_is_found(void **state)
{
	static const struct {
		const char *key, *hash, *why;
	} cases[] = {
		{"8", SHA_OF_7, "is not the hash of the content's \"source\""},
		{NULL, SHA_OF_7, "must be one line of 1 to 300 characters"},
		{"", SHA_OF_7, "must be one line of 1 to 300 characters"},
		{"7", NULL, "only an import may file without a department's signature"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(buf) content = BUF(MIB);
		json_t *value = json_make("{s:o,s:s}", "record", demo_record("civil-kiosk"), "salt",
			"00112233445566778899aabbccddeeff");
		json_auto_t *event;
		char dir[64];

		if (cases[i].key)
			json_put(value, "source", json_text(cases[i].key));
		event = an_import(value, &content);
		if (cases[i].hash)
			json_put(event, "source_sha256", json_text(cases[i].hash));
		copy_original(dir);
		add_to_the_log(dir, event, &content);
		assert_int_equal(ERR_FALSE, verify(dir));
		assert_why(cases[i].why);
		remove_dir(dir);
	}
}

static void a_signed_entry_that_breaks_a_rule_is_found_and_named(void **state)
{
	static const struct {
		const char *entry, *why;
	} cases[] = {
		{"hello", "must begin with a line"},
		{"{}\n", "no \"type\""},
		{"{\"after\":-1," LATE ",\"by\":\"office\",\"filing\":5,\"system\":\"smart-water\","
		 "\"type\":\"system.published\",\"version\":2}\n",
			"changed meanwhile"},
		{"{\"after\":-1," LATE ",\"by\":\"office\",\"filing\":5,\"system\":\"nothing\","
		 "\"type\":\"system.published\",\"version\":2}\n",
			"there is no system"},
		{"{\"after\":-1,\"at\":\"2020-01-01T00:00:00Z\",\"by\":\"office\",\"filing\":5,"
		 "\"system\":\"nothing\",\"type\":\"system.published\",\"version\":2}\n",
			"before the log's latest time"},
		{"{\"after\":-1," LATE ",\"by\":\"department/waterworks\",\"content\":{\"sha256\":"
		 "\"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1,"
		 "\"type\":\"application/json\"},\"department\":\"waterworks\",\"system\":\"x\","
		 "\"type\":\"system.filed\"}\n\n"
		 "— register.example/ai/waterworks "
		 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
			"no key that was granted to department waterworks"},
		{"{\"after\":-1," LATE ",\"by\":\"register\",\"content\":{\"sha256\":"
		 "\"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1,"
		 "\"type\":\"application/json\"},\"department\":\"waterworks\",\"profile\":\"p\","
		 "\"source\":\"s\",\"system\":\"x\",\"type\":\"system.filed\"}\n",
			"is gone, and no entry erased it"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char dir[64], name[40];
		uint64_t index;

		copy_original(dir);
		index = sign_anything(dir, cases[i].entry, strlen(cases[i].entry));
		assert_int_equal(ERR_FALSE, verify(dir));
		assert_why(cases[i].why);
		snprintf(name, sizeof(name), "entry %d", (int)index);
		assert_why(name);
		remove_dir(dir);
	}
}

/* The key is a granted one, but what it signed was another line. */
static void a_departments_signature_that_is_not_over_its_line_is_found(void **state)
{
	AUTO(buf) entry = BUF(ENTRY_MAX);
	json_auto_t *event = json_make("{s:s,s:s,s:s,s:i,s:s,s:s,s:{s:s,s:i,s:s}}", "type",
		"system.filed", "at", "2030-01-01T00:00:00Z", "by", "department/waterworks",
		"after", -1, "system", "x", "department", "waterworks", "content", "sha256",
		"0000000000000000000000000000000000000000000000000000000000000000", "size", 1,
		"type", "application/json");
	char dir[64];

	(void)state;
	copy_original(dir);
	sign_event(event, &entry);
	memcpy(strstr(entry.data, "2030"), "2031", 4);
	sign_anything(dir, entry.data, entry.len);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why("does not verify");
	remove_dir(dir);
}

static struct verify remembering(const char *dir, char state_path[80])
{
	snprintf(state_path, 80, "%s/verified", dir);
	return (struct verify){.where = dir, .state = state_path};
}

static void a_log_that_grew_extends_what_was_remembered(void **state)
{
	char dir[64], path[80];
	struct verify v;
	struct reg *reg;
	uint64_t before;

	(void)state;
	copy_original(dir);
	v = remembering(dir, path);
	must(verify_register(&v, &result));
	assert_false(result.has_old);
	before = result.checkpoint.size;
	reg = open_in(dir);
	ask(reg, 2000);
	reg_close(reg);
	must(verify_register(&v, &result));
	assert_true(result.has_old);
	assert_int_equal(KEY_REMEMBERED, result.trust);
	assert_int_equal(before, result.old_size);
	assert_int_equal(before + 1, result.checkpoint.size);
	remove_dir(dir);
}

static void a_log_that_shrank_is_a_rollback(void **state)
{
	char dir[64], path[80];
	struct verify v;
	struct reg *reg;

	(void)state;
	copy_original(dir);
	v = remembering(dir, path);
	reg = open_in(dir);
	ask(reg, 3000);
	reg_close(reg);
	must(verify_register(&v, &result));
	v.where = original;
	assert_int_equal(ERR_FALSE, verify_register(&v, &result));
	assert_why("fork or rollback");
	remove_dir(dir);
}

static void a_second_history_under_the_same_key_is_a_fork(void **state)
{
	char one[64], two[64], path[80];
	struct verify v;
	struct reg *reg;

	(void)state;
	copy_original(one);
	copy_original(two);
	v = remembering(one, path);
	reg = open_in(one);
	ask(reg, 4000);
	reg_close(reg);
	must(verify_register(&v, &result));
	reg = open_in(two);
	ask(reg, 5000);
	ask(reg, 5001);
	reg_close(reg);
	must(verify(two)); /* by itself it is right */
	v.where = two;
	assert_int_equal(ERR_FALSE, verify_register(&v, &result));
	assert_why("fork: the first");
	remove_dir(one);
	remove_dir(two);
}

static void a_state_file_that_is_none_is_refused(void **state)
{
	char dir[64], path[80];
	struct verify v;

	(void)state;
	copy_original(dir);
	v = remembering(dir, path);
	must(file_write(path, "hello\n", 6, 0600));
	assert_int_equal(ERR_INVALID, verify_register(&v, &result));
	assert_why("is not a state file");
	remove_dir(dir);
}

/* An index that differs from its table, which no statement can cause: its schema is hidden while
 * the table is changed back. */
static void an_index_that_was_changed_by_itself_is_found(void **state)
{
	(void)state;
	assert_found("UPDATE department_key SET granted_entry = 9;"
		     "CREATE TEMP TABLE hidden AS SELECT * FROM sqlite_schema"
		     " WHERE name = 'department_key_department';"
		     "PRAGMA writable_schema=ON;"
		     "DELETE FROM sqlite_schema WHERE name = 'department_key_department';"
		     "PRAGMA writable_schema=RESET;"
		     "UPDATE department_key SET granted_entry = 3;"
		     "PRAGMA writable_schema=ON;"
		     "INSERT INTO sqlite_schema SELECT * FROM hidden;"
		     "PRAGMA writable_schema=RESET",
		"the database is damaged");
}

static void keys_of_departments_are_compared_row_by_row(void **state)
{
	(void)state;
	assert_found("UPDATE department_key SET revoked_entry = 12", "table department_key, row");
	assert_found("DELETE FROM department_key", "table department_key lacks the row");
	assert_found("INSERT INTO department_key SELECT 'x' || vkey, department, granted_entry,"
		     " revoked_entry FROM department_key",
		"table department_key has the row");
	assert_found("UPDATE subject SET entry = entry + 1 WHERE kind = 'department'",
		"table subject, row");
	assert_found("UPDATE folded SET at = '2020-01-01T00:00:00Z'", "table folded, row");
}

/* --- the log alone --- */

static enum err verify_log(const char *dir)
{
	return verify_register(&(struct verify){.where = dir, .log_only = true}, &result);
}

static void the_log_alone_verifies_and_says_that_no_event_was_read(void **state)
{
	(void)state;
	must(verify_log(original));
	assert_true(result.log_only);
	assert_false(result.folder);
	assert_int_equal(result.checkpoint.size, result.entries);
	assert_int_equal(0, result.signatures);
}

static void the_log_alone_finds_a_changed_entry_tile_and_checkpoint(void **state)
{
	static const char *const scripts[][2] = {
		{"UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'citizen', 'citizem')"
		 " AS BLOB) WHERE idx = 20",
			"entry 20 is not the one that was signed"},
		{"UPDATE tile SET bytes = " FIRST_BYTE " WHERE level = 0 AND idx = 0", "tile"},
		{"UPDATE tile SET bytes = " FIRST_BYTE " WHERE level = 1", "tile"},
		{"DELETE FROM entry WHERE idx = 256", "entry 256 is missing"},
		{"UPDATE checkpoint SET note = replace(note, 'A', 'B')", "checkpoint"},
	};
	char dir[64];

	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		spoil(scripts[i][0], dir);
		assert_int_equal(ERR_FALSE, verify_log(dir));
		assert_why(scripts[i][1]);
		remove_dir(dir);
	}
}

static void the_log_alone_passes_over_the_read_model_and_a_whole_verification_does_not(void **state)
{
	char dir[64];

	(void)state;
	spoil("UPDATE system SET risk = 'none'", dir);
	must(verify_log(dir));
	assert_int_equal(ERR_FALSE, verify(dir));
	remove_dir(dir);
}

static void the_log_alone_and_an_increment_exclude_each_other(void **state)
{
	struct verify v = {
		.where = original, .log_only = true, .since = true, .state = "/tmp/none"};

	(void)state;
	assert_int_equal(ERR_INVALID, verify_register(&v, &result));
}

/* --- approvals in a log whose server did not check --- */

#define FILER "00000000000000000000000000000a01"
#define OTHER "00000000000000000000000000000b02"

static void person(struct reg *reg, const char *id, const char *role)
{
	happen(reg,
		(struct draft){"person.appointed", "office", id,
			json_make("{s:s,s:s}", "role", role, "department", "waterworks"), NULL});
}

static void person_key(struct reg *reg, const char *id, const struct skey *key)
{
	AUTO(buf) vkey = BUF(KIB);

	vkey_text(&key->vkey, &vkey);
	happen(reg, (struct draft){"key.granted", "office", "waterworks",
			    json_make("{s:s,s:s}", "key", buf_text(&vkey), "person", id), NULL});
}

/* Every level takes two people, from today on. */
static void rule_of_two(struct reg *reg)
{
	char from[DAY_TEXT];

	must(zone_use("Asia/Seoul"));
	zone_day(env_now(reg_env(reg)), 0, from);
	happen(reg,
		(struct draft){"register.rules", "office", ORIGIN, json_make("{s:s}", "from", from),
			json_make("{s:[s,s,s,s],s:[]}", "two_approvals", "minimal", "limited",
				"high", "prohibited", "consultation")});
}

/* FILER files, and becomes a reviewer; OTHER has a role. Then `by` approves, in an entry that was
 * never checked. */
static void assert_approval_found(const char *by, const char *others, bool two, const char *why)
{
	const uint8_t seeds[2][ED25519_SEED] = {{41}, {42}};
	struct skey common = department_key, keys[2];
	AUTO(buf) entry = BUF(ENTRY_MAX);
	json_auto_t *event = NULL;
	struct reg *reg;
	uint64_t filing;
	char dir[64];

	copy_original(dir);
	reg = open_in(dir);
	for (int i = 0; i < 2; i++) {
		must(skey_make(ORIGIN "/waterworks", seeds[i], &keys[i]));
		person(reg, i ? OTHER : FILER, "officer");
		person_key(reg, i ? OTHER : FILER, &keys[i]);
	}
	department_key = keys[0];
	filing = file_system(reg, "pump-watch", "energy-forecast");
	person(reg, FILER, "reviewer");
	if (strcmp(others, "officer") != 0)
		person(reg, OTHER, others);
	if (two)
		rule_of_two(reg);
	reg_close(reg);
	department_key = keys[strcmp(by, FILER) != 0];
	event = json_make("{s:s,s:s,s:s,s:s,s:I,s:s,s:I,s:i}", "type", "system.published", "at",
		"2030-01-01T00:00:00Z", "by", "office", "signed_by", by, "after",
		(json_int_t)filing, "system", "pump-watch", "filing", (json_int_t)filing, "version",
		1);
	sign_event(event, &entry);
	department_key = common;
	sign_anything(dir, entry.data, entry.len);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why(why);
	remove_dir(dir);
}

static void an_approval_by_who_filed_is_found(void **state)
{
	(void)state;
	assert_approval_found(
		FILER, "officer", false, "another person of the office must approve it");
}

static void an_approval_by_a_person_without_the_role_is_found(void **state)
{
	(void)state;
	assert_approval_found(OTHER, "officer", false, "whose role is officer");
}

/* FILER and OTHER hold the same key, under the names of two departments. The second grant was never
 * checked. */
static void share_a_key(const char *dir)
{
	const uint8_t seed[ED25519_SEED] = {41};
	struct reg *reg = open_in(dir);
	struct skey key, again;
	AUTO(buf) vkey = BUF(KIB), line = BUF(KIB);
	json_auto_t *event = NULL;
	uint64_t added;

	must(skey_make(ORIGIN "/waterworks", seed, &key));
	must(skey_make(ORIGIN "/parks", seed, &again));
	person(reg, FILER, "officer");
	person_key(reg, FILER, &key);
	added = happen(
		reg, (struct draft){"department.added", "office", "parks", NULL,
			     json_make("{s:{s:s,s:s}}", "name", "ko", "공원과", "en", "Parks")});
	happen(reg,
		(struct draft){"person.appointed", "office", OTHER,
			json_make("{s:s,s:s}", "role", "reviewer", "department", "parks"), NULL});
	reg_close(reg);
	vkey_text(&again.vkey, &vkey);
	event = json_make("{s:s,s:s,s:s,s:I,s:s,s:s,s:s}", "type", "key.granted", "at",
		"2030-01-01T00:00:00Z", "by", "office", "after", (json_int_t)added, "department",
		"parks", "key", buf_text(&vkey), "person", OTHER);
	json_canonical(event, &line);
	buf_putc(&line, '\n');
	sign_anything(dir, line.data, line.len);
}

static void one_key_of_two_people_is_found(void **state)
{
	char dir[64];

	(void)state;
	copy_original(dir);
	share_a_key(dir);
	assert_int_equal(ERR_FALSE, verify(dir));
	assert_why("a person's key is nobody else's");
	remove_dir(dir);
}

/* The office did not refuse it before version 6 of the standard. */
static void one_key_of_two_people_leaves_an_older_log_true(void **state)
{
	AUTO(buf) standard = BUF(MIB);
	struct reg *reg;
	uint64_t entries;
	char dir[64], *version;

	(void)state;
	must(file_read("policies/standard.json", &standard));
	version = strstr(standard.data, "\"version\": ");
	assert_non_null(version);
	version[strlen("\"version\": ")] = '5';
	temp_dir(dir);
	create_by(dir, &standard);
	reg = open_in(dir);
	add_department(reg);
	reg_close(reg);
	share_a_key(dir);
	must(reg_repair(dir, &test_env, &entries));
	reg_close(open_in(dir));
	must(verify(dir));
	remove_dir(dir);
}

static void a_publication_that_lacks_the_second_approval_is_found(void **state)
{
	(void)state;
	assert_approval_found(OTHER, "reviewer", true, "the approvals of two people");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_index_that_was_changed_by_itself_is_found),
		cmocka_unit_test(keys_of_departments_are_compared_row_by_row),
		cmocka_unit_test(the_log_alone_verifies_and_says_that_no_event_was_read),
		cmocka_unit_test(the_log_alone_finds_a_changed_entry_tile_and_checkpoint),
		cmocka_unit_test(
			the_log_alone_passes_over_the_read_model_and_a_whole_verification_does_not),
		cmocka_unit_test(the_log_alone_and_an_increment_exclude_each_other),
		cmocka_unit_test(a_register_verifies),
		cmocka_unit_test(a_register_verifies_while_a_server_has_it_open),
		cmocka_unit_test(a_folder_without_a_register_is_not_found),
		cmocka_unit_test(a_checkpoint_of_another_key_is_false),
		cmocka_unit_test(a_changed_signature_is_found),
		cmocka_unit_test(a_changed_size_in_the_checkpoint_is_found),
		cmocka_unit_test(one_byte_in_an_entry_is_found_and_the_entry_named),
		cmocka_unit_test(an_entry_changed_together_with_its_tile_is_found),
		cmocka_unit_test(a_dropped_last_entry_is_found),
		cmocka_unit_test(swapped_entries_are_found),
		cmocka_unit_test(an_entry_that_nobody_signed_is_found),
		cmocka_unit_test(a_changed_tile_is_found_and_named),
		cmocka_unit_test(a_changed_content_is_found),
		cmocka_unit_test(content_that_is_gone_without_an_erasure_is_found),
		cmocka_unit_test(content_that_is_back_after_its_erasure_is_found),
		cmocka_unit_test(a_changed_row_of_the_read_model_is_found_and_named),
		cmocka_unit_test(
			a_read_model_of_another_version_is_not_compared_and_the_rest_is_checked),
		cmocka_unit_test(every_table_of_the_read_model_has_a_primary_key),
		cmocka_unit_test(
			an_entry_of_before_the_rules_on_normal_form_and_marks_opens_and_verifies),
		cmocka_unit_test(an_import_of_before_keys_were_contents_opens_and_verifies),
		cmocka_unit_test(an_import_whose_key_is_not_the_one_it_names_is_found),
		cmocka_unit_test(a_signed_entry_that_breaks_a_rule_is_found_and_named),
		cmocka_unit_test(a_departments_signature_that_is_not_over_its_line_is_found),
		cmocka_unit_test(an_approval_by_who_filed_is_found),
		cmocka_unit_test(an_approval_by_a_person_without_the_role_is_found),
		cmocka_unit_test(one_key_of_two_people_is_found),
		cmocka_unit_test(one_key_of_two_people_leaves_an_older_log_true),
		cmocka_unit_test(a_publication_that_lacks_the_second_approval_is_found),
		cmocka_unit_test(a_log_that_grew_extends_what_was_remembered),
		cmocka_unit_test(a_log_that_shrank_is_a_rollback),
		cmocka_unit_test(a_second_history_under_the_same_key_is_a_fork),
		cmocka_unit_test(a_state_file_that_is_none_is_refused),
	};
	return cmocka_run_group_tests_name("verify", tests, make_original, remove_original);
}
