#include "audit/proof.h"

#include <inttypes.h>
#include <string.h>

#define HEADER "c2sp.org/tlog-proof@v1"
#define EXTRA "extra "
#define INDEX "index "
#define EXTRA_LINE_MAX ((PROOF_EXTRA_MAX + 2) / 3 * 4)

void proof_done(struct proof *p)
{
	buf_done(&p->extra);
	buf_done(&p->checkpoint);
}

void proof_text(const struct proof *p, struct buf *out)
{
	buf_puts(out, HEADER "\n");
	if (p->has_extra) {
		buf_puts(out, EXTRA);
		base64_add(out, p->extra.data, p->extra.len);
		buf_putc(out, '\n');
	}
	buf_printf(out, INDEX "%" PRIu64 "\n", p->index);
	for (size_t i = 0; i < p->path.n; i++) {
		base64_add(out, p->path.hash[i].bytes, SHA256);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	buf_add(out, p->checkpoint.data, p->checkpoint.len);
}

/* Removes `prefix` from the start of the line, if it is there. */
static bool line_cut(struct line *line, const char *prefix)
{
	size_t len = strlen(prefix);

	if (line->len < len || memcmp(line->s, prefix, len) != 0)
		return false;
	line->s += len;
	line->len -= len;
	return true;
}

static enum err extra_parse(struct line line, struct buf *out)
{
	*out = BUF(PROOF_EXTRA_MAX);
	ENSURE(line.len <= EXTRA_LINE_MAX, ERR_TOO_LARGE, "the extra data are over %lu bytes",
		PROOF_EXTRA_MAX);
	TRY(base64_parse(line.s, line.len, out));
	return buf_check(out, "the extra data of a proof");
}

/* Parses the hashes and the empty line after them. */
static enum err path_parse(struct line *rest, struct path *out)
{
	struct line line;

	for (;;) {
		TRY(line_next(rest, &line));
		if (line.len == 0)
			return OK;
		ENSURE(out->n < MERKLE_PATH_MAX, ERR_INVALID, "a proof has over %d hashes",
			MERKLE_PATH_MAX);
		TRY(line_hash(line, &out->hash[out->n]));
		out->n++;
	}
}

/* Checks the form completely, so that proof_check() only has to check whether the proof is true. */
static enum err signed_parse(struct line rest, struct buf *out)
{
	struct checkpoint cp;
	struct note note;

	TRY(note_parse(rest.s, rest.len, &note));
	TRY(checkpoint_parse(note.text, note.text_len, &cp));
	*out = BUF(NOTE_MAX);
	buf_add(out, rest.s, rest.len);
	return OK;
}

enum err proof_parse(const char *text, size_t len, struct proof *out)
{
	AUTO(proof) p = {0};
	struct line rest = {text, len}, line;

	TRY(line_next(&rest, &line));
	ENSURE(line_cut(&line, HEADER) && line.len == 0, ERR_INVALID,
		"a proof does not begin with %s", HEADER);
	TRY(line_next(&rest, &line));
	p.has_extra = line_cut(&line, EXTRA);
	if (p.has_extra) {
		TRY(extra_parse(line, &p.extra));
		TRY(line_next(&rest, &line));
	}
	ENSURE(line_cut(&line, INDEX), ERR_INVALID, "a proof has no index line");
	TRY(line_number(line, &p.index));
	TRY(path_parse(&rest, &p.path));
	TRY(signed_parse(rest, &p.checkpoint));
	*out = TAKE(p);
	return OK;
}

enum err proof_check(const struct proof *p, const struct sha256 *leaf, const struct vkey *key)
{
	struct checkpoint cp;

	/* err_why() has the reason; for the caller any reason means "no". */
	if (checkpoint_open(buf_text(&p->checkpoint), p->checkpoint.len, key, &cp) != OK)
		return ERR_FALSE;
	return merkle_check_inclusion(p->index, cp.size, leaf, &p->path, &cp.root);
}
