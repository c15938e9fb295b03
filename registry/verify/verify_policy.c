/* Checks that as many witnesses cosigned the checkpoint as the policy requires. */
#include "registry/event/log_key.h"
#include "registry/verify/verify_parts.h"

static enum err is_listed(
	const struct verify *v, struct db *model, const struct vkey *key, bool *out)
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
	/* The policy names the key, so it counts as given. */
	if (v->policy->logs_n && out->trust == KEY_ON_TRUST)
		out->trust = KEY_GIVEN;
	return OK;
}

void quorum_done(struct quorum *q)
{
	buf_done(&q->note);
	buf_done(&q->lines);
}

enum err quorum_ask(const struct source *source, struct buf *cosigned)
{
	enum err e = source->ops->cosigned(source->self, cosigned);

	if (e == ERR_NOT_FOUND)
		buf_clear(cosigned);
	return e == ERR_NOT_FOUND ? OK : e;
}

static void take(const struct tlog_policy *policy, const struct log_keys *keys,
	const struct checkpoint *cp, const struct note *note, struct quorum *out)
{
	out->checkpoint = *cp;
	out->note = BUF(NOTE_MAX);
	out->lines = BUF(NOTE_MAX);
	buf_add(&out->note, note->text, note->text_len);
	buf_putc(&out->note, '\n');
	for (size_t i = 0; i < keys->n; i++)
		note_keep(note, &keys->key[i], &out->note);
	tlog_policy_lines(policy, note, &out->lines);
}

static enum err open_by_one(
	const struct log_keys *keys, const struct buf *note, struct checkpoint *out)
{
	enum err e = ERR_NOT_FOUND;

	for (size_t i = 0; i < keys->n && e == ERR_NOT_FOUND; i++)
		e = checkpoint_open(buf_text(note), note->len, &keys->key[i], out);
	return e;
}

enum err quorum_find(const struct tlog_policy *policy, const struct log_keys *keys,
	const struct checkpoint *newest, const struct buf *note, const struct buf *cosigned,
	struct quorum *out)
{
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	struct policy_verdict verdict;
	struct checkpoint before;

	TRY(note_parse(buf_text(note), note->len, parsed));
	TRY(tlog_policy_judge(policy, parsed, &out->verdict));
	if (out->verdict.met) {
		take(policy, keys, newest, parsed, out);
		return OK;
	}
	if (!cosigned->len || open_by_one(keys, cosigned, &before) != OK || !before.size ||
		before.size >= newest->size)
		return OK;
	TRY(note_parse(buf_text(cosigned), cosigned->len, parsed));
	TRY(tlog_policy_judge(policy, parsed, &verdict));
	if (!verdict.met)
		return OK;
	out->verdict = verdict;
	take(policy, keys, &before, parsed, out);
	return OK;
}
