/* page_verify.c - /{lang}/verify: how anybody verifies this register with independent tools. */
#include "registry/event/log_key.h"
#include "web/pages/pages.h"
#include "web/pages/submit.h"
#include "web/view/parts.h"
#include "web/witness/witnesses.h"

#include <string.h>

/* The age of a cosignature: a register with old ones may be frozen. */
static json_t *age(const struct request *rq, int64_t time)
{
	int64_t minutes = (site_now(rq->site) - time) / 60;

	if (minutes < 2) /* also if its clock is ahead of ours */
		return json_make("{s:b}", "now", true);
	if (minutes < 2 * 60)
		return json_make("{s:o}", "minutes", view_number((json_int_t)minutes));
	if (minutes < 2 * 24 * 60)
		return json_make("{s:o}", "hours", view_number((json_int_t)(minutes / 60)));
	return json_make("{s:o}", "days", view_number((json_int_t)(minutes / (24 * 60))));
}

static json_t *witness(const struct request *rq, const struct policy_witness *w, int64_t time)
{
	AUTO(buf) vkey = BUF(KIB);
	char at[TIME_TEXT];

	vkey_text(&w->key, &vkey);
	time_text(time, at);
	return json_make("{s:s,s:s?,s:b,s:o,s:o}", "name", w->key.name, "vkey",
		w->checkable ? buf_text(&vkey) : NULL, "uncheckable", !w->checkable, "when",
		time ? view_time(rq, at) : json_null(), "age", time ? age(rq, time) : json_null());
}

/* Witnesses with proof of a different tree. */
static json_t *alarms(const struct request *rq)
{
	struct witnesses *all = rq->site->witnesses;
	struct witness_status status[POLICY_WITNESSES];
	const struct tlog_policy *policy;
	json_t *list = json_array();

	if (!all)
		return list;
	policy = witnesses_policy(all);
	witnesses_status(all, status);
	for (size_t i = 0; i < policy->witnesses_n; i++)
		if (status[i].proved)
			json_push(
				list, json_make("{s:s,s:o}", "name", policy->witnesses[i].key.name,
					      "size", view_number((json_int_t)status[i].proved)));
	return list;
}

/* If the newest checkpoint lacks a quorum: how old the newest with one is; else null. */
static json_t *last_with_quorum(const struct request *rq, const struct tlog_policy *policy)
{
	const struct store *store = &rq->snap->log;
	AUTO(buf) note = BUF(NOTE_MAX);
	struct policy_verdict verdict;
	struct checkpoint cp;
	struct note parsed;
	json_t *last;

	if (store->ops->cosigned(store->self, &note) != OK ||
		note_parse(buf_text(&note), note.len, &parsed) != OK ||
		checkpoint_parse(parsed.text, parsed.text_len, &cp) != OK)
		return json_null();
	last = view_number((json_int_t)cp.size);
	if (tlog_policy_judge(policy, &parsed, &verdict) == OK && verdict.since)
		json_put(last, "age", age(rq, verdict.since));
	return last;
}

/* The cosignatures on the checkpoint of this page, and the missing ones; null without a policy. */
static json_t *witnesses(const struct request *rq, const char *note)
{
	const struct tlog_policy *policy =
		rq->site->witnesses ? witnesses_policy(rq->site->witnesses) : NULL;
	struct policy_verdict verdict;
	struct note parsed;
	json_t *list;

	if (!policy || note_parse(note, strlen(note), &parsed) != OK ||
		tlog_policy_judge(policy, &parsed, &verdict) != OK)
		return json_null();
	list = json_array();
	for (size_t i = 0; i < policy->witnesses_n; i++)
		json_push(list, witness(rq, &policy->witnesses[i], verdict.time[i]));
	return json_make("{s:b,s:o,s:o}", "met", verdict.met, "list", list, "last",
		verdict.met ? json_null() : last_with_quorum(rq, policy));
}

/* The log's keys, if there was ever more than one; else null. */
static enum err keys(const struct request *rq, json_t **out)
{
	json_auto_t *told = NULL;
	json_t *list;

	*out = json_null();
	TRY(log_keys_json(rq->snap, &told));
	list = json_object_get(told, "keys");
	if (!json_array_size(list))
		return OK;
	json_each (list, one) {
		json_put(one, "is_first",
			json_boolean(!json_is_integer(json_object_get(one, "added"))));
		json_put(one, "is_over",
			json_boolean(json_is_integer(json_object_get(one, "retired"))));
	}
	*out = json_make("{s:O}", "list", list);
	return OK;
}

enum err page_verify(struct request *rq, struct response *rs)
{
	json_t *checkpoint = NULL, *row = NULL, *view = json_object();
	enum err e = submit_checkpoint(rq, &checkpoint);

	if (e && err_kind(e)->ours) {
		json_decref(view);
		return e;
	}
	json_put(view, "title", json_text(message(rq, "verify_title")));
	json_put(view, "description", json_text(message(rq, "verify_lead")));
	json_put(view, "alarms", alarms(rq));
	json_put(view, "base", json_text(rq->site->base));
	json_put(view, "checkpoint", checkpoint ? checkpoint : json_null());
	json_put(view, "witnesses",
		checkpoint ? witnesses(rq, json_str(checkpoint, "note")) : json_null());
	if (keys(rq, &row) == OK)
		json_put(view, "keys", row);
	json_put(view, "entries", view_number(checkpoint ? json_num(checkpoint, "size") : 0));
	json_put(view, "in_verify", json_true());
	return page_render(rq, rs, "verify.html", view);
}
