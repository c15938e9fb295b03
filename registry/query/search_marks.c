/* A piece of a text in which the words of a search are marked. */
#include "registry/query/search_parts.h"

#include "base/languages.h"
#include "base/markdown.h"
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
	*p = (struct plain){
		mem_resize(NULL, most + 4), mem_resize(NULL, (most + 1) * sizeof(*p->at)), 0};
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

/* Without the origins. */
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

/* Sets the bytes where the form occurs. */
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

#define HAS 512 /* bits: a line of a record has about 60 different ones */

/* A line, with the hashes of every three bytes of its folded form that begin with a character. Most
 * lines lack some of a form's hashes, and are left without a look at their text. */
struct line {
	uint32_t at, len; /* in the text */
	bool hangul;
	uint64_t has[HAS / 64];
};

struct search_text {
	char *s;
	size_t longest; /* bytes of a line */
	size_t n;
	struct line lines[];
};

static unsigned hash_of(const char *s)
{
	const unsigned char *b = (const unsigned char *)s;

	return ((b[0] | (unsigned)b[1] << 8 | (unsigned)b[2] << 16) * 2654435761u >> 16) % HAS;
}

static bool is_first_byte(char c)
{
	return ((unsigned char)c & 0xc0) != 0x80;
}

/* A text of less than three bytes has none. */
static void hashes_add(uint64_t has[HAS / 64], const char *s, size_t len)
{
	for (size_t i = 0; i + 3 <= len; i++)
		if (is_first_byte(s[i])) {
			unsigned hash = hash_of(s + i);

			has[hash / 64] |= UINT64_C(1) << hash % 64;
		}
}

struct search_forms {
	const json_t *forms;
	size_t n;
	uint64_t need[][HAS / 64]; /* the hashes of each */
};

struct search_forms *search_forms_of(const json_t *forms)
{
	struct search_forms *f = mem_new(sizeof(*f) + json_array_size(forms) * sizeof(f->need[0]));

	f->forms = forms;
	f->n = json_array_size(forms);
	for (size_t i = 0; i < f->n; i++) {
		const json_t *form = json_array_get(forms, i);

		hashes_add(f->need[i], json_string_value(form), json_string_length(form));
	}
	return f;
}

static bool may_have(const struct line *line, const uint64_t need[HAS / 64])
{
	for (size_t i = 0; i < HAS / 64; i++)
		if (need[i] & ~line->has[i])
			return false;
	return true;
}

