/* Judging outside of transactions. A policy's program may take a second, during which the one
 * writer and every question would wait. Therefore a job that needs a judgement is undone; the
 * thread that waits for its outcome has the record judged and submits the job again. */
#include "base/locked.h"
#include "registry/write/writer.h"

#include <stdlib.h>
#include <string.h>

/* Other policies may be in force at each attempt. After this many rounds, the set must be one that
 * the job itself adopts, which is visible only within its transaction. */
#define ROUNDS 3
#define ASKED_MAX MIB

struct verdict {
	char key[65];     /* of the policies that judged, or that are required */
	struct buf asked; /* [record, the programs' input or null, the earlier judgement or null] */
	json_t *judgement; /* NULL until it is made */
};

void judging_done(struct judging *j)
{
	for (size_t i = 0; i < j->n; i++) {
		buf_done(&j->all[i].asked);
		json_decref(j->all[i].judgement);
	}
	free(j->all);
	*j = (struct judging){0};
}

static struct verdict *find(const struct judging *j, const char *key, const struct buf *asked)
{
	for (size_t i = 0; i < j->n; i++) {
		struct verdict *v = &j->all[i];

		if (v->asked.len == asked->len && strcmp(v->key, key) == 0 &&
			memcmp(v->asked.data, asked->data, asked->len) == 0)
			return v;
	}
	return NULL;
}

enum err judging_ask(struct judging *j, const char *key, const json_t *record,
	const struct judge_with *with, json_t **out)
{
	json_auto_t *question = json_make("[O,O?,O?]", record, with->given, with->before);
	struct buf asked = BUF(ASKED_MAX);
	struct verdict *v;

	json_canonical(question, &asked);
	v = find(j, key, &asked);
	if (v && v->judgement) {
		*out = json_deep_copy(v->judgement); /* a later run of the job may ask again */
		buf_done(&asked);
		return OK;
	}
	j->waits = true;
	if (v) {
		buf_done(&asked);
	} else {
		j->all = mem_resize(j->all, (j->n + 1) * sizeof(*j->all));
		j->all[j->n] = (struct verdict){.asked = asked};
		snprintf(j->all[j->n++].key, sizeof(v->key), "%s", key);
	}
	return fail(ERR_CONFLICT, "the record is to be judged first");
}

static enum err give(struct reg *reg, struct verdict *v)
{
	json_auto_t *question = NULL;
	struct judge_with with;

	TRY(json_read(buf_text(&v->asked), v->asked.len, ASKED_MAX, RULES_LOOSE, &question));
	with = (struct judge_with){
		.given = json_array_get(question, 1), .before = json_array_get(question, 2)};
	memcpy(v->key, reg->judging.policies.key, sizeof(v->key));
	return judge_with(reg->judging.judge, &reg->judging.policies, json_array_get(question, 0),
		&with, &v->judgement);
}

/* Reads the policies that readers currently see in force. */
static enum err refresh(struct reg *reg)
{
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(reg, &snap));
	e = policies_refresh(snap, &reg->judging.policies);
	reg_read_done(reg, snap);
	if (!reg->judging.judge)
		reg->judging.judge = judge_new(reg_program());
	return e;
}

enum err judging_run(struct reg *reg, struct judging *j)
{
	enum err e;

	pthread_mutex_lock(&reg->judging.mutex);
	e = refresh(reg);
	for (size_t i = 0; i < j->n && e == OK; i++)
		if (!j->all[i].judgement)
			e = give(reg, &j->all[i]);
	pthread_mutex_unlock(&reg->judging.mutex);
	j->waits = false;
	j->within = ++j->rounds == ROUNDS;
	return e;
}

static bool any_failed(const json_t *judgement)
{
	json_each (json_object_get(judgement, "policies"), one)
		if (json_str(one, "failed"))
			return true;
	return false;
}

/* The judge is kept, because a new one compiles every program, which takes longer than all else on
 * a filing's page. It is another one than the writer's, so that no reader can make a program fail
 * there, and it is not kept after a failure: with a new one each record has all its attempts. The
 * judge's values are its own, as other threads use it later. */
enum err reg_judge(struct reg *reg, const struct policies *ps, const json_t *record,
	const json_t *given, json_t **out)
{
	LOCKED(&reg->shown.mutex);
	json_auto_t *own = json_deep_copy(record), *more = json_deep_copy(given), *judgement = NULL;
	enum err e;

	if (!reg->shown.judge)
		reg->shown.judge = judge_new(reg_program());
	e = judge_with(reg->shown.judge, ps, own, &(struct judge_with){.given = more}, &judgement);
	if (e != OK || any_failed(judgement))
		judge_free(TAKE(reg->shown.judge));
	TRY(e);
	*out = json_deep_copy(judgement);
	return OK;
}
