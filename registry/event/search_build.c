#include "registry/event/search_build.h"

#include "base/file.h"
#include "base/locked.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS 6 /* the columns that are indexed */
#define COLUMNS "name, tags, summary, rest, not_for, facets"
#define WAITING_MAX (4 * MIB) /* of texts that wait for the thread */
/* Pages of an index are written once, mostly in order. */
#define FEW_PAGES "PRAGMA cache_size=-16384; BEGIN;"

SQL(TABLES, "search_build.tables",
	"SELECT sql FROM sqlite_schema WHERE name IN ('search_head', 'search_body')",
	"the schema is a small table");
SQL(ROW, "search_build.row", "SELECT id, " COLUMNS " FROM search_text WHERE system = ?1");
SQL(SYSTEMS, "search_build.systems", "SELECT system FROM search_text ORDER BY id",
	"the end of a build looks for rows that are not indexed yet");
SQL(HEAD_ADD, "search_build.head_add",
	"INSERT INTO search_head (rowid, name, tags, summary, facets)"
	" VALUES (?1, ?2, ?3, ?4, ?7)");
SQL(BODY_ADD, "search_build.body_add",
	"INSERT INTO search_body (rowid, " COLUMNS ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(HEAD_TAKE, "search_build.head_take",
	"INSERT INTO search_head (search_head, rowid, name, tags, summary, facets)"
	" VALUES ('delete', ?1, ?2, ?3, ?4, ?7)");
SQL(BODY_TAKE, "search_build.body_take",
	"INSERT INTO search_body (search_body, rowid, " COLUMNS ")"
	" VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6, ?7)");

/* A search looks its words up in each piece of an index, so that these end as one. The pieces are
 * merged only once all are written: FTS5 would merge them several times, and leave as much free
 * space in the file as the index takes. Merging also removes the words of rows that were taken out.
 */
#define SET(table, option, value) \
	"INSERT INTO " table " (" table ", rank) VALUES ('" option "', " value ");"
#define IN_PIECES                                 \
	SET("search_body", "hashsize", "4194304") \
	SET("search_body", "automerge", "0") SET("search_body", "crisismerge", "1999")
#define IN_ONE                                                       \
	"INSERT INTO search_head (search_head) VALUES ('optimize');" \
	"INSERT INTO search_body (search_body) VALUES ('optimize');"
#define COPY(table) \
	"DELETE FROM main." table "; INSERT INTO main." table " SELECT * FROM beside." table ";"
#define COPY_INDEX(index) COPY(index "_data") COPY(index "_idx") COPY(index "_docsize")

struct row {
	struct row *next;
	bool out; /* it was indexed with these texts, which are no longer true */
	int64_t id;
	size_t size;
	char *texts[TEXTS];
};

struct search_build {
	char *path;
	json_t *last; /* by system: the last entry that changes its texts */
	json_t *done; /* the systems that are indexed or wait for it; used by the caller only */
	char *tables;
	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards all members below */
	pthread_cond_t given, taken;
	struct row *first, **end;
	size_t waiting; /* bytes */
	bool ending, given_up, failed;
	enum err e;
	char why[ERR_WHY_MAX];
};

static void row_free(struct row *row)
{
	for (size_t i = 0; row && i < TEXTS; i++)
		free(row->texts[i]);
	free(row);
}

/* --- the thread --- */

static enum err index_row(struct db *db, const struct row *row)
{
	char *const *t = row->texts;
	const struct val *values = BIND(num(row->id), text(t[0]), text(t[1]), text(t[2]),
		text(t[3]), text(t[4]), text(t[5]));

	TRY(db_run(db, row->out ? HEAD_TAKE : HEAD_ADD, values));
	return db_run(db, row->out ? BODY_TAKE : BODY_ADD, values);
}

/* The next row, for the caller to free; NULL at the end. */
static struct row *wait_for_row(struct search_build *b)
{
	struct row *row;

	LOCKED(&b->mutex);
	while (!b->first && !b->ending)
		pthread_cond_wait(&b->given, &b->mutex);
	row = b->given_up ? NULL : b->first;
	if (row) {
		b->first = row->next;
		b->waiting -= row->size;
		if (!b->first)
			b->end = &b->first;
	}
	pthread_cond_signal(&b->taken);
	return row;
}

static enum err index_all(struct search_build *b, struct db *db)
{
	struct row *row;
	enum err e = db_exec(db, b->tables);

	while (e == OK && (row = wait_for_row(b))) {
		e = index_row(db, row);
		row_free(row);
	}
	TRY(e);
	return db_exec(db, IN_ONE "COMMIT");
}

static void *work(void *arg)
{
	struct search_build *b = arg;
	struct db *db = NULL;
	enum err e = db_open(b->path, DB_BUILD, &db);

	if (e == OK)
		e = index_all(b, db);
	db_free(db);
	if (e == OK)
		return NULL;
	LOCKED(&b->mutex);
	b->e = e;
	snprintf(b->why, sizeof(b->why), "%s", err_why());
	b->failed = true;
	pthread_cond_signal(&b->taken);
	return NULL;
}

/* --- the last entries --- */

static bool changes_texts(const char *type)
{
	static const char *const types[] = {
		"system.published", "system.suspended", "system.resumed", "system.retired"};

	for (size_t i = 0; i < COUNT(types); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* A line that cannot be read is the fold's to refuse. */
static enum err note(void *arg, uint64_t index, const void *entry, size_t len)
{
	struct search_build *b = arg;
	const char *end = memchr(entry, '\n', len);
	AUTO(event_line) line = {0};
	struct line_value type, system;

	if (!end || event_line_read(entry, (size_t)(end - (const char *)entry), EVENT_LINE_MAX,
			    &line) != OK)
		return OK;
	if (event_line_get(&line, NULL, "type", &type) && type.text && changes_texts(type.text) &&
		event_line_get(&line, NULL, "system", &system) && system.text)
		json_object_set_new(b->last, system.text, json_integer((json_int_t)index));
	return OK;
}

static enum err look_through(struct search_build *b, const struct state *st)
{
	uint64_t size;

	TRY(st->store.ops->size(st->store.self, &size));
	return st->store.ops->entries(st->store.self, 0, size, note, b);
}

/* --- the caller --- */

static enum err read_tables(struct search_build *b, struct db *model)
{
	AUTO(buf) script = BUF(16 * KIB);
	AUTO(rows) rows = {0};

	TRY(db_query(model, TABLES, BIND_NONE, &rows));
	buf_puts(&script, FEW_PAGES);
	while (rows_next(&rows))
		buf_printf(&script, "%s;", rows_text(&rows, 0));
	TRY(rows_end(&rows));
	buf_puts(&script, IN_PIECES);
	b->tables = mem_text(buf_text(&script));
	return OK;
}

/* Signals stay with the calling thread. */
static enum err start_thread(struct search_build *b)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	b->started = pthread_create(&b->thread, NULL, work, b) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	ENSURE(b->started, ERR_SYSTEM, "no thread can be started for work in the background");
	return OK;
}

enum err search_build_start(struct state *st, const char *path, struct search_build **out)
{
	struct search_build *b = mem_new(sizeof(*b));

	*out = b; /* the caller frees it in any case */
	b->path = mem_text(path);
	b->last = json_object();
	b->done = json_object();
	b->end = &b->first;
	pthread_mutex_init(&b->mutex, NULL);
	pthread_cond_init(&b->given, NULL);
	pthread_cond_init(&b->taken, NULL);
	TRY(read_tables(b, st->db));
	TRY(look_through(b, st));
	TRY(file_create(path, "", 0, 0600));
	TRY(start_thread(b));
	st->building = b;
	return OK;
}

static enum err give(struct search_build *b, struct row *row)
{
	LOCKED(&b->mutex);
	while (b->waiting > WAITING_MAX && !b->failed)
		pthread_cond_wait(&b->taken, &b->mutex);
	*b->end = row;
	b->end = &row->next;
	b->waiting += row->size;
	pthread_cond_signal(&b->given);
	return b->failed ? fail(b->e, "%s", b->why) : OK;
}

/* Gives the texts of a system to the thread, to be indexed or taken out. */
static enum err give_texts(struct state *st, const char *slug, bool out)
{
	AUTO(rows) found = {0};
	enum err e = db_one(st->db, ROW, BIND(text(slug)), &found);
	struct row *row;

	if (e == ERR_NOT_FOUND) /* erased, or never published */
		return OK;
	TRY(e);
	row = mem_new(sizeof(*row));
	row->out = out;
	row->id = rows_int(&found, 0);
	row->size = sizeof(*row);
	for (int i = 0; i < TEXTS; i++) {
		row->texts[i] = rows_dup(&found, i + 1);
		row->size += strlen(row->texts[i]);
	}
	if (out)
		json_object_del(st->building->done, slug);
	else
		json_object_set_new(st->building->done, slug, json_true());
	return give(st->building, row);
}

enum err search_build_folded(struct state *st, const struct event *ev)
{
	const json_t *last = json_object_get(st->building->last, ev->subject);

	if (!last || (uint64_t)json_integer_value(last) != ev->index)
		return OK;
	return give_texts(st, ev->subject, false);
}

enum err search_build_changes(struct state *st, const char *slug)
{
	return json_object_get(st->building->done, slug) ? give_texts(st, slug, true) : OK;
}

static enum err give_rest(struct state *st)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, SYSTEMS, BIND_NONE, &rows));
	while (rows_next(&rows))
		if (!json_object_get(st->building->done, rows_text(&rows, 0)))
			TRY(give_texts(st, rows_text(&rows, 0), false));
	return rows_end(&rows);
}

