#include "audit/witness.h"

#include "audit/cosignature.h"
#include "base/security.h"

#include <inttypes.h>
#include <string.h>

enum {
	DONE = 200,
	MALFORMED = 400,
	UNTRUSTED = 403,
	UNKNOWN = 404,
	MOVED = 409,
	INCONSISTENT = 422,
	BROKEN = 500,
	AWAY = 503
};

struct request {
	uint64_t old_size;
	struct path proof;
	struct note note;
	struct checkpoint cp;
};

/* Parses the part before the checkpoint: "old <size>", the hashes and an empty line. */
static enum err parse_head(struct line *rest, struct request *rq)
{
	struct line line;

	TRY(line_next(rest, &line));
	ENSURE(line.len > 4 && memcmp(line.s, "old ", 4) == 0, ERR_INVALID,
		"the first line is not \"old <size>\"");
	TRY(line_number((struct line){line.s + 4, line.len - 4}, &rq->old_size));
	TRY(line_next(rest, &line));
	while (line.len > 0) {
		ENSURE(rq->proof.n < WITNESS_PROOF_MAX, ERR_INVALID,
			"the consistency proof is over %d hashes", WITNESS_PROOF_MAX);
		TRY(line_hash(line, &rq->proof.hash[rq->proof.n]));
		rq->proof.n++;
		TRY(line_next(rest, &line));
	}
	return OK;
}

static enum err parse(const void *body, size_t len, struct request *rq)
{
	struct line rest = {body, len};

	TRY(parse_head(&rest, rq));
	TRY(note_parse(rest.s, rest.len, &rq->note));
	TRY(checkpoint_parse(rq->note.text, rq->note.text_len, &rq->cp));
	/* The state stores sizes in 63 bits. */
	ENSURE(rq->cp.size <= INT64_MAX, ERR_INVALID, "no tree has %" PRIu64 " leaves",
		rq->cp.size);
	ENSURE(rq->old_size <= rq->cp.size, ERR_INVALID, "the old size is over the checkpoint's");
	return OK;
}

static enum err check_origin(const struct witness *w, const struct request *rq)
{
	for (size_t i = 0; i < w->logs_n; i++)
		if (strcmp(w->logs[i].origin, rq->cp.origin) == 0)
			return OK;
	return fail(ERR_NOT_FOUND, "this witness does not know the log %s", rq->cp.origin);
}

/* At least one key of the log must have signed, and no signature may be wrong. */
static enum err check_signed(const struct witness *w, const struct request *rq)
{
	bool found = false;

	for (size_t i = 0; i < w->logs_n; i++) {
		enum err e;

		if (strcmp(w->logs[i].origin, rq->cp.origin) != 0)
			continue;
		e = note_verify(&rq->note, &w->logs[i].key);
		if (e != ERR_NOT_FOUND)
			TRY(e);
		found = found || e == OK;
	}
	ENSURE(found, ERR_DENIED, "no key of the log %s signed the checkpoint", rq->cp.origin);
	return OK;
}

static enum err check_consistent(const struct request *rq, const struct checkpoint *last)
{
	struct sha256 empty = merkle_empty();

	ENSURE(rq->cp.size > 0 || sha256_equal(&rq->cp.root, &empty), ERR_FALSE,
		"the root of an empty tree is another");
	return merkle_check_consistency(
		last->size, rq->cp.size, &last->root, &rq->cp.root, &rq->proof);
}

/* The stored note, which monitors receive, has the text, the log's own lines and ours. The sender
 * could have chosen lines of others freely. */
static enum err make_note(
	const struct witness *w, const struct request *rq, const struct buf *line, struct buf *out)
{
	buf_add(out, rq->note.text, rq->note.text_len);
	buf_putc(out, '\n');
	for (size_t i = 0; i < w->logs_n; i++)
		if (strcmp(w->logs[i].origin, rq->cp.origin) == 0)
			note_keep(&rq->note, &w->logs[i].key, out);
	buf_puts(out, buf_text(line));
	return buf_check(out, "a cosigned checkpoint");
}

