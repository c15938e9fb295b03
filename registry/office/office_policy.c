/* The office's operations on policies: adopting, retiring, and listing what changed. */
#include "base/zone.h"
#include "registry/event/fold.h"
#include "registry/event/logged.h"
#include "registry/office/office_parts.h"
#include "registry/policy/judgement.h"
#include "registry/query/query.h"
#include "registry/query/query_parts.h"
#include "registry/query/work.h"

#include <string.h>

#define BATCH 64 /* records judged again in one transaction; other writes come in between */

SQL(LIST, "office_policy.list",
	"SELECT id AS policy, version, sha256, entry, at, until_entry IS NULL AS \"in_force:bool\""
	" FROM policy ORDER BY id, version",
	"a register has a handful of policies");
SQL(LAST, "office_policy.last",
	"SELECT sha256 FROM judgement WHERE system = ?1 AND version = ?2"
	" ORDER BY entry DESC LIMIT 1");
SQL(STALE, "office_policy.stale",
	"SELECT slug, version FROM system WHERE version > 0 AND state <> 'retired'"
	" AND judged_by <> ?1 LIMIT ?2",
	"reads every system at the end of a judging; 10,000 take a millisecond or two");
SQL(STALE_N, "office_policy.stale_n",
	"SELECT count(*) FROM system WHERE version > 0 AND state <> 'retired'"
	" AND judged_by <> (SELECT coalesce(max(key), '') FROM policy_set)",
	"reads every system, when somebody asks how far the judging is");
SQL(NEXT, "office_policy.next", "SELECT coalesce(max(version), 0) + 1 FROM policy WHERE id = ?1");
SQL(SHOWN, "office_policy.shown",
	"SELECT slug, department, name FROM system WHERE version > 0 AND state <> 'retired'"
	" ORDER BY slug",
	"reads every published system, when the office asks what waits");

static enum err load_named(const json_t *request, struct policy **out)
{
	const char *named = json_str(request, "policy") ? json_str(request, "policy") : "";
	enum err e;

	TRY(policy_load(json_object_get(request, "content"), out));
	if (strcmp(policy_id(*out), named) == 0)
		return OK;
	e = fail(ERR_INVALID, "the policy's own id is \"%s\", not \"%s\"", policy_id(*out), named);
	policy_free(TAKE(*out));
	return e;
}

enum err office_policy_try(const json_t *request)
{
	struct in_force p = {.sha256 = "trial"};
	struct judge *judge;
	enum err e;
	size_t n;

	TRY(load_named(request, &p.policy));
	judge = judge_new(reg_program()); /* not the register's: this one is only for the trial */
	e = judge_cases(judge, &p, &n);
	if (e != OK)
		e = fail(e == ERR_SYSTEM ? e : ERR_INVALID, "%s", err_why());
	judge_free(judge);
	policy_free(p.policy);
	return e;
}

static enum err adopt(
	struct tx *tx, const struct policy *policy, const json_t *content, json_t *reply)
{
	int64_t version;

	TRY(db_int(tx_state(tx)->db, NEXT, BIND(text(policy_id(policy))), &version));
	json_put(reply, "policy", json_text(policy_id(policy)));
	json_put(reply, "version", json_integer(version));
	json_put(reply, "cases", json_integer((json_int_t)json_array_size(policy_cases(policy))));
	return office_add(tx,
		(struct draft){.type = "policy.adopted",
			.subject = policy_id(policy),
			.members = json_make("{s:I}", "version", (json_int_t)version),
			.content = json_deep_copy(content)},
		reply);
}

enum err office_policy_adopt(struct tx *tx, const json_t *request, json_t *reply)
{
	struct policy *policy;
	enum err e;

	TRY(load_named(request, &policy));
	e = adopt(tx, policy, json_object_get(request, "content"), reply);
	policy_free(policy);
	return e;
}

/* --- judging again --- */

static enum err last_judgement(struct tx *tx, const char *slug, int64_t version, json_t **out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(tx_state(tx)->db, LAST, BIND(text(slug), num(version)), &row);

	*out = NULL;
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	return state_content(tx_state(tx), rows_text(&row, 0), out);
}

/* Counts the records that do not answer a policy's questions; their next filings must. */
static void count_unanswered(const json_t *record, const json_t *judgement, json_t *reply)
{
	const json_t *facts = json_object_get(record, "assessments");
	json_t *counts = json_object_get(reply, "unanswered");

	json_each (json_object_get(judgement, "policies"), one) {
		const char *policy = json_str(one, "policy");

		if (!json_is_object(json_object_get(facts, policy)))
			json_put(counts, policy, json_integer(json_num(counts, policy) + 1));
	}
}

