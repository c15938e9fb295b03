/* words.h - a text as search sees it: a row of tokens.
 *
 * A run of letters and digits is one token, folded (text_folded()), an English plural as its
 * singular. Syllables and ideographs are tokens by pairs, also across a space: of "민원 챗봇" these
 * are 민원, 원챗 and 챗봇, and of "민원챗봇", too, so either finds the other, and a word is found
 * with whatever particle behind it. Beside its first pair a text's word stands whole, behind
 * WORDS_WHOLE, for those that ask for exactly it. */
#pragma once
#include "base/buf.h"

#define WORDS_WHOLE "\xee\x80\x80" /* U+E000, which no text has a use for */
#define WORDS_TOKEN 96             /* bytes of the longest token; what is longer is cut there */

/* Of a text that is kept, of a query's phrase, which has no whole words, or one whole word alone.
 */
enum words_of { WORDS_OF_TEXT, WORDS_OF_QUERY };
struct words_take {
	/* `beside`: at the place of the token before. Other than 0 ends it, and is returned. */
	int (*take)(void *arg, bool beside, const char *token, size_t len, size_t from, size_t to);
	void *arg;
};
int words_each(const char *s, size_t len, enum words_of of, const struct words_take *take);
