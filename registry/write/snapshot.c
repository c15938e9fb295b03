#include "registry/write/snapshot.h"
#include "base/locked.h"

#include "audit/store_sqlite.h"
#include "base/file.h"
#include "registry/write/folder.h"
#include "registry/write/model.h"

#include <stdlib.h>
#include <time.h>

/* BEGIN alone takes no snapshot; the first read of each file does, even without a row. The
 * gate is open then, so both snapshots are between the same two commits. */
SQL(STAND, "snapshot.stand",
	"SELECT (SELECT size FROM folded WHERE one = 1),"
	" (SELECT size FROM checkpoint WHERE one = 1)");

struct reader {
	struct snapshot snap; /* of `db` */
	struct db *db;
	uint64_t generation; /* of the state that it reads */
	uint64_t model;      /* which read model it reads; 0: none is attached */
	bool lent;
};
struct snapshots {
	pthread_mutex_t mutex;  /* guards all members below, and the gate */
	pthread_cond_t changed; /* a reader was returned, or the gate opened */
	pthread_cond_t back;    /* while draining: a reader was returned */
	bool gate_closed, fresh;
	bool draining;       /* no readers are lent now */
	uint64_t generation; /* counts the states that readers may see */
	char *path;          /* path of the read model */
	uint64_t model;      /* counts the read models */
	size_t n;
	struct reader readers[];
};

static enum err attach(const struct snapshots *s, struct reader *r)
{
	if (r->model == s->model)
		return OK;
	if (r->model)
		TRY(db_detach(r->db));
	r->model = 0;
	TRY(db_attach(r->db, s->path));
	r->model = s->model;
	return OK;
}

/* Moves a reader to the newest committed state. Needs the mutex and an open gate. */
static enum err renew(struct snapshots *s, struct reader *r)
{
	AUTO(rows) row = {0};

	if (r->generation == s->generation || !s->fresh)
		return OK;
	if (r->generation)
		TRY(db_exec(r->db, "COMMIT"));
	r->generation = 0;
	TRY(attach(s, r));
	TRY(db_exec(r->db, "BEGIN"));
	TRY(db_one(r->db, STAND, BIND_NONE, &row));
	r->generation = s->generation;
	return OK;
}

/* All readers start a transaction here: if the first write is not signed, none may move to it, and
 * a reader without a transaction would have no state to show. */
static enum err open_readers(struct snapshots *s, const char *dir, size_t connections)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE);

	TRY(model_path(dir, &s->path));
	for (; s->n < connections; s->n++) {
		struct reader *r = &s->readers[s->n];

		TRY(db_open(database, DB_READ, &r->db));
		r->snap = snapshot_sqlite(r->db);
		TRY(renew(s, r));
	}
	return OK;
}

enum err snapshots_open(const char *dir, size_t connections, struct snapshots **out)
{
	struct snapshots *s = mem_new(sizeof(*s) + connections * sizeof(s->readers[0]));
	pthread_condattr_t clock;
	enum err e;

	pthread_mutex_init(&s->mutex, NULL);
	pthread_cond_init(&s->changed, NULL);
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&s->back, &clock);
	pthread_condattr_destroy(&clock);
	s->generation = 1;
	s->model = 1;
	s->fresh = true;
	e = open_readers(s, dir, connections);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		s->n = connections; /* the others have no connection */
		snapshots_close(s);
		return e;
	}
	*out = s;
	return OK;
}

void snapshots_take_model(struct snapshots *s, const char *path)
{
	LOCKED(&s->mutex);
	free(s->path);
	s->path = mem_text(path);
	s->model++;
}

void snapshots_close(struct snapshots *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		db_free(s->readers[i].db);
	free(s->path);
	pthread_mutex_destroy(&s->mutex);
	pthread_cond_destroy(&s->changed);
	pthread_cond_destroy(&s->back);
	free(s);
}

/* A free reader at the newest state that may be shown, because what a client saw once must not
 * disappear in its next answer. A reader that is behind, because it was lent when the others moved
 * on, can catch up while the gate is open. If the newest state is not signed and no reader of the
 * previous one is left, an older state is better than none. */
static struct reader *usable(struct snapshots *s)
{
	struct reader *behind = NULL;
	bool newest = false; /* a reader is at it, even if lent */

	for (size_t i = 0; i < s->n; i++) {
		struct reader *r = &s->readers[i];

		newest |= r->generation == s->generation;
		if (!r->lent && r->generation == s->generation)
			return r;
		if (!r->lent && (!behind || r->generation > behind->generation))
			behind = r;
	}
	if (s->gate_closed)
		return NULL;
	return s->fresh || !newest ? behind : NULL;
}

enum err snapshots_borrow(struct snapshots *s, const struct snapshot **out)
{
	struct reader *r;
	enum err e = OK;

	pthread_mutex_lock(&s->mutex);
	while (s->draining || !(r = usable(s)))
		pthread_cond_wait(&s->changed, &s->mutex);
	if (!s->gate_closed)
		e = renew(s, r);
	if (e == OK && !r->generation)
		e = fail(ERR_BUSY, "the register is being signed; try again in a moment");
	r->lent = e == OK;
	pthread_mutex_unlock(&s->mutex);
	if (e == OK)
		*out = &r->snap;
	return e;
}

void snapshots_return(struct snapshots *s, const struct snapshot *snap)
{
	LOCKED(&s->mutex);
	for (size_t i = 0; i < s->n; i++) {
		if (&s->readers[i].snap != snap)
			continue;
		s->readers[i].lent = false;
		/* An idle reader at an old state would prevent the WAL from being reset. */
		if (!s->gate_closed)
			(void)!renew(s, &s->readers[i]);
	}
	pthread_cond_signal(s->draining ? &s->back : &s->changed);
}

static bool is_any_lent(const struct snapshots *s)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->readers[i].lent)
			return true;
	return false;
}

void snapshots_drain(struct snapshots *s, unsigned ms)
{
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += (long)(ms % 1000) * 1000000;
	end.tv_sec += ms / 1000 + end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	LOCKED(&s->mutex);
	s->draining = true;
	while (is_any_lent(s))
		if (pthread_cond_timedwait(&s->back, &s->mutex, &end) != 0)
			break;
}

void snapshots_lend(struct snapshots *s)
{
	LOCKED(&s->mutex);
	s->draining = false;
	pthread_cond_broadcast(&s->changed);
}

void snapshots_gate_close(struct snapshots *s)
{
	LOCKED(&s->mutex);
	s->gate_closed = true;
}

void snapshots_gate_open(struct snapshots *s, bool fresh)
{
	LOCKED(&s->mutex);
	s->gate_closed = false;
	s->fresh = fresh;
	if (fresh)
		s->generation++;
	for (size_t i = 0; i < s->n; i++)
		if (!s->readers[i].lent && s->readers[i].generation)
			(void)!renew(s, &s->readers[i]);
	pthread_cond_broadcast(&s->changed);
}
