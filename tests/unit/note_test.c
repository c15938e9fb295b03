#include "audit/note.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The specification's own example. */
#define VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define TEXT "This is an example message.\n"
#define LINE                                                          \
	"— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz" \
	"i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
/* Lines of nobody we know, and of the right name with another id. */
#define OTHER_LINE "— example.com/bar AAAAAAA=\n"
#define OTHER_ID_LINE "— example.com/foo AAAAAAA=\n"
#define OTHER_NAME_LINE                                               \
	"— example.com/bar Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz" \
	"i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
/* The right key, with a bit of the signature flipped, and with a byte too few. */
#define FALSE_LINE                                                    \
	"— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz" \
	"i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQI=\n"
#define SHORT_LINE                                                    \
	"— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz" \
	"i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQ==\n"

/* The example of Go's x/mod/sumdb/note, whose private key is public. */
#define GO_SKEY "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define GO_VKEY "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define GO_TEXT                                                      \
	"If you think cryptography is the answer to your problem,\n" \
	"then you don't know what your problem is.\n"
#define GO_LINE                                                        \
	"— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI" \
	"nNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"

static struct vkey vkey_fixture(void)
{
	struct vkey key;

	assert_int_equal(OK, vkey_parse(VKEY, &key));
	return key;
}

static enum err parse(const char *text, struct note *out)
{
	return note_parse(text, strlen(text), out);
}

static enum err parse_and_verify(const char *text, const struct vkey *key)
{
	struct note note;

	assert_int_equal(OK, parse(text, &note));
	return note_verify(&note, key);
}

static void the_example_of_the_specification_verifies(void **state)
{
	struct vkey key = vkey_fixture();
	struct note note;

	(void)state;
	assert_int_equal(OK, parse(TEXT "\n" LINE, &note));
	assert_int_equal(strlen(TEXT), note.text_len);
	assert_int_equal(1, note.sigs_n);
	assert_int_equal(strlen("example.com/foo"), note.sigs[0].name_len);
	assert_memory_equal("\x53\x0d\x90\x3a", note.sigs[0].id, 4);
	assert_int_equal(64, note.sigs[0].blob_len);
	assert_int_equal(OK, note_verify(&note, &key));
}

static void another_text_does_not_verify(void **state)
{
	struct vkey key = vkey_fixture();

	(void)state;
	assert_int_equal(ERR_FALSE, parse_and_verify("This is an example message!\n\n" LINE, &key));
	assert_int_equal(ERR_FALSE, parse_and_verify(TEXT "\n\n" LINE, &key));
}

static void signing_gives_the_same_note_as_go_does(void **state)
{
	AUTO(buf) text = BUF(KIB), note = BUF(KIB), again = BUF(KIB);
	struct skey key;

	(void)state;
	assert_int_equal(OK, skey_parse(GO_SKEY, &key));
	vkey_text(&key.vkey, &text);
	assert_string_equal(GO_VKEY, buf_text(&text));
	note_sign(&key, GO_TEXT, strlen(GO_TEXT), &note);
	assert_string_equal(GO_TEXT "\n" GO_LINE, buf_text(&note));
	assert_int_equal(OK, parse_and_verify(buf_text(&note), &key.vkey));
	skey_text(&key, &again);
	assert_string_equal(GO_SKEY, buf_text(&again));
	skey_wipe(&key);
	assert_int_equal(0, key.pair.secret[0]);
}

static void a_key_made_of_its_parts_is_the_key_parsed(void **state)
{
	struct vkey parsed = vkey_fixture(), made, cosigner;
	AUTO(buf) text = BUF(KIB);

	(void)state;
	assert_int_equal(OK, vkey_make("example.com/foo", KEY_ED25519, parsed.public, &made));
	assert_memory_equal(&parsed, &made, sizeof(made));
	assert_int_equal(
		OK, vkey_make("example.com/foo", KEY_COSIGNATURE, parsed.public, &cosigner));
	assert_memory_not_equal(made.id, cosigner.id, sizeof(made.id));
	vkey_text(&cosigner, &text);
	assert_int_equal(OK, vkey_parse(buf_text(&text), &made));
	assert_memory_equal(&cosigner, &made, sizeof(made));
	assert_int_equal(ERR_INVALID,
		vkey_make("example.com/foo", (enum key_type)0x06, parsed.public, &made));
}

