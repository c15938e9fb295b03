/* submit.h - requests of pages to the running register, beyond its read model. */
#pragma once
#include "registry/office/office.h"
#include "web/view/request.h"

/* Files a citizen's question and waits until it is durable and under a signed checkpoint. `system`
 * (NULL: about none), `name` and `email` may be NULL; `text` has passed the form's checks.
 * `consultation` is the entry of the consultation that it answers, or -1. `receipt` receives the
 * code with which its sender finds it again. ERR_NOT_FOUND: no such system; ERR_LIMITED: this
 * client asks too often; ERR_BUSY. */
MUST_CHECK enum err submit_question(struct request *rq, const char *system, const char *text,
	const char *name, const char *email, const char *lang, int64_t consultation,
	char receipt[RECEIPT_CODE + 1]);
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
