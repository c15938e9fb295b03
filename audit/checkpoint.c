#include "audit/checkpoint.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum err line_next(struct line *rest, struct line *out)
{
	const char *newline = rest->len ? memchr(rest->s, '\n', rest->len) : NULL;
	size_t len;

	ENSURE(newline, ERR_INVALID, "a line is missing or does not end with a newline");
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
		"a number must have only digits, and no leading zero");
	for (size_t i = 0; i < line.len; i++) {
		unsigned digit = (unsigned)(uint8_t)line.s[i] - '0';

		ENSURE(digit <= 9, ERR_INVALID,
			"a number must have only digits, and no leading zero");
		ENSURE(n <= (UINT64_MAX - digit) / 10, ERR_INVALID, "a number must be below 2^64");
		n = n * 10 + digit;
	}
	*out = n;
	return OK;
}

enum err line_hash(struct line line, struct sha256 *out)
{
	AUTO(buf) b = BUF(SHA256);

	TRY(base64_parse(line.s, line.len, &b));
	ENSURE(!b.over && b.len == SHA256, ERR_INVALID, "a hash must be %d bytes in base64",
		SHA256);
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
		"an origin must have 1 to %d bytes", KEY_NAME_MAX);
	ENSURE(text_is_utf8(line.s, line.len), ERR_INVALID, "an origin must be UTF-8");
	for (size_t i = 0; i < line.len; i++)
		ENSURE((uint8_t)line.s[i] >= 0x20, ERR_INVALID,
			"an origin must not contain control bytes");
	memcpy(out, line.s, line.len);
	out[line.len] = '\0';
	return OK;
}

static enum err read_line(unsigned n, struct line line, struct checkpoint *cp)
{
	if (n == 1)
		return origin_parse(line, cp->origin);
	if (n == 2)
		return line_number(line, &cp->size);
	if (n == 3)
		return line_hash(line, &cp->root);
	ENSURE(line.len > 0, ERR_INVALID, "an extension line must not be empty");
	return OK;
}

enum err checkpoint_parse(const char *text, size_t len, struct checkpoint *out)
{
	struct line rest = {text, len}, line;
	struct checkpoint cp = {0};

	for (unsigned n = 1; n <= 3 || rest.len > 0; n++) {
		enum err e = line_next(&rest, &line);

		if (e == OK)
			e = read_line(n, line, &cp);
		ENSURE(e == OK, e, "line %u of the checkpoint: %s", n, err_why());
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