static enum err judge_system(struct tx *tx, const char *slug, int64_t version, json_t *reply)
{
	json_auto_t *record = NULL, *nothing = json_object(), *before = NULL;
	json_t *judgement = NULL;

	TRY(system_record(tx_state(tx), slug, &record));
	/* An erased record has no answers; what it said before does not count. */
	if (record)
		TRY(last_judgement(tx, slug, version, &before));
	TRY(tx_judge(tx, slug, record ? record : nothing, before, &judgement));
	if (!judgement) /* the last policy was retired */
		judgement = json_make("{s:n,s:[]}", "level", "policies");
	count_unanswered(record, judgement, reply);
	json_put(reply, "judged", json_integer(json_num(reply, "judged") + 1));
	return tx_add(tx,
		(struct draft){.type = "system.judged",
			.by = "register",
			.subject = slug,
			.members = json_make("{s:I}", "version", (json_int_t)version),
			.content = judgement},
		NULL);
}

static enum err list_stale(struct tx *tx, json_t *out)
{
	AUTO(rows) rows = {0};
	char key[65];

	TRY(policies_key(tx_state(tx)->db, key));
	TRY(db_query(tx_state(tx)->db, STALE, BIND(text(key), num(BATCH)), &rows));
	while (rows_next(&rows))
		json_push(out, json_make("{s:s,s:I}", "slug", rows_text(&rows, 0), "version",
				       (json_int_t)rows_int(&rows, 1)));
	return rows_end(&rows);
}

enum err office_rejudge(struct tx *tx, const json_t *request, json_t *reply)
{
	json_auto_t *stale = json_array();
	int64_t left;

	json_put(reply, "judged", json_integer(0));
	json_put(reply, "unanswered", json_object());
	TRY(list_stale(tx, stale));
	json_each (stale, one) {
		enum err e =
			judge_system(tx, json_str(one, "slug"), json_num(one, "version"), reply);

		if (!tx_runs_again(tx)) /* the first run asks for all judgements at once */
			if (e != ERR_NOT_FOUND)
				TRY(e);
	}
	TRY(db_int(tx_state(tx)->db, STALE_N, BIND_NONE, &left));
	json_put(reply, "left", json_integer(left));
	return OK;
}

static enum err judge_now(struct reg *reg, const struct snapshot *snap, const char *system,
	const json_t *record, const struct policies *ps, json_t **out)
{
	AUTO(state) state = state_of(snap);
	struct logged_of of = {.system = system};
	json_auto_t *given = NULL;
	char now[TIME_TEXT];

	time_text(env_now(reg_env(reg)), now);
	of.at = now;
	TRY(logged_given(&state, &of, record, ps, &given));
	return reg_judge(reg, ps, record, given, out);
}

enum err office_judge(struct reg *reg, const struct snapshot *snap, const char *system,
	const json_t *record, json_t *reply)
{
	AUTO(policies) ps = {0};
	json_t *judgement = NULL;

	TRY(policies_refresh(snap, &ps));
	if (ps.n)
		TRY(judge_now(reg, snap, system, record, &ps, &judgement));
	json_put(reply, "judgement", judgement);
	return OK;
}

/* --- lists --- */

/* The words of the duties of a system's latest judgement: {id: texts}. */
static enum err duties_of(const struct snapshot *snap, const char *slug, json_t **out)
{
	json_auto_t *version = NULL, *latest = NULL;

	*out = json_object();
	TRY(query_version(snap, slug, 0, &version));
	TRY(query_judgement(snap, slug, json_num(version, "n"), NULL, &latest));
	json_each (json_object_get(json_object_get(latest, "judgement"), "policies"), policy)
		json_each (json_object_get(policy, "duties"), duty)
			if (json_object_get(duty, "text"))
				json_put(*out, json_str(duty, "id"),
					json_incref(json_object_get(duty, "text")));
	return OK;
}

static enum err list_changed(const struct snapshot *snap, json_t *list)
{
	json_auto_t *rows = NULL;

	TRY(work_rows(snap, WORK_JUDGED, &(struct work_filter){.limit = -1}, &rows));
	json_each (rows, row) {
		const char *risk = json_str(row, "risk"), *level = json_str(row, "level");
		json_t *duties = NULL;
		enum err e = duties_of(snap, json_str(row, "system"), &duties);

		json_push(list,
			json_make("{s:s,s:s?,s:s?,s:s,s:b,s:O,s:o}", "system",
				json_str(row, "system"), "risk", risk, "level", level, "at",
				json_str(row, "at"), "laxer", risk_rank(risk) < risk_rank(level),
				"changes", json_object_get(row, "changes"), "duties", duties));
		if (e != ERR_NOT_FOUND)
			TRY(e);
	}
	return OK;
}

