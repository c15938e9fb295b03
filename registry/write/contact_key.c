/* The order of a change, under the register's lock, and the state that a crash leaves after each
 * step:
 *
 *     contact.key has the new pair and the old    the server seals for the old; both open
 *     contact.pub is the new one's                it seals for the new; both open
 *     one transaction seals all addresses again   all are for the new one
 *     contact.key has only the new pair           done
 *
 * Two pairs in the file mean that a change was begun: the next call makes no pair and continues. */
#include "registry/write/contact_key.h"

#include "audit/key_file.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/write/private.h"

#include <string.h>

#define ADDRESS_MAX (4 * KIB)

struct pair {
	uint8_t public[SEAL_PUBLIC], secret[SEAL_SECRET];
};
struct pairs {
	struct pair pair[2]; /* the newest first */
	size_t n;
};

static void wipe(struct buf *secret)
{
	if (secret->data)
		crypto_wipe(secret->data, secret->cap);
}

/* --- the two files --- */

static enum err parse_pairs(char *text, struct pairs *out)
{
	char *line;
	size_t lines = 0;

	for (; (line = strsep(&text, "\n")) && *line; lines++) {
		struct pair *p = &out->pair[lines / 2];

		ENSURE(lines < 2 * COUNT(out->pair), ERR_CORRUPT, "it has over two pairs of lines");
		TRY(hex_parse(line, lines % 2 ? p->secret : p->public, sizeof(p->public)));
	}
	ENSURE(lines && lines % 2 == 0, ERR_CORRUPT, "a pair is two lines");
	out->n = lines / 2;
	return OK;
}

static enum err read_pairs(const char *dir, const struct buf *passphrase, struct pairs *out)
{
	AUTOFREE char *path = file_in(dir, REG_CONTACT_KEY);
	AUTO(buf) text = BUF(KIB);
	enum err e;

	TRY(key_file_read(path, passphrase, &text));
	buf_putc(&text, '\0');
	e = parse_pairs(text.data, out);
	wipe(&text);
	ENSURE(e == OK, ERR_CORRUPT, "%s is not the contact key that gaya made: %s", path,
		err_why());
	return OK;
}

static void add_hex_line(
	const uint8_t *half, size_t len, const struct buf *passphrase, struct buf *out)
{
	AUTO(buf) hex = BUF(KIB);

	hex_add(&hex, half, len);
	key_line_add(buf_text(&hex), passphrase, out);
	wipe(&hex);
}

typedef enum err (*write_fn)(const char *path, const void *data, size_t len, unsigned mode);

static enum err write_pairs(
	const char *dir, const struct buf *passphrase, const struct pairs *pairs, write_fn write)
{
	AUTOFREE char *path = file_in(dir, REG_CONTACT_KEY);
	AUTO(buf) text = BUF(KEY_FILE_MAX);
	enum err e;

	for (size_t i = 0; i < pairs->n; i++) {
		const struct pair *p = &pairs->pair[i];

		add_hex_line(p->public, sizeof(p->public), passphrase, &text);
		add_hex_line(p->secret, sizeof(p->secret), passphrase, &text);
	}
	e = buf_check(&text, "the contact key");
	if (e == OK)
		e = write(path, text.data, text.len, 0600);
	wipe(&text);
	return e;
}

static enum err write_public(const char *dir, const struct pair *p, write_fn write)
{
	AUTOFREE char *path = file_in(dir, REG_CONTACT_PUBLIC);
	AUTO(buf) text = BUF(KIB);

	hex_add(&text, p->public, sizeof(p->public));
	buf_putc(&text, '\n');
	return write(path, text.data, text.len, 0600);
}

/* Is it the public half of one of these pairs? False if the file does not exist. */
static enum err is_public_of(const char *dir, const struct pairs *pairs, bool *out)
{
	AUTOFREE char *path = file_in(dir, REG_CONTACT_PUBLIC);
	uint8_t public[SEAL_PUBLIC];
	AUTO(buf) text = BUF(KIB);
	enum err e = file_read(path, &text);

