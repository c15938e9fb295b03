/* A piece of a text in which the words of a search are marked. */
#include "registry/query/search_parts.h"

#include "base/languages.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define BEFORE 40 /* characters of a piece before its first marked word */
#define PIECE 160

/* A folded line without spaces, like texts in the index, with the origin of each byte. */
struct plain {
	char *s;
	uint32_t *at; /* one more than bytes: the last is the end of the line */
	size_t len;
};

/* For lines of at most `most` bytes, one after the other. */
static void plain_init(struct plain *p, size_t most)
{
	*p = (struct plain){mem_new(most + 4), mem_new((most + 1) * sizeof(*p->at)), 0};
}

static void plain_done(struct plain *p)
{
	free(p->s);
	free(p->at);
}

static void plain_add(struct plain *p, const char *s, size_t len, size_t at, bool origins)
{
	for (size_t i = 0; i < len; i++) {
		if (origins)
			p->at[p->len] = (uint32_t)at;
		p->s[p->len++] = s[i];
	}
}

/* The few code points that fold into more than they occupy stay unchanged. */
static void plain_fold(struct plain *p, const char *s, size_t step, size_t at, bool origins)
{
	AUTOFREE char *one = mem_bytes(s, step), *folded = text_folded(one);

	plain_add(p, strlen(folded) <= step ? folded : one,
		strlen(folded) <= step ? strlen(folded) : step, at, origins);
}

/* Of two bytes, are these the first of three of a syllable of Hangul? Not all, but nearly. */
static bool starts_hangul(const char *s)
{
	unsigned char first = (unsigned char)s[0], second = (unsigned char)s[1];

	return first == 0xeb || first == 0xec || (first == 0xea && second >= 0xb0);
}

/* Adds a character that is neither ASCII nor a syllable; returns its bytes. */
static size_t plain_other(struct plain *p, const char *s, size_t left, size_t at, bool origins)
{
	size_t step = 1;
	enum text_sort sort = text_sort(s, left, &step);

	if (sort == TEXT_LETTER)
		plain_fold(p, s, step, at, origins);
	else if (sort != TEXT_SPACE)
		plain_add(p, s, step, at, origins);
	return step;
}

/* Always inlined, so that a line that is only looked through has no origins to write. */
__attribute__((always_inline)) static inline void plain_from(
	const char *s, size_t len, struct plain *p, bool origins)
{
	size_t step;

	p->len = 0;
	for (size_t at = 0; at < len; at += step) {
		char c = s[at];

		step = 1;
		if (c == ' ' || c == '\t')
			continue;
		if ((unsigned char)c < 0x80) {
			c = (char)(c + (c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0));
			plain_add(p, &c, 1, at, origins);
		} else if (len - at >= 3 && starts_hangul(s + at)) {
			plain_add(p, s + at, step = 3, at, origins);
		} else {
			step = plain_other(p, s + at, len - at, at, origins);
		}
	}
	memset(p->s + p->len, 0, 4);
}

static void plain_make(const char *s, size_t len, struct plain *p)
{
	plain_from(s, len, p, true);
	p->at[p->len] = (uint32_t)len;
}

/* Without the origins: for has_start(), which most lines do not pass. */
static void plain_look(const char *s, size_t len, struct plain *p)
{
	plain_from(s, len, p, false);
}

