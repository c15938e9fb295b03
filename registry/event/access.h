/* access.h - the roles of people, and the one table of what each may do.
 *
 * What a role may sign holds for entries of the log, so a row for an event may only ever be
 * loosened: `gaya verify` holds old entries to it, too. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* One person has one. Those of the office belong to the office's own department. */
enum role {
	ROLE_OFFICER = 1,       /* of a department: drafts, files, answers */
	ROLE_HEAD = 2,          /* of a department: the same, and is told what is overdue */
	ROLE_REVIEWER = 4,      /* of the office: decides about records and questions */
	ROLE_ADMINISTRATOR = 8, /* of the office: the same; people, keys, policies, settings */
	ROLE_AUDITOR = 16,      /* reads all that is not personal */
	ROLES_OF_OFFICE = ROLE_REVIEWER | ROLE_ADMINISTRATOR,
	ROLES_OF_DEPARTMENT = ROLE_OFFICER | ROLE_HEAD,
	ROLES = 31,
};
/* Its name in the log: "officer", "head", … 0 for another text. */
enum role role_named(const char *name);
const char *role_name(enum role role);

/* An action is a type of event, as its author signs it, or what a page does. */
struct access {
	const char *action;
	unsigned roles; /* enum role, or-ed; 0: nobody signs it, the register's own machine does it
	                 */
};
extern const struct access access_table[];
extern const size_t access_table_n;
/* False for an action that is not in the table. */
bool access_may(enum role role, const char *action);
