#include "registry/query/search.h"

#include "base/text.h"
#include "base/words.h"
#include "registry/event/search.h"
#include "registry/query/query_parts.h"
#include "registry/query/search_kept.h"
#include "registry/query/search_parts.h"
#include "registry/query/search_words.h"

#include <stdlib.h>
#include <string.h>

/* Hits of one tier that are ranked; beyond that they are sorted by their last change. */
#define RANKED 200
#define GAP "12"      /* words between two that are near each other */
#define DEPARTMENTS 8 /* that one word may name */

#define DUE_ROW(id)                                                                          \
	" (?3 = 0 OR EXISTS (SELECT 1 FROM search_text t JOIN system s ON s.slug = t.system" \
	" WHERE t.id = " id QUERY_DUE(4, 5, 6, 7) "))"
#define FOUND_IN(table, near) \
	"SELECT rowid, " near " FROM " table "(?1) WHERE rowid >= ?8 AND" DUE_ROW(table ".rowid")
#define IN_HEAD FOUND_IN("search_head", "?9")
#define IN_BODY FOUND_IN("search_body", "nearby(search_body, " GAP ", ?9, ?10)")

/* weigh() and nearby() are ours (base/db.c): how well a row matches, by the weight of each column,
 * and whether the words are near each other. */
SQL(HEAD, "search.head", IN_HEAD " ORDER BY rowid DESC LIMIT ?2");
SQL(HEAD_RANKED, "search.head_ranked",
	IN_HEAD " ORDER BY rowid < 0, weigh(search_head, 10.0, 6.0, 3.0, 0.0),"
		" rowid DESC LIMIT ?2");
SQL(BODY, "search.body", IN_BODY " ORDER BY rowid DESC LIMIT ?2");
SQL(BODY_RANKED, "search.body_ranked",
	IN_BODY " ORDER BY rowid < 0,"
		" weigh(search_body, 10.0, 6.0, 3.0, 1.0, 0.2, 0.0), rowid DESC LIMIT ?2");
SQL(ASKED, "search.asked",
	"SELECT t.id, q.id FROM search_asked(?1) a JOIN search_question q ON q.id = a.rowid"
	" JOIN search_text t ON t.system = q.system JOIN system s ON s.slug = t.system"
	" WHERE (?8 IS NULL OR s.department = ?8) AND (?9 IS NULL OR " QUERY_STATUS
	" = ?9) AND (?10 IS NULL OR s.risk = ?10)" QUERY_DUE(
		4, 5, 6, 7) " AND ?3 >= 0 ORDER BY a.rowid DESC LIMIT ?2");
SQL(CALLED, "search.called",
	"SELECT d.slug FROM search_called(?1) c JOIN search_department d ON d.id = c.rowid"
	" ORDER BY c.rowid LIMIT ?2");
SQL(NAMED, "search.named", "SELECT rowid FROM search_head(?1) WHERE rowid >= ?2 LIMIT 1");
SQL(DEPARTMENT_NAMED, "search.department_named",
	"SELECT rowid FROM search_called(?1) WHERE rowid >= ?2 LIMIT 1");
SQL(ROW, "search.row",
	"SELECT" QUERY_SYSTEM_COLUMNS " FROM search_text t JOIN system s ON s.slug = t.system"
	" JOIN department d ON d.slug = s.department WHERE t.id = ?1");
SQL(QUESTION, "search.question_text", "SELECT asked FROM search_question WHERE id = ?1");

/* Where the words are searched, best first. Each tier includes the places of those before it, so
 * that two words may be in different places. Only the questions are separate. */
static const struct tier {
	const char *in;                /* value for a hit's "match" */
	const char *columns;           /* NULL: the questions */
	const struct sql *find, *rank; /* rank NULL: sorted by time only */
	bool near;                     /* only words close to each other */
	bool written;                  /* only the words as written, without synonyms */
	bool departments;              /* a word may also name the department */
} tiers[] = {
	{"name", "{name}", HEAD, HEAD_RANKED, .written = true},
	{"name", "{name}", HEAD, HEAD_RANKED},
	{"tags", "{name tags}", HEAD, HEAD_RANKED},
	{"summary", "{name tags summary}", HEAD, HEAD_RANKED},
	{"rest", "{name tags summary rest}", BODY, BODY_RANKED, .near = true},
	{"rest", "{name tags summary rest}", BODY, BODY_RANKED, .departments = true},
	{"asked", NULL, ASKED},
	{"not_for", "{name tags summary rest not_for}", BODY, BODY_RANKED},
};

