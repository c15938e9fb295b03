/* The day of each person's latest daily letter, so that there is one a day even after a restart. */
#include "registry/people/people_parts.h"

#include <stdio.h>

SQL(GET, "mailed.get", "SELECT day FROM mailed WHERE account = ?1");
SQL(SET, "mailed.set",
	"INSERT INTO mailed (account, day) VALUES (?1, ?2)"
	" ON CONFLICT DO UPDATE SET day = excluded.day");

enum err people_mailed(struct people *p, const char *account, char day[DAY_TEXT])
{
	json_auto_t *rows = NULL;
	const char *found;

	TRY(people_rows(p, GET, BIND(text(account)), &rows));
	found = json_str(json_array_get(rows, 0), "day");
	snprintf(day, DAY_TEXT, "%s", found ? found : "");
	return OK;
}

struct mailed {
	const char *account, *day;
};

static enum err set(struct people *p, void *arg)
{
	const struct mailed *m = arg;

	return db_run(p->write, SET, BIND(text(m->account), text(m->day)));
}

enum err people_set_mailed(struct people *p, const char *account, const char *day)
{
	struct mailed m = {account, day};

	return people_write(p, set, &m);
}
