#include "registry/query/search.h"

#include "base/text.h"
#include "base/words.h"
#include "registry/event/search.h"
#include "registry/query/query_parts.h"
#include "registry/query/search_parts.h"
#include "registry/query/search_words.h"

#include <stdlib.h>
#include <string.h>

/* Hits of one tier that are ranked; beyond that they are sorted by their last change. */
#define RANKED 200
#define DEPARTMENTS 8 /* that one word may name */
#define SEEN 4096     /* slots for ids that were found; a power of two, above 2 * SEARCH_MOST */

#define DUE_ROW(id)                                                                          \
	" (?3 = 0 OR EXISTS (SELECT 1 FROM search_text t JOIN system s ON s.slug = t.system" \
	" WHERE t.id = " id QUERY_DUE(4, 5, 6, 7) "))"
#define FOUND_IN(table) "SELECT rowid, NULL FROM " table "(?1) WHERE" DUE_ROW(table ".rowid")

enum {
	HEAD,
	HEAD_RANKED,
	BODY,
	BODY_RANKED,
	ASKED,
	CALLED,
	NAMED,
	SAID,
	WAS_ASKED,
	DEPARTMENT_NAMED,
	ROW,
	TEXTS,
	QUESTION
};
static const struct sql sql[] = {
	[HEAD] = {"search.head", FOUND_IN("search_head") " ORDER BY rowid DESC LIMIT ?2"},
	[HEAD_RANKED] = {"search.head_ranked",
		FOUND_IN(
			"search_head") " ORDER BY rowid < 0, weigh(search_head, 10.0, 6.0, 3.0, 0.0),"
				       " rowid DESC LIMIT ?2"},
	[BODY] = {"search.body", FOUND_IN("search_body") " ORDER BY rowid DESC LIMIT ?2"},
	[BODY_RANKED] = {"search.body_ranked",
		FOUND_IN("search_body") " ORDER BY rowid < 0,"
					" weigh(search_body, 10.0, 6.0, 3.0, 1.0, 0.2, 0.0),"
					" rowid DESC LIMIT ?2"},
	[ASKED] = {"search.asked",
		"SELECT t.id, q.id FROM search_asked(?1) a JOIN search_question q ON q.id = a.rowid"
		" JOIN search_text t ON t.system = q.system JOIN system s ON s.slug = t.system"
		" WHERE (?8 IS NULL OR s.department = ?8) AND (?9 IS NULL OR " QUERY_STATUS
		" = ?9) AND (?10 IS NULL OR s.risk = ?10)" QUERY_DUE(
			4, 5, 6, 7) " AND ?3 >= 0 ORDER BY a.rowid DESC LIMIT ?2"},
	[CALLED] = {"search.called",
		"SELECT d.slug FROM search_called(?1) c JOIN search_department d ON d.id = c.rowid"
		" ORDER BY c.rowid LIMIT ?2"},
	[NAMED] = {"search.named", "SELECT rowid FROM search_head(?1) LIMIT 1"},
	[SAID] = {"search.said", "SELECT rowid FROM search_body(?1) LIMIT 1"},
	[WAS_ASKED] = {"search.was_asked", "SELECT rowid FROM search_asked(?1) LIMIT 1"},
	[DEPARTMENT_NAMED] = {"search.department_named",
		"SELECT rowid FROM search_called(?1) LIMIT 1"},
	[ROW] = {"search.row", "SELECT" QUERY_SYSTEM_COLUMNS
			       " FROM search_text t JOIN system s ON s.slug = t.system"
			       " JOIN department d ON d.slug = s.department WHERE t.id = ?1"},
	[TEXTS] = {"search.texts",
		"SELECT name, tags, summary, rest, not_for FROM search_text WHERE id = ?1"},
	[QUESTION] = {"search.question_text", "SELECT asked FROM search_question WHERE id = ?1"},
};
SQL_TABLE(sql);

/* Where the words are searched, best first. Each tier includes the places of those before it, so
 * that two words may be in different places. Only the questions are separate. */
