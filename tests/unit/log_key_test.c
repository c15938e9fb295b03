/* A log changes its key: which known keys lead to the present one, and which do not. */
#define QUESTIONS_N 3
#include "tests/unit/verify_fixture.h"

#include "audit/keyholder.h"
#include "registry/event/log_key.h"
#include "registry/office/office.h"

#define DAY 86400

static struct verified result;
static char dir[64], state_path[80], first_key[KIB];
static int64_t days; /* by which the clock is ahead */

static int64_t later_now(void *arg)
{
	return test_now(arg) + days * DAY;
}
static const struct env later_env = {later_now, test_random, NULL};

static void key_text(const struct vkey *key, char out[KIB])
{
	AUTO(buf) text = BUF(KIB);

	vkey_text(key, &text);
	snprintf(out, KIB, "%s", buf_text(&text));
}

static struct reg *open_later(void)
{
	struct reg *reg = NULL;

	must(reg_open(dir, &later_env, &reg));
	return reg;
}

static int begin(void **state)
{
	struct reg *reg;

	(void)state;
	days = 0;
	copy_original(dir);
	snprintf(state_path, sizeof(state_path), "%s/state", dir);
	reg = open_later();
	key_text(reg_vkey(reg), first_key);
	reg_close(reg);
	return 0;
}

static int end(void **state)
{
	(void)state;
	remove_dir(dir);
	return 0;
}

