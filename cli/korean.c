/* The table of Korean sentences, ko.json: {"English format": "Korean format"}. */
#include "cli/cli.h"

#include "base/embed.h"
#include "base/josa.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EMBED(sentences_ko, "cli/ko.json");

static json_t *sentences; /* their particles marked; there to the end */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	json_auto_t *read = NULL;
	const char *fmt;
	json_t *korean;

	sentences = json_object();
	if (json_read(embed_sentences_ko, embed_sentences_ko_len(), MIB, RULES_LOOSE, &read) != OK)
		return; /* tests/korean.py reads it, too */
	json_object_foreach(read, fmt, korean)
	{
		AUTOFREE char *marked = josa_mark(json_string_value(korean));

		json_put(sentences, fmt, json_text(marked));
	}
}

static const char *korean_of(const char *fmt)
{
	pthread_once(&once, load);
	return json_str(sentences, fmt);
}

void cli_speak(void)
{
	err_translator(korean_of, strcmp(cli_lang(), "ko") == 0);
}

void cli_speak_to_log(void)
{
	err_translator(korean_of, false);
}

static void print(FILE *to, char *text)
{
	AUTOFREE char *shown = text_shown(text, true);

	fputs(shown, to);
	free(text);
}

void tell(FILE *to, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, err_text(fmt), ap) < 0)
		abort();
	va_end(ap);
	if (err_speaks_korean())
		josa_resolve(text);
	print(to, text);
}

void emit(FILE *to, const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		abort();
	va_end(ap);
	print(to, text);
}

/* Placeholders are words of the table, and options stay: "--data 폴더". */
char *usage_text(const char *usage)
{
	AUTO(buf) out = BUF(64 * KIB);

	while (*usage) {
		size_t len = strspn(usage, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		AUTOFREE char *word = mem_bytes(usage, len ? len : 1);

		buf_puts(&out, len > 1 ? T(word) : word);
		usage += strlen(word);
	}
	return buf_take(&out);
}
