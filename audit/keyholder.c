#include "audit/keyholder.h"

#include "audit/key_file.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* The mark file has two slots, written in turn, so a crash can spoil only the slot being written. A
 * slot has the size (big endian), the root and the SHA-256 of both, padded to SLOT bytes. */
#define SLOT 512
#define SLOT_BODY (8 + SHA256)

struct keyholder {
	size_t n;
	struct skey key[LOG_KEYS_MAX]; /* in the order of the file: the oldest first */
	struct log_keys keys;          /* their public halves */
	struct checkpoint mark;
	int fd;
	int slot; /* the slot with the mark; the other is written next */
};

static void slot_write(uint64_t size, const struct sha256 *root, uint8_t out[SLOT])
{
	struct sha256 sum;

	memset(out, 0, SLOT);
	for (int i = 0; i < 8; i++)
		out[i] = (uint8_t)(size >> (56 - 8 * i));
	memcpy(out + 8, root->bytes, SHA256);
	sum = sha256_of(out, SLOT_BODY);
	memcpy(out + SLOT_BODY, sum.bytes, SHA256);
}

static bool slot_read(const uint8_t in[SLOT], struct checkpoint *out)
{
	struct sha256 sum = sha256_of(in, SLOT_BODY);
	uint64_t size = 0;

	if (memcmp(in + SLOT_BODY, sum.bytes, SHA256) != 0)
		return false;
	for (int i = 0; i < 8; i++)
		size = size << 8 | in[i];
	out->size = size;
	memcpy(out->root.bytes, in + 8, SHA256);
	return true;
}

/* The content of the key file: the key's line, sealed if there is a passphrase. */
static void key_file_text(const struct skey *key, const struct buf *passphrase, struct buf *out)
{
	AUTO(buf) line = BUF(KIB);

	skey_text(key, &line);
	key_line_add(buf_text(&line), passphrase, out);
	crypto_wipe(line.data, line.len);
}

enum err keyholder_create(const char *key_path, const char *mark_path, const char *origin,
	const uint8_t seed[ED25519_SEED], const struct buf *passphrase)
{
	const struct checkpoint empty = {.root = merkle_empty()};
	struct skey key;
	AUTO(buf) text = BUF(2 * KIB);
	enum err e;

	ENSURE(!file_exists(mark_path), ERR_CONFLICT, "%s exists already; it is left as it was",
		mark_path);
	TRY(skey_make(origin, seed, &key));
	key_file_text(&key, passphrase, &text);
	skey_wipe(&key);
	e = file_create(key_path, text.data, text.len, 0600);
	crypto_wipe(text.data, text.len);
	TRY(e);
	return keyholder_make_mark(mark_path, &empty);
}

enum err keyholder_make_mark(const char *mark_path, const struct checkpoint *at)
{
	uint8_t slots[2 * SLOT] = {0};

	slot_write(at->size, &at->root, slots);
	return file_create(mark_path, slots, sizeof(slots), 0600);
}

/* Reads a key from its line, which may be sealed. */
static enum err open_line(const char *line, const struct buf *passphrase, struct skey *out)
{
	AUTO(buf) text = BUF(KIB);
	enum err e = key_line_open(line, passphrase, &text);

	if (e == OK)
		e = skey_parse(buf_text(&text), out);
	if (text.data)
		crypto_wipe(text.data, text.cap);
	return e == OK || e == ERR_DENIED ? e : fail(ERR_CORRUPT, "%s", err_why());
}

static enum err add_key(struct keyholder *s, const char *line, const struct buf *passphrase)
{
	struct skey *key = &s->key[s->n];

	ENSURE(s->n < LOG_KEYS_MAX, ERR_CORRUPT, "it holds over %d keys", LOG_KEYS_MAX);
	TRY(open_line(line, passphrase, key));
	ENSURE(!s->n || strcmp(key->vkey.name, s->key[0].vkey.name) == 0, ERR_CORRUPT,
		"it holds keys of two logs");
	ENSURE(!log_keys_have(&s->keys, &key->vkey), ERR_CORRUPT, "it holds a key twice");
	s->n++;
	s->keys.key[s->keys.n++] = key->vkey;
	return OK;
}

static enum err read_key_file(const char *path, struct buf *text)
{
	enum err e = file_read(path, text);

	ENSURE(e == OK, ERR_CORRUPT,
		"the log key cannot be read (%s): without it this log cannot go on", err_why());
	return OK;
}

