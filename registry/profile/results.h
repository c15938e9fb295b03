/* results.h - what an export made of each system, kept for the next one, so that the profile's
 * program runs again only for systems whose input differs.
 *
 * A key is the hash of all that the input depends on. Results are in a file that the caller gives,
 * with an index in memory: 32 bytes a system. An export reads those of the one before and writes
 * its own into another file; so nothing of a record that was erased outlasts the next export.
 * Belongs to one thread. */
#pragma once
#include "base/buf.h"
#include "base/json.h"
#include "base/sha256.h"

#include <stdio.h>

struct results;
/* Takes over an empty file that is open for reading and writing. */
struct results *results_new(FILE *file);
void results_free(struct results *r);
/* Appends a result: the row as it is written (empty for none), and what is told of it. A failure to
 * write is reported by results_done(). */
void results_add(
	struct results *r, const struct sha256 *key, const struct buf *row, const json_t *told);
/* Ends the appending; results can be found from now on. ERR_SYSTEM if the file could not be
 * written. */
MUST_CHECK enum err results_done(struct results *r);
/* Appends the row to `row` and gives what is told; NULL, with nothing appended, if there is no such
 * result, or if `r` is NULL. The caller owns it. */
json_t *results_find(struct results *r, const struct sha256 *key, struct buf *row);
/* How many were found. */
size_t results_found(const struct results *r);