static const struct tier {
	const char *in;      /* value for a hit's "match" */
	const char *columns; /* NULL: the questions */
	int find, rank;      /* rank -1: sorted by time only */
	bool written;        /* only the words as written, without synonyms */
	bool near;           /* only words close to each other */
	bool departments;    /* a word may also name the department */
} tiers[] = {
	{"name", "{name}", HEAD, HEAD_RANKED, .written = true},
	{"name", "{name}", HEAD, HEAD_RANKED},
	{"tags", "{name tags}", HEAD, HEAD_RANKED},
	{"summary", "{name tags summary}", HEAD, HEAD_RANKED},
	{"rest", "{name tags summary rest}", BODY, BODY_RANKED, .near = true},
	{"rest", "{name tags summary rest}", BODY, BODY_RANKED, .departments = true},
	{"asked", NULL, ASKED, -1},
	{"not_for", "{name tags summary rest not_for}", BODY, BODY_RANKED},
};

#define LAST (COUNT(tiers) - 1)

/* One word of the query, or several that have synonyms as a group. */
struct unit {
	struct buf forms;       /* "a" OR "b": FTS5 syntax */
	struct buf departments; /* "fd slug fe" OR …; empty for none */
	char *first;            /* "a" */
	char *written;          /* "a", or its two halves */
};

