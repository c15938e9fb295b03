/* rules.h - how the city decides: which risk levels take two people's approvals, and which take a
 * public consultation before a system may be in use.
 *
 * Each register.rules says all of them, with the day from which they hold, in the register's zone.
 * What was published before is not touched: an entry is held to the rules of its own day. Where
 * nobody made rules, one approval is enough and nobody need be consulted. */
#pragma once
#include "base/zone.h"
#include "registry/event/state.h"

#define RULES_MAX (8 * KIB)

struct decision_rules {
	unsigned two_approvals, consultation; /* bits: 1 << risk_rank() */
};
/* Those in force at a moment. Where this machine does not know the register's zone: none. */
MUST_CHECK enum err rules_at(struct state *st, int64_t time, struct decision_rules *out);
/* The day of a moment in the register's zone as of this entry; false where this machine does not
 * know it: then nothing is held to days. */
bool rules_day(struct state *st, int64_t time, char out[DAY_TEXT]);
/* consultation.c. A question that names a consultation: is it open, and about this system? */
MUST_CHECK enum err consultation_takes(struct state *st, const struct event *ev);
/* A record that says the system is in use, where nothing published says so yet: was the public
 * asked, and answered? */
MUST_CHECK enum err consultation_was_held(struct state *st, const char *slug, const json_t *record);
/* The stricter of what the record says of itself and what the policies said: its bit. Each may be
 * NULL. */
unsigned rules_bit(const json_t *record, const json_t *judgement);
