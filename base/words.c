#include "base/words.h"

#include "base/text.h"

#include <string.h>

struct walk {
	const char *s;
	size_t len;
	enum words_of of;
	const struct words_take *take;
};

static size_t end_of(const struct walk *w, size_t at, enum text_sort sort)
{
	size_t step;

	while (at < w->len && text_sort(w->s + at, w->len - at, &step) == sort)
		at += step;
	return at;
}

/* Cuts at the end of a code point. */
static size_t cut(const char *token, size_t len)
{
	if (len <= WORDS_TOKEN)
		return len;
	for (len = WORDS_TOKEN; len && ((unsigned char)token[len] & 0xc0) == 0x80;)
		len--;
	return len;
}

static int give(
	const struct walk *w, bool beside, const char *token, size_t len, size_t from, size_t to)
{
	return w->take->take(w->take->arg, beside, token, cut(token, len), from, to);
}

/* Chatbots and policies become singular. Buses and status stay, both in texts and in queries. */
static size_t singular(char *word, size_t len)
{
	if (len > 4 && memcmp(word + len - 3, "ies", 3) == 0) {
		word[len - 3] = 'y';
		return len - 2;
	}
	if (len > 3 && word[len - 1] == 's' && !strchr("sui", word[len - 2]))
		return len - 1;
	return len;
}

#define MOST_WORDS 64 /* bytes: nearly no word is longer */

static int give_folded(const struct walk *w, size_t from, size_t to)
{
	AUTOFREE char *word = mem_bytes(w->s + from, to - from), *folded = text_folded(word);

	return give(w, false, folded, strlen(folded), from, to);
}

static int give_letters(const struct walk *w, size_t from, size_t to)
{
	char shorter[MOST_WORDS], *word = shorter;
	AUTOFREE char *longer = NULL;
	size_t len = to - from;

	if (!text_is_ascii(w->s + from, len))
		return give_folded(w, from, to);
	if (len > sizeof(shorter))
		word = longer = mem_bytes(w->s + from, len);
	else
		memcpy(shorter, w->s + from, len);
	for (size_t i = 0; i < len; i++)
		word[i] += word[i] >= 'A' && word[i] <= 'Z' ? 'a' - 'A' : 0;
	len = singular(word, len);
	return give(w, false, word, len, from, to);
}

static int give_whole(const struct walk *w, bool beside, size_t from, size_t to)
{
	char token[sizeof(WORDS_WHOLE) + WORDS_TOKEN];
	size_t mark = strlen(WORDS_WHOLE);

	if (to - from > WORDS_TOKEN - mark)
		return 0; /* no word is that long: the text has no spaces */
	memcpy(token, WORDS_WHOLE, mark);
	memcpy(token + mark, w->s + from, to - from);
	return give(w, beside, token, mark + to - from, from, to);
}

/* The next syllable after the one before `at`, even across spaces; 0 bytes: none. */
static size_t next_syllable(const struct walk *w, size_t at, size_t *len)
{
	at = end_of(w, at, TEXT_SPACE);
	*len = 0;
	if (at < w->len && text_sort(w->s + at, w->len - at, len) != TEXT_SYLLABLE)
		*len = 0;
	return at;
}

/* Bytes of a syllable, by its first: it is well-formed, and none is ASCII. */
static size_t syllable_len(char first)
{
	unsigned char c = (unsigned char)first;

	return c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* The pair of the syllable at `at`, the last of the word from `from` to `to`, and the first of the
 * word after it. */
static int give_last(const struct walk *w, size_t from, size_t to, size_t at)
{
	size_t next_len, next = next_syllable(w, to, &next_len);
	char pair[16];
	int rc;

	if (!next_len) /* it is in the previous pair, unless the word has no other */
		return at == from ? give_whole(w, false, from, to) : 0;
	memcpy(pair, w->s + at, to - at);
	memcpy(pair + (to - at), w->s + next, next_len);
	rc = give(w, false, pair, to - at + next_len, at, next + next_len);
	if (rc == 0 && at == from && w->of == WORDS_OF_TEXT)
		rc = give_whole(w, true, from, to);
	return rc;
}

/* The pairs within the word are in the text as they are. */
static int give_syllables(const struct walk *w, size_t from, size_t to)
{
	size_t at = from, next;
	int rc = 0;

	for (; (next = at + syllable_len(w->s[at])) < to; at = next) {
		size_t end = next + syllable_len(w->s[next]);

		rc = give(w, false, w->s + at, end - at, at, end);
		if (rc == 0 && at == from && w->of == WORDS_OF_TEXT)
			rc = give_whole(w, true, from, to);
		if (rc != 0)
			return rc;
	}
	return give_last(w, from, to, at);
}

int words_each(const char *s, size_t len, enum words_of of, const struct words_take *take)
{
	const struct walk w = {s, len, of, take};
	size_t mark = strlen(WORDS_WHOLE), to, step;
	int rc = 0;

	if (of == WORDS_OF_QUERY && len > mark && memcmp(s, WORDS_WHOLE, mark) == 0)
		return give_whole(&w, false, mark, end_of(&w, mark, TEXT_SYLLABLE));
	for (size_t at = 0; rc == 0 && at < len; at = to) {
		enum text_sort sort = text_sort(s + at, len - at, &step);

		to = at + step;
		if (sort == TEXT_LETTER || sort == TEXT_SYLLABLE)
			to = end_of(&w, to, sort);
		if (sort == TEXT_LETTER)
			rc = give_letters(&w, at, to);
		else if (sort == TEXT_SYLLABLE)
			rc = give_syllables(&w, at, to);
	}
	return rc;
}
