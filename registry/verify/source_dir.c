#include "registry/verify/source.h"

#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "base/file.h"
#include "base/user.h"
#include "registry/write/checkpointed.h"
#include "registry/write/model.h"
#include "registry/write/register.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

#define TRIES 20
#define PAUSE_MS 100

SQL(HAS_COSIGNED, "source.has_cosigned",
	"SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'cosigned'",
	"the schema is a small table");
SQL(FOLDED, "source.folded", "SELECT size FROM folded WHERE one = 1");

struct folder {
	char *dir;
	bool mirror; /* it never had contents that are not public */
	struct db *db, *model;
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

	if (f->model != f->db)
		db_free(f->model);
	db_free(f->db);
	free(f->dir);
	free(f);
}

/* A folder that no newer program has opened yet has no table for cosignatures. */
static bool has_cosigned(struct folder *f)
{
	int64_t one;

	return db_int(f->db, HAS_COSIGNED, BIND_NONE, &one) != ERR_NOT_FOUND;
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
static enum err stand_on_log(struct folder *f, bool *covered)
{
	enum err e;

	*covered = false;
	e = checkpointed_stand(f->db, covered);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* `*is`: the read model has no more entries than the log that this connection sees. If it has more,
 * the writer committed in between. The verifier judges a read model that cannot be read. */
static enum err stand_on_model(struct folder *f, bool *is)
{
	int64_t folded = 0;
	uint64_t size;

	TRY(db_exec(f->model, "BEGIN"));
	TRY(f->store.ops->size(f->store.self, &size));
	*is = db_int(f->model, FOLDED, BIND_NONE, &folded) != OK || folded <= (int64_t)size;
	return OK;
}

/* A log that stays uncovered was waited for already, and no server is at work on it. */
static enum err stand_on_both(struct folder *f)
{
	const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
	bool is = true, covered;

	for (int i = 0;; i++) {
		TRY(stand_on_log(f, &covered));
		if (f->model && f->model != f->db)
			TRY(stand_on_model(f, &is));
		if (is || !covered || i == TRIES)
			return OK;
		TRY(db_exec(f->model, "COMMIT"));
		TRY(db_exec(f->db, "COMMIT"));
		nanosleep(&pause, NULL);
	}
}

/* A folder of before has it in the log's file; a backup has none. */
static enum err open_model(struct folder *f)
{
	AUTOFREE char *path = NULL;
	bool inside;
	enum err e;

	TRY(model_is_inside(f->db, &inside));
	if (inside) {
		f->model = f->db;
		return OK;
	}
	e = model_path(f->dir, &path);
	return e == OK ? db_open(path, DB_READ, &f->model) : e == ERR_NOT_FOUND ? OK : e;
}

/* A verification takes minutes of a large register. Where no copy can be made, for lack of room or
 * rights or because the file is damaged, it reads the file itself. */
static void keep_model(struct folder *f)
{
	if (f->model && f->model != f->db)
		(void)!checkpointed_keep_model(&f->model, f->dir);
}

static enum err open_folder(struct folder *f)
{
	AUTOFREE char *path = file_in(f->dir, REG_DATABASE), *mirror = file_in(f->dir, REG_MIRROR);

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s holds no register", f->dir);
	TRY(db_open(path, DB_READ, &f->db));
	f->store = store_sqlite(f->db);
	f->mirror = file_exists(mirror);
	TRY(open_model(f));
	TRY(stand_on_both(f));
	keep_model(f);
	return OK;
}

enum err source_dir(const char *dir, struct source *out)
{
	struct folder *f = mem_new(sizeof(*f));
	enum err e;

	f->dir = mem_text(dir);
	e = open_folder(f);
	if (e != OK) {
		e = user_explain(e, dir, REG_DATABASE);
		free_folder(f);
		return e;
	}
	*out = (struct source){&ops, f, f->db, f->model};
	return OK;
}