/* TAGS, SUMMARY and REST have all hits of the tiers before them. */
enum { TAGS = 2, SUMMARY, NEAR, REST };

/* One word of the query, or several that have synonyms as a group. */
struct unit {
	struct buf forms;       /* "a" OR "b": FTS5 syntax */
	struct buf departments; /* "fd slug fe" OR …; empty for none */
	size_t phrases;         /* in both */
	char *first;            /* "a" */
	char *written;          /* "a", or its two halves */
};

struct hit {
	int64_t id, question;
	bool near; /* the words are close to each other */
	size_t tier;
};

struct search {
	const struct snapshot *snap;
	const struct system_filter *filter;
	char *words[QUERY_WORDS_MAX]; /* folded, without stop words */
	size_t words_n;
	bool prefix;  /* words may be prefixes */
	bool extends; /* some words can be prefixes of tokens, unlike pairs of syllables */
	bool varied;  /* some words have synonyms */
	struct unit units[QUERY_WORDS_MAX];
	size_t units_n;
	json_t *forms;
	struct search_forms *marks; /* the same, once all are known */
	int64_t size;               /* of the log, as far as the snapshot has it */
	size_t most;
	struct hit *rest; /* hits of REST, the newest first; room for one more than `most` */
	size_t rest_n;
	struct hit *hits; /* as large, in the same block */
	size_t hits_n;
	int64_t *seen; /* slots for the ids of `hits`; 0: unused */
	size_t slots;  /* a power of two, above 2 * most */
};

/* --- the words --- */

static bool says_something(const char *word)
{
	size_t step;

	for (; *word; word += step) {
		enum text_sort sort = text_sort(word, strlen(word), &step);

		if (sort == TEXT_LETTER || sort == TEXT_SYLLABLE)
			return !search_is_stop(word);
	}
	return false;
}

/* Doubles the quotes, as FTS5 strings require. */
static char *quotable(const char *s)
{
	char *out = mem_new(2 * strlen(s) + 1), *to = out;

	for (; *s; *to++ = *s++)
		if (*s == '"')
			*to++ = '"';
	*to = '\0';
	return out;
}

/* The words of one that was typed between spaces: "cctv,영상" has two. At most `spare` more than
 * one are taken apart. */
static void add_words(struct search *s, const char *typed, size_t *spare)
{
	AUTOFREE char *folded = text_folded(typed);
	size_t len;

	for (const char *at = folded; (at = search_word(at, !*spare, &len));) {
		AUTOFREE char *word = mem_bytes(at, len);

		at += len;
		*spare -= *at && *spare;
		if (says_something(word))
			s->words[s->words_n++] = TAKE(word);
	}
}

/* Splits first and then folds, because one character may fold into several words. */
static enum err read_words(struct search *s)
{
	char *typed[QUERY_WORDS_MAX];
	size_t n = 0, spare, len;
	enum err e = OK;

	for (const char *at = s->filter->words; *(at += strspn(at, " \t\n")) && e == OK;
		at += len) {
		len = strcspn(at, " \t\n");
		if (n < QUERY_WORDS_MAX)
			typed[n++] = mem_bytes(at, len);
		else
			e = fail(ERR_INVALID, "a search has at most %d words", QUERY_WORDS_MAX);
	}
	spare = QUERY_WORDS_MAX - n;
	for (size_t i = 0; i < n; i++) {
		if (e == OK)
			add_words(s, typed[i], &spare);
		free(typed[i]);
	}
	return e;
}

static int take_only(void *arg, bool beside, const char *token, size_t len, size_t from, size_t to)
{
	char **only = arg;

	(void)beside, (void)from, (void)to;
	if (*only)
		return 1;
	*only = mem_bytes(token, len);
	return 0;
}

/* The form that is marked in texts: without spaces, a plural as its singular. */
static char *plain_of(const char *folded)
{
	AUTOFREE char *only = NULL;
	const struct words_take take = {take_only, &only};
	char *plain, *to;

	if (words_each(folded, strlen(folded), WORDS_OF_QUERY, &take) == 0 && only &&
		(unsigned char)*only < 0x80)
		return TAKE(only);
	to = plain = mem_text(folded);
	for (const char *c = folded; *c; c++)
		if (*c != ' ')
			*to++ = *c;
	*to = '\0';
	return plain;
}

