#include "registry/query/search_words.h"

#include "base/embed.h"
#include "base/text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

EMBED(search_words, "policies/search.json");

#define SYNONYMS_MAX 1000 /* groups */
#define GROUP_MAX 12      /* each synonym is one more phrase to look up */

static json_t *words; /* the file */
static json_t *known; /* {folded word without spaces: its group} */
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Is the first character of `s` a space or punctuation? The Korean dot ㆍ is a letter to Unicode
 * and is folded into U+119E. */
static bool is_mark(const char *s, size_t *step)
{
	enum text_sort sort = text_sort(s, strlen(s), step);

	return sort == TEXT_BREAK || sort == TEXT_SPACE || strncmp(s, "\u119e", 3) == 0;
}

/* The bytes of marks, or of other characters, at the start of `s`. */
static size_t run_of(const char *s, bool marks)
{
	size_t at = 0, step;

	while (s[at] && is_mark(s + at, &step) == marks)
		at += step;
	return at;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Does the punctuation from `at` to `to` stand inside a word? Only a single mark does. */
static bool joins(const char *s, size_t at, size_t to)
{
	static const char *const inside[] = {
		"-", "_", "@", "&", "\"", "'", "‘", "’", "“", "”", "\u00ad", "\u200b"};

	if (to - at == 1 && strchr(",/:", s[at]))
		return is_digit(s[at - 1]) && is_digit(s[to]);
	if (to - at == 1 && s[at] == '.')
		return !((s[at - 1] | s[to]) & 0x80);
	for (size_t i = 0; i < COUNT(inside); i++)
		if (strlen(inside[i]) == to - at && strncmp(s + at, inside[i], to - at) == 0)
			return true;
	return false;
}

const char *search_word(const char *s, bool last, size_t *len)
{
	size_t at = 0;

	s += run_of(s, true);
	for (*len = 0; s[at] && (last || !at || joins(s, *len, at));) {
		*len = at + run_of(s + at, false);
		at = *len + run_of(s + *len, true);
	}
	return *len ? s : NULL;
}

/* A word that search_word() takes apart is looked up with a space between its parts. */
static char *key_of(const char *word)
{
	char *folded = text_folded(word), *to = folded;
	size_t step;

	for (const char *s = folded; *s; s += step)
		if (!is_mark(s, &step)) {
			memmove(to, s, step);
			to += step;
		}
	*to = '\0';
	return folded;
}

/* A word in two groups belongs to the first. */
static void add_group(const json_t *group)
{
	const json_t *word;
	size_t i;

	json_array_foreach (group, i, word) {
		AUTOFREE char *key = key_of(json_string_value(word));

		if (!json_object_get(known, key))
			json_put(known, key, json_incref((json_t *)group));
	}
}

static void load(void)
{
	const json_t *group;
	size_t i;

	words = json_loadb(embed_search_words, embed_search_words_len(), 0, NULL);
	known = json_object();
	if (!json_is_array(json_object_get(words, "synonyms")))
		abort(); /* it is built into the program, and tested */
	json_array_foreach (json_object_get(words, "synonyms"), i, group)
		add_group(group);
}

static enum err check_group(const json_t *group)
{
	const json_t *word;
	size_t i;

	ENSURE(json_array_size(group) >= 2 && json_array_size(group) <= GROUP_MAX, ERR_INVALID,
		"\"synonyms\" must be lists of 2 to %d words each", GROUP_MAX);
	json_array_foreach (group, i, word)
		ENSURE(json_is_string(word) && text_is_visible(json_string_value(word)) &&
				text_length(json_string_value(word)) <= 60,
			ERR_INVALID, "a synonym must be a text of 1 to 60 characters");
	return OK;
}

/* The city's synonyms replace those of the program. */
static void override_group(const json_t *group)
{
	const json_t *word;
	size_t i;

	json_array_foreach (group, i, word) {
		AUTOFREE char *key = key_of(json_string_value(word));

		json_put(known, key, json_incref((json_t *)group));
	}
}

enum err search_words_add(const json_t *more)
{
	const json_t *list = json_object_get(more, "synonyms"), *group;
	size_t i;

	pthread_once(&once, load);
	ENSURE(json_is_array(list) && json_array_size(list) <= SYNONYMS_MAX, ERR_INVALID,
		"a file of search words is {\"synonyms\": [[\"word\", \"other word\"]…]}, with at most %d "
		"lists",
		SYNONYMS_MAX);
	json_array_foreach (list, i, group)
		TRY(check_group(group));
	json_array_foreach (list, i, group)
		override_group(group);
	return OK;
}

const json_t *search_synonyms(const char *word)
{
	AUTOFREE char *key = key_of(word);

	pthread_once(&once, load);
	return json_object_get(known, key);
}

bool search_is_stop(const char *word)
{
	pthread_once(&once, load);
	return json_has_text(json_object_get(words, "stop"), word);
}

/* Is enough left before the particle? */
static bool is_stem(const char *word, size_t len)
{
	size_t step, syllables = 0;
	enum text_sort sort = TEXT_BREAK;

	for (size_t at = 0; at < len; at += step) {
		sort = text_sort(word + at, len - at, &step);
		syllables = sort == TEXT_SYLLABLE ? syllables + 1 : 0;
	}
	return sort == TEXT_LETTER || syllables >= 2;
}

size_t search_stem(const char *word)
{
	size_t len = strlen(word), i;
	const json_t *one;

	pthread_once(&once, load);
	if (!len || !(word[len - 1] & 0x80)) /* particles are of syllables */
		return len;
	json_array_foreach (json_object_get(words, "particles"), i, one) {
		size_t n = json_string_length(one);

		if (n < len && strcmp(word + len - n, json_string_value(one)) == 0 &&
			is_stem(word, len - n))
			return len - n;
	}
	return len;
}
