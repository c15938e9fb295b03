/* Sign-in: every attempt to get in as somebody else, and what the owner keeps. */
#include "registry/people/people.h"

#include "audit/note.h"
#include "base/crypto.h"
#include "base/db.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/totp.h"
#include "base/webauthn.h"
#include "tests/quick_argon2.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define PASSWORD "four ducks on a tram"
#define OTHER "seven green umbrellas"

static char dir[64];
static struct people *p;
static int64_t now;
static char id[PEOPLE_ID + 1], second_id[PEOPLE_ID + 1];

static int64_t test_now(void *arg)
{
	(void)arg;
	return now;
}

static void test_random(void *arg, void *out, size_t len)
{
	(void)arg;
	crypto_random(out, len);
}

static const struct env env = {.now = test_now, .random = test_random};

/* An unknown client, from another network each time. */
static const struct people_from *stranger(void)
{
	static uint32_t address;
	static struct people_from from = {.network = &address,
		.network_len = 4,
		.network_shown = "192.0.2.0",
		.browser = "Firefox, Linux"};

	address++;
	return &from;
}

static void open_people(void)
{
	static const char *const words[] = {"김해시", "Gimhae", NULL};

	assert_int_equal(OK,
		people_open(&(struct people_options){.dir = dir, .env = &env, .words = words}, &p));
}

static void make_account(const char *login, char out[PEOPLE_ID + 1])
{
	struct account a;

	assert_int_equal(OK, people_draft(login, "김민지", "minji@gimhae.example", "ko", &a));
	assert_int_equal(OK, people_add(p, &a, NULL));
	assert_int_equal(OK, people_set_password(p, a.id, PASSWORD));
	memcpy(out, a.id, PEOPLE_ID + 1);
}

#define MADE_AT 1800000000

static void make_folder(void)
{
	AUTOFREE char *database = NULL;

	snprintf(dir, sizeof(dir), "/tmp/gaya-people.XXXXXX");
	assert_non_null(mkdtemp(dir));
	database = file_in(dir, REG_DATABASE); /* that a register is there is all that is asked */
	assert_int_equal(OK, file_write(database, "", 0, 0600));
}

static struct buf made; /* the file with both accounts: a hash takes longer than most of a test */

static int make_once(void **state)
{
	AUTOFREE char *path = NULL;

	(void)state;
	crypto_init();
	make_folder();
	now = MADE_AT;
	open_people();
	make_account("minji", id);
	make_account("other", second_id);
	people_close(p);
	made = BUF(MIB);
	path = file_in(dir, REG_PEOPLE);
	assert_int_equal(OK, file_read(path, &made));
	return file_remove_dir(dir);
}

static int drop_once(void **state)
{
	(void)state;
	buf_done(&made);
	return 0;
}

static int make(void **state)
{
	AUTOFREE char *path = NULL;

	(void)state;
	make_folder();
	path = file_in(dir, REG_PEOPLE);
	assert_int_equal(OK, file_write(path, made.data, made.len, 0600));
	now = MADE_AT;
	open_people();
	return 0;
}

static int drop(void **state)
{
	(void)state;
	people_close(p);
	return file_remove_dir(dir);
}

static struct signed_in sign_in(void)
{
	struct signed_in in;

	if (people_sign_in(p, stranger(), "minji", PASSWORD, &in) != OK)
		fail_msg("%s", err_why());
	return in;
}

static struct session session_of(const struct signed_in *in)
{
	struct session s;

	assert_int_equal(OK, people_session(p, in->token, &s));
	return s;
}

static enum err enter(const char *token)
{
	struct session s;

	return people_session(p, token, &s);
}

/* --- the file --- */

static void a_folder_without_a_register_and_a_mirror_get_none(void **state)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR),
		      *people = file_in(dir, REG_PEOPLE);

	(void)state;
	people_close(TAKE(p));
	remove(people);
	assert_int_equal(OK, file_write(mirror, "{}", 2, 0600));
	assert_int_equal(ERR_CONFLICT, people_create(dir));
	remove(mirror);
	remove(database);
	assert_int_equal(ERR_NOT_FOUND, people_create(dir));
	assert_false(file_exists(people));
}

/* --- accounts and passwords --- */

static void an_account_is_found_by_its_login_in_any_case_and_its_id_is_random(void **state)
{
	struct account a, b;

	(void)state;
	assert_int_equal(OK, people_account_of(p, "MinJi", &a));
	assert_string_equal("minji", a.login);
	assert_string_equal("김민지", a.name);
	assert_int_equal(PEOPLE_ID, strlen(a.id));
	assert_int_equal(OK, people_account(p, a.id, &b));
	assert_string_equal("minji@gimhae.example", b.email);
	assert_true(b.has_password && !b.has_totp && !b.disabled);
	assert_string_not_equal(id, second_id);
	assert_int_equal(ERR_NOT_FOUND, people_account_of(p, "nobody", &a));
}

static void no_two_accounts_have_one_login(void **state)
{
	struct account a;

	(void)state;
	assert_int_equal(OK, people_draft("MINJI", "Another", "a@b.example", "en", &a));
	assert_int_equal(ERR_CONFLICT, people_add(p, &a, NULL));
	assert_non_null(strstr(err_why(), "minji"));
}

/* Who approves must be another person than who filed, by this id. */
static void no_two_accounts_have_one_id(void **state)
{
	AUTOFREE char *path = file_in(dir, REG_PEOPLE);
	struct db *db;
	AUTOFREE char *again =
		mem_printf("INSERT INTO account (id, login, name, email, language, made)"
			   " SELECT id, 'again', name, email, language, made FROM account"
			   " WHERE id = '%s'",
			id);

	(void)state;
	assert_int_equal(OK, db_open(path, DB_WRITE, &db));
	assert_int_equal(ERR_CONFLICT, db_exec(db, again));
	db_free(db);
}

