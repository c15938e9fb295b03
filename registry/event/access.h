/* access.h - the roles of people and the table of what each may do. The rows for events come from
 * events.def.
 *
 * `gaya verify` applies those rows to old entries too, so they may only ever be loosened. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* Each person has one role. People of the office belong to the office's department. */
enum role {
	ROLE_OFFICER = 1,       /* of a department: drafts, files, answers */
	ROLE_HEAD = 2,          /* of a department: the same, and learns what is overdue */
	ROLE_REVIEWER = 4,      /* of the office: decides about records and questions */
	ROLE_ADMINISTRATOR = 8, /* of the office: the same; people, keys, policies, settings */
	ROLE_AUDITOR = 16,      /* reads all that is not personal */
	ROLES_OF_OFFICE = ROLE_REVIEWER | ROLE_ADMINISTRATOR,
	ROLES_OF_DEPARTMENT = ROLE_OFFICER | ROLE_HEAD,
	ROLES = 31,
};
/* The role by its name in the log, "officer", "head" …; 0 for any other text. */
enum role role_named(const char *name);
const char *role_name(enum role role);

/* An action is a type of event that somebody signs, or something that a page does. */
struct access {
	const char *action;
	unsigned roles; /* enum role, or-ed; 0: no person signs it */
};
extern const struct access access_table[];
extern const size_t access_table_n;
/* False for an action that is not in the table. */
bool access_may(enum role role, const char *action);
