/* results.h - keeps the results of an export for the next one, so that the profile's program runs
 * again only for systems whose input changed.
 *
 * A key is the hash of everything that the input depends on. The results are in a file that the
 * caller provides, with an index of 32 bytes a system in memory. An export reads the results of the
 * previous one and writes its own to another file, so no part of an erased record outlasts the next
 * export. Belongs to one thread. */
#pragma once
#include "base/buf.h"
#include "base/json.h"
#include "base/sha256.h"

#include <stdio.h>

struct results;
/* Takes ownership of an empty file that is open for reading and writing. */
struct results *results_new(FILE *file);
void results_free(struct results *r);
/* Appends a result: the row as it is written (empty if there is none), and what the export reports
 * about it. results_done() reports a failure to write. */
void results_add(
	struct results *r, const struct sha256 *key, const struct buf *row, const json_t *told);
/* Ends the appending; results can be found from then on. ERR_SYSTEM if the file could not be
 * written. */
MUST_CHECK enum err results_done(struct results *r);
/* Appends the row to `row` and returns what the export reports about it, which the caller owns.
 * Returns NULL and appends nothing if there is no such result or `r` is NULL. */
json_t *results_find(struct results *r, const struct sha256 *key, struct buf *row);
/* The number of results found. */
size_t results_found(const struct results *r);
