#include "web/pages/submit.h"

#include "audit/proof.h"
#include "base/crypto.h"
#include "base/env.h"
#include "base/security.h"
#include "registry/office/office.h"
#include "registry/query/query.h"
#include "registry/write/private.h"
#include "web/http/limit.h"

#include <stdlib.h>
#include <string.h>

#define EVERYBODY 1 /* a limit that all clients share */

struct job_question {
	struct job job;
	const struct request *rq;
	const struct question *asked;
};

static bool is_given(const char *text)
{
	return text && *text;
}

static enum err keep_contact(struct tx *tx, const struct job_question *job, const char *id)
{
	AUTO(buf) sealed = BUF(KIB);

	seal(job->rq->site->contact_public, job->asked->email, &sealed);
	TRY(buf_check(&sealed, "the e-mail address"));
	return private_keep_contact(tx, id, sealed.data, sealed.len);
}

static enum err add_question(struct tx *tx, struct job *arg)
{
	struct job_question *job = (struct job_question *)arg;
	const struct client_network *network = &job->rq->network;
	const struct question *q = job->asked;
	json_t *content = json_make("{s:s,s:s}", "text", q->text, "lang", q->lang);
	json_t *members = q->system ? json_make("{s:s}", "system", q->system) : NULL;
	char id[FEEDBACK_ID + 1];

	receipt_id(q->receipt, id);
	if (members && q->consultation >= 0)
		json_put(members, "consultation", json_integer(q->consultation));
	if (is_given(q->name))
		json_put(content, "name", json_text(q->name));
	TRY(tx_add(tx,
		(struct draft){.type = "feedback.received",
			.by = "citizen",
			.subject = id,
			.members = members,
			.content = content},
		NULL));
	if (network->len)
		TRY(private_note_network(tx, id, network->bytes, network->len));
	return is_given(q->email) ? keep_contact(tx, job, id) : OK;
}

/* There are few readers' connections; do not hold one while waiting for the writer. */
static enum err do_without_snapshot(struct request *rq, struct job *job)
{
	struct reg *reg = rq->site->reg;
	enum err e;

	request_read_done(rq);
	e = reg_do(reg, job);
	if (e != OK) {
		char why[ERR_WHY_MAX];

		snprintf(why, sizeof(why), "%s", err_why());
		patience_begin(&rq->patience, rq->site->read_ms, rq->patience.fd);
		TRY(request_read(rq));
		return fail(e, "%s", why);
	}
	return OK; /* a redirect follows: reading again must not hide that it is done */
}

/* A client over its own limit is refused before it uses up the common one. */
static enum err take_share(struct request *rq)
{
	const struct site *site = rq->site;

	if (limit_take(site->limit, rq->client, site_now(site)) != OK) {
		security_event(SECURITY_LIMITED);
		return ERR_LIMITED;
	}
	if (limit_take(site->limit_all, EVERYBODY, site_now(site)) == OK)
		return OK;
	security_event(SECURITY_FLOOD);
	return fail(ERR_BUSY, "more questions come in than this register takes at a time; send it "
			      "again in some minutes");
}

static enum err id_of(const char *receipt, char id[FEEDBACK_ID + 1])
{
	uint8_t code[RECEIPT_CODE / 2];

	ENSURE(hex_parse(receipt, code, sizeof(code)) == OK, ERR_NOT_FOUND,
		"there is no such receipt");
	receipt_id(receipt, id);
	return OK;
}

enum err submit_find(struct request *rq, const char *receipt, json_t **out)
{
	char id[FEEDBACK_ID + 1];
	bool has_email;

	TRY(id_of(receipt, id));
	TRY(query_question(rq->snap, id, FOR_ITS_SENDER, out));
	if (private_has_contact(rq->snap, id, &has_email) != OK)
		has_email = false;
	json_put(*out, "has_email", json_boolean(has_email));
	return OK;
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_same(const json_t *sent, const struct question *q)
{
	return same_text(json_str(sent, "text"), q->text) &&
	       same_text(json_str(sent, "system"), q->system) &&
	       json_is_true(json_object_get(sent, "has_email")) == is_given(q->email);
}

static bool is_code(const char *once)
{
	return once && strlen(once) == RECEIPT_CODE &&
	       strspn(once, "0123456789abcdef") == RECEIPT_CODE;
}

/* Chooses the receipt's code; true if this question was sent before, with this code. A code whose
 * question has another text is not used again: somebody went back and wrote more. */
static bool choose_code(struct request *rq, struct question *q)
{
	json_auto_t *before = NULL;
	uint8_t code[RECEIPT_CODE / 2];
	enum err e = is_code(q->once) ? submit_find(rq, q->once, &before) : OK;
	bool sent = before && is_same(before, q);

	if (sent || e == ERR_NOT_FOUND) {
		memcpy(q->receipt, q->once, sizeof(q->receipt));
		return sent;
	}
	crypto_random(code, sizeof(code));
	hex_text(code, sizeof(code), q->receipt);
	return false;
}

enum err submit_question(struct request *rq, struct question *q)
{
	struct job_question job = {.job.run = add_question, .rq = rq, .asked = q};
	enum err e;

