/* `gaya mail`: a daily letter to each person about pending work, as counts and an address, run by a
 * timer of the machine. A person without pending work gets no letter. */
#include "base/crypto.h"
#include "base/env.h"
#include "base/fetch.h"
#include "base/file.h"
#include "base/text.h"
#include "base/user.h"
#include "cli/agenda.h"
#include "cli/cli.h"
#include "registry/people/people.h"
#include "registry/query/desk.h"
#include "registry/write/checkpointed.h"
#include "web/view/view.h"

#include <stdio.h>
#include <string.h>

enum { SMTP = 1, FROM, BASE, LOGIN, PASSWORD, CA, PLACES, DATA = PLACES, SETTINGS, DRY };
static const struct option options[] = {
	{"data", required_argument, NULL, DATA},
	{"smtp", required_argument, NULL, SMTP},
	{"from", required_argument, NULL, FROM},
	{"base", required_argument, NULL, BASE},
	{"login", required_argument, NULL, LOGIN},
	{"password-file", required_argument, NULL, PASSWORD},
	{"ca", required_argument, NULL, CA},
	{"settings", required_argument, NULL, SETTINGS},
	{"dry-run", no_argument, NULL, DRY},
	{0},
};

struct mail {
	json_t *settings; /* of the file that --settings names; NULL: none */
	const char *dir, *settings_file, *smtp, *from, *base, *login, *password_file, *ca;
	bool dry;
	struct buf password;
	struct snapshot snap;
	struct people *people;
	struct view *view;
	json_t *about; /* the register's settings */
	char today[DAY_TEXT], asked_before[TIME_TEXT];
	size_t sent, failed;
};

static void mail_done(struct mail *m)
{
	if (m->password.data)
		crypto_wipe(m->password.data, m->password.cap);
	buf_done(&m->password);
	json_decref(m->about);
	json_decref(m->settings);
	view_free(m->view);
	people_close(m->people);
}

/* Options missing on the command line come from the file: an object with the options' names. */
static enum err read_settings(struct mail *m, const char **const places[PLACES])
{
	AUTO(buf) bytes = BUF(64 * KIB);
	size_t at;

	TRY(file_read(m->settings_file, &bytes));
	TRY(json_read(buf_text(&bytes), bytes.len, 64 * KIB, RULES_LOOSE, &m->settings));
	ENSURE(json_is_object(m->settings), ERR_INVALID, "%s: must be a JSON object",
		m->settings_file);
	json_members (m->settings, name, value) {
		for (at = 0; at < COUNT(options); at++)
			if (options[at].name && options[at].val < PLACES &&
				strcmp(options[at].name, name) == 0)
				break;
		ENSURE(at < COUNT(options) && json_is_string(value), ERR_INVALID,
			"%s: \"%.40s\" is no setting with a text: base, smtp, from, login, password-file "
			"and ca are",
			m->settings_file, name);
		if (!*places[options[at].val])
			*places[options[at].val] = json_string_value(value);
	}
	return OK;
}

static enum err parse(int argc, char **argv, struct mail *m)
{
	const char **const places[] = {[SMTP] = &m->smtp,
		[FROM] = &m->from,
		[BASE] = &m->base,
		[LOGIN] = &m->login,
		[PASSWORD] = &m->password_file,
		[CA] = &m->ca,
		[DATA] = &m->dir,
		[SETTINGS] = &m->settings_file};
	int kind;

	while ((kind = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (kind == DRY)
			m->dry = true;
		else if (kind == '?')
			return option_refused(argv);
		else
			*places[kind] = optarg;
	}
	if (m->settings_file)
		TRY(read_settings(m, places));
	if (!m->dir || !m->base || optind < argc)
		return usage("mail", "--data and --base are needed");
	if (!m->dry && (!m->smtp || !m->from))
		return usage("mail", "--smtp and --from are needed, or --dry-run");
	return OK;
}

/* --- a letter --- */

static void add_base64_lines(struct buf *out, const char *text)
{
	AUTO(buf) code = BUF(MIB);

	base64_add(&code, text, strlen(text));
	for (size_t at = 0; at < code.len; at += 76)
		buf_printf(out, "%.76s\r\n", code.data + at);
}

/* RFC 2047; a line has room for 45 bytes. */
static void add_subject(struct buf *out, const char *text)
{
	size_t len;

	buf_puts(out, "Subject:");
	for (; *text; text += len) {
		len = text_prefix(text, 11);
		buf_puts(out, " =?utf-8?B?");
		base64_add(out, text, len);
		buf_printf(out, "?=%s", text[len] ? "\r\n" : "");
	}
	buf_puts(out, "\r\n");
}

static void add_letter(const struct mail *m, const char *to, const char *subject, const char *text,
	struct buf *out)
{
	uint8_t id[16];
	char hex[33], date[HTTP_DATE];

	crypto_random(id, sizeof(id));
	hex_text(id, sizeof(id), hex);
	http_date(env_now(&env_real), date);
	/* The same format with a numeric zone: new letters may not use its name (RFC 5322, 4.3). */
	buf_printf(out, "Date: %.25s +0000\r\nFrom: <%s>\r\nTo: <%s>\r\n", date, m->from, to);
	buf_printf(out, "Message-ID: <%s%s>\r\n", hex,
		strchr(m->from, '@') ? strchr(m->from, '@') : "@gaya");
	add_subject(out, subject);
	buf_puts(out,
		"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: base64\r\nAuto-Submitted: auto-generated\r\n\r\n");
	add_base64_lines(out, text);
}

static enum err send_letter(struct mail *m, const char *to, const char *subject, const char *text)
{
	AUTO(buf) letter = BUF(MIB);

