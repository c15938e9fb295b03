#include "registry/verify/source.h"

#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/write/checkpointed.h"
#include "registry/write/register.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { HAS_COSIGNED };
static const struct sql sql[] = {
	[HAS_COSIGNED] = {"source.has_cosigned",
		"SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'cosigned'",
		"the schema is a small table"},
};
SQL_TABLE(sql);

struct folder {
	char *dir;
	bool mirror; /* it never had contents that are not public */
	struct db *db;
	struct store store;
};

void source_done(struct source *s)
{
	if (s->ops)
		s->ops->free(s->self);
	*s = (struct source){0};
}

static void free_folder(void *self)
{
	struct folder *f = self;

	db_free(f->db);
	free(f->dir);
	free(f);
}

/* A folder that no newer program has opened yet has no table for cosignatures. */
static bool has_cosigned(struct folder *f)
{
	int64_t one;

	return db_int(f->db, &sql[HAS_COSIGNED], BIND_NONE, &one) != ERR_NOT_FOUND;
}

static enum err checkpoint(void *self, struct buf *out)
{
	struct folder *f = self;
	uint64_t size;
	enum err e = has_cosigned(f) ? log_checkpoint(&f->store, out, &size)
	                             : f->store.ops->checkpoint(f->store.self, out);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "%s holds no checkpoint: nothing was signed yet",
		f->dir);
	ENSURE(e != ERR_INVALID, ERR_FALSE, "the checkpoint: %s", err_why());
	return e;
}

static enum err cosigned(void *self, struct buf *out)
{
	struct folder *f = self;

	ENSURE(has_cosigned(f), ERR_NOT_FOUND, "%s keeps no cosignatures", f->dir);
	return f->store.ops->cosigned(f->store.self, out);
}

static enum err vkey(void *self, struct buf *out)
{
	struct folder *f = self;
	AUTOFREE char *path = file_in(f->dir, REG_VKEY);
	enum err e = file_read(path, out);

	ENSURE(e == OK, ERR_NOT_FOUND, "%s: name the log's verifier key with --key", err_why());
	while (out->len && out->data[out->len - 1] == '\n')
		out->data[--out->len] = '\0';
	return OK;
}

/* A folder contains the entries that name the keys; only URLs need this. */
static enum err keys(void *self, struct buf *out)
{
	(void)out;
	return fail(ERR_NOT_FOUND, "%s says nothing of its keys", ((struct folder *)self)->dir);
}

struct bundle {
	struct buf *out;
	uint64_t next; /* the index that must come next */
};

static enum err add_entry(void *arg, uint64_t index, const void *entry, size_t len)
{
	struct bundle *b = arg;

	ENSURE(index == b->next, ERR_FALSE, "entry %" PRIu64 " is missing", b->next);
	b->next++;
	return bundle_add(b->out, entry, len);
}

static enum err entries(struct folder *f, const struct tile *tile, struct buf *out)
{
	uint64_t first = tile->index * TILE_WIDTH, end = first + tile->width;
	struct bundle b = {out, first};

	TRY(f->store.ops->entries(f->store.self, first, end, add_entry, &b));
	ENSURE(b.next == end, ERR_FALSE, "entry %" PRIu64 " is missing", b.next);
	return OK;
}

static enum err tile(void *self, const struct tile *at, struct buf *out)
{
	struct folder *f = self;
	enum err e;

	if (at->entries)
		return entries(f, at, out);
	e = f->store.ops->tile(f->store.self, at->level, at->index, out);
	ENSURE(e != ERR_NOT_FOUND, ERR_FALSE, "it is missing");
	return e;
}

static enum err content(void *self, const struct sha256 *hash, struct buf *out)
{
	struct folder *f = self;
	enum err e = f->store.ops->content(f->store.self, hash, out);

	ENSURE(e != ERR_NOT_FOUND, f->mirror ? ERR_DENIED : ERR_GONE, "it is not there");
	return e;
}

static const struct source_ops ops = {
	.checkpoint = checkpoint,
	.cosigned = cosigned,
	.vkey = vkey,
	.keys = keys,
	.tile = tile,
	.content = content,
	.free = free_folder,
};

/* Leaves unsigned entries for the verifier to judge. */
static enum err stand(struct db *db)
{
	bool covered;
	enum err e = checkpointed_stand(db, &covered);

	return e == ERR_NOT_FOUND ? OK : e;
}

enum err source_dir(const char *dir, struct source *out)
{
	AUTOFREE char *path = file_in(dir, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR);
	struct folder *f;
	struct db *db = NULL;
	enum err e;

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s holds no register", dir);
	TRY(db_open(path, DB_READ, &db));
	e = stand(db);
	if (e != OK) {
		db_free(db);
		return e;
	}
	f = mem_new(sizeof(*f));
	*f = (struct folder){mem_text(dir), file_exists(mirror), db, store_sqlite(db)};
	*out = (struct source){&ops, f, db};
	return OK;
}
