#include "registry/write/register.h"
#include "base/locked.h"
#include "registry/write/private.h"

#include "audit/store_sqlite.h"
#include "base/file.h"
#include "base/user.h"
#include "registry/event/log_key.h"
#include "registry/write/model.h"
#include "registry/write/writer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Set once, before any thread starts. Tests set neither, and hold the key themselves. */
static const char *signer_program;
static size_t readers = REG_READERS;

void reg_signer_program(const char *program)
{
	signer_program = program;
}

const char *reg_program(void)
{
	return signer_program;
}

void reg_readers(size_t n)
{
	readers = n ? n : REG_READERS;
}

enum err reg_open_snapshots(struct reg *reg)
{
	return snapshots_open(reg->dir, readers, &reg->snapshots);
}

static enum err open_signer(struct reg *reg)
{
	AUTOFREE char *key = file_in(reg->dir, REG_KEY), *mark = file_in(reg->dir, REG_MARK);

	return signer_start(signer_program, key, mark, &reg->signer);
}

static enum err take_lock(struct reg *reg)
{
	AUTOFREE char *lock = file_in(reg->dir, REG_LOCK);
	enum err e;

	TRY(user_check_writable(reg->dir, REG_DATABASE));
	e = file_lock(lock, &reg->lock);
	ENSURE(e != ERR_BUSY, ERR_BUSY,
		"%s is in use by another gaya process, which is its only writer", reg->dir);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "%s holds no register: make one with gaya init",
		reg->dir);
	return e;
}

/* An earlier version of this program may have made the folder. Tables that it lacks are added, and
 * a read model with other tables is replaced by one that is folded from the log (model.h). Nothing
 * else is converted: entries stay as they are, and checks and folds read those of earlier versions.
 */
static enum err open_database(struct reg *reg)
{
	AUTOFREE char *path = file_in(reg->dir, REG_DATABASE);

	ENSURE(file_exists(path), ERR_NOT_FOUND, "%s holds no register: make one with gaya init",
		reg->dir);
	TRY(db_open(path, DB_WRITE, &reg->db));
	TRY(store_sqlite_upgrade(reg->db));
	TRY(private_create(reg->db));
	reg->state.db = reg->db;
	reg->state.store = store_sqlite(reg->db);
	TRY(log_open(reg->state.store, &reg->log));
	return model_take(reg->dir, &reg->state, &reg->log);
}

/* A crash may have left entries that are durable but not signed, or signed without a stored
 * checkpoint. The functions of a normal write repair both. */
static enum err recover(struct reg *reg)
{
	if (reg->log.size == 0 && signer_mark(reg->signer)->size == 0)
		return OK;
	TRY(writer_sign(reg));
	reg->health.size = reg->log.size;
	reg->health.signer_starts = signer_starts(reg->signer);
	return writer_load_standard(reg);
}

/* Writes the log's newest key to the folder: a crash may have prevented it, and a backup may lack
 * it. While the first key signs alone, only the signer knows it. */
static enum err follow_vkey(struct reg *reg)
{
	AUTOFREE char *path = file_in(reg->dir, REG_VKEY);
	struct log_keys keys;

	TRY(log_keys_active(reg->db, &keys));
	if (!keys.n && file_exists(path))
		return OK;
	if (!reg->signer)
		TRY(open_signer(reg));
	TRY(writer_load_keys(reg));
	return reg_write_vkey(reg);
}

static enum err check_no_mirror(const struct reg *reg)
{
	AUTOFREE char *mirror = file_in(reg->dir, REG_MIRROR);

	ENSURE(!file_exists(mirror), ERR_CONFLICT,
		"%s holds a mirror, which nobody can write to: serve it with gaya mirror",
		reg->dir);
	return OK;
}

static enum err start(struct reg *reg)
{
	TRY(check_no_mirror(reg));
	TRY(take_lock(reg));
	TRY(open_database(reg));
	TRY(open_signer(reg));
	TRY(writer_load_keys(reg));
	TRY(recover(reg));
	TRY(follow_vkey(reg));
	TRY(reg_open_snapshots(reg));
	ENSURE(pthread_create(&reg->thread, NULL, writer_thread, reg) == 0, ERR_SYSTEM,
		"no thread for the writer");
	reg->started = true;
	return OK;
}