	add_letter(m, to, subject, text, &letter);
	TRY(buf_check(&letter, "a letter"));
	return fetch_mail(&(struct fetch_letter){.server = m->smtp,
		.ca = m->ca,
		.user = m->login,
		.password = m->login ? buf_text(&m->password) : NULL,
		.from = m->from,
		.to = to,
		.text = letter.data,
		.len = letter.len});
}

/* --- recipients --- */

static enum err letter_text(const struct mail *m, const char *lang, const json_t *counts,
	char **subject, struct buf *out)
{
	json_auto_t *values = json_make("{s:s,s:s}", "base", m->base, "lang", lang);
	const json_t *name = json_object_get(json_object_get(m->about, "about"), "name");
	const char *own = json_str(name, lang);

	json_put(values, "register", json_text(own ? own : json_str(m->about, "origin")));
	json_members (counts, key, n)
		json_put(values, key, view_number(json_integer_value(n)));
	json_put(values, "t", view_messages(m->view, lang));
	TRY(view_render(m->view, lang, "mail.txt", ESCAPE_NONE, values, out));
	TRY(buf_check(out, "a letter"));
	*subject = view_say(m->view, lang, "mail_subject", values);
	return OK;
}

static enum err tell_one(struct mail *m, const json_t *account, const json_t *person)
{
	const char *id = json_str(account, "id"), *lang = json_str(account, "language");
	AUTO(buf) text = BUF(64 * KIB);
	AUTOFREE char *subject = NULL;
	json_auto_t *counts = NULL;
	char since[DAY_TEXT];
	enum err e;

	TRY(people_mailed(m->people, id, since));
	if (strcmp(since, m->today) >= 0)
		return OK;
	TRY(agenda_of(&m->snap,
		&(struct agenda_for){m->people, id, json_str(person, "role"),
			json_str(person, "department"), since, m->today, m->asked_before},
		&counts));
	if (!json_object_size(counts))
		return OK;
	TRY(letter_text(m, lang, counts, &subject, &text));
	m->sent++;
	if (m->dry) {
		emit(stdout, "%s (%s)\n%s\n\n%s\n", json_str(account, "login"), id, subject,
			buf_text(&text));
		return OK;
	}
	e = send_letter(m, json_str(account, "email"), subject, buf_text(&text));
	if (e == OK)
		return people_set_mailed(m->people, id, m->today);
	m->sent--;
	m->failed++;
	tell(stderr,
		"gaya: the letter to person %s was not sent, and the next run tries again: %s\n",
		id, err_why());
	return e == ERR_SYSTEM ? OK : e;
}

static const json_t *person_of(const json_t *people, const char *id)
{
	json_each (people, one)
		if (strcmp(json_str(one, "person"), id) == 0 &&
			!json_is_true(json_object_get(one, "dismissed")))
			return one;
	return NULL;
}

static enum err tell_all(struct mail *m)
{
	json_auto_t *accounts = NULL, *people = NULL;
	const json_t *person;

	TRY(people_accounts(m->people, &accounts));
	TRY(desk_people(&m->snap, &people));
	json_each (accounts, account) {
		person = person_of(people, json_str(account, "id"));
		if (person && !json_is_true(json_object_get(account, "disabled")))
			TRY(tell_one(m, account, person));
	}
	return OK;
}

static enum err set_days(struct mail *m)
{
	int64_t now = env_now(&env_real);

	TRY(zone_use(json_str(json_object_get(m->about, "about"), "timezone")));
	zone_day(now, 0, m->today);
	query_asked_before(&m->snap, now, m->asked_before);
	return OK;
}

static enum err run(struct mail *m)
{
	TRY(query_register(&m->snap, &m->about));
	TRY(checkpointed_keep_if_possible(&m->snap, m->dir)); /* a mail server may be slow */
	TRY(set_days(m));
	TRY(view_open(&m->view));
	TRY(people_open(&(struct people_options){.dir = m->dir, .env = &env_real}, &m->people));
	if (m->password_file) {
		TRY(file_read(m->password_file, &m->password));
		if (m->password.len)
			m->password.data[strcspn(m->password.data, "\r\n")] = '\0';
	}
	return tell_all(m);
}

enum err cli_mail(int argc, char **argv)
{
	struct mail m = {.password = BUF(4 * KIB)};
	enum err e = parse(argc, argv, &m);

	if (e == OK)
		e = user_check_owner(m.dir, NULL);
	if (e == OK)
		e = checkpointed_open(m.dir, &m.snap);
	if (e != OK) {
		mail_done(&m);
		return e;
	}
	e = run(&m);
	if (e == OK)
		tell(stdout,
			m.dry ? "gaya: %zu letters would be sent\n"
			      : "gaya: %zu letters were sent\n",
			m.sent);
	if (e == OK && m.failed)
		e = fail(ERR_SYSTEM, "%zu letters were not sent", m.failed);
	mail_done(&m);
	checkpointed_close(&m.snap);
	return e;
}
