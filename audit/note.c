#include "audit/note.h"

#include "base/sha256.h"
#include "base/text.h"

#include <string.h>

#define DASH "\xe2\x80\x94 " /* U+2014 and a space, with which a signature line begins */
#define SECRET "PRIVATE+KEY+"
#define ID 4
#define ID_HEX (2 * ID)
#define KEY_BYTES (1 + ED25519_PUBLIC) /* the type, and the key or the seed */
#define OTHER_KEY_MAX (8 * KIB)        /* ML-DSA-87, the longest so far, has 2,592 bytes */
#define LINE_LEAST (ID + 1)            /* an id and at least one byte of signature */

_Static_assert(SHA256 == ED25519_PUBLIC, "a digest stands for a key of another kind");
_Static_assert(ED25519_SEED == ED25519_PUBLIC, "both key texts carry as many bytes");

/* Unicode's White_Space without control bytes, which no note may contain. */
static const char *const spaces[] = {" ", "\xc2\x85", "\u00a0", "\u1680", "\u2000", "\u2001",
	"\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
	"\u2028", "\u2029", "\u202f", "\u205f", "\u3000"};

/* The specification's rule for a key name; name_check() is stricter for our own names. */
static bool name_allowed(const char *name, size_t len)
{
	size_t ascii = 0;

	if (len == 0 || memchr(name, '+', len) || memchr(name, ' ', len))
		return false;
	while (ascii < len && (uint8_t)name[ascii] < 0x80)
		ascii++;
	for (size_t i = 1; i < COUNT(spaces) && ascii < len; i++) /* the rest are not ASCII */
		if (memmem(name, len, spaces[i], strlen(spaces[i])))
			return false;
	return true;
}

static bool has_control(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((uint8_t)s[i] < 0x20 || s[i] == 0x7f)
			return true;
	return false;
}

/* Nearly all names have only these characters, so this check is fast. */
static bool is_plain_name(const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (name[i] <= 0x20 || name[i] >= 0x7f || name[i] == '+')
			return false;
	return len > 0;
}

static enum err name_check(const char *name, size_t len)
{
	ENSURE(len <= KEY_NAME_MAX, ERR_INVALID, "a key name is over %d bytes", KEY_NAME_MAX);
	if (is_plain_name(name, len))
		return OK;
	ENSURE(text_is_utf8(name, len) && !has_control(name, len) && name_allowed(name, len),
		ERR_INVALID, "a key name is empty or holds white space, control bytes or \"+\"");
	return OK;
}

static void key_id(struct vkey *key)
{
	AUTO(buf) b = BUF(KEY_NAME_MAX + 2 + ED25519_PUBLIC);
	struct sha256 hash;

	buf_puts(&b, key->name);
	buf_putc(&b, '\n');
	buf_putc(&b, (char)key->type);
	buf_add(&b, key->public, ED25519_PUBLIC);
	hash = sha256_of(b.data, b.len);
	memcpy(key->id, hash.bytes, ID);
}

enum err vkey_make(const char *name, enum key_type type, const uint8_t public[ED25519_PUBLIC],
	struct vkey *out)
{
	struct vkey key = {.type = (uint8_t)type};
	size_t len = strlen(name);

	TRY(name_check(name, len));
	ENSURE(type == KEY_ED25519 || type == KEY_COSIGNATURE, ERR_INVALID,
		"keys of type 0x%02x are not understood", (unsigned)type);
	memcpy(key.name, name, len);
	memcpy(key.public, public, ED25519_PUBLIC);
	key_id(&key);
	*out = key;
	return OK;
}

/* `<name>+<id>+<base64(type || key)>`, split but not yet checked. */
struct key_text {
	char name[KEY_NAME_MAX + 1];
	uint8_t id[ID];
	uint8_t bytes[KEY_BYTES];
};

static void key_text_done(struct key_text *k)
{
	crypto_wipe(k, sizeof(*k)); /* the key may be private */
}

static enum err key_bytes_parse(const char *name, const char *base64, uint8_t out[KEY_BYTES])
{
	AUTO(buf) b = BUF(KEY_BYTES);
	bool fits;

	TRY(base64_parse(base64, strlen(base64), &b));
	fits = !b.over && b.len == KEY_BYTES;
	if (fits) {
		memcpy(out, b.data, KEY_BYTES);
		crypto_wipe(b.data, b.len);
	}
	ENSURE(fits, ERR_INVALID, "the key of %s must have %d bytes in base64; copy all of it",
		name, KEY_BYTES);
	return OK;
}

/* Splits at the first two "+", because the base64 may contain more. */
static enum err key_text_parse(const char *text, struct key_text *out)
{
	size_t name_len = strcspn(text, "+");
	const char *id = text + name_len + 1;
	char hex[ID_HEX + 1] = {0};

	TRY(name_check(text, name_len));
	ENSURE(text[name_len] == '+' && strcspn(id, "+") == ID_HEX && id[ID_HEX] == '+',
		ERR_INVALID, "a key is not <name>+<8 digits>+<base64>");
	memcpy(hex, id, ID_HEX);
	TRY(hex_parse(hex, out->id, ID));
	memcpy(out->name, text, name_len);
	TRY(key_bytes_parse(out->name, id + ID_HEX + 1, out->bytes));
	return OK;
}

