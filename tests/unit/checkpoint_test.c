#include "audit/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN "register.city.example/log"
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
#define TEXT ORIGIN "\n20852163\n" ROOT "\n"

static struct skey key_fixture(const char *name)
{
	const uint8_t seed[ED25519_SEED] = {7};
	struct skey key;

	assert_int_equal(OK, skey_make(name, seed, &key));
	return key;
}

static enum err parse(const char *text, struct checkpoint *out)
{
	return checkpoint_parse(text, strlen(text), out);
}

/* Opens `text` as signed by `signer`. */
static enum err open_signed(
	const char *text, const struct skey *signer, const struct vkey *key, struct checkpoint *out)
{
	AUTO(buf) note = BUF(4 * KIB);

	note_sign(signer, text, strlen(text), &note);
	return checkpoint_open(note.data, note.len, key, out);
}

static void a_checkpoint_reads_back_as_written(void **state)
{
	static const uint64_t sizes[] = {0, 1, 10, 20852163, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct checkpoint in = {ORIGIN, sizes[i], merkle_empty()}, out;
		AUTO(buf) text = BUF(KIB), again = BUF(KIB);

		checkpoint_text(&in, &text);
		assert_int_equal(OK, parse(buf_text(&text), &out));
		assert_string_equal(in.origin, out.origin);
		assert_true(in.size == out.size);
		assert_true(sha256_equal(&in.root, &out.root));
		checkpoint_text(&out, &again);
		assert_string_equal(buf_text(&text), buf_text(&again));
	}
}

static void the_empty_tree_is_spelled_as_the_specification_does(void **state)
{
	struct checkpoint cp = {ORIGIN, 0, merkle_empty()};
	AUTO(buf) text = BUF(KIB);

	(void)state;
	checkpoint_text(&cp, &text);
	assert_string_equal(
		ORIGIN "\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n", buf_text(&text));
}

static void extension_lines_are_passed_over(void **state)
{
	struct checkpoint cp;

	(void)state;
	assert_int_equal(OK, parse(TEXT "an extension\n— another\n", &cp));
	assert_int_equal(20852163, cp.size);
	assert_int_equal(ERR_INVALID, parse(TEXT "\n", &cp));
	assert_int_equal(ERR_INVALID, parse(TEXT "one\n\ntwo\n", &cp));
	assert_int_equal(ERR_INVALID, parse(TEXT "no newline", &cp));
}

static void an_origin_may_be_any_line_of_255_bytes(void **state)
{
	char text[KEY_NAME_MAX + sizeof("x\n1\n" ROOT "\n")];
	struct checkpoint cp;

	(void)state;
	assert_int_equal(OK, parse("rekor.example - 1+1 ä\n1\n" ROOT "\n", &cp));
	assert_string_equal("rekor.example - 1+1 ä", cp.origin);
	memset(text, 'o', sizeof(text));
	strcpy(text + KEY_NAME_MAX, "\n1\n" ROOT "\n");
	assert_int_equal(OK, parse(text, &cp));
	assert_int_equal(KEY_NAME_MAX, strlen(cp.origin));
	strcpy(text + KEY_NAME_MAX, "o\n1\n" ROOT "\n");
	assert_int_equal(ERR_INVALID, parse(text, &cp));
}

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
static const struct {
	const char *data;
	size_t len;
} bad[] = {
	BYTES(""),
	BYTES("\n"),
	BYTES(ORIGIN),
	BYTES(ORIGIN "\n"),
	BYTES(ORIGIN "\n1\n"),
	BYTES(ORIGIN "\n1\n" ROOT),
	BYTES("\n1\n" ROOT "\n"),
	BYTES("a\0b\n1\n" ROOT "\n"),
	BYTES("a\tb\n1\n" ROOT "\n"),
	BYTES("\xff\n1\n" ROOT "\n"),
	/* the size */
	BYTES(ORIGIN "\n\n" ROOT "\n"),
	BYTES(ORIGIN "\n01\n" ROOT "\n"),
	BYTES(ORIGIN "\n00\n" ROOT "\n"),
	BYTES(ORIGIN "\n-1\n" ROOT "\n"),
	BYTES(ORIGIN "\n+1\n" ROOT "\n"),
	BYTES(ORIGIN "\n 1\n" ROOT "\n"),
	BYTES(ORIGIN "\n1 \n" ROOT "\n"),
	BYTES(ORIGIN "\n1\r\n" ROOT "\n"),
	BYTES(ORIGIN "\n0x1\n" ROOT "\n"),
	BYTES(ORIGIN "\n18446744073709551616\n" ROOT "\n"),
	BYTES(ORIGIN "\n18446744073709551625\n" ROOT "\n"),
	BYTES(ORIGIN "\n99999999999999999999999\n" ROOT "\n"),
	/* the root: no padding, a byte too few and too many, trailing bits, spaces */
	BYTES(ORIGIN "\n1\n\n"),
	BYTES(ORIGIN "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I\n"),
	BYTES(ORIGIN "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n"),
	BYTES(ORIGIN "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA\n"),
	BYTES(ORIGIN "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n"),
	BYTES(ORIGIN "\n1\n " ROOT "\n"),
	BYTES(ORIGIN "\n1\n" ROOT " \n"),
};

