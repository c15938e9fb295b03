/* store.h - where a log's bytes live, behind one narrow interface.
 *
 * SQLite is the embedded store (store_sqlite.h); another (PostgreSQL) is one more table of
 * functions. A store knows nothing of hashing: log.h keeps it consistent. All writes happen
 * between begin() and commit() by the one writer; reads see a stable snapshot. */
#pragma once
#include "base/buf.h"
#include "base/sha256.h"

struct db;

/* Called for each entry in order; a failure ends the walk and is passed on. */
typedef enum err (*store_entry_fn)(void *arg, uint64_t index, const void *entry, size_t len);

struct store_ops {
	enum err (*begin)(void *self);
	enum err (*commit)(void *self); /* durable when it returns OK */
	void (*rollback)(void *self);
	/* Within a transaction: what one request did, to be kept or undone on its own. */
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
	/* What witnesses signed under the checkpoint of `size`; `quorum`: they are enough. Only the
	 * latest few are kept, and the latest that is enough. */
	enum err (*put_cosigned)(
		void *self, uint64_t size, const char *note, const char *lines, bool quorum);
	enum err (*cosignatures)(
		void *self, uint64_t size, struct buf *lines); /* or ERR_NOT_FOUND */
	/* The latest with a quorum, its lines under it; ERR_NOT_FOUND. */
	enum err (*cosigned)(void *self, struct buf *note);
};

struct store {
	const struct store_ops *ops;
	void *self;
};

/* What readers get: a log, and the tables that were folded from it, both at one state. Whoever is
 * given one knows neither how the log is kept nor whether its tables lie beside it; the read model
 * may stand on fewer entries than the log has, never on more. */
struct snapshot {
	struct db *model; /* asked by queries only */
	struct store log;
};
