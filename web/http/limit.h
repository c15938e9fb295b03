/* limit.h - how often one client may ask, counted without storing who it is: clients are keyed
 * hashes under a key that dies with the process. */
#pragma once
#include "base/err.h"

struct limit;
/* `per_hour` 0: no limit. */
struct limit *limit_new(unsigned per_hour);
void limit_free(struct limit *l);
/* Counts one; ERR_LIMITED when the client had its share of this hour. `now` in seconds. */
MUST_CHECK enum err limit_take(struct limit *l, uint64_t client, int64_t now);