static void one_key_is_asked_for_by_one_account_whatever_its_name(void **state)
{
	const uint8_t seed[ED25519_SEED] = {7};
	AUTO(buf) first = BUF(KIB), renamed = BUF(KIB);
	json_auto_t *asked = NULL;
	struct skey key;

	(void)state;
	assert_int_equal(OK, skey_make("gimhae.example/log/tax", seed, &key));
	vkey_text(&key.vkey, &first);
	assert_int_equal(OK, skey_make("gimhae.example/log/ai-office", seed, &key));
	vkey_text(&key.vkey, &renamed);
	assert_int_equal(OK, people_ask_key(p, id, buf_text(&first), "Firefox"));
	assert_int_equal(OK, people_ask_key(p, id, buf_text(&first), "Firefox"));
	assert_int_equal(ERR_CONFLICT, people_ask_key(p, second_id, buf_text(&first), "Firefox"));
	assert_int_equal(ERR_CONFLICT, people_ask_key(p, second_id, buf_text(&renamed), "Firefox"));
	assert_int_equal(OK, people_asked_keys(p, NULL, &asked));
	assert_int_equal(1, json_array_size(asked));
	/* Its owner moved. */
	assert_int_equal(OK, people_ask_key(p, id, buf_text(&renamed), "Firefox"));
}

static void a_draft_names_the_member_that_breaks_a_rule(void **state)
{
	static const struct {
		const char *login, *name, *email, *language, *why;
	} wrong[] = {
		{"", "N", "a@b.kr", "ko", "login"},
		{"min ji", "N", "a@b.kr", "ko", "login"},
		{"민지", "N", "a@b.kr", "ko", "login"},
		{"l23456789012345678901234567890123456789012345678901234567890123456", "N",
			"a@b.kr", "ko", "login"},
		{"l", "", "a@b.kr", "ko", "name"},
		{"l", "\xe3\x85\xa4", "a@b.kr", "ko", "name"},
		{"l", "a\xe2\x80\xae", "a@b.kr", "ko", "name"},
		{"l", "N", "a", "ko", "e-mail"},
		{"l", "N", "a@b", "ko", "e-mail"},
		{"l", "N", "a@b.kr\nBcc: c@d.kr", "ko", "e-mail"},
		{"l", "N", "a@b.kr", "xx", "language"},
	};
	struct account a;

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(ERR_INVALID, people_draft(wrong[i].login, wrong[i].name,
						      wrong[i].email, wrong[i].language, &a));
		assert_non_null(strstr(err_why(), wrong[i].why));
	}
}

static void a_password_that_is_tried_first_is_refused(void **state)
{
	static const char *const wrong[] = {"elevenchars", /* short */
		"1234567890123", "justinbieber", "JustinBieber", "abcdefghijklm",
		"Password2026!",                                    /* a common one inside */
		"passwordpassword", "aaaaaaaaaaaa", "123412341234", /* repeated */
		"minjiminji12", "minji@gimhae.example", "!Gimhae-2026!", "김민지김해시김민지김",
		"minji-gimhae-1"};
	struct account a;

	(void)state;
	assert_int_equal(OK, people_account(p, id, &a));
	for (size_t i = 0; i < COUNT(wrong); i++)
		if (people_check_password(p, &a, wrong[i]) != ERR_INVALID)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(OK, people_check_password(p, &a, PASSWORD));
	assert_int_equal(OK, people_check_password(p, &a, "오리 네 마리가 전차에"));
	assert_int_equal(OK, people_check_password(p, &a, "xkqzvwpjfhtr"));
}

static void a_password_is_the_same_whichever_way_its_letters_are_put_together(void **state)
{
	struct signed_in in;

	(void)state;
	/* "가" as one character, and as its two parts */
	assert_int_equal(OK, people_set_password(p, id, "\xea\xb0\x80 four ducks tram"));
	assert_int_equal(OK, people_sign_in(p, stranger(), "minji",
				     "\xe1\x84\x80\xe1\x85\xa1 four ducks tram", &in));
}

/* --- signing in --- */

static void who_knows_the_password_signs_in_and_is_who_the_account_says(void **state)
{
	struct signed_in in = sign_in();
	struct session s = session_of(&in);

	(void)state;
	assert_string_equal(id, in.account);
	assert_string_equal(id, s.account.id);
	assert_string_equal("김민지", s.account.name);
	assert_string_equal("ko", s.account.language);
	assert_int_equal(PEOPLE_BY_PASSWORD, s.way);
	assert_false(people_is_strong(&s));
	assert_true(people_is_fresh(p, &s));
}

static void a_login_is_the_same_with_the_spaces_that_a_telephone_puts_around_it(void **state)
{
	static const char *const typed[] = {
		"minji ", " minji", "Minji\t", "\xe3\x80\x80minji\xc2\xa0"};
	struct signed_in in;
	struct account a;

	(void)state;
	for (size_t i = 0; i < COUNT(typed); i++)
		assert_int_equal(OK, people_sign_in(p, stranger(), typed[i], PASSWORD, &in));
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "min ji", PASSWORD, &in));
	assert_int_equal(OK, people_draft(" garam ", "N", "a@b.kr", "ko", &a));
	assert_string_equal("garam", a.login);
}

static void a_wrong_password_and_a_login_that_there_is_not_are_told_in_the_same_words(void **state)
{
	struct signed_in in = {0};
	char why[ERR_WHY_MAX];

	(void)state;
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "minji", OTHER, &in));
	snprintf(why, sizeof(why), "%s", err_why());
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "nobody", OTHER, &in));
	assert_string_equal(why, err_why());
	assert_string_equal("", in.token);
}

static void whoever_tries_costs_one_hash_whether_there_is_such_a_login_or_not(void **state)
{
	static const char *const logins[] = {"minji", "nobody", "", "no login at all",
		"l23456789012345678901234567890123456789012345678901234567890123456", "\xff"};
	struct account a;
	struct signed_in in;
	uint64_t before;

	(void)state;
	assert_int_equal(OK, people_draft("invited", "N", "a@b.kr", "ko", &a));
	assert_int_equal(OK, people_add(p, &a, NULL)); /* has no password yet */
	assert_int_equal(OK, people_disable(p, second_id, true));
	for (size_t i = 0; i < COUNT(logins); i++) {
		before = people_health(p).hashed;
		assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), logins[i], OTHER, &in));
		assert_int_equal(before + 1, people_health(p).hashed);
	}
	before = people_health(p).hashed;
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "invited", "", &in));
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "other", PASSWORD, &in));
	assert_int_equal(before + 2, people_health(p).hashed);
}

