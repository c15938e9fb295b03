/* rules.h - the city's rules for decisions: which risk levels need the approvals of two people, and
 * which need a public consultation before a system may be in use.
 *
 * Each register.rules has all of them and the day, in the register's zone, from which they hold. An
 * entry is held to the rules of its own day, so they do not touch what was published before.
 * Without rules one approval is enough and nobody need be consulted. */
#pragma once
#include "base/zone.h"
#include "registry/event/state.h"

#define RULES_MAX (8 * KIB)

struct decision_rules {
	unsigned two_approvals, consultation; /* bits: 1 << risk_rank() */
};
/* The rules in force at a moment; none if this machine does not know the register's zone. */
MUST_CHECK enum err rules_at(struct state *st, int64_t time, struct decision_rules *out);
/* The day of a moment in the register's zone as of this entry; false if this machine does not know
 * the zone: then no rule about days is checked. */
bool rules_day(struct state *st, int64_t time, char out[DAY_TEXT]);
/* consultation.c: checks that the consultation which a question names is open and about its system.
 */
MUST_CHECK enum err consultation_takes(struct state *st, const struct event *ev);
/* Checks that the public was asked, and answered, before the first record that says the system is
 * in use. */
MUST_CHECK enum err consultation_was_held(struct state *st, const char *slug, const json_t *record);
/* The bit of the stricter level: the record's own, or that of its judgement. Each may be NULL. */
unsigned rules_bit(const json_t *record, const json_t *judgement);
