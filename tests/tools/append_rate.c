/* append_rate (log | plain) DIR BATCHES - appends batches of 512 entries of 500 bytes, each batch
 * durable before the next begins, and prints entries per second.
 *
 * log: like a register without its rules: stored and read back, hashed into tiles, committed, the
 * mark synced, the checkpoint signed and stored. plain: one SQLite table with the same settings. */
#include "audit/keyholder.h"
#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BATCH 512
#define ENTRY 500

static const struct sql plain_append = {"plain", "INSERT INTO entry (idx, bytes) VALUES (?1, ?2)"};

static void next_entry(uint64_t index, uint8_t out[ENTRY])
{
	memcpy(out, &index, sizeof(index));
}

static enum err sign(struct log *log, struct keyholder *key)
{
	struct nodes nodes = log_nodes(&log->store);
	struct sha256 root = log_root(log);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct path proof = {0};

	TRY(merkle_consistency(&nodes, keyholder_mark(key)->size, log->size, &proof));
	TRY(keyholder_sign(key, log->size, &root, &proof, &note));
	return log->store.ops->put_checkpoint(log->store.self, log->size, buf_text(&note));
}

static enum err log_batch(struct log *log, struct keyholder *key)
{
	uint8_t entry[ENTRY] = {0};

	TRY(log->store.ops->begin(log->store.self));
	for (int i = 0; i < BATCH; i++) {
		next_entry(log_next(log), entry);
		TRY(log_append(log, entry, sizeof(entry)));
	}
	TRY(log_settle(log));
	TRY(log->store.ops->commit(log->store.self));
	return sign(log, key);
}

static enum err plain_batch(struct db *db, uint64_t *index)
{
	uint8_t entry[ENTRY] = {0};

	TRY(db_exec(db, "BEGIN IMMEDIATE"));
	for (int i = 0; i < BATCH; i++) {
		next_entry(*index, entry);
		TRY(db_run(db, &plain_append,
			BIND(num((int64_t)(*index)++), blob(entry, sizeof(entry)))));
	}
	return db_exec(db, "COMMIT");
}

static enum err run_log(struct db *db, const char *dir, int batches)
{
	AUTOFREE char *key_path = file_in(dir, "key"), *mark_path = file_in(dir, "mark");
	const uint8_t seed[ED25519_SEED] = {1};
	const struct buf open = {0};
	struct keyholder *key = NULL;
	struct log log = {0};
	enum err e;

	TRY(keyholder_create(key_path, mark_path, "rate.example/log", seed, &open));
	TRY(keyholder_open(key_path, mark_path, &open, &key));
	e = log_open(store_sqlite(db), &log);
	while (e == OK && batches-- > 0)
		e = log_batch(&log, key);
	log_done(&log);
	keyholder_free(key);
	return e;
}

static enum err run_plain(struct db *db, int batches)
{
	uint64_t index = 0;

	while (batches-- > 0)
		TRY(plain_batch(db, &index));
	return OK;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static enum err run(bool log, const char *dir, int batches)
{
	AUTOFREE char *path = file_in(dir, "rate.db");
	struct db *db = NULL;
	double start;
	enum err e;

	TRY(file_make_dir(dir, 0700));
	TRY(db_open(path, DB_WRITE, &db));
	e = store_sqlite_create(db);
	start = now();
	if (e == OK)
		e = log ? run_log(db, dir, batches) : run_plain(db, batches);
	if (e == OK)
		printf("%.0f\n", batches * BATCH / (now() - start));
	db_free(db);
	return e;
}

int main(int argc, char **argv)
{
	crypto_init();
	if (argc != 4 || run(strcmp(argv[1], "log") == 0, argv[2], atoi(argv[3])) != OK) {
		fprintf(stderr, "append_rate (log | plain) DIR BATCHES: %s\n", err_why());
		return 2;
	}
	return 0;
}