static struct reg *reg_new(const char *dir, const struct env *env)
{
	struct reg *reg = mem_new(sizeof(*reg));

	reg->dir = mem_text(dir);
	reg->env = *env;
	reg->clock_gap = env_gap(env);
	reg->lock = -1;
	reg->last = &reg->first;
	reg->drain_from = LOG_LONG;
	pthread_mutex_init(&reg->mutex, NULL);
	pthread_mutex_init(&reg->judging.mutex, NULL);
	pthread_mutex_init(&reg->shown.mutex, NULL);
	pthread_cond_init(&reg->work, NULL);
	pthread_cond_init(&reg->swapped, NULL);
	return reg;
}

/* Keeps the reason of the error. */
static bool is_damaged(const char *dir)
{
	AUTOFREE char *why = mem_text(err_why());
	bool condemned = model_condemn(dir);

	(void)!fail(ERR_SYSTEM, "%s", why);
	return condemned;
}

/* The address that a mirror follows, and the key that its log must have. */
struct original {
	const char *url;
	const struct vkey *key;
};

/* Opens it by these steps. If they fail because the read model is damaged, they make a new one when
 * they run again. */
static enum err run_steps(const char *dir, const struct original *original, const struct env *env,
	enum err (*steps)(struct reg *reg), struct reg **out)
{
	for (bool again = false;; again = true) {
		struct reg *reg = reg_new(dir, env);
		bool condemned;
		enum err e;

		if (original) {
			reg->original = mem_text(original->url);
			reg->vkey = *original->key;
		}
		e = steps(reg);
		if (e == OK) {
			*out = reg;
			return OK;
		}
		e = fail(e, "%s", err_why());
		condemned = !again && reg->lock >= 0 && is_damaged(dir);
		reg_close(reg);
		if (!condemned)
			return e;
	}
}

enum err reg_open(const char *dir, const struct env *env, struct reg **out)
{
	return run_steps(dir, NULL, env, start, out);
}

/* There is nothing to show before the first complete checkpoint. From then on `snapshots` exists
 * and ignores incomplete later ones. */
static enum err start_replica(struct reg *reg)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	uint64_t size = 0;
	enum err e;

	TRY(take_lock(reg));
	TRY(open_database(reg));
	TRY(writer_load_keys(reg));
	reg->health.size = reg->log.size;
	e = log_checkpoint(&reg->log.store, &note, &size);
	if (e == ERR_NOT_FOUND || size != reg->log.size)
		return e == ERR_NOT_FOUND ? OK : e;
	TRY(writer_load_standard(reg));
	return reg_open_snapshots(reg);
}

enum err reg_open_replica(const char *dir, const char *original, const struct vkey *key,
	const struct env *env, struct reg **out)
{
	const struct original of = {original, key};

	return run_steps(dir, &of, env, start_replica, out);
}

static void stop(struct reg *reg)
{
	pthread_mutex_lock(&reg->mutex);
	reg->closing = true;
	pthread_cond_signal(&reg->work);
	pthread_mutex_unlock(&reg->mutex);
	if (reg->started)
		pthread_join(reg->thread, NULL);
}

void reg_close(struct reg *reg)
{
	if (!reg)
		return;
	stop(reg);
	snapshots_close(reg->snapshots);
	while (reg->standards) {
		struct standards *s = TAKE(reg->standards);

		reg->standards = s->older;
		standard_free(s->standard);
		free(s);
	}
	while (reg->keys) {
		struct key_list *k = TAKE(reg->keys);

		reg->keys = k->older;
		free(k);
	}
	touched_done(&reg->touched);
	policies_done(&reg->policies);
	policies_done(&reg->judging.policies);
	judge_free(reg->judging.judge);
	pthread_mutex_destroy(&reg->judging.mutex);
	judge_free(reg->shown.judge);
	pthread_mutex_destroy(&reg->shown.mutex);
	state_done(&reg->state);
	log_done(&reg->log);
	signer_stop(reg->signer);
	db_free(reg->db);
	pthread_cond_destroy(&reg->work);
	pthread_cond_destroy(&reg->swapped);
	pthread_mutex_destroy(&reg->mutex);
	if (reg->lock >= 0)
		close(reg->lock);
	free(reg->original);
	free(reg->dir);
	free(reg);
}

const char *reg_original(const struct reg *reg)
{
	return reg->original;
}

