#include "audit/checkpoint.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum err line_next(struct line *rest, struct line *out)
{
	const char *newline = rest->len ? memchr(rest->s, '\n', rest->len) : NULL;
	size_t len;

	ENSURE(newline, ERR_INVALID, "a line is missing or has no newline");
	len = (size_t)(newline - rest->s);
	*out = (struct line){rest->s, len};
	rest->s += len + 1;
	rest->len -= len + 1;
	return OK;
}

enum err line_number(struct line line, uint64_t *out)
{
	uint64_t n = 0;

	ENSURE(line.len > 0 && (line.s[0] != '0' || line.len == 1), ERR_INVALID,
		"a number is empty or begins with a zero");
	for (size_t i = 0; i < line.len; i++) {
		unsigned digit = (unsigned)(uint8_t)line.s[i] - '0';

		ENSURE(digit <= 9, ERR_INVALID, "a number has other characters than digits");
		ENSURE(n <= (UINT64_MAX - digit) / 10, ERR_INVALID, "a number is 2^64 or more");
		n = n * 10 + digit;
	}
	*out = n;
	return OK;
}

enum err line_hash(struct line line, struct sha256 *out)
{
	AUTO(buf) b = BUF(SHA256);

	TRY(base64_parse(line.s, line.len, &b));
	ENSURE(!b.over && b.len == SHA256, ERR_INVALID, "a hash is not of %d bytes", SHA256);
	memcpy(out->bytes, b.data, SHA256);
	return OK;
}

void checkpoint_text(const struct checkpoint *cp, struct buf *out)
{
	buf_printf(out, "%s\n%" PRIu64 "\n", cp->origin, cp->size);
	base64_add(out, cp->root.bytes, SHA256);
	buf_putc(out, '\n');
}

static enum err origin_parse(struct line line, char out[KEY_NAME_MAX + 1])
{
	ENSURE(line.len > 0 && line.len <= KEY_NAME_MAX, ERR_INVALID,
		"an origin is empty or over %d bytes", KEY_NAME_MAX);
	ENSURE(text_is_utf8(line.s, line.len), ERR_INVALID, "an origin is not UTF-8");
	for (size_t i = 0; i < line.len; i++)
		ENSURE((uint8_t)line.s[i] >= 0x20, ERR_INVALID, "an origin holds control bytes");
	memcpy(out, line.s, line.len);
	out[line.len] = '\0';
	return OK;
}

enum err checkpoint_parse(const char *text, size_t len, struct checkpoint *out)
{
	struct line rest = {text, len}, line;
	struct checkpoint cp = {0};

	TRY(line_next(&rest, &line));
	TRY(origin_parse(line, cp.origin));
	TRY(line_next(&rest, &line));
	TRY(line_number(line, &cp.size));
	TRY(line_next(&rest, &line));
	TRY(line_hash(line, &cp.root));
	while (rest.len > 0) {
		TRY(line_next(&rest, &line));
		ENSURE(line.len > 0, ERR_INVALID, "an extension line of a checkpoint is empty");
	}
	*out = cp;
	return OK;
}

enum err checkpoint_open(
	const char *note, size_t len, const struct vkey *key, struct checkpoint *out)
{
	struct checkpoint cp;
	struct note parsed;

	TRY(note_parse(note, len, &parsed));
	TRY(note_verify(&parsed, key));
	TRY(checkpoint_parse(parsed.text, parsed.text_len, &cp));
	/* One key may sign for several logs; only a checkpoint of this one counts. */
	ENSURE(strcmp(cp.origin, key->name) == 0, ERR_FALSE, "%s signed a checkpoint of %s",
		key->name, cp.origin);
	*out = cp;
	return OK;
}
