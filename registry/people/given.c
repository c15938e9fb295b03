#include "registry/people/given.h"

#include "registry/people/people_parts.h"
#include "registry/standard/form.h"

#define THE_DUTY "system = ?1 AND policy = ?2 AND duty = ?3"
SQL(SET, "given.set",
	"INSERT INTO given_duty (system, policy, duty, account, day, by, at)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET"
	" account = excluded.account, day = excluded.day, by = excluded.by, at = excluded.at");
SQL(TAKE_BACK, "given.take", "DELETE FROM given_duty WHERE " THE_DUTY);
SQL(FIND, "given.find",
	"SELECT g.account, a.name, g.day, g.by, g.at FROM given_duty g"
	" JOIN account a ON a.id = g.account WHERE " THE_DUTY);
SQL(LIST, "given.list",
	"SELECT system, policy, duty, day, by, at FROM given_duty WHERE account = ?1"
	" ORDER BY day, system, policy, duty");

struct giving {
	const struct duty_name *duty;
	const char *account, *day, *by;
};

static enum err set(struct people *p, void *arg)
{
	const struct giving *g = arg;
	struct account account;

	TRY(account_find(p->write, g->account, &account));
	return db_run(p->write, SET,
		BIND(text(g->duty->system), text(g->duty->policy), text(g->duty->duty),
			text(g->account), text(g->day), text(g->by), num(env_now(&p->env))));
}

enum err given_set(struct people *p, const struct duty_name *duty, const char *account,
	const char *day, const char *by)
{
	struct giving g = {duty, account, day, by};

	ENSURE(form_is_date(day), ERR_INVALID, "\"%.20s\" is no day: write it as 2026-03-01", day);
	return people_write(p, set, &g);
}

static enum err take(struct people *p, void *arg)
{
	const struct duty_name *d = arg;

	return db_run(p->write, TAKE_BACK, BIND(text(d->system), text(d->policy), text(d->duty)));
}

enum err given_take(struct people *p, const struct duty_name *duty)
{
	return people_write(p, take, (void *)duty);
}

enum err given_find(struct people *p, const struct duty_name *duty, json_t **out)
{
	json_auto_t *rows = NULL;

	TRY(people_rows(
		p, FIND, BIND(text(duty->system), text(duty->policy), text(duty->duty)), &rows));
	if (!json_array_size(rows))
		return ERR_NOT_FOUND;
	*out = json_incref(json_array_get(rows, 0));
	return OK;
}

enum err given_list(struct people *p, const char *account, json_t **out)
{
	return people_rows(p, LIST, BIND(text(account)), out);
}
