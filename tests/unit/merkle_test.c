#include "audit/merkle.h"

#include "base/crypto.h"
#include "base/embed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

EMBED(vectors, "tests/vectors/log-vectors.json");

#define MOST 70 /* leaves: past 64, so that a proof has seven hashes */

/* RFC 6962's definition word by word, to compare the other algorithms with. */
static struct sha256 root_by_definition(const struct sha256 *leaves, size_t n)
{
	struct sha256 left, right;
	size_t k = 1;

	if (n == 0)
		return merkle_empty();
	if (n == 1)
		return leaves[0];
	while (k * 2 < n)
		k *= 2;
	left = root_by_definition(leaves, k);
	right = root_by_definition(leaves + k, n - k);
	return merkle_node(&left, &right);
}

struct tree {
	struct sha256 leaves[MOST];
	struct sha256 roots[MOST + 1]; /* roots[n] of the first n leaves */
	uint64_t size;                 /* nodes beyond it are not there */
};

static enum err tree_get(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	const struct tree *tree = arg;

	assert_true(level < 8 && (index + 1) << level <= tree->size);
	*out = root_by_definition(tree->leaves + (index << level), (size_t)1 << level);
	return OK;
}

static struct tree fixture(void)
{
	struct tree tree = {.size = MOST};

	for (uint8_t i = 0; i < MOST; i++)
		tree.leaves[i] = merkle_leaf(&i, 1);
	for (size_t n = 0; n <= MOST; n++)
		tree.roots[n] = root_by_definition(tree.leaves, n);
	return tree;
}

static void assert_hash(const char *hex, struct sha256 hash)
{
	char got[SHA256_HEX];

	sha256_hex(&hash, got);
	assert_string_equal(hex, got);
}