enum err vkey_parse(const char *text, struct vkey *out)
{
	AUTO(key_text) parts = {0};
	struct vkey key;

	TRY(key_text_parse(text, &parts));
	TRY(vkey_make(parts.name, parts.bytes[0], parts.bytes + 1, &key));
	ENSURE(memcmp(key.id, parts.id, ID) == 0, ERR_INVALID,
		"the id of the key of %s is not that of its name and bytes", parts.name);
	*out = key;
	return OK;
}

enum err vkey_parse_other(const char *text, struct vkey *out)
{
	AUTO(buf) bytes = BUF(OTHER_KEY_MAX), all = BUF(KEY_NAME_MAX + 1 + OTHER_KEY_MAX);
	size_t name_len = strcspn(text, "+");
	const char *id = text + name_len + 1;
	struct vkey key = {0};
	char hex[ID_HEX + 1] = {0};
	struct sha256 hash;

	TRY(name_check(text, name_len));
	ENSURE(text[name_len] == '+' && strcspn(id, "+") == ID_HEX && id[ID_HEX] == '+',
		ERR_INVALID, "a key is not <name>+<8 digits>+<base64>");
	memcpy(hex, id, ID_HEX);
	TRY(hex_parse(hex, key.id, ID));
	TRY(base64_parse(id + ID_HEX + 1, strlen(id + ID_HEX + 1), &bytes));
	memcpy(key.name, text, name_len);
	ENSURE(!bytes.over && bytes.len > 1, ERR_INVALID,
		"the key of %s must have 2 to %lu bytes in base64", key.name, OTHER_KEY_MAX);
	key.type = (uint8_t)bytes.data[0];
	ENSURE(key.type != KEY_ED25519 && key.type != KEY_COSIGNATURE, ERR_INVALID,
		"the key of %s must have %d bytes in base64; copy all of it", key.name, KEY_BYTES);
	buf_printf(&all, "%s\n", key.name);
	buf_add(&all, bytes.data, bytes.len);
	hash = sha256_of(all.data, all.len);
	/* The id of type 0x02 is computed differently, and no witness has such a key. */
	ENSURE(memcmp(hash.bytes, key.id, ID) == 0, ERR_INVALID,
		"the id of the key of %s is not that of its name and bytes", key.name);
	hash = sha256_of(bytes.data, bytes.len);
	memcpy(key.public, hash.bytes, sizeof(key.public));
	*out = key;
	return OK;
}

static void key_text_add(struct buf *out, const struct vkey *key, const uint8_t bytes[ED25519_SEED])
{
	uint8_t typed[KEY_BYTES] = {key->type};

	memcpy(typed + 1, bytes, ED25519_SEED);
	buf_puts(out, key->name);
	buf_putc(out, '+');
	hex_add(out, key->id, ID);
	buf_putc(out, '+');
	base64_add(out, typed, sizeof(typed));
	crypto_wipe(typed, sizeof(typed));
}

void vkey_text(const struct vkey *key, struct buf *out)
{
	key_text_add(out, key, key->public);
}

void skey_wipe(struct skey *key)
{
	crypto_wipe(key, sizeof(*key));
}

enum err skey_make(const char *name, const uint8_t seed[ED25519_SEED], struct skey *out)
{
	struct ed25519 pair;
	struct vkey vkey;
	enum err e;

	ed25519_from_seed(seed, &pair);
	e = vkey_make(name, KEY_ED25519, pair.public, &vkey);
	if (e == OK)
		*out = (struct skey){.vkey = vkey, .pair = pair};
	crypto_wipe(&pair, sizeof(pair));
	return e;
}

enum err skey_parse(const char *text, struct skey *out)
{
	AUTO(key_text) parts = {0};
	struct skey key;
	enum err e;

	ENSURE(strncmp(text, SECRET, strlen(SECRET)) == 0, ERR_INVALID,
		"a private key does not begin with %s", SECRET);
	TRY(key_text_parse(text + strlen(SECRET), &parts));
	ENSURE(parts.bytes[0] == KEY_ED25519, ERR_INVALID, "a private key is not of type 0x01");
	TRY(skey_make(parts.name, parts.bytes + 1, &key));
	e = memcmp(key.vkey.id, parts.id, ID) == 0
	            ? OK
	            : fail(ERR_INVALID, "the id of the private key of %s is wrong", parts.name);
	if (e == OK)
		*out = key;
	skey_wipe(&key);
	return e;
}

void skey_text(const struct skey *key, struct buf *out)
{
	buf_puts(out, SECRET);
	key_text_add(out, &key->vkey, key->pair.secret); /* the first half is the seed */
}

/* Parses "<name> <base64(id || blob)>", the rest of a line after the dash. */
static enum err sig_parse(const char *line, size_t len, struct note_sig *out)
{
	AUTO(buf) b = BUF(NOTE_MAX);
	const char *space = memchr(line, ' ', len);
	size_t name_len = space ? (size_t)(space - line) : 0;

