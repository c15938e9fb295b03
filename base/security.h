/* security.h - counts attacks, and mistakes that look like attacks, and journals at most one line
 * per kind and minute, with the number since the last line.
 *
 *   2026-11-28T19:06:09Z gaya: security: kind=cross_site count=12: forms of other sites' pages …
 *
 * A line holds no address, name or text of a person, so the journal can be kept for long without
 * protection. docs/operate.md lists the kinds and what to do. Any thread may count. */
#pragma once
#include "base/err.h"

#include <stdint.h>

enum security {
	SECURITY_SIGNATURE,
	SECURITY_REVOKED_KEY,
	SECURITY_RIGHTS,
	SECURITY_LIMITED,
	SECURITY_FLOOD,
	SECURITY_CROSS_SITE,
	SECURITY_SANDBOX,
	SECURITY_CLOCK,
	SECURITY_PASSPHRASE,
	SECURITY_PROOF,
	SECURITY_SIGN_IN,
	SECURITY_KINDS
};
extern const struct security_kind {
	const char *name;  /* one word, for programs that read journals and metrics */
	const char *about; /* one sentence, in English like the whole journal of a server */
} security_kinds[SECURITY_KINDS];

/* Counts one event. The first is journalled at once; others within the same minute are journalled
 * together, by a later event or by security_tell(). Returns true if this one is journalled: the
 * caller then writes any detail, so that too appears at most once a minute. */
bool security_event(enum security kind);
/* Journals pending counts: `all`, or only those that have waited a minute. A server calls it each
 * minute, and with `all` at its end. */
void security_tell(bool all);
/* The number of events since the program started. */
uint64_t security_count(enum security kind);

/* For tests: sets a monotonic clock, in seconds, and the function that receives the lines. */
void security_test(int64_t (*clock)(void), void (*say)(const char *line));
