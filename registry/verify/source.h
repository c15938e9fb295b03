/* source.h - a folder or an address from which a register is read for verification.
 *
 * A source is not trusted. Each function fills an empty buffer, whose maximum bounds the answer.
 * ERR_FALSE if the source lacks data that its own checkpoint implies; other errors if it could not
 * be read. */
#pragma once
#include "audit/tile.h"
#include "base/db.h"
#include "base/sha256.h"

struct source_ops {
	/* The newest checkpoint, as the signed note. ERR_NOT_FOUND: there is no log. */
	enum err (*checkpoint)(void *self, struct buf *out);
	/* The newest checkpoint cosigned by a quorum of its own witnesses; ERR_NOT_FOUND: none. */
	enum err (*cosigned)(void *self, struct buf *out);
	/* The log's verifier key according to the source, without a newline. */
	enum err (*vkey)(void *self, struct buf *out);
	/* The changes of that key: JSON with "changes", each with its "statement" (log_key.h).
	 * ERR_NOT_FOUND if the source has none. */
	enum err (*keys)(void *self, struct buf *out);
	/* The hashes or the entry bundle of exactly this tile. */
	enum err (*tile)(void *self, const struct tile *tile, struct buf *out);
	/* ERR_GONE: absent or erased; ERR_DENIED: present but not public; ERR_NOT_FOUND: neither,
	 * because the request for it fails while others succeed. */
	enum err (*content)(void *self, const struct sha256 *hash, struct buf *out);
	void (*free)(void *self);
};
struct source {
	const struct source_ops *ops;
	void *self;
	struct db *db;    /* of a folder: its log's file, fixed at one state; NULL for an address */
	struct db *model; /* and its read model, fixed at the same; NULL: it has none */
};
void source_done(struct source *s);

/* A register's folder, even while a server writes to it; reads see one state. */
MUST_CHECK enum err source_dir(const char *dir, struct source *out);
/* A register's address: "https://host", with or without "/log" at its end. `stopping` (may be NULL)
 * is called while waiting; when it returns true, the wait ends with ERR_BUSY. */
MUST_CHECK enum err source_url(
	const char *url, bool (*stopping)(void *arg), void *arg, struct source *out);
/* As source_url(), over the caller's connection, which stays open after source_done(): opened at
 * the first call, when `*lent` is NULL; the caller frees it. */
struct fetch;
MUST_CHECK enum err source_url_over(const char *url, struct fetch **lent,
	bool (*stopping)(void *arg), void *arg, struct source *out);
/* Such an address without "/log" and slashes at its end; the caller frees. */
char *source_base_of(const char *url);

/* A private database for data that may not fit in memory; it disappears when closed, and its one
 * transaction never ends. */
MUST_CHECK enum err scratch_open(struct db **out);
