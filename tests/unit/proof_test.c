#include "audit/proof.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN "register.city.example/log"
#define SIZE 7

/* A log of seven entries, its signed checkpoint, and the proof of its entry 4. */
struct log {
	struct sha256 leaves[SIZE];
	struct skey key;
	struct proof proof;
};

static enum err log_get(void *arg, unsigned level, uint64_t index, struct sha256 *out)
{
	const struct log *log = arg;

	*out = merkle_root(log->leaves + (index << level), 1ULL << level);
	return OK;
}

static struct log fixture(void)
{
	struct log log = {.proof = {.index = 4, .checkpoint = BUF(NOTE_MAX)}};
	struct nodes nodes = {log_get, &log};
	struct checkpoint cp = {.origin = ORIGIN, .size = SIZE};
	AUTO(buf) text = BUF(KIB);

	for (uint8_t i = 0; i < SIZE; i++)
		log.leaves[i] = merkle_leaf(&i, 1);
	cp.root = merkle_root(log.leaves, SIZE);
	checkpoint_text(&cp, &text);
	assert_int_equal(OK, skey_make(ORIGIN, (const uint8_t[ED25519_SEED]){7}, &log.key));
	note_sign(&log.key, text.data, text.len, &log.proof.checkpoint);
	assert_int_equal(OK, merkle_inclusion(&nodes, 4, SIZE, &log.proof.path));
	return log;
}

static void assert_reads_back(const struct proof *in, struct proof *out)
{
	AUTO(buf) text = BUF(2 * MIB), again = BUF(2 * MIB);

	proof_text(in, &text);
	assert_int_equal(OK, proof_parse(text.data, text.len, out));
	proof_text(out, &again);
	assert_string_equal(buf_text(&text), buf_text(&again));
}

static void a_proof_reads_back_as_written_and_holds(void **state)
{
	struct log log = fixture();
	AUTO(proof) got = {0};

	(void)state;
	assert_reads_back(&log.proof, &got);
	assert_false(got.has_extra);
	assert_int_equal(4, got.index);
	assert_int_equal(3, got.path.n);
	assert_string_equal(buf_text(&log.proof.checkpoint), buf_text(&got.checkpoint));
	assert_int_equal(OK, proof_check(&got, &log.leaves[4], &log.key.vkey));
	proof_done(&log.proof);
}

static void the_text_is_laid_out_as_the_specification_says(void **state)
{
	struct log log = fixture();
	AUTO(buf) text = BUF(4 * KIB), want = BUF(4 * KIB);

	(void)state;
	log.proof.has_extra = true;
	log.proof.extra = BUF(KIB);
	buf_puts(&log.proof.extra, "hello");
	proof_text(&log.proof, &text);
	buf_puts(&want, "c2sp.org/tlog-proof@v1\nextra aGVsbG8=\nindex 4\n");
	for (size_t i = 0; i < 3; i++) {
		base64_add(&want, log.proof.path.hash[i].bytes, SHA256);
		buf_putc(&want, '\n');
	}
	buf_putc(&want, '\n');
	buf_puts(&want, buf_text(&log.proof.checkpoint));
	assert_string_equal(buf_text(&want), buf_text(&text));
	proof_done(&log.proof);
}

static void extra_data_are_any_bytes_up_to_their_limit(void **state)
{
	static const size_t lengths[] = {0, 1, 2, 3, 1000, PROOF_EXTRA_MAX};
	struct log log = fixture();

	(void)state;
	log.proof.has_extra = true;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		AUTO(proof) got = {0};

		log.proof.extra = BUF(PROOF_EXTRA_MAX);
		for (size_t n = 0; n < lengths[i]; n++)
			buf_putc(&log.proof.extra, (char)n);
		assert_reads_back(&log.proof, &got);
		assert_true(got.has_extra);
		assert_int_equal(lengths[i], got.extra.len);
		if (got.extra.len)
			assert_memory_equal(log.proof.extra.data, got.extra.data, got.extra.len);
		buf_done(&log.proof.extra);
	}
	proof_done(&log.proof);
}

static void extra_data_over_their_limit_are_refused(void **state)
{
	static const size_t over[] = {1, 2, 3, 1000};
	struct log log = fixture();

	(void)state;
	log.proof.has_extra = true;
	for (size_t i = 0; i < COUNT(over); i++) {
		AUTO(buf) text = BUF(2 * MIB);
		struct proof got = {.index = 42};

		log.proof.extra = BUF(MIB);
		while (log.proof.extra.len < PROOF_EXTRA_MAX + over[i])
			buf_putc(&log.proof.extra, 'e');
		proof_text(&log.proof, &text);
		assert_int_equal(ERR_TOO_LARGE, proof_parse(text.data, text.len, &got));
		assert_int_equal(42, got.index);
		buf_done(&log.proof.extra);
	}
	proof_done(&log.proof);
}

static void a_proof_of_another_entry_or_place_is_false(void **state)
{
	struct log log = fixture();
	struct proof *p = &log.proof;
	const struct vkey *key = &log.key.vkey;

	(void)state;
	assert_int_equal(ERR_FALSE, proof_check(p, &log.leaves[3], key));
	p->index = 5;
	assert_int_equal(ERR_FALSE, proof_check(p, &log.leaves[4], key));
	p->index = UINT64_MAX;
	assert_int_equal(ERR_FALSE, proof_check(p, &log.leaves[4], key));
	p->index = 4;
	p->path.hash[2].bytes[31] ^= 0x80;
	assert_int_equal(ERR_FALSE, proof_check(p, &log.leaves[4], key));
	p->path.hash[2].bytes[31] ^= 0x80;
	assert_int_equal(OK, proof_check(p, &log.leaves[4], key));
	proof_done(p);
}

