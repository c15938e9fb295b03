#include "audit/key_file.h"
#include "audit/keyholder.h"
#include "base/file.h"
#include "tests/quick_argon2.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ORIGIN "register.example/log"

static struct skey old_key, new_key, strange_key;

static struct skey key_of(const char *name, uint8_t n)
{
	uint8_t seed[ED25519_SEED] = {n};
	struct skey key;

	assert_int_equal(OK, skey_make(name, seed, &key));
	return key;
}

static int make_keys(void **state)
{
	(void)state;
	crypto_init();
	old_key = key_of(ORIGIN, 1);
	new_key = key_of(ORIGIN, 2);
	strange_key = key_of("other.example/log", 3);
	return 0;
}

/* Signs a text by both keys. */
static void sign(const char *text, struct buf *note)
{
	buf_puts(note, text);
	buf_putc(note, '\n');
	note_sign_line(&old_key, text, strlen(text), note);
	note_sign_line(&new_key, text, strlen(text), note);
}

static void text_of(const struct vkey *first, const struct vkey *second, struct buf *out)
{
	struct key_statement s = {
		.checkpoint = {.origin = ORIGIN, .size = 7}, .keys = {1, {*first}}};

	if (second)
		s.keys.key[s.keys.n++] = *second;
	key_statement_text(&s, out);
}

static enum err open_text(const char *text, const struct vkey *by, struct key_statement *out)
{
	AUTO(buf) note = BUF(NOTE_MAX);

	sign(text, &note);
	return key_statement_open(note.data, note.len, by, out);
}

static void a_statement_reads_as_it_was_written(void **state)
{
	AUTO(buf) text = BUF(KIB);
	struct key_statement s;

	(void)state;
	text_of(&old_key.vkey, &new_key.vkey, &text);
	assert_int_equal(OK, open_text(text.data, &old_key.vkey, &s));
	assert_int_equal(OK, open_text(text.data, &new_key.vkey, &s));
	assert_int_equal(7, s.checkpoint.size);
	assert_int_equal(2, s.keys.n);
	assert_true(vkey_same(&s.keys.key[0], &old_key.vkey));
	assert_true(vkey_same(&s.keys.key[1], &new_key.vkey));
	assert_true(log_keys_have(&s.keys, &new_key.vkey));
	assert_false(log_keys_have(&s.keys, &strange_key.vkey));
}

static void a_statement_is_a_checkpoint_to_whoever_knows_no_more(void **state)
{
	AUTO(buf) text = BUF(KIB), note = BUF(NOTE_MAX);
	struct checkpoint cp;

	(void)state;
	text_of(&new_key.vkey, NULL, &text);
	sign(text.data, &note);
	assert_int_equal(OK, checkpoint_open(note.data, note.len, &old_key.vkey, &cp));
	assert_int_equal(7, cp.size);
}

static void a_checkpoint_is_not_a_statement(void **state)
{
	struct checkpoint cp = {.origin = ORIGIN, .size = 7};
	AUTO(buf) text = BUF(KIB);
	struct key_statement s;

	(void)state;
	checkpoint_text(&cp, &text);
	assert_int_equal(ERR_INVALID, open_text(text.data, &old_key.vkey, &s));
}

static void what_the_known_key_did_not_sign_is_not_opened(void **state)
{
	struct skey third = key_of(ORIGIN, 9);
	AUTO(buf) text = BUF(KIB), note = BUF(NOTE_MAX);
	struct key_statement s;

	(void)state;
	text_of(&old_key.vkey, &new_key.vkey, &text);
	assert_int_equal(ERR_NOT_FOUND, open_text(text.data, &third.vkey, &s));
	sign(text.data, &note);
	note.data[strlen(ORIGIN) + 1] = '8'; /* the size */
	assert_int_equal(ERR_FALSE, key_statement_open(note.data, note.len, &old_key.vkey, &s));
}

static void a_statement_has_one_spelling(void **state)
{
	static const struct {
		const char *from, *to;
	} changes[] = {
		{"\nkey ", "\nKey "},
		{"\nkey ", "\nkey  "},
		{"\n7\n", "\n07\n"},
		{"\nkey ", "\nmore\nkey "},
		{"\nkey " ORIGIN, "\nkey other.example/log"},
	};
	AUTO(buf) text = BUF(KIB), twice = BUF(KIB), three = BUF(2 * KIB);
	struct skey third = key_of(ORIGIN, 9);
	struct key_statement s;

	(void)state;
	text_of(&new_key.vkey, NULL, &text);
	for (size_t i = 0; i < COUNT(changes); i++) {
		const char *at = strstr(text.data, changes[i].from);
		AUTO(buf) other = BUF(KIB);

		buf_add(&other, text.data, (size_t)(at - text.data));
		buf_puts(&other, changes[i].to);
		buf_puts(&other, at + strlen(changes[i].from));
		if (open_text(other.data, &old_key.vkey, &s) != ERR_INVALID)
			fail_msg("it opens: %s", other.data);
	}
	text_of(&new_key.vkey, &new_key.vkey, &twice);
	assert_int_equal(ERR_INVALID, open_text(twice.data, &old_key.vkey, &s));
	text_of(&old_key.vkey, &new_key.vkey, &three);
	buf_puts(&three, "key ");
	vkey_text(&third.vkey, &three);
	buf_putc(&three, '\n');
	assert_int_equal(ERR_INVALID, open_text(three.data, &old_key.vkey, &s));
}

