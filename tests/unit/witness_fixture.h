/* witness_fixture.h - a log of numbered leaves for tests of witnesses: its checkpoints and proofs,
 * and another history of the same key. */
#pragma once
#include "audit/checkpoint.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LOG "log.example/1"

static struct skey test_key(const char *name, uint8_t seed_byte)
{
	const uint8_t seed[ED25519_SEED] = {seed_byte};
	struct skey key;

	if (skey_make(name, seed, &key) != OK)
		abort();
	return key;
}

/* A history: leaf i is "<i>", or "<i>!" from `fork` on. */
struct history {
	uint64_t fork;
};
static const struct history one = {UINT64_MAX};

static struct sha256 leaf_of(const struct history *h, uint64_t index)
{
	AUTOFREE char *text = mem_printf("%" PRIu64 "%s", index, index >= h->fork ? "!" : "");

	return merkle_leaf(text, strlen(text));
}

static enum err node_of(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	struct sha256 left, right;

	if (level == 0) {
		*out = leaf_of(arg, index);
		return OK;
	}
	TRY(node_of(arg, level - 1, 2 * index, &left));
	TRY(node_of(arg, level - 1, 2 * index + 1, &right));
	*out = merkle_node(&left, &right);
	return OK;
}

static struct checkpoint checkpoint_of(const struct history *h, uint64_t size)
{
	struct nodes nodes = {node_of, (void *)(uintptr_t)h};
	struct checkpoint cp = {.origin = LOG, .size = size, .root = merkle_empty()};

	if (size && merkle_root_of(&nodes, size, &cp.root) != OK)
		abort();
	return cp;
}

/* Appends a signed checkpoint. */
static void add_note(const struct skey *key, const struct checkpoint *cp, struct buf *out)
{
	AUTO(buf) text = BUF(KIB);

	checkpoint_text(cp, &text);
	note_sign(key, text.data, text.len, out);
}

/* Appends a whole add-checkpoint request, from `old` to `size`. */
__attribute__((unused)) static void add_request(const struct skey *key, const struct history *h,
	uint64_t old, uint64_t size, struct buf *out)
{
	struct nodes nodes = {node_of, (void *)(uintptr_t)h};
	struct checkpoint cp = checkpoint_of(h, size);
	struct path proof = {0};

	if (old && merkle_consistency(&nodes, old, size, &proof) != OK)
		abort();
	buf_printf(out, "old %" PRIu64 "\n", old);
	for (size_t i = 0; i < proof.n; i++) {
		base64_add(out, proof.hash[i].bytes, SHA256);
		buf_putc(out, '\n');
	}
	buf_putc(out, '\n');
	add_note(key, &cp, out);
}
