/* languages.h - the table of the program's user languages. To add a language, add a row to
 * languages.c and the three files that it names. */
#pragma once
#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>

struct language {
	const char *code; /* BCP 47, one subtag */
	const char *own;  /* its name in itself */
	/* Standards, policies and profiles must have their texts in this language. Not set for a
	 * language that was added after them. */
	bool required;
	const char *group, *point;   /* separators in numbers: "12,345.6" */
	const char *page, *page_end; /* web/messages/CODE.json: texts of pages */
	const char *script,
		*script_end; /* web/messages/verify.CODE.json: texts of the browser's verifier */
	const char *spoken, *spoken_end; /* cli/CODE.json: sentences in C, keyed by their English;
	                                    NULL for English */
};
/* The first is the city's own: a reader who asks for none of these gets it. */
extern const struct language languages[];
extern const size_t languages_n;

#define LANGUAGE_OF_C                                                                      \
	"en" /* the language of sentences in C, and of answers to programs that ask for no \
	        language */

/* The language with this code, or the first. */
const struct language *language_or_first(const char *code);
bool language_is_first(const char *code);
/* The language of a BCP 47 tag of `len` bytes ("en" for "en-GB"); NULL if not in the table. */
const struct language *language_of(const char *tag, size_t len);
/* The codes of all, "ko, en"; owned by the caller. */
char *language_codes(void);
/* The translation of the English format `fmt` into a language, for err_translator(). NULL if the
 * language's table lacks it. */
const char *language_sentence(const char *lang, const char *fmt);
/* {language: translation}, in every language, of a sentence in C that is stored and read by many;
 * owned by the caller. */
json_t *language_texts(const char *sentence);