static void the_hash_of_nobody_takes_what_any_takes(void **state)
{
	bool matches, old;

	(void)state;
	assert_int_equal(OK, password_verify("$argon2id$v=19$m=7168,t=5,p=1$Z2F5YSBub2JvZHkncw$"
					     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
				     "", &matches, &old));
	assert_false(matches);
	assert_false(old); /* of today's parameters */
}

static void every_sign_in_makes_a_new_token_and_takes_none_that_is_brought_along(void **state)
{
	static const char brought[] =
		"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
	struct signed_in one = sign_in(), two = sign_in();

	(void)state;
	assert_string_not_equal(one.token, two.token);
	assert_int_equal(ERR_NOT_FOUND, enter(brought));
	assert_int_equal(ERR_NOT_FOUND, enter(""));
	assert_int_equal(ERR_NOT_FOUND, enter(NULL));
	one.token[0] = one.token[0] == '0' ? '1' : '0';
	assert_int_equal(ERR_NOT_FOUND, enter(one.token));
}

static void no_token_is_in_the_file(void **state)
{
	struct signed_in in = sign_in();
	uint8_t bytes[PEOPLE_TOKEN / 2];
	static const char *const names[] = {REG_PEOPLE, REG_PEOPLE "-wal"};

	(void)state;
	assert_int_equal(OK, hex_parse(in.token, bytes, sizeof(bytes)));
	for (size_t i = 0; i < COUNT(names); i++) {
		AUTOFREE char *path = file_in(dir, names[i]);
		AUTO(buf) all = BUF(16 * MIB);
		struct stat st;

		assert_int_equal(OK, file_read(path, &all));
		assert_null(memmem(all.data, all.len, in.token, PEOPLE_TOKEN));
		assert_null(memmem(all.data, all.len, bytes, sizeof(bytes)));
		assert_null(memmem(all.data, all.len, PASSWORD, strlen(PASSWORD)));
		assert_int_equal(0, stat(path, &st));
		assert_int_equal(0600, st.st_mode & 0777);
	}
}

/* --- sessions --- */

static void a_session_ends_two_hours_after_its_last_request(void **state)
{
	struct signed_in in = sign_in();

	(void)state;
	now += PEOPLE_IDLE - 1;
	assert_int_equal(OK, enter(in.token));
	now += PEOPLE_IDLE - 1;
	assert_int_equal(OK, enter(in.token));
	now += PEOPLE_IDLE;
	assert_int_equal(ERR_NOT_FOUND, enter(in.token));
}

static void a_session_ends_after_twelve_hours_whatever_is_done_in_it(void **state)
{
	struct signed_in in = sign_in();
	int64_t end = now + PEOPLE_ABSOLUTE;

	(void)state;
	for (; now < end; now += 3600)
		assert_int_equal(OK, enter(in.token));
	assert_int_equal(ERR_NOT_FOUND, enter(in.token));
}

static void a_session_outlives_a_restart(void **state)
{
	struct signed_in in = sign_in();

	(void)state;
	people_close(p);
	open_people();
	assert_int_equal(OK, enter(in.token));
}

static void its_owner_ends_one_session_or_all_others(void **state)
{
	struct signed_in one = sign_in(), two = sign_in(), three = sign_in();
	struct session s = session_of(&one), t = session_of(&two);
	json_auto_t *list = NULL;

	(void)state;
	assert_int_equal(OK, people_sessions(p, id, &list));
	assert_int_equal(3, json_array_size(list));
	assert_string_equal("Firefox, Linux", json_str(json_array_get(list, 0), "browser"));
	assert_int_equal(ERR_NOT_FOUND, people_end_session(p, second_id, s.id));
	assert_int_equal(OK, people_end_session(p, id, s.id));
	assert_int_equal(ERR_NOT_FOUND, enter(one.token));
	assert_int_equal(OK, people_end_sessions(p, id, t.id));
	assert_int_equal(OK, enter(two.token));
	assert_int_equal(ERR_NOT_FOUND, enter(three.token));
}

static void a_disabled_account_is_out_at_once_also_when_another_process_does_it(void **state)
{
	struct signed_in in = sign_in(), again;
	struct people *beside = NULL;

	(void)state;
	assert_int_equal(
		OK, people_open(&(struct people_options){.dir = dir, .env = &env}, &beside));
	assert_int_equal(OK, people_disable(beside, id, true));
	people_close(beside);
	assert_int_equal(ERR_NOT_FOUND, enter(in.token));
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "minji", PASSWORD, &again));
	assert_int_equal(OK, people_disable(p, id, false));
	assert_int_equal(ERR_NOT_FOUND, enter(in.token));
	assert_int_equal(OK, people_sign_in(p, stranger(), "minji", PASSWORD, &again));
}

static void a_form_of_another_session_is_refused(void **state)
{
	struct signed_in one = sign_in(), two = sign_in();
	struct session s = session_of(&one), t = session_of(&two), again = session_of(&one);

	(void)state;
	assert_true(people_csrf_valid(&s, again.csrf));
	assert_false(people_csrf_valid(&s, t.csrf));
	assert_false(people_csrf_valid(&s, NULL));
	assert_false(people_csrf_valid(&s, ""));
	assert_string_not_equal(s.csrf, one.token);
}

static void what_needs_it_asks_for_the_password_again_after_a_quarter_of_an_hour(void **state)
{
	struct signed_in in = sign_in();
	struct session s = session_of(&in);
	int64_t wait;

	(void)state;
	now += PEOPLE_FRESH;
	s = session_of(&in);
	assert_false(people_is_fresh(p, &s));
	assert_int_equal(ERR_DENIED, people_change_password(p, &s, OTHER));
	assert_int_equal(ERR_DENIED, people_prove(p, stranger(), &s, OTHER, NULL, &wait));
	assert_string_equal("the password is wrong", err_why());
	s = session_of(&in);
	assert_false(people_is_fresh(p, &s));
	assert_int_equal(OK, people_prove(p, stranger(), &s, PASSWORD, NULL, &wait));
	s = session_of(&in);
	assert_true(people_is_fresh(p, &s));
}

