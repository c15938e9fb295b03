/* "Did you mean": the nearest word of the index, by strokes; else all words but one. */
#include "registry/query/search_kept.h"

#include "base/text.h"
#include "base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LEAVES_ONE 5 /* words at most of which one may be left out */
#define COUNTED 200  /* hits of a suggestion */
#define STROKES 48   /* strokes of the longest word that is compared */

SQL(IS_KNOWN, "search.is_known", "SELECT rowid FROM search_body(?1) LIMIT 1");

/* The keystrokes of a word: syllables are split into letters, so 쳇 and 챗 differ in one of three.
 */
static size_t strokes_of(const char *word, uint16_t out[STROKES])
{
	const unsigned char *s = (const unsigned char *)word;
	size_t n = 0;

	while (*s && n + 3 <= STROKES) {
		if ((*s & 0xf0) == 0xe0 && s[1] && s[2]) {
			unsigned c = (*s & 0xfu) << 12 | (s[1] & 0x3fu) << 6 | (s[2] & 0x3fu);

			s += 3;
			if (c < 0xac00 || c > 0xd7a3) {
				out[n++] = (uint16_t)c;
				continue;
			}
			c -= 0xac00;
			out[n++] = (uint16_t)(0x1100 + c / 588);
			out[n++] = (uint16_t)(0x1161 + c % 588 / 28);
			if (c % 28)
				out[n++] = (uint16_t)(0x11a7 + c % 28);
		} else {
			out[n++] = *s++;
		}
	}
	return n;
}

/* Damerau-Levenshtein distance: swapped neighbours are one edit. Just a lower bound above
 * `most`. */
static unsigned distance(
	const uint16_t *a, size_t a_n, const uint16_t *b, size_t b_n, unsigned most)
{
	unsigned rows[3][STROKES + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	if ((a_n > b_n ? a_n - b_n : b_n - a_n) > most)
		return most + 1;
	for (size_t j = 0; j <= b_n; j++)
		last[j] = (unsigned)j;
	for (size_t i = 1; i <= a_n; i++) {
		unsigned least = row[0] = (unsigned)i, *spare = before;

		for (size_t j = 1; j <= b_n; j++) {
			unsigned d = last[j - 1] + (a[i - 1] != b[j - 1]);

			d = d < last[j] + 1 ? d : last[j] + 1;
			d = d < row[j - 1] + 1 ? d : row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
				before[j - 2] + 1 < d)
				d = before[j - 2] + 1;
			row[j] = d;
			least = d < least ? d : least;
		}
		if (least > most)
			return most + 1;
		before = last, last = row, row = spare;
	}
	return last[b_n];
}

static bool is_known(const struct snapshot *snap, const char *word)
{
	AUTOFREE char *match = mem_printf("\"%s\"", word);
	int64_t one;

	return db_int(snap->model, IS_KNOWN, BIND(text(match)), &one) == OK;
}

static void put_syllable(char out[16], unsigned c)
{
	snprintf(out, 16, WORDS_WHOLE "%c%c%c", 0xe0 | c >> 12, 0x80 | (c >> 6 & 0x3f),
		0x80 | (c & 0x3f));
}

/* The range of the index's words that begin with the same stroke: the first one is rarely wrong,
 * and reading all words reads much of the index. Only for a word of one script: letters, or
 * complete syllables. */
static void range_of(const char *word, uint16_t first, char from[16], char to[16])
{
	size_t step;

	if (text_sort(word, strlen(word), &step) == TEXT_SYLLABLE && first >= 0x1100 &&
		first < 0x1113) {
		put_syllable(from, 0xac00 + (first - 0x1100u) * 588);
		put_syllable(to, 0xac00 + (first - 0x1100u + 1) * 588);
	} else {
		snprintf(from, 16, "%c", first < 0x80 ? first : 'a');
		snprintf(to, 16, "%c", first < 0x80 ? first + 1 : '{');
	}
}

/* The start of a word is rarely wrong; after that the more common word wins. */
static const char *nearest_of(const struct search_vocabulary *among, size_t mark,
	const uint16_t strokes[STROKES], size_t n)
{
	uint16_t found[STROKES];
	unsigned best = n >= 7 ? 2 : 1;
	size_t most_alike = 0;
	int64_t most_systems = 0;
	const char *out = NULL;

	for (size_t i = 0; i < among->n; i++) {
		const struct search_word *w = &among->words[i];
		size_t alike = 0, found_n = strokes_of(w->term + mark, found);
		unsigned d = distance(strokes, n, found, found_n, best);

		while (alike < n && alike < found_n && strokes[alike] == found[alike])
			alike++;
		if (d > best ||
			(d == best && (alike < most_alike ||
					      (alike == most_alike && w->systems <= most_systems))))
			continue;
		best = d;
		most_alike = alike;
		most_systems = w->systems;
		out = w->term + mark;
	}
	return out;
}

