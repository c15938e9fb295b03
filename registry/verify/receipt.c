#include "registry/verify/receipt.h"

#include "audit/proof.h"
#include "base/crypto.h"
#include "base/sha256.h"

#include <inttypes.h>
#include <string.h>

void receipt_done(struct receipt *r)
{
	event_done(&r->event);
	buf_done(&r->entry);
	buf_done(&r->content);
}

static void keep(struct buf *out, const char *text)
{
	*out = BUF(MIB);
	buf_puts(out, text);
}

/* Only canonical bytes are valid; otherwise a byte of the file could change without effect. */
static enum err check_spelling(const json_t *extra, const struct buf *bytes)
{
	AUTO(buf) again = BUF(PROOF_EXTRA_MAX);
	size_t known = json_str(extra, "content") ? 2 : 1;

	ENSURE(json_str(extra, "entry") && json_object_size(extra) == known, ERR_FALSE,
		"what the receipt carries is not {\"content\": …, \"entry\": …}");
	json_canonical(extra, &again);
	ENSURE(again.len == bytes->len && memcmp(again.data, bytes->data, again.len) == 0,
		ERR_FALSE, "what the receipt carries is not spelled as receipts are");
	return OK;
}

static enum err take_carried(const struct proof *proof, struct receipt *out)
{
	const struct buf *bytes = &proof->extra;
	json_auto_t *extra = NULL;

	if (!proof->has_extra)
		return OK;
	ENSURE(json_read(buf_text(bytes), bytes->len, PROOF_EXTRA_MAX, RULES_LOOSE, &extra) == OK,
		ERR_FALSE, "what the receipt carries is not JSON: %s", err_why());
	TRY(check_spelling(extra, bytes));
	keep(&out->entry, json_str(extra, "entry"));
	if (json_str(extra, "content"))
		keep(&out->content, json_str(extra, "content"));
	return OK;
}

static enum err take_named(const struct buf *named, struct buf *out, const char *what)
{
	if (!named)
		return OK;
	ENSURE(!out->len ||
			(out->len == named->len && memcmp(out->data, named->data, out->len) == 0),
		ERR_FALSE, "the %s that was named is not the one that the receipt carries",
		err_text(what));
	buf_done(out);
	*out = BUF(MIB);
	buf_add(out, buf_text(named), named->len);
	return buf_check(out, what);
}

/* The cosignatures of a note, if there is a policy to check them against. */
static enum err check_cosigned(
	const struct receipt_files *files, const struct note *note, struct receipt *out)
{
	AUTO(buf) missing = BUF(16 * KIB);
	const struct tlog_policy *policy = files->policy;

	out->others = note->sigs_n - 1;
	if (!policy)
		return OK;
	ENSURE(tlog_policy_lists(policy, files->key), ERR_FALSE,
		"the key of %s is not among the logs of the policy", files->key->name);
	TRY(tlog_policy_judge(policy, note, &out->verdict));
	tlog_policy_names(policy, &out->verdict, false, &missing);
	ENSURE(out->verdict.met, ERR_FALSE,
		"not enough witnesses cosigned the checkpoint: %s did not", buf_text(&missing));
	for (size_t i = 0; i < policy->witnesses_n; i++)
		out->others -= out->verdict.cosigned[i];
	return OK;
}

/* After a change of keys a log has signatures of several keys with one name. A signature by another
 * one does not disprove the receipt: the given key just cannot verify it. */
static enum err not_signed(const struct note *note, const struct vkey *key)
{
	for (size_t i = 0; i < note->sigs_n; i++) {
		const struct note_sig *sig = &note->sigs[i];
		char is[9], given[9];

		hex_text(sig->id, sizeof(sig->id), is);
		hex_text(key->id, sizeof(key->id), given);
		ENSURE(sig->name_len != strlen(key->name) ||
				memcmp(sig->name, key->name, sig->name_len) != 0,
			ERR_NOT_FOUND,
			"the checkpoint is signed by another key named %s, number %s; the key that "
			"was named is number %s: name the key of that time, /log/keys lists all",
			key->name, is, given);
	}
	return fail(ERR_FALSE, "the checkpoint is not signed by the key of %s", key->name);
}

static enum err check_signed(
	const struct proof *proof, const struct receipt_files *files, struct receipt *out)
{
	const struct buf *text = &proof->checkpoint;
	const struct vkey *key = files->key;
	struct note note;
	enum err e = checkpoint_open(buf_text(text), text->len, key, &out->checkpoint);

	ENSURE(e == OK || e == ERR_NOT_FOUND, ERR_FALSE, "the checkpoint: %s", err_why());
	TRY(note_parse(buf_text(text), text->len, &note));
	if (e == ERR_NOT_FOUND)
		return not_signed(&note, key);
	return check_cosigned(files, &note, out);
}

static enum err check_included(const struct proof *proof, struct receipt *out)
{
	const struct checkpoint *cp = &out->checkpoint;
	struct sha256 leaf = merkle_leaf(buf_text(&out->entry), out->entry.len);

	ENSURE(merkle_check_inclusion(proof->index, cp->size, &leaf, &proof->path, &cp->root) == OK,
		ERR_FALSE, "this entry is not entry %" PRIu64 " of the signed log: %s",
		proof->index, err_why());
	out->index = proof->index;
	return OK;
}

static enum err check_content(struct receipt *out)
{
	const struct event *ev = &out->event;
	const struct buf *bytes = &out->content;
	struct sha256 said, is = sha256_of(buf_text(bytes), bytes->len);
	int64_t size = ev->content_size;

	if (!bytes->len)
		return OK;
	ENSURE(ev->sha256, ERR_FALSE, "the entry speaks of no content, but there is one");
	TRY(sha256_from_hex(ev->sha256, &said));
	ENSURE((int64_t)bytes->len == size, ERR_FALSE,
		"the content has %zu bytes; the entry speaks of one of %" PRId64, bytes->len, size);
	ENSURE(sha256_equal(&said, &is), ERR_FALSE,
		"the content is not the one that the entry speaks of: its SHA-256 is another");
	TRY(json_read(bytes->data, bytes->len, MIB, RULES_STRICT, &out->event.content));
	out->has_content = true;
	return OK;
}

static enum err check(
	const struct receipt_files *files, const struct proof *proof, struct receipt *out)
{
	TRY(take_carried(proof, out));
	TRY(take_named(files->entry, &out->entry, "entry"));
	TRY(take_named(files->content, &out->content, "content"));
	ENSURE(out->entry.len, ERR_INVALID,
		"this proof carries no entry: name it with --entry (it is at /log/entry/%" PRIu64
		")",
		proof->index);
	TRY(check_signed(proof, files, out));
	TRY(check_included(proof, out));
	/* A signed entry is in the log even if it cannot be parsed. */
	ENSURE(event_parse(out->entry.data, out->entry.len, &out->event) == OK, ERR_FALSE,
		"entry %" PRIu64 " is in the signed log, but is not an event: %s", proof->index,
		err_why());
	return check_content(out);
}

enum err receipt_check(const struct receipt_files *files, struct receipt *out)
{
	AUTO(proof) proof = {0};
	AUTO(receipt) r = {0};

	TRY(proof_parse(buf_text(files->proof), files->proof->len, &proof));
	TRY(check(files, &proof, &r));
	*out = TAKE(r);
	return OK;
}