static void a_changed_password_ends_the_other_sessions_and_the_old_password(void **state)
{
	struct signed_in mine = sign_in(), others = sign_in(), in;
	struct session s = session_of(&mine);

	(void)state;
	assert_int_equal(ERR_INVALID, people_change_password(p, &s, "short"));
	assert_int_equal(OK, people_change_password(p, &s, OTHER));
	assert_int_equal(OK, enter(mine.token));
	assert_int_equal(ERR_NOT_FOUND, enter(others.token));
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "minji", PASSWORD, &in));
	assert_int_equal(OK, people_sign_in(p, stranger(), "minji", OTHER, &in));
}

/* --- a guesser waits, the owner does not --- */

/* Guesses until it is delayed; returns the seconds to wait. */
static int64_t guess(const struct people_from *from, const char *login, unsigned *tries)
{
	struct signed_in in = {0};
	enum err e;

	for (*tries = 0; *tries < 200; ++*tries) {
		e = people_sign_in(p, from ? from : stranger(), login, OTHER, &in);
		if (e == ERR_LIMITED)
			return in.wait;
		assert_int_equal(ERR_DENIED, e);
	}
	return 0;
}

static void who_guesses_at_one_login_from_everywhere_waits_longer_each_time(void **state)
{
	int64_t wait, before = 0;
	unsigned tries;

	(void)state;
	for (unsigned i = 0; i < 12; i++) {
		uint64_t hashed = people_health(p).hashed;

		wait = guess(NULL, "minji", &tries);
		assert_true(wait > 0 && (wait > before || wait == 900));
		assert_int_equal(i ? 1 : 6, tries);
		assert_int_equal(hashed + tries, people_health(p).hashed);
		before = wait;
		now += wait;
	}
	assert_int_equal(900, before);
}

static void a_login_that_there_is_not_waits_as_one_that_there_is(void **state)
{
	unsigned of_one, of_none;

	(void)state;
	assert_int_equal(guess(NULL, "minji", &of_one), guess(NULL, "nobody", &of_none));
	assert_int_equal(of_one, of_none);
}

static void who_tries_many_logins_from_one_network_waits(void **state)
{
	static const struct people_from one = {.network = "\x0a\0\0\1", .network_len = 4};
	struct signed_in in = {0};
	enum err e = OK;
	unsigned i;

	(void)state;
	for (i = 0; i < 60 && e != ERR_LIMITED; i++) {
		AUTOFREE char *login = mem_printf("login-%u", i);

		e = people_sign_in(p, &one, login, OTHER, &in);
	}
	assert_int_equal(ERR_LIMITED, e);
	assert_true(in.wait > 0 && in.wait <= 60);
	assert_int_equal(OK, people_sign_in(p, stranger(), "minji", PASSWORD, &in));
}

static void a_known_browser_signs_in_whatever_strangers_guess(void **state)
{
	struct signed_in in = sign_in();
	struct people_from own = *stranger();
	unsigned tries;

	(void)state;
	own.known = in.known;
	for (unsigned i = 0; i < 5; i++)
		guess(&(struct people_from){.network = own.network, .network_len = own.network_len},
			"minji", &tries);
	assert_int_equal(ERR_LIMITED, people_sign_in(p, stranger(), "minji", PASSWORD, &in));
	assert_true(in.wait > 0);
	{
		AUTOFREE char *known = mem_text(own.known);

		own.known = known;
		assert_int_equal(OK, people_sign_in(p, &own, "minji", PASSWORD, &in));
		assert_string_equal(known, in.known);
		/* It is nobody else's: with it others are strangers, and its thief waits, too. */
		assert_true(guess(&own, "minji", &tries) > 0);
		assert_int_equal(6, tries);
	}
}

static void a_known_browser_of_one_account_is_a_stranger_to_another(void **state)
{
	struct signed_in in = sign_in();
	struct people_from own = *stranger();
	AUTOFREE char *known = mem_text(in.known);
	unsigned tries;

	(void)state;
	guess(NULL, "other", &tries);
	own.known = known;
	assert_int_equal(ERR_LIMITED, people_sign_in(p, &own, "other", PASSWORD, &in));
	own.known = "0011";
	assert_int_equal(ERR_LIMITED, people_sign_in(p, &own, "other", PASSWORD, &in));
}

/* --- many at once --- */

#define AT_ONCE 12

static void *sign_in_beside(void *arg)
{
	struct signed_in in;

	*(enum err *)arg = people_sign_in(p,
		&(struct people_from){.network = arg, .network_len = sizeof(void *)}, "minji",
		PASSWORD, &in);
	return NULL;
}

static void so_many_passwords_are_hashed_at_once_and_no_more(void **state)
{
	enum err results[AT_ONCE];
	pthread_t threads[AT_ONCE];
	struct people_health h;

	(void)state;
	for (size_t i = 0; i < AT_ONCE; i++)
		assert_int_equal(0, pthread_create(&threads[i], NULL, sign_in_beside, &results[i]));
	for (size_t i = 0; i < AT_ONCE; i++)
		pthread_join(threads[i], NULL);
	h = people_health(p);
	assert_true(h.at_once >= 2 && h.at_once <= 4);
	/* Strangers leave one place free. */
	assert_true(h.peak >= 1 && h.peak < h.at_once);
	for (size_t i = 0; i < AT_ONCE; i++)
		assert_true(
			results[i] == OK || results[i] == ERR_LIMITED || results[i] == ERR_BUSY);
}

/* --- invitations --- */