static const char *const bad_keys[] = {"", "+", "++", "example.com/foo", "example.com/foo+530d903a",
	"example.com/foo+530d903a+",
	/* id: another, upper case, too short, too long */
	"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/foo+530d903a0+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	/* name: empty, another, white space, control bytes, not UTF-8 */
	"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/fob+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/ foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/\tfoo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	"example.com/\xff+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	/* key: a byte too few or too many, another, not base64, something after it */
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2_",
	"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
	/* a type we do not know */
	"example.com/foo+530d903a+BukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"};

static void a_key_that_is_not_exactly_right_is_refused(void **state)
{
	struct vkey key = {.type = 42};

	(void)state;
	for (size_t i = 0; i < COUNT(bad_keys); i++)
		if (vkey_parse(bad_keys[i], &key) != ERR_INVALID)
			fail_msg("taken for a key: %s", bad_keys[i]);
	assert_int_equal(42, key.type);
}

static const char *const bad_secrets[] = {"", GO_VKEY, "PRIVATE+KEY+",
	"private+key+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
	"PRIVATE+KEY+PeterNewmann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
	"PRIVATE+KEY+PeterNeumann+c74f20a4+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz",
	"PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDF0",
	"PRIVATE+KEY+PeterNeumann+c74f20a3+BIEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"};

static void a_private_key_that_is_not_exactly_right_is_refused(void **state)
{
	struct skey key;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_secrets); i++)
		if (skey_parse(bad_secrets[i], &key) != ERR_INVALID)
			fail_msg("taken for a private key: %s", bad_secrets[i]);
}

static const char *const bad_names[] = {"", " ", "a b", "a+b", "a\tb", "a\nb", "a\x7f", "a\x01",
	"a\xc2\x85", "a\xc2\xa0", "\u1680", "a\u2000", "a\u2009b", "a\u200a", "a\u2028", "a\u2029",
	"a\u202f", "a\u205f", "\u3000a", "\xff", "a\xe2\x80"};

static void a_key_name_holds_no_white_space_and_no_plus(void **state)
{
	const uint8_t seed[ED25519_SEED] = {1};
	char name[KEY_NAME_MAX + 2];
	struct skey key;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_names); i++)
		if (skey_make(bad_names[i], seed, &key) != ERR_INVALID)
			fail_msg("taken for a name: \"%s\"", bad_names[i]);
	assert_int_equal(OK, skey_make("rathaus.example/größe\u200b", seed, &key));
	memset(name, 'a', sizeof(name));
	name[KEY_NAME_MAX + 1] = '\0';
	assert_int_equal(ERR_INVALID, skey_make(name, seed, &key));
	name[KEY_NAME_MAX] = '\0';
	assert_int_equal(OK, skey_make(name, seed, &key));
}

static void the_text_ends_at_the_last_empty_line(void **state)
{
	struct note note;

	(void)state;
	assert_int_equal(OK, parse("one\n\n\ntwo\n\n" LINE OTHER_LINE, &note));
	assert_int_equal(strlen("one\n\n\ntwo\n"), note.text_len);
	assert_int_equal(2, note.sigs_n);
	assert_int_equal(OK, parse("\n\n" LINE, &note));
	assert_int_equal(1, note.text_len);
	/* A text may look like signature lines: only what follows the last empty line is. */
	assert_int_equal(OK, parse(LINE "\n" OTHER_LINE "\n" LINE, &note));
	assert_int_equal(strlen(LINE "\n" OTHER_LINE), note.text_len);
	assert_int_equal(1, note.sigs_n);
}

