#include "registry/write/checkpointed.h"

#include "audit/store_sqlite.h"
#include "base/file.h"
#include "registry/write/model.h"
#include "registry/write/register.h"

#include <time.h>

/* How long to wait for a server between a COMMIT and the checkpoint over it. */
#define SIGNING_TRIES 20
#define SIGNING_PAUSE_MS 100

SQL(COVERED, "checkpointed.covered",
	"SELECT c.size = (SELECT coalesce(max(idx) + 1, 0) FROM entry) FROM checkpoint c"
	" WHERE c.one = 1",
	"max() of the primary key is one look-up at its end");
SQL(FOLDED, "checkpointed.folded",
	"SELECT f.size = (SELECT coalesce(max(idx) + 1, 0) FROM entry)"
	" FROM folded f WHERE f.one = 1");

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
	return db_open(path, DB_READ, out);
}

enum err checkpointed_open_newest(const char *dir, struct snapshot *out)
{
	struct db *db = NULL;
	enum err e;

	TRY(open_log(dir, &db));
	e = model_attach(db, dir);
	if (e != OK) {
		e = fail(e, "%s", err_why());
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
		e = fail(e, "%s", err_why());
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
		e = fail(e, "%s", err_why());
		db_free(db);
		return e;
	}
	*out = db;
	return OK;
}

void checkpointed_close(struct snapshot *snap)
{
	db_free(snap->model);
}
