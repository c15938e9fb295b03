/* Messages for people, in their language. */
#include "cli/cli.h"

#include "audit/note.h"
#include "base/josa.h"
#include "base/languages.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void cli_speak(void)
{
	err_translator(language_sentence, cli_lang());
}

void cli_speak_to_log(void)
{
	err_translator(language_sentence, LANGUAGE_OF_C);
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

void print_vkey(const struct vkey *key)
{
	AUTO(buf) text = BUF(KIB);

	vkey_text(key, &text);
	emit(stdout, "%s\n", buf_text(&text));
}

/* Translates placeholders by the table and keeps options: "--data 폴더". */
char *usage_text(const char *usage)
{
	AUTO(buf) out = BUF(64 * KIB);

	while (*usage) {
		size_t len = strspn(usage, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
		AUTOFREE char *word = mem_bytes(usage, len ? len : 1);

		buf_puts(&out, len > 1 ? T(word) : word);
		usage += strlen(word);
	}
	return buf_take(&out);
}