static void a_proof_under_a_checkpoint_not_signed_by_the_key_is_false(void **state)
{
	struct log log = fixture();
	struct skey other;

	(void)state;
	assert_int_equal(OK, skey_make(ORIGIN, (const uint8_t[ED25519_SEED]){8}, &other));
	assert_int_equal(ERR_FALSE, proof_check(&log.proof, &log.leaves[4], &other.vkey));
	log.proof.checkpoint.data[strlen(ORIGIN) + 1] = '8';
	assert_int_equal(ERR_FALSE, proof_check(&log.proof, &log.leaves[4], &log.key.vkey));
	buf_clear(&log.proof.checkpoint);
	assert_int_equal(ERR_FALSE, proof_check(&log.proof, &log.leaves[4], &log.key.vkey));
	proof_done(&log.proof);
}

static void a_tree_of_one_entry_has_a_proof_of_no_hashes(void **state)
{
	struct log log = fixture();
	struct proof *p = &log.proof;
	struct checkpoint cp = {ORIGIN, 1, log.leaves[0]};
	AUTO(buf) text = BUF(KIB);
	AUTO(proof) got = {0};

	(void)state;
	checkpoint_text(&cp, &text);
	buf_clear(&p->checkpoint);
	note_sign(&log.key, text.data, text.len, &p->checkpoint);
	p->index = 0;
	p->path.n = 0;
	assert_reads_back(p, &got);
	assert_int_equal(OK, proof_check(&got, &log.leaves[0], &log.key.vkey));
	proof_done(p);
}

#define HASH "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define NOTE ORIGIN "\n7\n" HASH "\n— " ORIGIN " AAAAAAA=\n"
static const char *const good = "c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n" NOTE;
static const char *const bad[] = {"", "\n", NOTE, "c2sp.org/tlog-proof@v1",
	"c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 4\n",
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH, "c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n",
	/* the first line */
	"c2sp.org/tlog-proof@v2\nindex 4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1 \nindex 4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\r\nindex 4\n" HASH "\n" NOTE,
	"\nc2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n" NOTE,
	/* extra: twice, after the index, not base64, without its space */
	"c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex 4\nextra AA==\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nextra AA\nindex 4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nextra  AA==\nindex 4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nextra\nindex 4\n" HASH "\n" NOTE,
	/* the index */
	"c2sp.org/tlog-proof@v1\n" HASH "\n" NOTE, "c2sp.org/tlog-proof@v1\nindex\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex \n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex 04\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex -4\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex 18446744073709551616\n" HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nINDEX 4\n" HASH "\n" NOTE,
	/* the hashes, and the empty line after them */
	"c2sp.org/tlog-proof@v1\nindex 4\n " HASH "\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex 4\nAAAA\n\n" NOTE,
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH NOTE,
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n\n" NOTE,
	/* the checkpoint */
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n" NOTE "\n",
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n" ORIGIN "\n7\n" HASH,
	"c2sp.org/tlog-proof@v1\nindex 4\n" HASH "\n" ORIGIN "\n07\n" HASH "\n— a AAAAAAA=\n"};

static void a_text_that_breaks_a_rule_is_invalid(void **state)
{
	struct proof p = {.index = 42};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (proof_parse(bad[i], strlen(bad[i]), &p) != ERR_INVALID)
			fail_msg("taken for a proof: %s", bad[i]);
	assert_int_equal(42, p.index);
	assert_int_equal(OK, proof_parse(good, strlen(good), &p));
	proof_done(&p);
}

static void a_proof_has_at_most_64_hashes(void **state)
{
	AUTO(buf) most = BUF(8 * KIB), over = BUF(8 * KIB);
	struct proof p;

	(void)state;
	buf_puts(&most, "c2sp.org/tlog-proof@v1\nindex 4\n");
	for (size_t i = 0; i < MERKLE_PATH_MAX; i++)
		buf_puts(&most, HASH);
	buf_printf(&over, "%s" HASH "\n" NOTE, buf_text(&most));
	buf_puts(&most, "\n" NOTE);
	assert_int_equal(OK, proof_parse(most.data, most.len, &p));
	assert_int_equal(MERKLE_PATH_MAX, p.path.n);
	proof_done(&p);
	assert_int_equal(ERR_INVALID, proof_parse(over.data, over.len, &p));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_proof_reads_back_as_written_and_holds),
		cmocka_unit_test(the_text_is_laid_out_as_the_specification_says),
		cmocka_unit_test(extra_data_are_any_bytes_up_to_their_limit),
		cmocka_unit_test(extra_data_over_their_limit_are_refused),
		cmocka_unit_test(a_proof_of_another_entry_or_place_is_false),
		cmocka_unit_test(a_proof_under_a_checkpoint_not_signed_by_the_key_is_false),
		cmocka_unit_test(a_tree_of_one_entry_has_a_proof_of_no_hashes),
		cmocka_unit_test(a_text_that_breaks_a_rule_is_invalid),
		cmocka_unit_test(a_proof_has_at_most_64_hashes),
	};

	crypto_init();
	return cmocka_run_group_tests_name("proof", tests, NULL, NULL);
}