struct hit {
	int64_t id, question;
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
	size_t most;
	size_t all;        /* systems that any tier can find, without questions; SIZE_MAX: many */
	size_t of_systems; /* found so far */
	bool few;          /* all of them can be ranked */
	struct hit last[SEARCH_MOST + 1]; /* hits of the last tier, which is searched early */
	size_t last_n;
	struct hit hits[SEARCH_MOST + 1];
	size_t hits_n;
	int64_t seen[SEEN]; /* 0: unused */
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

/* A quote inside a word belongs to it, as in 가"나"다; quotes around it are removed. */
static char *unquoted(const char *s)
{
	size_t from = strspn(s, "\""), to = strlen(s);

	while (to > from && s[to - 1] == '"')
		to--;
	return mem_bytes(s + from, to - from);
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

/* Splits first and then folds, because one character may fold into several words. */
static enum err read_words(struct search *s)
{
	size_t n = 0, len;

	for (const char *at = s->filter->words; *(at += strspn(at, " \t\n")); at += len) {
		AUTOFREE char *word = mem_bytes(at, len = strcspn(at, " \t\n")),
			      *plain = unquoted(word), *folded = text_folded(plain);

		ENSURE(n++ < QUERY_WORDS_MAX, ERR_INVALID, "a search has at most %d words",
			QUERY_WORDS_MAX);
		if (says_something(folded))
			s->words[s->words_n++] = TAKE(folded);
	}
	return OK;
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
	s->extends |= text_length(tail_of(folded)) < 2;
}

/* Does a word of a name, a tag or a department's name start with it? */
static bool is_named(const struct search *s, const char *tail)
{
	AUTOFREE char *head = mem_printf("{name tags} : \"" WORDS_WHOLE "%s\" *", tail),
		      *called = mem_printf("\"" WORDS_WHOLE "%s\" *", tail);
	int64_t one;

	return db_int(s->snap->model, &sql[NAMED], BIND(text(head)), &one) == OK ||
	       db_int(s->snap->model, &sql[DEPARTMENT_NAMED], BIND(text(called)), &one) == OK;
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

static enum err add_departments(struct search *s, struct unit *u)
{
	AUTO(rows) rows = {0};

	TRY(db_query(s->snap->model, &sql[CALLED],
		BIND(text(buf_text(&u->forms)), num(DEPARTMENTS)), &rows));
	while (rows_next(&rows))
		add_facet(&u->departments, u->departments.len ? " OR " : "", "fd",
			rows_text(&rows, 0));
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

/* For the units from `from` to `to`. */
static void match_of(
	const struct search *s, const struct tier *t, size_t from, size_t to, struct buf *out)
{
	if (t->near)
		buf_printf(out, "%s : NEAR(", t->columns);
	for (size_t i = from; i < to; i++) {
		const struct unit *u = &s->units[i];

		if (t->near) {
			buf_printf(out, "%s%s", i > from ? " " : "", u->first);
			continue;
		}
		buf_printf(out, "%s(%s%s(%s)", i > from ? " AND " : "",
			t->columns ? t->columns : "", t->columns ? " : " : "",
			t->written ? u->written : buf_text(&u->forms));
		if (t->departments && u->departments.len)
			buf_printf(out, " OR facets : (%s)", buf_text(&u->departments));
		buf_putc(out, ')');
	}
	if (t->near)
		buf_puts(out, ", 12)");
	if (t->columns)
		add_facets(out, s->filter);
}

/* Adds the id to those seen; false if it was seen before. */
static bool see(struct search *s, int64_t id)
{
	size_t at = (size_t)((uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 52) % SEEN;

	for (; s->seen[at]; at = (at + 1) % SEEN)
		if (s->seen[at] == id)
			return false;
	s->seen[at] = id;
	return true;
}

static enum err run(struct search *s, size_t tier, const char *match, int statement, int64_t limit,
	struct hit *found, size_t *n)
{
	const struct system_filter *f = s->filter;
	bool due = f->due_from || f->due_before || f->duty_from || f->duty_before;
	struct val args[] = {text(match), num(limit), num(due), text(f->due_from),
		text(f->due_before), text(f->duty_from), text(f->duty_before), text(f->department),
		text(f->status), text(f->risk), {0}};
	AUTO(rows) rows = {0};

	if (statement != ASKED)
		args[7] = (struct val){0};
	TRY(db_query(s->snap->model, &sql[statement], args, &rows));
	for (*n = 0; rows_next(&rows); (*n)++)
		found[*n] = (struct hit){
			rows_int(&rows, 0), rows_null(&rows, 1) ? 0 : rows_int(&rows, 1), tier};
	return rows_end(&rows);
}

/* Asks for one more than can be shown, however many hits earlier tiers found. */
static enum err find_in(struct search *s, size_t tier)
{
	AUTOFREE struct hit *found = mem_new((SEARCH_MOST + 1) * sizeof(*found));
	const struct tier *t = &tiers[tier];
	int64_t limit = (int64_t)s->most + 1;
	AUTO(buf) match = BUF(MIB);
	bool few = s->few && t->rank >= 0;
	size_t n;

	match_of(s, t, 0, s->units_n, &match);
	if (tier == LAST && s->last_n > RANKED)
		memcpy(found, s->last, (n = s->last_n) * sizeof(*found));
	else
		TRY(run(s, tier, buf_text(&match), few ? t->rank : t->find, limit, found, &n));
	if (!few && n > 1 && n <= RANKED && t->rank >= 0)
		TRY(run(s, tier, buf_text(&match), t->rank, limit, found, &n));
	for (size_t i = 0; i < n && s->hits_n <= s->most; i++)
		if (see(s, found[i].id)) {
			s->hits[s->hits_n++] = found[i];
			s->of_systems += !found[i].question;
		}
	return OK;
}

/* Does this tier have any hit for the units from `from` to `to`? */
static enum err is_any(struct search *s, const struct tier *t, size_t from, size_t to, bool *out)
{
	static const int looks[] = {[HEAD] = NAMED, [BODY] = SAID, [ASKED] = WAS_ASKED};
	AUTO(buf) match = BUF(MIB);
	int64_t one;
	enum err e;

	match_of(s, t, from, to, &match);
	e = db_int(s->snap->model, &sql[looks[t->find]], BIND(text(buf_text(&match))), &one);
	*out = e == OK;
	return e == ERR_NOT_FOUND ? OK : e;
}

/* If one unit has no hit, all units together have none, which costs only a few look-ups. */
static enum err is_nowhere(struct search *s, bool *out)
{
	bool any;

	*out = false;
	for (size_t i = 0; i < s->units_n && s->units_n > 1; i++) {
		TRY(is_any(s, &tiers[LAST], i, i + 1, &any));
		for (size_t k = 0; k < LAST && !any; k++)
			if (!tiers[k].columns ||
				(tiers[k].departments && s->units[i].departments.len))
				TRY(is_any(s, &tiers[k], i, i + 1, &any));
		*out = *out || !any;
	}
	return OK;
}

static bool any_department(const struct search *s)
{
	for (size_t i = 0; i < s->units_n; i++)
		if (s->units[i].departments.len)
			return true;
	return false;
}

/* The last tier has all hits of the others, except questions and those by a department's name. */
static enum err look_at_all(struct search *s)
{
	AUTO(buf) match = BUF(MIB);

	match_of(s, &tiers[LAST], 0, s->units_n, &match);
	TRY(run(s, LAST, buf_text(&match), tiers[LAST].find, (int64_t)s->most + 1, s->last,
		&s->last_n));
	s->all = any_department(s) || s->last_n > s->most ? SIZE_MAX : s->last_n;
	s->few = s->all <= RANKED;
	return OK;
}

/* Which tiers have hits, from the last one: a hit that a tier lacks is in none before it. So words
 * that never occur together cost one or two queries instead of one per tier. */
static enum err look_ahead(struct search *s, bool worth[COUNT(tiers)])
{
	bool any;

	TRY(look_at_all(s));
	any = worth[LAST] = s->last_n > 0;
	for (size_t i = LAST; i-- > 0;) {
		const struct tier *t = &tiers[i];

		worth[i] = any;
		if (any && s->hits_n && t->columns)
			continue;
		if (any ? !t->near : !t->columns || (t->departments && any_department(s)))
			TRY(is_any(s, t, 0, s->units_n, &worth[i]));
		if (t->columns && !t->near)
			any = any && worth[i];
	}
	return OK;
}

/* For a word without synonyms the second tier has no hits beyond the first. */
static bool is_asked(const struct search *s, size_t tier)
{
	const struct tier *t = &tiers[tier];

	return t->near ? s->units_n > 1 && !s->prefix : !t->written || s->varied;
}

static enum err find_units(struct search *s)
{
	bool worth[COUNT(tiers)], looked = false, nowhere;

	s->all = SIZE_MAX;
	s->of_systems = s->last_n = 0;
	s->few = false;
	TRY(is_nowhere(s, &nowhere));
	if (nowhere)
		return OK;
	for (size_t i = 0; i < COUNT(tiers) && s->hits_n <= s->most; i++) {
		if (!is_asked(s, i))
			continue;
		if (i > 1 && !looked) {
			TRY(look_ahead(s, worth));
			looked = true;
		}
		if (looked && (!worth[i] || (tiers[i].columns && s->of_systems >= s->all)))
			continue;
		TRY(find_in(s, i));
	}
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

/* The place of the words: the tier's own column, else the first that contains one of them. */
static enum err match_of_hit(const struct search *s, const struct hit *hit, json_t *match)
{
	static const char *const columns[] = {"name", "tags", "summary", "rest", "not_for"};
	const char *in = tiers[hit->tier].in;
	AUTO(rows) texts = {0};
	json_t *parts = NULL;
	bool asked = hit->question != 0;

	TRY(db_one(s->snap->model, &sql[asked ? QUESTION : TEXTS],
		BIND(num(asked ? hit->question : hit->id)), &texts));
	if (asked)
		parts = search_piece(rows_text(&texts, 0), s->forms, s->filter->lang);
	for (size_t i = 0; i < COUNT(columns) && !asked && !parts; i++)
		if (strcmp(columns[i], in) == 0)
			parts = search_piece(rows_text(&texts, (int)i), s->forms, s->filter->lang);
	for (size_t i = 0; i < COUNT(columns) && !asked && !parts; i++)
		parts = search_piece(rows_text(&texts, (int)i), s->forms, s->filter->lang);
	json_put(match, "in", json_text(in));
	json_put(match, "parts", parts ? parts : json_array());
	return OK;
}

static enum err add_hit(const struct search *s, const struct hit *hit, json_t *list)
{
	json_t *system = NULL, *match = json_object();

	TRY(query_row(s->snap, &sql[ROW], BIND(num(hit->id)), &system));
	json_put(system, "match", match);
	json_push(list, system);
	return match_of_hit(s, hit, match);
}

static enum err answer(const struct search *s, json_t **out)
{
	size_t total = s->hits_n > s->most ? s->most : s->hits_n;
	size_t from = (size_t)s->filter->offset, to = from + (size_t)s->filter->limit;
	json_t *systems = json_array();

	*out = json_make("{s:I,s:b,s:o,s:O,s:n}", "total", (json_int_t)total, "more",
		s->hits_n > s->most, "systems", systems, "forms", s->forms, "suggestion");
	for (size_t i = from; i < to && i < total; i++)
		TRY(add_hit(s, &s->hits[i], systems));
	return OK;
}

static enum err suggest(const struct search *s, json_t *found)
{
	AUTOFREE char *words = NULL;

	TRY(search_suggest(s->snap, s->filter, s->words, s->words_n, &words));
	if (words)
		json_put(found, "suggestion", json_text(words));
	return OK;
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
	e = search(s, out);
	units_done(s);
	json_decref(s->forms);
	for (size_t i = 0; i < s->words_n; i++)
		free(s->words[i]);
	return e;
}