/* Eight entries and the root after each: the numbers that every log must match. */
static const struct {
	const char *entry, *root_after;
} reference[] = {
	{"", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
	{"00", "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
	{"10", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"},
	{"2021", "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
	{"3031", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"},
	{"40414243", "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"},
	{"5051525354555657", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"},
	{"606162636465666768696a6b6c6d6e6f",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

static void the_reference_entries_have_the_reference_roots(void **state)
{
	struct sha256 leaves[COUNT(reference)];
	struct frontier f = {0};
	uint8_t entry[16];

	(void)state;
	assert_hash(
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", merkle_empty());
	for (size_t i = 0; i < COUNT(reference); i++) {
		size_t len = strlen(reference[i].entry) / 2;

		assert_int_equal(OK, hex_parse(reference[i].entry, entry, len));
		leaves[i] = merkle_leaf(entry, len);
		frontier_add(&f, &leaves[i]);
		assert_hash(reference[i].root_after, merkle_root(leaves, i + 1));
		assert_hash(reference[i].root_after, frontier_root(&f));
	}
}

static void a_root_is_the_same_from_leaves_from_a_frontier_and_from_nodes(void **state)
{
	struct tree tree = fixture();
	struct nodes nodes = {tree_get, &tree};
	struct frontier f = {0};
	struct sha256 root;

	(void)state;
	for (size_t n = 0; n <= MOST; n++) {
		tree.size = n;
		assert_int_equal(n, f.size);
		root = frontier_root(&f);
		assert_true(sha256_equal(&tree.roots[n], &root));
		root = merkle_root(tree.leaves, n);
		assert_true(sha256_equal(&tree.roots[n], &root));
		assert_int_equal(OK, merkle_root_of(&nodes, n, &root));
		assert_true(sha256_equal(&tree.roots[n], &root));
		if (n < MOST)
			frontier_add(&f, &tree.leaves[n]);
	}
}

/* Checks `path`, then with a bit flipped in each hash, then one hash shorter and one longer: only
 * the first may be valid. */
#define ASSERT_ONLY_THIS_PATH(check, path)                                               \
	do {                                                                             \
		struct path *p_ = &(path);                                               \
		assert_int_equal(OK, check);                                             \
		for (size_t h_ = 0; h_ < p_->n; h_++) {                                  \
			p_->hash[h_].bytes[(h_ * 5) % SHA256] ^= (uint8_t)(1 << h_ % 8); \
			assert_int_equal(ERR_FALSE, check);                              \
			p_->hash[h_].bytes[(h_ * 5) % SHA256] ^= (uint8_t)(1 << h_ % 8); \
		}                                                                        \
		p_->n++;                                                                 \
		assert_int_equal(ERR_FALSE, check);                                      \
		p_->n--;                                                                 \
		if (p_->n > 0) {                                                         \
			p_->n--;                                                         \
			assert_int_equal(ERR_FALSE, check);                              \
			p_->n++;                                                         \
		}                                                                        \
	} while (0)

static void an_inclusion_proof_holds_for_its_leaf_and_no_other(void **state)
{
	struct tree tree = fixture();
	struct nodes nodes = {tree_get, &tree};
	struct path path = {0};

	(void)state;
	for (uint64_t size = 1; size <= MOST; size++) {
		const struct sha256 *root = &tree.roots[size];

		tree.size = size;
		for (uint64_t i = 0; i < size; i++) {
			const struct sha256 *leaf = &tree.leaves[i];

			assert_int_equal(OK, merkle_inclusion(&nodes, i, size, &path));
			ASSERT_ONLY_THIS_PATH(
				merkle_check_inclusion(i, size, leaf, &path, root), path);
			for (uint64_t other = 0; other <= size; other++)
				assert_int_equal(other == i ? OK : ERR_FALSE,
					merkle_check_inclusion(other, size, leaf, &path, root));
			assert_int_equal(
				ERR_FALSE, merkle_check_inclusion(i, size,
						   &tree.leaves[(i + 1) % MOST], &path, root));
			assert_int_equal(ERR_FALSE, merkle_check_inclusion(i, size, leaf, &path,
							    &tree.roots[size - 1]));
		}
	}
}

static void a_consistency_proof_holds_for_its_two_trees_and_no_others(void **state)
{
	struct tree tree = fixture();
	struct nodes nodes = {tree_get, &tree};
	struct path path = {0};

	(void)state;
	for (uint64_t new = 0; new <= MOST; new ++) {
		const struct sha256 *to = &tree.roots[new];

		tree.size = new;
		for (uint64_t old = 0; old <= new; old++) {
			const struct sha256 *from = &tree.roots[old];

			assert_int_equal(OK, merkle_consistency(&nodes, old, new, &path));
			ASSERT_ONLY_THIS_PATH(
				merkle_check_consistency(old, new, from, to, &path), path);
			/* Everything extends the empty tree, so roots are not compared there. */
			for (uint64_t other = 1; other <= new + 1; other++)
				assert_int_equal(other == old ? OK : ERR_FALSE,
					merkle_check_consistency(other, new, from, to, &path));
			if (old == 0)
				continue;
			assert_int_equal(ERR_FALSE, merkle_check_consistency(old, new,
							    &tree.roots[old - 1], to, &path));
			assert_int_equal(ERR_FALSE, merkle_check_consistency(old, new, from,
							    &tree.roots[old - 1], &path));
		}
	}
}

static void no_proof_is_made_of_what_a_tree_does_not_hold(void **state)
{
	struct tree tree = fixture();
	struct nodes nodes = {tree_get, &tree};
	struct path path = {.n = 42};

	(void)state;
	assert_int_equal(ERR_INVALID, merkle_inclusion(&nodes, 0, 0, &path));
	assert_int_equal(ERR_INVALID, merkle_inclusion(&nodes, 7, 7, &path));
	assert_int_equal(ERR_INVALID, merkle_inclusion(&nodes, UINT64_MAX, UINT64_MAX, &path));
	assert_int_equal(ERR_INVALID, merkle_consistency(&nodes, 8, 7, &path));
	assert_int_equal(42, path.n);
}

static enum err get_fails(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	(void)arg;
	if (level == 1 && index == 1)
		return (fail)(ERR_CORRUPT, "a tile is cut off"); /* not cmocka's macro */
	*out = (struct sha256){0};
	return OK;
}

static void a_node_that_cannot_be_read_is_the_answer(void **state)
{
	struct nodes nodes = {get_fails, NULL};
	struct path path = {.n = 42};

	(void)state;
	assert_int_equal(ERR_CORRUPT, merkle_inclusion(&nodes, 0, 5, &path));
	assert_int_equal(ERR_CORRUPT, merkle_consistency(&nodes, 2, 5, &path));
	assert_string_equal("a tile is cut off", err_why());
	assert_int_equal(42, path.n);
}

/* A tree of equal leaves: a node depends only on its level, so any size is possible. */
struct uniform {
	struct sha256 level[64];
};

static struct uniform uniform_fixture(void)
{
	struct uniform u;

	u.level[0] = merkle_leaf("same", 4);
	for (size_t h = 1; h < 64; h++)
		u.level[h] = merkle_node(&u.level[h - 1], &u.level[h - 1]);
	return u;
}

static enum err uniform_get(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	const struct uniform *u = arg;

	assert_true(level < 64 && (level == 0 || index < 1ULL << (64 - level)));
	*out = u->level[level];
	return OK;
}

static const uint64_t huge[] = {1, 2, 255, (1ULL << 32) - 1, (1ULL << 62) + 1, (1ULL << 63) - 1,
	1ULL << 63, (1ULL << 63) + 1, UINT64_MAX - 1, UINT64_MAX};

static void inclusion_is_provable_up_to_the_largest_size(void **state)
{
	struct uniform u = uniform_fixture();
	struct nodes nodes = {uniform_get, &u};
	struct sha256 root;
	struct path path = {0};

	(void)state;
	for (size_t s = 0; s < COUNT(huge); s++) {
		assert_int_equal(OK, merkle_root_of(&nodes, huge[s], &root));
		for (size_t i = 0; i <= s; i++) {
			uint64_t index = huge[i] - 1;

			assert_int_equal(OK, merkle_inclusion(&nodes, index, huge[s], &path));
			ASSERT_ONLY_THIS_PATH(
				merkle_check_inclusion(index, huge[s], &u.level[0], &path, &root),
				path);
		}
	}
}

static void consistency_is_provable_up_to_64_hashes(void **state)
{
	struct uniform u = uniform_fixture();
	struct nodes nodes = {uniform_get, &u};
	struct sha256 from, to;
	struct path path = {0};

	(void)state;
	for (size_t n = 0; n < COUNT(huge); n++) {
		for (size_t m = 0; m <= n; m++) {
			/* 65 hashes, more than a path holds: past 2^63 leaves, from an odd size. */
			bool too_long = huge[n] > 1ULL << 63 && huge[m] % 2 && huge[m] > 1 && m < n;

			assert_int_equal(OK, merkle_root_of(&nodes, huge[m], &from));
			assert_int_equal(OK, merkle_root_of(&nodes, huge[n], &to));
			assert_int_equal(too_long ? ERR_TOO_LARGE : OK,
				merkle_consistency(&nodes, huge[m], huge[n], &path));
			if (!too_long)
				ASSERT_ONLY_THIS_PATH(merkle_check_consistency(
							      huge[m], huge[n], &from, &to, &path),
					path);
		}
	}
}

/* The reference's leaves, as complete nodes of four if possible. */
static void a_frontier_takes_nodes_as_it_takes_the_leaves_under_them(void **state)
{
	struct frontier by_leaf = {0}, by_node = {0};
	struct sha256 leaves[11], node, a, b;

	(void)state;
	for (unsigned i = 0; i < COUNT(leaves); i++) {
		leaves[i] = merkle_leaf(&i, sizeof(i));
		frontier_add(&by_leaf, &leaves[i]);
	}
	for (unsigned i = 0; i < 8; i += 4) {
		node = merkle_root(leaves + i, 4);
		frontier_add_node(&by_node, 2, &node);
	}
	for (unsigned i = 8; i < COUNT(leaves); i++)
		frontier_add(&by_node, &leaves[i]);
	a = frontier_root(&by_leaf);
	b = frontier_root(&by_node);
	assert_int_equal(by_leaf.size, by_node.size);
	assert_true(sha256_equal(&a, &b));
}

static void a_frontier_takes_its_last_leaf(void **state)
{
	struct uniform u = uniform_fixture();
	struct nodes nodes = {uniform_get, &u};
	struct frontier f = {.size = UINT64_MAX - 1};
	struct sha256 want, got;

	(void)state;
	memcpy(f.roots, u.level, sizeof(f.roots));
	frontier_add(&f, &u.level[0]);
	assert_true(f.size == UINT64_MAX);
	assert_int_equal(OK, merkle_root_of(&nodes, UINT64_MAX, &want));
	got = frontier_root(&f);
	assert_true(sha256_equal(&want, &got));
}

static void a_path_that_claims_too_many_hashes_is_not_read(void **state)
{
	static const struct path path = {.n = MERKLE_PATH_MAX + 1};
	struct sha256 hash = {0};

	(void)state;
	assert_int_equal(ERR_FALSE, merkle_check_inclusion(0, UINT64_MAX, &hash, &path, &hash));
	assert_int_equal(ERR_FALSE, merkle_check_consistency(1, UINT64_MAX, &hash, &hash, &path));
}

/* The vectors of transparency-dev/merkle. */

static uint64_t vector_number(const json_t *vector, const char *key)
{
	return strtoull(json_string_value(json_object_get(vector, key)), NULL, 10);
}

/* Some are not hashes at all ("don't care 1", ""). `fill` completes them, and keeps a missing leaf
 * from being equal to a missing root. */
static struct sha256 hash_of(const json_t *text, int fill)
{
	AUTO(buf) b = BUF(SHA256);
	struct sha256 hash;

	memset(hash.bytes, fill, SHA256);
	assert_int_equal(OK, base64_parse(json_string_value(text), json_string_length(text), &b));
	assert_false(b.over);
	if (b.len)
		memcpy(hash.bytes, b.data, b.len);
	return hash;
}

static struct path vector_path(const json_t *vector)
{
	const json_t *proof = json_object_get(vector, "proof");
	struct path path = {.n = json_array_size(proof)};

	assert_true(path.n <= MERKLE_PATH_MAX);
	for (size_t i = 0; i < path.n; i++)
		path.hash[i] = hash_of(json_array_get(proof, i), 0);
	return path;
}

static enum err vector_inclusion(const json_t *v)
{
	struct sha256 leaf = hash_of(json_object_get(v, "leafHash"), 1);
	struct sha256 root = hash_of(json_object_get(v, "root"), 2);
	struct path path = vector_path(v);

	return merkle_check_inclusion(
		vector_number(v, "leafIdx"), vector_number(v, "treeSize"), &leaf, &path, &root);
}

static enum err vector_consistency(const json_t *v)
{
	struct sha256 from = hash_of(json_object_get(v, "root1"), 2);
	struct sha256 to = hash_of(json_object_get(v, "root2"), 2);
	struct path path = vector_path(v);

	return merkle_check_consistency(
		vector_number(v, "size1"), vector_number(v, "size2"), &from, &to, &path);
}

/* transparency-dev refuses every proof from size 0. A witness (C2SP tlog-witness) must accept an
 * empty one, because the first proof that it sees of a log is from size 0: any tree extends the
 * empty one, and equal roots of size 0 are equal. We follow the witnesses. */
static const char *const from_nothing[] = {
	"testdata/consistency/additional/size1-is-zero-and-does-not-equal-size2.json",
	"testdata/consistency/additional/size1-is-zero-and-size2-is-not-zero.json",
	"testdata/consistency/additional/sizes-are-equal-zero-and-proof-is-empty.json",
};

static bool is_from_nothing(const char *file)
{
	for (size_t i = 0; i < COUNT(from_nothing); i++)
		if (strcmp(file, from_nothing[i]) == 0)
			return true;
	return false;
}

static size_t run_vectors(const char *key, enum err (*check)(const json_t *v), size_t *deviating)
{
	json_t *all = json_loadb(embed_vectors, embed_vectors_len(), 0, NULL);
	const json_t *v;
	size_t i, n;

	assert_non_null(all);
	n = json_array_size(json_object_get(all, key));
	json_array_foreach (json_object_get(all, key), i, v) {
		const char *file = json_string_value(json_object_get(v, "file"));
		bool want_err = json_is_true(json_object_get(v, "wantErr"));

		if (is_from_nothing(file)) {
			assert_true(want_err);
			want_err = false;
			(*deviating)++;
		}
		if ((check(v) != OK) != want_err)
			fail_msg("%s: wanted %s", file, want_err ? "an error" : "none");
	}
	json_decref(all);
	return n;
}

static void the_inclusion_vectors_agree(void **state)
{
	size_t deviating = 0;

	(void)state;
	assert_int_equal(98, run_vectors("inclusion", vector_inclusion, &deviating));
	assert_int_equal(0, deviating);
}

static void the_consistency_vectors_agree_but_for_three_from_size_0(void **state)
{
	size_t deviating = 0;

	(void)state;
	assert_int_equal(98, run_vectors("consistency", vector_consistency, &deviating));
	assert_int_equal(COUNT(from_nothing), deviating);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_reference_entries_have_the_reference_roots),
		cmocka_unit_test(a_root_is_the_same_from_leaves_from_a_frontier_and_from_nodes),
		cmocka_unit_test(an_inclusion_proof_holds_for_its_leaf_and_no_other),
		cmocka_unit_test(a_consistency_proof_holds_for_its_two_trees_and_no_others),
		cmocka_unit_test(no_proof_is_made_of_what_a_tree_does_not_hold),
		cmocka_unit_test(a_node_that_cannot_be_read_is_the_answer),
		cmocka_unit_test(inclusion_is_provable_up_to_the_largest_size),
		cmocka_unit_test(consistency_is_provable_up_to_64_hashes),
		cmocka_unit_test(a_frontier_takes_nodes_as_it_takes_the_leaves_under_them),
		cmocka_unit_test(a_frontier_takes_its_last_leaf),
		cmocka_unit_test(a_path_that_claims_too_many_hashes_is_not_read),
		cmocka_unit_test(the_inclusion_vectors_agree),
		cmocka_unit_test(the_consistency_vectors_agree_but_for_three_from_size_0),
	};

	crypto_init();
	return cmocka_run_group_tests_name("merkle", tests, NULL, NULL);
}
