/* The tables of sentences in other languages, CODE.json: {"English format": "format"}. */
#include "cli/cli.h"

#include "base/josa.h"
#include "base/languages.h"
#include "base/text.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t
	*sentences; /* {language: {English: format, its particles marked}}; there to the end */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static json_t *load(const struct language *l)
{
	json_t *marked = json_object(), *sentence;
	json_auto_t *read = NULL;
	const char *fmt;

	/* What cannot be read says nothing; tests/korean.py reads it, too. */
	if (json_read(l->spoken, (size_t)(l->spoken_end - l->spoken), MIB, RULES_LOOSE, &read) ==
		OK)
		json_object_foreach (read, fmt, sentence) {
			AUTOFREE char *text = josa_mark(json_string_value(sentence));

			json_put(marked, fmt, json_text(text));
		}
	return marked;
}

static void load_all(void)
{
	sentences = json_object();
	for (size_t i = 0; i < languages_n; i++)
		if (languages[i].spoken)
			json_put(sentences, languages[i].code, load(&languages[i]));
}

static const char *sentence_in(const char *lang, const char *fmt)
{
	pthread_once(&once, load_all);
	return json_str(json_object_get(sentences, lang), fmt);
}

void cli_speak(void)
{
	err_translator(sentence_in, cli_lang());
}

void cli_speak_to_log(void)
{
	err_translator(sentence_in, LANGUAGE_OF_C);
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
	if (err_is_translated())
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
