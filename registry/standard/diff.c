#include "registry/standard/diff.h"

#include "registry/standard/assessments.h"

#include <stdlib.h>
#include <string.h>

/* Edits beyond which two texts no longer count as versions of each other: 16 MB at worst. */
#define EDITS_MAX 2000
#define RUN_WORK 400 /* cost of showing a run, in comparisons */

struct token {
	const char *s;
	uint32_t len, hash;
};

struct tokens {
	struct token *list;
	size_t n;
};

static void tokens_done(struct tokens *t)
{
	free(t->list);
}

/* The result for a text's tokens: the `change`s of `before`'s tokens and of `after`'s. */
struct marks {
	enum change *before, *after;
};

static void marks_done(struct marks *m)
{
	free(m->before);
	free(m->after);
}

/* --- words --- */

/* One code point of well-formed UTF-8; a stray byte stands for itself. */
static uint32_t code_point(const char *s, size_t *len)
{
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c = *p;
	size_t more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;

	*len = 1;
	if (!more)
		return c;
	c &= 0x3f >> more;
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return *p;
		c = c << 6 | (p[i] & 0x3f);
	}
	*len = more + 1;
	return c;
}

/* Letters and digits form words. Marks and spaces are tokens of their own, and so are ideographs
 * and kana, which are written without spaces; Hangul has spaces and is split into words. */
static const struct range {
	uint32_t from, to;
} alone[] = {
	{0x0000, 0x002f}, /* controls, space, marks */
	{0x003a, 0x0040}, {0x005b, 0x005e}, {0x0060, 0x0060}, {0x007b, 0x00a9}, {0x00ab, 0x00b4},
	{0x00b6, 0x00b9}, {0x00bb, 0x00bf}, {0x2000, 0x206f}, /* general punctuation */
	{0x3000, 0x30ff},                                     /* CJK marks, kana */
	{0x3400, 0x9fff},                                     /* ideographs */
	{0xf900, 0xfaff},                                     /* … for compatibility */
	{0xfe30, 0xfe4f},                                     /* vertical marks */
	{0xff00, 0xff0f},                                     /* full-width marks */
	{0xff1a, 0xff20}, {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0x20000, 0x3ffff}, /* ideographs */
};

static bool is_alone(uint32_t c)
{
	for (size_t i = 0; i < COUNT(alone) && c >= alone[i].from; i++)
		if (c <= alone[i].to)
			return true;
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "1,400" and "0.5" are one word: half of a changed number would read as another number. */
static bool is_within_number(const char *s, size_t at)
{
	return (s[at] == ',' || s[at] == '.') && is_digit(s[at - 1]) && is_digit(s[at + 1]);
}

static size_t token_len(const char *s)
{
	size_t len, sum = 0;

	if (*s == *DIFF_WHOLE) {
		len = 1 + strcspn(s + 1, DIFF_WHOLE);
		return len + (s[len] != 0);
	}
	if (is_alone(code_point(s, &len)))
		return len;
	do {
		sum += len;
	} while (s[sum] && (!is_alone(code_point(s + sum, &len)) || is_within_number(s, sum)));
	return sum;
}

static uint32_t fnv(const char *s, size_t len)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)s[i]) * 16777619U;
	return hash;
}

static struct tokens tokens_of(const char *s)
{
	struct tokens t = {.list = mem_new((strlen(s) + 1) * sizeof(struct token))};

	while (*s) {
		size_t len = token_len(s);

		t.list[t.n++] = (struct token){s, (uint32_t)len, fnv(s, len)};
		s += len;
	}
	return t;
}

static bool same(const struct token *a, const struct token *b)
{
	return a->hash == b->hash && a->len == b->len && memcmp(a->s, b->s, a->len) == 0;
}

/* --- the shortest edit (E. W. Myers, An O(ND) Difference Algorithm, 1986) --- */

/* The part of two texts between their common start and end. */
struct span {
	const struct token *a, *b;
	int n, m;
};

/* How far each diagonal got, one row for each number of edits: row d has d + 1 numbers, for the
 * diagonals -d, -d + 2, … d. */
