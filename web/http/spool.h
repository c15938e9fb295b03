/* spool.h - sends large contents from files.
 *
 * A content is copied to a file without a name (reg_nameless()) and sent from there, so a slow
 * reader holds no memory and no snapshot. Simultaneous readers of the same content share the file;
 * it disappears with the last reader, so that no erased content stays behind. */
#pragma once
#include "audit/store.h"
#include "registry/write/register.h"

#define SPOOL_FROM MIB /* bytes; smaller contents are sent and cached like pages */

struct spool;
struct spooled; /* one file, counted */
struct spool *spool_new(const struct reg *reg);
void spool_free(struct spool *s);
/* Finds the file or makes it from the store, one at a time, which bounds memory use. */
MUST_CHECK enum err spool_get(struct spool *s, const struct store *store, const struct sha256 *hash,
	struct spooled **out);
size_t spooled_size(const struct spooled *f);
/* Reads up to `max` bytes from `at` on; returns their number, or -1. */
int64_t spooled_read(struct spooled *f, uint64_t at, char *out, size_t max);
void spooled_free(struct spooled *f); /* one reader less */
