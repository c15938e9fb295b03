/* Any answer of a witness: only one line that verifies under the checkpoint is accepted, and no
 * size beyond ours is requested. The first byte chooses the HTTP status. */
#include "web/witness/witness_client.h"

#include "audit/cosignature.h"
#include "audit/witness.h"

#include <assert.h>
#include <string.h>

#define TEXT "log.example/1\n3\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define NEWEST 5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct skey log_key, key;
static struct buf note = BUF(NOTE_MAX);
static struct cosign_request rq;

static uint64_t newest(void *arg)
{
	(void)arg;
	return NEWEST;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const uint8_t seed[ED25519_SEED] = {9}, witness_seed[ED25519_SEED] = {7};

	(void)argc;
	(void)argv;
	crypto_init();
	if (skey_make("log.example/1", seed, &log_key) != OK ||
		skey_make("witness.example", witness_seed, &key) != OK)
		return 1;
	note_sign(&log_key, TEXT, strlen(TEXT), &note);
	rq = (struct cosign_request){
		.signed_text = note.data, .signed_len = note.len, .newest = newest};
	return note_parse(note.data, note.len, &rq.note) != OK ||
	       checkpoint_parse(rq.note.text, rq.note.text_len, &rq.cp) != OK;
}

/* The line alone must make a cosigned checkpoint. */
static void check_line(const struct buf *line, int64_t time)
{
	AUTO(buf) whole = BUF(NOTE_MAX);
	struct note parsed;
	int64_t again = 0;

	buf_add(&whole, note.data, note.len);
	buf_add(&whole, line->data, line->len);
	assert(note_parse(whole.data, whole.len, &parsed) == OK && parsed.sigs_n == 2);
	assert(cosignature_verify(&parsed, &key.vkey, &again) == OK && again == time);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = {200, 409, 422, 403, 404, 500};
	static const char *const types[] = {WITNESS_SIZE_TYPE, "", "text/plain"};
	AUTO(buf) line = BUF(KIB);
	AUTO(witness_reply) r = {.body = BUF(16 * KIB)};
	uint64_t known = 1;
	int64_t time = 0;
	enum err e;

	if (size == 0)
		return 0;
	r.status = statuses[data[0] % COUNT(statuses)];
	r.type = types[data[0] / COUNT(statuses) % COUNT(types)];
	buf_add(&r.body, data + 1, size - 1);
	e = witness_understand(&rq, &key.vkey, &r, &known, &line, &time);
	assert(e == OK || line.len == 0);
	/* A line means that it has our size; only a 409 names another size. */
	assert(e == OK ? known == rq.cp.size : known == 1 || r.status == 409);
	assert(e != ERR_CONFLICT || known <= rq.cp.size);
	assert(e == ERR_FALSE || known <= NEWEST); /* we lack these entries, so we do not retry */
	if (e == OK)
		check_line(&line, time);
	return 0;
}
