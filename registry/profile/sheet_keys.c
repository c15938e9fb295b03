#include "registry/profile/known.h"
#include "registry/profile/sheet_own.h"

#include <stdlib.h>
#include <string.h>

#define MANY 50     /* a key usually has only a handful of rows; with more, keys are looked up */
#define AT_ONCE 200 /* groups, or rows of one, that the register is asked about together */

SQL(OPEN, "sheet.open",
	"SELECT line, first FROM sheet_row WHERE line > ?1 AND first IS NOT NULL"
	" AND NOT EXISTS (SELECT 1 FROM sheet_row AS earlier WHERE earlier.first = sheet_row.first"
	" AND earlier.line < sheet_row.line) ORDER BY line LIMIT 1");
SQL(GROUP, "sheet.group",
	"SELECT line, other, own, content FROM sheet_row WHERE first = ?1 ORDER BY line");
SQL(TAKEN, "sheet.taken", "SELECT 1 FROM sheet_row WHERE key = ?1");
SQL(SETTLE, "sheet.settle", "UPDATE sheet_row SET key = ?2, source = ?3 WHERE line = ?1");

/* A row of a group; the map gave all rows of a group the same key. */
struct keyed {
	int64_t line;
	char *other, *content;
	bool own, settled;
};
struct group {
	char *first;
	struct keyed *members;
	size_t n;
	size_t next; /* all earlier candidates for the latest row's other key are taken */
};

static void group_done(struct group *g)
{
	for (size_t i = 0; i < g->n; i++) {
		free(g->members[i].other);
		free(g->members[i].content);
	}
	free(g->members);
	free(g->first);
	*g = (struct group){0};
}

static enum err read_group(struct sheet *s, struct group *g)
{
	AUTO(rows) rows = {0};

	TRY(db_query(s->db, GROUP, BIND(text(g->first)), &rows));
	while (rows_next(&rows)) {
		g->members = mem_resize(g->members, (g->n + 1) * sizeof(*g->members));
		g->members[g->n++] = (struct keyed){.line = rows_int(&rows, 0),
			.other = rows_dup(&rows, 1),
			.own = rows_int(&rows, 2),
			.content = rows_null(&rows, 3) ? NULL : rows_dup(&rows, 3)};
	}
	return rows_end(&rows);
}

/* The keys that a row may have: the map's key, then the other key, which has a number appended from
 * the second time on. NULL after the last. */
static char *candidate(const struct group *g, const struct keyed *m, size_t n)
{
	AUTOFREE char *numbered = NULL;

	if (n == 0)
		return mem_text(g->first);
	numbered = n > 1 ? mem_printf("%s#%zu", m->other, n) : mem_text(m->other);
	return sheet_short_key(numbered);
}

/* How many candidates the register may have: a file that lost rows has fewer rows than keys. */
static size_t candidates(const struct group *g)
{
	return (g->n < MANY ? g->n : MANY) + 2;
}

/* About AT_ONCE of its rows, from the given one on. */
static void ask_about(const struct group *g, size_t from, json_t *keys)
{
	for (size_t i = from; i < g->n && i - from < AT_ONCE; i++) {
		/* Rows with the same other key are the same. */
		bool again = i > from && strcmp(g->members[i].other, g->members[i - 1].other) == 0;

		for (size_t n = 0; !again && n < candidates(g); n++) {
			AUTOFREE char *key = candidate(g, &g->members[i], n);

			json_push(keys, json_text(key));
		}
	}
}

/* --- settling --- */

static enum err take(struct sheet *s, struct keyed *m, const char *key, bool *took)
{
	char source[SHA256_HEX];
	int64_t one;
	enum err e = db_int(s->db, TAKEN, BIND(text(key)), &one);

	*took = e == ERR_NOT_FOUND;
	if (e != ERR_NOT_FOUND)
		return e;
	m->settled = true;
	known_hash(key, source);
	return db_run(s->db, SETTLE, BIND(num(m->line), text(key), text(source)));
}

/* If the register has a row's record under one of its keys, the row is that very system. */
static enum err settle_by_content(
	struct sheet *s, const struct group *g, struct keyed *m, const json_t *known)
{
	for (size_t n = 0; m->content && !m->own && !m->settled && n < candidates(g); n++) {
		AUTOFREE char *key = candidate(g, m, n);
		const char *has = json_str(known, key);
		bool took;

		if (has && strcmp(has, m->content) == 0)
			TRY(take(s, m, key, &took));
	}
	return OK;
}

static enum err settle_by_order(struct sheet *s, struct group *g, struct keyed *m)
{
	bool as_before = m > g->members && strcmp(m->other, m[-1].other) == 0, took = m->settled;
	size_t n = as_before ? g->next : 0;

	while (!took) {
		AUTOFREE char *key = candidate(g, m, n++);

		TRY(take(s, m, key, &took));
	}
	g->next = n;
	/* A repeated row without a record may be any system with its key. */
	s->nameless += !m->content && n > 1;
	return OK;
}

/* The register is asked about the first rows of a group together with other groups. */
static enum err settle_later(
	struct sheet *s, const struct group *g, size_t from, sheet_known known, void *arg)
{
	json_auto_t *keys = json_array(), *are = NULL;

	ask_about(g, from, keys);
	TRY(known(arg, keys, &are));
	for (size_t i = from; i < g->n && i - from < AT_ONCE; i++)
		TRY(settle_by_content(s, g, &g->members[i], are));
	return OK;
}

static enum err settle_group(
	struct sheet *s, struct group *g, const json_t *are, sheet_known known, void *arg)
{
	for (size_t i = 0; i < g->n && i < AT_ONCE; i++)
		TRY(settle_by_content(s, g, &g->members[i], are));
	for (size_t i = AT_ONCE; i < g->n; i += AT_ONCE)
		TRY(settle_later(s, g, i, known, arg));
	for (size_t i = 0; i < g->n; i++)
		TRY(settle_by_order(s, g, &g->members[i]));
	return OK;
}

/* Reads the next groups in the order of their first rows, until there are enough rows; `*line` is
 * the last group's. */
static enum err read_groups(struct sheet *s, int64_t *line, struct group *groups, size_t *n)
{
	size_t rows = 0;

	for (*n = 0; *n < AT_ONCE && rows < AT_ONCE; ++*n) {
		AUTO(rows) row = {0};
		enum err e = db_one(s->db, OPEN, BIND(num(*line)), &row);

		if (e == ERR_NOT_FOUND)
			return OK;
		TRY(e);
		*line = rows_int(&row, 0);
		groups[*n].first = rows_dup(&row, 1);
		TRY(read_group(s, &groups[*n]));
		rows += groups[*n].n;
	}
	return OK;
}

static enum err settle_groups(
	struct sheet *s, struct group *groups, size_t n, sheet_known known, void *arg)
{
	json_auto_t *keys = json_array(), *are = NULL;

	for (size_t i = 0; i < n; i++)
		ask_about(&groups[i], 0, keys);
	TRY(known(arg, keys, &are));
	for (size_t i = 0; i < n; i++)
		TRY(settle_group(s, &groups[i], are, known, arg));
	return OK;
}

enum err sheet_settle(struct sheet *s, sheet_known known, void *arg)
{
	int64_t line = 0;
	size_t n = 1;

	while (n) {
		struct group groups[AT_ONCE] = {0};
		enum err e = read_groups(s, &line, groups, &n);

		if (e == OK && n)
			e = settle_groups(s, groups, n, known, arg);
		for (size_t i = 0; i < AT_ONCE; i++)
			group_done(&groups[i]);
		TRY(e);
	}
	return OK;
}
