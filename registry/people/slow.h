/* slow.h - delays attempts after failures, longer each time. The counters are in memory of fixed
 * size, under keyed hashes; a restart forgets them.
 *
 * There are three kinds of counters. An attempt from a browser that the account knows counts only
 * there; any other counts with its login and its network. So nobody without that browser can make
 * its owner wait. Any thread may call these. */
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
/* Begins an attempt. Until it is decided it counts like a failure; otherwise many at once would be
 * let in. ERR_LIMITED if one of the keys has to wait: `*wait` seconds, and nothing is counted. If
 * it has to wait only for attempts that are not decided yet, the reason says so, because nothing
 * may have failed. Each attempt that began ends with one of the three below. */
MUST_CHECK enum err slow_take(
	struct slow *slow, const struct slow_key *keys, size_t n, int64_t now, int64_t *wait);
/* It succeeded: forgets failures of the login and the browser. */
void slow_succeeded(struct slow *slow, const struct slow_key *keys, size_t n);
void slow_failed(struct slow *slow, const struct slow_key *keys, size_t n);
/* The attempt was not decided: takes it back. */
void slow_undo(struct slow *slow, const struct slow_key *keys, size_t n);