#define BYTES(literal)                         \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
static const struct {
	const char *data;
	size_t len;
} bad_notes[] = {
	BYTES(""),
	BYTES("\n"),
	BYTES("\n\n"),
	BYTES(TEXT),
	BYTES(TEXT "\n"),
	BYTES(LINE),
	BYTES("\n" LINE),
	BYTES(TEXT LINE),
	BYTES(TEXT "\n" LINE "\n"),
	BYTES(TEXT "\n" LINE "\n\n"),
	BYTES(TEXT "\n" LINE "more\n"),
	BYTES(TEXT "\n" LINE "no newline"),
	BYTES(TEXT "\n— example.com/foo AAAAAAA="),
	BYTES("This is\r\n\n" LINE),
	BYTES("This is\tan\n\n" LINE),
	BYTES("This is\0an\n\n" LINE),
	BYTES("This is\x1f\n\n" LINE),
	/* not UTF-8: a lone byte, overlong, a surrogate, past U+10FFFF, cut off */
	BYTES("\xff\n\n" LINE),
	BYTES("\x80\n\n" LINE),
	BYTES("\xc0\xaf\n\n" LINE),
	BYTES("\xe0\x80\xaf\n\n" LINE),
	BYTES("\xed\xa0\x80\n\n" LINE),
	BYTES("\xf4\x90\x80\x80\n\n" LINE),
	BYTES("\xe2\x80\n\n" LINE),
	/* signature lines: the dash */
	BYTES(TEXT "\n- example.com/foo AAAAAAA=\n"),
	BYTES(TEXT "\n– example.com/foo AAAAAAA=\n"),
	BYTES(TEXT "\n—example.com/foo AAAAAAA=\n"),
	BYTES(TEXT "\n—  example.com/foo AAAAAAA=\n"),
	BYTES(TEXT "\n — example.com/foo AAAAAAA=\n"),
	BYTES(TEXT "\n— \n"),
	BYTES(TEXT "\n—\n"),
	/* the name */
	BYTES(TEXT "\n— AAAAAAA=\n"),
	BYTES(TEXT "\n—  AAAAAAA=\n"),
	BYTES(TEXT "\n— a+b AAAAAAA=\n"),
	BYTES(TEXT "\n— a b AAAAAAA=\n"),
	BYTES(TEXT "\n— a\xc2\xa0z AAAAAAA=\n"),
	BYTES(TEXT "\n— a\u3000z AAAAAAA=\n"),
	/* the base64: none, four bytes only, no padding, spaces, url-safe, trailing bits */
	BYTES(TEXT "\n— example.com/foo\n"),
	BYTES(TEXT "\n— example.com/foo \n"),
	BYTES(TEXT "\n— example.com/foo AAAAAA==\n"),
	BYTES(TEXT "\n— example.com/foo AAAAAAA\n"),
	BYTES(TEXT "\n— example.com/foo AAAA AAA=\n"),
	BYTES(TEXT "\n— example.com/foo AAAAAAA= \n"),
	BYTES(TEXT "\n— example.com/foo AAAAAAA=A\n"),
	BYTES(TEXT "\n— example.com/foo AAAAAA_=\n"),
	BYTES(TEXT "\n— example.com/foo AAAAAAB=\n"),
	BYTES(TEXT "\n— example.com/foo ====\n"),
	/* libsodium 1.0.18 takes any byte above ASCII for a "/": base64_parse() must not */
	BYTES(TEXT "\n— example.com/foo AAAAAAé\n"),
};

static void a_note_that_breaks_a_rule_is_invalid(void **state)
{
	struct note note = {.sigs_n = 42};

	(void)state;
	for (size_t i = 0; i < COUNT(bad_notes); i++)
		if (note_parse(bad_notes[i].data, bad_notes[i].len, &note) != ERR_INVALID)
			fail_msg("taken for a note: %s", bad_notes[i].data);
	assert_int_equal(42, note.sigs_n);
}