/* The words for the codes in a reply: {policy: {"title", "levels"}}. */
static enum err add_words(const struct snapshot *snap, json_t *reply)
{
	AUTO(policies) ps = {0};
	json_t *words = json_object();

	json_put(reply, "words", words);
	TRY(policies_refresh(snap, &ps));
	for (size_t i = 0; i < ps.n; i++) {
		const json_t *about = policy_questions(ps.all[i].policy);

		json_put(words, policy_id(ps.all[i].policy),
			json_make("{s:O,s:O}", "title", json_object_get(about, "title"), "levels",
				json_object_get(about, "levels")));
	}
	return OK;
}

enum err office_judged(const struct snapshot *snap, json_t *reply)
{
	json_t *list = json_array();

	json_put(reply, "judged", list);
	TRY(add_words(snap, reply));
	return list_changed(snap, list);
}

/* --- unanswered questions of policies --- */

/* The first questions, for a department that answered none; further ones depend on its answers. */
static json_t *as_if_begun(const json_t *record, const char *policy)
{
	json_t *facts = json_deep_copy(json_object_get(record, "assessments"));

	if (!json_is_object(facts)) {
		json_decref(facts);
		facts = json_object();
	}
	if (!json_is_object(json_object_get(facts, policy)))
		json_put(facts, policy, json_object());
	return json_make("{s:o}", "assessments", facts);
}

static json_t *open_questions(const struct policy *policy, const json_t *record)
{
	json_auto_t *begun = as_if_begun(record, policy_id(policy)), *problems = json_array();
	json_t *asks = json_array();

	policy_check_facts(policy, begun, problems);
	json_each (problems, one) {
		const char *at = json_str(one, "at");

		json_push(asks,
			json_make("{s:s,s:s,s:O*}", "fact",
				at + strlen("assessments.") + strlen(policy_id(policy)) + 1, "rule",
				json_str(one, "rule"), "label", json_object_get(one, "fact")));
	}
	return asks;
}

/* An erased record is asked nothing: the next filing answers. */
static void add_unassessed(
	const struct policies *ps, struct rows *system, const json_t *record, json_t *list)
{
	for (size_t i = 0; record && i < ps->n; i++) {
		const struct policy *policy = ps->all[i].policy;
		json_t *asks = open_questions(policy, record);
		const char *name = rows_text(system, 2);
		bool none = !json_is_object(
			json_object_get(json_object_get(record, "assessments"), policy_id(policy)));

		if (json_array_size(asks) > 0 || none)
			json_push(list,
				json_make("{s:s,s:s,s:o?,s:s,s:I,s:O*,s:b,s:O}", "system",
					rows_text(system, 0), "department", rows_text(system, 1),
					"name", name ? json_loads(name, 0, NULL) : NULL, "policy",
					policy_id(policy), "version",
					(json_int_t)ps->all[i].version, "title",
					json_object_get(policy_questions(policy), "title"),
					"answered", !none, "asks", asks));
		json_decref(asks);
	}
}

enum err office_unassessed(const struct snapshot *snap, json_t *reply)
{
	AUTO(state) state = state_of(snap);
	AUTO(policies) ps = {0};
	AUTO(rows) rows = {0};
	json_t *list = json_array();

	json_put(reply, "unassessed", list);
	TRY(policies_refresh(snap, &ps));
	if (ps.n == 0)
		return OK;
	TRY(db_query(snap->model, SHOWN, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		json_auto_t *record = NULL;

		TRY(system_record(&state, rows_text(&rows, 0), &record));
		add_unassessed(&ps, &rows, record, list);
	}
	return rows_end(&rows);
}

enum err office_duties(struct reg *reg, const struct snapshot *snap, json_t *reply)
{
	int64_t now = env_now(reg_env(reg));
	char today[DAY_TEXT], before[DAY_TEXT];
	json_t *duties;

	zone_day(now, 0, today);
	zone_day(now, DUE_SOON_DAYS + 1, before);
	TRY(query_dues(snap, &(struct due_filter){.before = before, .limit = -1}, &duties));
	json_put(reply, "duties", duties);
	json_put(reply, "duties_within", json_integer(DUE_SOON_DAYS));
	json_each (duties, duty)
		json_put(duty, "days", json_integer(zone_days(today, json_str(duty, "due"))));
	return OK;
}

enum err office_policies(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_t *list;
	int64_t left;

	TRY(query_rows(snap, LIST, BIND_NONE, &list));
	json_put(reply, "policies", list);
	TRY(db_int(snap->model, STALE_N, BIND_NONE, &left));
	json_put(reply, "left", json_integer(left));
	return office_judged(snap, reply);
}
