#include "audit/checkpoint.h"
#include "audit/cosignature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* Made with Go 1.19's crypto/ed25519 and crypto/sha256 from the specification's text, with the seed
 * 00 01 02 … 1f; text and time are those of its example. */
#define NAME "witness.example/w1"
#define VKEY_1 NAME "+3218362d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define VKEY_4 NAME "+e75f6532+BAOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define TIME 1679315147
#define TEXT                                      \
	"example.com/behind-the-sofa\n20852163\n" \
	"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
#define LINE                                                                                       \
	"— " NAME " 519lMgAAAABkGFDLBuRDazBLVac2NE+Y+IjbjQOcXLfF9CSDZVUIoS83rE1nFZsVE8YiWV6Ngr7lV" \
	"8H6bdoBQGP/l73euDMQ9k+bBQ==\n"

static struct skey key_fixture(const char *name, uint8_t first)
{
	uint8_t seed[ED25519_SEED];
	struct skey key;

	for (int i = 0; i < ED25519_SEED; i++)
		seed[i] = (uint8_t)(first + i);
	assert_int_equal(OK, skey_make(name, seed, &key));
	return key;
}

static struct vkey vkey(const char *text)
{
	struct vkey key;

	assert_int_equal(OK, vkey_parse(text, &key));
	return key;
}

/* Verifies TEXT with these lines under it. */
static enum err verify(const char *lines, const struct vkey *key, int64_t *time)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	struct note parsed;

	buf_printf(&note, TEXT "\n%s", lines);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	return cosignature_verify(&parsed, key, time);
}

static void a_cosignature_is_the_one_that_go_makes(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey four = cosignature_vkey(&key.vkey);
	AUTO(buf) line = BUF(KIB), text = BUF(KIB);

	(void)state;
	cosignature_add(&key, TIME, TEXT, strlen(TEXT), &line);
	assert_string_equal(LINE, buf_text(&line));
	vkey_text(&four, &text);
	assert_string_equal(VKEY_4, buf_text(&text));
}

static void it_verifies_under_either_type_of_its_key(void **state)
{
	struct vkey one = vkey(VKEY_1), four = vkey(VKEY_4);
	int64_t time = 0;

	(void)state;
	assert_int_equal(OK, verify(LINE, &one, &time));
	assert_int_equal(TIME, time);
	assert_int_equal(OK, verify(LINE, &four, &time));
}

static void a_line_of_another_key_or_name_is_none(void **state)
{
	struct skey other = key_fixture(NAME, 1), named = key_fixture("witness.example/w2", 0);
	struct vkey four = vkey(VKEY_4);
	AUTO(buf) lines = BUF(4 * KIB);
	int64_t time = 0;

	(void)state;
	cosignature_add(&other, TIME, TEXT, strlen(TEXT), &lines);
	cosignature_add(&named, TIME, TEXT, strlen(TEXT), &lines);
	assert_int_equal(ERR_NOT_FOUND, verify(buf_text(&lines), &four, &time));
	buf_puts(&lines, LINE);
	assert_int_equal(OK, verify(buf_text(&lines), &four, &time));
}

static void a_plain_signature_by_the_same_key_is_no_cosignature(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey four = vkey(VKEY_4);
	AUTO(buf) lines = BUF(KIB), forged = BUF(KIB);
	uint8_t sig[ED25519_SIG];
	int64_t time = 0;

	(void)state;
	note_sign_line(&key, TEXT, strlen(TEXT), &lines);
	assert_int_equal(ERR_NOT_FOUND, verify(buf_text(&lines), &four, &time));
	ed25519_sign(&key.pair, TEXT, strlen(TEXT), sig);
	note_sig_add(&four, sig, sizeof(sig), &forged);
	assert_int_equal(ERR_FALSE, verify(buf_text(&forged), &four, &time));
}

static void one_wrong_line_of_the_key_spoils_the_right_one(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey four = vkey(VKEY_4);
	AUTO(buf) lines = BUF(KIB);
	int64_t time = 0;

	(void)state;
	buf_puts(&lines, LINE);
	cosignature_add(&key, TIME, "another\n1\ntext\n", 15, &lines);
	assert_int_equal(ERR_FALSE, verify(buf_text(&lines), &four, &time));
}

static void the_latest_of_two_times_counts(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey four = vkey(VKEY_4);
	AUTO(buf) lines = BUF(KIB);
	int64_t time = 0;

	(void)state;
	cosignature_add(&key, TIME + 5, TEXT, strlen(TEXT), &lines);
	buf_puts(&lines, LINE);
	assert_int_equal(OK, verify(buf_text(&lines), &four, &time));
	assert_int_equal(TIME + 5, time);
}

static void the_time_is_neither_zero_nor_over_63_bits(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey four = vkey(VKEY_4);
	static const int64_t times[] = {0, -1, INT64_MIN};
	int64_t time = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(times); i++) {
		AUTO(buf) lines = BUF(KIB);

		cosignature_add(&key, times[i], TEXT, strlen(TEXT), &lines);
		assert_int_equal(ERR_FALSE, verify(buf_text(&lines), &four, &time));
	}
}

static void the_whole_text_is_covered(void **state)
{
	AUTO(buf) note = BUF(KIB);
	struct vkey four = vkey(VKEY_4);
	struct note parsed;
	int64_t time = 0;

	(void)state;
	buf_puts(&note, TEXT "an extension\n\n" LINE);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(ERR_FALSE, cosignature_verify(&parsed, &four, &time));
}

static void the_latest_line_is_copied_as_it_is(void **state)
{
	struct skey key = key_fixture(NAME, 0);
	struct vkey one = vkey(VKEY_1);
	AUTO(buf) note = BUF(KIB), out = BUF(KIB);
	struct note parsed;

	(void)state;
	buf_puts(&note, TEXT "\n— someone AAAAAAAAAA==\n");
	cosignature_add(&key, TIME - 1, TEXT, strlen(TEXT), &note);
	buf_puts(&note, LINE);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	cosignature_copy(&parsed, &one, &out);
	assert_string_equal(LINE, buf_text(&out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cosignature_is_the_one_that_go_makes),
		cmocka_unit_test(it_verifies_under_either_type_of_its_key),
		cmocka_unit_test(a_line_of_another_key_or_name_is_none),
		cmocka_unit_test(a_plain_signature_by_the_same_key_is_no_cosignature),
		cmocka_unit_test(one_wrong_line_of_the_key_spoils_the_right_one),
		cmocka_unit_test(the_latest_of_two_times_counts),
		cmocka_unit_test(the_time_is_neither_zero_nor_over_63_bits),
		cmocka_unit_test(the_whole_text_is_covered),
		cmocka_unit_test(the_latest_line_is_copied_as_it_is),
	};
	crypto_init();
	return cmocka_run_group_tests_name("cosignature", tests, NULL, NULL);
}