static void lines_of_other_keys_are_ignored(void **state)
{
	struct vkey key = vkey_fixture();

	(void)state;
	assert_int_equal(OK,
		parse_and_verify(TEXT "\n" OTHER_LINE OTHER_ID_LINE LINE OTHER_NAME_LINE, &key));
	assert_int_equal(ERR_NOT_FOUND, parse_and_verify(TEXT "\n" OTHER_LINE, &key));
	assert_int_equal(ERR_NOT_FOUND, parse_and_verify(TEXT "\n" OTHER_ID_LINE, &key));
	assert_int_equal(ERR_NOT_FOUND, parse_and_verify(TEXT "\n" OTHER_NAME_LINE, &key));
}

static void a_line_of_a_known_key_that_fails_makes_the_note_false(void **state)
{
	struct vkey key = vkey_fixture();

	(void)state;
	assert_int_equal(ERR_FALSE, parse_and_verify(TEXT "\n" FALSE_LINE, &key));
	assert_int_equal(ERR_FALSE, parse_and_verify(TEXT "\n" LINE FALSE_LINE, &key));
	assert_int_equal(ERR_FALSE, parse_and_verify(TEXT "\n" FALSE_LINE LINE, &key));
	assert_int_equal(ERR_FALSE, parse_and_verify(TEXT "\n" SHORT_LINE, &key));
	assert_int_equal(OK, parse_and_verify(TEXT "\n" LINE LINE, &key));
}

static void a_cosigner_signs_no_plain_text(void **state)
{
	struct vkey key = vkey_fixture();

	(void)state;
	key.type = KEY_COSIGNATURE; /* even were its id to match */
	assert_int_equal(ERR_NOT_FOUND, parse_and_verify(TEXT "\n" LINE, &key));
}

static void a_note_bears_a_hundred_signatures_and_not_one_more(void **state)
{
	struct vkey key = vkey_fixture();
	AUTO(buf) b = BUF(64 * KIB);
	struct note note;

	(void)state;
	buf_puts(&b, TEXT "\n");
	for (size_t i = 1; i < NOTE_SIGS; i++)
		buf_puts(&b, OTHER_LINE);
	buf_puts(&b, LINE);
	assert_int_equal(OK, parse(buf_text(&b), &note));
	assert_int_equal(NOTE_SIGS, note.sigs_n);
	assert_int_equal(OK, note_verify(&note, &key));
	buf_puts(&b, OTHER_LINE);
	assert_int_equal(ERR_INVALID, parse(buf_text(&b), &note));
}

/* An id, then `n` bytes: 0, 1, 2 and so on. */
static void add_long_line(struct buf *out, size_t n)
{
	AUTO(buf) bytes = BUF(8 * KIB);

	buf_add(&bytes, "id..", 4);
	for (size_t i = 0; i < n; i++)
		buf_putc(&bytes, (char)i);
	buf_puts(out, "— post-quantum.example ");
	base64_add(out, bytes.data, bytes.len);
	buf_putc(out, '\n');
}

static void sixteen_signatures_of_ml_dsa_are_carried(void **state)
{
	const size_t ml_dsa = 8 + 2420; /* a time and a signature: 3.2 kB of base64 */
	struct vkey key = vkey_fixture();
	AUTO(buf) b = BUF(NOTE_MAX);
	struct note note;

	(void)state;
	buf_puts(&b, TEXT "\n");
	for (size_t i = 0; i < 15; i++)
		add_long_line(&b, ml_dsa);
	buf_puts(&b, LINE);
	assert_int_equal(OK, parse(buf_text(&b), &note));
	assert_int_equal(16, note.sigs_n);
	assert_int_equal(ml_dsa, note.sigs[14].blob_len);
	assert_memory_equal("id..", note.sigs[14].id, 4);
	for (size_t i = 0; i < sizeof(note.sigs[14].blob); i++)
		assert_int_equal(i, note.sigs[14].blob[i]);
	assert_int_equal(OK, note_verify(&note, &key));
}

