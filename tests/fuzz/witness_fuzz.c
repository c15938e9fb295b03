/* A witness answers any request with one of its statuses, and with any signatures it cosigns only a
 * tree that extends the previous one. */
#include "audit/witness.h"

#include "audit/cosignature.h"

#include <assert.h>
#include <string.h>

#define LOG "log.example/1"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct skey key, log_key;
static struct checkpoint three = {.origin = LOG, .size = 3};
static struct witness_log logs[1];
static char origin[] = LOG;

/* Remembers one checkpoint. */
struct memory {
	bool any;
	struct checkpoint cp;
};

static enum err latest(void *self, const char *of, struct checkpoint *out, struct buf *note)
{
	struct memory *m = self;

	assert(strcmp(of, LOG) == 0);
	if (!m->any)
		return fail(ERR_NOT_FOUND, "none");
	if (note)
		buf_puts(note, "a note\n");
	*out = m->cp;
	return OK;
}

static enum err move(
	void *self, const struct checkpoint *from, const struct checkpoint *to, const char *note)
{
	struct memory *m = self;

	assert((from != NULL) == m->any);
	assert(to->size >= (m->any ? m->cp.size : 0) && *note);
	assert(!m->any || to->size > m->cp.size || sha256_equal(&to->root, &m->cp.root));
	m->any = true;
	m->cp = *to;
	return OK;
}

static const struct witness_state_ops ops = {latest, move};

/* The leaves of the corpus's log are numbers, as text. */
static struct sha256 root_of_three(void)
{
	struct frontier f = {0};

	for (const char *leaf = "012"; *leaf; leaf++) {
		struct sha256 hash = merkle_leaf(leaf, 1);

		frontier_add(&f, &hash);
	}
	return frontier_root(&f);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const uint8_t seed[ED25519_SEED] = {7}, log_seed[ED25519_SEED] = {9};

	(void)argc;
	(void)argv;
	crypto_init();
	if (skey_make("witness.example", seed, &key) != OK ||
		skey_make(LOG, log_seed, &log_key) != OK)
		return 1;
	logs[0] = (struct witness_log){origin, log_key.vkey};
	three.root = root_of_three();
	return 0;
}

static void check(const struct witness *w, const uint8_t *data, size_t size)
{
	AUTO(buf) out = BUF(64 * KIB);
	int status = witness_add_checkpoint(w, data, size, &out, NULL);

	assert(!out.over && out.len > 0 && out.data[out.len - 1] == '\n');
	assert(status == 200 || status == 400 || status == 403 || status == 404 || status == 409 ||
		status == 422);
	assert((status == 200) == (memcmp(out.data, "— ", 4) == 0));
}

/* Once as the very first request, once after a checkpoint of three leaves. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct memory m = {0}, grown = {true, three};
	struct witness w = {&key, &env_real, {&ops, &m}, logs, 1, env_gap(&env_real)};

	check(&w, data, size);
	check(&w, data, size);
	w.state.self = &grown;
	check(&w, data, size);
	return 0;
}