/* The last syllables of a word. */
static const char *tail_of(const char *word)
{
	const char *tail = word;
	size_t step;

	for (const char *at = word; *at; at += step)
		if (text_sort(at, strlen(at), &step) != TEXT_SYLLABLE)
			tail = at + step;
	return tail;
}

static void add_form(struct search *s, struct unit *u, const char *form)
{
	AUTOFREE char *folded = text_folded(form), *plain = plain_of(folded),
		      *quoted = quotable(folded);

	if (u->forms.len && json_has_text(s->forms, plain))
		return;
	buf_printf(
		&u->forms, "%s\"%s\"%s", u->forms.len ? " OR " : "", quoted, s->prefix ? " *" : "");
	json_push(s->forms, json_text(plain));
	u->phrases++;
	s->extends |= text_length(tail_of(folded)) < 2;
}

/* Is there any hit? A word that few names have is looked for in all of its list, which is long for
 * a common word; so the answer is kept. */
static enum err has_any(
	const struct search *s, const struct sql *statement, const char *match, bool *out)
{
	struct search_kept *kept = s->filter->kept;
	int64_t one;
	enum err e;

	if (kept && search_answer_kept(kept, s->size, match, out))
		return OK;
	e = db_int(s->snap->model, statement, BIND(text(match), num(INT64_MIN)), &one);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	*out = e == OK;
	if (kept)
		search_answer_keep(kept, s->size, match, *out);
	return OK;
}

/* Does a word of a name, a tag or a department's name start with it? */
static bool is_named(const struct search *s, const char *tail)
{
	AUTOFREE char *head = mem_printf("{name tags} : \"" WORDS_WHOLE "%s\" *", tail),
		      *called = mem_printf("\"" WORDS_WHOLE "%s\" *", tail);
	bool any;

	return (has_any(s, NAMED, head, &any) == OK && any) ||
	       (has_any(s, DEPARTMENT_NAMED, called, &any) == OK && any);
}

/* 민원챗봇 also finds 민원 and 챗봇 apart, if both are words of names or tags. */
static void add_halves(struct search *s, struct unit *u, const char *word)
{
	size_t step, len = strlen(word);

	if (tail_of(word) != word || text_length(word) < 4 || strchr(word, ' '))
		return;
	for (size_t at = text_prefix(word, 2); text_length(word + at) >= 2; at += step) {
		AUTOFREE char *first = mem_bytes(word, at);

		if (is_named(s, first) && is_named(s, word + at)) {
			buf_printf(&u->forms, " OR (\"%s\" AND \"%s\")", first, word + at);
			json_push(s->forms, json_text(first));
			json_push(s->forms, json_text(word + at));
			u->phrases += 2;
			return;
		}
		(void)text_sort(word + at, len - at, &step);
	}
}

/* Removes a particle, unless names and tags contain the word itself, such as 어린이. After letters
 * it is always a particle, even if words start with it, such as 가족 with the 가 of CCTV가. */
static char *stem_of(const struct search *s, const char *word)
{
	size_t len = search_stem(word);
	const char *tail = tail_of(word);

	if (!word[len] || search_synonyms(word) || (tail < word + len && is_named(s, tail)))
		return mem_text(word);
	return mem_bytes(word, len);
}

/* A single token, so that it is one look-up: registry/event/search.c makes the same. */
static void add_facet(struct buf *out, const char *before, const char *mark, const char *value)
{
	buf_printf(out, "%s\"%s", before, mark);
	for (; *value; value++) {
		if (*value == '0')
			buf_puts(out, "00");
		else if (*value == '-')
			buf_puts(out, "0m");
		else if (*value == '_')
			buf_puts(out, "0u");
		else if ((*value >= 'a' && *value <= 'z') || (*value >= '1' && *value <= '9'))
			buf_putc(out, *value);
	}
	buf_puts(out, "0e\"");
}

/* Few words name any, and that a word does not is kept. */
static enum err add_departments(struct search *s, struct unit *u)
{
	AUTOFREE char *asked = mem_printf("called: %s", buf_text(&u->forms));
	struct search_kept *kept = s->filter->kept;
	AUTO(rows) rows = {0};
	size_t n = 0;
	bool any;