/* --- the key file with two keys --- */

static char dir[64], key_path[96], mark_path[96];

static int make_files(void **state)
{
	uint8_t seed[ED25519_SEED] = {1};
	struct buf none = BUF(0);

	(void)state;
	snprintf(dir, sizeof(dir), "%s/gaya-keys-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(dir));
	snprintf(key_path, sizeof(key_path), "%s/key", dir);
	snprintf(mark_path, sizeof(mark_path), "%s/mark", dir);
	return keyholder_create(key_path, mark_path, ORIGIN, seed, &none) == OK ? 0 : -1;
}

static int remove_files(void **state)
{
	AUTOFREE char *command = mem_printf("rm -r '%s'", dir);

	(void)state;
	return system(command);
}

static enum err add(uint8_t n, const struct buf *passphrase)
{
	uint8_t seed[ED25519_SEED] = {n};

	return keyholder_add(key_path, seed, passphrase);
}

/* A checkpoint of one entry, signed by whatever the file holds. */
static size_t signers(struct buf *note)
{
	struct sha256 leaf = merkle_leaf("a", 1);
	const struct buf none = BUF(0);
	struct path empty = {0};
	struct keyholder *k;
	size_t n;

	assert_int_equal(OK, keyholder_open(key_path, mark_path, &none, &k));
	n = keyholder_keys(k)->n;
	assert_int_equal(OK, keyholder_sign(k, 1, &leaf, &empty, note));
	keyholder_free(k);
	return n;
}

static void two_keys_sign_one_text_under_one_mark(void **state)
{
	const struct buf none = BUF(0);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct sha256 other = merkle_leaf("b", 1);
	struct path empty = {0};
	struct keyholder *k;
	struct checkpoint cp;

	(void)state;
	assert_int_equal(OK, add(2, &none));
	assert_int_equal(2, signers(&note));
	assert_int_equal(OK, checkpoint_open(note.data, note.len, &old_key.vkey, &cp));
	assert_int_equal(OK, checkpoint_open(note.data, note.len, &new_key.vkey, &cp));
	assert_int_equal(OK, keyholder_open(key_path, mark_path, &none, &k));
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 1, &other, &empty, &note));
	keyholder_free(k);
	assert_int_equal(ERR_CONFLICT, add(3, &none));
}

static void what_the_keys_state_is_of_the_mark_and_of_keys_that_are_held(void **state)
{
	const struct buf none = BUF(0);
	AUTO(buf) note = BUF(NOTE_MAX), both = BUF(NOTE_MAX), one = BUF(NOTE_MAX);
	struct key_statement s;
	struct keyholder *k;

	(void)state;
	assert_int_equal(OK, add(2, &none));
	signers(&note);
	assert_int_equal(OK, keyholder_open(key_path, mark_path, &none, &k));
	assert_int_equal(OK, keyholder_state(k, NULL, &both));
	assert_int_equal(OK, keyholder_state(k, &old_key.vkey, &one));
	assert_int_equal(OK, key_statement_open(both.data, both.len, &old_key.vkey, &s));
	assert_int_equal(2, s.keys.n);
	assert_int_equal(1, s.checkpoint.size);
	assert_int_equal(OK, key_statement_open(one.data, one.len, &old_key.vkey, &s));
	assert_int_equal(OK, key_statement_open(one.data, one.len, &new_key.vkey, &s));
	assert_int_equal(1, s.keys.n);
	assert_true(vkey_same(&s.keys.key[0], &new_key.vkey));
	keyholder_free(k);
	assert_int_equal(OK, keyholder_drop(key_path, &old_key.vkey, &none));
	assert_int_equal(OK, keyholder_open(key_path, mark_path, &none, &k));
	assert_int_equal(ERR_INVALID, keyholder_state(k, &new_key.vkey, &one));
	keyholder_free(k);
}

static void a_dropped_key_signs_no_more_and_the_last_one_stays(void **state)
{
	const struct buf none = BUF(0);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct checkpoint cp;

	(void)state;
	assert_int_equal(OK, add(2, &none));
	assert_int_equal(ERR_CONFLICT, keyholder_drop(key_path, &strange_key.vkey, &none));
	assert_int_equal(OK, keyholder_drop(key_path, &old_key.vkey, &none));
	assert_int_equal(1, signers(&note));
	assert_int_equal(ERR_NOT_FOUND, checkpoint_open(note.data, note.len, &old_key.vkey, &cp));
	assert_int_equal(OK, checkpoint_open(note.data, note.len, &new_key.vkey, &cp));
	assert_int_equal(ERR_CONFLICT, keyholder_drop(key_path, &new_key.vkey, &none));
	assert_int_equal(1, signers(&note));
}

