/* Judging: runs the policies' programs on a record and combines their results. */
#include "registry/policy/judgement.h"

#include "base/languages.h"
#include "base/runner.h"

#include <stdlib.h>
#include <string.h>

/* The result for a record that answers none of a policy's questions is always the same. Thousands
 * of records, most imported ones, are like that. */
struct unassessed {
	char sha256[65];
	json_t *answer;
	struct unassessed *next;
};
struct judge {
	struct runner *runner;
	struct unassessed *unassessed;
};

struct judge *judge_new(const char *program)
{
	struct judge *j = mem_new(sizeof(*j));

	j->runner = runner_new(program);
	return j;
}

void judge_free(struct judge *j)
{
	if (!j)
		return;
	while (j->unassessed) {
		struct unassessed *u = j->unassessed;

		j->unassessed = u->next;
		json_decref(u->answer);
		free(u);
	}
	runner_free(j->runner);
	free(j);
}

/* Programs are cached by hash, because a policy may be adopted again with another one. The id comes
 * first, for messages. The caller frees the name. */
static char *program(struct judge *j, const struct in_force *p)
{
	bool adopted = strlen(p->sha256) == 64;
	char *name = mem_printf("%s/rule.jq%s%.8s%s", policy_id(p->policy), adopted ? " (" : "",
		adopted ? p->sha256 : "", adopted ? ")" : "");

	runner_add(j->runner, name, policy_file(p->policy, "rule.jq"));
	return name;
}

/* Items of a list need names, by which judgements tell them apart. */
static enum err check_named(
	const struct in_force *p, const json_t *answer, const char *list, const char *id)
{
	json_each_at (json_object_get(answer, list), i, item)
		ENSURE(json_str(item, id), ERR_INVALID, "%s/rule.jq: %s[%zu] has no \"%s\"",
			policy_id(p->policy), list, i, id);
	return OK;
}

static enum err check_answer(const struct in_force *p, const json_t *outputs)
{
	const json_t *answer = json_array_get(outputs, 0),
		     *level = json_object_get(answer, "level");
	enum err e;

	ENSURE(json_array_size(outputs) == 1 && json_is_object(answer), ERR_INVALID,
		"%s/rule.jq must give one object; it gave %zu values", policy_id(p->policy),
		json_array_size(outputs));
	ENSURE(level && json_is_array(json_object_get(answer, "reasons")) &&
			json_is_array(json_object_get(answer, "duties")),
		ERR_INVALID, "%s/rule.jq must give \"level\", \"reasons\" and \"duties\"",
		policy_id(p->policy));
	ENSURE(json_is_null(level) || policy_level(p->policy, level), ERR_INVALID,
		"%s/rule.jq gave a level that questions.json does not have", policy_id(p->policy));
	TRY(check_named(p, answer, "reasons", "rule"));
	TRY(check_named(p, answer, "duties", "id"));
	e = judgement_check_due(json_object_get(answer, "duties"));
	ENSURE(e == OK, e, "%s/rule.jq gave a duty no usable day: %s", policy_id(p->policy),
		err_why());
	return OK;
}

/* Runs on the input that the runner received last. */
static enum err ask(struct judge *j, const struct in_force *p, json_t **out)
{
	AUTOFREE char *name = program(j, p);
	json_auto_t *outputs = NULL;

	TRY(runner_run(j->runner, name, &outputs));
	TRY(check_answer(p, outputs));
	*out = json_incref(json_array_get(outputs, 0));
	return OK;
}

enum err judge_run(struct judge *j, const struct in_force *p, const json_t *record, json_t **out)
{
	runner_input(j->runner, record);
	return ask(j, p, out);
}

static json_t *remembered(const struct judge *j, const struct in_force *p)
{
	for (const struct unassessed *u = j->unassessed; u; u = u->next)
		if (strcmp(u->sha256, p->sha256) == 0)
			return u->answer;
	return NULL;
}

static void remember(struct judge *j, const struct in_force *p, json_t *answer)
{
	struct unassessed *u = mem_new(sizeof(*u));

	memcpy(u->sha256, p->sha256, sizeof(u->sha256));
	u->answer = json_incref(answer);
	u->next = j->unassessed;
	j->unassessed = u;
}

static bool has_facts(const json_t *record, const struct in_force *p)
{
	const json_t *all = json_object_get(record, "assessments");

	return json_is_object(json_object_get(all, policy_id(p->policy)));
}

/* Sends the input of this policy alone, and afterwards the record again for the others. */
static enum err ask_given(struct judge *j, const struct in_force *p, const json_t *record,
	const json_t *given, json_t **out)
{
	json_auto_t *with = json_copy((json_t *)record);
	enum err e;

	json_object_update(with, (json_t *)given);
	e = judge_run(j, p, with, out);
	runner_input(j->runner, record);
	return e;
}

