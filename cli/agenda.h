/* agenda.h - counts of a person's pending work, for the daily letter, which holds nothing
 * personal. */
#pragma once
#include "base/json.h"
#include "base/zone.h"
#include "registry/people/people.h"
#include "registry/query/query.h"

struct agenda_for {
	struct people *people;  /* for requested keys, drafts and assigned duties */
	const char *account;    /* the person's id */
	const char *role;       /* in the words of person.appointed */
	const char *department; /* of the person */
	const char *since;      /* the day of their latest letter; "" before the first */
	const char *today;
	const char *asked_before; /* questions from before this moment are overdue */
};
/* {"returned", "filings", "undecided", "questions", "late", "month", "week", "overdue", "keys",
 * "given", "held", "drafts": counts}, without those that are 0 or not for this role. "month" and
 * "week" count due days of duties and reviews, 30 and 7 days ahead, that no letter has reported
 * yet; "overdue" is for a department's head and the office; "keys" is for administrators; "held"
 * counts open incidents that are not public yet. Drafts alone do not count: if there is nothing
 * else, the object is empty. */
MUST_CHECK enum err agenda_of(
	const struct snapshot *snap, const struct agenda_for *whom, json_t **out);
