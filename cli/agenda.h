/* agenda.h - what waits for a person of a register, as counts: for the daily letter, in which
 * nothing personal is. */
#pragma once
#include "base/json.h"
#include "base/zone.h"
#include "registry/query/query.h"

struct agenda_for {
	const char *role;       /* as person.appointed has it */
	const char *department; /* of the person */
	const char *since;      /* the day of their newest letter; "" before the first */
	const char *today;
	const char *asked_before; /* questions from before this moment are overdue */
};
/* {"returned", "filings", "undecided", "questions", "late", "month", "week", "overdue": counts},
 * without those that are 0 or not this role's. "month" and "week" are days on which a duty or a
 * review is due, 30 and 7 days ahead, that no letter told of yet; "overdue" is for a department's
 * head, and the office. */
MUST_CHECK enum err agenda_of(
	const struct snapshot *snap, const struct agenda_for *whom, json_t **out);