/* The runner already has the record, which is sent once for all policies. */
static enum err answer(struct judge *j, const struct in_force *p, const json_t *record,
	const json_t *given, json_t **out)
{
	json_auto_t *nothing = NULL;
	json_t *known;
	enum err e;

	if (has_facts(record, p))
		return given ? ask_given(j, p, record, given, out) : ask(j, p, out);
	known = remembered(j, p);
	if (known) {
		*out = json_incref(known);
		return OK;
	}
	nothing = json_object();
	e = judge_run(j, p, nothing, out);
	runner_input(j->runner, record);
	if (e == OK)
		remember(j, p, *out);
	return e;
}

static void put_failure(json_t *one)
{
	json_put(one, "failed", json_text(err_why()));
	json_put(one, "level", json_null());
	json_put(one, "reasons", json_array());
	json_put(one, "duties", json_array());
}

/* The earlier result, if it is of this very policy and did not fail. */
static json_t *said_before(const json_t *before, const struct in_force *p)
{
	json_each (json_object_get(before, "policies"), one) {
		const char *sha256 = json_str(one, "sha256");

		if (sha256 && strcmp(sha256, p->sha256) == 0 && !json_str(one, "failed"))
			return one;
	}
	return NULL;
}

static const json_t *given_to(const struct judge_with *with, const struct in_force *p)
{
	return json_object_get(with->given, policy_id(p->policy));
}

static enum err judge_one(struct judge *j, const struct in_force *p, const json_t *record,
	const struct judge_with *with, json_t **out)
{
	const json_t *more = given_to(with, p);
	json_auto_t *given = more ? NULL : json_incref(said_before(with->before, p));
	const json_t *level;
	json_t *one;
	const char *lang = err_speak(LANGUAGE_OF_C); /* stored failures are in a fixed language */
	enum err e = given ? OK : answer(j, p, record, more, &given);

	err_speak(lang);
	if (e == ERR_SYSTEM)
		return e;
	one = e == OK ? json_copy(given) : json_object(); /* a copy, because it may be cached */
	if (e != OK)
		put_failure(one);
	level = policy_level(p->policy, json_object_get(one, "level"));
	json_put(one, "policy", json_text(policy_id(p->policy)));
	json_put(one, "version", json_integer(p->version));
	json_put(one, "sha256", json_text(p->sha256));
	json_put(one, "risk", json_text(json_str(level, "risk")));
	*out = one;
	return OK;
}

/* Announces the first policy to be run on this record, if it runs on the record alone. */
static void expect(struct judge *j, const struct policies *ps, size_t from, const json_t *record,
	const struct judge_with *with)
{
	while (from < ps->n && !given_to(with, &ps->all[from]) &&
		(!has_facts(record, &ps->all[from]) || said_before(with->before, &ps->all[from])))
		from++;
	if (from < ps->n && !given_to(with, &ps->all[from])) {
		AUTOFREE char *name = program(j, &ps->all[from]);

		runner_expect(j->runner, name);
	}
}

/* Policies that were adopted had their cases run, so each program compiles alone; those that will
 * run are compiled together. */
static void join(struct judge *j, const struct policies *ps, const struct judge_with *with)
{
	for (size_t i = 0; i < ps->n; i++) {
		const struct in_force *p = &ps->all[i];
		AUTOFREE char *name = NULL;

		if (strlen(p->sha256) != 64 || said_before(with->before, p) || remembered(j, p))
			continue;
		name = program(j, p);
		runner_join(j->runner, name);
	}
}

/* Sets the strictest level, and the shortest time until the next review. */
static void sum_up(json_t *judgement, const json_t *one)
{
	const char *risk = json_str(one, "risk");
	int64_t months = json_num(one, "review_months"),
		shortest = json_num(judgement, "review_months");

	if (risk_rank(risk) > risk_rank(json_str(judgement, "level")))
		json_put(judgement, "level", json_text(risk));
	if (months > 0 && (!shortest || months < shortest))
		json_put(judgement, "review_months", json_integer(months));
}

enum err judge_record(
	struct judge *j, const struct policies *ps, const json_t *record, json_t **out)
{
	return judge_with(j, ps, record, &(struct judge_with){0}, out);
}

enum err judge_with(struct judge *j, const struct policies *ps, const json_t *record,
	const struct judge_with *with, json_t **out)
{
	json_auto_t *judgement = json_make("{s:n,s:[]}", "level", "policies");

	runner_input(j->runner, record);
	join(j, ps, with);
	for (size_t i = 0; i < ps->n; i++) {
		json_t *one;

		expect(j, ps, i + 1, record, with);
		TRY(judge_one(j, &ps->all[i], record, with, &one));
		json_push(json_object_get(judgement, "policies"), one);
		sum_up(judgement, one);
	}
	*out = TAKE(judgement);
	return OK;
}