	*out = false;
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	if (text.len == 2 * SEAL_PUBLIC + 1)
		text.data[--text.len] = '\0';
	e = text.len == 2 * SEAL_PUBLIC ? hex_parse(buf_text(&text), public, sizeof(public))
	                                : ERR_CORRUPT;
	ENSURE(e == OK, ERR_CORRUPT, "%s is damaged", path);
	for (size_t i = 0; i < pairs->n; i++)
		*out = *out || memcmp(public, pairs->pair[i].public, sizeof(public)) == 0;
	return OK;
}

/* --- the remaining steps --- */

enum err contact_key_create(const char *dir, const struct buf *passphrase)
{
	struct pairs pairs = {.n = 1};
	enum err e;

	seal_keypair(pairs.pair[0].public, pairs.pair[0].secret);
	e = write_public(dir, &pairs.pair[0], file_create);
	if (e == OK)
		e = write_pairs(dir, passphrase, &pairs, file_create);
	crypto_wipe(&pairs, sizeof(pairs));
	return e;
}

static enum err open_by(const struct pairs *pairs, const void *box, size_t len, struct buf *out)
{
	enum err e = ERR_CORRUPT;

	for (size_t i = 0; e == ERR_CORRUPT && i < pairs->n; i++)
		e = unseal(pairs->pair[i].public, pairs->pair[i].secret, box, len, out);
	return e;
}

enum err contact_key_open(
	const char *dir, const struct buf *passphrase, const void *box, size_t len, struct buf *out)
{
	struct pairs pairs = {0};
	enum err e = read_pairs(dir, passphrase, &pairs);

	if (e == OK)
		e = open_by(&pairs, box, len, out);
	crypto_wipe(&pairs, sizeof(pairs));
	return e;
}

struct changing {
	struct contact_change *c;
	struct pairs pairs;
};

/* The pair of this register, or both pairs if a change was begun. */
static enum err find_pairs(struct changing *g)
{
	const struct contact_change *c = g->c;
	bool ours;
	enum err e = read_pairs(c->dir, c->passphrase, &g->pairs);

	ENSURE(e != ERR_NOT_FOUND || c->lost, ERR_NOT_FOUND,
		"%s has no %s: put it there for as long as this takes. If it is lost, say --lost: then "
		"what was sealed by now can be opened by nobody",
		c->dir, REG_CONTACT_KEY);
	if (e != ERR_NOT_FOUND)
		TRY(e);
	TRY(is_public_of(c->dir, &g->pairs, &ours));
	ENSURE(ours || c->lost, ERR_CONFLICT,
		"%s in %s is not the key that %s seals for: put that one there. If it is lost, say --lost: "
		"then what was sealed by now can be opened by nobody",
		REG_CONTACT_KEY, c->dir, REG_CONTACT_PUBLIC);
	if (g->pairs.n == 0 || (g->pairs.n == 1 && ours)) {
		g->pairs.pair[1] = g->pairs.pair[0];
		g->pairs.n++;
		seal_keypair(g->pairs.pair[0].public, g->pairs.pair[0].secret);
		TRY(write_pairs(c->dir, c->passphrase, &g->pairs, file_write));
	}
	return OK;
}

static enum err seal_anew(void *arg, const void *box, size_t len, struct buf *sealed)
{
	struct changing *g = arg;
	AUTO(buf) address = BUF(ADDRESS_MAX);
	enum err e = open_by(&g->pairs, box, len, &address);

	if (e == ERR_CORRUPT) {
		g->c->closed++;
		return OK;
	}
	TRY(e);
	g->c->sealed++;
	seal(g->pairs.pair[0].public, buf_text(&address), sealed);
	wipe(&address);
	return OK;
}

static enum err change(void *arg, struct db *db)
{
	struct changing *g = arg;

	TRY(find_pairs(g));
	TRY(write_public(g->c->dir, &g->pairs.pair[0], file_write));
	TRY(private_reseal(db, seal_anew, g));
	g->pairs.n = 1;
	return write_pairs(g->c->dir, g->c->passphrase, &g->pairs, file_write);
}

enum err contact_key_change(struct contact_change *c, const struct env *env)
{
	struct changing g = {.c = c};
	enum err e = reg_alone(c->dir, env, change, &g);

	crypto_wipe(&g, sizeof(g));
	return e;
}