static void end_thread(struct search_build *b, bool at_once)
{
	if (!b->started)
		return;
	pthread_mutex_lock(&b->mutex);
	b->ending = true;
	b->given_up = at_once;
	pthread_cond_signal(&b->given);
	pthread_mutex_unlock(&b->mutex);
	pthread_join(b->thread, NULL);
	b->started = false;
}

enum err search_build_rest(struct state *st)
{
	struct search_build *b = st->building;

	TRY(give_rest(st));
	st->building = NULL;
	end_thread(b, false);
	return b->failed ? fail(b->e, "%s", b->why) : OK;
}

enum err search_build_take(struct search_build *b, struct db *model)
{
	TRY(db_attach(model, b->path));
	TRY(db_exec(model, "BEGIN;" COPY_INDEX("search_head") COPY_INDEX("search_body") "COMMIT;"));
	return db_detach(model);
}

void search_build_free(struct search_build *b)
{
	if (!b)
		return;
	end_thread(b, true);
	while (b->first) {
		struct row *row = b->first;

		b->first = row->next;
		row_free(row);
	}
	pthread_mutex_destroy(&b->mutex);
	pthread_cond_destroy(&b->given);
	pthread_cond_destroy(&b->taken);
	remove(b->path);
	json_decref(b->last);
	json_decref(b->done);
	free(b->tables);
	free(b->path);
	free(b);
}