static void assert_why(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

static enum err verify_by(const char *key)
{
	return verify_register(&(struct verify){.where = dir, .key = key}, &result);
}

static enum err verify_on(bool since)
{
	return verify_register(
		&(struct verify){.where = dir, .state = state_path, .since = since}, &result);
}

/* --- a rotation, as cli/key_rotate.c does it --- */

static char *key_file(void)
{
	return file_in(dir, REG_KEY);
}

static struct keyholder *holder(void)
{
	AUTOFREE char *key = key_file(), *mark = file_in(dir, REG_MARK);
	const struct buf none = BUF(0);
	struct keyholder *k;

	must(keyholder_open(key, mark, &none, &k));
	return k;
}

static void add_to_file(uint8_t n)
{
	AUTOFREE char *key = key_file();
	const struct buf none = BUF(0);
	uint8_t seed[ED25519_SEED] = {n, 99};

	must(keyholder_add(key, seed, &none));
}

static void drop_from_file(const struct vkey *vkey)
{
	AUTOFREE char *key = key_file();
	const struct buf none = BUF(0);

	must(keyholder_drop(key, vkey, &none));
}

static enum err change(struct reg *reg, const char *op, const struct vkey *key, const char *name,
	const struct vkey *other, const struct buf *statement, bool early)
{
	char texts[2][KIB];
	json_auto_t *request = NULL, *reply = NULL;

	key_text(key, texts[0]);
	key_text(other, texts[1]);
	request = json_make("{s:s,s:s,s:s,s:s,s:b}", "do", op, "key", texts[0], name, texts[1],
		"statement", buf_text(statement), "early", early);
	return office_do(reg, request, NULL, &reply);
}

static enum err announce(struct reg *reg)
{
	AUTO(buf) statement = BUF(KEY_STATEMENT_MAX);
	struct keyholder *k = holder();
	struct log_keys held = *keyholder_keys(k);

	must(keyholder_state(k, NULL, &statement));
	keyholder_free(k);
	return change(reg, "log-key-add", &held.key[held.n - 1], "beside", &held.key[0], &statement,
		false);
}

static enum err retire(struct reg *reg, size_t i, bool early)
{
	AUTO(buf) statement = BUF(KEY_STATEMENT_MAX);
	struct keyholder *k = holder();
	struct log_keys held = *keyholder_keys(k);

	must(keyholder_state(k, &held.key[i], &statement));
	keyholder_free(k);
	return change(
		reg, "log-key-retire", &held.key[i], "next", &held.key[!i], &statement, early);
}

static void reload(struct reg *reg)
{
	json_auto_t *request = json_make("{s:s}", "do", "log-key-reload"), *reply = NULL;

	must(office_do(reg, request, NULL, &reply));
}

static void begin_rotation(struct reg *reg, uint8_t n)
{
	add_to_file(n);
	must(announce(reg));
}

static void end_rotation(struct reg *reg)
{
	struct vkey old = reg_keys(reg)->key[0];

	must(retire(reg, 0, true));
	drop_from_file(&old);
	reload(reg);
}

static void rotate(uint8_t n)
{
	struct reg *reg = open_later();

	begin_rotation(reg, n);
	ask(reg, 500 + n);
	end_rotation(reg);
	ask(reg, 600 + n);
	reg_close(reg);
}

static void newest_key(char out[KIB])
{
	struct reg *reg = open_later();

	key_text(reg_vkey(reg), out);
	reg_close(reg);
}

/* --- following --- */

static void while_two_keys_sign_each_of_them_is_enough(void **state)
{
	struct reg *reg = open_later();
	char second[KIB];

	(void)state;
	begin_rotation(reg, 1);
	ask(reg, 500);
	assert_int_equal(2, reg_keys(reg)->n);
	key_text(reg_vkey(reg), second);
	reg_close(reg);
	must(verify_by(first_key));
	must(verify_by(second));
	assert_string_not_equal(first_key, second);
}

static void who_knows_the_old_key_is_led_to_the_new_one(void **state)
{
	char second[KIB], is[KIB];

	(void)state;
	rotate(1);
	newest_key(second);
	must(verify_by(first_key));
	key_text(&result.key, is);
	assert_string_equal(second, is);
	key_text(&result.from, is);
	assert_string_equal(first_key, is);
	assert_int_equal(KEY_GIVEN, result.trust);
	must(verify_by(second));
}

static void who_knows_a_key_is_led_over_several_changes(void **state)
{
	char third[KIB], is[KIB];

	(void)state;
	rotate(1);
	rotate(2);
	rotate(3);
	newest_key(third);
	must(verify_by(first_key));
	key_text(&result.key, is);
	assert_string_equal(third, is);
}

static void the_state_file_follows_in_full_and_by_increments(void **state)
{
	char second[KIB], is[KIB];
	struct reg *reg;

	(void)state;
	must(verify_on(true));
	reg = open_later();
	begin_rotation(reg, 1);
	reg_close(reg);
	must(verify_on(true));
	assert_true(result.increment);
	reg = open_later();
	end_rotation(reg);
	reg_close(reg);
	rotate(2);
	newest_key(second);
	must(verify_on(true));
	assert_true(result.increment);
	assert_int_equal(KEY_REMEMBERED, result.trust);
	key_text(&result.key, is);
	assert_string_equal(second, is);
	must(verify_on(false));
	/* The given key and the remembered one are different keys of one log. */
	must(verify_register(
		&(struct verify){.where = dir, .key = first_key, .state = state_path}, &result));
}

static void an_ended_rotation_that_was_called_off_leads_back(void **state)
{
	struct reg *reg = open_later();
	struct vkey second;
	char text[KIB], is[KIB];

	(void)state;
	begin_rotation(reg, 1);
	second = *reg_vkey(reg);
	key_text(&second, text);
	must(retire(reg, 1, false)); /* the new one may go at once */
	drop_from_file(&second);
	reload(reg);
	reg_close(reg);
	must(verify_by(text));
	key_text(&result.key, is);
	assert_string_equal(first_key, is);
	must(verify_by(first_key));
}

static void rebuilding_gives_the_same_keys(void **state)
{
	struct reg *reg;
	char before[KIB], after[KIB];

	(void)state;
	rotate(1);
	newest_key(before);
	reg = open_later();
	must(reg_rebuild(reg));
	reg_close(reg);
	newest_key(after);
	assert_string_equal(before, after);
	must(verify_by(first_key)); /* which compares the read model row by row */
}

/* --- who is not followed --- */

static void a_second_key_in_the_notes_that_no_entry_announces_is_a_stranger(void **state)
{
	AUTOFREE char *key = key_file();
	const struct buf none = BUF(0);
	struct keyholder *k;
	struct vkey sneaked, first;
	struct reg *reg;
	char is[KIB];

	(void)state;
	must(verify_on(false));
	add_to_file(1);
	reg = open_later();
	ask(reg, 500); /* signed by both */
	reg_close(reg);
	must(verify_on(false));
	key_text(&result.key, is);
	assert_string_equal(first_key, is);
	k = holder();
	first = keyholder_keys(k)->key[0];
	sneaked = keyholder_keys(k)->key[1];
	keyholder_free(k);
	must(keyholder_drop(key, &first, &none));
	reg = open_later();
	assert_true(vkey_same(&sneaked, reg_vkey(reg)));
	ask(reg, 501);             /* signed by the stranger alone */
	must(reg_write_vkey(reg)); /* which the register claims to be its key */
	reg_close(reg);
	assert_int_equal(ERR_FALSE, verify_on(false));
	assert_why("not signed by the key of " ORIGIN);
	assert_int_equal(ERR_FALSE, verify_by(first_key));
	assert_why("no entry hands the log on");
}

/* Somebody's own database under the same name, with a rotation of their own keys. */
static void an_announcement_in_a_strangers_log_is_not_followed(void **state)
{
	AUTOFREE char *command = mem_printf("rm -r '%s'/*", dir);
	char theirs[KIB];
	struct reg *reg;

	(void)state;
	must(verify_on(false));
	assert_int_equal(0, system(command));
	create_in(dir);
	reg = open_later();
	live(reg);
	reg_close(reg);
	rotate(1);
	newest_key(theirs); /* the start names it in the folder */
	assert_int_equal(ERR_FALSE, verify_by(first_key));
	assert_why("none that it handed the log on to");
}

/* A statement over `text` about the file's keys and others, signed by the given ones. */
static void forge(const struct key_statement *s, const struct skey *const by[2], struct buf *out)
{
	AUTO(buf) text = BUF(KEY_STATEMENT_MAX);

	key_statement_text(s, &text);
	buf_add(out, text.data, text.len);
	buf_putc(out, '\n');
	for (size_t i = 0; i < 2 && by[i]; i++)
		note_sign_line(by[i], text.data, text.len, out);
}

static struct skey held_key(size_t line)
{
	AUTOFREE char *path = key_file();
	AUTO(buf) text = BUF(4 * KIB);
	struct skey key;
	char *at;

	must(file_read(path, &text));
	at = line ? strchr(text.data, '\n') + 1 : text.data;
	at[strcspn(at, "\n")] = '\0';
	must(skey_parse(at, &key));
	return key;
}

static void what_only_one_of_the_keys_states_is_refused(void **state)
{
	AUTO(buf) whole = BUF(KEY_STATEMENT_MAX), half = BUF(KEY_STATEMENT_MAX);
	struct key_statement s;
	struct skey old, new;
	struct note note;
	struct keyholder *k;
	struct reg *reg = open_later();

	(void)state;
	add_to_file(1);
	old = held_key(0);
	new = held_key(1);
	k = holder();
	must(keyholder_state(k, NULL, &whole));
	keyholder_free(k);
	must(key_statement_parse(whole.data, whole.len, &s, &note));
	forge(&s, (const struct skey *[2]){&new}, &half);
	assert_int_equal(ERR_DENIED,
		change(reg, "log-key-add", &new.vkey, "beside", &old.vkey, &half, false));
	assert_why("not signed by both keys");
	must(announce(reg));
	/* A thief of a new key cannot end the old one. */
	s.keys = (struct log_keys){1, {new.vkey}};
	s.checkpoint = (struct checkpoint){0};
	k = holder();
	s.checkpoint = *keyholder_mark(k);
	keyholder_free(k);
	buf_clear(&half);
	forge(&s, (const struct skey *[2]){&new}, &half);
	assert_int_equal(ERR_DENIED,
		change(reg, "log-key-retire", &old.vkey, "next", &new.vkey, &half, true));
	reg_close(reg);
}

static void what_the_keys_state_of_another_tree_is_refused(void **state)
{
	AUTO(buf) whole = BUF(KEY_STATEMENT_MAX), other = BUF(KEY_STATEMENT_MAX);
	struct key_statement s;
	struct skey old, new;
	struct note note;
	struct keyholder *k;
	struct reg *reg = open_later();

	(void)state;
	add_to_file(1);
	old = held_key(0);
	new = held_key(1);
	k = holder();
	must(keyholder_state(k, NULL, &whole));
	keyholder_free(k);
	must(key_statement_parse(whole.data, whole.len, &s, &note));
	s.checkpoint.root.bytes[0] ^= 1;
	forge(&s, (const struct skey *[2]){&old, &new}, &other);
	assert_int_equal(ERR_CORRUPT,
		change(reg, "log-key-add", &new.vkey, "beside", &old.vkey, &other, false));
	s.checkpoint.root.bytes[0] ^= 1;
	s.checkpoint.size += 1000;
	buf_clear(&other);
	forge(&s, (const struct skey *[2]){&old, &new}, &other);
	assert_int_equal(ERR_INVALID,
		change(reg, "log-key-add", &new.vkey, "beside", &old.vkey, &other, false));
	reg_close(reg);
}

/* Bypasses the writer's check, as somebody who controls the server could. */
static void a_statement_of_another_tree_in_the_log_is_found(void **state)
{
	AUTO(buf) whole = BUF(KEY_STATEMENT_MAX), other = BUF(KEY_STATEMENT_MAX);
	struct key_statement s;
	struct skey old, new;
	struct note note;
	struct keyholder *k;
	struct reg *reg = open_later();
	char texts[2][KIB];

	(void)state;
	add_to_file(1);
	reload(reg);
	old = held_key(0);
	new = held_key(1);
	k = holder();
	must(keyholder_state(k, NULL, &whole));
	keyholder_free(k);
	must(key_statement_parse(whole.data, whole.len, &s, &note));
	s.checkpoint.root.bytes[0] ^= 1;
	forge(&s, (const struct skey *[2]){&old, &new}, &other);
	key_text(&new.vkey, texts[0]);
	key_text(&old.vkey, texts[1]);
	happen(reg, (struct draft){"log.key_added", "office", ORIGIN,
			    json_make("{s:s,s:s}", "key", texts[0], "beside", texts[1]),
			    json_make("{s:s}", "statement", buf_text(&other))});
	reg_close(reg);
	assert_int_equal(ERR_FALSE, verify_by(first_key));
	assert_why("the keys stated another beginning of the log");
}

/* --- rules --- */

static void one_change_at_a_time_and_no_key_comes_back(void **state)
{
	AUTO(buf) statement = BUF(KEY_STATEMENT_MAX);
	struct reg *reg = open_later();
	struct keyholder *k;
	struct vkey old;

	(void)state;
	assert_int_equal(ERR_INVALID, announce(reg)); /* of the key that signs, with itself */
	begin_rotation(reg, 1);
	assert_int_equal(ERR_CONFLICT, announce(reg));
	k = holder();
	old = keyholder_keys(k)->key[0];
	keyholder_free(k);
	must(retire(reg, 0, true));
	assert_int_equal(ERR_CONFLICT, retire(reg, 0, true));
	/* The file still holds both: the old one is offered again. */
	k = holder();
	must(keyholder_state(k, NULL, &statement));
	assert_int_equal(ERR_CONFLICT, change(reg, "log-key-add", &old, "beside",
					       &keyholder_keys(k)->key[1], &statement, false));
	assert_why("never comes back");
	keyholder_free(k);
	reg_close(reg);
}

static void an_old_key_ends_only_after_thirty_days_or_early_by_name(void **state)
{
	struct reg *reg = open_later();

	(void)state;
	begin_rotation(reg, 1);
	days = 29;
	assert_int_equal(ERR_CONFLICT, retire(reg, 0, false));
	assert_why("--early");
	days = 31;
	must(retire(reg, 0, false));
	reg_close(reg);
}

/* --- files --- */

static void a_key_file_without_a_key_of_the_log_signs_nothing(void **state)
{
	AUTOFREE char *key = key_file();
	AUTO(buf) before = BUF(4 * KIB);
	struct reg *reg = NULL;

	(void)state;
	must(file_read(key, &before));
	rotate(1);
	must(file_write(key, before.data, before.len, 0600)); /* an old copy of the file */
	assert_int_equal(ERR_CORRUPT, reg_open(dir, &later_env, &reg));
	assert_why("put the newest copy of that file back");
}

static void the_verifier_key_in_the_folder_follows_at_the_next_start(void **state)
{
	AUTOFREE char *path = file_in(dir, REG_VKEY);
	AUTO(buf) text = BUF(KIB);
	char second[KIB];

	(void)state;
	rotate(1); /* which leaves the file as it was, as a crash would */
	newest_key(second);
	must(file_read(path, &text));
	text.data[strcspn(text.data, "\n")] = '\0';
	assert_string_equal(second, text.data);
}

static void a_key_that_was_ended_and_is_still_in_the_file_harms_nobody(void **state)
{
	struct reg *reg = open_later();

	(void)state;
	begin_rotation(reg, 1);
	must(retire(reg, 0, true)); /* a crash: the file still holds both */
	reg_close(reg);
	reg = open_later();
	ask(reg, 500);
	assert_int_equal(1, reg_keys(reg)->n);
	reg_close(reg);
	must(verify_by(first_key));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(while_two_keys_sign_each_of_them_is_enough),
		TEST(who_knows_the_old_key_is_led_to_the_new_one),
		TEST(who_knows_a_key_is_led_over_several_changes),
		TEST(the_state_file_follows_in_full_and_by_increments),
		TEST(an_ended_rotation_that_was_called_off_leads_back),
		TEST(rebuilding_gives_the_same_keys),
		TEST(a_second_key_in_the_notes_that_no_entry_announces_is_a_stranger),
		TEST(an_announcement_in_a_strangers_log_is_not_followed),
		TEST(what_only_one_of_the_keys_states_is_refused),
		TEST(what_the_keys_state_of_another_tree_is_refused),
		TEST(a_statement_of_another_tree_in_the_log_is_found),
		TEST(one_change_at_a_time_and_no_key_comes_back),
		TEST(an_old_key_ends_only_after_thirty_days_or_early_by_name),
		TEST(a_key_file_without_a_key_of_the_log_signs_nothing),
		TEST(the_verifier_key_in_the_folder_follows_at_the_next_start),
		TEST(a_key_that_was_ended_and_is_still_in_the_file_harms_nobody),
	};

	reg_readers(2); /* of many registers that are opened */
	return cmocka_run_group_tests_name("log key", tests, make_original, remove_original);
}
