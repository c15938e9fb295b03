/* `gaya account`: the people who may sign in, managed on the register's machine, also while a
 * server runs. Their rights are elsewhere: roles are entries of the log. */
#include "registry/office/office_socket.h"
#include "registry/people/people.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/user.h"
#include "cli/cli.h"
#include "registry/query/query.h"
#include "registry/write/checkpointed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- opening --- */

#define WORDS 64

struct words {
	char *word[WORDS + 1];
	size_t n;
};

static void words_done(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->word[i]);
}

static void add_words(struct words *w, const char *text, const char *between)
{
	AUTOFREE char *copy = mem_text(text);
	char *rest = copy, *word;

	while ((word = strsep(&rest, between)))
		if (*word && w->n < WORDS)
			w->word[w->n++] = mem_text(word);
}

/* "김해시 AI 등록부" has three words, "ai.gimhae.go.kr/log" five. */
static void add_names(struct words *w, const json_t *of)
{
	const json_t *about = json_object_get(of, "about");

	add_words(w, json_str(of, "origin"), "./-");
	json_members (json_object_get(about, "name"), lang, one)
		add_words(w, json_string_value(one), " ");
	json_members (json_object_get(about, "office"), lang, one)
		add_words(w, json_string_value(one), " ");
}

enum err cli_people(
	const char *dir, const struct snapshot *snap, struct hashers *hashers, struct people **out)
{
	AUTO(words) words = {0};
	json_auto_t *about = NULL;

	TRY(query_register(snap, &about));
	add_names(&words, about);
	return people_open(&(struct people_options){.dir = dir,
				   .env = &env_real,
				   .hashers = hashers,
				   .words = (const char *const *)words.word},
		out);
}

static enum err open_folder(const char *dir, struct people **out)
{
	struct snapshot snap;
	enum err e;

	TRY(user_check_owner(dir, NULL));
	TRY(checkpointed_open_newest(dir, &snap));
	e = cli_people(dir, &snap, NULL, out);
	checkpointed_close(&snap);
	return e;
}

/* --- the actions --- */

struct call {
	const char *dir, *login, *name, *email, *lang, *password_file, *role, *department;
	bool reset, json;
	struct people *people;
	struct account account; /* that of `login`, if the action needs an existing one */
};

static void print_day(int64_t at, char day[TIME_TEXT])
{
	time_text(at, day);
	day[strlen("2026-11-22")] = '\0';
}

static enum err read_password(const char *path, struct buf *out)
{
	TRY(file_read(path, out));
	while (out->len && (out->data[out->len - 1] == '\n' || out->data[out->len - 1] == '\r'))
		out->data[--out->len] = '\0';
	return OK;
}

static enum err set_password(struct call *c)
{
	AUTO(buf) password = BUF(4 * KIB);
	enum err e = read_password(c->password_file, &password);

	if (e == OK)
		e = people_set_password(c->people, c->account.id, buf_text(&password));
	if (password.data)
		crypto_wipe(password.data, password.cap);
	return e;
}

static enum err invite(struct call *c)
{
	char token[PEOPLE_TOKEN + 1], day[TIME_TEXT];
	AUTOFREE char *path = NULL;
	int64_t until = env_now(&env_real) + PEOPLE_INVITED;

	TRY(people_invite(c->people, c->account.id, c->reset, NULL, token));
	path = mem_printf("/office/invitation/%s", token);
	crypto_wipe(token, sizeof(token));
	if (c->json) {
		json_auto_t *o = json_make("{s:s,s:s,s:s,s:I}", "person", c->account.id, "login",
			c->account.login, "invitation", path, "expires", (json_int_t)until);

		print_json(o);
		return OK;
	}
	print_day(until, day);
	emit(stdout, "%s\n%s\n", c->account.id, path);
	tell(stderr,
		"gaya: the first line is the person's id in the log, the second the invitation: send it, behind the\n"
		"      register's address, to %s alone. It sets a password, once, until %s\n",
		c->account.email, day);
	return OK;
}

/* A refused password makes no account either. */
static enum err check_password(struct call *c)
{
	AUTO(buf) password = BUF(4 * KIB);
	enum err e = read_password(c->password_file, &password);

	if (e == OK)
		e = people_check_password(c->people, &c->account, buf_text(&password));
	if (password.data)
		crypto_wipe(password.data, password.cap);
	return e;
}

/* Appoints by an entry of the log, as `gaya office appoint` does. */
static enum err appoint(const struct call *c)
{
	struct office *office = NULL;
	json_t *reply = NULL;
	enum err e;

	TRY(office_open(c->dir, &env_real, &office));
	e = cli_check_clock(office);
	if (e == OK)
		e = office_call(office,
			json_make("{s:s,s:s,s:s,s:s}", "do", "appoint", "person", c->account.id,
				"role", c->role, "department", c->department),
			NULL, &reply);
	json_decref(reply);
	office_close(office);
	return e;
}

/* If the role is refused, the new account is removed. */
static enum err appoint_or_remove(struct call *c)
{
	enum err e = c->role ? appoint(c) : OK;

	if (e == OK)
		return OK;
	e = fail(e, "%s", err_why());
	(void)!people_remove(c->people, c->account.id);
	return e;
}