/* Signs and stores. A crash before the answer leaves a state that the log does not know; it learns
 * it from the next 409 answer. */
static enum err cosign(const struct witness *w, const struct request *rq,
	const struct checkpoint *last, struct buf *out)
{
	AUTO(buf) note = BUF(WITNESS_BODY_MAX + KIB), line = BUF(KIB);

	cosignature_add(w->key, env_now(w->env), rq->note.text, rq->note.text_len, &line);
	TRY(make_note(w, rq, &line, &note));
	TRY(w->state.ops->move(w->state.self, last, &rq->cp, buf_text(&note)));
	buf_puts(out, buf_text(&line));
	return OK;
}

/* A cosignature carries its time. After the clock jumps, one of the two times is wrong, and the
 * witness cannot know which. No request is lost, because a log repeats it. */
static enum err check_clock(const struct witness *w)
{
	int64_t jump = env_jump(w->env, w->clock_gap);

	if (jump)
		security_event(SECURITY_CLOCK);
	ENSURE(!jump, ERR_BUSY,
		"nothing is cosigned: this witness's clock was changed by more than an hour while it ran. "
		"Its operator must correct the clock or, if it is right now, restart the witness");
	return OK;
}

/* The latest checkpoint; the empty tree if there is none. */
static enum err latest(
	const struct witness *w, const struct request *rq, struct checkpoint *last, bool *any)
{
	enum err e = w->state.ops->latest(w->state.self, rq->cp.origin, last, NULL);

	*any = e == OK;
	if (e == ERR_NOT_FOUND)
		*last = (struct checkpoint){.root = merkle_empty()};
	return e == ERR_NOT_FOUND ? OK : e;
}

static int refuse(int status, struct buf *out)
{
	buf_printf(out, "%s\n", err_why());
	return status;
}

static int moved(const struct checkpoint *last, struct buf *out)
{
	buf_printf(out, "%" PRIu64 "\n", last->size);
	return MOVED;
}

static int advance(
	const struct witness *w, const struct request *rq, struct buf *out, struct buf *evidence)
{
	const struct buf no_line = {0};

	struct checkpoint last;
	bool any;
	enum err e;

	if (latest(w, rq, &last, &any) != OK)
		return refuse(BROKEN, out);
	if (rq->old_size != last.size)
		return moved(&last, out);
	if (check_consistent(rq, &last) != OK) {
		refuse(INCONSISTENT, out);
		if (evidence && make_note(w, rq, &no_line, evidence) != OK)
			buf_clear(evidence);
		return INCONSISTENT;
	}
	e = cosign(w, rq, any ? &last : NULL, out);
	/* Another request made the same step first. */
	if (e == ERR_CONFLICT && latest(w, rq, &last, &any) == OK)
		return moved(&last, out);
	return e == OK ? DONE : refuse(BROKEN, out);
}

int witness_add_checkpoint(const struct witness *w, const void *body, size_t len, struct buf *out,
	struct buf *evidence)
{
	struct request rq = {0};

	if (parse(body, len, &rq) != OK)
		return refuse(MALFORMED, out);
	if (check_origin(w, &rq) != OK)
		return refuse(UNKNOWN, out);
	if (check_signed(w, &rq) != OK)
		return refuse(UNTRUSTED, out);
	if (check_clock(w) != OK)
		return refuse(AWAY, out);
	return advance(w, &rq, out, evidence);
}

int witness_checkpoint(const struct witness *w, const char *hex, struct buf *out)
{
	for (size_t i = 0; i < w->logs_n; i++) {
		const char *origin = w->logs[i].origin;
		struct sha256 hash = sha256_of(origin, strlen(origin));
		char is[SHA256_HEX];
		struct checkpoint cp;
		enum err e;

		sha256_hex(&hash, is);
		if (strcmp(hex, is) != 0)
			continue;
		e = w->state.ops->latest(w->state.self, origin, &cp, out);
		return e == OK ? DONE : refuse(e == ERR_NOT_FOUND ? UNKNOWN : BROKEN, out);
	}
	(void)!fail(ERR_NOT_FOUND, "this witness does not know such a log");
	return refuse(UNKNOWN, out);
}
