/* register.h - an open register: one folder, one database, one writer.
 *
 * The order of a write (design: "The order of a write") is in writer.c and nowhere else. Work
 * comes as jobs; many jobs share one transaction, one checkpoint and one sync of the disk.
 * Readers borrow snapshots that show checkpointed state only. */
#pragma once
#include "audit/log.h"
#include "audit/signer.h"
#include "base/db.h"
#include "base/env.h"
#include "registry/event/state.h"
#include "registry/write/folder.h"

struct reg;

struct reg_opening {
	const char *dir;
	const char *origin;   /* the log's identity: a scheme-less URL */
	const json_t *about;  /* its first settings (settings.h) */
	const char *standard; /* the standard's JSON text */
	size_t standard_len;
	const struct env *env;
};
/* Makes a register: folder, keys, database, and the first entries, signed. ERR_CONFLICT where
 * one is; ERR_INVALID, with nothing made, for an origin or settings that no register can have. */
MUST_CHECK enum err reg_create(const struct reg_opening *opening);
/* Opens it as its only writer; repairs what a crash left; starts the writer's thread.
 * ERR_BUSY when another process has it; ERR_CORRUPT with what to do when the database is not
 * the one that was signed. */
MUST_CHECK enum err reg_open(const char *dir, const struct env *env, struct reg **out);
void reg_close(struct reg *reg);
/* Writes what opening may have to write beside the database, and signs nothing: for a server, which
 * can make no such file once it is confined. */
MUST_CHECK enum err reg_settle(const char *dir, const struct env *env);

/* The program that registers opened from now on start as their signer (see signer.h), and that
 * judges records (see judgement.h). */
void reg_signer_program(const char *program);
const char *reg_program(void); /* NULL: all happens in this process */
/* Opens a mirror's folder, to be read and served: it holds the log of `key`, which is written
 * elsewhere, at the address `original`; it has no signer, and no job is taken. What is in it
 * changes by mirror.h alone. */
MUST_CHECK enum err reg_open_replica(const char *dir, const char *original, const struct vkey *key,
	const struct env *env, struct reg **out);
/* The address of the register that this one is a mirror of; NULL: it is the original. */
const char *reg_original(const struct reg *reg);
const char *reg_dir(const struct reg *reg);
/* A file without a name, in the folder that a confined server may write to (REG_TMP). */
MUST_CHECK enum err reg_nameless(const struct reg *reg, int *fd);
const struct env *reg_env(const struct reg *reg);
/* The keys that sign the log, the oldest first; the newest of them, which is the one to show.
 * Good until reg_close(). */
const struct log_keys *reg_keys(struct reg *reg);
const struct vkey *reg_vkey(struct reg *reg);
/* Writes the newest key into the folder's REG_VKEY, if that says another. */
MUST_CHECK enum err reg_write_vkey(struct reg *reg);
/* The standard in force; good until reg_close(). */
const struct standard *reg_standard(struct reg *reg);
/* Drops the read model and folds it again. */
MUST_CHECK enum err reg_rebuild(struct reg *reg);
/* The same for a register that nobody has open, and that may not open because its read model is
 * not what the log says, or is of another version of this program. ERR_BUSY. */
MUST_CHECK enum err reg_repair(const char *dir, const struct env *env, uint64_t *entries);
/* Gives `change` the database of a register that nobody has open, without its signer, and sees to
 * it that nobody opens it meanwhile. ERR_BUSY. */
MUST_CHECK enum err reg_alone(const char *dir, const struct env *env,
	enum err (*change)(void *arg, struct db *db), void *arg);

/* --- writing --- */

struct tx; /* inside a job: the open transaction */
struct state *tx_state(struct tx *tx);
const struct env *tx_env(struct tx *tx);

/* An event that the register, the office or a citizen causes. */
struct draft {
	const char *type, *by, *subject;
	json_t *members; /* further members; taken over; NULL for none */
	json_t *content; /* taken over; gets a salt where its type wants one; NULL for none */
};
/* Checks, appends and folds it. `*index` (may be NULL) gets the entry's index. */
MUST_CHECK enum err tx_add(struct tx *tx, struct draft draft, uint64_t *index);
/* The same for the bytes that a department signed, with the bytes of its content. */
MUST_CHECK enum err tx_add_signed(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index);

/* Where the problems of a refused record go from now on, instead of the job's; NULL: nowhere. */
void tx_problems(struct tx *tx, json_t *problems);

/* Of what this job changes for the public without an entry. */
void tx_touch(struct tx *tx, enum touches what);

/* Runs a part of a job that may fail alone: what it did is undone when it fails, or is not to be
 * kept; the job goes on. */
MUST_CHECK enum err tx_part(
	struct tx *tx, bool keep, enum err (*run)(struct tx *tx, void *arg), void *arg);

