/* Is the checkpoint cosigned by as many witnesses as the policy asks for? */
#include "registry/log_key.h"
#include "registry/verify_parts.h"

static enum err is_listed(const struct verify *v, struct db *model, const struct vkey *key, bool *out)
{
	*out = tlog_policy_lists(v->policy, key);
	for (size_t i = 0; i < v->policy->logs_n && !*out; i++)
		TRY(log_key_known(model, &v->policy->logs[i].key, out));
	return OK;
}

enum err policy_check_keys(const struct verify *v, struct db *model, struct verified *out)
{
	bool listed;

	if (!v->policy || !v->policy_given)
		return OK;
	TRY(is_listed(v, model, &out->from, &listed));
	ENSURE(listed, ERR_FALSE, "the key of %s is not among the logs of the policy",
		out->key.name);
	/* Whoever gave the policy named the key with it. */
	if (v->policy->logs_n && out->trust == KEY_ON_TRUST)
		out->trust = KEY_GIVEN;
	return OK;
}

enum err policy_judge(const struct verify *v, const struct buf *note, struct verified *out)
{
	struct note parsed;

	if (!v->policy)
		return OK;
	TRY(verify_found(note_parse(buf_text(note), note->len, &parsed), "the checkpoint"));
	TRY(verify_found(tlog_policy_judge(v->policy, &parsed, &out->verdict), "the checkpoint"));
	out->judged = true;
	return OK;
}

enum err policy_end(const struct verify *v, const struct verified *out)
{
	AUTO(buf) missing = BUF(16 * KIB);

	if (!v->policy || out->verdict.met)
		return OK;
	tlog_policy_names(v->policy, &out->verdict, false, &missing);
	return fail(ERR_FALSE, "not enough witnesses cosigned the checkpoint: %s did not",
		buf_text(&missing));
}
