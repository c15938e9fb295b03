#include "base/db.h"

#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Compiled statements are kept for the life of a connection, found by the address of their `struct
 * sql`, which is static. The table never shrinks. */
struct cached {
	const struct sql *sql;
	sqlite3_stmt *stmt;
};

/* SQLite's names for the file that is opened, and for the one beside it. */
enum { MAIN, BESIDE, FILES };
static const char *const file_names[FILES] = {"main", "beside"};

struct db {
	sqlite3 *handle;
	struct cached *cache;
	size_t cached, room;
	bool (*stop)(void *arg); /* see db_watch(); NULL: none */
	void *stop_arg;
	enum db_mode mode;
	int log_pages[FILES]; /* in each file's write-ahead log at the latest COMMIT */
};

#define PAGE 4096        /* bytes; SQLite's default, which we do not change */
#define LOG_PAGES 4000   /* of the write-ahead log before a checkpoint folds it back */
#define WATCH_STEPS 4000 /* steps of SQLite's virtual machine between two calls of `stop` */

/* SQLite counts its memory under one lock, which it takes twice for each small allocation, and
 * Debian's has no other allocator for these. Nobody asks for the count. */
__attribute__((constructor)) static void configure(void)
{
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

#define SERVER_MAPS (256 * MIB)
static size_t maps = SERVER_MAPS;

void db_maps(size_t bytes)
{
	maps = bytes ? bytes : SERVER_MAPS;
}

static enum err code_of(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return ERR_BUSY;
	case SQLITE_CONSTRAINT:
		return ERR_CONFLICT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return ERR_CORRUPT;
	default: /* disk full, I/O error, read-only, no memory */
		return ERR_SYSTEM;
	}
}

static atomic_uint_fast64_t damages;

uint64_t db_damages(void)
{
	return atomic_load(&damages);
}

static enum err handle_fail(sqlite3 *handle, const char *name)
{
	enum err e = code_of(sqlite3_errcode(handle));

	if (e == ERR_CORRUPT && sqlite3_db_filename(handle, file_names[BESIDE]))
		atomic_fetch_add(&damages, 1);
	return fail(e, "%s: %s", name, err_text(sqlite3_errmsg(handle)));
}

/* Folds back the pages that no reader needs any more. */
static bool fold(sqlite3 *handle, const char *file)
{
	int in_log = -1, folded = -1;

	return sqlite3_wal_checkpoint_v2(
		       handle, file, SQLITE_CHECKPOINT_PASSIVE, &in_log, &folded) == SQLITE_OK &&
	       in_log >= 0 && folded == in_log;
}

static int on_commit(void *arg, sqlite3 *handle, const char *file, int pages)
{
	struct db *db = arg;

	db->log_pages[strcmp(file, file_names[MAIN]) == 0 ? MAIN : BESIDE] = pages;
	if (pages >= LOG_PAGES)
		(void)!fold(handle, file);
	return SQLITE_OK;
}

int64_t db_log_size(const struct db *db)
{
	int pages = db->log_pages[MAIN];

	if (db->log_pages[BESIDE] > pages)
		pages = db->log_pages[BESIDE];
	return (int64_t)pages * PAGE;
}

bool db_fold_log(struct db *db, bool *all)
{
	bool any = false;

	*all = true;
	for (int i = 0; i < FILES; i++)
		if (db->log_pages[i] >= LOG_PAGES) {
			bool whole = fold(db->handle, file_names[i]);

			any |= whole;
			*all &= whole;
		}
	return any;
}

/* --- the tokenizer of search tables: tokenize = 'words' --- */

struct taker {
	void *arg;
	int (*take)(void *arg, int flags, const char *token, int len, int from, int to);
};

static int take_token(void *arg, bool beside, const char *token, size_t len, size_t from, size_t to)
{
	const struct taker *t = arg;

	return t->take(
		t->arg, beside ? FTS5_TOKEN_COLOCATED : 0, token, (int)len, (int)from, (int)to);
}

static int tokenizer_new(void *arg, const char **args, int n, Fts5Tokenizer **out)
{
	static char same_for_all;

	*out = (Fts5Tokenizer *)&same_for_all;
	return SQLITE_OK;
}

static void tokenizer_free(Fts5Tokenizer *tokenizer)
{
}

static int tokenize(Fts5Tokenizer *tokenizer, void *arg, int flags, const char *s, int len,
	int (*take)(void *arg, int flags, const char *token, int len, int from, int to))
{
	struct taker taker = {arg, take};
	const struct words_take words = {take_token, &taker};

	return words_each(s, (size_t)len,
		flags & FTS5_TOKENIZE_QUERY ? WORDS_OF_QUERY : WORDS_OF_TEXT, &words);
}

/* --- how well a row matches: weigh(table, weight of each column…) --- */

#define PHRASES_MAX 64
#define SATURATION                                                                     \
	1.2 /* of repetitions, and how far a text's length counts: as in FTS5's bm25() \
	     */
#define LENGTH 0.75

/* Tokens in the columns that have a weight, of the row and of an average one. */
static int lengths(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_value **weights,
	int columns, double *own, double *average)
{
	sqlite3_int64 rows = 0, total;
	int tokens, e = api->xRowCount(row, &rows);

	*own = *average = 0;
	for (int i = 0; i < columns && e == SQLITE_OK; i++) {
		if (sqlite3_value_double(weights[i]) <= 0)
			continue;
		e = api->xColumnSize(row, i, &tokens);
		*own += tokens;
		if (e == SQLITE_OK)
			e = api->xColumnTotalSize(row, i, &total);
		*average += (double)total;
	}
	*average /= rows > 0 ? (double)rows : 1;
	return e;
}

/* How often each phrase is in the row, each time by its column's weight. */
static int frequencies(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_value **weights,
	int columns, double out[PHRASES_MAX])
{
	int n, phrase, column, offset, e = api->xInstCount(row, &n);

	for (int i = 0; i < n && e == SQLITE_OK; i++) {
		e = api->xInst(row, i, &phrase, &column, &offset);
		if (e == SQLITE_OK && phrase < PHRASES_MAX && column < columns)
			out[phrase] += sqlite3_value_double(weights[column]);
	}
	return e;
}

/* bm25() without the rarity of each phrase, which it learns by reading all rows that have it: the
 * better, the lower. Rows that are compared have the same words, so little is lost. */
static void weigh(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context,
	int columns, sqlite3_value **weights)
{
	double often[PHRASES_MAX] = {0}, own = 0, average = 0, score = 0;
	int e = lengths(api, row, weights, columns, &own, &average);

	if (e == SQLITE_OK)
		e = frequencies(api, row, weights, columns, often);
	if (e != SQLITE_OK) {
		sqlite3_result_error_code(context, e);
		return;
	}
	for (int i = 0; i < PHRASES_MAX; i++)
		score += often[i] * (SATURATION + 1) /
		         (often[i] + SATURATION * (1 - LENGTH + LENGTH * own / (average + 1)));
	sqlite3_result_double(context, -score);
}

/* --- are phrases close to each other: nearby(table, gap, "0 3 …", most) --- */

/* The rows of a query share this: the phrases' numbers, as they follow in the query, and how many
 * rows are still looked at. */
struct near {
	int phrases[PHRASES_MAX], n;
	int64_t gap, left;
};

/* Where a phrase is: its column, and the token in it. */
struct place {
	int tokens, column, offset;
	Fts5PhraseIter next;
	int64_t at; /* both in one number; -1: nowhere */
};

static void place_set(struct place *p)
{
	p->at = p->column < 0 ? -1 : (int64_t)p->column << 32 | p->offset;
}

/* As NEAR() does: all of them within `gap` tokens of each other. */
static bool are_near(
	const Fts5ExtensionApi *api, Fts5Context *row, struct place *p, int n, int64_t gap)
{
	int64_t last = p[0].at;

	for (int i = 0, fit = 0; fit < n; i = (i + 1) % n) {
		while (p[i].at >= 0 && p[i].at < last - p[i].tokens - gap) {
			api->xPhraseNext(row, &p[i].next, &p[i].column, &p[i].offset);
			place_set(&p[i]);
		}
		if (p[i].at < 0)
			return false;
		fit = p[i].at > last ? 1 : fit + 1;
		last = p[i].at > last ? p[i].at : last;
	}
	return true;
}

static struct near *near_of(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_value **args)
{
	struct near *near = api->xGetAuxdata(row, 0);
	const char *numbers;
	char *end;

	if (near)
		return near;
	near = mem_new(sizeof(*near));
	near->gap = sqlite3_value_int(args[0]);
	numbers = (const char *)sqlite3_value_text(args[1]);
	near->left = sqlite3_value_int64(args[2]);
	for (; numbers && near->n < PHRASES_MAX; numbers = end) {
		near->phrases[near->n] = (int)strtol(numbers, &end, 10);
		if (end == numbers)
			break;
		near->n++;
	}
	return api->xSetAuxdata(row, near, free) == SQLITE_OK ? near : NULL;
}

/* Their first places in the row. */
static int places_of(const Fts5ExtensionApi *api, Fts5Context *row, const struct near *near,
	struct place out[PHRASES_MAX])
{
	int e = SQLITE_OK;

	for (int i = 0; i < near->n && e == SQLITE_OK; i++) {
		struct place *p = &out[i];

		p->tokens = api->xPhraseSize(row, near->phrases[i]);
		e = api->xPhraseFirst(row, near->phrases[i], &p->next, &p->column, &p->offset);
		place_set(p);
	}
	return e;
}

/* 1 if they are, in the first `most` rows of which that is so. Unlike NEAR() it is asked only of
 * rows that are read anyway. */
static void nearby(const Fts5ExtensionApi *api, Fts5Context *row, sqlite3_context *context,
	int args_n, sqlite3_value **args)
{
	struct near *near = args_n == 3 ? near_of(api, row, args) : NULL;
	struct place places[PHRASES_MAX];
	bool is = false;
	int e;

	if (near && near->n > 0 && near->left > 0) {
		e = places_of(api, row, near, places);
		if (e != SQLITE_OK) {
			sqlite3_result_error_code(context, e);
			return;
		}
		is = are_near(api, row, places, near->n, near->gap);
		near->left -= is;
	}
	sqlite3_result_int(context, is);
}

static enum err add_tokenizer(sqlite3 *handle)
{
	fts5_tokenizer words = {tokenizer_new, tokenizer_free, tokenize};
	sqlite3_stmt *stmt = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
		(void)sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	ENSURE(api, ERR_SYSTEM, "this SQLite was built without FTS5, which search needs");
	if (api->xCreateTokenizer(api, "words", NULL, &words, NULL) != SQLITE_OK ||
		api->xCreateFunction(api, "weigh", NULL, weigh, NULL) != SQLITE_OK ||
		api->xCreateFunction(api, "nearby", NULL, nearby, NULL) != SQLITE_OK)
		return handle_fail(handle, "tokenizer");
	return OK;
}

static enum err map(struct db *db, const char *file)
{
	AUTOFREE char *script = mem_printf("PRAGMA %s.mmap_size=%zu", file, maps);

	return db->mode == DB_READ ? db_exec(db, script) : OK;
}

enum err db_open(const char *path, enum db_mode mode, struct db **out)
{
	static const char *const setup[] = {
		/* FULL in WAL syncs the log at every COMMIT, which makes it durable. */
		[DB_WRITE] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
			     "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
			     /* Overwrites deleted data. */
			     "PRAGMA secure_delete=ON;"
			     "PRAGMA cache_size=-16384; PRAGMA temp_store=MEMORY;",
		[DB_READ] = "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF;"
			    "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY;",
		[DB_BUILD] = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
			     "PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
			     "PRAGMA secure_delete=ON;"
			     "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
	};
	int flags = SQLITE_OPEN_NOMUTEX |
	            (mode == DB_READ ? SQLITE_OPEN_READWRITE
				     : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
	struct db *db = mem_new(sizeof(*db));
	enum err e;

	db->mode = mode;

	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		e = fail(ERR_SYSTEM, "%s: %s", path,
			err_text(db->handle ? sqlite3_errmsg(db->handle) : "out of memory"));
		db_free(db);
		return e;
	}
	sqlite3_busy_timeout(db->handle, 5000);
	e = db_exec(db, setup[mode]);
	if (e == OK)
		e = map(db, file_names[MAIN]);
	if (e == OK)
		e = add_tokenizer(db->handle);
	if (e != OK) {
		e = fail(e, "%s: %s", path, err_why());
		db_free(db);
		return e;
	}
	if (mode == DB_WRITE)
		sqlite3_wal_hook(db->handle, on_commit, db);
	*out = db;
	return OK;
}

void db_free(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->cached; i++)
		sqlite3_finalize(db->cache[i].stmt);
	free(db->cache);
	sqlite3_close(db->handle);
	free(db);
}

static enum err sync_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	rc = fsync(fd);
	close(fd);
	ENSURE(rc == 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	return OK;
}

/* Whoever opens it finds WAL mode in its header: several can then open it at once. */
enum err db_built(struct db *db, const char *path)
{
	enum err e = db_exec(db, "PRAGMA journal_mode=WAL");

	if (e != OK)
		e = fail(e, "%s: %s", path, err_why());
	db_free(db);
	TRY(e);
	return sync_file(path);
}

/* The file beside is not synced at a COMMIT, and always whole: NORMAL syncs its log before that is
 * folded back. */
enum err db_attach(struct db *db, const char *path)
{
	static const char *const setup[] = {
		[DB_WRITE] = "PRAGMA beside.synchronous=NORMAL; PRAGMA beside.cache_size=-16384",
		[DB_READ] = "PRAGMA beside.cache_size=-8192",
		[DB_BUILD] = "",
	};
	static const struct sql attach = {"db.attach", "ATTACH ?1 AS beside"};

	ENSURE(access(path, R_OK) == 0, ERR_NOT_FOUND, "%s: %s", path, err_os(errno));
	TRY(db_run(db, &attach, BIND(text(path))));
	db->log_pages[BESIDE] = 0;
	TRY(db_exec(db, setup[db->mode]));
	return map(db, file_names[BESIDE]);
}

enum err db_detach(struct db *db)
{
	db->log_pages[BESIDE] = 0;
	return db_exec(db, "DETACH beside");
}

static enum err copy_pages(struct db *from, const char *file, struct db *to)
{
	sqlite3_backup *copy =
		sqlite3_backup_init(to->handle, file_names[MAIN], from->handle, file);
	int rc;

	if (!copy)
		return handle_fail(to->handle, "a copy");
	rc = sqlite3_backup_step(copy, -1);
	(void)sqlite3_backup_finish(copy);
	ENSURE(rc == SQLITE_DONE, code_of(rc), "a copy: %s", sqlite3_errstr(rc));
	return OK;
}

static enum err copy(struct db *db, const char *file, const char *setup, const char *path)
{
	struct db *to = mem_new(sizeof(*to));
	enum err e = OK;

	if (sqlite3_open_v2(path, &to->handle,
		    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
		    NULL) != SQLITE_OK)
		e = fail(ERR_SYSTEM, "%s: %s", path,
			err_text(to->handle ? sqlite3_errmsg(to->handle) : "out of memory"));
	if (e == OK)
		e = db_exec(to, setup);
	if (e == OK)
		e = copy_pages(db, file, to);
	/* The copied header declares WAL mode. */
	if (e == OK)
		e = db_exec(to, "PRAGMA journal_mode=DELETE");
	db_free(to);
	return e == OK ? OK : fail(e, "%s: %s", path, err_why());
}

enum err db_copy(struct db *db, const char *path)
{
	return copy(db, file_names[MAIN], "PRAGMA synchronous=EXTRA", path);
}

enum err db_copy_private(struct db *db, const char *path)
{
	const char *beside = file_names[BESIDE];
	bool has = sqlite3_db_filename(db->handle, beside);

	return copy(db, has ? beside : file_names[MAIN], "PRAGMA synchronous=OFF", path);
}

enum err db_image(struct db *db, struct buf *out)
{
	sqlite3_int64 len;
	unsigned char *image = sqlite3_serialize(db->handle, file_names[MAIN], &len, 0);

	ENSURE(image, ERR_SYSTEM, "a copy: %s", err_text(sqlite3_errmsg(db->handle)));
	buf_add(out, image, (size_t)len);
	sqlite3_free(image);
	return buf_check(out, "a copy");
}

enum err db_take_image(struct db *db, const struct buf *image)
{
	sqlite3_int64 len = (sqlite3_int64)image->len;
	struct db from = {0};
	enum err e;

	if (sqlite3_open_v2(":memory:", &from.handle, SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_READWRITE,
		    NULL) == SQLITE_OK &&
		sqlite3_deserialize(from.handle, file_names[MAIN], (unsigned char *)image->data,
			len, len, SQLITE_DESERIALIZE_READONLY) == SQLITE_OK)
		e = copy_pages(&from, file_names[MAIN], db);
	else
		e = fail(ERR_SYSTEM, "a copy: %s",
			err_text(from.handle ? sqlite3_errmsg(from.handle) : "out of memory"));
	sqlite3_close(from.handle);
	return e;
}

bool db_reads(const struct db *db)
{
	return !sqlite3_get_autocommit(db->handle);
}

enum err db_exec(struct db *db, const char *script)
{
	if (sqlite3_exec(db->handle, script, NULL, NULL, NULL) != SQLITE_OK)
		return handle_fail(db->handle, "script");
	return OK;
}

static enum err compile(struct db *db, const struct sql *sql, unsigned flags, sqlite3_stmt **out)
{
	if (sqlite3_prepare_v3(db->handle, sql->text, -1, flags, out, NULL) != SQLITE_OK)
		return handle_fail(db->handle, sql->name);
	return OK;
}

/* The slot of `sql` in the cache: its own, or the free one for it. */
static struct cached *cache_find(struct db *db, const struct sql *sql)
{
	for (size_t i = 0; i < db->cached; i++)
		if (db->cache[i].sql == sql)
			return &db->cache[i];
	if (db->cached == db->room) {
		db->room = db->room ? db->room * 2 : 64;
		db->cache = mem_resize(db->cache, db->room * sizeof(*db->cache));
	}
	db->cache[db->cached] = (struct cached){.sql = sql};
	return &db->cache[db->cached];
}

static enum err statement(struct db *db, const struct sql *sql, struct rows *rows)
{
	struct cached *c = cache_find(db, sql);

	if (!c->stmt) {
		TRY(compile(db, sql, SQLITE_PREPARE_PERSISTENT, &c->stmt));
		db->cached++;
	} else if (sqlite3_stmt_busy(c->stmt)) {
		rows->own = true;
		return compile(db, sql, 0, &rows->stmt);
	}
	rows->stmt = c->stmt;
	return OK;
}

/* `keep`: SQLITE_STATIC if the values live until the statement has run, else SQLITE_TRANSIENT. */
static int bind_one(sqlite3_stmt *stmt, int at, const struct val *val, sqlite3_destructor_type keep)
{
	switch (val->kind) {
	case VAL_INT:
		return sqlite3_bind_int64(stmt, at, val->i);
	case VAL_TEXT:
		return sqlite3_bind_text(stmt, at, val->s, -1, keep);
	case VAL_BLOB:
		return sqlite3_bind_blob64(stmt, at, val->s, val->len, keep);
	default:
		return sqlite3_bind_null(stmt, at);
	}
}

static enum err query(struct db *db, const struct sql *sql, const struct val *args,
	sqlite3_destructor_type keep, struct rows *out)
{
	AUTO(rows) rows = {.sql = sql};

	TRY(statement(db, sql, &rows));
	for (int i = 1; args->kind != VAL_END; args++, i++)
		if (bind_one(rows.stmt, i, args, keep) != SQLITE_OK)
			return handle_fail(db->handle, sql->name);
	*out = TAKE(rows);
	return OK;
}

enum err db_query(struct db *db, const struct sql *sql, const struct val *args, struct rows *out)
{
	return query(db, sql, args, SQLITE_TRANSIENT, out);
}

enum err db_query_once(struct db *db, const struct sql *sql, struct rows *out)
{
	AUTO(rows) rows = {.sql = sql, .own = true};

	TRY(compile(db, sql, 0, &rows.stmt));
	*out = TAKE(rows);
	return OK;
}

bool rows_next(struct rows *rows)
{
	int rc = sqlite3_step(rows->stmt);

	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		rows->err = handle_fail(sqlite3_db_handle(rows->stmt), rows->sql->name);
	return rc == SQLITE_ROW;
}

enum err rows_end(struct rows *rows)
{
	return rows->err;
}

enum err db_one(struct db *db, const struct sql *sql, const struct val *args, struct rows *out)
{
	AUTO(rows) rows = {0};

	TRY(db_query(db, sql, args, &rows));
	if (!rows_next(&rows)) {
		TRY(rows_end(&rows));
		return fail(ERR_NOT_FOUND, "%s: no row", sql->name);
	}
	*out = TAKE(rows);
	return OK;
}

enum err db_int(struct db *db, const struct sql *sql, const struct val *args, int64_t *out)
{
	AUTO(rows) rows = {0};

	TRY(db_one(db, sql, args, &rows));
	*out = rows_int(&rows, 0);
	return OK;
}

enum err db_run(struct db *db, const struct sql *sql, const struct val *args)
{
	AUTO(rows) rows = {0};

	/* The statement runs and forgets its values before the caller's values end. */
	TRY(query(db, sql, args, SQLITE_STATIC, &rows));
	rows_next(&rows);
	return rows_end(&rows);
}

static int ask_to_stop(void *arg)
{
	const struct db *db = arg;

	return db->stop(db->stop_arg);
}

void db_watch(struct db *db, bool (*stop)(void *arg), void *arg)
{
	db->stop = stop;
	db->stop_arg = arg;
	sqlite3_progress_handler(db->handle, stop ? WATCH_STEPS : 0, stop ? ask_to_stop : NULL, db);
}

uint64_t db_steps(struct db *db)
{
	uint64_t n = 0;

	for (sqlite3_stmt *s = NULL; (s = sqlite3_next_stmt(db->handle, s));)
		n += (uint64_t)sqlite3_stmt_status(s, SQLITE_STMTSTATUS_VM_STEP, 1);
	return n;
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

enum err db_plan(struct db *db, const struct sql *sql, struct buf *out)
{
	AUTOFREE char *text = mem_printf("EXPLAIN QUERY PLAN %s", sql->text);
	struct sql explain = {.name = sql->name, .text = text};
	AUTO(rows) rows = {0};

	TRY(db_query_once(db, &explain, &rows));
	while (rows_next(&rows)) {
		buf_puts(out, rows_text(&rows, 3));
		buf_putc(out, '\n');
	}
	return rows_end(&rows);
}

bool rows_null(struct rows *rows, int col)
{
	return sqlite3_column_type(rows->stmt, col) == SQLITE_NULL;
}

int rows_width(struct rows *rows)
{
	return sqlite3_column_count(rows->stmt);
}

const char *rows_name(struct rows *rows, int col)
{
	return sqlite3_column_name(rows->stmt, col);
}

bool rows_is_int(struct rows *rows, int col)
{
	return sqlite3_column_type(rows->stmt, col) == SQLITE_INTEGER;
}

int64_t rows_int(struct rows *rows, int col)
{
	return sqlite3_column_int64(rows->stmt, col);
}

const char *rows_text(struct rows *rows, int col)
{
	return (const char *)sqlite3_column_text(rows->stmt, col);
}

const void *rows_blob(struct rows *rows, int col, size_t *len)
{
	const void *data = sqlite3_column_blob(rows->stmt, col);

	*len = (size_t)sqlite3_column_bytes(rows->stmt, col);
	return data ? data : "";
}

char *rows_dup(struct rows *rows, int col)
{
	return mem_text(rows_text(rows, col));
}

void rows_done(struct rows *rows)
{
	if (!rows->stmt)
		return;
	if (rows->own) {
		sqlite3_finalize(rows->stmt);
	} else {
		sqlite3_reset(rows->stmt);
		sqlite3_clear_bindings(rows->stmt);
	}
	*rows = (struct rows){0};
}

/* The linker defines these at the ends of the section; they are absent if no module has a table. */
extern const struct sql_table *const __start_sql_tables[] __attribute__((weak));
extern const struct sql_table *const __stop_sql_tables[] __attribute__((weak));

const struct sql_table *const *sql_tables(size_t *n)
{
	*n = (size_t)(__stop_sql_tables - __start_sql_tables);
	return __start_sql_tables;
}
