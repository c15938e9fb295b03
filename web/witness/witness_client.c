#include "web/witness/witness_client.h"

#include "audit/cosignature.h"
#include "audit/witness.h"

#include <inttypes.h>
#include <string.h>
#include <strings.h>

#define ANSWER_MAX (16 * KIB)
#define CONNECT_MS 1000
#define TOTAL_MS 2000

void witness_reply_done(struct witness_reply *r)
{
	buf_done(&r->body);
}

static enum err make_body(const struct cosign_request *rq, uint64_t old_size, struct buf *out)
{
	struct path proof = {0};

	if (old_size > 0)
		TRY(rq->prove(rq->arg, old_size, rq->cp.size, &proof));
	buf_printf(out, "old %" PRIu64 "\n", old_size);
	for (size_t i = 0; i < proof.n; i++) {
		base64_add(out, proof.hash[i].bytes, SHA256);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	buf_add(out, rq->signed_text, rq->signed_len);
	return buf_check(out, "a request to a witness");
}

/* The lines are put under the checkpoint, as they would be published, and verified there. */
static enum err take_line(const struct cosign_request *rq, const struct vkey *key,
	const struct buf *lines, struct buf *line, int64_t *time)
{
	AUTO(buf) note = BUF(ANSWER_MAX + WITNESS_BODY_MAX);
	struct note parsed;

	buf_add(&note, rq->note.text, rq->note.text_len);
	buf_putc(&note, '\n');
	buf_add(&note, lines->data, lines->len);
	TRY(buf_check(&note, "a witness's answer"));
	TRY(note_parse(note.data, note.len, &parsed));
	/* An empty line among them would change which text is signed. */
	ENSURE(parsed.text_len == rq->note.text_len, ERR_INVALID, "its answer is not lines");
	ENSURE(cosignature_verify(&parsed, key, time) == OK, ERR_INVALID, "%s", err_why());
	cosignature_copy(&parsed, key, line);
	return OK;
}

/* The size in a 409's body, whose type must declare it. */
static enum err size_in(const struct witness_reply *r, uint64_t *size)
{
	const size_t type = strlen(WITNESS_SIZE_TYPE);
	struct line rest = {buf_text(&r->body), r->body.len}, line;

	/* Some witnesses answer like this to another root of the same size. */
	ENSURE(strncasecmp(r->type, WITNESS_SIZE_TYPE, type) == 0 && strchr("; ", r->type[type]),
		ERR_FALSE, "it says that it cosigned something else, and not of which size");
	ENSURE(line_next(&rest, &line) == OK && rest.len == 0 && line_number(line, size) == OK,
		ERR_INVALID, "its answer is no size");
	return OK;
}

/* Retries from the size that the witness has; only if we have it too. */
static enum err take_size(
	const struct cosign_request *rq, const struct witness_reply *r, uint64_t *known)
{
	uint64_t size = 0, newest;

	TRY(size_in(r, &size));
	*known = size;
	newest = rq->newest(rq->arg);
	ENSURE(size <= newest, ERR_FALSE,
		"it has cosigned %" PRIu64 " entries of this log, which has %" PRIu64
		" here: an older copy was put in its place",
		size, newest);
	/* Somebody else sent it our newer checkpoint. */
	ENSURE(size <= rq->cp.size, ERR_BUSY, "it is ahead of this checkpoint");
	return fail(ERR_CONFLICT, "it stands at %" PRIu64 " entries", size);
}

static enum err refused(const struct witness_reply *r)
{
	size_t shown = strcspn(buf_text(&r->body), "\r\n");
	enum err e = r->status == 422   ? ERR_FALSE
	             : r->status == 403 ? ERR_DENIED
	             : r->status == 404 ? ERR_NOT_FOUND
	                                : ERR_BUSY;

	return fail(e, "it answers with status %d: %.*s", r->status,
		(int)(shown > 200 ? 200 : shown), buf_text(&r->body));
}

enum err witness_understand(const struct cosign_request *rq, const struct vkey *key,
	const struct witness_reply *r, uint64_t *known, struct buf *line, int64_t *time)
{
	if (r->status == 409)
		return take_size(rq, r, known);
	if (r->status != 200)
		return refused(r);
	TRY(take_line(rq, key, &r->body, line, time));
	*known = rq->cp.size;
	return OK;
}

/* Sends one request and reads its answer. */
static enum err ask(struct fetch *fetch, const char *address, const struct vkey *key,
	const struct cosign_request *rq, uint64_t *known, struct buf *line, int64_t *time)
{
	AUTO(buf) body = BUF(WITNESS_BODY_MAX);
	AUTO(witness_reply) reply = {.body = BUF(ANSWER_MAX)};
	struct fetch_body sent = {.type = "text/plain; charset=utf-8"};

	TRY(make_body(rq, *known, &body));
	sent.data = body.data;
	sent.len = body.len;
	fetch_patience(fetch, CONNECT_MS, TOTAL_MS);
	TRY(fetch_post(fetch, address, &sent, &reply.body, &reply.status));
	reply.type = fetch_type(fetch);
	return witness_understand(rq, key, &reply, known, line, time);
}

enum err witness_latest(struct fetch *fetch, const char *url, const char *origin, struct buf *note)
{
	struct sha256 hash = sha256_of(origin, strlen(origin));
	size_t len = strlen(url);
	char hex[SHA256_HEX];
	AUTOFREE char *address = NULL;
	int status;

	sha256_hex(&hash, hex);
	address = mem_printf(
		"%.*s/%s/checkpoint", (int)(len && url[len - 1] == '/' ? len - 1 : len), url, hex);
	fetch_patience(fetch, CONNECT_MS, TOTAL_MS);
	TRY(fetch_get(fetch, address, note, &status));
	ENSURE(status == 200, ERR_NOT_FOUND, "it shows no checkpoint (status %d)", status);
	return OK;
}

enum err witness_ask(struct fetch *fetch, const char *url, const struct vkey *key,
	const struct cosign_request *rq, uint64_t *known, struct buf *line, int64_t *time)
{
	size_t len = strlen(url);
	AUTOFREE char *address = mem_printf(
		"%.*s/add-checkpoint", (int)(len && url[len - 1] == '/' ? len - 1 : len), url);
	enum err e;

	/* The remembered size may predate a reset of the witness, or of this log. */
	if (*known > rq->cp.size)
		*known = 0;
	e = ask(fetch, address, key, rq, known, line, time);
	if (e == ERR_CONFLICT) /* once: a witness that keeps advancing is asked again later */
		e = ask(fetch, address, key, rq, known, line, time);
	return e;
}
