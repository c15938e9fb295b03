/* Every proof that parses prints as the same bytes, and no proof holds for an entry that was never
 * in the log. */
#include "audit/proof.h"

#include <assert.h>
#include <string.h>

/* The key of the corpus: its seed is 7 followed by zeroes. */
#define ORIGIN "register.city.example/log"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct skey key;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return skey_make(ORIGIN, (const uint8_t[ED25519_SEED]){7}, &key) != OK;
}

/* With a checkpoint of ours, so that the path is checked whatever was signed. */
static void fuzz_path(struct proof *p, const struct sha256 *leaf)
{
	struct checkpoint cp = {.origin = ORIGIN, .size = p->index | 0xff};
	AUTO(buf) text = BUF(KIB);

	checkpoint_text(&cp, &text);
	buf_clear(&p->checkpoint);
	note_sign(&key, text.data, text.len, &p->checkpoint);
	assert(proof_check(p, leaf, &key.vkey) == ERR_FALSE); /* a root of zeroes */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) again = BUF(size + 1);
	AUTO(proof) p = {0};
	struct sha256 leaf = merkle_leaf("never logged", 12);

	if (proof_parse((const char *)data, size, &p) != OK)
		return 0;
	assert(p.path.n <= MERKLE_PATH_MAX && p.extra.len <= PROOF_EXTRA_MAX);
	assert(p.has_extra || p.extra.len == 0);
	proof_text(&p, &again);
	assert(!again.over && again.len == size && memcmp(again.data, data, size) == 0);
	assert(proof_check(&p, &leaf, &key.vkey) == ERR_FALSE);
	fuzz_path(&p, &leaf);
	return 0;
}
