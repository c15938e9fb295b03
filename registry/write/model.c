#include "registry/write/model.h"

#include "audit/store_sqlite.h"
#include "base/embed.h"
#include "base/env.h"
#include "base/file.h"
#include "base/journal.h"
#include "registry/event/lists.h"
#include "registry/event/search.h"
#include "registry/event/settings.h"
#include "registry/write/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

EMBED(model_schema, "registry/write/model.sql");

#define CHUNK 1000 /* entries folded in one read transaction on the log */

SQL(INSIDE, "model.inside",
	"SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'folded'",
	"the schema is a small table");
SQL(MADE_FROM, "model.made_from",
	"SELECT m.size, m.root, f.size FROM made_from m, folded f WHERE m.one = 1"
	" AND f.one = 1");
SQL(MARK, "model.mark",
	"INSERT INTO made_from (one, size, root) VALUES (1, ?1, ?2)"
	" ON CONFLICT DO UPDATE SET size = excluded.size, root = excluded.root");
SQL(SOUND, "model.sound", "PRAGMA quick_check(1)", "the check reads the whole file");

/* --- names --- */

/* The number with which a file's name begins; 0 if there is none. */
static uint64_t number_of(const char *name)
{
	char *end;
	uint64_t n = strtoull(name, &end, 10);

	return *name >= '1' && *name <= '9' && *end == '.' ? n : 0;
}

/* "3.1a2b3c4d.whole" states that "3.db" is complete and has the tables of this schema. */
static char *marker_end(void)
{
	return mem_printf("%08llx.whole", (long long)state_schema());
}

static bool is_marker(const char *name)
{
	AUTOFREE char *end = marker_end();
	const char *dot = strchr(name, '.');

	return dot && strcmp(dot + 1, end) == 0;
}

/* The highest number of a complete file, or of any file. */
static enum err highest(const char *dir, bool whole, uint64_t *out)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	DIR *open = opendir(folder);
	struct dirent *at;

	*out = 0;
	if (!open && errno == ENOENT)
		return OK;
	ENSURE(open, ERR_SYSTEM, "%s: %s", folder, err_os(errno));
	while ((at = readdir(open)))
		if (number_of(at->d_name) > *out && (!whole || is_marker(at->d_name)))
			*out = number_of(at->d_name);
	closedir(open);
	return OK;
}

static char *numbered(const char *dir, uint64_t n, const char *end)
{
	return mem_printf("%s/%s/%" PRIu64 ".%s", dir, REG_MODEL, n, end);
}

enum err model_path(const char *dir, char **out)
{
	uint64_t n;

	TRY(highest(dir, true, &n));
	ENSURE(n, ERR_NOT_FOUND, "%s has no read model yet: start its server, or run gaya rebuild",
		dir);
	*out = numbered(dir, n, "db");
	return OK;
}

/* --- one builder at a time --- */

static void unlock(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}
#define AUTOUNLOCK __attribute__((cleanup(unlock)))

/* The lock is on the folder itself, because a server may make no other file for it. */
static enum err lock_folder(const char *folder, bool wait, int *out)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", folder, err_os(errno));
	*out = fd; /* the caller closes it */
	if (flock(fd, LOCK_EX | (wait ? 0 : LOCK_NB)) == 0)
		return OK;
	ENSURE(errno == EWOULDBLOCK, ERR_SYSTEM, "%s: %s", folder, err_os(errno));
	return fail(ERR_BUSY, "the read model is being made again already");
}

/* Makes the folder, and waits for another process that makes a read model there. */
static enum err lock_patiently(const char *dir, int *out)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	enum err e;

	TRY(file_make_dir(folder, 0700));
	e = lock_folder(folder, false, out);
	if (e != ERR_BUSY)
		return e;
	unlock(out);
	*out = -1;
	journal("%s: another process makes the read model: waiting for it", dir);
	return lock_folder(folder, true, out);
}

enum err model_keep_only(const char *dir, const char *path)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	uint64_t n = number_of(strrchr(path, '/') + 1);
	AUTOUNLOCK int lock = -1;
	struct dirent *at;
	DIR *files;
	enum err e = lock_folder(folder, false, &lock);

	if (e != OK) /* another version's is being made ahead: the next start removes the rest */
		return e == ERR_BUSY ? OK : e;
	files = opendir(folder);
	ENSURE(files, ERR_SYSTEM, "%s: %s", folder, err_os(errno));
	while ((at = readdir(files))) {
		AUTOFREE char *one = file_in(folder, at->d_name);

		if (at->d_name[0] != '.' && number_of(at->d_name) != n)
			remove(one);
	}
	closedir(files);
	return OK;
}

enum err model_remove(const char *dir)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);

	return file_remove_dir(folder);
}

/* --- the entries that a file was made from --- */

enum err model_mark(struct db *db, const struct log *log)
{
	struct sha256 root = log_root(log);