	if (kept && search_answer_kept(kept, s->size, asked, &any) && !any)
		return OK;
	TRY(db_query(
		s->snap->model, CALLED, BIND(text(buf_text(&u->forms)), num(DEPARTMENTS)), &rows));
	for (; rows_next(&rows); n++)
		add_facet(&u->departments, u->departments.len ? " OR " : "", "fd",
			rows_text(&rows, 0));
	u->phrases += n;
	if (kept && rows_end(&rows) == OK)
		search_answer_keep(kept, s->size, asked, n > 0);
	return rows_end(&rows);
}

static char *joined(char *const words[], size_t n)
{
	AUTO(buf) out = BUF(64 * KIB);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%s", i ? " " : "", words[i]);
	return buf_take(&out);
}

/* Takes the longest group of words that has synonyms, else one word; sets how many. */
static enum err add_unit(struct search *s, size_t from, size_t *took)
{
	struct unit *u = &s->units[s->units_n++];
	AUTOFREE char *form = NULL;
	const json_t *group = NULL, *other;
	size_t i;

	*u = (struct unit){.forms = BUF(64 * KIB), .departments = BUF(64 * KIB)};
	for (*took = s->words_n - from; *took > 0 && !group; (*took)--) {
		AUTOFREE char *together = joined(s->words + from, *took), *stem = NULL;

		stem = stem_of(s, together);
		group = search_synonyms(stem);
		if (group || *took == 1)
			form = TAKE(stem);
	}
	*took += 1;
	add_form(s, u, form);
	u->first = mem_text(buf_text(&u->forms));
	add_halves(s, u, form);
	u->written = mem_text(buf_text(&u->forms));
	json_array_foreach (group, i, other)
		add_form(s, u, json_string_value(other));
	s->varied |= strcmp(u->written, buf_text(&u->forms)) != 0;
	return add_departments(s, u);
}

static void units_done(struct search *s)
{
	for (size_t i = 0; i < s->units_n; i++) {
		buf_done(&s->units[i].forms);
		buf_done(&s->units[i].departments);
		free(s->units[i].first);
		free(s->units[i].written);
	}
	s->units_n = 0;
}

/* --- FTS5 queries --- */

static void add_facets(struct buf *out, const struct system_filter *f)
{
	if (f->department)
		add_facet(out, " AND facets : ", "fd", f->department);
	if (f->status)
		add_facet(out, " AND facets : ", "fs", f->status);
	if (f->risk)
		add_facet(out, " AND facets : ", "fr", f->risk);
}

static void match_near(const struct search *s, const struct tier *t, struct buf *out)
{
	buf_printf(out, "%s : NEAR(", t->columns);
	for (size_t i = 0; i < s->units_n; i++)
		buf_printf(out, "%s%s", i ? " " : "", s->units[i].first);
	buf_puts(out, ", " GAP ")");
	add_facets(out, s->filter);
}

static void match_of(const struct search *s, const struct tier *t, struct buf *out)
{
	if (t->near) {
		match_near(s, t, out);
		return;
	}
	for (size_t i = 0; i < s->units_n; i++) {
		const struct unit *u = &s->units[i];

		buf_printf(out, "%s(%s%s(%s)", i ? " AND " : "", t->columns ? t->columns : "",
			t->columns ? " : " : "", t->written ? u->written : buf_text(&u->forms));
		if (t->departments && u->departments.len)
			buf_printf(out, " OR facets : (%s)", buf_text(&u->departments));
		buf_putc(out, ')');
	}
	if (t->columns)
		add_facets(out, s->filter);
}

/* For nearby(): the numbers that the words as they were asked for have among all phrases of REST.
 */
static void firsts_of(const struct search *s, struct buf *out)
{
	size_t n = 0;

	for (size_t i = 0; i < s->units_n; n += s->units[i++].phrases)
		buf_printf(out, "%s%zu", i ? " " : "", n);
}

/* The slot of an id, or the one that it would have. */
static size_t slot_of(const struct search *s, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 52) & (s->slots - 1);

	while (s->seen[at] && s->seen[at] != id)
		at = (at + 1) & (s->slots - 1);
	return at;
}

static size_t page_end(const struct search *s)
{
	return (size_t)(s->filter->offset + s->filter->limit);
}

/* The hits beyond it are only counted, and REST and the tiers after it do that. */
static bool page_is_full(const struct search *s)
{
	return s->hits_n >= page_end(s);
}

/* How many hits of a tier are read, and one more. REST counts those of the tiers before NEAR, so of
 * these it is what a page up to this one can show, and enough to see whether they are few. */