static void a_blob_of_any_length_has_its_true_length(void **state)
{
	static const size_t lengths[] = {1, 2, 63, 64, 72, 95, 96, 97, 98};

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		AUTO(buf) b = BUF(KIB);
		struct note note;

		buf_puts(&b, TEXT "\n");
		add_long_line(&b, lengths[i]);
		assert_int_equal(OK, parse(buf_text(&b), &note));
		assert_int_equal(lengths[i], note.sigs[0].blob_len);
		assert_int_equal(lengths[i] > 95 ? 95 : 0, note.sigs[0].blob[95]);
	}
}

static void a_note_has_at_most_a_million_bytes(void **state)
{
	AUTO(buf) b = BUF(NOTE_MAX + 1);
	struct note note;

	(void)state;
	while (b.len < NOTE_MAX - strlen("\n\n" OTHER_LINE))
		buf_putc(&b, 'a');
	buf_puts(&b, "\n\n" OTHER_LINE);
	assert_int_equal(NOTE_MAX, b.len);
	assert_int_equal(OK, note_parse(b.data, b.len, &note));
	buf_clear(&b);
	while (b.len < NOTE_MAX + 1 - strlen("\n\n" OTHER_LINE))
		buf_putc(&b, 'a');
	buf_puts(&b, "\n\n" OTHER_LINE);
	assert_int_equal(ERR_INVALID, note_parse(b.data, b.len, &note));
}

static void a_line_is_kept_if_it_verifies_and_never_by_the_length_it_claims(void **state)
{
	struct vkey key = vkey_fixture();
	AUTO(buf) blob = BUF(8 * KIB), text = BUF(NOTE_MAX), kept = BUF(KIB);
	struct note note;

	(void)state;
	assert_int_equal(OK, parse(TEXT "\n" OTHER_LINE LINE OTHER_LINE LINE, &note));
	note_keep(&note, &key, &kept);
	assert_string_equal(LINE, buf_text(&kept));
	buf_clear(&kept);
	/* More than a note_sig holds of a line: all of it is written, and none of it is kept. */
	while (blob.len < 5000)
		buf_putc(&blob, 'x');
	buf_puts(&text, TEXT "\n");
	note_sig_add(&key, blob.data, blob.len, &text);
	assert_int_equal(OK, parse(buf_text(&text), &note));
	assert_int_equal(5000, note.sigs[0].blob_len);
	note_keep(&note, &key, &kept);
	assert_int_equal(OK, parse(TEXT "\n" FALSE_LINE, &note));
	note_keep(&note, &key, &kept);
	assert_int_equal(0, kept.len);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_specification_verifies),
		cmocka_unit_test(another_text_does_not_verify),
		cmocka_unit_test(signing_gives_the_same_note_as_go_does),
		cmocka_unit_test(a_key_made_of_its_parts_is_the_key_parsed),
		cmocka_unit_test(a_key_that_is_not_exactly_right_is_refused),
		cmocka_unit_test(a_private_key_that_is_not_exactly_right_is_refused),
		cmocka_unit_test(a_key_name_holds_no_white_space_and_no_plus),
		cmocka_unit_test(the_text_ends_at_the_last_empty_line),
		cmocka_unit_test(a_note_that_breaks_a_rule_is_invalid),
		cmocka_unit_test(lines_of_other_keys_are_ignored),
		cmocka_unit_test(a_line_of_a_known_key_that_fails_makes_the_note_false),
		cmocka_unit_test(a_cosigner_signs_no_plain_text),
		cmocka_unit_test(a_note_bears_a_hundred_signatures_and_not_one_more),
		cmocka_unit_test(sixteen_signatures_of_ml_dsa_are_carried),
		cmocka_unit_test(a_blob_of_any_length_has_its_true_length),
		cmocka_unit_test(a_note_has_at_most_a_million_bytes),
		cmocka_unit_test(a_line_is_kept_if_it_verifies_and_never_by_the_length_it_claims),
	};

	crypto_init();
	return cmocka_run_group_tests_name("note", tests, NULL, NULL);
}