/* What the policies in force say of a record of a system (judgement.h), which is published now or
 * is its newest: `*out` is NULL where none is. `before`: what they said of it last, or NULL. The
 * job's next entries have the time that days were told by. No program runs in the transaction of a
 * job that somebody waits for (reg_do()): where the answer is not there yet, this is ERR_CONFLICT
 * and tx_runs_again() true. The job may go on to ask for more; whatever it returns, it is undone,
 * and runs again once all is judged. */
MUST_CHECK enum err tx_judge(struct tx *tx, const char *system, const json_t *record,
	const json_t *before, json_t **out);
bool tx_runs_again(const struct tx *tx);
/* The same, and what is wrong with the record by it: ERR_INVALID, with what in the job's
 * problems. */
MUST_CHECK enum err tx_judge_filing(struct tx *tx, const json_t *record);

/* Starts the signer again, with what the key file holds by now, and says what that is. */
MUST_CHECK enum err tx_reload_signer(struct tx *tx, struct log_keys *out);
const struct log_keys *tx_keys(struct tx *tx);
/* The root of the first `size` entries, of those that were there before this job's batch. */
MUST_CHECK enum err tx_root(struct tx *tx, uint64_t size, struct sha256 *out);

struct job {
	/* Called in the writer's thread, more than once where it judges (tx_judge()). What it did
	 * is undone when it fails. */
	enum err (*run)(struct tx *tx, struct job *job);
	/* Called in the writer's thread once the outcome stands: durable and checkpointed, or
	 * refused. The job is the caller's again. */
	void (*done)(struct job *job);
	enum err err; /* the outcome */
	char why[ERR_WHY_MAX];
	const char *lang;        /* of `why`: that of the thread which submits it */
	json_t *problems;        /* an array that a refused record's problems go to; may be NULL */
	struct judging *judging; /* reg_do()'s */
	struct job *next;        /* the queue's */
};
/* Never blocks; ERR_BUSY (and no done()) when the queue is full or the register closes; ERR_FULL
 * when the disk is (reg_set_floor). */
MUST_CHECK enum err reg_submit(struct reg *reg, struct job *job);
/* Submits and waits. The outcome, with err_why(). */
MUST_CHECK enum err reg_do(struct reg *reg, struct job *job);

/* Called in the writer's thread after each checkpoint, before the jobs' done(): what changed. */
struct changes {
	unsigned
		touches; /* enum touches, or-ed; TOUCHES_ALL: all there is, so `systems` is empty */
	const char *const *systems; /* slugs */
	size_t n;
};
void reg_on_change(struct reg *reg, void (*changed)(void *arg, const struct changes *), void *arg);

/* --- reading --- */

/* Lends a snapshot: checkpointed state, to one thread; waits for one to be free. Its checkpoint is
 * log_checkpoint() of snap->log. */
MUST_CHECK enum err reg_read(struct reg *reg, const struct snapshot **out);
void reg_read_done(struct reg *reg, const struct snapshot *snap);
/* How far the scrub (scrub.h) is in its pass, and what it found since the start. */
struct reg_scrub {
	uint64_t entries, contents, passes, faults;
};
/* What the writer knows of itself, for /healthz and /metrics. */
struct reg_health {
	bool unsigned_;     /* entries are kept that no checkpoint covers yet */
	bool halted;        /* by reg_halt() */
	int64_t clock_jump; /* see reg_clock_jump() */
	uint64_t size, commits, refused;
	unsigned signer_starts; /* of its process; 0 where it has none */
	struct reg_scrub scrub;
	uint64_t room,
		floor; /* bytes that the folder's disk has left, and must keep; floor 0: none */
};
/* Refuses jobs while the disk has less than `floor` bytes left, so that a write fails for want of
 * room before it begins, and not somewhere within it. */
void reg_set_floor(struct reg *reg, uint64_t floor);
/* Whether that is so now. */
static inline bool reg_is_full(const struct reg_health *health)
{
	return health->room < health->floor;
}
struct reg_health reg_health(struct reg *reg);
/* By how many seconds the machine's clock was set on (or, below 0, back) since the register was
 * opened; 0 up to an hour, and for a replica. While it is not, no entry is written (ERR_BUSY): one
 * of the two times is wrong, and an entry's is never taken back. It is over when the clock is set
 * right, or with the next opening, which has office_check_clock(). */
int64_t reg_clock_jump(const struct reg *reg);
/* From here on nothing is written or signed, until the register is opened anew: somebody must look.
 * Jobs get ERR_BUSY with the first `why`. Tells who asked to know of changes, in the caller's
 * thread. */
void reg_halt(struct reg *reg, const char *why);
void reg_set_scrub(struct reg *reg, const struct reg_scrub *scrub);
