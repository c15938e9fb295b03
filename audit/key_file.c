#include "audit/key_file.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/security.h"

#include <stdlib.h>
#include <string.h>

static enum err read_passphrase(const char *path, struct buf *out)
{
	TRY(file_read(path, out));
	while (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return buf_check(out, "the passphrase");
}

/* A file is safer than the environment, which the parent process keeps. */
enum err key_passphrase(struct buf *out)
{
	const char *path = getenv("GAYA_PASSPHRASE_FILE"), *text = getenv("GAYA_PASSPHRASE");

	if (path)
		return read_passphrase(path, out);
	if (text)
		buf_puts(out, text);
	return buf_check(out, "the passphrase");
}

static size_t characters(const struct buf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->len; i++)
		n += ((uint8_t)text->data[i] & 0xc0) != 0x80; /* counts first bytes of characters */
	return n;
}

static enum err check_new(const struct buf *phrase, const char *where)
{
	size_t n = characters(phrase);

	ENSURE(n > 0, ERR_INVALID,
		"the passphrase in %s is empty: write one of at least %d characters into it, or name none, and the "
		"key is not sealed. Choose five words at random, by dice from a list or by a password manager; no "
		"saying, name or date",
		where, PASSPHRASE_MIN);
	ENSURE(n >= PASSPHRASE_MIN, ERR_INVALID,
		"the passphrase in %s has %zu characters, and must have at least %d. Choose five words at random, by "
		"dice from a list or by a password manager; no saying, name or date",
		where, n, PASSPHRASE_MIN);
	return OK;
}

enum err key_new_passphrase(struct buf *out)
{
	const char *path = getenv("GAYA_PASSPHRASE_FILE"), *text = getenv("GAYA_PASSPHRASE");

	TRY(key_passphrase(out));
	return path || text ? check_new(out, path ? path : "GAYA_PASSPHRASE") : OK;
}

enum err key_next_passphrase(struct buf *out)
{
	const char *path = getenv("GAYA_NEW_PASSPHRASE_FILE");

	ENSURE(path && *path, ERR_INVALID,
		"name a file with the new passphrase in GAYA_NEW_PASSPHRASE_FILE, and one with the present "
		"passphrase, if there is one, in GAYA_PASSPHRASE_FILE");
	TRY(read_passphrase(path, out));
	return check_new(out, path);
}

void key_line_add(const char *text, const struct buf *passphrase, struct buf *out)
{
	if (passphrase && passphrase->len)
		passphrase_seal(passphrase, text, out);
	else
		buf_puts(out, text);
	buf_putc(out, '\n');
}

enum err key_line_open(const char *line, const struct buf *passphrase, struct buf *text)
{
	enum err e;

	if (!passphrase_is_sealed(line)) {
		buf_puts(text, line);
		return buf_check(text, "a key");
	}
	ENSURE(passphrase && passphrase->len, ERR_DENIED,
		"the key is sealed: name a file with its passphrase in GAYA_PASSPHRASE_FILE");
	e = passphrase_unseal(passphrase, line, text);
	if (e == ERR_DENIED)
		security_event(SECURITY_PASSPHRASE);
	return e;
}

static void wipe(struct buf *secret)
{
	if (secret->data)
		crypto_wipe(secret->data, secret->cap);
}

/* Opens each line of `bytes` and passes it to `take`. */
static enum err each_line(struct buf *bytes, const struct buf *passphrase,
	enum err (*take)(void *arg, const char *text), void *arg)
{
	char *rest = bytes->data, *line;
	enum err e = OK;

	while (e == OK && (line = strsep(&rest, "\r\n"))) {
		AUTO(buf) text = BUF(KIB);

		if (!*line)
			continue;
		e = key_line_open(line, passphrase, &text);
		if (e == OK)
			e = take(arg, buf_text(&text));
		wipe(&text);
	}
	return e;
}

static enum err add_text(void *arg, const char *text)
{
	buf_puts(arg, text);
	buf_putc(arg, '\n');
	return buf_check(arg, "the key file");
}

enum err key_file_read(const char *path, const struct buf *passphrase, struct buf *text)
{
	AUTO(buf) bytes = BUF(KEY_FILE_MAX);
	enum err e = file_read(path, &bytes);

	if (e == OK)
		e = each_line(&bytes, passphrase, add_text, text);
	wipe(&bytes);
	return e;
}

struct sealing {
	const struct buf *next;
	enum err (*check)(const char *text);
	struct buf out;
	size_t n;
};

static enum err seal_line(void *arg, const char *text)
{
	struct sealing *s = arg;

	TRY(s->check(text));
	key_line_add(text, s->next, &s->out);
	s->n++;
	return buf_check(&s->out, "the key file");
}

enum err key_file_seal(const char *path, const struct buf *passphrase, const struct buf *next,
	enum err (*check)(const char *text), size_t *n)
{
	struct sealing s = {.next = next, .check = check, .out = BUF(KEY_FILE_MAX)};
	AUTO(buf) bytes = BUF(KEY_FILE_MAX);
	enum err e = file_read(path, &bytes);

	if (e == OK)
		e = each_line(&bytes, passphrase, seal_line, &s);
	if (e == OK && !s.n)
		e = fail(ERR_INVALID, "%s is empty", path);
	if (e == OK)
		e = file_write(path, s.out.data, s.out.len, 0600);
	wipe(&bytes);
	buf_done(&s.out);
	*n = s.n;
	return e;
}
