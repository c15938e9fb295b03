#include "registry/write/checkpointed.h"

#include "audit/store_sqlite.h"
#include "base/file.h"
#include "base/user.h"
#include "registry/write/model.h"
#include "registry/write/register.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>
#include <unistd.h>

/* How long to wait for a server between a COMMIT and the checkpoint over it. */
#define SIGNING_TRIES 20
#define SIGNING_PAUSE_MS 100
#define COPY "copy." /* begins the name of a copy of the read model */
#define COPY_TRIES 3
#define KEPT_FREE (64 * MIB) /* what a server keeps free unless it is told otherwise */

SQL(COVERED, "checkpointed.covered",
	"SELECT c.size = (SELECT coalesce(max(idx) + 1, 0) FROM entry) FROM checkpoint c"
	" WHERE c.one = 1",
	"max() of the primary key is one look-up at its end");
SQL(FOLDED, "checkpointed.folded",
	"SELECT f.size = (SELECT coalesce(max(idx) + 1, 0) FROM entry)"
	" FROM folded f WHERE f.one = 1");

SQL(SIZE, "checkpointed.size", "SELECT size FROM folded WHERE one = 1");

/* The writer commits the log first. If the read model that is visible does not belong to the
 * visible log, a commit came between the two reads. */
static enum err stand_once(struct db *db, const struct sql *condition, bool *is)
{
	int64_t covered = 0, folded = 1;

	TRY(db_exec(db, "BEGIN"));
	TRY(db_int(db, COVERED, BIND_NONE, &covered));
	if (condition) {
		enum err e = db_int(db, condition, BIND_NONE, &folded);

		if (e != ERR_NOT_FOUND)
			TRY(e);
		folded = e == OK && folded;
	}
	*is = covered && folded;
	return OK;
}

static enum err stand_on(struct db *db, const struct sql *condition, bool *is)
{
	const struct timespec pause = {.tv_nsec = SIGNING_PAUSE_MS * 1000000L};

	for (int i = 0;; i++) {
		TRY(stand_once(db, condition, is));
		if (*is || i == SIGNING_TRIES)
			return OK;
		TRY(db_exec(db, "COMMIT"));
		nanosleep(&pause, NULL);
	}
}

enum err checkpointed_stand(struct db *db, bool *covered)
{
	return stand_on(db, NULL, covered);
}

/* `part` reads the other file, besides the log. */
static enum err stand(struct db *db, const char *dir, const struct sql *part)
{
	bool covered;
	enum err e = stand_on(db, part, &covered);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "%s: nothing was signed yet", dir);
	TRY(e);
	ENSURE(covered, ERR_BUSY, "%s holds entries that are not signed yet; try again in a moment",
		dir);
	return OK;
}

static enum err open_log(const char *dir, struct db **out)
{
	AUTOFREE char *path = file_in(dir, REG_DATABASE);

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s holds no register: make one with gaya init",
		dir);
	return user_explain(db_open(path, DB_READ, out), dir, REG_DATABASE);
}

enum err checkpointed_open_newest(const char *dir, struct snapshot *out)
{
	struct db *db = NULL;
	enum err e;

	TRY(open_log(dir, &db));
	e = model_attach(db, dir);
	if (e != OK) {
		e = user_explain(e, dir, REG_DATABASE);
		db_free(db);
		return e;
	}
	*out = snapshot_sqlite(db);
	return OK;
}

enum err checkpointed_open(const char *dir, struct snapshot *out)
{
	struct snapshot snap;
	enum err e;

	TRY(checkpointed_open_newest(dir, &snap));
	e = stand(snap.model, dir, FOLDED);
	if (e != OK) {
		e = user_explain(e, dir, REG_DATABASE);
		checkpointed_close(&snap);
		return e;
	}
	*out = snap;
	return OK;
}

enum err checkpointed_open_log(const char *dir, struct db **out)
{
	struct db *db = NULL;
	enum err e;

	TRY(open_log(dir, &db));
	e = stand(db, dir, NULL);
	if (e != OK) {
		e = user_explain(e, dir, REG_DATABASE);
		db_free(db);
		return e;
	}
	*out = db;
	return OK;
}

/* --- one state for long --- */

/* Removes the copies of programs that were killed before they could: no process holds the lock of
 * such a file. Each may be as large as the read model. */
