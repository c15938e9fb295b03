/* note.h - C2SP signed-note: a text, an empty line, signature lines.
 *
 * Ed25519 (type 0x01) and Ed25519 cosignatures (type 0x04) are understood; lines of other keys are
 * kept but not verified. Input is bounded: NOTE_MAX bytes, NOTE_SIGS lines. */
#pragma once
#include "base/buf.h"
#include "base/crypto.h"

#define NOTE_MAX (1000 * 1000UL)
#define NOTE_SIGS 100
#define KEY_NAME_MAX 255

enum key_type { KEY_ED25519 = 0x01, KEY_COSIGNATURE = 0x04 };

/* A public key with its name: `<name>+<8 hex of id>+<base64(type || key)>`. */
struct vkey {
	char name[KEY_NAME_MAX + 1];
	uint8_t id[4]; /* SHA-256(name || "\n" || type || key)[:4] */
	uint8_t type;  /* enum key_type */
	uint8_t public[ED25519_PUBLIC];
};
/* ERR_INVALID for a name that is empty, too long, or holds white space, control bytes or "+". */
MUST_CHECK enum err vkey_make(const char *name, enum key_type type,
	const uint8_t public[ED25519_PUBLIC], struct vkey *out);
MUST_CHECK enum err vkey_parse(const char *text, struct vkey *out);
void vkey_text(const struct vkey *key, struct buf *out);
/* Parses a key of an unsupported type and any length: OK if name and id are well-formed. Only name,
 * id and type of `*out` are usable; `public` is the SHA-256 of the key's bytes. */
MUST_CHECK enum err vkey_parse_other(const char *text, struct vkey *out);

/* A private key, in the form that Go's x/mod reads: `PRIVATE+KEY+<name>+<id>+<base64(0x01 ||
 * seed)>`. */
struct skey {
	struct vkey vkey;
	struct ed25519 pair;
};
void skey_wipe(struct skey *key);
MUST_CHECK enum err skey_make(const char *name, const uint8_t seed[ED25519_SEED], struct skey *out);
MUST_CHECK enum err skey_parse(const char *text, struct skey *out);
void skey_text(const struct skey *key, struct buf *out);

/* One signature line; pointers are borrowed from the note's bytes. */
struct note_sig {
	const char *name;
	size_t name_len;
	uint8_t id[4];
	uint8_t blob[96]; /* the bytes after the id, if they fit; longer ones are of unknown types
	                   */
	size_t blob_len;  /* the true length */
};
struct note {
	const char *text; /* with its final newline; borrowed */
	size_t text_len;
	size_t sigs_n;
	struct note_sig sigs[NOTE_SIGS];
};
/* ERR_INVALID names the rule that the bytes break; `data` must outlive `out`. */
MUST_CHECK enum err note_parse(const char *data, size_t len, struct note *out);
/* OK if there is a signature line of `key` (type 0x01) and every such line verifies; ERR_NOT_FOUND
 * if there is none, ERR_FALSE if one does not verify. */
MUST_CHECK enum err note_verify(const struct note *note, const struct vkey *key);
/* Does this line have the name and id of `key`? Its signature is not verified. */
bool note_sig_is_of(const struct note_sig *sig, const struct vkey *key);
/* Appends a line of `key` with the `len` bytes of its signature. For a note_sig, `len` must not
 * exceed the size of its blob, even if its blob_len does. */
void note_sig_add(const struct vkey *key, const void *blob, size_t len, struct buf *out);
/* Appends the note's line of `key` (type 0x01) if note_verify() is OK. */
void note_keep(const struct note *note, const struct vkey *key, struct buf *out);
/* Appends the signature line of `key` over `text` ("— name base64\n"). */
void note_sign_line(const struct skey *key, const char *text, size_t len, struct buf *out);
/* Appends the text, an empty line and the signature line. */
void note_sign(const struct skey *key, const char *text, size_t len, struct buf *out);
