/* logged.h - since when the log has what a record says.
 *
 * A record may claim that an assessment was published in January. What nobody can doubt is the day
 * on which the log first had it: that of the first version of the system that a city published with
 * it, where the register's days begin. A policy asks for these days (policy_logged()); its program
 * then finds in each item of such a list a member `logged_on` beside what is claimed.
 *
 * An item of an earlier version is the same one where all members of "same" are equal, there or
 * not, and at least one of "any" is there in both, and equal. An item with none of "any" has no
 * such day. What a version lost does not count against it: the version that had it is still there
 * for everybody. A version whose record was erased shows nothing, so it proves nothing.
 *
 * All of it is read from the log, so whoever has that gets the same days. */
#pragma once
#include "registry/event/state.h"
#include "registry/policy/policies.h"

struct logged_of {
	const char *system;
	const char *at; /* a time: what no version has is in the log from then on; NULL: it has no
	                   day */
	/* Set where this cannot be told as it was told then: a record that was erased only later is
	 * not there any more, or this machine does not know the register's time zone. */
	bool unsure;
};
/* A record's list in a field, or an item alone: [{"on": day, "entry": index, null where no version
 * has it}, or null for an item without such a day…]. `how` is one member of policy_logged(). */
MUST_CHECK enum err logged_days(struct state *st, struct logged_of *of, const char *field,
	const json_t *items, const json_t *how, json_t **out);
/* Of what a policy asks: {field: the record's items, each with its `logged_on`…}, without the
 * fields that the record leaves empty. */
MUST_CHECK enum err logged_fields(struct state *st, struct logged_of *of, const json_t *record,
	const json_t *asked, json_t **out);
/* What judge_with() is given of a record: by policy; only those that ask, and of which there is
 * something. The zone that the register has as of the entries so far becomes the process's. */
MUST_CHECK enum err logged_given(struct state *st, struct logged_of *of, const json_t *record,
	const struct policies *ps, json_t **out);
