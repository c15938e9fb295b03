#include "audit/store_sqlite.h"

#include "base/embed.h"

EMBED(audit_schema, "audit/schema.sql");
EMBED(audit_cosigned, "audit/cosigned.sql");

#define FEW "the table holds a few rows"

SQL(SIZE, "store.size", "SELECT coalesce(max(idx) + 1, 0) FROM entry",
	"max() of the primary key is one look-up at its end");
SQL(APPEND, "store.append", "INSERT INTO entry (idx, bytes) VALUES (?1, ?2)");
SQL(ENTRY, "store.entry", "SELECT bytes FROM entry WHERE idx = ?1");
SQL(ENTRIES, "store.entries",
	"SELECT idx, bytes FROM entry WHERE idx >= ?1 AND idx < ?2 ORDER BY idx");
SQL(PUT_TILE, "store.put_tile",
	"INSERT INTO tile (level, idx, bytes) VALUES (?1, ?2, ?3)"
	" ON CONFLICT DO UPDATE SET bytes = excluded.bytes");
SQL(TILE, "store.tile", "SELECT bytes FROM tile WHERE level = ?1 AND idx = ?2");
SQL(PUT_CONTENT, "store.put_content",
	"INSERT INTO content (sha256, bytes) VALUES (?1, ?2) ON CONFLICT DO NOTHING");
SQL(CONTENT, "store.content", "SELECT bytes FROM content WHERE sha256 = ?1");
SQL(ERASE, "store.erase_content", "DELETE FROM content WHERE sha256 = ?1");
SQL(PUT_CHECKPOINT, "store.put_checkpoint",
	"INSERT INTO checkpoint (one, size, note) VALUES (1, ?1, ?2)"
	" ON CONFLICT DO UPDATE SET size = excluded.size, note = excluded.note");
SQL(CHECKPOINT, "store.checkpoint", "SELECT note FROM checkpoint WHERE one = 1");
SQL(PUT_COSIGNED, "store.put_cosigned",
	"INSERT INTO cosigned (size, note, lines, quorum) VALUES (?1, ?2, ?3, ?4)"
	" ON CONFLICT DO UPDATE SET note = excluded.note, lines = excluded.lines,"
	" quorum = excluded.quorum");
SQL(PRUNE_COSIGNED, "store.prune_cosigned",
	"DELETE FROM cosigned WHERE size NOT IN"
	" (SELECT size FROM cosigned ORDER BY size DESC LIMIT 4) AND size <>"
	" coalesce((SELECT max(size) FROM cosigned WHERE quorum = 1), -1)",
	FEW);
SQL(COSIGNATURES, "store.cosignatures", "SELECT lines FROM cosigned WHERE size = ?1");
SQL(COSIGNED, "store.cosigned",
	"SELECT note || lines FROM cosigned WHERE quorum = 1 ORDER BY size DESC LIMIT 1", FEW);

static enum err begin(void *self)
{
	return db_exec(self, "BEGIN IMMEDIATE");
}

static enum err commit(void *self)
{
	return db_exec(self, "COMMIT");
}

/* Keeps the error that caused the undoing: ROLLBACK may fail, too, because SQLite has already
 * rolled back by itself (disk full). */
static void undo_quietly(struct db *db, const char *script)
{
	AUTOFREE char *why = mem_text(err_why());

	(void)!db_exec(db, script);
	(void)!fail(ERR_SYSTEM, "%s", why);
}

static void rollback(void *self)
{
	undo_quietly(self, "ROLLBACK");
}

static enum err mark(void *self)
{
	return db_exec(self, "SAVEPOINT request");
}

static enum err keep(void *self)
{
	return db_exec(self, "RELEASE request");
}

static void undo(void *self)
{
	undo_quietly(self, "ROLLBACK TO request; RELEASE request");
}

static enum err size(void *self, uint64_t *out)
{
	int64_t n = 0;

	TRY(db_int(self, SIZE, BIND_NONE, &n));
	*out = (uint64_t)n;
	return OK;
}

static enum err append(void *self, uint64_t index, const void *entry, size_t len)
{
	return db_run(self, APPEND, BIND(num((int64_t)index), blob(entry, len)));
}

/* Appends the blob of a query's only row to `out`. */
static enum err one_blob(
	struct db *db, const struct sql *query, const struct val *args, struct buf *out)
{
	AUTO(rows) row = {0};
	const void *data;
	size_t len;