static enum err load_keys(struct keyholder *s, const char *path, const struct buf *passphrase)
{
	AUTO(buf) text = BUF(KEY_FILE_MAX);
	char *rest, *line;
	enum err e;

	TRY(read_key_file(path, &text));
	rest = text.data;
	e = OK;
	while (e == OK && (line = strsep(&rest, "\n")))
		if (*line)
			e = add_key(s, line, passphrase);
	crypto_wipe(text.data, text.len);
	if (e == ERR_DENIED)
		return e;
	ENSURE(e == OK, ERR_CORRUPT, "%s: %s", path, err_why());
	ENSURE(s->n, ERR_CORRUPT, "%s is empty: without the log key this log cannot go on", path);
	return OK;
}

static enum err read_slots(int fd, struct checkpoint *out, int *slot)
{
	uint8_t slots[2][SLOT];
	struct checkpoint at[2] = {0};
	bool good[2];

	ENSURE(pread(fd, slots, sizeof(slots), 0) == sizeof(slots), ERR_CORRUPT,
		"the signer's mark is cut off");
	good[0] = slot_read(slots[0], &at[0]);
	good[1] = slot_read(slots[1], &at[1]);
	ENSURE(good[0] || good[1], ERR_CORRUPT, "the signer's mark is damaged");
	*slot = good[1] && (!good[0] || at[1].size > at[0].size);
	*out = at[*slot];
	return OK;
}

enum err keyholder_read_mark(int fd, struct checkpoint *out)
{
	int slot;

	return read_slots(fd, out, &slot);
}

static enum err load_mark(struct keyholder *s, const char *path)
{
	enum err e;

	s->fd = open(path, O_RDWR | O_CLOEXEC);
	ENSURE(s->fd >= 0, ERR_CORRUPT,
		"the signer's mark cannot be opened (%s: %s): it says which history was signed last, "
		"and nothing may be signed without it. It is in no backup: move this folder aside, and "
		"let gaya restore make it again (docs/operate.md)",
		path, err_os(errno));
	e = read_slots(s->fd, &s->mark, &s->slot);
	ENSURE(e == OK, e, "%s: %s", path, err_why());
	strcpy(s->mark.origin, s->key[0].vkey.name);
	return OK;
}

enum err keyholder_public(const char *key_path, const struct buf *passphrase, struct log_keys *out)
{
	struct keyholder *s = secret_new(sizeof(*s));
	enum err e;

	s->fd = -1;
	e = load_keys(s, key_path, passphrase);
	if (e == OK)
		*out = s->keys;
	keyholder_free(s);
	return e;
}

enum err keyholder_open(const char *key_path, const char *mark_path, const struct buf *passphrase,
	struct keyholder **out)
{
	struct keyholder *s = secret_new(sizeof(*s));
	enum err e;

	s->fd = -1;
	e = load_keys(s, key_path, passphrase);
	if (e == OK)
		e = load_mark(s, mark_path);
	if (e != OK) {
		keyholder_free(s);
		return e;
	}
	*out = s;
	return OK;
}

void keyholder_free(struct keyholder *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	secret_free(s); /* also wipes it */
}

const struct log_keys *keyholder_keys(const struct keyholder *s)
{
	return &s->keys;
}

enum err keyholder_at_least(const struct keyholder *s, uint64_t size)
{
	ENSURE(s->mark.size >= size, ERR_CORRUPT,
		"the signer's mark stands at %llu entries, but %llu were signed before: an older mark was put "
		"in its place. Nothing is signed until the newest one is back (docs/operate.md)",
		(unsigned long long)s->mark.size, (unsigned long long)size);
	return OK;
}

const struct checkpoint *keyholder_mark(const struct keyholder *s)
{
	return &s->mark;
}

static enum err store_mark(struct keyholder *s, const struct checkpoint *next)
{
	uint8_t slot[SLOT];
	int other = !s->slot;

	slot_write(next->size, &next->root, slot);
	ENSURE(pwrite(s->fd, slot, SLOT, other * SLOT) == SLOT && fdatasync(s->fd) == 0, ERR_SYSTEM,
		"the signer's mark cannot be stored: %s", err_os(errno));
	s->slot = other;
	s->mark = *next;
	return OK;
}

/* Signs with every key of the file, one line each, because a verifier may know only one of them. */
static void sign(const struct keyholder *s, const struct buf *text, struct buf *note)
{
	buf_add(note, text->data, text->len);
	buf_putc(note, '\n');
	for (size_t i = 0; i < s->n; i++)
		note_sign_line(&s->key[i], text->data, text->len, note);
}

