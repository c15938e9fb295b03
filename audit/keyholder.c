#include "audit/keyholder.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The mark file is two slots, written in turn: a crash can spoil the one being written,
 * never the other. A slot: size (big endian), root, SHA-256 of both; padded to SLOT bytes. */
#define SLOT 512
#define SLOT_BODY (8 + SHA256)

struct keyholder {
	struct skey key;
	struct checkpoint mark;
	int fd;
	int slot; /* holds the mark; the other is written next */
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

/* From a file, better than from the environment, which the parent keeps. */
enum err keyholder_passphrase(struct buf *out)
{
	const char *path = getenv("GAYA_PASSPHRASE_FILE"), *text = getenv("GAYA_PASSPHRASE");

	if (path)
		TRY(file_read(path, out));
	else if (text)
		buf_puts(out, text);
	while (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return buf_check(out, "the passphrase");
}

/* What the key file holds: the key's line, sealed where there is a passphrase. */
static void key_file_text(const struct skey *key, const struct buf *passphrase, struct buf *out)
{
	AUTO(buf) line = BUF(KIB);

	skey_text(key, &line);
	if (passphrase && passphrase->len)
		passphrase_seal(passphrase, buf_text(&line), out);
	else
		buf_add(out, line.data, line.len);
	buf_putc(out, '\n');
	crypto_wipe(line.data, line.len);
}

enum err keyholder_create(const char *key_path, const char *mark_path, const char *origin,
	const uint8_t seed[ED25519_SEED], const struct buf *passphrase)
{
	struct sha256 empty = merkle_empty();
	uint8_t slots[2 * SLOT] = {0};
	struct skey key;
	AUTO(buf) text = BUF(2 * KIB);
	enum err e;

	TRY(skey_make(origin, seed, &key));
	key_file_text(&key, passphrase, &text);
	skey_wipe(&key);
	e = file_create(key_path, text.data, text.len, 0600);
	crypto_wipe(text.data, text.len);
	TRY(e);
	slot_write(0, &empty, slots);
	return file_create(mark_path, slots, sizeof(slots), 0600);
}

/* The key's line out of the key file's text, which is wiped. */
static enum err open_text(struct buf *text, const struct buf *passphrase, struct buf *line)
{
	while (text->len && text->data[text->len - 1] == '\n')
		text->data[--text->len] = '\0';
	if (!passphrase_is_sealed(buf_text(text))) {
		buf_add(line, text->data, text->len);
		return OK;
	}
	ENSURE(passphrase && passphrase->len, ERR_DENIED,
		"the log key is sealed: name a file with its passphrase in GAYA_PASSPHRASE_FILE");
	return passphrase_unseal(passphrase, buf_text(text), line);
}

static enum err load_key(const char *path, const struct buf *passphrase, struct skey *out)
{
	AUTO(buf) text = BUF(2 * KIB), line = BUF(KIB);
	enum err e = file_read(path, &text);

	ENSURE(e == OK, ERR_CORRUPT, "the log key cannot be read (%s): without it this log cannot go on",
		err_why());
	e = open_text(&text, passphrase, &line);
	crypto_wipe(text.data, text.len);
	TRY(e);
	e = skey_parse(buf_text(&line), out);
	crypto_wipe(line.data, line.len);
	ENSURE(e == OK, ERR_CORRUPT, "%s: %s", path, err_why());
	return OK;
}

static enum err load_mark(struct keyholder *s, const char *path)
{
	uint8_t slots[2][SLOT];
	struct checkpoint at[2] = {0};
	bool good[2];

	s->fd = open(path, O_RDWR | O_CLOEXEC);
	ENSURE(s->fd >= 0, ERR_CORRUPT,
		"the signer's mark cannot be opened (%s: %s): it says which history was signed last, "
		"and nothing may be signed without it",
		path, strerror(errno));
	ENSURE(pread(s->fd, slots, sizeof(slots), 0) == sizeof(slots), ERR_CORRUPT,
		"%s: the signer's mark is cut off", path);
	good[0] = slot_read(slots[0], &at[0]);
	good[1] = slot_read(slots[1], &at[1]);
	ENSURE(good[0] || good[1], ERR_CORRUPT, "%s: the signer's mark is damaged", path);
	s->slot = good[1] && (!good[0] || at[1].size > at[0].size);
	s->mark = at[s->slot];
	strcpy(s->mark.origin, s->key.vkey.name);
	return OK;
}

enum err keyholder_open(const char *key_path, const char *mark_path,
	const struct buf *passphrase, struct keyholder **out)
{
	struct keyholder *s = secret_new(sizeof(*s));
	enum err e;

	s->fd = -1;
	e = load_key(key_path, passphrase, &s->key);
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
	secret_free(s); /* wipes it */
}

const struct vkey *keyholder_vkey(const struct keyholder *s)
{
	return &s->key.vkey;
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
		"the signer's mark cannot be stored: %s", strerror(errno));
	s->slot = other;
	s->mark = *next;
	return OK;
}

enum err keyholder_sign(struct keyholder *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note)
{
	struct checkpoint next = {.size = size, .root = *root};
	AUTO(buf) text = BUF(KIB);

	strcpy(next.origin, s->key.vkey.name);
	ENSURE(size >= s->mark.size, ERR_FALSE,
		"the log has %llu entries, but %llu were signed before: an older copy was put in its "
		"place. Nothing was signed",
		(unsigned long long)size, (unsigned long long)s->mark.size);
	TRY(merkle_check_consistency(s->mark.size, size, &s->mark.root, root, consistency));
	/* A crash after this line and before the note is stored leaves a mark without its
	 * signature; the next start signs the same tree again. */
	if (size > s->mark.size)
		TRY(store_mark(s, &next));
	checkpoint_text(&next, &text);
	note_sign(&s->key, text.data, text.len, note);
	return buf_check(note, "a checkpoint");
}
