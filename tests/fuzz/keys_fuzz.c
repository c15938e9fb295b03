/* Arbitrary data on a log's keys: a statement that parses is printed the same, and any list leads
 * from the known key only to the one that this key ever signed for. */
#include "audit/key_statement.h"
#include "base/json.h"
#include "registry/event/log_key.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct skey known, next;

static void make(uint8_t n, struct skey *out)
{
	uint8_t seed[ED25519_SEED] = {n};

	if (skey_make("register.example/log", seed, out) != OK)
		abort();
}

static void fuzz_statement(const char *data, size_t len)
{
	AUTO(buf) again = BUF(KEY_STATEMENT_MAX);
	struct key_statement s;
	struct note note;

	if (key_statement_parse(data, len, &s, &note) != OK)
		return;
	assert(s.keys.n >= 1 && s.keys.n <= LOG_KEYS_MAX);
	key_statement_text(&s, &again);
	assert(again.len == note.text_len && memcmp(again.data, note.text, again.len) == 0);
	for (size_t i = 0; i < s.keys.n; i++)
		assert(strcmp(s.keys.key[i].name, s.checkpoint.origin) == 0);
	if (key_statement_open(data, len, &known.vkey, &s) == OK) /* of those in the corpus */
		assert(log_keys_have(&s.keys, &next.vkey));
}

static void fuzz_list(const char *data, size_t len)
{
	struct vkey key = known.vkey;
	json_t *told = NULL;

	if (json_read(data, len, MIB, RULES_LOOSE, &told) != OK)
		return;
	if (log_keys_lead(json_object_get(told, "changes"), &key) == OK)
		assert(vkey_same(&key, &known.vkey) || vkey_same(&key, &next.vkey));
	json_decref(told);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	make(1, &known);
	make(2, &next);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *text = mem_bytes(data, size);

	fuzz_statement(text, size);
	fuzz_list(text, size);
	return 0;
}
