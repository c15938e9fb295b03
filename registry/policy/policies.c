/* The policies of a register: adopting and retiring them, and which are in force. */
#include "registry/policy/policies.h"

#include "base/sha256.h"
#include "registry/event/fold.h"

#include <stdlib.h>
#include <string.h>

enum { LATEST, CURRENT, END, ADOPT, RETIRE, SET, GET_SET, IN_FORCE };
static const struct sql sql[] = {
	[LATEST] = {"policies.latest",
		"SELECT coalesce(max(version), 0) FROM policy WHERE id = ?1"},
	[CURRENT] = {"policies.current",
		"SELECT sha256 FROM policy WHERE id = ?1 AND until_entry IS NULL"},
	[END] = {"policies.end",
		"UPDATE policy SET until_entry = ?2, until_at = ?3 WHERE id = ?1 AND until_entry IS NULL"},
	[ADOPT] = {"policies.adopt", "INSERT INTO policy (id, version, sha256, about, entry, at) "
                                     "VALUES (?1, ?2, ?3, ?4, ?5, ?6)"},
	[RETIRE] = {"policies.retire", "UPDATE policy SET reason = ?3, until_entry = ?2, until_at = ?4 WHERE id = "
                                       "?1 AND until_entry IS NULL"},
	[SET] = {"policies.set", "INSERT INTO policy_set (one, key) VALUES (1, ?1)"
				 " ON CONFLICT DO UPDATE SET key = excluded.key"},
	[GET_SET] = {"policies.get_set", "SELECT key FROM policy_set WHERE one = 1"},
	[IN_FORCE] = {"policies.in_force",
		"SELECT id, version, sha256 FROM policy WHERE until_entry IS NULL ORDER BY id",
		"a register has a handful of policies"},
};
const struct sql_table policies_sql = SQL_TABLE(sql);

enum err policy_adopted_check(struct state *st, const struct event *ev)
{
	struct policy *policy = NULL;
	AUTO(rows) row = {0};
	int64_t latest;
	bool same_name;
	enum err e;

	TRY(db_int(st->db, &sql[LATEST], BIND(text(ev->subject)), &latest));
	ENSURE(event_num(ev, "version") == latest + 1, ERR_CONFLICT,
		"the next version of the policy \"%s\" is %lld", ev->subject,
		(long long)latest + 1);
	e = db_one(st->db, &sql[CURRENT], BIND(text(ev->subject)), &row);
	ENSURE(e != OK || strcmp(rows_text(&row, 0), ev->sha256) != 0, ERR_CONFLICT,
		"this very policy is in force already, as version %lld", (long long)latest);
	TRY(policy_load(ev->content, &policy));
	same_name = strcmp(policy_id(policy), ev->subject) == 0;
	policy_free(policy);
	ENSURE(same_name, ERR_INVALID, "questions.json is of another policy than \"%s\"",
		ev->subject);
	return OK;
}

/* What pages show of a policy, so that they need not read all of its questions. */
static enum err about(const struct event *ev, struct buf *out)
{
	static const char *const members[] = {"title", "about", "not_binding", "source", "levels"};
	struct policy *policy;
	json_t *shown = json_object();

	TRY(policy_load(ev->content, &policy));
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
	struct policies ps = {0};
	AUTO(rows) rows = {0};
	AUTO(buf) lines = BUF(64 * KIB);

	TRY(db_query(st->db, &sql[IN_FORCE], BIND_NONE, &rows));
	while (rows_next(&rows))
		policies_name_add(&lines, rows_text(&rows, 0), rows_text(&rows, 2));
	TRY(rows_end(&rows));
	policies_name_end(&lines, ps.key);
	return db_run(st->db, &sql[SET], BIND(text(ps.key)));
}

enum err policy_adopted_fold(struct state *st, const struct event *ev)
{
	AUTO(buf) shown = BUF(POLICY_MAX);

	TRY(about(ev, &shown));
	TRY(db_run(st->db, &sql[END],
		BIND(text(ev->subject), num((int64_t)ev->index), text(ev->at))));
	TRY(db_run(st->db, &sql[ADOPT],
		BIND(text(ev->subject), num(event_num(ev, "version")), text(ev->sha256),
			text(buf_text(&shown)), num((int64_t)ev->index), text(ev->at))));
	return fold_set(st);
}

enum err policy_retired_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, &sql[CURRENT], BIND(text(ev->subject)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no policy \"%s\" is in force", ev->subject);
	TRY(e);
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err policy_retired_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, &sql[RETIRE],
		BIND(text(ev->subject), num((int64_t)ev->index), text(ev->sha256),
			text(ev->at))));
	return fold_set(st);
}

/* --- those in force --- */

void policies_name_add(struct buf *lines, const char *id, const char *sha256)
{
	buf_printf(lines, "%s %s\n", id, sha256);
}

void policies_name_end(const struct buf *lines, char key[65])
{
	struct sha256 hash = sha256_of(buf_text(lines), lines->len);

	if (lines->len)
		sha256_hex(&hash, key);
	else
		key[0] = '\0';
}

void policies_done(struct policies *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		policy_free(ps->all[i].policy);
	free(ps->all);
	*ps = (struct policies){0};
}

const struct in_force *policies_find(const struct policies *ps, const char *id)
{
	for (size_t i = 0; i < ps->n; i++)
		if (strcmp(policy_id(ps->all[i].policy), id) == 0)
			return &ps->all[i];
	return NULL;
}

void policies_name(struct policies *ps)
{
	AUTO(buf) lines = BUF(64 * KIB);

	for (size_t i = 0; i < ps->n; i++)
		policies_name_add(&lines, policy_id(ps->all[i].policy), ps->all[i].sha256);
	policies_name_end(&lines, ps->key);
}

enum err policies_key(struct db *db, char key[65])
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, &sql[GET_SET], BIND_NONE, &row);

	key[0] = '\0';
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	snprintf(key, 65, "%s", rows_text(&row, 0));
	return OK;
}

static enum err read_policy(const struct store *store, const char *sha256, struct policy **out)
{
	json_auto_t *content = NULL;
	AUTO(buf) bytes = BUF(POLICY_MAX);
	struct sha256 hash;

	TRY(sha256_from_hex(sha256, &hash));
	TRY(store->ops->content(store->self, &hash, &bytes));
	TRY(json_read(buf_text(&bytes), bytes.len, POLICY_MAX, RULES_STRICT, &content));
	return policy_load(content, out);
}

static enum err read_all(struct db *db, const struct store *store, struct policies *ps)
{
	AUTO(rows) rows = {0};

	TRY(db_query(db, &sql[IN_FORCE], BIND_NONE, &rows));
	while (rows_next(&rows)) {
		struct in_force *one;

		ps->all = mem_resize(ps->all, (ps->n + 1) * sizeof(*ps->all));
		one = &ps->all[ps->n];
		*one = (struct in_force){.version = rows_int(&rows, 1)};
		snprintf(one->sha256, sizeof(one->sha256), "%s", rows_text(&rows, 2));
		TRY(read_policy(store, one->sha256, &one->policy));
		ps->n++;
	}
	TRY(rows_end(&rows));
	policies_name(ps);
	return OK;
}

enum err policies_refresh(struct db *db, const struct store *store, struct policies *ps)
{
	struct policies new = {0};
	char key[65];
	enum err e;

	TRY(policies_key(db, key));
	if (strcmp(key, ps->key) == 0)
		return OK;
	e = read_all(db, store, &new);
	if (e != OK) {
		policies_done(&new);
		return e;
	}
	policies_done(ps);
	*ps = new;
	return OK;
}
