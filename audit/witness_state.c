#include "audit/witness_state.h"

#include "base/embed.h"

#include <string.h>

EMBED(witness_schema, "audit/witness.sql");

SQL(LATEST, "witness.latest", "SELECT size, root, note FROM witnessed WHERE origin = ?1");
SQL(FIRST, "witness.first",
	"INSERT INTO witnessed (origin, size, root, note) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT DO NOTHING");
/* One statement checks and changes, so it is one transaction, synced when it returns. */
SQL(MOVE, "witness.move",
	"UPDATE witnessed SET size = ?2, root = ?3, note = ?4"
	" WHERE origin = ?1 AND size = ?5 AND root = ?6");

static enum err latest(void *self, const char *origin, struct checkpoint *out, struct buf *note)
{
	struct checkpoint cp = {0};
	AUTO(rows) row = {0};
	const void *root;
	size_t len;

	TRY(db_one(self, LATEST, BIND(text(origin)), &row));
	root = rows_blob(&row, 1, &len);
	ENSURE(len == SHA256 && strlen(origin) <= KEY_NAME_MAX, ERR_CORRUPT,
		"the witness's memory of %s is damaged", origin);
	strcpy(cp.origin, origin);
	cp.size = (uint64_t)rows_int(&row, 0);
	memcpy(cp.root.bytes, root, SHA256);
	if (note) {
		buf_puts(note, rows_text(&row, 2));
		TRY(buf_check(note, "a cosigned checkpoint"));
	}
	*out = cp;
	return OK;
}

static enum err move(
	void *self, const struct checkpoint *from, const struct checkpoint *to, const char *note)
{
	if (from)
		TRY(db_run(self, MOVE,
			BIND(text(to->origin), num((int64_t)to->size), blob(to->root.bytes, SHA256),
				text(note), num((int64_t)from->size),
				blob(from->root.bytes, SHA256))));
	else
		TRY(db_run(self, FIRST,
			BIND(text(to->origin), num((int64_t)to->size), blob(to->root.bytes, SHA256),
				text(note))));
	ENSURE(db_changes(self) == 1, ERR_CONFLICT, "another request was faster");
	return OK;
}

static const struct witness_state_ops ops = {.latest = latest, .move = move};

struct witness_state witness_state_sqlite(struct db *db)
{
	return (struct witness_state){.ops = &ops, .self = db};
}

enum err witness_state_create(struct db *db)
{
	return db_exec(db, embed_witness_schema);
}
