/* languages.h - the languages in which this program speaks to people. One table: a further one is a
 * row of languages.c and the three files that it names. */
#pragma once
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct language {
	const char *code; /* BCP 47, one subtag */
	/* What standards, policies and profiles say is said in it. A language that came later than
	 * these is not asked of them. */
	bool required;
	const char *group, *point;   /* in numbers: "12,345.6" */
	const char *page, *page_end; /* web/messages/CODE.json: what pages say */
	const char *script,
		*script_end; /* web/messages/verify.CODE.json: what the browser's check says */
	const char *spoken,
		*spoken_end; /* cli/CODE.json: sentences in C, by their English; NULL of English */
};
/* The first is the city's own: pages speak it to whoever asks for none of these. */
extern const struct language languages[];
extern const size_t languages_n;

#define LANGUAGE_OF_C \
	"en" /* what sentences in C are written in, and programs read that ask for no language */

/* The one of this code, the first where there is none. */
const struct language *language_or_first(const char *code);
bool language_is_first(const char *code);
/* The one of a tag, "en" of "en-GB", in `len` bytes; NULL where it is none of these. */
const struct language *language_of(const char *tag, size_t len);
/* The sentence of C whose format in English is `fmt`, in a language: err_translator() takes it.
 * NULL where its table lacks it. */
const char *language_sentence(const char *lang, const char *fmt);
/* {language: a sentence of C that is kept and read by many, in every language}; owned by the
 * caller. */
json_t *language_texts(const char *sentence);
