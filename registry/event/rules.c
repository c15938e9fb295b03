#include "registry/event/rules.h"

#include "registry/event/fold.h"
#include "registry/event/settings.h"
#include "registry/policy/judgement.h"

#include <string.h>

SQL(ADD, "rules.add",
	"INSERT INTO decision_rules (entry, at, from_day, about) VALUES (?1, ?2, ?3, ?4)");
SQL(ANY, "rules.any", "SELECT 1 FROM decision_rules LIMIT 1", "looks whether there is one at all");
SQL(AT, "rules.at",
	"SELECT about FROM decision_rules WHERE from_day <= ?1 ORDER BY entry DESC LIMIT 1",
	"a city changes its rules a few times in a decade");

unsigned rules_bit(const json_t *record, const json_t *judgement)
{
	int own = risk_rank(json_str(record, "risk_category")),
	    derived = risk_rank(json_str(judgement, "level"));

	return 1U << (own > derived ? own : derived);
}

static unsigned bits_of(const json_t *levels)
{
	unsigned bits = 0;

	json_each (levels, level) {
		int rank = risk_rank(json_string_value(level));

		bits |= rank ? 1U << rank : 0;
	}
	return bits;
}

/* Must not depend on the process's zone: an old log is replayed in any zone. */
bool rules_day(struct state *st, int64_t time, char out[DAY_TEXT])
{
	if (settings_use_zone(st->db) != OK)
		return false;
	zone_day(time, 0, out);
	return true;
}

enum err rules_at(struct state *st, int64_t time, struct decision_rules *out)
{
	AUTO(rows) row = {0};
	json_auto_t *about = NULL;
	char today[DAY_TEXT];
	int64_t one;
	enum err e = db_int(st->db, ANY, BIND_NONE, &one);

	*out = (struct decision_rules){0};
	if (e == ERR_NOT_FOUND || (e == OK && !rules_day(st, time, today)))
		return OK;
	TRY(e);
	e = db_one(st->db, AT, BIND(text(today)), &row);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	TRY(json_read(
		rows_text(&row, 0), strlen(rows_text(&row, 0)), RULES_MAX, RULES_STRICT, &about));
	out->two_approvals = bits_of(json_object_get(about, "two_approvals"));
	out->consultation = bits_of(json_object_get(about, "consultation"));
	return OK;
}

/* --- the event --- */

static enum err check_levels(const struct event *ev, const char *member)
{
	const json_t *levels = json_object_get(ev->content, member);
	unsigned seen = 0;

	ENSURE(json_is_array(levels), ERR_INVALID,
		"\"%s\" must be a list of risk levels, such as [\"high\"]; [] for none", member);
	json_each (levels, level) {
		const char *name = json_string_value(level);
		int rank = risk_rank(name);

		ENSURE(name, ERR_INVALID,
			"\"%s\" must be a list of risk levels, such as [\"high\"]; [] for none",
			member);
		ENSURE(rank, ERR_INVALID,
			"\"%s\": \"%.80s\" is not a risk level; use minimal, limited, high or prohibited",
			member, name);
		ENSURE(!(seen & 1U << rank), ERR_INVALID, "\"%s\" names the level \"%s\" twice",
			member, name);
		seen |= 1U << rank;
	}
	return OK;
}

enum err register_rules_check(struct state *st, const struct event *ev)
{
	char origin[KEY_NAME_MAX + 1], today[DAY_TEXT];

	TRY(state_origin(st, origin));
	ENSURE(strcmp(ev->subject, origin) == 0, ERR_INVALID, "this register is %s, not %.80s",
		origin, ev->subject);
	if (rules_day(st, ev->time, today))
		ENSURE(strcmp(event_str(ev, "from"), today) >= 0, ERR_INVALID,
			"rules hold from a day that is not over: %s or later, not from %s", today,
			event_str(ev, "from"));
	if (!ev->content)
		return OK;
	TRY(check_levels(ev, "two_approvals"));
	TRY(check_levels(ev, "consultation"));
	return json_object_get(ev->content, "reason")
	               ? check_texts(json_object_get(ev->content, "reason"), 1000, "the reason")
	               : OK;
}

enum err register_rules_fold(struct state *st, const struct event *ev)
{
	json_auto_t *none = json_object();
	AUTO(buf) about = BUF(RULES_MAX);

	json_canonical(ev->content ? ev->content : none, &about);
	return db_run(st->db, ADD,
		BIND(num((int64_t)ev->index), text(ev->at), text(event_str(ev, "from")),
			text(buf_text(&about))));
}
