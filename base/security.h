/* security.h - what attacks, and mistakes that look like one, leave behind: a count, and a line in
 * the journal for each kind and minute at most, with how many there were since the last one.
 *
 *   2026-11-28T19:06:09Z gaya: security: kind=cross_site count=12: forms of other sites' pages …
 *
 * Nobody's address, name or text is in it: there is nothing to protect in a journal that is kept
 * for long. docs/operate.md has the table of kinds, and what to do. Any thread may count. */
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
	const char *about; /* one sentence, in English as all of a server's journal */
} security_kinds[SECURITY_KINDS];

/* Counts one. The first is told at once, more of the same minute together by who comes next: an
 * event after it, or security_tell(). True where this one is told: what else is to be written about
 * it, once a minute at most, is written then. */
bool security_event(enum security kind);
/* Tells what waits: `all`, or only what waited for a minute. A server calls it each minute, and at
 * its end for all. */
void security_tell(bool all);
/* Since the program started. */
uint64_t security_count(enum security kind);

/* Tests: seconds that a clock shows which never steps back, and who is given the lines. */
void security_test(int64_t (*clock)(void), void (*say)(const char *line));
