/* slow.h - failed attempts make the next one wait, longer each time. In memory, of a fixed size;
 * what is counted is kept as a keyed hash. A restart forgets it.
 *
 * Three kinds of counters. An attempt from a browser that its account knows counts there alone; any
 * other with its login and its network. So nobody who lacks that browser can make its owner wait.
 * Any thread. */
#pragma once
#include "base/err.h"

#include <stddef.h>

enum slow_kind { SLOW_LOGIN, SLOW_NETWORK, SLOW_BROWSER, SLOW_KINDS };
struct slow_key {
	enum slow_kind kind;
	uint64_t hash;
};
struct slow;
struct slow *slow_new(void);
void slow_free(struct slow *slow);
struct slow_key slow_key(
	const struct slow *slow, enum slow_kind kind, const void *data, size_t len);
/* Counts an attempt as one that failed, before it is known, or many at once would all be let in.
 * ERR_LIMITED where one of the keys has to wait: `*wait` seconds, and nothing is counted. */
MUST_CHECK enum err slow_take(
	struct slow *slow, const struct slow_key *keys, size_t n, int64_t now, int64_t *wait);
/* It did not fail: a login's and a browser's failures are forgotten, of a network's this one. */
void slow_succeeded(struct slow *slow, const struct slow_key *keys, size_t n);
/* It was not decided: this one is taken back. */
void slow_undo(struct slow *slow, const struct slow_key *keys, size_t n);
uint64_t slow_refused(struct slow *slow);
