/* Every note, key or checkpoint that parses prints as the same bytes. */
#include "audit/checkpoint.h"

#include <assert.h>
#include <string.h>

#define VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define TEXT "This is an example message.\n"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct vkey known;

static void same(const struct buf *b, const char *data, size_t len)
{
	assert(!b->over && b->len == len);
	assert(len == 0 || memcmp(b->data, data, len) == 0);
}

/* Its line again, or false if the blob is longer than a note_sig holds. */
static bool sig_print(const struct note_sig *sig, struct buf *out)
{
	uint8_t bytes[sizeof(sig->id) + sizeof(sig->blob)];

	assert(sig->blob_len > 0);
	if (sig->blob_len > sizeof(sig->blob))
		return false;
	memcpy(bytes, sig->id, sizeof(sig->id));
	memcpy(bytes + sizeof(sig->id), sig->blob, sig->blob_len);
	buf_puts(out, "— ");
	buf_add(out, sig->name, sig->name_len);
	buf_putc(out, ' ');
	base64_add(out, bytes, sizeof(sig->id) + sig->blob_len);
	buf_putc(out, '\n');
	return true;
}

static void fuzz_note(const char *data, size_t len)
{
	AUTO(buf) again = BUF(NOTE_MAX);
	struct note note;
	bool whole = true;

	if (note_parse(data, len, &note) != OK)
		return;
	assert(note.text == data && note.text_len < len);
	assert(note.sigs_n > 0 && note.sigs_n <= NOTE_SIGS);
	buf_add(&again, note.text, note.text_len);
	buf_putc(&again, '\n');
	for (size_t i = 0; i < note.sigs_n; i++)
		whole = sig_print(&note.sigs[i], &again) && whole;
	if (whole)
		same(&again, data, len);
	if (note_verify(&note, &known) == OK) /* the only text that this key ever signed */
		assert(note.text_len == strlen(TEXT) && memcmp(data, TEXT, strlen(TEXT)) == 0);
}

static void fuzz_checkpoint(const char *data, size_t len)
{
	AUTO(buf) again = BUF(KIB);
	struct checkpoint cp;

	if (checkpoint_parse(data, len, &cp) != OK)
		return;
	checkpoint_text(&cp, &again); /* without the extension lines */
	assert(again.len <= len);
	same(&again, data, again.len);
}

static void fuzz_keys(const char *text)
{
	AUTO(buf) public = BUF(KIB), secret = BUF(KIB);
	struct vkey vkey;
	struct skey skey;

	if (vkey_parse(text, &vkey) == OK) {
		vkey_text(&vkey, &public);
		same(&public, text, strlen(text));
	}
	if (skey_parse(text, &skey) == OK) {
		skey_text(&skey, &secret);
		same(&secret, text, strlen(text));
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return vkey_parse(VKEY, &known) != OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *text = mem_bytes(data, size);

	fuzz_note((const char *)data, size);
	fuzz_checkpoint((const char *)data, size);
	fuzz_keys(text);
	return 0;
}