	ENSURE(space && name_allowed(line, name_len), ERR_INVALID,
		"a signature line has no proper key name");
	TRY(base64_parse(space + 1, len - name_len - 1, &b));
	ENSURE(b.len >= LINE_LEAST, ERR_INVALID, "a signature is shorter than %d bytes",
		LINE_LEAST);
	*out = (struct note_sig){.name = line, .name_len = name_len, .blob_len = b.len - ID};
	memcpy(out->id, b.data, ID);
	memcpy(out->blob, b.data + ID,
		out->blob_len < sizeof(out->blob) ? out->blob_len : sizeof(out->blob));
	return OK;
}

/* Parses every line from `at` to `end`, which is just after a newline. */
static enum err sigs_parse(const char *at, const char *end, struct note *note)
{
	const size_t dash = strlen(DASH);

	ENSURE(at < end, ERR_INVALID, "a note has no signature line");
	while (at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)(newline - at);

		ENSURE(note->sigs_n < NOTE_SIGS, ERR_INVALID, "a note has over %d signatures",
			NOTE_SIGS);
		ENSURE(len > dash && memcmp(at, DASH, dash) == 0, ERR_INVALID,
			"a signature line does not begin with an em dash and a space");
		TRY(sig_parse(at + dash, len - dash, &note->sigs[note->sigs_n]));
		note->sigs_n++;
		at = newline + 1;
	}
	return OK;
}

static enum err bytes_check(const char *data, size_t len)
{
	ENSURE(len <= NOTE_MAX, ERR_INVALID, "a note is over %lu bytes", NOTE_MAX);
	ENSURE(len > 0 && data[len - 1] == '\n', ERR_INVALID, "a note does not end in a newline");
	ENSURE(text_is_utf8(data, len), ERR_INVALID, "a note is not UTF-8");
	for (size_t i = 0; i < len; i++)
		ENSURE((uint8_t)data[i] >= 0x20 || data[i] == '\n', ERR_INVALID,
			"a note holds the control byte 0x%02x", (unsigned)(uint8_t)data[i]);
	return OK;
}

/* The bytes before the last empty line (the text may have others); 0 if there is none. */
static size_t text_end(const char *data, size_t len)
{
	for (size_t i = len; i >= 2; i--)
		if (data[i - 1] == '\n' && data[i - 2] == '\n')
			return i - 1;
	return 0;
}

enum err note_parse(const char *data, size_t len, struct note *out)
{
	struct note note = {.text = data};

	TRY(bytes_check(data, len));
	note.text_len = text_end(data, len);
	ENSURE(note.text_len > 0, ERR_INVALID, "a note has no empty line before its signatures");
	TRY(sigs_parse(data + note.text_len + 1, data + len, &note));
	*out = note;
	return OK;
}

/* Name and id identify a key only together. */
bool note_sig_is_of(const struct note_sig *sig, const struct vkey *key)
{
	return sig->name_len == strlen(key->name) &&
	       memcmp(sig->name, key->name, sig->name_len) == 0 &&
	       memcmp(sig->id, key->id, ID) == 0;
}

enum err note_verify(const struct note *note, const struct vkey *key)
{
	bool found = false;

	ENSURE(key->type == KEY_ED25519, ERR_NOT_FOUND, "%s is not a key that signs texts",
		key->name);
	for (size_t i = 0; i < note->sigs_n; i++) {
		const struct note_sig *sig = &note->sigs[i];

		if (!note_sig_is_of(sig, key))
			continue;
		found = true;
		ENSURE(sig->blob_len == ED25519_SIG &&
				ed25519_verify(key->public, note->text, note->text_len, sig->blob),
			ERR_FALSE, "the signature of %s does not verify", key->name);
	}
	ENSURE(found, ERR_NOT_FOUND, "the note is not signed by %s", key->name);
	return OK;
}

void note_sig_add(const struct vkey *key, const void *blob, size_t len, struct buf *out)
{
	AUTO(buf) bytes = BUF(ID + len);

	buf_add(&bytes, key->id, ID);
	buf_add(&bytes, blob, len);
	buf_puts(out, DASH);
	buf_puts(out, key->name);
	buf_putc(out, ' ');
	base64_add(out, bytes.data, bytes.len);
	buf_putc(out, '\n');
}

void note_keep(const struct note *note, const struct vkey *key, struct buf *out)
{
	if (note_verify(note, key) != OK)
		return;
	for (size_t i = 0; i < note->sigs_n; i++)
		if (note_sig_is_of(&note->sigs[i], key)) {
			note_sig_add(key, note->sigs[i].blob, ED25519_SIG, out);
			return; /* a second line would be the same */
		}
}

void note_sign_line(const struct skey *key, const char *text, size_t len, struct buf *out)
{
	uint8_t sig[ED25519_SIG];

	ed25519_sign(&key->pair, text, len, sig);
	note_sig_add(&key->vkey, sig, sizeof(sig), out);
}

void note_sign(const struct skey *key, const char *text, size_t len, struct buf *out)
{
	buf_add(out, text, len);
	buf_putc(out, '\n');
	note_sign_line(key, text, len, out);
}
