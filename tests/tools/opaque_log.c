/* opaque_log DIR SIZE - makes or grows a log of SIZE entries without meaning.
 *
 * `gaya serve` accepts the folder: the log, its key and mark are normal, and the read model only
 * says that everything is folded. For tests of the log alone, at sizes that no register reaches in
 * a test's time. Entry i is the same in every run. */
#include "audit/keyholder.h"
#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/write/model.h"
#include "registry/write/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ORIGIN "opaque.example/log"
#define BATCH 4096

static const struct sql folded = {"opaque.folded",
	"INSERT INTO folded (one, size, at) VALUES (1, ?1, '2026-01-01T00:00:00Z')"
	" ON CONFLICT DO UPDATE SET size = excluded.size"};
static const struct sql opened = {"opaque.opened",
	"INSERT INTO register (one, origin, opened_at) VALUES (1, ?1, '2026-01-01T00:00:00Z')"};
static const struct sql settings = {"opaque.settings",
	"INSERT INTO settings (entry, at, about) VALUES (0, '2026-01-01T00:00:00Z',"
	" '{\"languages\":[\"ko\",\"en\"],\"name\":{\"ko\":\"시험\"},\"timezone\":\"UTC\"}')"};

/* All kinds that a bundle may hold: empty, the longest, the usual. */
static size_t entry_of(uint64_t index, uint8_t out[ENTRY_MAX])
{
	struct sha256 seed = sha256_of(&index, sizeof(index));
	size_t len = index == 3 ? 0 : index == 200 ? ENTRY_MAX : 20 + seed.bytes[0] * 2UL;

	for (size_t i = 0; i < len; i++)
		out[i] = (uint8_t)(seed.bytes[i % SHA256] + i / SHA256);
	return len;
}

static enum err create_files(const char *dir)
{
	AUTOFREE char *key = file_in(dir, REG_KEY), *mark = file_in(dir, REG_MARK);
	AUTOFREE char *contact = file_in(dir, REG_CONTACT_PUBLIC);
	const uint8_t seed[ED25519_SEED] = {42};
	const struct buf open = {0};
	char none[2 * SEAL_PUBLIC + 2];

	memset(none, '0', sizeof(none));
	none[2 * SEAL_PUBLIC] = '\n';
	TRY(file_make_dir(dir, 0700));
	TRY(keyholder_create(key, mark, ORIGIN, seed, &open));
	return file_create(contact, none, 2 * SEAL_PUBLIC + 1, 0600);
}

static enum err create_log(const char *database)
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open(database, DB_WRITE, &db));
	e = store_sqlite_create(db);
	db_free(db);
	return e;
}

/* With the read model of a log that is empty. */
static enum err create(const char *dir, const char *database)
{
	AUTOFREE char *model = NULL;
	struct db *db = NULL;
	enum err e;

	TRY(create_files(dir));
	TRY(create_log(database));
	TRY(model_make(dir, &model));
	TRY(db_open(model, DB_WRITE, &db));
	e = db_run(db, &opened, BIND(text(ORIGIN)));
	if (e == OK)
		e = db_run(db, &settings, BIND_NONE);
	if (e == OK)
		e = db_run(db, &folded, BIND(num(0)));
	db_free(db);
	return e;
}

static enum err append(struct log *log, uint64_t size)
{
	static uint8_t entry[ENTRY_MAX];

	while (log->size < size) {
		uint64_t end = size - log->size > BATCH ? log->size + BATCH : size;

		TRY(log->store.ops->begin(log->store.self));
		while (log_next(log) < end) {
			size_t len = entry_of(log_next(log), entry);

			TRY(log_append(log, entry, len));
		}
		TRY(log_settle(log));
		TRY(db_run(log->store.self, &folded, BIND(num((int64_t)log->size))));
		TRY(model_mark(log->store.self, log));
		TRY(log->store.ops->commit(log->store.self));
	}
	return OK;
}

static enum err sign(const struct log *log, struct keyholder *key)
{
	struct nodes nodes = log_nodes(&log->store);
	struct sha256 root = log_root(log);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct path proof = {0};

	TRY(merkle_consistency(&nodes, keyholder_mark(key)->size, log->size, &proof));
	TRY(keyholder_sign(key, log->size, &root, &proof, &note));
	return log->store.ops->put_checkpoint(log->store.self, log->size, buf_text(&note));
}

static enum err grow(const char *dir, struct db *db, uint64_t size)
{
	AUTOFREE char *key_path = file_in(dir, REG_KEY), *mark_path = file_in(dir, REG_MARK);
	struct keyholder *key = NULL;
	struct log log = {0};
	enum err e;

	TRY(keyholder_open(key_path, mark_path, NULL, &key));
	e = log_open(store_sqlite(db), &log);
	if (e == OK)
		e = append(&log, size);
	if (e == OK)
		e = sign(&log, key);
	log_done(&log);
	keyholder_free(key);
	return e;
}

static enum err run(const char *dir, uint64_t size)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE);
	struct db *db = NULL;
	enum err e;

	if (!file_exists(database))
		TRY(create(dir, database));
	TRY(db_open(database, DB_WRITE, &db));
	e = model_attach(db, dir);
	if (e == OK)
		e = grow(dir, db, size);
	db_free(db);
	return e;
}

int main(int argc, char **argv)
{
	crypto_init();
	if (argc != 3 || run(argv[1], strtoull(argv[2], NULL, 10)) != OK) {
		fprintf(stderr, "opaque_log DIR SIZE: %s\n", err_why());
		return 2;
	}
	return 0;
}
