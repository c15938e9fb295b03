#include "audit/cosignature.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define TIME_BYTES 8
#define BLOB (TIME_BYTES + ED25519_SIG)

struct vkey cosignature_vkey(const struct vkey *given)
{
	struct vkey key;

	/* The name was valid in the given key, so it is valid here. */
	if (vkey_make(given->name, KEY_COSIGNATURE, given->public, &key) != OK)
		abort();
	return key;
}

/* The signed message: two lines of the cosignature, then the checkpoint's text. */
static void message(int64_t time, const char *text, size_t len, struct buf *out)
{
	buf_printf(out, "cosignature/v1\ntime %" PRId64 "\n", time);
	buf_add(out, text, len);
}

void cosignature_add(
	const struct skey *key, int64_t time, const char *text, size_t len, struct buf *out)
{
	struct vkey vkey = cosignature_vkey(&key->vkey);
	AUTO(buf) msg = BUF(NOTE_MAX + KIB);
	uint8_t blob[BLOB];

	for (int i = 0; i < TIME_BYTES; i++)
		blob[i] = (uint8_t)((uint64_t)time >> (56 - 8 * i));
	message(time, text, len, &msg);
	ed25519_sign(&key->pair, buf_text(&msg), msg.len, blob + TIME_BYTES);
	note_sig_add(&vkey, blob, sizeof(blob), out);
}

/* Below 2^63 (the specification), and not 0, which would be no time at all. */
static enum err time_of(const struct note_sig *sig, int64_t *out)
{
	uint64_t time = 0;

	ENSURE(sig->blob_len == BLOB, ERR_FALSE,
		"a cosignature of %.*s must have a time and a signature, together %d bytes",
		(int)sig->name_len, sig->name, BLOB);
	for (int i = 0; i < TIME_BYTES; i++)
		time = time << 8 | sig->blob[i];
	ENSURE(time > 0 && time <= INT64_MAX, ERR_FALSE,
		"the time in a cosignature of %.*s must be above 0 and below 2^63",
		(int)sig->name_len, sig->name);
	*out = (int64_t)time;
	return OK;
}

static enum err verify_line(
	const struct note *note, const struct note_sig *sig, const struct vkey *key, int64_t *time)
{
	AUTO(buf) msg = BUF(NOTE_MAX + KIB);

	TRY(time_of(sig, time));
	message(*time, note->text, note->text_len, &msg);
	ENSURE(ed25519_verify(key->public, msg.data, msg.len, sig->blob + TIME_BYTES), ERR_FALSE,
		"the cosignature of %s does not verify", key->name);
	return OK;
}

enum err cosignature_verify(const struct note *note, const struct vkey *given, int64_t *time)
{
	struct vkey key = cosignature_vkey(given);
	int64_t latest = 0, at = 0;

	for (size_t i = 0; i < note->sigs_n; i++) {
		if (!note_sig_is_of(&note->sigs[i], &key))
			continue;
		TRY(verify_line(note, &note->sigs[i], &key, &at));
		latest = at > latest ? at : latest;
	}
	ENSURE(latest > 0, ERR_NOT_FOUND, "the checkpoint is not cosigned by %s", key.name);
	*time = latest;
	return OK;
}

void cosignature_copy(const struct note *note, const struct vkey *given, struct buf *out)
{
	struct vkey key = cosignature_vkey(given);
	const struct note_sig *latest = NULL;

	/* Times are big endian, so the greater blob is the later one. */
	for (size_t i = 0; i < note->sigs_n; i++) {
		const struct note_sig *sig = &note->sigs[i];

		if (note_sig_is_of(sig, &key) && sig->blob_len == BLOB &&
			(!latest || memcmp(sig->blob, latest->blob, BLOB) > 0))
			latest = sig;
	}
	if (latest)
		note_sig_add(&key, latest->blob, BLOB, out);
}