	return db_run(db, MARK, BIND(num((int64_t)log->size), blob(root.bytes, SHA256)));
}

static enum err check_made_from(struct db *model, const struct log *log)
{
	struct nodes nodes = log_nodes(&log->store);
	AUTO(rows) row = {0};
	struct sha256 root;
	const void *kept;
	uint64_t size;
	size_t len;

	TRY(db_one(model, MADE_FROM, BIND_NONE, &row));
	size = (uint64_t)rows_int(&row, 0);
	ENSURE(size <= log->size, ERR_CONFLICT, "it is ahead of the log");
	ENSURE(rows_int(&row, 2) == (int64_t)size, ERR_CORRUPT, "it is damaged");
	TRY(merkle_root_of(&nodes, size, &root));
	kept = rows_blob(&row, 1, &len);
	ENSURE(len == SHA256 && memcmp(kept, root.bytes, SHA256) == 0, ERR_CONFLICT,
		"it was made from another log");
	return OK;
}

/* Without these two no register opens. */
static enum err check_values(struct db *model, const struct log *log)
{
	struct state st = {.db = model, .store = log->store};
	const struct standard *standard;
	enum err e = state_standard(&st, &standard);

	state_done(&st);
	ENSURE(e == OK, ERR_CORRUPT, "it is damaged: its standard");
	ENSURE(settings_check_kept(model) == OK, ERR_CORRUPT, "it is damaged: its settings");
	return OK;
}

/* Its marker says that it has the tables of this schema. */
static enum err check_file(struct db *model, const struct log *log)
{
	bool current;

	TRY(state_is_current(model, &current));
	ENSURE(current, ERR_CORRUPT, "it is damaged");
	if (!log->size)
		return OK;
	TRY(check_made_from(model, log));
	return check_values(model, log);
}

static enum err check(const char *path, const struct log *log)
{
	struct db *model = NULL;
	enum err e;

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s is missing", path);
	TRY(db_open(path, DB_WRITE, &model));
	e = check_file(model, log);
	if (e != OK)
		e = fail(e, "%s", err_why());
	db_free(model);
	return e;
}

/* --- a damaged file --- */

static enum err check_structure(struct db *model, const char *path)
{
	AUTO(rows) row = {0};
	const char *said, *line;

	TRY(db_one(model, SOUND, BIND_NONE, &row));
	said = rows_text(&row, 0);
	line = strrchr(said, '\n'); /* before it, SQLite names the file in its own way */
	ENSURE(strcmp(said, "ok") == 0, ERR_CORRUPT, "%s: %s", path, line ? line + 1 : said);
	return OK;
}

enum err model_sound(const char *dir, bool (*stop)(void *arg), void *arg)
{
	AUTOFREE char *path = NULL;
	struct db *model = NULL;
	enum err e = model_path(dir, &path);

	ENSURE(e != ERR_NOT_FOUND, ERR_CORRUPT, "there is no file in %s/%s", dir, REG_MODEL);
	TRY(e);
	ENSURE(file_exists(path), ERR_CORRUPT, "%s is missing", path);
	TRY(db_open(path, DB_READ, &model));
	db_watch(model, stop, arg);
	e = check_structure(model, path);
	if (e != OK)
		e = fail(e, "%s", err_why());
	db_free(model);
	return e;
}

bool model_condemn(const char *dir)
{
	AUTOFREE char *path = NULL, *end = marker_end(), *marker = NULL;

	if (model_path(dir, &path) != OK || model_sound(dir, NULL, NULL) != ERR_CORRUPT)
		return false;
	journal("%s: the read model is damaged (%s)", dir, err_why());
	marker = numbered(dir, number_of(strrchr(path, '/') + 1), end);
	return remove(marker) == 0;
}

/* --- attached to the log's file --- */

enum err model_is_inside(struct db *log, bool *out)
{
	int64_t n;

	TRY(db_int(log, INSIDE, BIND_NONE, &n));
	*out = n > 0;
	return OK;
}

/* Tries again if the file was replaced between the two steps. */
enum err model_attach(struct db *log, const char *dir)
{
	bool inside;
	enum err e = ERR_NOT_FOUND;

	TRY(model_is_inside(log, &inside));
	for (int i = 0; i < 3 && !inside && e != OK; i++) {
		AUTOFREE char *path = NULL;

		TRY(model_path(dir, &path));
		e = db_attach(log, path);
	}
	return inside ? OK : e;
}

/* Keeps the reason of the error. */
static void roll_back(struct db *db)
{
	const struct store store = store_sqlite(db);

	store.ops->rollback(store.self);
}

enum err model_catch_up(struct state *st, const struct log *log)
{
	char at[TIME_TEXT];
	uint64_t folded;
	enum err e;

