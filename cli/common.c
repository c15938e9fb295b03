#include "cli/cli.h"

#include "base/file.h"
#include "base/journal.h"
#include "base/languages.h"
#include "base/personal.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "registry/office/office_socket.h"
#include "registry/standard/form.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_usage(const char *command)
{
	for (size_t i = 0; i < commands_n; i++) {
		AUTOFREE char *text = usage_text(commands[i].usage);

		if (strcmp(commands[i].name, command) == 0)
			tell(stderr, "usage: gaya %s %s\n", command, text);
	}
}

enum err usage(const char *command, const char *fmt, ...)
{
	enum err e;
	va_list ap;

	print_usage(command);
	va_start(ap, fmt);
	e = fail_v(ERR_INVALID, fmt, ap);
	va_end(ap);
	return e;
}

/* getopt's own messages are in English. `optopt` tells the error: 0 is an unknown option, otherwise
 * an option with a missing or surplus value, or a short option, of which there are none. */
enum err option_refused(char **argv)
{
	const char *given = argv[optind - 1], *next = argv[optind];

	if (optopt && next && next[0] == '-' && next[1] == optopt)
		given = next;
	if (!optopt || strncmp(given, "--", 2) != 0)
		return fail(ERR_INVALID, "there is no option \"%.80s\"", given);
	if (strchr(given, '='))
		return fail(ERR_INVALID, "%.*s takes no value", (int)strcspn(given, "="), given);
	return fail(ERR_INVALID, "%.80s needs a value", given);
}

enum err wrong_option(const char *command, char **argv)
{
	print_usage(command);
	return option_refused(argv);
}

#define OPTIONS_MAX 32 /* more than a command has */
#define FIRST 256      /* no short option's letter */

static enum err take_option(const struct cli_option *o)
{
	if (o->flag)
		*o->flag = true;
	else if (o->text)
		*o->text = optarg;
	else
		return o->texts ? add_text(optarg, o->texts) : o->take(optarg, o->to);
	return OK;
}

enum err cli_options(int argc, char **argv, const char *command, const struct cli_option *list)
{
	struct option options[OPTIONS_MAX] = {0};
	int c;

	for (int i = 0; list[i].name; i++)
		options[i] = (struct option){list[i].name,
			list[i].flag ? no_argument : required_argument, NULL, FIRST + i};
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == '?')
			return wrong_option(command, argv);
		TRY(take_option(&list[c - FIRST]));
	}
	return OK;
}

enum err take_key(const char *argument, void *to)
{
	AUTO(buf) text = BUF(KIB);
	char **key = to;

	if (argument[0] == '@')
		TRY(file_read(argument + 1, &text));
	free(*key);
	*key = argument[0] == '@' ? mem_bytes(buf_text(&text), strcspn(buf_text(&text), "\r\n"))
	                          : mem_text(argument);
	return OK;
}

enum err check_lang(const char *command, const char *lang)
{
	return language_of(lang, strlen(lang))
	               ? OK
	               : usage(command,
				 "--lang takes a language of this program, such as ko or en");
}

enum err check_base(const char *command, const char *base)
{
	if (!base || (form_is_url(base) && !strpbrk(base, "?#")))
		return OK;
	return usage(command, "--base takes the address of the register's pages, such as "
			      "https://ai.gimhae.go.kr");
}

void show_texts(const char *what, const json_t *texts)
{
	json_members (texts, lang, text)
		emit(stderr, "%s (%s):\n%s\n", T(what), lang,
			json_is_string(text) ? json_string_value(text) : "");
}

void point_at_personal(const json_t *answer)
{
	json_members (answer, lang, text) {
		const char *begin = json_is_string(text) ? json_string_value(text) : "";
		struct personal found;

		for (const char *at = begin; personal_find(begin, at, &found);
			at = found.at + found.len)
			tell(stderr,
				"the answer (%s) has what looks like personal data: %.*s. Once it is published, it cannot be changed\n",
				lang, (int)found.len, found.at);
	}
}

const char *cli_lang(void)
{
	const char *lang = getenv("LC_ALL");
	const struct language *spoken;

	if (!lang || !*lang)
		lang = getenv("LC_MESSAGES");
	if (!lang || !*lang)
		lang = getenv("LANG");
	spoken = lang ? language_of(lang, strcspn(lang, "_.@")) : NULL;
	return spoken ? spoken->code : LANGUAGE_OF_C;
}

static enum err add_file(const char *path, json_t *texts)
{
	AUTO(buf) bytes = BUF(MIB);
	json_auto_t *value = NULL;

	TRY(file_read(path, &bytes));
	TRY(json_read(buf_text(&bytes), bytes.len, MIB, RULES_GIVEN, &value));
	ENSURE(json_is_object(value), ERR_INVALID, "%s must hold {\"ko\": …, \"en\": …}", path);
	json_object_update(texts, value);
	return OK;
}