static void a_text_that_breaks_a_rule_is_invalid(void **state)
{
	struct checkpoint cp = {.size = 42};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		if (checkpoint_parse(bad[i].data, bad[i].len, &cp) != ERR_INVALID)
			fail_msg("taken for a checkpoint: %s", bad[i].data);
		else if (!strstr(err_why(), " of the checkpoint: "))
			fail_msg("no line is named: %s", err_why());
	assert_int_equal(42, cp.size);
}

static void a_checkpoint_opens_with_the_key_that_signed_it(void **state)
{
	struct skey key = key_fixture(ORIGIN);
	struct checkpoint cp;

	(void)state;
	assert_int_equal(OK, open_signed(TEXT, &key, &key.vkey, &cp));
	assert_string_equal(ORIGIN, cp.origin);
	assert_int_equal(20852163, cp.size);
}

static void a_checkpoint_that_another_signed_is_not_ours(void **state)
{
	struct skey key = key_fixture(ORIGIN), other = key_fixture("witness.example");
	struct checkpoint cp;

	(void)state;
	assert_int_equal(ERR_NOT_FOUND, open_signed(TEXT, &other, &key.vkey, &cp));
}

static void a_checkpoint_with_one_digit_changed_is_false(void **state)
{
	struct skey key = key_fixture(ORIGIN);
	AUTO(buf) note = BUF(4 * KIB);
	struct checkpoint cp = {.size = 42};

	(void)state;
	note_sign(&key, TEXT, strlen(TEXT), &note);
	note.data[strlen(ORIGIN) + 1] = '3';
	assert_int_equal(ERR_FALSE, checkpoint_open(note.data, note.len, &key.vkey, &cp));
	assert_int_equal(42, cp.size);
}

static void a_checkpoint_of_another_origin_is_false_for_this_key(void **state)
{
	struct skey key = key_fixture(ORIGIN);
	struct checkpoint cp;

	(void)state;
	assert_int_equal(
		ERR_FALSE, open_signed("other.example/log\n1\n" ROOT "\n", &key, &key.vkey, &cp));
}

static void what_is_signed_and_no_checkpoint_is_invalid(void **state)
{
	struct skey key = key_fixture(ORIGIN);
	struct checkpoint cp;

	(void)state;
	assert_int_equal(ERR_INVALID, open_signed(ORIGIN "\n1\n", &key, &key.vkey, &cp));
	assert_int_equal(ERR_INVALID, checkpoint_open(TEXT, strlen(TEXT), &key.vkey, &cp));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_checkpoint_reads_back_as_written),
		cmocka_unit_test(the_empty_tree_is_spelled_as_the_specification_does),
		cmocka_unit_test(extension_lines_are_passed_over),
		cmocka_unit_test(an_origin_may_be_any_line_of_255_bytes),
		cmocka_unit_test(a_text_that_breaks_a_rule_is_invalid),
		cmocka_unit_test(a_checkpoint_opens_with_the_key_that_signed_it),
		cmocka_unit_test(a_checkpoint_that_another_signed_is_not_ours),
		cmocka_unit_test(a_checkpoint_with_one_digit_changed_is_false),
		cmocka_unit_test(a_checkpoint_of_another_origin_is_false_for_this_key),
		cmocka_unit_test(what_is_signed_and_no_checkpoint_is_invalid),
	};

	crypto_init();
	return cmocka_run_group_tests_name("checkpoint", tests, NULL, NULL);
}
