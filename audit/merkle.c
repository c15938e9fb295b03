#include "audit/merkle.h"

#include <stdlib.h>

struct sha256 merkle_empty(void)
{
	return sha256_of("", 0);
}

struct sha256 merkle_leaf(const void *entry, size_t len)
{
	return sha256_prefixed(0x00, entry, len, "", 0);
}

struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right)
{
	return sha256_prefixed(0x01, left->bytes, SHA256, right->bytes, SHA256);
}

struct sha256 merkle_root(const struct sha256 *nodes, uint64_t n)
{
	struct frontier f = {0};

	for (uint64_t i = 0; i < n; i++)
		frontier_add(&f, &nodes[i]);
	return frontier_root(&f);
}

void frontier_add(struct frontier *f, const struct sha256 *leaf)
{
	frontier_add_node(f, 0, leaf);
}

void frontier_add_node(struct frontier *f, unsigned level, const struct sha256 *node)
{
	uint64_t leaves = (uint64_t)1 << level;
	struct sha256 root = *node;
	unsigned h = level;

	/* No log gets that large, and roots[64] does not exist; a node needs its own place. */
	if (f->size > UINT64_MAX - leaves || (f->size & (leaves - 1)) != 0)
		abort();
	for (; f->size >> h & 1; h++)
		root = merkle_node(&f->roots[h], &root);
	f->roots[h] = root;
	f->size += leaves;
}

struct sha256 frontier_root(const struct frontier *f)
{
	struct sha256 root;
	unsigned h;

	if (f->size == 0)
		return merkle_empty();
	h = (unsigned)__builtin_ctzll(f->size);
	root = f->roots[h];
	for (h++; h < 64; h++)
		if (f->size >> h & 1)
			root = merkle_node(&f->roots[h], &root);
	return root;
}

/* A position on the way from a leaf to the root: node `at` of a level whose last node is `last` (fn
 * and sn in RFC 9162). */
struct climb {
	uint64_t at, last;
};

static void climb_level(struct climb *c)
{
	c->at >>= 1;
	c->last >>= 1;
}

/* Moves to the level above the next sibling, and returns whether that sibling is on the left. A
 * last node without a sibling moves up unchanged until it has one. */
static bool climb_past_sibling(struct climb *c)
{
	bool left = c->at & 1 || c->at == c->last;

	while (left && !(c->at & 1) && c->at != 0)
		climb_level(c);
	climb_level(c);
	return left;
}

enum err merkle_check_inclusion(uint64_t index, uint64_t size, const struct sha256 *leaf,
	const struct path *path, const struct sha256 *root)
{
	struct sha256 r = *leaf;
	struct climb c = {index, size - 1};

	ENSURE(index < size, ERR_FALSE, "the tree has no such leaf");
	ENSURE(path->n <= MERKLE_PATH_MAX, ERR_FALSE, "the inclusion proof is too long");
	for (size_t i = 0; i < path->n; i++) {
		ENSURE(c.last != 0, ERR_FALSE, "the inclusion proof is too long");
		r = climb_past_sibling(&c) ? merkle_node(&path->hash[i], &r)
		                           : merkle_node(&r, &path->hash[i]);
	}
	ENSURE(c.last == 0, ERR_FALSE, "the inclusion proof is too short");
	ENSURE(sha256_equal(&r, root), ERR_FALSE, "the inclusion proof leads to another root");
	return OK;
}

/* Computes both trees' roots, starting at the last perfect subtree that they share. */
static enum err check_growth(uint64_t old_size, uint64_t new_size, const struct sha256 *old_root,
	const struct sha256 *new_root, const struct path *path)
{
	struct climb c = {old_size - 1, new_size - 1};
	/* If the old tree is perfect, it is that subtree, and its root is not in the proof. */
	bool perfect = (old_size & (old_size - 1)) == 0;
	struct sha256 from_old = perfect ? *old_root : path->hash[0], from_new = from_old;

	while (c.at & 1)
		climb_level(&c);
	for (size_t i = perfect ? 0 : 1; i < path->n; i++) {
		ENSURE(c.last != 0, ERR_FALSE, "the consistency proof is too long");
		if (climb_past_sibling(&c)) {
			from_old = merkle_node(&path->hash[i], &from_old);
			from_new = merkle_node(&path->hash[i], &from_new);
		} else {
			from_new = merkle_node(&from_new, &path->hash[i]);
		}
	}
	ENSURE(c.last == 0, ERR_FALSE, "the consistency proof is too short");
	ENSURE(sha256_equal(&from_old, old_root), ERR_FALSE,
		"the consistency proof does not lead to the old root");
	ENSURE(sha256_equal(&from_new, new_root), ERR_FALSE,
		"the consistency proof does not lead to the new root");
	return OK;
}

