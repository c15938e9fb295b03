/* words.h - splits a text into tokens for search.
 *
 * A run of letters and digits is one token, folded (text_folded()), with an English plural as its
 * singular. Syllables and ideographs form tokens by pairs, also across a space: "민원 챗봇" gives
 * 민원, 원챗 and 챗봇, and so does "민원챗봇", so either finds the other, and a word is found with
 * any particle after it. At the place of its first pair a text also has the whole word, after
 * WORDS_WHOLE, for exact searches. */
#pragma once
#include "base/buf.h"

#define WORDS_WHOLE "\xee\x80\x80" /* U+E000, which no text uses */
#define WORDS_TOKEN 96             /* bytes of the longest token; longer ones are truncated */

/* For a stored text; for a phrase of a query, without whole words; or for one whole word alone. */
enum words_of { WORDS_OF_TEXT, WORDS_OF_QUERY };
struct words_take {
	/* `beside`: at the previous token's position. A result other than 0 ends the walk: it is
	 * returned. */
	int (*take)(void *arg, bool beside, const char *token, size_t len, size_t from, size_t to);
	void *arg;
};
int words_each(const char *s, size_t len, enum words_of of, const struct words_take *take);
