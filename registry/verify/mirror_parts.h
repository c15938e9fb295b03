/* mirror_parts.h - the inside of a mirror, shared by mirror*.c alone. */
#pragma once
#include "registry/verify/mirror.h"
#include "registry/verify/tile_reader.h"
#include "registry/verify/verify_parts.h"
#include "registry/write/writer.h"

/* The source that a replay reads: what is here, and else what the original gives, which is kept
 * where it is what its name says. */
struct keeper {
	struct db *db;
	struct store store;
	const struct source *remote;
	const struct mirror_options *options;
	bool busy; /* a content was not given for now, while the rest was */
};
struct mirror {
	struct mirror_options options;
	char *url, *dir;
	struct vkey key;
	struct vkey by; /* of the checkpoint that is looked at: the key that signed it */
	bool key_on_trust;
	struct reg *reg;
	int64_t seen;
	bool knows_missing;      /* what this connection counts as missing was listed once */
	struct mirrored *result; /* of the sync that runs */
	struct quorum quorum;    /* and the newest checkpoint that enough witnesses cosigned */
};

/* Pins the key that signs by the log that is here: the next sync begins with it. A crash before it
 * leaves one from which the statements lead to it again. */
MUST_CHECK enum err mirror_follow_key(struct mirror *m);
/* Takes over what the checkpoint covers and is not here, and asks again for contents; from then
 * on it is shown. The reader has proved that the log here is the beginning of what it reads. */
MUST_CHECK enum err mirror_take(struct mirror *m, struct tile_reader *t, const struct buf *note);