static void an_invitation_sets_a_password_once(void **state)
{
	char token[PEOPLE_TOKEN + 1];
	struct signed_in before = sign_in(), in;
	struct invitation invitation;

	(void)state;
	assert_int_equal(OK, people_invite(p, id, false, NULL, token));
	assert_int_equal(OK, people_invitation(p, token, &invitation));
	assert_string_equal("minji", invitation.account.login);
	assert_int_equal(ERR_INVALID, people_accept(p, stranger(), token, "short", &in));
	assert_int_equal(OK, people_accept(p, stranger(), token, OTHER, &in));
	assert_int_equal(OK, enter(in.token));
	assert_int_equal(ERR_NOT_FOUND, enter(before.token));
	assert_int_equal(ERR_GONE, people_accept(p, stranger(), token, PASSWORD, &in));
	assert_int_equal(ERR_GONE, people_invitation(p, token, &invitation));
	assert_int_equal(OK, people_sign_in(p, stranger(), "minji", OTHER, &in));
}

static void an_invitation_is_over_after_a_week_and_by_a_newer_one(void **state)
{
	char old[PEOPLE_TOKEN + 1], token[PEOPLE_TOKEN + 1];
	struct signed_in in;

	(void)state;
	assert_int_equal(OK, people_invite(p, id, false, NULL, old));
	assert_int_equal(OK, people_invite(p, id, false, NULL, token));
	assert_int_equal(ERR_NOT_FOUND, people_accept(p, stranger(), old, OTHER, &in));
	assert_int_equal(ERR_NOT_FOUND, people_accept(p, stranger(), "0011", OTHER, &in));
	now += PEOPLE_INVITED;
	assert_int_equal(ERR_GONE, people_accept(p, stranger(), token, OTHER, &in));
}

static void an_invitation_lets_nobody_into_a_disabled_account(void **state)
{
	char token[PEOPLE_TOKEN + 1];
	struct signed_in in;

	(void)state;
	assert_int_equal(OK, people_invite(p, id, false, NULL, token));
	assert_int_equal(OK, people_disable(p, id, true));
	assert_int_equal(ERR_GONE, people_accept(p, stranger(), token, OTHER, &in));
	assert_int_equal(ERR_CONFLICT, people_invite(p, id, false, NULL, token));
}

/* --- the second factor --- */

static uint8_t app[TOTP_SECRET];

static void read_secret(const char *typed)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned bits = 0, n = 0;
	size_t at = 0;

	for (; *typed && at < sizeof(app); typed++) {
		bits = bits << 5 | (unsigned)(strchr(digits, *typed) - digits);
		n += 5;
		if (n >= 8)
			app[at++] = (uint8_t)(bits >> (n -= 8));
	}
	assert_int_equal(TOTP_SECRET, at);
}

static char code[7];

static const char *code_at(int64_t at)
{
	totp_code(app, at / TOTP_STEP, code);
	return code;
}

/* The account has an app from here on; gives its recovery codes. */
static json_t *set_up_app(void)
{
	struct signed_in in = sign_in();
	struct session s = session_of(&in);
	AUTOFREE char *typed = NULL, *uri = NULL;
	json_t *codes = NULL;

	assert_int_equal(OK, people_totp_begin(p, &s, "김해시 AI", &typed, &uri));
	assert_non_null(strstr(uri, typed));
	assert_int_equal(0, strncmp(uri, "otpauth://totp/%EA%B9%80", 24));
	read_secret(typed);
	assert_int_equal(ERR_DENIED, people_totp_confirm(p, &s, "000 000x", &codes));
	assert_int_equal(OK, people_totp_confirm(p, &s, code_at(now), &codes));
	assert_int_equal(PEOPLE_CODES, json_array_size(codes));
	s = session_of(&in);
	assert_true(people_is_strong(&s));
	return codes;
}

static void with_an_app_a_password_is_good_for_nothing_but_the_code(void **state)
{
	struct signed_in half, in;
	struct session s;

	(void)state;
	json_decref(set_up_app());
	now += 60;
	half = sign_in();
	assert_true(half.half);
	assert_string_equal("", half.known);
	assert_int_equal(ERR_NOT_FOUND, enter(half.token));
	assert_int_equal(ERR_DENIED, people_enter_code(p, stranger(), half.token, "", &in));
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, code_at(now), &in));
	assert_string_not_equal(half.token, in.token);
	s = session_of(&in);
	assert_true(people_is_strong(&s));
	assert_int_equal(ERR_NOT_FOUND, enter(half.token));
	now += 30;
	assert_int_equal(
		ERR_NOT_FOUND, people_enter_code(p, stranger(), half.token, code_at(now), &in));
	half = sign_in();
	now += PEOPLE_HALF;
	assert_int_equal(
		ERR_NOT_FOUND, people_enter_code(p, stranger(), half.token, code_at(now), &in));
}

static void a_code_is_taken_once_and_none_that_is_older_than_one_that_was(void **state)
{
	struct signed_in half, in;

	(void)state;
	json_decref(set_up_app());
	half = sign_in(); /* the one that confirmed the app was used by that */
	assert_int_equal(
		ERR_DENIED, people_enter_code(p, stranger(), half.token, code_at(now), &in));
	now += 90;
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, code_at(now + 30), &in));
	half = sign_in();
	assert_int_equal(
		ERR_DENIED, people_enter_code(p, stranger(), half.token, code_at(now + 30), &in));
	assert_int_equal(
		ERR_DENIED, people_enter_code(p, stranger(), half.token, code_at(now), &in));
}

static void a_clock_may_be_off_by_half_a_minute_and_no_more(void **state)
{
	struct signed_in half, in;

	(void)state;
	json_decref(set_up_app());
	now += 600;
	half = sign_in();
	assert_int_equal(
		ERR_DENIED, people_enter_code(p, stranger(), half.token, code_at(now - 60), &in));
	assert_int_equal(
		ERR_DENIED, people_enter_code(p, stranger(), half.token, code_at(now + 60), &in));
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, code_at(now - 30), &in));
	half = sign_in();
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, code_at(now + 30), &in));
}

