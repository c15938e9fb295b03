/* source.h - where a register that is to be verified is read from: a folder or an address.
 *
 * A source is not trusted: it may say anything. Each function fills an empty buffer, whose
 * maximum bounds what the source gave. ERR_FALSE where the source does not have what its own
 * checkpoint implies; other errors where it could not be asked. */
#pragma once
#include "audit/tile.h"
#include "base/db.h"
#include "base/sha256.h"

struct source_ops {
	/* The newest checkpoint, as the signed note. ERR_NOT_FOUND: there is no log here. */
	enum err (*checkpoint)(void *self, struct buf *out);
	/* The newest that a quorum of its own witnesses cosigned; ERR_NOT_FOUND: none. */
	enum err (*cosigned)(void *self, struct buf *out);
	/* The verifier key that the source says is the log's, without a newline. */
	enum err (*vkey)(void *self, struct buf *out);
	/* What it says of changes of that key: JSON with "changes", each with its "statement" (see
	 * log_key.h). ERR_NOT_FOUND where it says nothing. */
	enum err (*keys)(void *self, struct buf *out);
	/* The hashes, or the entry bundle, of exactly this tile. */
	enum err (*tile)(void *self, const struct tile *tile, struct buf *out);
	/* ERR_GONE: not there (any more); ERR_DENIED: there, and not public; ERR_NOT_FOUND: neither
	 * given nor refused, for asking for it fails, while the rest is answered. */
	enum err (*content)(void *self, const struct sha256 *hash, struct buf *out);
	void (*free)(void *self);
};
struct source {
	const struct source_ops *ops;
	void *self;
	struct db *db; /* of a folder: its database, standing on one state; NULL of an address */
};
void source_done(struct source *s);

/* A register's folder, also while a server writes to it: what is read is one state of it. */
MUST_CHECK enum err source_dir(const char *dir, struct source *out);
/* A register's address: "https://host", with or without "/log" at its end. `stopping` (NULL:
 * nobody) is asked while something is waited for, and ends that with ERR_BUSY. */
MUST_CHECK enum err source_url(
	const char *url, bool (*stopping)(void *arg), void *arg, struct source *out);

/* A private database for what may be too much for memory; it is gone when it is closed, and
 * its one transaction never ends. */
MUST_CHECK enum err scratch_open(struct db **out);