enum err keyholder_sign(struct keyholder *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note)
{
	struct checkpoint next = {.size = size, .root = *root};
	AUTO(buf) text = BUF(KIB);

	strcpy(next.origin, s->key[0].vkey.name);
	ENSURE(size >= s->mark.size, ERR_FALSE,
		"the log has %llu entries, but %llu were signed before: an older copy was put in its "
		"place. Nothing was signed",
		(unsigned long long)size, (unsigned long long)s->mark.size);
	TRY(merkle_check_consistency(s->mark.size, size, &s->mark.root, root, consistency));
	/* A crash between this line and storing the note leaves a mark without its signature; the
	 * next start signs the same tree again. */
	if (size > s->mark.size)
		TRY(store_mark(s, &next));
	checkpoint_text(&next, &text);
	sign(s, &text, note);
	return buf_check(note, "a checkpoint");
}

enum err keyholder_state(const struct keyholder *s, const struct vkey *without, struct buf *note)
{
	struct key_statement statement = {.checkpoint = s->mark};
	AUTO(buf) text = BUF(KEY_STATEMENT_MAX);

	for (size_t i = 0; i < s->keys.n; i++)
		if (!without || !vkey_same(&s->keys.key[i], without))
			statement.keys.key[statement.keys.n++] = s->keys.key[i];
	ENSURE(statement.keys.n, ERR_INVALID, "a log cannot be left without a key");
	key_statement_text(&statement, &text);
	sign(s, &text, note);
	return buf_check(note, "a key statement");
}

/* --- changes of the key file --- */

static enum err check_passphrase(const char *text, const struct buf *passphrase)
{
	bool sealed = passphrase_is_sealed(text);

	ENSURE(sealed == (passphrase->len > 0), ERR_DENIED,
		sealed ? "the key is sealed: name a file with its passphrase in "
			 "GAYA_PASSPHRASE_FILE"
		       : "the log key is not sealed: a second one is not either. Run this without "
			 "a passphrase");
	return OK;
}

enum err keyholder_add(
	const char *key_path, const uint8_t seed[ED25519_SEED], const struct buf *passphrase)
{
	struct keyholder *s = secret_new(sizeof(*s));
	AUTO(buf) text = BUF(KEY_FILE_MAX);
	struct skey key;
	enum err e = load_keys(s, key_path, passphrase);

	s->fd = -1;
	if (e == OK && s->n == LOG_KEYS_MAX)
		e = fail(ERR_CONFLICT, "%s holds %d keys already", key_path, LOG_KEYS_MAX);
	if (e == OK)
		e = skey_make(s->key[0].vkey.name, seed, &key);
	keyholder_free(s);
	TRY(e);
	e = read_key_file(key_path, &text);
	if (e == OK)
		e = check_passphrase(buf_text(&text), passphrase);
	if (e == OK && text.data[text.len - 1] != '\n')
		buf_putc(&text, '\n');
	if (e == OK)
		key_file_text(&key, passphrase, &text);
	skey_wipe(&key);
	if (e == OK)
		e = buf_check(&text, "the key file");
	/* A crash after this leaves a second key that signs but was not announced. Nobody heeds its
	 * signature, and a restarted rotation announces this key. */
	if (e == OK)
		e = file_write(key_path, text.data, text.len, 0600);
	crypto_wipe(text.data, text.len);
	return e;
}

enum err keyholder_drop(
	const char *key_path, const struct vkey *without, const struct buf *passphrase)
{
	AUTO(buf) text = BUF(KEY_FILE_MAX), left = BUF(KEY_FILE_MAX);
	char *rest, *line;
	size_t dropped = 0;
	enum err e = read_key_file(key_path, &text);

	rest = text.data;
	while (e == OK && (line = strsep(&rest, "\n"))) {
		struct skey key;

		if (!*line)
			continue;
		e = open_line(line, passphrase, &key);
		if (e == OK && vkey_same(&key.vkey, without))
			dropped++;
		else if (e == OK)
			buf_printf(&left, "%s\n", line);
		skey_wipe(&key);
	}
	if (e == OK && (!dropped || !left.len))
		e = fail(ERR_CONFLICT,
			dropped ? "%s holds no other key" : "%s does not hold this key", key_path);
	if (e == OK)
		e = file_write(key_path, left.data, left.len, 0600);
	crypto_wipe(text.data, text.cap);
	crypto_wipe(left.data, left.cap);
	return e;
}