/* The most forms that the line can have. */
static size_t most_of(const struct line *line, const struct search_forms *forms)
{
	size_t n = 0;

	for (size_t i = 0; i < forms->n; i++)
		n += may_have(line, forms->need[i]);
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

static void add_marked(
	struct buf *out, const char *s, const unsigned char *marked, size_t from, size_t to)
{
	size_t end;

	for (; from < to; from = end) {
		for (end = from + 1; end < to && marked[end] == marked[from]; end++)
			;
		if (marked[from])
			buf_putc(out, TEXT_MARK);
		buf_add(out, s + from, end - from);
		if (marked[from])
			buf_putc(out, TEXT_UNMARK);
	}
}

/* Takes Markdown's marks out of the line, and out of what is marked in it: a piece is shown as
 * plain text. Only here, because the index holds the texts as they were filed. Returns the new
 * length. */
static size_t take_markup_out(char *s, unsigned char *marked, size_t len)
{
	AUTOFREE bool *markup = mem_resize(NULL, (len + 1) * sizeof(*markup));
	size_t to = 0;

	markdown_markup(s, len, markup);
	for (size_t i = 0; i < len; i++)
		if (!markup[i]) {
			marked[to] = marked[i];
			s[to++] = s[i];
		}
	s[to] = '\0';
	return to;
}

static char *piece_of(const char *s, size_t len, const unsigned char *marked)
{
	size_t from = start_of(s, marked, len), to = from + text_prefix(s + from, PIECE);
	struct buf out = BUF(64 * KIB);

	if (to < len)
		for (size_t back = to; back > from + (to - from) / 2; back--)
			if (s[back] == ' ') {
				to = back;
				break;
			}
	buf_puts(&out, from ? "… " : "");
	add_marked(&out, s, marked, from, to);
	buf_puts(&out, to < len ? " …" : "");
	return buf_take(&out);
}

bool search_is_foreign(const char *marked, const char *lang)
{
	return has_hangul(marked, strlen(marked)) && !language_is_first(lang);
}

/* A damaged database may have a text that is not UTF-8: jansson takes none. */
static void add_part(json_t *parts, const char *s, size_t len, bool mark)
{
	json_t *text = len ? json_stringn(s, len) : NULL;

	if (text)
		json_push(parts, json_make("{s:o,s:b}", "text", text, "mark", mark));
}

json_t *search_parts(const char *marked)
{
	static const char ends[] = {TEXT_MARK, TEXT_UNMARK, '\0'};
	json_t *parts = json_array();
	size_t len;

	for (; *marked; marked += len) {
		bool mark = *marked == TEXT_MARK;

		marked += mark || *marked == TEXT_UNMARK;
		len = strcspn(marked, ends);
		add_part(parts, marked, len, mark);
	}
	return parts;
}

static size_t line_of(const char *s)
{
	const char *end = strchr(s, '\n');

	return end ? (size_t)(end - s) : strlen(s);
}

static void count_lines(const char *text, size_t *n, size_t *longest)
{
	size_t len;

	*n = *longest = 0;
	for (const char *s = text; *s; s += len + (s[len] == '\n'), ++*n) {
		len = line_of(s);
		*longest = len > *longest ? len : *longest;
	}
}

struct search_text *search_text_of(const char *s)
{
	size_t n, longest, len = strlen(s), lines, at = 0;
	struct search_text *text;
	struct plain p;

	count_lines(s, &n, &longest);
	lines = n * sizeof(struct line);
	text = mem_new(sizeof(*text) + lines + len + 1);
	text->s = (char *)text + sizeof(*text) + lines;
	text->longest = longest;
	text->n = n;
	memcpy(text->s, s, len);
	plain_init(&p, longest);
	for (struct line *line = text->lines; line < text->lines + n; line++) {
		line->at = (uint32_t)at;
		line->len = (uint32_t)line_of(s + at);
		line->hangul = has_hangul(s + at, line->len);
		plain_look(s + at, line->len, &p);
		hashes_add(line->has, p.s, p.len);
		at += line->len + 1;
	}
	plain_done(&p);
	return text;
}

char *search_piece(
	const struct search_text *text, const struct search_forms *forms, const char *lang)
{
	bool hangul = lang && language_is_first(lang);
	size_t best = 0, most = 2 * forms->n + (lang != NULL);
	AUTOFREE unsigned char *marked = NULL, *marked_best = NULL;
	const struct line *found = NULL;
	AUTOFREE char *line = NULL;
	struct plain p = {0};

	for (const struct line *l = text->lines; l < text->lines + text->n && best < most; l++) {
		size_t prefers = lang && l->hangul == hangul, n = most_of(l, forms);

		if (!n || 2 * n + prefers <= best)
			continue;
		if (!marked) {
			marked = mem_resize(NULL, text->longest + 1);
			marked_best = mem_resize(NULL, text->longest + 1);
			plain_init(&p, text->longest);
		}
		plain_make(text->s + l->at, l->len, &p);
		n = mark_line(&p, text->s + l->at, l->len, forms->forms, marked);
		if (n && 2 * n + prefers > best) {
			unsigned char *swap = marked_best;

			best = 2 * n + prefers;
			found = l;
			marked_best = marked;
			marked = swap;
		}
	}
	plain_done(&p);
	if (!found)
		return NULL;
	line = mem_bytes(text->s + found->at, found->len);
	return piece_of(line, take_markup_out(line, marked_best, found->len), marked_best);
}

/* No word goes beyond a line. */
static bool may_have_any(const struct search_text *text, const struct search_forms *forms)
{
	for (size_t i = 0; i < text->n; i++)
		if (most_of(&text->lines[i], forms))
			return true;
	return false;
}

char *search_marked(const struct search_text *text, const struct search_forms *forms)
{
	size_t len = strlen(text->s);
	AUTOFREE unsigned char *marked = NULL;
	struct buf out = BUF(MIB);
	struct plain p;
	bool any;

	if (!may_have_any(text, forms))
		return NULL;
	marked = mem_resize(NULL, len + 1);
	plain_init(&p, len);
	plain_make(text->s, len, &p);
	any = mark_line(&p, text->s, len, forms->forms, marked) > 0;
	plain_done(&p);
	if (any)
		add_marked(&out, text->s, marked, 0, len);
	return any ? buf_take(&out) : NULL;
}