	TRY(db_one(db, query, args, &row));
	data = rows_blob(&row, 0, &len);
	buf_add(out, data, len);
	return buf_check(out, query->name);
}

static enum err entry(void *self, uint64_t index, struct buf *out)
{
	return one_blob(self, ENTRY, BIND(num((int64_t)index)), out);
}

static enum err entries(void *self, uint64_t from, uint64_t to, store_entry_fn fn, void *arg)
{
	AUTO(rows) rows = {0};

	TRY(db_query(self, ENTRIES, BIND(num((int64_t)from), num((int64_t)to)), &rows));
	while (rows_next(&rows)) {
		size_t len;
		const void *data = rows_blob(&rows, 1, &len);

		TRY(fn(arg, (uint64_t)rows_int(&rows, 0), data, len));
	}
	return rows_end(&rows);
}

static enum err put_tile(void *self, unsigned level, uint64_t index, const void *hashes, size_t len)
{
	return db_run(self, PUT_TILE, BIND(num(level), num((int64_t)index), blob(hashes, len)));
}

static enum err tile(void *self, unsigned level, uint64_t index, struct buf *out)
{
	return one_blob(self, TILE, BIND(num(level), num((int64_t)index)), out);
}

static enum err put_content(void *self, const struct sha256 *hash, const void *data, size_t len)
{
	return db_run(self, PUT_CONTENT, BIND(blob(hash->bytes, SHA256), blob(data, len)));
}

static enum err content(void *self, const struct sha256 *hash, struct buf *out)
{
	return one_blob(self, CONTENT, BIND(blob(hash->bytes, SHA256)), out);
}

static enum err erase_content(void *self, const struct sha256 *hash)
{
	return db_run(self, ERASE, BIND(blob(hash->bytes, SHA256)));
}

/* The only write that need not be durable: a start makes the same note again, from entries and a
 * mark that are. Within a transaction, the transaction's COMMIT decides. */
static enum err put_checkpoint(void *self, uint64_t at_size, const char *note)
{
	bool eased = db_exec(self, "PRAGMA synchronous=NORMAL") == OK;
	enum err e = db_run(self, PUT_CHECKPOINT, BIND(num((int64_t)at_size), text(note)));
	AUTOFREE char *why = mem_text(err_why());

	if (eased)
		TRY(db_exec(self, "PRAGMA synchronous=FULL"));
	return e == OK ? OK : fail(e, "%s", why);
}

static enum err checkpoint(void *self, struct buf *note)
{
	return one_blob(self, CHECKPOINT, BIND_NONE, note);
}

static enum err put_cosigned(
	void *self, uint64_t at_size, const char *note, const char *lines, bool quorum)
{
	TRY(db_run(self, PUT_COSIGNED,
		BIND(num((int64_t)at_size), text(note), text(lines), num(quorum))));
	return db_run(self, PRUNE_COSIGNED, BIND_NONE);
}

static enum err cosignatures(void *self, uint64_t at_size, struct buf *lines)
{
	return one_blob(self, COSIGNATURES, BIND(num((int64_t)at_size)), lines);
}

static enum err cosigned(void *self, struct buf *note)
{
	return one_blob(self, COSIGNED, BIND_NONE, note);
}

static const struct store_ops ops = {
	.begin = begin,
	.commit = commit,
	.rollback = rollback,
	.mark = mark,
	.keep = keep,
	.undo = undo,
	.size = size,
	.append = append,
	.entry = entry,
	.entries = entries,
	.put_tile = put_tile,
	.tile = tile,
	.put_content = put_content,
	.content = content,
	.erase_content = erase_content,
	.put_checkpoint = put_checkpoint,
	.checkpoint = checkpoint,
	.put_cosigned = put_cosigned,
	.cosignatures = cosignatures,
	.cosigned = cosigned,
};

struct store store_sqlite(struct db *db)
{
	return (struct store){.ops = &ops, .self = db};
}

struct snapshot snapshot_sqlite(struct db *db)
{
	return (struct snapshot){.model = db, .log = store_sqlite(db)};
}

enum err store_sqlite_create(struct db *db)
{
	TRY(db_exec(db, embed_audit_schema));
	return store_sqlite_upgrade(db);
}

enum err store_sqlite_upgrade(struct db *db)
{
	return db_exec(db, embed_audit_cosigned);
}
