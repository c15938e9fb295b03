/* db.h - the only door to SQLite.
 *
 * A `struct db` is one connection and belongs to one thread at a time. SQL is constant text in one
 * table per module; values arrive only by bind. */
#pragma once
#include "base/buf.h"

struct db;
struct sql {
	const char *name; /* "review.latest": in logs, metrics and `gaya show sql` */
	const char *text;
	const char
		*scans; /* why a full table scan is allowed; NULL: a plan that scans fails a test */
};
/* A statement of a module, at file scope: SQL(FIND, "system.find", "SELECT …"). SQL_TABLE() lists
 * an array of statements that a macro wrote. The linker gathers all of a program in one section,
 * for `gaya show sql` and the query-plan test. */
#define SQL(variable, ...)                                     \
	static const struct sql variable[1] = {{__VA_ARGS__}}; \
	SQL_TABLE(variable)
#if __has_attribute(no_reorder) /* gcc would list them backwards */
#define IN_ORDER __attribute__((no_reorder))
#else
#define IN_ORDER
#endif
struct sql_table {
	const struct sql *sql;
	size_t n;
};
#define SQL_TABLE(array)                                                                      \
	static const struct sql_table table_of_##array = {                                    \
		(array), sizeof(array) / sizeof(*(array))};                                   \
	IN_ORDER __attribute__((used,                                                         \
		section("sql_tables"))) static const struct sql_table *const listed_##array = \
		&table_of_##array
/* The tables of this program; `*n` gets their number. */
const struct sql_table *const *sql_tables(size_t *n);

struct val {
	enum { VAL_END, VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB } kind;
	int64_t i;
	const char *s;
	size_t len;
};
#define BIND(...) ((const struct val[]){__VA_ARGS__, {0}})
#define BIND_NONE ((const struct val[]){{0}})
static inline struct val num(int64_t i)
{
	return (struct val){.kind = VAL_INT, .i = i};
}
static inline struct val text(const char *s)
{
	return (struct val){.kind = s ? VAL_TEXT : VAL_NULL, .s = s};
}
static inline struct val blob(const void *data, size_t len)
{
	return (struct val){.kind = data ? VAL_BLOB : VAL_NULL, .s = data, .len = len};
}

struct rows {
	struct sqlite3_stmt
		*stmt; /* from the cache of `db`, or its own if the cached one is in use */
	const struct sql *sql;
	enum err err;
	bool own;
};

enum db_mode {
	DB_WRITE,
	DB_READ,
	DB_BUILD /* makes a database that nobody else opens, and that a crash may destroy */
};
/* How much of each file a DB_READ connection maps into memory, of those opened after this call.
 * The mapped bytes that it reads count as the process's memory, so a command that walks over a
 * whole register maps little. 0: as a server, whose readers come back to the same pages. */
void db_maps(size_t bytes);
/* Opens (DB_WRITE: makes) a database in WAL mode; a writer's COMMIT is durable. */
MUST_CHECK enum err db_open(const char *path, enum db_mode mode, struct db **out);
void db_free(struct db *db);
/* Ends a DB_BUILD: makes the database durable and ready for others, and frees `db`. */
MUST_CHECK enum err db_built(struct db *db, const char *path);
/* Opens a second file beside the first, with the mode of `db`: statements find its tables, too,
 * after those of the first. A transaction holds both. COMMIT writes first the one, durably, then
 * the other, whose latest commits may be lost in a power cut. Outside of transactions only. */
MUST_CHECK enum err db_attach(struct db *db, const char *path);
MUST_CHECK enum err db_detach(struct db *db);
/* Copies the whole database, durably, into a new one at `path`: the state that the open transaction
 * of `db` sees, while others may write. The copy is a single file. */
MUST_CHECK enum err db_copy(struct db *db, const char *path);
/* The same for a copy of this process's own, which is not durable; of two files, copies the second.
 */
MUST_CHECK enum err db_copy_private(struct db *db, const char *path);
/* The whole database, as its file has it. */
MUST_CHECK enum err db_image(struct db *db, struct buf *out);
/* Makes an empty database the one of this image. A transaction of `db` must not have read yet; if
 * one is open, what this writes cannot be rolled back. */
MUST_CHECK enum err db_take_image(struct db *db, const struct buf *image);
/* Is a transaction open? */
bool db_reads(const struct db *db);
/* Runs a script of constant text: schema, BEGIN, COMMIT. */
MUST_CHECK enum err db_exec(struct db *db, const char *script);
MUST_CHECK enum err db_run(struct db *db, const struct sql *sql, const struct val *args);
MUST_CHECK enum err db_query(
	struct db *db, const struct sql *sql, const struct val *args, struct rows *out);
/* Runs a statement that the program composes at run time from its own names; it is not kept
 * compiled. `sql` must outlive the rows. */
MUST_CHECK enum err db_query_once(struct db *db, const struct sql *sql, struct rows *out);
/* As db_query(), but stands on the first row; ERR_NOT_FOUND if there is none. */
MUST_CHECK enum err db_one(
	struct db *db, const struct sql *sql, const struct val *args, struct rows *out);
/* The first column of the only row as a number; ERR_NOT_FOUND if there is none. */
MUST_CHECK enum err db_int(
	struct db *db, const struct sql *sql, const struct val *args, int64_t *out);
/* From now on, calls `stop` every few thousand steps (some milliseconds) of any statement on this
 * connection. When it returns true, the statement ends with ERR_BUSY. NULL: no check. */
void db_watch(struct db *db, bool (*stop)(void *arg), void *arg);
/* A COMMIT folds a long write-ahead log (16 MiB) back into the database as far as readers left it
 * behind. Where they stand on the newest state only after the COMMIT, this folds the rest: true if
 * nothing is left of a file's log, and `*all` if of neither. The log begins anew at a write that
 * finds no reader on a state from before that, so readers move on once more. */
bool db_fold_log(struct db *db, bool *all);
/* Bytes in the write-ahead log at the latest COMMIT; of two files, in the longer one. */
int64_t db_log_size(const struct db *db);
/* Steps of SQLite's machine that its statements took since the last call: what a query costs, by no
 * clock. A statement that two ran at once is counted for one of them. */
uint64_t db_steps(struct db *db);
/* Number of statements of this process that found a damaged file, on connections with two files. */
uint64_t db_damages(void);
/* Rows that the latest db_run() changed. */
int64_t db_changes(struct db *db);
/* Appends SQLite's query plan of `sql`, one line per step. */
MUST_CHECK enum err db_plan(struct db *db, const struct sql *sql, struct buf *out);

bool rows_next(struct rows *rows);
MUST_CHECK enum err rows_end(struct rows *rows);
int rows_width(struct rows *rows);
const char *rows_name(struct rows *rows, int col); /* borrowed; as the SELECT names it */
bool rows_null(struct rows *rows, int col);
bool rows_is_int(struct rows *rows, int col);
int64_t rows_int(struct rows *rows, int col);
const char *rows_text(struct rows *rows, int col); /* borrowed until the next step; NULL for NULL */
const void *rows_blob(struct rows *rows, int col, size_t *len); /* borrowed, as rows_text() */
char *rows_dup(struct rows *rows, int col);                     /* caller frees */
void rows_done(struct rows *rows);
