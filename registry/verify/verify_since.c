/* The basis of an increment: the read model folded by the last verification, and its position. It
 * is the verifier's own file, trusted like the state file beside it: whoever can write either can
 * make an increment skip earlier entries, and nothing else. */
#include "registry/verify/verify_parts.h"

#include <string.h>

SQL(IS_KEPT, "since.is_kept", "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'kept'",
	"the schema is a small table");
SQL(KEPT, "since.kept", "SELECT size, root, full_at FROM kept", "it has one row");
SQL(KEEP, "since.keep", "INSERT INTO kept (size, root, full_at) VALUES (?1, ?2, ?3)");

/* These tables exist only between verifications: during one, the read model must have exactly the
 * tables that are compared with a register's folder. */
#define TAKE_KEPT                                                           \
	"INSERT INTO missing SELECT sha256, entry, gone FROM kept_missing;" \
	"DROP TABLE kept_missing; DROP TABLE kept"
#define MAKE_KEPT                                                                              \
	"CREATE TABLE kept (size INTEGER NOT NULL, root BLOB NOT NULL, full_at TEXT NOT NULL)" \
	" STRICT;"                                                                             \
	"CREATE TABLE kept_missing (sha256 TEXT NOT NULL, entry INTEGER NOT NULL,"             \
	" gone INTEGER NOT NULL) STRICT;"                                                      \
	"INSERT INTO kept_missing SELECT sha256, entry, gone FROM missing"

/* A read model of another program version has other tables, so it does not count. */
static enum err read_kept(struct db *db, const struct checkpoint *old, struct since *out)
{
	AUTO(rows) row = {0};
	const void *root;
	int64_t one;
	size_t len;
	bool current;
	enum err e;

	TRY(state_is_current(db, &current));
	if (!old || !current)
		return OK;
	e = db_int(db, IS_KEPT, BIND_NONE, &one);
	if (e == OK)
		e = db_one(db, KEPT, BIND_NONE, &row);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	root = rows_blob(&row, 1, &len);
	out->resumed = rows_int(&row, 0) == (int64_t)old->size && len == SHA256 &&
	               memcmp(root, old->root.bytes, SHA256) == 0;
	snprintf(out->full_at, sizeof(out->full_at), "%s", rows_text(&row, 2));
	return OK;
}

static enum err prepare(struct db *db, const struct checkpoint *old, const struct source *source,
	const char *origin, struct replay *r, struct since *out)
{
	TRY(db_exec(db, "BEGIN IMMEDIATE"));
	TRY(read_kept(db, old, out));
	if (out->resumed) {
		TRY(replay_resume(source, origin, db, NULL, r));
		return db_exec(db, TAKE_KEPT);
	}
	TRY(state_drop(db));
	TRY(state_create(db));
	return replay_resume(source, origin, db, NULL, r);
}

enum err since_open(const char *path, const struct checkpoint *old, const struct source *source,
	const char *origin, struct replay *r, struct since *out)
{
	struct db *db = NULL;
	enum err e;

	*out = (struct since){0};
	e = db_open(path, DB_WRITE, &db);
	if (e == OK)
		e = prepare(db, old, source, origin, r, out);
	ENSURE(e != ERR_BUSY, ERR_BUSY, "another verification is using %s", path);
	if (e == ERR_CORRUPT)
		e = fail(ERR_INVALID, "%s is damaged (%s): remove it", path, err_why());
	r->db = db;
	r->own = true;
	return e;
}

enum err since_keep(struct replay *r, const struct checkpoint *cp, const struct since *since)
{
	TRY(db_exec(r->db, MAKE_KEPT));
	TRY(db_run(r->db, KEEP,
		BIND(num((int64_t)cp->size), blob(cp->root.bytes, SHA256), text(since->full_at))));
	return db_exec(r->db, "COMMIT");
}
