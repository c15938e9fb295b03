/* store.h - storage of a log's bytes behind a narrow interface.
 *
 * SQLite is the embedded store (store_sqlite.h); another store (PostgreSQL) would be one more table
 * of functions. A store knows nothing about hashing: log.h keeps it consistent. The one writer
 * makes all changes between begin() and commit(); readers see a stable snapshot. */
#pragma once
#include "base/buf.h"
#include "base/sha256.h"

struct db;

/* Called for each entry in order; an error ends the walk and is returned. */
typedef enum err (*store_entry_fn)(void *arg, uint64_t index, const void *entry, size_t len);

struct store_ops {
	enum err (*begin)(void *self);
	enum err (*commit)(void *self); /* durable once it returns OK */
	void (*rollback)(void *self);
	/* A savepoint for one request within a transaction, to keep or undo its changes alone. */
	enum err (*mark)(void *self);
	enum err (*keep)(void *self);
	void (*undo)(void *self);

	enum err (*size)(void *self, uint64_t *out);
	enum err (*append)(void *self, uint64_t index, const void *entry, size_t len);
	enum err (*entry)(void *self, uint64_t index, struct buf *out); /* ERR_NOT_FOUND */
	enum err (*entries)(void *self, uint64_t from, uint64_t to, store_entry_fn fn, void *arg);
	enum err (*put_tile)(
		void *self, unsigned level, uint64_t index, const void *hashes, size_t len);
	enum err (*tile)(void *self, unsigned level, uint64_t index, struct buf *out);
	enum err (*put_content)(
		void *self, const struct sha256 *hash, const void *data, size_t len);
	enum err (*content)(void *self, const struct sha256 *hash, struct buf *out);
	enum err (*erase_content)(void *self, const struct sha256 *hash);
	enum err (*put_checkpoint)(void *self, uint64_t size, const char *note);
	enum err (*checkpoint)(void *self, struct buf *note); /* the latest; ERR_NOT_FOUND */
	/* Stores the witnesses' cosignatures of the checkpoint of `size`; `quorum`: they form a
	 * quorum. Only the latest few are kept, and the latest with a quorum. */
	enum err (*put_cosigned)(
		void *self, uint64_t size, const char *note, const char *lines, bool quorum);
	enum err (*cosignatures)(
		void *self, uint64_t size, struct buf *lines); /* or ERR_NOT_FOUND */
	/* The latest checkpoint with a quorum, followed by its cosignature lines; ERR_NOT_FOUND. */
	enum err (*cosigned)(void *self, struct buf *note);
};

struct store {
	const struct store_ops *ops;
	void *self;
};

/* A reader's view of a log and of the tables folded from it, both at the same state. The reader
 * knows neither how the log is stored nor whether the tables are in the same file. */
struct snapshot {
	struct db *model; /* for queries only */
	struct store log;
};