const char *reg_dir(const struct reg *reg)
{
	return reg->dir;
}

enum err reg_nameless(const struct reg *reg, int *fd)
{
	AUTOFREE char *dir = file_in(reg->dir, REG_TMP);

	TRY(file_make_dir(dir, 0700));
	return file_nameless(dir, fd);
}

const struct env *reg_env(const struct reg *reg)
{
	return &reg->env;
}

const struct log_keys *reg_keys(struct reg *reg)
{
	LOCKED(&reg->mutex);
	return &reg->keys->keys;
}

const struct vkey *reg_vkey(struct reg *reg)
{
	const struct log_keys *keys = reg_keys(reg);

	return &keys->key[keys->n - 1];
}

enum err reg_write_vkey(struct reg *reg)
{
	AUTOFREE char *path = file_in(reg->dir, REG_VKEY);
	AUTO(buf) text = BUF(KIB), is = BUF(KIB);

	vkey_text(reg_vkey(reg), &text);
	buf_putc(&text, '\n');
	if (file_exists(path) && file_read(path, &is) == OK &&
		strcmp(buf_text(&is), text.data) == 0)
		return OK;
	return file_write(path, text.data, text.len, 0644);
}

const struct standard *reg_standard(struct reg *reg)
{
	LOCKED(&reg->mutex);
	return reg->standards ? reg->standards->standard : NULL;
}

void reg_on_change(struct reg *reg, void (*changed)(void *arg, const struct changes *), void *arg)
{
	LOCKED(&reg->mutex);
	reg->changed = changed;
	reg->changed_arg = arg;
}

static bool ends(void *arg)
{
	struct reg *reg = arg;

	LOCKED(&reg->mutex);
	return reg->ends;
}

void reg_end_rebuild(struct reg *reg)
{
	LOCKED(&reg->mutex);
	reg->ends = true;
}

enum err reg_rebuild(struct reg *reg)
{
	const struct model_patience patience = {ends, reg};
	struct swap swap = {0};
	bool busy;
	enum err e;

	pthread_mutex_lock(&reg->mutex);
	busy = reg->rebuilds;
	reg->rebuilds = true;
	pthread_mutex_unlock(&reg->mutex);
	ENSURE(!busy, ERR_BUSY, "the read model is being made again already");
	e = model_build(reg->dir, &patience, &swap.built);
	if (e == OK)
		e = writer_swap(reg, &swap);
	pthread_mutex_lock(&reg->mutex);
	reg->rebuilds = false;
	pthread_mutex_unlock(&reg->mutex);
	free(swap.built);
	return e;
}

static enum err settle(struct reg *reg)
{
	TRY(take_lock(reg));
	TRY(open_database(reg));
	return follow_vkey(reg);
}

enum err reg_settle(const char *dir, const struct env *env)
{
	struct reg *reg = NULL;

	TRY(run_steps(dir, NULL, env, settle, &reg));
	reg_close(reg);
	return OK;
}

static enum err repair(struct reg *reg)
{
	AUTOFREE char *database = file_in(reg->dir, REG_DATABASE), *path = NULL;

	TRY(take_lock(reg));
	if (file_exists(database)) /* else the opening reports it */
		TRY(model_make(reg->dir, &path));
	return open_database(reg);
}

enum err reg_repair(const char *dir, const struct env *env, uint64_t *entries)
{
	struct reg *reg = reg_new(dir, env);
	enum err e = repair(reg);

	if (e == OK)
		*entries = reg->log.size;
	else
		e = fail(e, "%s", err_why());
	reg_close(reg);
	return e;
}

enum err reg_alone(const char *dir, const struct env *env,
	enum err (*change)(void *arg, struct db *db), void *arg)
{
	struct reg *reg = reg_new(dir, env);
	enum err e = check_no_mirror(reg);

	if (e == OK)
		e = take_lock(reg);
	if (e == OK)
		e = open_database(reg);
	if (e == OK)
		e = change(arg, reg->db);
	if (e != OK)
		e = fail(e, "%s", err_why());
	reg_close(reg);
	return e;
}

enum err reg_read(struct reg *reg, const struct snapshot **out)
{
	return snapshots_borrow(reg->snapshots, out);
}

void reg_read_done(struct reg *reg, const struct snapshot *snap)
{
	snapshots_return(reg->snapshots, snap);
}