static enum err add(struct call *c)
{
	if (!c->role != !c->department)
		return usage("account", "--role and --department go together");
	if (!c->name || !c->email)
		return usage("account", "add needs --login, --name and --email");
	TRY(people_draft(c->login, c->name, c->email, c->lang ? c->lang : cli_lang(), &c->account));
	if (c->password_file)
		TRY(check_password(c));
	TRY(people_add(c->people, &c->account, NULL));
	TRY(appoint_or_remove(c));
	if (!c->password_file)
		return invite(c);
	TRY(set_password(c));
	if (c->json) {
		json_auto_t *o =
			json_make("{s:s,s:s}", "person", c->account.id, "login", c->account.login);

		print_json(o);
		return OK;
	}
	emit(stdout, "%s\n", c->account.id);
	return OK;
}

static const char *way_in(const json_t *one)
{
	if (json_is_true(json_object_get(one, "disabled")))
		return T("disabled");
	if (json_is_integer(json_object_get(one, "invited")))
		return T("invited");
	if (!json_is_true(json_object_get(one, "password")))
		return T("has no password and no invitation");
	if (json_is_true(json_object_get(one, "totp")) || json_num(one, "passkeys"))
		return T("has a second factor");
	return T("has a password alone");
}

static enum err list(struct call *c)
{
	json_auto_t *all = NULL;

	TRY(people_accounts(c->people, &all));
	if (c->json) {
		print_json(all);
		return OK;
	}
	json_each (all, one) {
		char day[TIME_TEXT];

		emit(stdout, "%s  %s  %s  <%s>  %s", json_str(one, "id"), json_str(one, "login"),
			json_str(one, "name"), json_str(one, "email"), way_in(one));
		if (json_is_integer(json_object_get(one, "seen"))) {
			print_day(json_num(one, "seen"), day);
			tell(stdout, ", signed in, last seen %s", day);
		}
		emit(stdout, "\n");
	}
	return OK;
}

static enum err disable(struct call *c)
{
	return people_disable(c->people, c->account.id, true);
}

static enum err enable(struct call *c)
{
	return people_disable(c->people, c->account.id, false);
}

static enum err remove_account(struct call *c)
{
	return people_remove(c->people, c->account.id);
}

static enum err end_sessions(struct call *c)
{
	return people_end_sessions(c->people, c->account.id, 0);
}

#define LOG 200 /* rows */

static enum err show_log(struct call *c)
{
	json_auto_t *rows = NULL;

	TRY(people_log(c->people, LOG, &rows));
	if (c->json) {
		print_json(rows);
		return OK;
	}
	json_each (rows, one) {
		const char *account = json_str(one, "account");
		char at[TIME_TEXT];

		time_text(json_num(one, "at"), at);
		emit(stdout, "%s  %-32s  %s\n", at, account ? account : "-", json_str(one, "kind"));
	}
	return OK;
}

/* --- the table of actions --- */

static const struct word {
	const char *name;
	enum err (*run)(struct call *c);
	enum { ALL, NEW_LOGIN, LOGIN } of;
} words[] = {
	{"add", add, NEW_LOGIN},
	{"list", list, ALL},
	{"invite", invite, LOGIN},
	{"disable", disable, LOGIN},
	{"enable", enable, LOGIN},
	{"end-sessions", end_sessions, LOGIN},
	{"remove", remove_account, LOGIN},
	{"log", show_log, ALL},
};

static enum err parse(int argc, char **argv, struct call *c)
{
	const struct cli_option options[] = {
		{"data", &c->dir},
		{"login", &c->login},
		{"name", &c->name},
		{"email", &c->email},
		{"lang", &c->lang},
		{"password-file", &c->password_file},
		{"role", &c->role},
		{"department", &c->department},
		{"clock-is-right", .flag = &cli_clock_is_right},
		{"reset-codes", .flag = &c->reset},
		{"json", .flag = &c->json},
		{0},
	};

	return cli_options(argc, argv, "account", options);
}

static const struct word *word_of(int argc, char **argv)
{
	for (size_t i = 0; optind == argc - 1 && i < COUNT(words); i++)
		if (strcmp(words[i].name, argv[optind]) == 0)
			return &words[i];
	return NULL;
}

static enum err run(struct call *c, const struct word *word)
{
	enum err e;

	TRY(open_folder(c->dir, &c->people));
	e = word->of == LOGIN ? people_account_of(c->people, c->login, &c->account) : OK;
	if (e == OK)
		e = word->run(c);
	people_close(c->people);
	return e;
}

enum err cli_account(int argc, char **argv)
{
	const struct word *word;
	struct call c = {0};

	TRY(parse(argc, argv, &c));
	word = word_of(argc, argv);
	if (!word)
		return usage("account",
			"say add, list, invite, disable, enable, end-sessions, remove or log");
	if (!c.dir)
		return usage("account", "--data DIR is needed");
	if (word->of != ALL && !c.login)
		return usage("account", "%s needs --login", word->name);
	return run(&c, word);
}

void cli_account_help(FILE *to)
{
	tell(to,
		"\nadd makes an account and prints the person's id, which is all that the log will ever say of them, and the path\n"
		"of an invitation: behind the register's address it sets a password, once, within seven days. With\n"
		"--password-file the password is that in the file, at once. With --role and --department the log says that the\n"
		"person is appointed, as gaya office appoint does; without, an account may do nothing yet. invite makes another\n"
		"invitation, for who forgot the password; with --reset-codes also for who lost the telephone. disable ends\n"
		"every session with the account; end-sessions ends them and leaves it open. remove deletes name, address and\n"
		"all else; the id stays in the log, and what it may sign ends by gaya office dismiss. log shows what happened\n"
		"at the door.\n");
}
