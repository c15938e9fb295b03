#include "cli/settings.h"

#include "base/file.h"
#include "cli/cli.h"
#include "registry/event/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A notice has many lines of Markdown, so ko=@notice.md reads it from a file. */
static enum err add_long_text(const char *argument, json_t **texts)
{
	const char *value = strchr(argument, '=');
	AUTOFREE char *whole = NULL;
	AUTO(buf) text = BUF(64 * KIB);

	if (argument[0] == '@' || !value || value[1] != '@')
		return add_text(argument, texts);
	TRY(file_read(value + 2, &text));
	whole = mem_printf("%.*s=%s", (int)(value - argument), argument, buf_text(&text));
	return add_text(whole, texts);
}

static enum err put_texts(json_t *settings, const char *name, const char *value, bool is_long)
{
	json_t *texts = json_object_get(settings, name);

	if (!*value) {
		json_put(settings, name, json_text("")); /* removes it */
		return OK;
	}
	if (!json_is_object(texts)) {
		texts = json_object();
		json_put(settings, name, texts);
	}
	return is_long ? add_long_text(value, &texts) : add_text(value, &texts);
}

static enum err put_languages(json_t *settings, const char *value)
{
	json_t *list = json_array();

	while (*value) {
		size_t len = strcspn(value, ",");
		AUTOFREE char *one = mem_bytes(value, len);

		json_push(list, json_text(one));
		value += len + (value[len] == ',');
	}
	json_put(settings, "languages", list);
	return OK;
}

static enum err put_days(json_t *settings, const char *value)
{
	char *end;
	long n = strtol(value, &end, 10);

	if (!*value) {
		json_put(settings, "answer_days", json_text(""));
		return OK;
	}
	ENSURE(*value >= '0' && *value <= '9' && !*end && strlen(value) < 10, ERR_INVALID,
		"--answer-days takes a number of days, not \"%.40s\"", value);
	json_put(settings, "answer_days", json_integer(n));
	return OK;
}

enum err settings_put(json_t *settings, const char *option, const char *value)
{
	if (strcmp(option, "privacy-notice") == 0)
		return put_texts(settings, "privacy_notice", value, true);
	if (strcmp(option, "name") == 0 || strcmp(option, "office") == 0 ||
		strcmp(option, "hours") == 0)
		return put_texts(settings, option, value, false);
	if (strcmp(option, "languages") == 0)
		return put_languages(settings, value);
	if (strcmp(option, "answer-days") == 0)
		return put_days(settings, value);
	json_put(settings, strcmp(option, "license") == 0 ? "licence" : option, json_text(value));
	return OK;
}

static void print_value(const json_t *value)
{
	AUTO(buf) text = BUF(MIB);

	if (json_is_string(value))
		buf_puts(&text, json_string_value(value));
	else if (value && !json_is_null(value))
		json_canonical(value, &text);
	emit(stdout, "%s\n", text.len ? buf_text(&text) : T("(nothing)"));
}

void settings_print_changes(const json_t *changes)
{
	json_each (changes, one) {
		const char *lang = json_str(one, "language");

		tell(stdout, "%s%s%s%s\n  was: ", json_str(one, "setting"), lang ? " (" : "",
			lang ? lang : "", lang ? ")" : "");
		print_value(json_object_get(one, "from"));
		tell(stdout, "  now: ");
		print_value(json_object_get(one, "to"));
	}
}

void settings_print(const json_t *settings)
{
	const char *licence;
	bool assumed;

	json_members (settings, name, value) {
		if (!json_is_object(value)) {
			emit(stdout, "%-16s ", name);
			print_value(value);
		}
		json_members (value, lang, text) {
			emit(stdout, "%-13s %s ", name, lang);
			print_value(text);
		}
	}
	licence = settings_licence(settings, &assumed);
	if (assumed)
		tell(stdout, "licence          %s (the default: none is named)\n", licence);
}
