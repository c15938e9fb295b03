/* The tables of sentences in other languages, CODE.json: {"English format": "format"}. */
#include "base/josa.h"
#include "base/json.h"
#include "base/languages.h"

#include <pthread.h>

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

const char *language_sentence(const char *lang, const char *fmt)
{
	pthread_once(&once, load_all);
	return json_str(json_object_get(sentences, lang), fmt);
}

json_t *language_texts(const char *sentence)
{
	json_t *texts = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		const char *code = languages[i].code, *said = language_sentence(code, sentence);

		json_put(texts, code, json_text(said ? said : sentence));
	}
	return texts;
}