enum err add_text(const char *argument, json_t **texts)
{
	AUTOFREE char *lang = mem_bytes(argument, strcspn(argument, "="));

	if (!*texts)
		*texts = json_object();
	if (argument[0] == '@')
		return add_file(argument + 1, *texts);
	/* Does not guess from the sender's machine: a signed text keeps a wrong language. */
	ENSURE(argument[strlen(lang)] == '=' && form_is_language(lang), ERR_INVALID,
		"\"%.*s\": say in which language: ko=… or en=…", (int)text_prefix(argument, 40),
		argument);
	json_put(*texts, lang, json_text(argument + strlen(lang) + 1));
	return OK;
}

char *time_shown(const char *at)
{
	return at && strlen(at) == strlen("2026-11-22T12:00:00Z")
	               ? mem_printf("%.10s %.8s UTC", at, at + 11)
	               : mem_text(at ? at : "");
}

/* JSON may write any character as \uXXXX. */
static void print_spelled(const char *json)
{
	size_t len;

	for (; *json; json += len) {
		AUTOFREE char *one = mem_bytes(json, len = text_prefix(json, 1));
		const char *bad = text_forbidden(one, true);
		unsigned long c = bad ? strtoul(bad + 2, NULL, 16) : 0;

		if (!bad)
			fputs(one, stdout);
		else if (c > 0xffff)
			printf("\\u%04lx\\u%04lx", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
		else
			printf("\\u%04lx", c);
	}
}

void print_json_text(const char *json)
{
	if (text_forbidden(json, true))
		print_spelled(json);
	else
		fputs(json, stdout);
}

void print_json(const json_t *value)
{
	AUTO(buf) out = BUF(64 * MIB);

	json_pretty(value, &out);
	print_json_text(buf_text(&out));
}

/* Days without an entry before the clock is doubted; more than a week, for weekly jobs. */
#define FAR_DAYS 8

bool cli_clock_is_right;

/* A clock that is ahead once leaves a time in the log that cannot be undone. */
enum err cli_check_clock(struct office *office)
{
	int64_t newest, now;
	char question[200], at[TIME_TEXT], then[TIME_TEXT];

	TRY(office_idle(office, &newest, &now));
	if (now - newest <= FAR_DAYS * 86400 || cli_clock_is_right)
		return OK;
	time_text(now, at);
	time_text(newest, then);
	ENSURE(isatty(0) && isatty(2), ERR_CONFLICT,
		"this machine's clock says %s, and the newest entry is of %s. A clock that is ahead leaves "
		"times in the log that nothing takes back, so nothing was written: set the clock right, or, "
		"if it is, say so with --clock-is-right",
		at, then);
	snprintf(question, sizeof(question),
		T("This machine's clock says %s, and the newest entry is of %s. Is the clock right?"),
		at, then);
	ENSURE(confirmed(question), ERR_CONFLICT, "nothing was written: set the clock right");
	return OK;
}

enum err cli_check_clock_of(struct reg *reg)
{
	int64_t newest, now;
	char at[TIME_TEXT], then[TIME_TEXT];

	TRY(office_check_clock(reg, &newest, &now));
	time_text(now, at);
	time_text(newest, then);
	if (now - newest > FAR_DAYS * 86400)
		journal("is the clock right? It says %s, and the newest entry is of %s. If nothing was written "
			"for so long, all is well; else the clock is ahead: stop this, and see timedatectl. "
			"Times that it writes are never taken back (docs/operate.md)",
			at, then);
	return OK;
}

bool confirmed(const char *question)
{
	char line[16];

	if (!isatty(0) || !isatty(2)) {
		tell(stderr, "gaya: no terminal to ask at; add --yes to continue\n");
		return false;
	}
	emit(stderr, "%s [y/N] ", T(question));
	return fgets(line, sizeof(line), stdin) && (line[0] == 'y' || line[0] == 'Y');
}

static void list_held(unsigned which, struct buf *out)
{
	static const struct {
		unsigned bit;
		const char *name;
	} parts[] = {{SANDBOX_FILES, "files"}, {SANDBOX_TCP, "TCP ports"},
		{SANDBOX_SIGNALS, "signals"}, {SANDBOX_CALLS, "system calls"}};

	for (size_t i = 0; i < COUNT(parts); i++)
		if (which & parts[i].bit)
			buf_printf(out, "%s%s", out->len ? ", " : "", parts[i].name);
	if (!out->len)
		buf_puts(out, "none");
}

void cli_tell_sandbox(unsigned asked, unsigned holds)
{
	AUTO(buf) held = BUF(KIB), lacking = BUF(KIB);

	list_held(asked & holds, &held);
	list_held(asked & ~holds, &lacking);
	if ((asked & ~holds) == 0)
		journal("the sandbox is enforced: %s", buf_text(&held));
	else
		journal("sandbox not enforced: %s; enforced: %s (SECURITY.md)", buf_text(&lacking),
			buf_text(&held));
}