static enum err nearest(
	const struct snapshot *snap, struct search_kept *kept, const char *word, char **out)
{
	size_t step, n, mark = strlen(WORDS_WHOLE);
	bool syllables = text_sort(word, strlen(word), &step) == TEXT_SYLLABLE;
	struct search_vocabulary *among;
	uint16_t strokes[STROKES];
	char from[16], to[16];

	n = strokes_of(word, strokes);
	if (n < 4 || n + 3 > STROKES)
		return OK;
	range_of(word, strokes[0], from, to);
	TRY(search_vocabulary_hold(kept, snap, from, to, &among));
	*out = mem_text(nearest_of(among, syllables ? mark : 0, strokes, n));
	search_vocabulary_drop(among);
	return OK;
}

/* 민원쳇봇: of a word that nobody writes together, one half is as it is known, and the other near
 * to a known one. */
static enum err nearest_halves(
	const struct snapshot *snap, struct search_kept *kept, const char *word, char **out)
{
	size_t step;

	for (size_t at = 0; word[at] && !*out; at += step) {
		AUTOFREE char *first = mem_bytes(word, at), *near = NULL;
		bool first_known;

		if (text_sort(word + at, strlen(word + at), &step) != TEXT_SYLLABLE)
			return OK;
		if (text_length(first) < 2 || text_length(word + at) < 2)
			continue;
		first_known = is_known(snap, first);
		if (first_known == is_known(snap, word + at))
			continue;
		TRY(nearest(snap, kept, first_known ? word + at : first, &near));
		if (near)
			*out = mem_printf("%s %s", first_known ? first : near,
				first_known ? near : word + at);
	}
	return OK;
}

static enum err as_meant(const struct snapshot *snap, struct search_kept *kept, char *const words[],
	size_t n, char **out)
{
	AUTO(buf) meant = BUF(64 * KIB);
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		AUTOFREE char *near = NULL;

		if (!strchr(words[i], '"') && !is_known(snap, words[i])) {
			TRY(nearest(snap, kept, words[i], &near));
			if (!near)
				TRY(nearest_halves(snap, kept, words[i], &near));
		}
		any = any || near;
		buf_printf(&meant, "%s%s", i ? " " : "", near ? near : words[i]);
	}
	*out = any ? buf_take(&meant) : NULL;
	return OK;
}

/* The number of results for these words, up to the limit; 0 if they fold into more words than a
 * search may have. */
static enum err count(const struct snapshot *snap, const struct system_filter *filter,
	const char *words, int64_t *out)
{
	struct system_filter meant = *filter;
	json_auto_t *found = NULL;
	enum err e;

	*out = 0;
	meant.words = words;
	meant.limit = 0;
	meant.offset = 0;
	meant.most = COUNTED;
	meant.as_written = true;
	e = search_systems(snap, &meant, &found);
	if (e == ERR_INVALID)
		return OK;
	TRY(e);
	*out = json_num(found, "total");
	return OK;
}

static char *without(char *const words[], size_t n, size_t one)
{
	AUTO(buf) out = BUF(64 * KIB);

	for (size_t i = 0; i < n; i++)
		if (i != one)
			buf_printf(&out, "%s%s", out.len ? " " : "", words[i]);
	return buf_take(&out);
}

/* The only word that finds nothing by itself; n: each finds something; ERR_NOT_FOUND: several do
 * not, so that no choice of all but one finds anything. */
static enum err odd_one(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, size_t *out)
{
	struct system_filter one = *filter;
	int64_t found;

	*out = n;
	for (size_t i = 0; i < n; i++) {
		TRY(count(snap, &one, words[i], &found));
		if (!found && *out < n)
			return ERR_NOT_FOUND;
		if (!found)
			*out = i;
	}
	return OK;
}

/* Does no system have this word? One that a filter hides may have it. */
static enum err is_unknown(const struct snapshot *snap, const char *word, bool *is)
{
	int64_t found;

	TRY(count(snap, &(struct system_filter){0}, word, &found));
	*is = !found;
	return OK;
}

/* All words but one: those that say most, as they find the least. Of two words one is left out only
 * if it finds nothing by itself. Each choice is a search of its own, so that many words would cost
 * as many searches. */
static enum err all_but_one(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, struct search_meant *out)
{
	int64_t least = COUNTED + 1, found;
	bool unknown;
	size_t odd;
	enum err e =
		n > 1 && n <= LEAVES_ONE ? odd_one(snap, filter, words, n, &odd) : ERR_NOT_FOUND;

	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	if (odd == n && n == 2)
		return OK;
	for (size_t i = 0; i < n; i++) {
		AUTOFREE char *rest = NULL;

		if (odd < n && i != odd)
			continue;
		rest = without(words, n, i);
		TRY(count(snap, filter, rest, &found));
		if (!found || found >= least)
			continue;
		least = found;
		free(out->words);
		out->words = TAKE(rest);
	}
	if (odd == n || !out->words)
		return OK;
	TRY(is_unknown(snap, words[odd], &unknown));
	if (unknown)
		out->unknown = mem_text(words[odd]);
	return OK;
}

/* Suggests only words that find something. */
enum err search_suggest(const struct snapshot *snap, const struct system_filter *filter,
	char *const words[], size_t n, struct search_meant *out)
{
	AUTOFREE char *meant = NULL;
	int64_t found = 0;

	TRY(as_meant(snap, filter->kept, words, n, &meant));
	if (meant)
		TRY(count(snap, filter, meant, &found));
	if (!found)
		return all_but_one(snap, filter, words, n, out);
	out->words = TAKE(meant);
	return OK;
}