static void a_key_file_with_a_line_too_many_or_of_another_log_is_damaged(void **state)
{
	const struct buf none = BUF(0);
	AUTO(buf) text = BUF(4 * KIB), other = BUF(KIB), twice = BUF(4 * KIB);
	struct keyholder *k;

	(void)state;
	assert_int_equal(OK, file_read(key_path, &text));
	buf_add(&twice, text.data, text.len);
	buf_add(&twice, text.data, text.len);
	assert_int_equal(OK, file_write(key_path, twice.data, twice.len, 0600));
	assert_int_equal(ERR_CORRUPT, keyholder_open(key_path, mark_path, &none, &k));
	skey_text(&strange_key, &other);
	buf_add(&text, other.data, other.len);
	assert_int_equal(OK, file_write(key_path, text.data, text.len, 0600));
	assert_int_equal(ERR_CORRUPT, keyholder_open(key_path, mark_path, &none, &k));
	assert_int_equal(OK, file_write(key_path, "\n", 1, 0600));
	assert_int_equal(ERR_CORRUPT, keyholder_open(key_path, mark_path, &none, &k));
}

/* With the same salt, so that the passphrase is hashed only once; the rest of the line differs. */
static void check_sealed(const char *text)
{
	char salt[2][64], box[2][512];

	assert_int_equal(
		4, sscanf(text, "gaya-sealed-1 %*s %*s %63s %511s gaya-sealed-1 %*s %*s %63s %511s",
			   salt[0], box[0], salt[1], box[1]));
	assert_string_equal(salt[0], salt[1]);
	assert_int_not_equal(0, strncmp(box[0], box[1], 32)); /* 24 bytes of nonce */
}

static void a_second_key_is_sealed_as_the_first_is(void **state)
{
	uint8_t seed[ED25519_SEED] = {1};
	AUTO(buf) passphrase = BUF(KIB), wrong = BUF(KIB), text = BUF(4 * KIB);
	struct keyholder *k;

	(void)state;
	buf_puts(&passphrase, "correct horse");
	buf_puts(&wrong, "battery staple");
	assert_int_equal(ERR_DENIED, add(2, &passphrase)); /* the first is not */
	remove(key_path);
	remove(mark_path);
	assert_int_equal(OK, keyholder_create(key_path, mark_path, ORIGIN, seed, &passphrase));
	assert_int_equal(ERR_DENIED, add(2, &wrong));
	assert_int_equal(OK, add(2, &passphrase));
	assert_int_equal(OK, file_read(key_path, &text));
	check_sealed(buf_text(&text));
	passphrase_forget(); /* or what it came to above would open it */
	assert_int_equal(OK, keyholder_open(key_path, mark_path, &passphrase, &k));
	assert_int_equal(2, keyholder_keys(k)->n);
	keyholder_free(k);
}

static void a_key_that_was_sealed_with_few_letters_opens_and_changes_as_ever(void **state)
{
	uint8_t seed[ED25519_SEED] = {1};
	AUTO(buf) named = BUF(KIB), passphrase = BUF(KIB);
	struct keyholder *k;

	(void)state;
	setenv("GAYA_PASSPHRASE", "short", 1);
	assert_int_equal(ERR_INVALID, key_new_passphrase(&named));
	assert_int_equal(OK, key_passphrase(&passphrase));
	unsetenv("GAYA_PASSPHRASE");
	remove(key_path);
	remove(mark_path);
	assert_int_equal(OK, keyholder_create(key_path, mark_path, ORIGIN, seed, &passphrase));
	assert_int_equal(OK, add(2, &passphrase));
	passphrase_forget();
	assert_int_equal(OK, keyholder_open(key_path, mark_path, &passphrase, &k));
	keyholder_free(k);
}

#define TEST(name) cmocka_unit_test(name)
#define FILES(name) cmocka_unit_test_setup_teardown(name, make_files, remove_files)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_statement_reads_as_it_was_written),
		TEST(a_statement_is_a_checkpoint_to_whoever_knows_no_more),
		TEST(a_checkpoint_is_not_a_statement),
		TEST(what_the_known_key_did_not_sign_is_not_opened),
		TEST(a_statement_has_one_spelling),
		FILES(two_keys_sign_one_text_under_one_mark),
		FILES(what_the_keys_state_is_of_the_mark_and_of_keys_that_are_held),
		FILES(a_dropped_key_signs_no_more_and_the_last_one_stays),
		FILES(a_key_file_with_a_line_too_many_or_of_another_log_is_damaged),
		FILES(a_second_key_is_sealed_as_the_first_is),
		FILES(a_key_that_was_sealed_with_few_letters_opens_and_changes_as_ever),
	};

	return cmocka_run_group_tests_name("key statement", tests, make_keys, NULL);
}
