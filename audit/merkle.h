/* merkle.h - the Merkle tree of RFC 6962 section 2.1 (the same in RFC 9162).
 *
 * Sizes and indices count leaves. A node of level h and index i covers the leaves
 * [i * 2^h, (i + 1) * 2^h). Nothing here stores anything. */
#pragma once
#include "base/sha256.h"

#define MERKLE_PATH_MAX 64

struct sha256 merkle_empty(void); /* the root of no leaves: SHA-256("") */
struct sha256 merkle_leaf(const void *entry, size_t len);
struct sha256 merkle_node(const struct sha256 *left, const struct sha256 *right);
/* The root over `n` neighbouring nodes of one level, the first at a multiple of a power
 * of two >= n: over n leaves, the tree's root. */
struct sha256 merkle_root(const struct sha256 *nodes, uint64_t n);

/* A tree that only grows, as the roots of its perfect subtrees; {0} is the empty one. */
struct frontier {
	uint64_t size;
	struct sha256 roots[64]; /* roots[h] is in use where bit h of `size` is set */
};
void frontier_add(struct frontier *f, const struct sha256 *leaf);
/* The same for all 2^level leaves under a node at once; `size` is a multiple of that. */
void frontier_add_node(struct frontier *f, unsigned level, const struct sha256 *node);
struct sha256 frontier_root(const struct frontier *f);

/* The hashes of a proof, the lowest first. */
struct path {
	size_t n;
	struct sha256 hash[MERKLE_PATH_MAX];
};

/* RFC 9162 section 2.1.3.2. OK, or ERR_FALSE with the reason. */
MUST_CHECK enum err merkle_check_inclusion(uint64_t index, uint64_t size, const struct sha256 *leaf,
	const struct path *path, const struct sha256 *root);
/* RFC 9162 section 2.1.4.2; from size 0 only the empty path is right (C2SP tlog-witness).
 * OK, or ERR_FALSE with the reason. */
MUST_CHECK enum err merkle_check_consistency(uint64_t old_size, uint64_t new_size,
	const struct sha256 *old_root, const struct sha256 *new_root, const struct path *path);

/* The source of hashes for proofs: gives the hash of one perfect node. */
struct nodes {
	enum err (*get)(void *arg, unsigned level, uint64_t index, struct sha256 *out);
	void *arg;
};
/* ERR_INVALID unless index < size. */
MUST_CHECK enum err merkle_inclusion(
	const struct nodes *nodes, uint64_t index, uint64_t size, struct path *out);
/* ERR_INVALID unless old_size <= new_size. */
MUST_CHECK enum err merkle_consistency(
	const struct nodes *nodes, uint64_t old_size, uint64_t new_size, struct path *out);
/* The root of the first `size` leaves. */
MUST_CHECK enum err merkle_root_of(const struct nodes *nodes, uint64_t size, struct sha256 *out);
