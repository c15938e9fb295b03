#include "registry/write/checkpointed.h"

#include "audit/store_sqlite.h"
#include "base/file.h"
#include "registry/write/register.h"

#include <time.h>

/* How long a server may take from a COMMIT to the checkpoint over it. */
#define SIGNING_TRIES 20
#define SIGNING_PAUSE_MS 100

enum { COVERED };
static const struct sql sql[] = {
	[COVERED] = {"checkpointed.covered",
		"SELECT c.size = (SELECT coalesce(max(idx) + 1, 0) FROM entry) FROM checkpoint c"
		" WHERE c.one = 1",
		"max() of the primary key is one look-up at its end"},
};
SQL_TABLE(sql);

enum err checkpointed_stand(struct db *db, bool *covered)
{
	const struct timespec pause = {.tv_nsec = SIGNING_PAUSE_MS * 1000000L};
	int64_t is = 0;

	for (int i = 0;; i++) {
		TRY(db_exec(db, "BEGIN"));
		TRY(db_int(db, &sql[COVERED], BIND_NONE, &is));
		*covered = is;
		if (is || i == SIGNING_TRIES)
			return OK;
		TRY(db_exec(db, "COMMIT"));
		nanosleep(&pause, NULL);
	}
}

static enum err stand(struct db *db, const char *dir)
{
	bool covered;
	enum err e = checkpointed_stand(db, &covered);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "%s: nothing was signed yet", dir);
	TRY(e);
	ENSURE(covered, ERR_BUSY, "%s holds entries that are not signed yet; try again in a moment",
		dir);
	return OK;
}

enum err checkpointed_open_newest(const char *dir, struct snapshot *out)
{
	AUTOFREE char *path = file_in(dir, REG_DATABASE);
	struct db *db;

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s holds no register: make one with gaya init",
		dir);
	TRY(db_open(path, DB_READ, &db));
	*out = snapshot_sqlite(db);
	return OK;
}

enum err checkpointed_open(const char *dir, struct snapshot *out)
{
	struct snapshot snap;
	enum err e;

	TRY(checkpointed_open_newest(dir, &snap));
	e = stand(snap.model, dir);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		checkpointed_close(&snap);
		return e;
	}
	*out = snap;
	return OK;
}

void checkpointed_close(struct snapshot *snap)
{
	db_free(snap->model);
}
