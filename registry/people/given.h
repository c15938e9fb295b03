/* given.h - duties of systems that are assigned to a person, with a due day.
 *
 * The read model says what a system owes. The assignment is not public, because no entry of the log
 * names people. A duty has at most one person. This module does not know whether a duty is
 * fulfilled; readers of the list skip those that are. */
#pragma once
#include "registry/people/people.h"

struct duty_name {
	const char *system, *policy, *duty;
};
/* Assigns the duty to `account` until `day`, replacing any earlier assignment; `by` is an account.
 * ERR_NOT_FOUND if there is no such account; ERR_INVALID if the day is invalid. */
MUST_CHECK enum err given_set(struct people *p, const struct duty_name *duty, const char *account,
	const char *day, const char *by);
/* Ends the assignment; does nothing if there is none. */
MUST_CHECK enum err given_take(struct people *p, const struct duty_name *duty);
/* {"account", "name", "day", "by", "at": in seconds}. ERR_NOT_FOUND if it is not assigned. */
MUST_CHECK enum err given_find(struct people *p, const struct duty_name *duty, json_t **out);
/* An account's duties, earliest day first: [{"system", "policy", "duty", "day", "by", "at"}…]. */
MUST_CHECK enum err given_list(struct people *p, const char *account, json_t **out);