static size_t most_of(const struct search *s, size_t tier)
{
	size_t most = page_end(s) > RANKED ? page_end(s) : RANKED;

	return tier < NEAR && most < s->most ? most : s->most;
}

static size_t unseen(const struct search *s, const struct hit *found, size_t n, bool near)
{
	size_t out = 0;

	for (size_t i = 0; i < n; i++)
		out += !s->seen[slot_of(s, found[i].id)] && (found[i].near || !near);
	return out;
}

/* Finds systems whose id is at least `from`. Of the hits of REST that have the words close to each
 * other only those are told that a page up to this one can show, and one more: if earlier tiers
 * have all of these, they fill the page. */
static enum err run(struct search *s, size_t tier, const struct sql *statement, int64_t from,
	struct hit *found, size_t *n)
{
	const struct system_filter *f = s->filter;
	bool due = f->due_from || f->due_before || f->duty_from || f->duty_before;
	bool asked = statement == ASKED;
	bool near = statement == tiers[REST].find && tier == REST && s->units_n > 1 && !s->prefix;
	AUTO(buf) match = BUF(MIB), firsts = BUF(KIB);
	AUTO(rows) rows = {0};

	match_of(s, &tiers[tier], &match);
	firsts_of(s, &firsts);
	TRY(db_query(s->snap->model, statement,
		(const struct val[]){text(buf_text(&match)), num((int64_t)most_of(s, tier) + 1),
			num(due), text(f->due_from), text(f->due_before), text(f->duty_from),
			text(f->duty_before), asked ? text(f->department) : num(from),
			text(asked     ? f->status
				: near ? buf_text(&firsts)
				       : NULL),
			asked  ? text(f->risk)
			: near ? num((int64_t)page_end(s) + 1)
			       : (struct val){0},
			{0}},
		&rows));
	for (*n = 0; rows_next(&rows); (*n)++)
		found[*n] = (struct hit){rows_int(&rows, 0), asked ? rows_int(&rows, 1) : 0,
			!asked && !rows_null(&rows, 1) && rows_int(&rows, 1), tier};
	return rows_end(&rows);
}

static void add_found(struct search *s, const struct hit *found, size_t n, bool near)
{
	size_t at;

	for (size_t i = 0; i < n && s->hits_n <= s->most; i++)
		if (!s->seen[at = slot_of(s, found[i].id)] && (found[i].near || !near)) {
			s->seen[at] = found[i].id;
			s->hits[s->hits_n++] = found[i];
		}
}

/* Are these all hits, and few enough to rank them? */
static bool are_few(const struct search *s, size_t n)
{
	return n <= RANKED && n <= s->most;
}

/* The tiers up to REST have no hits that REST lacks; if its hits are more than were read, theirs
 * may be anywhere. */
static int64_t from_of(const struct search *s, size_t tier)
{
	return tier > REST || s->rest_n > s->most ? INT64_MIN : s->rest[s->rest_n - 1].id;
}

/* Adds the hits of a tier, among which those of earlier tiers are read again. Hits that are few are
 * ranked. */
static enum err find_in(struct search *s, size_t tier)
{
	AUTOFREE struct hit *found = mem_new((s->most + 1) * sizeof(*found));
	const struct tier *t = &tiers[tier];
	bool few = tier < REST && are_few(s, s->rest_n);
	int64_t from = from_of(s, tier);
	size_t n;

	TRY(run(s, tier, few ? t->rank : t->find, from, found, &n));
	if (!few && are_few(s, n) && t->rank && unseen(s, found, n, false) > 1)
		TRY(run(s, tier, t->rank, from, found, &n));
	add_found(s, found, n, false);
	return OK;
}

/* Are there hits of each word in the tier's columns, whatever the filter says? */
static enum err is_possible(const struct search *s, size_t tier, bool *out)
{
	*out = true;
	for (size_t i = 0; i < s->units_n && *out && s->filter->kept; i++) {
		AUTO(buf) match = BUF(MIB);

		buf_printf(&match, "%s : (%s)", tiers[tier].columns, buf_text(&s->units[i].forms));
		TRY(has_any(s, NAMED, buf_text(&match), out));
	}
	return OK;
}

static bool narrows(const struct system_filter *f)
{
	return f->department || f->status || f->risk;
}

/* Does a tier of names, tags and summaries have any hit? */
static enum err is_any(struct search *s, size_t tier, bool *out)
{
	AUTO(buf) match = BUF(MIB);
	int64_t one;
	enum err e;

