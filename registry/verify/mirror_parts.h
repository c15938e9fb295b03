/* mirror_parts.h - the internals of a mirror, only for mirror*.c. */
#pragma once
#include "registry/verify/mirror.h"
#include "registry/verify/tile_reader.h"
#include "registry/verify/verify_parts.h"
#include "registry/write/writer.h"

/* The source for a replay: local data first, then the original's, which is stored if it matches its
 * hash. */
struct keeper {
	struct db *db;
	struct store store;
	const struct source *remote;
	const struct mirror_options *options;
	bool busy; /* a content could not be had for now, while the rest could */
};
struct mirror {
	struct mirror_options options;
	char *url, *dir;
	struct vkey key;
	struct vkey by; /* the key that signed the current checkpoint */
	bool key_on_trust;
	struct reg *reg;
	struct fetch *fetch; /* one connection for all syncs: a new one costs a TLS handshake */
	int64_t seen;
	bool knows_missing;      /* this connection has listed the missing contents once */
	struct mirrored *result; /* of the running sync */
	struct quorum quorum;    /* and the newest checkpoint with a quorum */
};

/* Pins the key that signs according to the local log; the next sync begins with it. A crash before
 * that leaves an older key, from which the key statements lead to it again. */
MUST_CHECK enum err mirror_follow_key(struct mirror *m);
/* Takes over the missing entries that the checkpoint covers, and requests missing contents again;
 * readers then see the new state. The tile reader has proved that the local log is a prefix of the
 * original's. */
MUST_CHECK enum err mirror_take(struct mirror *m, struct tile_reader *t, const struct buf *note);