	TRY(state_folded(st, &folded, at));
	if (folded == log->size)
		return OK;
	TRY(db_exec(st->db, "BEGIN"));
	e = state_fold_on(st, log->size);
	if (e == OK)
		e = model_mark(st->db, log);
	if (e == OK)
		return db_exec(st->db, "COMMIT");
	e = fail(e, "the read model does not catch up with the log: %s", err_why());
	state_remember(st, NULL, NULL);
	roll_back(st->db);
	return e;
}

/* --- building a file --- */

struct builder {
	const struct model_patience *patience; /* NULL: the build is never given up */
	struct db *model, *log;
	struct store_ops log_ops; /* of `log`, which is read only */
	struct state st;
	uint64_t size; /* of the log, when last read */
	const char *path;
	int64_t began, said; /* monotonic milliseconds; `said`: the last progress journaled */
};

/* Of the build that this process makes; `size` is 0 while it makes none. */
static struct {
	_Atomic uint64_t folded, size;
} progress;

bool model_progress(uint64_t *folded, uint64_t *size)
{
	*folded = progress.folded;
	*size = progress.size;
	return *size > 0;
}

#define SAYS_MS 5000 /* a build that takes longer says how far it is, as often */

static bool is_time_to_say(struct builder *b)
{
	int64_t now = monotonic_ms();

	if (now - b->said < SAYS_MS)
		return false;
	b->said = now;
	return true;
}

/* The content was erased together with its entry: the log's file has all of a commit or nothing. */
static enum err erased_already(void *self, const struct sha256 *hash)
{
	(void)self;
	(void)hash;
	return OK;
}

static enum err fold_chunk(struct builder *b)
{
	const struct store *store = &b->st.store;
	char at[TIME_TEXT];
	uint64_t folded, to;

	TRY(state_folded(&b->st, &folded, at));
	TRY(store->ops->size(store->self, &b->size));
	to = b->size - folded > CHUNK ? folded + CHUNK : b->size;
	return state_fold_on(&b->st, to);
}

/* Each chunk is a separate read transaction, because a long one would prevent the log's write-ahead
 * log from restarting. */
static enum err fold_all(struct builder *b)
{
	char at[TIME_TEXT];
	uint64_t folded = 0;
	enum err e;

	do {
		ENSURE(!b->patience || !b->patience->over(b->patience->arg), ERR_BUSY,
			"the read model is not made again: the register closes");
		TRY(db_exec(b->log, "BEGIN"));
		e = fold_chunk(b);
		if (e == OK)
			e = db_exec(b->log, "COMMIT");
		TRY(e);
		TRY(state_folded(&b->st, &folded, at));
		progress.folded = folded;
		progress.size = b->size;
		if (is_time_to_say(b))
			journal("%s: %" PRIu64 " of %" PRIu64 " entries are folded", b->path,
				folded, b->size);
	} while (folded < b->size);
	return OK;
}

/* Records the root of the folded entries, of which the log may have more by now. */
static enum err mark_built(struct builder *b)
{
	struct nodes nodes = log_nodes(&b->st.store);
	struct sha256 root = merkle_empty();
	char at[TIME_TEXT];
	uint64_t folded;

	TRY(state_folded(&b->st, &folded, at));
	if (folded)
		TRY(merkle_root_of(&nodes, folded, &root));
	return db_run(b->model, MARK, BIND(num((int64_t)folded), blob(root.bytes, SHA256)));
}

static enum err build(struct builder *b)
{
	AUTOFREE char *trigger = NULL;

	TRY(state_create_alone(b->model));
	TRY(db_exec(b->model, "BEGIN"));
	TRY(db_exec(b->model, embed_model_schema));
	TRY(lists_put_off(b->model, &trigger));
	b->st.unindexed = true;
	TRY(fold_all(b));
	b->st.unindexed = false;
	if (b->said != b->began)
		journal("%s: the indexes of searches are made", b->path);
	TRY(lists_make(b->model, trigger));
	TRY(search_index(&b->st));
	TRY(mark_built(b));
	return db_exec(b->model, "COMMIT");
}

static enum err build_at(const char *log, const char *path, const struct model_patience *patience)
{
	struct builder b = {.patience = patience, .path = path, .began = monotonic_ms()};
	enum err e;

	b.said = b.began;
	TRY(file_create(path, "", 0, 0600));
	e = db_open(log, DB_READ, &b.log);
	if (e == OK)
		e = db_open(path, DB_BUILD, &b.model);
	b.st = (struct state){.db = b.model, .store = store_sqlite(b.log)};
	b.log_ops = *b.st.store.ops;
	b.log_ops.erase_content = erased_already;
	b.st.store.ops = &b.log_ops;
	if (e == OK)
		e = build(&b);
	progress.size = 0;
	if (e == OK)
		e = db_built(TAKE(b.model), path);
	if (e == OK && b.said != b.began)
		journal("%s: the read model is made, in %lld seconds", path,
			(long long)(monotonic_ms() - b.began) / 1000);
	e = e == OK ? OK : fail(e, "%s", err_why());
	state_done(&b.st);
	db_free(b.model);
	db_free(b.log);
	if (e != OK)
		remove(path); /* the disk may be full */
	return e;
}