struct trace {
	int *at;
	size_t cap;
	int work;
};

static void trace_done(struct trace *t)
{
	free(t->at);
}

static size_t row_start(int d)
{
	return (size_t)d * ((size_t)d + 1) / 2;
}

static int *trace_row(struct trace *t, int d)
{
	size_t end = row_start(d + 1);

	if (end > t->cap) {
		t->cap = end * 2;
		t->at = mem_resize(t->at, t->cap * sizeof(*t->at));
	}
	return t->at + row_start(d);
}

/* The position of diagonal k after its d-th edit, before it follows equal words; *down: the edit
 * added a word of b. Diagonal k is number (k + d) / 2 of its row. */
static int step(const int *row, int d, int k, bool *down)
{
	int i = (k + d) / 2;

	*down = k == -d || (k != d && row[i - 1] < row[i]);
	return *down ? row[i] : row[i - 1] + 1;
}

/* One more edit on each diagonal; true when both texts are at their end. */
static bool advance(const struct span *s, struct trace *t, int d)
{
	int *row = trace_row(t, d);
	const int *before = d ? t->at + row_start(d - 1) : NULL;
	bool down;

	for (int k = -d; k <= d; k += 2) {
		int x = d ? step(before, d, k, &down) : 0, y = x - k, start = x;

		while (x < s->n && y < s->m && same(&s->a[x], &s->b[y])) {
			x++;
			y++;
		}
		t->work += x - start + 1;
		row[(k + d) / 2] = x;
		if (x >= s->n && y >= s->m)
			return true;
	}
	return false;
}

/* Follows the path back from the end; words without an edit are unchanged. */
static void mark_edits(
	const struct span *s, const struct trace *t, int d, enum change *a, enum change *b)
{
	int x = s->n, y = s->m;
	bool down;

	for (; d > 0; d--) {
		int k = x - y;
		int start = step(t->at + row_start(d - 1), d, k, &down);

		if (down)
			b[start - k - 1] = CHANGE_ADDED;
		else
			a[start - 1] = CHANGE_REMOVED;
		x = down ? start : start - 1;
		y = x - (down ? k + 1 : k - 1);
	}
}

static void mark_all(enum change *marks, int n, enum change change)
{
	for (int i = 0; i < n; i++)
		marks[i] = change;
}

static void compare(const struct span *s, enum change *a, enum change *b, int *left)
{
	AUTO(trace) t = {0};
	bool done = false;

	for (int d = 0; d <= EDITS_MAX && t.work < *left && !done; d++) {
		done = advance(s, &t, d);
		if (done)
			mark_edits(s, &t, d, a, b);
	}
	*left -= t.work < *left ? t.work : *left;
	if (done)
		return;
	mark_all(a, s->n, CHANGE_REMOVED);
	mark_all(b, s->m, CHANGE_ADDED);
}

static struct marks marks_of(const struct tokens *a, const struct tokens *b, int *left)
{
	struct marks m = {
		.before = mem_new(a->n * sizeof(enum change)),
		.after = mem_new(b->n * sizeof(enum change)),
	};
	size_t from = 0, end = 0, least = a->n < b->n ? a->n : b->n;
	struct span s;

	while (from < least && same(&a->list[from], &b->list[from]))
		from++;
	while (end < least - from && same(&a->list[a->n - 1 - end], &b->list[b->n - 1 - end]))
		end++;
	s = (struct span){
		a->list + from, b->list + from, (int)(a->n - from - end), (int)(b->n - from - end)};
	compare(&s, m.before + from, m.after + from, left);
	return m;
}

/* --- runs --- */

/* The changes between two unchanged pieces: at most one run of each kind. */
struct runs {
	json_t *list;
	struct buf same, removed, added;
};

static void runs_done(struct runs *r)
{
	buf_done(&r->same);
	buf_done(&r->removed);
	buf_done(&r->added);
}

static void put_run(struct runs *r, const char *op, struct buf *text)
{
	if (text->len)
		json_push(r->list, json_make("{s:s, s:s}", "op", op, "text", buf_text(text)));
	buf_clear(text);
}