	TRY(is_possible(s, tier, out));
	if (!*out || (s->filter->kept && s->units_n == 1 && !narrows(s->filter) &&
			     from_of(s, tier) == INT64_MIN))
		return OK;
	match_of(s, &tiers[tier], &match);
	e = db_int(
		s->snap->model, NAMED, BIND(text(buf_text(&match)), num(from_of(s, tier))), &one);
	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The hits of REST that no tier before it found, those with the words close to each other first. If
 * they are too many to be ranked, these are looked for among the newest only. */
static enum err add_rest(struct search *s)
{
	bool few = are_few(s, s->rest_n);

	if (few && !page_is_full(s) && unseen(s, s->rest, s->rest_n, true) > 1)
		TRY(find_in(s, NEAR));
	add_found(s, s->rest, s->rest_n, true);
	if (few && !page_is_full(s) && unseen(s, s->rest, s->rest_n, false) > 1)
		TRY(run(s, REST, tiers[REST].rank, from_of(s, REST), s->rest, &s->rest_n));
	add_found(s, s->rest, s->rest_n, false);
	return OK;
}

/* The first tier to search; NEAR if names, tags and summaries have no hit. A search that finds
 * nothing reads the lists to their ends, and the widest of these tiers tells for all before it. */
static enum err first_tier(struct search *s, size_t *out)
{
	bool any;

	TRY(is_any(s, SUMMARY, &any));
	*out = NEAR;
	if (!any)
		return OK;
	TRY(is_any(s, TAGS, &any));
	*out = any ? 0 : SUMMARY;
	return OK;
}

static enum err find_systems(struct search *s)
{
	size_t first;
	bool named = false;

	TRY(first_tier(s, &first));
	if (first == 0) {
		TRY(is_possible(s, first, &named));
		first = named ? 0 : TAGS;
	}
	for (size_t i = first; i < NEAR && !page_is_full(s); i++)
		if ((!tiers[i].written || s->varied) && s->hits_n < s->rest_n)
			TRY(find_in(s, i));
	return add_rest(s);
}

/* REST is searched first: where it has no hit, no tier before it has one, and where it has more
 * than can be shown, no tier after it is needed. Each search walks along the lists of all its
 * words, and with common words these are long. */
static enum err find_units(struct search *s)
{
	TRY(run(s, REST, tiers[REST].find, INT64_MIN, s->rest, &s->rest_n));
	if (s->rest_n)
		TRY(find_systems(s));
	for (size_t i = REST + 1; i < COUNT(tiers) && s->hits_n <= s->most; i++)
		TRY(find_in(s, i));
	return OK;
}

static enum err find(struct search *s, bool prefix)
{
	size_t took;

	units_done(s);
	json_array_clear(s->forms);
	s->prefix = prefix;
	s->extends = s->varied = false;
	for (size_t at = 0; at < s->words_n; at += took)
		TRY(add_unit(s, at, &took));
	return s->units_n ? find_units(s) : OK;
}

/* --- what a hit shows --- */

static enum err piece_of_question(const struct search *s, int64_t question, char **piece)
{
	AUTOFREE struct search_text *asked = NULL;
	AUTO(rows) row = {0};

	TRY(db_one(s->snap->model, QUESTION, BIND(num(question)), &row));
	asked = search_text_of(rows_text(&row, 0));
	*piece = search_piece(asked, s->marks, s->filter->lang);
	return OK;
}

/* Of the tier's own column, else of the first that contains one of the words. */
static enum err piece_of_system(const struct search *s, int64_t id, const char *in, char **piece)
{
	static const char *const columns[SEARCH_COLUMNS] = {
		"name", "tags", "summary", "rest", "not_for"};
	struct search_texts *texts;

	TRY(search_texts_hold(s->filter->kept, s->snap, s->size, id, &texts));
	for (size_t i = 0; i < SEARCH_COLUMNS; i++)
		if (strcmp(columns[i], in) == 0)
			*piece = search_piece(texts->of[i], s->marks, s->filter->lang);
	for (size_t i = 0; i < SEARCH_COLUMNS && !*piece; i++)
		*piece = search_piece(texts->of[i], s->marks, s->filter->lang);
	search_texts_drop(texts);
	return OK;
}

static enum err match_of_hit(const struct search *s, const struct hit *hit, json_t *match)
{
	const char *in = tiers[hit->tier].in;
	AUTOFREE char *piece = NULL;

