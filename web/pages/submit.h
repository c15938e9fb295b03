/* submit.h - requests of pages to the running register, beyond its read model. */
#pragma once
#include "registry/office/office.h"
#include "web/view/request.h"

struct question {
	const char *system; /* NULL: about none */
	const char *text;   /* has passed the form's checks */
	const char *name;   /* NULL or "": none, like the next */
	const char *email;
	const char *lang;
	int64_t consultation; /* the entry of the consultation that it answers, or -1 */
	const char *once;     /* the form's own receipt code (web/static/ask.js), or NULL */
	char receipt[RECEIPT_CODE + 1]; /* receives the code with which its sender finds it again */
	bool kept; /* with ERR_BUSY: it is stored, and its receipt will be there soon */
};
/* Files a citizen's question and waits until it is durable and under a signed checkpoint. If the
 * same text was sent with the same `once` before, that question's receipt is the answer. The caller
 * chooses that code: whoever knows it may read and withdraw the question anyway. ERR_NOT_FOUND: no
 * such system; ERR_LIMITED: this client asks too often; ERR_BUSY. */
MUST_CHECK enum err submit_question(struct request *rq, struct question *q);
/* The question of a receipt, published or not, as from query_question(), with "has_email": bool.
 * ERR_NOT_FOUND. */
MUST_CHECK enum err submit_find(struct request *rq, const char *receipt, json_t **out);
/* The tlog-proof of the entry that received it. */
MUST_CHECK enum err submit_receipt_proof(struct request *rq, const char *receipt, struct buf *out);
/* Erases the e-mail address of the question; OK if there is none. */
MUST_CHECK enum err submit_forget(struct request *rq, const char *receipt);
/* Days for which an e-mail address is kept after its question, whatever became of that. */
#define CONTACT_DAYS 90
/* Erases older addresses, and networks of before the last day (registry/write/private.h), without
 * waiting. The server calls it at its start and every hour. */
void submit_expiry(struct site *site);
/* Records the withdrawal, which erases the question's text and address. ERR_NOT_FOUND;
 * ERR_CONFLICT: it was withdrawn before. */
MUST_CHECK enum err submit_withdraw(struct request *rq, const char *receipt);

/* The newest checkpoint: {"note", "origin", "size", "root", "vkey"}; root in base64. */
MUST_CHECK enum err submit_checkpoint(struct request *rq, json_t **out);

/* The C2SP tlog-proof of an entry under the newest checkpoint; `extra` may be NULL. */
MUST_CHECK enum err submit_proof(
	struct request *rq, uint64_t index, const struct buf *extra, struct buf *out);
