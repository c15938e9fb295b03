/* The tables of translated sentences, CODE.json: {"English format": "format"}, one per line.
 *
 * A command prints a few sentences of thousands, so only these are parsed and cached. */
#include "base/josa.h"
#include "base/json.h"
#include "base/languages.h"
#include "base/locked.h"

#include <string.h>

/* {language: {English: format with marked particles}}: used so far; never freed */
static json_t *sentences;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The line of a format from its value on; NULL if there is none. tests/korean.py checks that keys
 * are spelled as this searches for them. */
static const char *line_of(const struct language *l, const char *fmt)
{
	json_auto_t *name =
		json_string(fmt); /* NULL for invalid UTF-8, which errors of libraries may be */
	AUTO(buf) before = BUF(MIB);
	const char *at;

	if (!name)
		return NULL;
	buf_puts(&before, "\n\t");
	json_canonical(name, &before);
	buf_puts(&before, ": ");
	at = memmem(l->spoken, (size_t)(l->spoken_end - l->spoken), before.data, before.len);
	return at ? at + before.len : NULL;
}

/* The format with marked particles; to be freed. An unparseable one is ignored, and tests/korean.py
 * detects it. Uses jansson directly, because the errors of json_read() would need a translation. */
static char *find(const struct language *l, const char *fmt)
{
	const char *value = line_of(l, fmt), *end;
	json_auto_t *sentence = NULL;

	if (!value)
		return NULL;
	end = memchr(value, '\n', (size_t)(l->spoken_end - value));
	end = end ? end : l->spoken_end;
	end -= end[-1] == ',';
	sentence = json_loadb(value, (size_t)(end - value), JSON_DECODE_ANY, NULL);
	return json_is_string(sentence) ? josa_mark(json_string_value(sentence)) : NULL;
}

static json_t *known_in(const struct language *l)
{
	if (!sentences)
		sentences = json_object();
	if (!json_object_get(sentences, l->code))
		json_put(sentences, l->code, json_object());
	return json_object_get(sentences, l->code);
}

const char *language_sentence(const char *lang, const char *fmt)
{
	const struct language *l = language_of(lang, strlen(lang));
	json_t *known;

	if (!l || !l->spoken)
		return NULL;
	LOCKED(&lock);
	known = known_in(l);
	if (!json_object_get(known, fmt)) {
		AUTOFREE char *found = find(l, fmt);

		if (found)
			json_put(known, fmt, json_text(found));
	}
	return json_str(known, fmt);
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
