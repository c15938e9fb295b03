/* given.h - duties of systems that were given to a person, with a day.
 *
 * What a system owes is in the read model, and who looks after it is not public: names are in no
 * entry of the log. A duty has one person at the most. Nothing here knows whether it is fulfilled:
 * who reads the list drops what is. */
#pragma once
#include "registry/people/people.h"

struct duty_name {
	const char *system, *policy, *duty;
};
/* Gives it to `account` until `day`, whoever had it before; `by` is an account. ERR_NOT_FOUND where
 * there is no such account; ERR_INVALID where the day is none. */
MUST_CHECK enum err given_set(struct people *p, const struct duty_name *duty, const char *account,
	const char *day, const char *by);
/* Takes it back; where nobody had it, nothing changes. */
MUST_CHECK enum err given_take(struct people *p, const struct duty_name *duty);
/* {"account", "name", "day", "by", "at": in seconds}. ERR_NOT_FOUND where nobody has it. */
MUST_CHECK enum err given_find(struct people *p, const struct duty_name *duty, json_t **out);
/* Those of an account, the first day first: [{"system", "policy", "duty", "day", "by", "at"}…]. */
MUST_CHECK enum err given_list(struct people *p, const char *account, json_t **out);
