#include "audit/signer_process.h"

#include "audit/key_file.h"
#include "audit/keyholder.h"
#include "audit/signer_wire.h"
#include "base/crypto.h"
#include "base/sandbox.h"

#include <string.h>
#include <unistd.h>

static enum err refuse(int fd, enum err e)
{
	struct wire m = {
		.type = WIRE_REFUSED, .code = e, .text = err_why(), .text_len = strlen(err_why())};

	return wire_send(fd, &m);
}

static enum err greet(int fd, const struct keyholder *key)
{
	const struct checkpoint *mark = keyholder_mark(key);
	const struct log_keys *keys = keyholder_keys(key);
	AUTO(buf) vkey = BUF(2 * KIB);
	struct wire m = {.type = WIRE_IS, .size = mark->size, .root = mark->root};

	for (size_t i = 0; i < keys->n; i++) {
		if (i)
			buf_putc(&vkey, '\n');
		vkey_text(&keys->key[i], &vkey);
	}
	m.text = buf_text(&vkey);
	m.text_len = vkey.len;
	return wire_send(fd, &m);
}

static enum err sign(int fd, struct keyholder *key, const struct wire *asked)
{
	AUTO(buf) note = BUF(WIRE_MAX);
	struct wire m = {.type = WIRE_NOTE};
	enum err e = keyholder_sign(key, asked->size, &asked->root, &asked->path, &note);

	if (e != OK)
		return refuse(fd, e);
	m.text = buf_text(&note);
	m.text_len = note.len;
	return wire_send(fd, &m);
}

/* Answers until the other side closes or sends something that is not a request. */
static void answer_all(int fd, struct keyholder *key)
{
	AUTO(buf) bytes = BUF(WIRE_MAX);
	struct wire asked;
	enum err e = OK;

	while (e == OK) {
		e = wire_receive(fd, &bytes, &asked);
		if (e == ERR_NOT_FOUND)
			return;
		if (e == OK && asked.type == WIRE_HELLO)
			e = greet(fd, key);
		else if (e == OK && asked.type == WIRE_SIGN)
			e = sign(fd, key, &asked);
		else
			e = fail(ERR_INVALID, "the signer answers HELLO and SIGN only");
	}
	(void)!refuse(fd, e);
}

static enum err open_key(const char *key_path, const char *mark_path, struct keyholder **out)
{
	AUTO(buf) passphrase = BUF(KIB);
	enum err e = key_passphrase(&passphrase);

	if (e == OK)
		e = keyholder_open(key_path, mark_path, &passphrase, out);
	if (passphrase.data)
		crypto_wipe(passphrase.data, passphrase.cap);
	passphrase_forget();
	return e;
}

enum err signer_process(int fd, const char *key_path, const char *mark_path, uint64_t least)
{
	struct keyholder *key = NULL;
	enum err e;

	sandbox_private();
	e = open_key(key_path, mark_path, &key);
	if (e == OK)
		e = keyholder_at_least(key, least);
	if (e == OK)
		e = sandbox_lock();
	if (e != OK) {
		(void)!refuse(fd, e);
		keyholder_free(key);
		return e;
	}
	answer_all(fd, key);
	keyholder_free(key);
	_exit(0); /* at once, because the sandbox does not allow the clean-up of libraries */
}
