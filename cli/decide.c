#include "cli/decide.h"

#include "cli/cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum err decide_number(const char *text, void *to)
{
	json_t **out = to;
	char *end;
	long long n = strtoll(text, &end, 10);

	ENSURE(*text && !*end && n >= 0 && strlen(text) < 18, ERR_INVALID,
		"\"%.40s\" is not the number of an entry or a version", text);
	json_decref(*out);
	*out = json_integer(n);
	return OK;
}

char **decide_given(int argc, char **argv)
{
	char **given = mem_new((size_t)(argc + 1) * sizeof(*given));

	memcpy(given, argv, (size_t)argc * sizeof(*given));
	return given;
}

/* The texts of every language, indented; for other objects, their members. */
static void print_member(const char *name, const json_t *value, int depth)
{
	if (json_is_string(value))
		emit(stderr, "%*s%s: %s\n", depth, "", name, json_string_value(value));
	else if (json_is_integer(value))
		emit(stderr, "%*s%s: %lld\n", depth, "", name,
			(long long)json_integer_value(value));
	else if (json_is_object(value)) {
		emit(stderr, "%*s%s:\n", depth, "", name);
		json_members (value, key, item)
			print_member(key, item, depth + 2);
	}
}

static void show(const json_t *about)
{
	json_members (about, name, value)
		print_member(name, value, 2);
}

/* A word quoted for the shell. */
static void add_word(const char *word, struct buf *out)
{
	bool plain = *word;

	for (const char *p = word; *p; p++)
		if ((unsigned char)*p < 0x80 &&
			!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=./:@+,%",
				*p))
			plain = false;
	if (plain) {
		buf_puts(out, word);
		return;
	}
	buf_putc(out, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *word);
	buf_putc(out, '\'');
}

static enum err refuse(const struct decision *d, const char *member, int64_t newest)
{
	AUTO(buf) command = BUF(MIB);

	for (int i = 0; i < d->argc; i++) {
		buf_putc(&command, ' ');
		add_word(d->argv[i], &command);
	}
	if (d->option)
		buf_printf(&command, " --%s", d->option);
	tell(stderr, "gaya: the newest is %s %lld; when you have read it:\n      gaya%s %lld\n",
		T(member), (long long)newest, buf_text(&command), (long long)newest);
	return fail(ERR_INVALID,
		"name the entry or version that you decide on, so that nothing unread is decided; "
		"nothing was done");
}

static enum err ask(const struct decision *d, const json_t *reply, int64_t newest)
{
	show(json_object_get(reply, "about"));
	if (d->show)
		TRY(d->show(d->arg, newest));
	fflush(stdout);
	emit(stderr, "%s, %s %lld\n", json_str(d->request, "do"), T(json_str(reply, "member")),
		(long long)newest);
	ENSURE(confirmed("Confirm this decision?"), ERR_FALSE, "nothing was decided");
	json_put(d->request, json_str(reply, "member"), json_integer(newest));
	return OK;
}

enum err decide(const struct decision *d)
{
	static const char *const subjects[] = {"system", "feedback", "department", "policy"};
	json_t *question = json_make("{s:s,s:s}", "do", "newest", "of", json_str(d->request, "do"));
	json_auto_t *reply = NULL;
	const char *member;

	for (size_t i = 0; i < COUNT(subjects); i++)
		if (json_object_get(d->request, subjects[i]))
			json_put(question, subjects[i],
				json_incref(json_object_get(d->request, subjects[i])));
	TRY(office_call(d->office, question, NULL, &reply));
	member = json_str(reply, "member");
	if (!member || json_object_get(d->request, member) || !json_object_get(reply, "newest"))
		return OK;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return refuse(d, member, json_num(reply, "newest"));
	return ask(d, reply, json_num(reply, "newest"));
}
