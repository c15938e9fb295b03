/* limit.h - limits requests per client without storing identities: clients are keyed hashes, under
 * a key that is lost when the process ends. */
#pragma once
#include "base/err.h"

struct limit;
/* `per_hour` 0: no limit. */
struct limit *limit_new(unsigned per_hour);
void limit_free(struct limit *l);
/* Counts one request; ERR_LIMITED if the client has used up its share of this hour. `now` in
 * seconds. */
MUST_CHECK enum err limit_take(struct limit *l, uint64_t client, int64_t now);
