/* logged.h - the days since which the log has had what a record says.
 *
 * A record may claim that an assessment was published in January. Nobody can doubt the day on which
 * the log first had it: the day, in the register's zone, of the first published version with that
 * item. A policy asks for these days (policy_logged()); its program then finds a member `logged_on`
 * in each item of such a list, beside what the item claims.
 *
 * An item of an earlier version is the same item if all members of "same" are equal (or missing in
 * both), and at least one of "any" is present in both and equal. An item with none of "any" has no
 * such day. A later version may lack the item: the version that had it can still be read by
 * everybody. A version whose record was erased proves nothing.
 *
 * All of this is read from the log, so everybody who has the log gets the same days. */
#pragma once
#include "registry/event/state.h"
#include "registry/policy/policies.h"

struct logged_of {
	const char *system;
	const char *at; /* the time from which an item of no version is in the log; NULL: such an
	                   item has no day */
	/* Set if the days may differ from those given earlier: a record was erased since, or this
	 * machine does not know the register's time zone. */
	bool unsure;
};
/* The days of a record's list in a field, or of one item: [{"on": day, "entry": index, or null if
 * no version has it}, or null for an item without such a day…]. `how` is a member of
 * policy_logged(). */
MUST_CHECK enum err logged_days(struct state *st, struct logged_of *of, const char *field,
	const json_t *items, const json_t *how, json_t **out);
/* The lists that a policy asks for: {field: the record's items, each with its `logged_on`…},
 * without fields that the record leaves empty. */
MUST_CHECK enum err logged_fields(struct state *st, struct logged_of *of, const json_t *record,
	const json_t *asked, json_t **out);
/* The argument of judge_with() for a record: by policy, only for policies that ask and get an
 * answer. Makes the register's zone, as of the entries so far, the zone of the process. */
MUST_CHECK enum err logged_given(struct state *st, struct logged_of *of, const json_t *record,
	const struct policies *ps, json_t **out);