static bool is_letter_at(const char *s, size_t at, size_t len)
{
	size_t step;

	while (at && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at < len && text_sort(s + at, len - at, &step) == TEXT_LETTER;
}

static bool is_syllable_at(const char *s, size_t at, size_t len)
{
	size_t step;

	while (at && ((unsigned char)s[at] & 0xc0) == 0x80)
		at--;
	return at < len && text_sort(s + at, len - at, &step) == TEXT_SYLLABLE;
}

/* A word of letters or a single syllable must be whole; several syllables match anywhere. */
static bool stands_alone(const char *s, size_t len, size_t from, size_t to)
{
	if (to - from <= 4 && is_syllable_at(s, from, len))
		return (!from || !is_syllable_at(s, from - 1, len)) && !is_syllable_at(s, to, len);
	if (is_letter_at(s, from, len) && from && is_letter_at(s, from - 1, len))
		return false;
	return !is_letter_at(s, to - 1, len) || !is_letter_at(s, to, len) || s[to] == 's';
}

/* The end of `n` bytes of the plain text in the original, before any following spaces. */
static size_t end_in(const struct plain *p, const char *s, size_t at, size_t n)
{
	size_t last = p->at[at + n - 1] + 1;

	while (((unsigned char)s[last] & 0xc0) == 0x80)
		last++;
	return last;
}

/* Sets the form's bit in each byte where it occurs. */
static bool mark_form(
	const struct plain *p, const char *s, size_t len, const char *form, unsigned char *marked)
{
	size_t n = strlen(form);
	bool any = false;

	for (const char *at = p->s; n && (at = strstr(at, form)); at += n) {
		size_t from = p->at[at - p->s], to = end_in(p, s, (size_t)(at - p->s), n);

		if (!stands_alone(s, len, from, to))
			continue;
		memset(marked + from, 1, to - from);
		any = true;
	}
	return any;
}

/* The number of forms that the line `p` was made of contains; `marked` has one byte for each of its
 * bytes. */
static size_t mark_line(const struct plain *p, const char *s, size_t len, const json_t *forms,
	unsigned char *marked)
{
	const json_t *form;
	size_t i, n = 0;

	memset(marked, 0, len);
	json_array_foreach (forms, i, form)
		n += mark_form(p, s, len, json_string_value(form), marked);
	return n;
}

/* --- lines that may have a form --- */

/* The first three bytes of each form, as a set of hashes. Most lines of a record have none of them,
 * and are left after one pass, whatever the number of forms. */
struct starts {
	unsigned char has[8192];
};

static unsigned hash_of(unsigned a, unsigned b, unsigned c)
{
	return (a | b << 8 | c << 16) * 2654435761u >> 16;
}

static void starts_add(struct starts *starts, unsigned hash)
{
	starts->has[hash / 8] |= (unsigned char)(1 << hash % 8);
}

static void starts_of(const json_t *forms, struct starts *starts)
{
	const json_t *form;
	size_t i;

	memset(starts, 0, sizeof(*starts));
	json_array_foreach (forms, i, form) {
		const unsigned char *s = (const unsigned char *)json_string_value(form);
		size_t n = json_string_length(form);

		for (unsigned c = 0; n == 2 && c < 256; c++)
			starts_add(starts, hash_of(s[0], s[1], c));
		if (n == 1)
			memset(starts, 0xff, sizeof(*starts));
		else if (n > 2)
			starts_add(starts, hash_of(s[0], s[1], s[2]));
	}
}

static bool has_start(const struct plain *p, const struct starts *starts, const json_t *forms)
{
	const unsigned char *s = (const unsigned char *)p->s;
	const json_t *form;
	size_t k;

	for (size_t i = 0; i < p->len; i++) {
		unsigned hash;

		if ((s[i] & 0xc0) == 0x80) /* within a character */
			continue;
		hash = hash_of(s[i], s[i + 1], s[i + 2]);
		if (!(starts->has[hash / 8] & 1 << hash % 8))
			continue;
		json_array_foreach (forms, k, form)
			if (!strncmp(p->s + i, json_string_value(form), json_string_length(form)))
				return true;
	}
	return false;
}

static bool has_hangul(const char *s, size_t len)
{
	size_t step;

	for (size_t at = 0; at < len; at += step)
		if (text_sort(s + at, len - at, &step) == TEXT_SYLLABLE)
			return true;
	return false;
}

/* The start of the piece: a few words before the first marked one. */
static size_t start_of(const char *s, const unsigned char *marked, size_t len)
{
	size_t first = 0, from;

	while (first < len && !marked[first])
		first++;
	if (text_length(s) <= PIECE || first == len)
		return 0;
	from = first;
	for (size_t n = 0; from && n < BEFORE; from--)
		n += ((unsigned char)s[from] & 0xc0) != 0x80;
	while (from && from < first && s[from] != ' ')
		from++;
	return from == first ? first : from + (s[from] == ' ');
}

static void add_part(json_t *parts, const char *s, size_t len, bool mark)
{
	if (len)
		json_push(
			parts, json_make("{s:o,s:b}", "text", json_stringn(s, len), "mark", mark));
}

static json_t *parts_of(const char *s, const unsigned char *marked, size_t from, size_t to)
{
	json_t *parts = json_array();
	size_t end;

	for (; from < to; from = end) {
		for (end = from + 1; end < to && marked[end] == marked[from]; end++)
			;
		add_part(parts, s + from, end - from, marked[from]);
	}
	return parts;
}

static json_t *piece_of(const char *s, size_t len, const unsigned char *marked)
{
	size_t from = start_of(s, marked, len), to = from + text_prefix(s + from, PIECE);
	json_t *parts;

	if (to < len)
		for (size_t back = to; back > from + (to - from) / 2; back--)
			if (s[back] == ' ') {
				to = back;
				break;
			}
	parts = parts_of(s, marked, from, to);
	if (from)
		json_array_insert_new(
			parts, 0, json_make("{s:s,s:b}", "text", "… ", "mark", false));
	if (to < len)
		json_push(parts, json_make("{s:s,s:b}", "text", " …", "mark", false));
	return parts;
}

bool search_is_foreign(const json_t *parts, const char *lang)
{
	const json_t *part;
	size_t i;

	json_array_foreach (parts, i, part) {
		const char *s = json_str(part, "text");

		if (has_hangul(s, strlen(s)))
			return !language_is_first(lang);
	}
	return false;
}

static size_t line_of(const char *s)
{
	const char *end = strchr(s, '\n');

	return end ? (size_t)(end - s) : strlen(s);
}

static size_t longest_line(const char *text)
{
	size_t longest = 0, len;

	for (const char *s = text; *s; s += len + (s[len] == '\n')) {
		len = line_of(s);
		if (len > longest)
			longest = len;
	}
	return longest;
}

json_t *search_piece(const char *text, const json_t *forms, const char *lang)
{
	bool hangul = lang && language_is_first(lang);
	size_t len, best = 0, most = 2 * json_array_size(forms) + (lang != NULL),
		    longest = longest_line(text);
	AUTOFREE unsigned char *marked = mem_new(longest + 1);
	AUTOFREE struct starts *starts = mem_new(sizeof(*starts));
	json_t *out = NULL;
	struct plain p;

	starts_of(forms, starts);
	plain_init(&p, longest);
	for (const char *s = text; *s && best < most; s += len + (s[len] == '\n')) {
		AUTOFREE char *line = NULL;
		size_t n;

		len = line_of(s);
		plain_look(s, len, &p);
		if (!has_start(&p, starts, forms))
			continue;
		plain_make(s, len, &p);
		line = mem_bytes(s, len);
		n = 2 * mark_line(&p, line, len, forms, marked);
		n += n && lang && has_hangul(line, len) == hangul ? 1 : 0;
		if (n <= best)
			continue;
		best = n;
		json_decref(out);
		out = piece_of(line, len, marked);
	}
	plain_done(&p);
	return out;
}

json_t *search_marked(const char *text, const json_t *forms)
{
	size_t len = strlen(text), n;
	AUTOFREE unsigned char *marked = mem_new(len + 1);
	struct plain p;

	plain_init(&p, len);
	plain_make(text, len, &p);
	n = mark_line(&p, text, len, forms, marked);
	plain_done(&p);
	return n ? parts_of(text, marked, 0, len) : NULL;
}
