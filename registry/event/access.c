#include "registry/event/access.h"

#include "base/buf.h"

#include <string.h>

#define DEPARTMENTS ROLES_OF_DEPARTMENT
#define OFFICE ROLES_OF_OFFICE
#define ADMINISTRATOR ROLE_ADMINISTRATOR

/* clang-format off */
const struct access access_table[] = {
	/* --- events that people sign --- */
	{"system.filed",             DEPARTMENTS},
	{"file.attached",            DEPARTMENTS},
	{"department.declared_none", DEPARTMENTS},
	{"kpi.reported",             DEPARTMENTS},
	{"incident.reported",        DEPARTMENTS},
	{"incident.updated",         DEPARTMENTS},
	{"incident.closed",          DEPARTMENTS},
	{"feedback.answered",        DEPARTMENTS | OFFICE},
	{"feedback.published",       OFFICE},
	{"feedback.withheld",        OFFICE},
	{"feedback.merged",          OFFICE},
	{"feedback.parted",          OFFICE},
	{"system.returned",          OFFICE},
	{"system.approved",          OFFICE},
	{"system.published",         OFFICE},
	{"system.suspended",         OFFICE},
	{"system.resumed",           OFFICE},
	{"system.retired",           OFFICE},
	{"system.consultation_opened", OFFICE},
	{"system.consultation_closed", OFFICE},
	{"list.submitted",           OFFICE},
	{"feedback.swept",           ADMINISTRATOR},
	{"content.erased",           ADMINISTRATOR},
	{"register.changed",         ADMINISTRATOR},
	{"register.rules",           ADMINISTRATOR},
	{"standard.adopted",         ADMINISTRATOR},
	{"policy.adopted",           ADMINISTRATOR},
	{"policy.retired",           ADMINISTRATOR},
	{"department.added",         ADMINISTRATOR},
	{"key.granted",              ADMINISTRATOR},
	{"key.revoked",              ADMINISTRATOR},
	{"person.appointed",         ADMINISTRATOR},
	{"person.dismissed",         ADMINISTRATOR},
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
	/* --- events of the machine that has the log's key and its backups --- */
	{"register.restored",        0},
	{"log.key_added",            0},
	{"log.key_retired",          0},
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
