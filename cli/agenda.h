/* agenda.h - what waits for a person of a register, as counts: for the daily letter, in which
 * nothing personal is. */
#pragma once
#include "base/json.h"
#include "base/zone.h"
#include "registry/people/people.h"
#include "registry/query/query.h"

struct agenda_for {
	struct people *people;  /* for keys asked for, drafts and duties that were given */
	const char *account;    /* the person's id */
	const char *role;       /* as person.appointed has it */
	const char *department; /* of the person */
	const char *since;      /* the day of their newest letter; "" before the first */
	const char *today;
	const char *asked_before; /* questions from before this moment are overdue */
};
/* {"returned", "filings", "undecided", "questions", "late", "month", "week", "overdue", "keys",
 * "given", "held", "drafts": counts}, without those that are 0 or not this role's. "month" and
 * "week" are days on which a duty or a review is due, 30 and 7 days ahead, that no letter told of
 * yet; "overdue" is for a department's head, and the office; "keys" for administrators; "held" are
 * open incidents that are not public yet. A draft lies where its writer left it: where nothing but
 * drafts is there, the object is empty. */
MUST_CHECK enum err agenda_of(
	const struct snapshot *snap, const struct agenda_for *whom, json_t **out);