static void a_recovery_code_is_taken_once_however_it_is_typed(void **state)
{
	json_auto_t *codes = set_up_app();
	const char *first = json_string_value(json_array_get(codes, 0));
	AUTOFREE char *typed = mem_text(first);
	struct signed_in half = sign_in(), in;
	struct account a;

	(void)state;
	for (char *c = typed; *c; c++)
		*c = *c == '-' ? ' ' : (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, typed, &in));
	half = sign_in();
	assert_int_equal(ERR_DENIED, people_enter_code(p, stranger(), half.token, first, &in));
	assert_int_equal(OK, people_account(p, id, &a));
	assert_int_equal(PEOPLE_CODES - 1, a.recovery_codes);
	assert_true(a.has_totp);
}

static void who_knows_the_password_guesses_codes_no_faster_by_giving_it_again(void **state)
{
	struct signed_in half, in = {0};
	unsigned tries = 0;
	enum err e = OK;

	(void)state;
	json_decref(set_up_app());
	now += 60;
	for (; tries < 100 && e != ERR_LIMITED; tries++) {
		half = sign_in();
		e = people_enter_code(p, stranger(), half.token, "000000", &in);
	}
	assert_int_equal(7, tries);
	assert_true(in.wait > 0);
}

static void an_invitation_asks_for_the_code_unless_it_resets_that_too(void **state)
{
	char token[PEOPLE_TOKEN + 1];
	struct signed_in in;
	struct account a;

	(void)state;
	json_decref(set_up_app());
	assert_int_equal(OK, people_invite(p, id, false, NULL, token));
	assert_int_equal(OK, people_accept(p, stranger(), token, OTHER, &in));
	assert_true(in.half);
	assert_int_equal(OK, people_invite(p, id, true, NULL, token));
	assert_int_equal(OK, people_accept(p, stranger(), token, PASSWORD, &in));
	assert_false(in.half);
	assert_int_equal(OK, people_account(p, id, &a));
	assert_false(a.has_totp);
	assert_int_equal(0, a.recovery_codes);
}

static void proving_it_again_takes_the_code_too(void **state)
{
	struct signed_in half, in;
	struct session s;
	int64_t wait;

	(void)state;
	json_decref(set_up_app());
	now += 60;
	half = sign_in();
	assert_int_equal(OK, people_enter_code(p, stranger(), half.token, code_at(now), &in));
	now += PEOPLE_FRESH;
	s = session_of(&in);
	assert_int_equal(ERR_DENIED, people_prove(p, stranger(), &s, PASSWORD, NULL, &wait));
	assert_int_equal(ERR_DENIED, people_prove(p, stranger(), &s, OTHER, code_at(now), &wait));
	assert_int_equal(OK, people_prove(p, stranger(), &s, PASSWORD, code_at(now), &wait));
	s = session_of(&in);
	assert_true(people_is_fresh(p, &s));
}

/* --- passkeys: of an authenticator that is made here, with an Ed25519 key --- */

static const struct webauthn_site site = {"ai.gimhae.example", "https://ai.gimhae.example"};

struct authenticator {
	uint8_t id[16];
	struct ed25519 key;
	uint32_t count;
	char user[PEOPLE_ID + 1]; /* whom it was made for */
	/* what it answered last, in base64url */
	struct buf client_data, data, signature, credential, handle;
	struct passkey_answer answer;
};

static struct authenticator authenticator(const char *user)
{
	struct authenticator a = {.client_data = BUF(4 * KIB),
		.data = BUF(4 * KIB),
		.signature = BUF(KIB),
		.credential = BUF(KIB),
		.handle = BUF(KIB)};
	uint8_t seed[ED25519_SEED];

	crypto_random(a.id, sizeof(a.id));
	crypto_random(seed, sizeof(seed));
	ed25519_from_seed(seed, &a.key);
	snprintf(a.user, sizeof(a.user), "%s", user);
	return a;
}

static void authenticator_done(struct authenticator *a)
{
	buf_done(&a->client_data);
	buf_done(&a->data);
	buf_done(&a->signature);
	buf_done(&a->credential);
	buf_done(&a->handle);
}

/* rpIdHash, flags (present, verified, and 64: a key follows), counter. */
static void add_head(const struct authenticator *a, uint8_t flags, struct buf *out)
{
	struct sha256 rp = sha256_of(site.rp, strlen(site.rp));

	buf_add(out, rp.bytes, SHA256);
	buf_putc(out, (char)(flags | 5));
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_putc(out, (char)(a->count >> shift));
}

static void add_key(const struct authenticator *a, struct buf *out)
{
	static const uint8_t cose[] = {0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 0x20};
	static const uint8_t aaguid[16];

	buf_add(out, aaguid, sizeof(aaguid));
	buf_add(out, "\0\x10", 2);
	buf_add(out, a->id, sizeof(a->id));
	buf_add(out, cose, sizeof(cose));
	buf_add(out, a->key.public, ED25519_PUBLIC);
}

static const struct passkey_answer *answered(
	struct authenticator *a, const char *challenge, bool makes)
{
	AUTOFREE char *client_data =
		mem_printf("{\"type\":\"webauthn.%s\",\"challenge\":\"%s\",\"origin\":\"%s\"}",
			makes ? "create" : "get", challenge, site.origin);
	struct sha256 hash = sha256_of(client_data, strlen(client_data));
	AUTO(buf) data = BUF(4 * KIB), signed_ = BUF(4 * KIB);
	uint8_t signature[ED25519_SIG], user[PEOPLE_ID / 2];

	add_head(a, makes ? 64 : 0, &data);
	if (makes)
		add_key(a, &data);
	buf_add(&signed_, data.data, data.len);
	buf_add(&signed_, hash.bytes, SHA256);
	ed25519_sign(&a->key, signed_.data, signed_.len, signature);
	assert_int_equal(OK, hex_parse(a->user, user, sizeof(user)));
	buf_clear(&a->client_data);
	buf_clear(&a->data);
	buf_clear(&a->signature);
	buf_clear(&a->credential);
	buf_clear(&a->handle);
	base64url_add(&a->client_data, client_data, strlen(client_data));
	base64url_add(&a->data, data.data, data.len);
	base64url_add(&a->signature, signature, sizeof(signature));
	base64url_add(&a->credential, a->id, sizeof(a->id));
	base64url_add(&a->handle, user, sizeof(user));
	a->answer = (struct passkey_answer){.site = &site,
		.challenge = challenge,
		.client_data = a->client_data.data,
		.authenticator = a->data.data};
	if (!makes) {
		a->answer.signature = a->signature.data;
		a->answer.credential = a->credential.data;
		a->answer.user = a->handle.data;
	}
	return &a->answer;
}

