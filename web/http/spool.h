/* spool.h - large contents on their way out.
 *
 * One is copied to a file without a name (reg_nameless), and sent from there: a reader who
 * takes hours holds no memory and no snapshot. All who read the same one at the same time share
 * the file; it is gone with the last of them, so that nothing that is erased stays behind. */
#pragma once
#include "audit/store.h"
#include "registry/write/register.h"

#define SPOOL_FROM MIB /* bytes; smaller contents are sent, and kept, as pages are */

struct spool;
struct spooled; /* one file, counted */
struct spool *spool_new(const struct reg *reg);
void spool_free(struct spool *s);
/* Finds it, or makes it from the store; one at a time, which bounds the memory that this takes. */
MUST_CHECK enum err spool_get(struct spool *s, const struct store *store, const struct sha256 *hash,
	struct spooled **out);
size_t spooled_size(const struct spooled *f);
/* Up to `max` bytes from `at` on; how many, or -1. */
int64_t spooled_read(struct spooled *f, uint64_t at, char *out, size_t max);
void spooled_free(struct spooled *f); /* one reader less */