	if (hit->question)
		TRY(piece_of_question(s, hit->question, &piece));
	else
		TRY(piece_of_system(s, hit->id, in, &piece));
	json_put(match, "in", json_text(in));
	if (s->filter->ids)
		json_put(match, "marked", json_text(piece));
	else
		json_put(match, "parts", search_parts(piece ? piece : ""));
	return OK;
}

enum err search_row(const struct snapshot *snap, int64_t id, json_t **out)
{
	return query_row(snap, ROW, BIND(num(id)), out);
}

static enum err add_hit(const struct search *s, const struct hit *hit, json_t *list)
{
	json_t *system = NULL, *match;

	if (s->filter->ids)
		json_put(system = json_object(), "id", json_integer(hit->id));
	else
		TRY(search_row(s->snap, hit->id, &system));
	json_put(system, "match", match = json_object());
	json_push(list, system);
	return match_of_hit(s, hit, match);
}

static enum err answer(struct search *s, json_t **out)
{
	size_t total = s->hits_n > s->most ? s->most : s->hits_n;
	size_t from = (size_t)s->filter->offset, to = page_end(s);
	json_t *systems = json_array();

	s->marks = search_forms_of(s->forms);
	*out = json_make("{s:I,s:b,s:o,s:O,s:n}", "total", (json_int_t)total, "more",
		s->hits_n > s->most, "systems", systems, "forms", s->forms, "suggestion");
	for (size_t i = from; i < to && i < total; i++)
		TRY(add_hit(s, &s->hits[i], systems));
	return OK;
}

static enum err suggest(const struct search *s, json_t *found)
{
	struct search_meant meant = {0};
	enum err e = search_suggest(s->snap, s->filter, s->words, s->words_n, &meant);

	if (e == OK && meant.words)
		json_put(found, "suggestion", json_text(meant.words));
	if (e == OK && meant.unknown)
		json_put(found, "unknown", json_text(meant.unknown));
	free(meant.words);
	free(meant.unknown);
	return e;
}

/* 승하차 존: one word that was written as two. */
static enum err find_joined(struct search *s)
{
	AUTO(buf) word = BUF(64 * KIB);
	char *words[QUERY_WORDS_MAX];
	size_t n = s->words_n;
	enum err e;

	memcpy(words, s->words, sizeof(words));
	for (size_t i = 0; i < n; i++)
		buf_puts(&word, words[i]);
	s->words[0] = buf_take(&word);
	s->words_n = 1;
	e = find(s, false);
	free(s->words[0]);
	memcpy(s->words, words, sizeof(words));
	s->words_n = n;
	return e;
}

/* Searches for the words as written; if that finds nothing, joined; and finally as prefixes. */
static enum err find_any(struct search *s)
{
	bool extends;

	TRY(find(s, false));
	extends = s->extends;
	if (s->filter->most) /* what a suggestion would find */
		return OK;
	if (!s->hits_n && s->words_n > 1)
		TRY(find_joined(s));
	return s->hits_n || !extends ? OK : find(s, true);
}

static enum err search(struct search *s, json_t **out)
{
	json_auto_t *found = NULL;

	if (s->filter->kept)
		TRY(query_size(s->snap, &s->size));
	TRY(read_words(s));
	TRY(find_any(s));
	TRY(answer(s, &found));
	if (!s->hits_n && !s->filter->as_written)
		TRY(suggest(s, found));
	*out = TAKE(found);
	return OK;
}

enum err search_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out)
{
	AUTOFREE struct search *s = mem_new(sizeof(*s));
	enum err e;

	s->snap = snap;
	s->filter = filter;
	s->forms = json_array();
	s->most =
		filter->most > 0 && filter->most < SEARCH_MOST ? (size_t)filter->most : SEARCH_MOST;
	for (s->slots = 4; s->slots <= 2 * (s->most + 1); s->slots *= 2)
		;
	s->rest = mem_resize(NULL, 2 * (s->most + 1) * sizeof(*s->rest));
	s->hits = s->rest + s->most + 1;
	s->seen = mem_new(s->slots * sizeof(*s->seen));
	e = search(s, out);
	units_done(s);
	json_decref(s->forms);
	free(s->marks);
	for (size_t i = 0; i < s->words_n; i++)
		free(s->words[i]);
	free(s->rest);
	free(s->seen);
	return e;
}