static void remove_abandoned(const char *dir)
{
	AUTOFREE char *folder = file_in(dir, REG_MODEL);
	DIR *files = opendir(folder);
	struct dirent *at;
	int fd;

	while (files && (at = readdir(files))) {
		AUTOFREE char *one = file_in(folder, at->d_name);
		bool is_copy = strncmp(at->d_name, COPY, strlen(COPY)) == 0;

		/* SQLite's journal of a copy has no lock of its own. */
		if (!is_copy || strchr(at->d_name, '-') || file_lock(one, &fd) != OK)
			continue;
		remove(one);
		close(fd);
	}
	if (files)
		closedir(files);
}

/* A copy must not take the room that a server keeps for its writes. */
static enum err check_room(const char *dir, int fd)
{
	AUTOFREE char *model = NULL;
	struct statvfs disk;
	struct stat file;
	uint64_t room;

	TRY(model_path(dir, &model));
	if (stat(model, &file) != 0 || fstatvfs(fd, &disk) != 0)
		return OK; /* not known: the copy will tell */
	room = (uint64_t)disk.f_bavail * disk.f_frsize;
	ENSURE(room >= (uint64_t)file.st_size + KEPT_FREE, ERR_FULL,
		"%s: there is no room for a copy of the read model: it takes %llu MiB, and %llu "
		"MiB are left, of which %llu are kept free",
		dir, (unsigned long long)file.st_size / MIB, (unsigned long long)(room / MIB),
		(unsigned long long)(KEPT_FREE / MIB));
	return OK;
}

/* A copy is simpler than all other ways to let the writer's log begin anew: the queries stay as
 * they are, and a state that was changed since would be lost to a reader that takes it in parts.
 * The file lies in the read model's folder, which a confined server may write to, and which the
 * next start clears. It is locked while it is made. */
static enum err copy_once(struct db *model, const char *dir, char **out)
{
	AUTOFREE char *path = mem_printf("%s/%s/" COPY "XXXXXX", dir, REG_MODEL);
	enum err e;
	int fd;

	remove_abandoned(dir);
	fd = mkostemp(path, O_CLOEXEC);
	ENSURE(fd >= 0, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	(void)!flock(fd, LOCK_EX | LOCK_NB);
	e = check_room(dir, fd);
	if (e == OK)
		e = db_copy_private(model, path);
	close(fd);
	if (e == OK)
		*out = TAKE(path);
	else
		remove(path);
	return e;
}

/* A start, or a rebuild at its end, removes every other file from the folder, and so may have
 * removed this one. */
static enum err make_copy(struct db *model, const char *dir, char **out)
{
	for (int i = 0;; i++) {
		AUTOFREE char *path = NULL;

		TRY(copy_once(model, dir, &path));
		if (file_exists(path) || i == COPY_TRIES) {
			*out = TAKE(path);
			return OK;
		}
	}
}

/* The first read opens it. */
static enum err read_copy(struct db *db, const char *path)
{
	int64_t folded;

	TRY(db_exec(db, "COMMIT"));
	TRY(db_detach(db));
	TRY(db_attach(db, path));
	return db_int(db, SIZE, BIND_NONE, &folded);
}

enum err checkpointed_keep(struct snapshot *snap, const char *dir)
{
	AUTOFREE char *path = NULL;
	bool inside;
	enum err e;

	if (!db_reads(snap->model))
		return OK;
	TRY(model_is_inside(snap->model, &inside));
	if (inside) /* then no server of this version writes to it */
		return OK;
	TRY(make_copy(snap->model, dir, &path));
	e = read_copy(snap->model, path);
	remove(path);
	return e;
}

enum err checkpointed_keep_if_possible(struct snapshot *snap, const char *dir)
{
	enum err e = checkpointed_keep(snap, dir);

	return db_reads(snap->model) ? OK : e;
}

enum err checkpointed_keep_model(struct db **model, const char *dir)
{
	AUTOFREE char *path = NULL;
	struct db *copy;
	enum err e;

	TRY(make_copy(*model, dir, &path));
	e = db_open(path, DB_READ, &copy);
	remove(path);
	TRY(e);
	db_free(*model);
	*model = copy;
	return OK;
}

void checkpointed_close(struct snapshot *snap)
{
	db_free(snap->model);
}
