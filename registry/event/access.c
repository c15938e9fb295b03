#include "registry/event/access.h"

#include "base/buf.h"

#include <string.h>

#define DEPARTMENTS ROLES_OF_DEPARTMENT
#define OFFICE ROLES_OF_OFFICE
#define ADMINISTRATOR ROLE_ADMINISTRATOR
#define NOBODY 0 /* only the register itself, its machine, or a citizen */

/* clang-format off */
const struct access access_table[] = {
#define EVENT(noun, verb, subject, by, people, ...) {#noun "." #verb, people},
#include "registry/event/events.def"
	/* --- pages of the office --- */
	{"account",                  ROLES}, /* one's own; also without a role */
	{"desk",                     ROLES},
	{"drafts",                   DEPARTMENTS},
	{"imports",                  DEPARTMENTS | OFFICE},
	{"comments",                 DEPARTMENTS | OFFICE},
	{"report",                   DEPARTMENTS},
	{"held",                     DEPARTMENTS | OFFICE}, /* incidents that are not public yet */
	{"decisions",                OFFICE},
	{"duties",                   ROLE_HEAD | OFFICE},
	{"people",                   ADMINISTRATOR},
};
/* clang-format on */
const size_t access_table_n = COUNT(access_table);

static const struct {
	enum role role;
	const char *name;
} roles[] = {
	{ROLE_OFFICER, "officer"},
	{ROLE_HEAD, "head"},
	{ROLE_REVIEWER, "reviewer"},
	{ROLE_ADMINISTRATOR, "administrator"},
	{ROLE_AUDITOR, "auditor"},
};

enum role role_named(const char *name)
{
	for (size_t i = 0; name && i < COUNT(roles); i++)
		if (strcmp(roles[i].name, name) == 0)
			return roles[i].role;
	return 0;
}

const char *role_name(enum role role)
{
	for (size_t i = 0; i < COUNT(roles); i++)
		if (roles[i].role == role)
			return roles[i].name;
	return "";
}

bool access_may(enum role role, const char *action)
{
	for (size_t i = 0; i < access_table_n; i++)
		if (strcmp(access_table[i].action, action) == 0)
			return (access_table[i].roles & role) != 0;
	return false;
}