static void add_passkey(struct authenticator *a, const struct session *s)
{
	char challenge[PEOPLE_CHALLENGE + 1];

	assert_int_equal(OK, people_challenge(p, s, challenge));
	if (people_passkey_add(p, s, answered(a, challenge, true), "내 노트북") != OK)
		fail_msg("%s", err_why());
}

static enum err enter_by(struct authenticator *a, struct signed_in *in)
{
	char challenge[PEOPLE_CHALLENGE + 1];

	assert_int_equal(OK, people_challenge(p, NULL, challenge));
	a->count++;
	return people_passkey_sign_in(p, stranger(), answered(a, challenge, false), in);
}

static void a_passkey_signs_in_alone_and_then_the_password_alone_does_not(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	struct signed_in mine = sign_in(), weak = sign_in(), in;
	struct session s = session_of(&mine);
	json_auto_t *list = NULL;

	(void)state;
	add_passkey(&key, &s);
	assert_int_equal(OK, enter(mine.token));
	assert_int_equal(ERR_NOT_FOUND, enter(weak.token)); /* of before, by password alone */
	assert_int_equal(OK, enter_by(&key, &in));
	assert_string_equal(id, in.account);
	s = session_of(&in);
	assert_int_equal(PEOPLE_BY_PASSKEY, s.way);
	assert_true(people_is_strong(&s) && people_is_fresh(p, &s));
	in = sign_in();
	assert_true(in.half);
	assert_int_equal(OK, people_passkeys(p, id, &list));
	assert_string_equal("내 노트북", json_str(json_array_get(list, 0), "name"));
	assert_int_equal(now, json_num(json_array_get(list, 0), "used"));
}