enum err merkle_check_consistency(uint64_t old_size, uint64_t new_size,
	const struct sha256 *old_root, const struct sha256 *new_root, const struct path *path)
{
	ENSURE(old_size <= new_size, ERR_FALSE, "the tree became smaller");
	ENSURE(path->n <= MERKLE_PATH_MAX, ERR_FALSE, "the consistency proof is too long");
	if (old_size == new_size || old_size == 0) {
		ENSURE(path->n == 0, ERR_FALSE, "the consistency proof is too long");
		ENSURE(old_size != new_size || sha256_equal(old_root, new_root), ERR_FALSE,
			"two trees of one size have different roots");
		return OK;
	}
	ENSURE(path->n != 0, ERR_FALSE, "the consistency proof is empty");
	return check_growth(old_size, new_size, old_root, new_root, path);
}

/* The root of the `n` > 0 leaves from `start`, which is a multiple of a power of two >= n. There is
 * one perfect node for each bit of n, with the smallest on the right. */
static enum err range_root(
	const struct nodes *nodes, uint64_t start, uint64_t n, struct sha256 *out)
{
	unsigned h = (unsigned)__builtin_ctzll(n);
	struct sha256 root, left;

	n &= n - 1;
	TRY(nodes->get(nodes->arg, h, (start + n) >> h, &root));
	while (n != 0) {
		h = (unsigned)__builtin_ctzll(n);
		n &= n - 1;
		TRY(nodes->get(nodes->arg, h, (start + n) >> h, &left));
		root = merkle_node(&left, &root);
	}
	*out = root;
	return OK;
}

enum err merkle_root_of(const struct nodes *nodes, uint64_t size, struct sha256 *out)
{
	if (size != 0)
		return range_root(nodes, 0, size, out);
	*out = merkle_empty();
	return OK;
}

/* A range of leaves that is halved repeatedly, starting with the whole tree. The halves that it
 * leaves are the proof, the highest first. */
struct descent {
	const struct nodes *nodes;
	uint64_t start, n;
	struct path path;
};

static enum err descent_add(struct descent *d, uint64_t start, uint64_t n)
{
	ENSURE(d->path.n < MERKLE_PATH_MAX, ERR_TOO_LARGE, "a proof has over %d hashes",
		MERKLE_PATH_MAX);
	TRY(range_root(d->nodes, start, n, &d->path.hash[d->path.n]));
	d->path.n++;
	return OK;
}

/* RFC 6962's k: the largest power of two below n, where n > 1. */
static uint64_t split(uint64_t n)
{
	return 1ULL << (63 - __builtin_clzll(n - 1));
}

static enum err descent_left(struct descent *d)
{
	uint64_t k = split(d->n);

	TRY(descent_add(d, d->start + k, d->n - k));
	d->n = k;
	return OK;
}

static enum err descent_right(struct descent *d)
{
	uint64_t k = split(d->n);

	TRY(descent_add(d, d->start, k));
	d->start += k;
	d->n -= k;
	return OK;
}

static void descent_path(const struct descent *d, struct path *out)
{
	out->n = d->path.n;
	for (size_t i = 0; i < out->n; i++)
		out->hash[i] = d->path.hash[out->n - 1 - i];
}

enum err merkle_inclusion(
	const struct nodes *nodes, uint64_t index, uint64_t size, struct path *out)
{
	struct descent d = {.nodes = nodes, .n = size};

	ENSURE(index < size, ERR_INVALID, "a tree of this size has no such leaf");
	while (d.n > 1) {
		if (index - d.start < split(d.n))
			TRY(descent_left(&d));
		else
			TRY(descent_right(&d));
	}
	descent_path(&d, out);
	return OK;
}

enum err merkle_consistency(
	const struct nodes *nodes, uint64_t old_size, uint64_t new_size, struct path *out)
{
	struct descent d = {.nodes = nodes, .n = new_size};

	ENSURE(old_size <= new_size, ERR_INVALID, "the old tree is larger than the new one");
	/* A proof from an empty tree is empty. */
	while (old_size != 0 && old_size - d.start != d.n) {
		if (old_size - d.start <= split(d.n))
			TRY(descent_left(&d));
		else
			TRY(descent_right(&d));
	}
	/* The descent ends at a perfect old tree, whose root the checker already knows. */
	if (d.start != 0)
		TRY(descent_add(&d, d.start, d.n));
	descent_path(&d, out);
	return OK;
}