	if (choose_code(rq, q))
		return OK;
	TRY(take_share(rq));
	e = do_without_snapshot(rq, &job.job);
	q->kept = job.job.kept;
	if (e != ERR_CONFLICT || !rq->snap)
		return e;
	/* Perhaps the second click of two that came together. */
	return choose_code(rq, q) ? OK : fail(e, "%s", job.job.why);
}

/* The receipt is self-contained: with the proof it carries the entry and the question with its
 * salt, so that its holder can prove what was sent even if the register never shows it. */
static enum err receipt_extra(
	const struct snapshot *snap, int64_t index, const char *sha256, struct buf *out)
{
	const struct store *store = &snap->log;
	AUTO(buf) entry = BUF(ENTRY_MAX), content = BUF(MIB);
	struct sha256 hash;
	json_t *extra;

	TRY(store->ops->entry(store->self, (uint64_t)index, &entry));
	TRY(sha256_from_hex(sha256, &hash));
	extra = json_make("{s:s}", "entry", buf_text(&entry));
	if (store->ops->content(store->self, &hash, &content) == OK)
		json_put(extra, "content", json_text(buf_text(&content)));
	json_canonical(extra, out);
	json_decref(extra);
	return OK;
}

enum err submit_proof(struct request *rq, uint64_t index, const struct buf *extra, struct buf *out)
{
	const struct store *store = &rq->snap->log;
	struct tile_cache_view view = {.cache = rq->site->tiles, .store = store};
	struct nodes nodes = tile_cache_nodes(&view);
	AUTO(proof)
	proof = {.index = index, .checkpoint = BUF(NOTE_MAX), .extra = BUF(PROOF_EXTRA_MAX)};

	TRY(log_checkpoint(&rq->snap->log, &proof.checkpoint, &view.size));
	ENSURE(index < view.size, ERR_NOT_FOUND, "the log has %llu entries",
		(unsigned long long)view.size);
	TRY(merkle_inclusion(&nodes, index, view.size, &proof.path));
	if (extra) {
		proof.has_extra = true;
		buf_add(&proof.extra, extra->data, extra->len);
		TRY(buf_check(&proof.extra, "the receipt"));
	}
	proof_text(&proof, out);
	return OK;
}

enum err submit_receipt_proof(struct request *rq, const char *receipt, struct buf *out)
{
	AUTO(buf) extra = BUF(PROOF_EXTRA_MAX);
	json_auto_t *question = NULL;
	char id[FEEDBACK_ID + 1];
	int64_t index;

	TRY(id_of(receipt, id));
	TRY(query_question(rq->snap, id, FOR_ITS_SENDER, &question));
	index = json_num(question, "entry");
	TRY(receipt_extra(rq->snap, index, json_str(question, "sha256"), &extra));
	return submit_proof(rq, (uint64_t)index, &extra, out);
}

/* A request of a receipt's holder, done by the office's operation. */
struct job_receipt {
	struct job job;
	enum err (*write)(struct tx *tx, const json_t *request, json_t *reply);
	json_t *request;
};

static enum err run_receipt(struct tx *tx, struct job *job)
{
	const struct job_receipt *r = (struct job_receipt *)job;
	json_auto_t *reply = json_object();

	return r->write(tx, r->request, reply);
}

static enum err do_for_receipt(struct request *rq, const char *receipt,
	enum err (*write)(struct tx *tx, const json_t *request, json_t *reply))
{
	char id[FEEDBACK_ID + 1];
	struct job_receipt r = {.job.run = run_receipt, .write = write};
	enum err e;

	TRY(id_of(receipt, id));
	r.request = json_make("{s:s}", "feedback", id);
	e = do_without_snapshot(rq, &r.job);
	json_decref(r.request);
	return e;
}

enum err submit_forget(struct request *rq, const char *receipt)
{
	return do_for_receipt(rq, receipt, office_forget);
}

enum err submit_withdraw(struct request *rq, const char *receipt)
{
	return do_for_receipt(rq, receipt, office_feedback_withdraw);
}

struct job_expire {
	struct job job;
	char before[TIME_TEXT];
};

static enum err expire(struct tx *tx, struct job *job)
{
	TRY(private_expire(tx));
	return private_expire_contacts(tx, ((struct job_expire *)job)->before);
}

static void expired(struct job *job)
{
	free(job);
}

/* A failed attempt is repeated the next time. */
void submit_expiry(struct site *site)
{
	struct job_expire *x;

	if (reg_original(site->reg)) /* a mirror has none */
		return;
	x = mem_new(sizeof(*x));
	x->job = (struct job){.run = expire, .done = expired};
	time_text(site_now(site) - CONTACT_DAYS * 24 * 3600, x->before);
	if (reg_submit(site->reg, &x->job) != OK)
		free(x);
}

enum err submit_checkpoint(struct request *rq, json_t **out)
{
	AUTO(buf) note = BUF(NOTE_MAX), vkey = BUF(KIB), root = BUF(KIB);
	struct checkpoint cp;
	uint64_t size;

	TRY(log_checkpoint(&rq->snap->log, &note, &size));
	vkey_text(reg_vkey(rq->site->reg), &vkey);
	TRY(checkpoint_open(buf_text(&note), note.len, reg_vkey(rq->site->reg), &cp));
	base64_add(&root, cp.root.bytes, SHA256);
	*out = json_make("{s:s,s:s,s:I,s:s,s:s}", "note", buf_text(&note), "origin", cp.origin,
		"size", (json_int_t)cp.size, "root", buf_text(&root), "vkey", buf_text(&vkey));
	return OK;
}
