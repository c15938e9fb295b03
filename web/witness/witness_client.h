/* witness_client.h - the log's side of C2SP tlog-witness: asks one witness for its cosignature.
 *
 * A witness's answers are not trusted: they are short, every line is verified before use, and a
 * reported size is followed once. */
#pragma once
#include "audit/checkpoint.h"
#include "base/fetch.h"

/* The checkpoint to cosign, and its log. Several threads may call the functions at once. */
struct cosign_request {
	struct checkpoint cp;
	struct note note;        /* the checkpoint as the log signed it */
	const char *signed_text; /* its bytes */
	size_t signed_len;
	void *arg;
	enum err (*prove)(void *arg, uint64_t old_size, uint64_t new_size, struct path *out);
	uint64_t (*newest)(void *arg); /* the log's current number of entries */
};

struct witness_reply {
	int status;
	const char *type; /* of its body; "" for none */
	struct buf body;
};
void witness_reply_done(struct witness_reply *r);
/* Interprets an answer: as witness_ask(), and ERR_CONFLICT if the witness reported its size, now in
 * `*known`, from which to ask again. */
MUST_CHECK enum err witness_understand(const struct cosign_request *rq, const struct vkey *key,
	const struct witness_reply *r, uint64_t *known, struct buf *line, int64_t *time);

/* The newest checkpoint that the witness at `url` has cosigned for the log, from its monitoring
 * address. Not verified. ERR_NOT_FOUND if it has none. */
MUST_CHECK enum err witness_latest(
	struct fetch *fetch, const char *url, const char *origin, struct buf *note);

/* Asks the witness at `url` (its submission prefix) for a cosignature by `key`. `*known` is the
 * size that it cosigned last, as far as known (0: unknown), and is set to the size it reports. OK:
 * a verified line is added to `line`, made at `*time`. ERR_FALSE: it has seen a longer or a
 * different history: the operator must look into it. For a longer one, `*known` is its size.
 * Others: it did not cosign this time, with the reason. */
MUST_CHECK enum err witness_ask(struct fetch *fetch, const char *url, const struct vkey *key,
	const struct cosign_request *rq, uint64_t *known, struct buf *line, int64_t *time);