static void put_changes(struct runs *r)
{
	put_run(r, "removed", &r->removed);
	put_run(r, "added", &r->added);
}

static bool is_space(const struct buf *text)
{
	return text->len && strspn(text->data, " ") == text->len;
}

/* Without the marks around indivisible parts. */
static void token_text(const struct token *t, struct buf *out)
{
	size_t from = *t->s == *DIFF_WHOLE, to = t->len;

	if (from && to > 1 && t->s[to - 1] == *DIFF_WHOLE)
		to--;
	buf_add(out, t->s + from, to - from);
}

/* Joins changes that only a space separates; otherwise a phrase would be chopped into words. */
static void end_same(struct runs *r)
{
	if (!r->same.len)
		return;
	if (is_space(&r->same) && (r->removed.len || r->added.len)) {
		buf_add(&r->removed, r->same.data, r->same.len);
		buf_add(&r->added, r->same.data, r->same.len);
		buf_clear(&r->same);
		return;
	}
	put_changes(r);
	put_run(r, "same", &r->same);
}

static void add_token(struct runs *r, const struct token *t, enum change change)
{
	if (change == CHANGE_SAME) {
		token_text(t, &r->same);
		return;
	}
	end_same(r);
	token_text(t, change == CHANGE_REMOVED ? &r->removed : &r->added);
}

json_t *diff_words(const char *before, const char *after, int *left)
{
	AUTO(tokens) a = tokens_of(before), b = tokens_of(after);
	AUTO(marks) m = marks_of(&a, &b, left);
	size_t max = strlen(before) + strlen(after), i = 0, j = 0;
	AUTO(runs) r = {json_make("[]"), BUF(max), BUF(max), BUF(max)};
	int shown;

	while (i < a.n || j < b.n) {
		if (i < a.n && m.before[i] == CHANGE_REMOVED)
			add_token(&r, &a.list[i++], CHANGE_REMOVED);
		else if (j < b.n && m.after[j] == CHANGE_ADDED)
			add_token(&r, &b.list[j++], CHANGE_ADDED);
		else
			add_token(&r, &a.list[(j++, i++)], CHANGE_SAME);
	}
	put_changes(&r);
	put_run(&r, "same", &r.same);
	shown = (int)json_array_size(r.list) * RUN_WORK;
	*left -= shown < *left ? shown : *left;
	return r.list;
}

/* --- records --- */

static json_t *copy_of(const json_t *value)
{
	return value ? json_deep_copy(value) : json_null();
}

static void add_if_changed(
	json_t *list, const char *name, const json_t *before, const json_t *after)
{
	const json_t *old = json_object_get(before, name), *new = json_object_get(after, name);

	if (old == new || (old && new &&json_equal(old, new)))
		return;
	json_push(list, json_make("{s:s, s:o, s:o}", "field", name, "before", copy_of(old), "after",
				copy_of(new)));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Members unknown to the standard, by name. */
static void add_unknown(
	json_t *list, const struct standard *s, const json_t *before, const json_t *after)
{
	json_t *all = json_make("{}");
	AUTOFREE const char **names = NULL;
	size_t n = 0;

	json_object_update(all, (json_t *)before);
	json_object_update(all, (json_t *)after);
	names = mem_new(json_object_size(all) * sizeof(*names));
	json_members (all, name, value) {
		if (!standard_field(s, name))
			names[n++] = name;
	}
	qsort(names, n, sizeof(*names), by_text);
	for (size_t i = 0; i < n; i++)
		add_if_changed(list, names[i], before, after);
	json_decref(all);
}

json_t *diff_records(const struct standard *s, const json_t *before, const json_t *after)
{
	json_t *list = json_make("[]");
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	for (size_t i = 0; i < n; i++)
		if (fields[i].type == TYPE_ASSESSMENTS)
			assessments_diff(list, fields[i].name,
				json_object_get(before, fields[i].name),
				json_object_get(after, fields[i].name));
		else
			add_if_changed(list, fields[i].name, before, after);
	add_unknown(list, s, before, after);
	return list;
}
