/* A piece of a text in which the words of a search are marked. */
#include "registry/query/search_parts.h"

#include "base/languages.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define BEFORE 40 /* characters of a piece before its first marked word */
#define PIECE 160

/* A folded text without spaces, like those in the index, with the origin of each byte. */
struct plain {
	char *s;
	size_t *at; /* one more than bytes: the last is the end of the text */
	size_t len;
};

static void plain_done(struct plain *p)
{
	free(p->s);
	free(p->at);
}

static void plain_add(struct plain *p, const char *s, size_t len, size_t at)
{
	for (size_t i = 0; i < len; i++) {
		p->s[p->len] = s[i];
		p->at[p->len++] = at;
	}
}

/* The few code points that fold into more than they occupy stay unchanged. */
static void plain_fold(struct plain *p, const char *s, size_t step, size_t at)
{
	AUTOFREE char *one = mem_bytes(s, step), *folded = text_folded(one);

	plain_add(p, strlen(folded) <= step ? folded : one,
		strlen(folded) <= step ? strlen(folded) : step, at);
}

static void plain_make(const char *s, size_t len, struct plain *p)
{
	size_t step;

	*p = (struct plain){mem_new(len + 1), mem_new((len + 1) * sizeof(size_t)), 0};
	for (size_t at = 0; at < len; at += step) {
		enum text_sort sort = text_sort(s + at, len - at, &step);
		char c = s[at];

		if (sort == TEXT_SPACE)
			continue;
		if ((unsigned char)c < 0x80)
			c += c >= 'A' && c <= 'Z' ? 'a' - 'A' : 0;
		if (step == 1)
			plain_add(p, &c, 1, at);
		else if (sort == TEXT_LETTER)
			plain_fold(p, s + at, step, at);
		else
			plain_add(p, s + at, step, at);
	}
	p->s[p->len] = '\0';
	p->at[p->len] = len;
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

/* The number of forms that the line contains; `marked` has one byte for each of its bytes. */
static size_t mark_line(const char *s, size_t len, const json_t *forms, unsigned char *marked)
{
	AUTOFREE char *line = mem_bytes(s, len);
	struct plain p;
	const json_t *form;
	size_t i, n = 0;

	memset(marked, 0, len);
	plain_make(line, len, &p);
	json_array_foreach (forms, i, form)
		n += mark_form(&p, line, len, json_string_value(form), marked);
	plain_done(&p);
	return n;
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

json_t *search_piece(const char *text, const json_t *forms, const char *lang)
{
	bool hangul = lang && language_is_first(lang);
	size_t len, best = 0;
	json_t *out = NULL;

	for (const char *s = text; *s; s += len + (s[len] == '\n')) {
		AUTOFREE unsigned char *marked = NULL;
		AUTOFREE char *line = NULL;
		size_t n;

		len = strcspn(s, "\n");
		line = mem_bytes(s, len);
		marked = mem_new(len + 1);
		n = 2 * mark_line(line, len, forms, marked);
		n += n && lang && has_hangul(line, len) == hangul ? 1 : 0;
		if (n <= best)
			continue;
		best = n;
		json_decref(out);
		out = piece_of(line, len, marked);
	}
	return out;
}

json_t *search_marked(const char *text, const json_t *forms)
{
	size_t len = strlen(text);
	AUTOFREE unsigned char *marked = mem_new(len + 1);

	return mark_line(text, len, forms, marked) ? parts_of(text, marked, 0, len) : NULL;
}