static void an_answer_is_taken_once_and_for_what_was_asked(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	struct signed_in mine = sign_in(), in;
	struct session s = session_of(&mine);
	char challenge[PEOPLE_CHALLENGE + 1], of_session[PEOPLE_CHALLENGE + 1];

	(void)state;
	add_passkey(&key, &s);
	assert_int_equal(OK, people_challenge(p, NULL, challenge));
	assert_int_equal(OK, people_challenge(p, &s, of_session));
	key.count = 1;
	answered(&key, challenge, false);
	assert_int_equal(OK, people_passkey_sign_in(p, stranger(), &key.answer, &in));
	assert_int_equal(ERR_DENIED, people_passkey_sign_in(p, stranger(), &key.answer, &in));
	key.count = 2; /* signed anew, for the old question */
	answered(&key, challenge, false);
	assert_int_equal(ERR_DENIED, people_passkey_sign_in(p, stranger(), &key.answer, &in));
	answered(&key, of_session, false);
	assert_int_equal(ERR_INVALID, people_passkey_sign_in(p, stranger(), &key.answer, &in));
	assert_int_equal(OK, people_passkey_prove(p, &s, &key.answer));
	assert_int_equal(OK, people_challenge(p, NULL, challenge));
	now += 300;
	key.count = 3;
	answered(&key, challenge, false);
	assert_int_equal(ERR_INVALID, people_passkey_sign_in(p, stranger(), &key.answer, &in));
	answered(&key, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", false);
	assert_int_equal(ERR_INVALID, people_passkey_sign_in(p, stranger(), &key.answer, &in));
}

static void a_passkey_of_another_account_is_refused(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	AUTO(authenticator) others = authenticator(second_id);
	struct signed_in mine = sign_in(), their, in;
	struct session s = session_of(&mine), t;
	char challenge[PEOPLE_CHALLENGE + 1];

	(void)state;
	add_passkey(&key, &s);
	assert_int_equal(OK, people_sign_in(p, stranger(), "other", PASSWORD, &their));
	t = session_of(&their);
	add_passkey(&others, &t);
	/* It proves nothing in another's session, and is registered once. */
	assert_int_equal(OK, people_challenge(p, &s, challenge));
	others.count++;
	assert_int_equal(
		ERR_DENIED, people_passkey_prove(p, &s, answered(&others, challenge, false)));
	assert_int_equal(ERR_CONFLICT,
		people_passkey_add(p, &s, answered(&others, challenge, true), "또 하나"));
	/* One account's key with another's id, and with another's credential. */
	snprintf(others.user, sizeof(others.user), "%s", id);
	assert_int_equal(ERR_DENIED, enter_by(&others, &in));
	memcpy(others.id, key.id, sizeof(others.id));
	assert_int_equal(ERR_DENIED, enter_by(&others, &in));
	crypto_random(others.id, sizeof(others.id));
	assert_int_equal(ERR_DENIED, enter_by(&others, &in));
}

static void a_passkey_whose_count_goes_back_is_refused(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	struct signed_in mine = sign_in(), in;
	struct session s = session_of(&mine);

	(void)state;
	add_passkey(&key, &s);
	key.count = 10;
	assert_int_equal(OK, enter_by(&key, &in));
	key.count = 9; /* a copy that was used less */
	assert_int_equal(ERR_DENIED, enter_by(&key, &in));
	assert_int_equal(ERR_DENIED, enter_by(&key, &in)); /* as often */
	assert_int_equal(OK, enter_by(&key, &in));
}

static void a_passkey_ends_with_its_account_by_removal_and_by_reset(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	AUTO(authenticator) second = authenticator(id);
	struct signed_in mine = sign_in(), in;
	struct session s = session_of(&mine);
	char token[PEOPLE_TOKEN + 1];
	json_auto_t *list = NULL;

	(void)state;
	add_passkey(&key, &s);
	add_passkey(&second, &s);
	assert_int_equal(OK, people_passkeys(p, id, &list));
	assert_int_equal(OK, people_passkey_remove(p, &s, json_num(json_array_get(list, 0), "id")));
	assert_int_equal(ERR_DENIED, enter_by(&key, &in));
	assert_int_equal(OK, enter_by(&second, &in));
	assert_int_equal(OK, people_disable(p, id, true));
	assert_int_equal(ERR_DENIED, enter_by(&second, &in));
	assert_int_equal(OK, people_disable(p, id, false));
	assert_int_equal(OK, people_invite(p, id, true, NULL, token));
	assert_int_equal(OK, people_accept(p, stranger(), token, OTHER, &in));
	assert_false(in.half);
	assert_int_equal(ERR_DENIED, enter_by(&second, &in));
}

static void a_passkey_is_added_and_removed_after_giving_the_password_again(void **state)
{
	AUTO(authenticator) key = authenticator(id);
	struct signed_in mine = sign_in();
	struct session s = session_of(&mine);
	char challenge[PEOPLE_CHALLENGE + 1];

	(void)state;
	now += PEOPLE_FRESH;
	s = session_of(&mine);
	assert_int_equal(OK, people_challenge(p, &s, challenge));
	assert_int_equal(
		ERR_DENIED, people_passkey_add(p, &s, answered(&key, challenge, true), "노트북"));
	assert_int_equal(ERR_DENIED, people_passkey_remove(p, &s, 1));
}

/* --- what is left behind --- */

static void the_operators_log_says_what_happened_and_nothing_of_whom(void **state)
{
	struct signed_in in = sign_in();
	json_auto_t *log = NULL;
	AUTO(buf) all = BUF(MIB);

	(void)state;
	assert_int_equal(ERR_DENIED, people_sign_in(p, stranger(), "nobody", OTHER, &in));
	assert_int_equal(OK, people_log(p, 2, &log));
	assert_int_equal(2, json_array_size(log));
	assert_string_equal("password_wrong", json_str(json_array_get(log, 0), "kind"));
	assert_true(json_is_null(json_object_get(json_array_get(log, 0), "account")));
	assert_string_equal("signed_in", json_str(json_array_get(log, 1), "kind"));
	assert_string_equal(id, json_str(json_array_get(log, 1), "account"));
	json_canonical(log, &all);
	assert_null(strstr(buf_text(&all), "minji"));
	assert_null(strstr(buf_text(&all), "192."));
	assert_null(strstr(buf_text(&all), "nobody"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_folder_without_a_register_and_a_mirror_get_none),
		TEST(an_account_is_found_by_its_login_in_any_case_and_its_id_is_random),
		TEST(no_two_accounts_have_one_login),
		TEST(no_two_accounts_have_one_id),
		TEST(one_key_is_asked_for_by_one_account_whatever_its_name),
		TEST(a_draft_names_the_member_that_breaks_a_rule),
		TEST(a_password_that_is_tried_first_is_refused),
		TEST(a_password_is_the_same_whichever_way_its_letters_are_put_together),
		TEST(who_knows_the_password_signs_in_and_is_who_the_account_says),
		TEST(a_login_is_the_same_with_the_spaces_that_a_telephone_puts_around_it),
		TEST(a_wrong_password_and_a_login_that_there_is_not_are_told_in_the_same_words),
		TEST(whoever_tries_costs_one_hash_whether_there_is_such_a_login_or_not),
		TEST(the_hash_of_nobody_takes_what_any_takes),
		TEST(every_sign_in_makes_a_new_token_and_takes_none_that_is_brought_along),
		TEST(no_token_is_in_the_file),
		TEST(a_session_ends_two_hours_after_its_last_request),
		TEST(a_session_ends_after_twelve_hours_whatever_is_done_in_it),
		TEST(a_session_outlives_a_restart),
		TEST(its_owner_ends_one_session_or_all_others),
		TEST(a_disabled_account_is_out_at_once_also_when_another_process_does_it),
		TEST(a_form_of_another_session_is_refused),
		TEST(what_needs_it_asks_for_the_password_again_after_a_quarter_of_an_hour),
		TEST(a_changed_password_ends_the_other_sessions_and_the_old_password),
		TEST(who_guesses_at_one_login_from_everywhere_waits_longer_each_time),
		TEST(a_login_that_there_is_not_waits_as_one_that_there_is),
		TEST(who_tries_many_logins_from_one_network_waits),
		TEST(a_known_browser_signs_in_whatever_strangers_guess),
		TEST(a_known_browser_of_one_account_is_a_stranger_to_another),
		TEST(so_many_passwords_are_hashed_at_once_and_no_more),
		TEST(an_invitation_sets_a_password_once),
		TEST(an_invitation_is_over_after_a_week_and_by_a_newer_one),
		TEST(an_invitation_lets_nobody_into_a_disabled_account),
		TEST(with_an_app_a_password_is_good_for_nothing_but_the_code),
		TEST(a_code_is_taken_once_and_none_that_is_older_than_one_that_was),
		TEST(a_clock_may_be_off_by_half_a_minute_and_no_more),
		TEST(a_recovery_code_is_taken_once_however_it_is_typed),
		TEST(who_knows_the_password_guesses_codes_no_faster_by_giving_it_again),
		TEST(an_invitation_asks_for_the_code_unless_it_resets_that_too),
		TEST(proving_it_again_takes_the_code_too),
		TEST(a_passkey_signs_in_alone_and_then_the_password_alone_does_not),
		TEST(an_answer_is_taken_once_and_for_what_was_asked),
		TEST(a_passkey_of_another_account_is_refused),
		TEST(a_passkey_whose_count_goes_back_is_refused),
		TEST(a_passkey_ends_with_its_account_by_removal_and_by_reset),
		TEST(a_passkey_is_added_and_removed_after_giving_the_password_again),
		TEST(the_operators_log_says_what_happened_and_nothing_of_whom),
	};
	return cmocka_run_group_tests_name("people", tests, make_once, drop_once);
}