/* The folder is locked. */
static enum err build_next(const char *dir, const struct model_patience *patience, char **built)
{
	AUTOFREE char *log = file_in(dir, REG_DATABASE), *path = NULL;
	uint64_t n;

	TRY(highest(dir, false, &n));
	path = numbered(dir, n + 1, "db");
	TRY(build_at(log, path, patience));
	*built = TAKE(path);
	return OK;
}

enum err model_build(const char *dir, const struct model_patience *patience, char **built)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	AUTOUNLOCK int lock = -1;

	TRY(file_make_dir(folder, 0700));
	TRY(lock_folder(folder, false, &lock));
	return build_next(dir, patience, built);
}

enum err model_place(const char *dir, const char *built)
{
	AUTOFREE char *end = marker_end();
	AUTOFREE char *marker = numbered(dir, number_of(strrchr(built, '/') + 1), end);

	return file_create(marker, "", 0, 0600);
}

/* --- at the opening --- */

/* The folder is locked. */
static enum err make_next(const char *dir, char **path)
{
	AUTOFREE char *built = NULL;

	TRY(build_next(dir, NULL, &built));
	TRY(model_place(dir, built));
	*path = TAKE(built);
	return OK;
}

enum err model_make(const char *dir, char **path)
{
	AUTOUNLOCK int lock = -1;

	TRY(lock_patiently(dir, &lock));
	return make_next(dir, path);
}

enum err model_make_ahead(const char *dir)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE), *path = NULL;
	AUTOUNLOCK int lock = -1;
	enum err e;

	ENSURE(file_exists(database), ERR_NOT_FOUND,
		"%s holds no register: make one with gaya init", dir);
	TRY(lock_patiently(dir, &lock));
	e = model_path(dir, &path);
	ENSURE(e != OK, ERR_CONFLICT, "the read model is of this version already: %s", path);
	return e == ERR_NOT_FOUND ? make_next(dir, &path) : e;
}

/* Says why no file of this version can be used: another version made one, or none is whole. */
static enum err say_why_none(const char *dir)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	bool marked = false;
	struct dirent *at;
	DIR *files = opendir(folder);

	while (files && (at = readdir(files)))
		marked |= number_of(at->d_name) && strstr(at->d_name, ".whole");
	if (files)
		closedir(files);
	return marked ? fail(ERR_NOT_FOUND, "another version of this program made it")
	              : fail(ERR_NOT_FOUND, "nothing says that it is whole");
}

static enum err find(const char *dir, const struct log *log, char **path)
{
	AUTOFREE char *found = NULL;
	enum err e = model_path(dir, &found);

	if (e == ERR_NOT_FOUND)
		return say_why_none(dir);
	TRY(e);
	TRY(check(found, log));
	*path = TAKE(found);
	return OK;
}

/* Waits for a program that makes one ahead, and then uses that. Journals why the existing file
 * cannot be used. A new or a restored register has none. */
static enum err find_or_make(const char *dir, const struct log *log, bool inside, char **path)
{
	AUTOUNLOCK int lock = -1;
	uint64_t others;

	if (find(dir, log, path) == OK)
		return OK;
	TRY(lock_patiently(dir, &lock));
	TRY(highest(dir, false, &others));
	if (find(dir, log, path) == OK)
		return OK;
	if (inside)
		journal("%s: the read model is taken out of %s, into a file of its own, made from the "
			"log: %" PRIu64 " entries",
			dir, REG_DATABASE, log->size);
	else if (others)
		journal("%s: the read model is made from the log again, %" PRIu64 " entries (%s)",
			dir, log->size, err_why());
	return make_next(dir, path);
}

/* One transaction, so that the file has either all of the earlier version's tables or none. */
static enum err empty_log_file(struct db *log)
{
	enum err e;

	TRY(db_exec(log, "BEGIN IMMEDIATE"));
	e = state_drop(log);
	if (e == OK)
		return db_exec(log, "PRAGMA user_version=0; COMMIT");
	e = fail(e, "%s", err_why());
	roll_back(log);
	return e;
}

enum err model_take(const char *dir, struct state *st, const struct log *log)
{
	AUTOFREE char *path = NULL;
	bool inside;

	TRY(model_is_inside(st->db, &inside));
	TRY(find_or_make(dir, log, inside, &path));
	TRY(model_keep_only(dir, path));
	if (inside)
		TRY(empty_log_file(st->db));
	TRY(db_attach(st->db, path));
	return model_catch_up(st, log);
}
