#include "web/pages/record_check.h"
#include "base/locked.h"

#include "base/env.h"
#include "registry/policy/judgement.h"
#include "registry/standard/standard.h"

enum err record_check_standard(const struct request *rq, const json_t *record, json_t *problems)
{
	char latest[TIME_TEXT];
	enum err e;

	time_latest(site_now(rq->site), latest);
	e = standard_check_by(rq->standard, record, NEED_ALL, latest, problems);
	return e == ERR_INVALID ? OK : e;
}

static enum err judge(struct request *rq, const json_t *record, json_t *problems, json_t **out)
{
	struct site *site = rq->site;
	json_auto_t *sound = NULL;
	enum err e;

	if (!judgement_sound(record, problems, &sound)) {
		*out = json_null();
		return OK;
	}
	/* One judge serves all requests: they are rate-limited, and each takes a millisecond. */
	LOCKED(&site->judging);
	e = policies_refresh(rq->snap, &site->in_force);
	if (e == OK)
		e = judge_record(site->judge, &site->in_force, sound, out);
	if (e == OK)
		judgement_check(&site->in_force, sound, *out, problems);
	if (e == OK)
		judgement_check_names(&site->in_force, sound, problems);
	return e;
}

enum err record_check(
	struct request *rq, const json_t *record, json_t *problems, json_t **judgement)
{
	TRY(record_check_standard(rq, record, problems));
	return judge(rq, record, problems, judgement);
}
