/* The standard of records is adopted. Policies, the rules that derive risk levels from then on, are
 * adopted and retired. */
#include "registry/event/fold.h"
#include "registry/policy/policies.h"

#include <string.h>

SQL(STANDARD_LATEST, "adoption.standard_latest", "SELECT max(version) FROM standard",
	"max() of the primary key is one look-up at its end");
SQL(STANDARD_ADOPT, "adoption.standard",
	"INSERT INTO standard (version, sha256, entry, at) VALUES (?1, ?2, ?3, ?4)");
SQL(LATEST, "adoption.latest", "SELECT coalesce(max(version), 0) FROM policy WHERE id = ?1");
SQL(CURRENT, "adoption.current", "SELECT sha256 FROM policy WHERE id = ?1 AND until_entry IS NULL");
SQL(END, "adoption.end",
	"UPDATE policy SET until_entry = ?2, until_at = ?3 WHERE id = ?1 AND until_entry IS NULL");
SQL(ADOPT, "adoption.adopt",
	"INSERT INTO policy (id, version, sha256, about, entry, at) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
SQL(RETIRE, "adoption.retire",
	"UPDATE policy SET reason = ?3, until_entry = ?2, until_at = ?4 WHERE id = "
	"?1 AND until_entry IS NULL");
SQL(IN_FORCE, "adoption.in_force",
	"SELECT id, sha256 FROM policy WHERE until_entry IS NULL ORDER BY id",
	"a register has a handful of policies");
SQL(SET, "adoption.set",
	"INSERT INTO policy_set (one, key) VALUES (1, ?1)"
	" ON CONFLICT DO UPDATE SET key = excluded.key");

enum err standard_adopted_check(struct state *st, const struct event *ev)
{
	AUTO(buf) bytes = BUF(MIB);
	struct standard *standard = NULL;
	int64_t latest = 0;

	TRY(db_int(st->db, STANDARD_LATEST, BIND_NONE, &latest));
	ENSURE(event_num(ev, "version") == latest + 1, ERR_CONFLICT,
		"the next version of the standard is %lld", (long long)latest + 1);
	json_canonical(ev->content, &bytes);
	TRY(standard_load(buf_text(&bytes), bytes.len, &standard));
	standard_free(standard);
	return OK;
}

enum err standard_adopted_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, STANDARD_ADOPT,
		BIND(num(event_num(ev, "version")), text(ev->sha256), num((int64_t)ev->index),
			text(ev->at))));
	return system_count_all(st);
}

enum err policy_adopted_check(struct state *st, const struct event *ev)
{
	struct policy *policy = NULL;
	AUTO(rows) row = {0};
	int64_t latest;
	bool same_name;
	enum err e;

	TRY(db_int(st->db, LATEST, BIND(text(ev->subject)), &latest));
	ENSURE(event_num(ev, "version") == latest + 1, ERR_CONFLICT,
		"the next version of the policy \"%s\" is %lld", ev->subject,
		(long long)latest + 1);
	e = db_one(st->db, CURRENT, BIND(text(ev->subject)), &row);
	ENSURE(e != OK || strcmp(rows_text(&row, 0), ev->sha256) != 0, ERR_CONFLICT,
		"this very policy is in force already, as version %lld", (long long)latest);
	TRY(policy_load(ev->content, &policy));
	same_name = strcmp(policy_id(policy), ev->subject) == 0;
	policy_free(policy);
	ENSURE(same_name, ERR_INVALID, "questions.json is of another policy than \"%s\"",
		ev->subject);
	return OK;
}

/* The facts about a policy that pages show, so that they need not read all of its questions. */
static enum err about(const struct event *ev, struct buf *out)
{
	static const char *const members[] = {"title", "about", "not_binding", "source", "levels"};
	struct policy *policy;
	json_t *shown;

	TRY(policy_load(ev->content, &policy));
	shown = json_object();
	for (size_t i = 0; i < COUNT(members); i++) {
		json_t *value = json_object_get(policy_questions(policy), members[i]);

		if (value)
			json_put(shown, members[i], json_incref(value));
	}
	json_canonical(shown, out);
	json_decref(shown);
	policy_free(policy);
	return buf_check(out, "what is shown of a policy");
}

static enum err fold_set(struct state *st)
{
	AUTO(rows) rows = {0};
	AUTO(buf) lines = BUF(64 * KIB);
	char key[65];

	TRY(db_query(st->db, IN_FORCE, BIND_NONE, &rows));
	while (rows_next(&rows))
		policies_name_add(&lines, rows_text(&rows, 0), rows_text(&rows, 1));
	TRY(rows_end(&rows));
	policies_name_end(&lines, key);
	return db_run(st->db, SET, BIND(text(key)));
}

enum err policy_adopted_fold(struct state *st, const struct event *ev)
{
	AUTO(buf) shown = BUF(POLICY_MAX);

	TRY(about(ev, &shown));
	TRY(db_run(st->db, END, BIND(text(ev->subject), num((int64_t)ev->index), text(ev->at))));
	TRY(db_run(st->db, ADOPT,
		BIND(text(ev->subject), num(event_num(ev, "version")), text(ev->sha256),
			text(buf_text(&shown)), num((int64_t)ev->index), text(ev->at))));
	return fold_set(st);
}

enum err policy_retired_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, CURRENT, BIND(text(ev->subject)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no policy \"%s\" is in force", ev->subject);
	TRY(e);
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err policy_retired_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, RETIRE,
		BIND(text(ev->subject), num((int64_t)ev->index), text(ev->sha256), text(ev->at))));
	return fold_set(st);
}
